"""Office formats: texts, slides and tables, as archives of XML parts, as rich text, or as separated values."""
