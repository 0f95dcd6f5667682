"""What a request asks for: the table of filters, the names in it, the order of a list and its pages."""
