"""Files become documents: read, clean, detect, split, tag, read figures."""
