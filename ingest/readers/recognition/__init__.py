"""Text read off pictures (OCR), only where it is asked for: scanned pages of PDFs, and pictures that are files."""
