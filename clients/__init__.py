"""Clients of the HTTP API, generated from its contract; nothing of the product is needed to use them."""
