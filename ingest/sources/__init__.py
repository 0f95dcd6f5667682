"""Pages fetched from the network, only when asked: which addresses may be reached, fetching, feeds and sitemaps."""
