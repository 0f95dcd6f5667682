"""Work in the background: what was sent waits on disk until it is ingested."""
