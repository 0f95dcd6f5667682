"""Cleaning: blocks that are not the text go out, each into the ledger with its rule."""
