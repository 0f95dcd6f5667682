"""The command line ``kb``."""

from kb.outside.own_path import close_path

__all__ = ["main"]


def main() -> None:
    """Run the program; what it imports is never looked for in the current folder."""
    close_path()
    from api.cli.program import main as run

    run()
