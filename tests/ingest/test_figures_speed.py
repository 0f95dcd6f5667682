"""Reading is linear: no text, however hostile, makes a pattern slow; ordinary text is read fast."""

from __future__ import annotations

import gc
import importlib
import pkgutil
import re
import time

import pytest

import ingest.figures
import ingest.refusing
import kb.numbers
import kb.words
from ingest.figures import read_passages
from ingest.text.prepare import prepare_text
from kb.records.document import Document, Passage, Span
from kb.records.language import Language

PIECES = {
    "digits": "1",
    "groups": "1.234,",
    "spaced groups": "123 ",
    "percents": "1 % ",
    "ranges": "1-",
    "slashes": "1/2",
    "hedges": "más de ",
    "number words": "mil ",
    "names": "Acme de ",
    "dates": "1 de enero ",
    "addresses": "a@",
    "letters": "a",
    "blanks": " ",
}


def patterns() -> list[re.Pattern[str]]:
    """Every compiled pattern of the packages that read figures."""
    found: list[re.Pattern[str]] = []
    packages = (ingest.figures, ingest.refusing, kb.numbers, kb.words)
    modules = [f"{one.__name__}.{row.name}" for one in packages for row in pkgutil.iter_modules(one.__path__)]
    for module in modules:
        for value in vars(importlib.import_module(module)).values():
            rows = value if isinstance(value, tuple) else (value,)
            for row in rows:
                cells = row if isinstance(row, tuple) else (row,)
                found += [cell for cell in cells if isinstance(cell, re.Pattern)]
    return found


@pytest.mark.parametrize("family", PIECES)
def test_every_pattern_is_linear(family: str) -> None:
    """Together, all patterns read 100 KB of each family in seconds: a quadratic one would take minutes."""
    text = PIECES[family] * (100_000 // len(PIECES[family]))
    start = time.perf_counter()
    for pattern in patterns():
        assert sum(1 for _ in pattern.finditer(text)) >= 0

    assert len(patterns()) > 30
    assert time.perf_counter() - start < 10


@pytest.mark.parametrize("family", PIECES)
def test_hostile_text_is_read_in_linear_time(family: str) -> None:
    """Twice the text as one sentence takes about twice the time."""

    def seconds(size: int) -> float:
        text = PIECES[family] * (size // len(PIECES[family]))
        document = Document("d", "s", None, (), None, None, None, "text/plain", "", text, (), ())
        span = Span(0, len(text))
        passage = Passage("p", "d", span, text, Language.ES, (), (span,))
        start = time.thread_time()
        read_passages(document, [passage])
        return time.thread_time() - start

    assert seconds(16_000) <= 3.5 * seconds(8_000) + 0.3


def test_ordinary_text_is_read_fast() -> None:
    """A floor with room for a busy machine; alone on a core it is over 400 passages a second."""
    paragraph = (
        "According to the 2020 report, 67% of customers prefer chat. The agents of the region answered 1,200 calls in "
        "an average of 6 minutes, and the team says that good service is what keeps people loyal to a brand over time."
    )
    prepared = prepare_text("\n\n".join(f"Note {number}. {paragraph}" for number in range(300)), Language.EN)
    read_passages(prepared.document, prepared.passages[:1])
    # What other tests left on the heap is not walked over while the clock runs: it tripled the time.
    gc.collect()
    gc.freeze()
    start = time.thread_time()
    reading = read_passages(prepared.document, prepared.passages)
    seconds = time.thread_time() - start
    gc.unfreeze()

    assert len(reading.statistics) == 900
    assert len(prepared.passages) / seconds >= 300
