"""What things are, how they are written and judged, and the base on disk."""
