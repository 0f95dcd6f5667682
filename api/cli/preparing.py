"""What a worker of ``kb ingest --ray`` is made of: settings in, a reader and an encoder out, in the worker's process.

It is sent to other machines: nothing but names, and no setting that is a secret.
"""

from __future__ import annotations

import atexit
from dataclasses import dataclass
from functools import partial

from ingest.on_ray import Preparer


@dataclass(frozen=True, slots=True)
class MakePreparer:
    """The model, and whether text is read off pictures."""

    model: str
    ocr: bool

    def __call__(self) -> Preparer:
        """What reads in a process apart, and embeds on one thread: there are as many workers as processors."""
        from index.model.loading import load_encoder
        from ingest.readers.isolate import IsolatedReader
        from ingest.readers.recognition.scans import ScanReader

        reader = IsolatedReader()
        atexit.register(reader.close)
        embedder = partial(load_encoder, self.model, threads=1)
        return Preparer(embedder, ScanReader(reader).read if self.ocr else reader.read)
