"""Readers, one a format: original bytes to raw blocks with their places."""
