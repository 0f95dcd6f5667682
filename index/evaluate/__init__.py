"""Judged sets to figures: retrieval, topics, statistics, extraction."""
