"""What a dossier is printed with: the parts of a DOCX file, a template of one's own, the code of an address."""
