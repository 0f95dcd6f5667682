"""Reading a question, judging what was found, and the findings that answer it."""
