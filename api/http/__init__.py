"""What surrounds every request: keys, limits, problems, the contract."""
