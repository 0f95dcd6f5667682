"""The vector index: add, remove, search under a filter, save and load, equal to the store."""
