"""The doors: service, HTTP, page, command line."""
