"""The command line ``kb``."""

import gc
import os
import sys

from kb.outside.own_path import close_path

__all__ = ["main"]


def main() -> None:
    """Run the program; what it imports is never looked for in the current folder."""
    close_path()
    # What is made while modules load stays, some 100,000 objects: to look through them for circles, now and once more
    # at the end, takes a tenth of a search.
    gc.set_threshold(200_000)
    # A question is a few tokens: a second thread of numpy's BLAS waits more than it works. Read when numpy loads.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # No plugin of pydantic's is wanted, and to look for them reads the metadata of every installed package: 20 ms.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from api.cli.ahead import begin

    begin(sys.argv[1:])
    from api.cli.program import main as run

    try:
        run()
    finally:
        gc.freeze()
