"""The command line ``kb``."""

import gc

from kb.outside.own_path import close_path

__all__ = ["main"]


def main() -> None:
    """Run the program; what it imports is never looked for in the current folder."""
    close_path()
    # What is made while modules load stays, some 100,000 objects: to look through them for circles, now and once more
    # at the end, takes a tenth of a search.
    gc.set_threshold(200_000)
    from api.cli.program import main as run

    try:
        run()
    finally:
        gc.freeze()
