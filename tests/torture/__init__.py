"""Every promise of the base as a row that is tried against the real program: ``python -m tests.torture``."""
