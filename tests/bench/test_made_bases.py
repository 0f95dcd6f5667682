"""Bases made of a real one: as many documents as asked for, varied, and whole as the doctor looks at them."""

import json
import re
from dataclasses import replace
from importlib import resources
from pathlib import Path

import numpy as np

from bench.made_bases import make_base
from index.model import bundled
from index.model.token_space import load_token_space
from index.search import lexical
from kb.records.document import Span, content_id
from kb.records.language import Language
from kb.records.ports import ModelStamp, PassageVectors
from kb.records.statistic import Comparator, Kind, Statistic
from kb.store import Entry, PassageIndexing, Store
from kb.store.upkeep.checking import check
from tests.kb.making import make_document, make_entry

FACTS = json.loads(resources.files("index").joinpath("data", "tokens.json").read_text(encoding="utf-8"))
STAMP = ModelStamp(FACTS["name"], FACTS["revision"], bundled.DIMENSION)
LINES = [f"Customers waited {number} minutes before somebody answered their question at last." for number in range(12)]


def real_base(folder: Path, kept: int) -> None:
    store = Store.open(folder, create=True)
    store.claim(STAMP)
    document = replace(make_document("real.txt", "\n".join(LINES)), publisher="Somebody")
    entry = make_entry(document)
    random = np.random.default_rng(1)
    indexing, figures = [], []
    for passage in entry.passages:
        vector = random.normal(size=STAMP.dimension).astype(np.float32)
        vector /= np.linalg.norm(vector)
        made = PassageVectors(vector, vector[None, :], random.bytes(9 * kept))
        words = lexical.plain(passage.text), lexical.analyse(passage.text, Language.EN)
        indexing.append(PassageIndexing(made, *words))
        number = re.search(r"\d+", passage.text)
        assert number
        span = Span(number.start(), number.end()).shifted(passage.span.start)
        figures.append(_figure(passage.id, span, passage.span, passage.text, number[0]))
    store.add(Entry(document, entry.passages, tuple(indexing), tuple(figures), "1"), document.text.encode())
    store.close()


def _figure(passage: str, span: Span, quoted: Span, quote: str, raw: str) -> Statistic:
    return Statistic(
        id=content_id("s", passage), passage_id=passage, span=span, raw=raw, value=None, high=None, kind=Kind.COUNT,
        unit=None, comparator=Comparator.EXACT, direction=None, subject=None, population=None, sample_size=None,
        source=None, study=None, year=None, quote=quote, quote_span=quoted, language=Language.EN,
    )  # fmt: skip


def test_what_is_made_is_what_ingestion_would_leave(tmp_path: Path) -> None:
    """Ten real passages a document with other words around their figures; in parts it is the same as at once."""
    space = load_token_space(STAMP)
    assert space is not None
    real_base(tmp_path / "real", space.kept)

    make_base(tmp_path / "real", tmp_path / "once", 3)
    make_base(tmp_path / "real", tmp_path / "parts", 1)
    make_base(tmp_path / "real", tmp_path / "parts", 3)

    once, parts = Store.open(tmp_path / "once"), Store.open(tmp_path / "parts")
    assert once.counts() == {"documents": 3, "passages": 30, "statistics": 30}
    assert check(once, lexical, space.kept) == []
    assert once.documents() == parts.documents()
    keys = list(once.vector_keys())
    assert once.passages(keys) == parts.passages(keys)
    np.testing.assert_array_equal(once.vectors(keys), parts.vectors(keys))
    texts = {passage.text for passage in once.passages(keys).values()}
    assert len(texts - set(LINES)) > 15
    assert {re.sub(r"\d+", "N", text).count("N") for text in texts} == {1}
    once.close()
    parts.close()
