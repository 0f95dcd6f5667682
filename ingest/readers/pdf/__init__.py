"""PDF: lines, columns and tables by geometry, and pages as pictures."""
