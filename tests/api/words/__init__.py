"""Words said to people at every door."""
