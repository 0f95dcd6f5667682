"""A base kept whole: copied, checked, repaired."""
