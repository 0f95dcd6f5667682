"""Several rankings to one: a query to hits, and figures by their meaning."""
