"""What surrounds every request: keys, limits, proxies, problems, logs."""
