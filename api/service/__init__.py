"""The ledger of statistics as it is served: figures with citations, other places and sentences to copy."""
