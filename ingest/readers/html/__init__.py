"""Web pages, and the sitemaps and feeds that name them."""
