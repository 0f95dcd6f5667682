"""DOCX: the archive, what its styles mean, and what text stands where."""
