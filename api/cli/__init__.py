"""The command line ``kb``."""

from api.cli.program import main

__all__ = ["main"]
