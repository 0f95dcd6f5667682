"""The findings of an answer in a language model's words, every sentence of it checked against its quotes."""
