"""The job process over exact fake vectors, a quarter of a second a file: ``python -m tests.api.slow_jobs BASE``."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

from api.cli import job_process, wiring
from ingest.pipeline import Pipeline
from ingest.readers.dispatch import read_document
from ingest.text.prepare import ReadDocument
from kb.store import Store
from tests.api.conftest import pipeline_of


def slowly(self: wiring.Wiring, *, create: bool, store: Store) -> Pipeline:
    """The pipeline of the tests, whose reader dawdles."""
    pipeline = pipeline_of(store)

    def read(*parts: Any, **named: Any) -> Any:
        time.sleep(0.25)
        return read_document(*parts, **named)

    dawdling: ReadDocument = read
    pipeline._read = dawdling
    return pipeline


if __name__ == "__main__":
    wiring.Wiring.pipeline = slowly  # type: ignore[assignment, method-assign]
    job_process.main(Path(sys.argv[1]))
