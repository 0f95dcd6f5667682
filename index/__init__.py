"""Passages become findable, in both languages alike."""
