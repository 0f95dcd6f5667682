"""The judge of one quote: read alone, it must say what it says in its place. No model, no search."""
