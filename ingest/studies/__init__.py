"""Who measured a figure, of whom, and when."""
