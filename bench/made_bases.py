"""Bases of any size made of a real one, without a model: each of their passages is a real one, varied.

A document has ten passages of one language. In each every fifth word is another of its length, drawn as often as the
base uses it (never inside a figure); the vector is moved as far as real ones of the language stand from their nearest
neighbour (``bench.real_vectors``), its sentences with it; every fifth token is one of another passage. Words,
fingerprint, figures, topics, sources and originals are written by the store's own functions as ingestion writes them,
many documents a transaction.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.output import say
from bench.real_vectors import Multiplier
from index.model.token_space import load_token_space
from index.search import lexical
from index.vectors.sync import IndexKeeper
from ingest.repeats.duplicates import fingerprint
from kb.records.document import (
    Block,
    BlockKind,
    Document,
    LanguageShare,
    Passage,
    Place,
    Span,
    content_id,
    document_id,
    passage_id,
)
from kb.records.language import Language
from kb.records.ports import PassageVectors
from kb.records.search import StatisticQuery
from kb.records.source import Claim, KnownSource
from kb.records.statistic import Statistic
from kb.store import Entry, PassageIndexing, Store, writing
from kb.store.disk import acknowledged
from kb.store.tables import labels

PASSAGES = 10
_WORD = re.compile(r"[^\W\d_]{4,}")
_EVERY = 5
# Documents a transaction, and between two lines that say how far it is.
_AT_ONCE, _SAID = 500, 10_000
_READING = "made"


@dataclass(frozen=True, slots=True)
class Original:
    """A real passage with all that a copy of it needs; ``words`` are the places of those that may change, from its
    beginning."""

    passage: Passage
    vectors: PassageVectors
    statistics: tuple[Statistic, ...]
    words: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Pool:
    """The real passages of one language: their vectors multiplied, their words by length, their tokens in a row."""

    originals: tuple[Original, ...]
    multiplier: Multiplier
    words: dict[int, list[str]]
    tokens: NDArray[np.uint8]


def make_base(real: Path, folder: Path, size: int) -> None:
    """Make a base of so many documents, or add to one that was made so what it lacks, with its vector index; the same
    real base and size give the same one."""
    source, made = Store.open(real), Store.open(folder, create=True)
    stamp = source.stamp()
    if stamp is None:
        raise SystemExit(f"{real} holds no documents")
    made.claim(stamp)
    space = load_token_space(stamp)
    if space is None:
        raise SystemExit("bases are made of those of the bundled model")
    pools = _pools(source, space.kept)
    publishers = sorted({one.publisher for one in source.documents() if one.publisher})
    source.close()
    shares = np.array([len(pool.originals) for pool in pools.values()]) / sum(
        len(pool.originals) for pool in pools.values()
    )
    for start in range(made.document_count(), size, _AT_ONCE):
        with made._connections.write() as connection:
            for number in range(start, min(size, start + _AT_ONCE)):
                random = np.random.default_rng(number)
                pool = list(pools.values())[random.choice(len(pools), p=shares)]
                entry = _entry(number, pool, str(random.choice(publishers)), random)
                claim = _claim(entry.document.source_id)
                labels.write_claim(connection, claim)
                writing.add_entry(connection, entry)
                writing.bump_version(connection, only_added=True)
                made._connections.note(acknowledged.added(entry.document, entry.reading, claim))
                original = folder / "originals" / entry.document.sha256[:2] / entry.document.sha256
                original.parent.mkdir(mode=0o700, exist_ok=True)
                original.write_bytes(entry.document.text.encode())
        if (start + _AT_ONCE) % _SAID == 0:
            say(f"  {start + _AT_ONCE:,} documents")
    IndexKeeper(made, folder / "index").save()
    made.close()


def _pools(source: Store, width: int) -> dict[Language, Pool]:
    keys = source.vector_keys()
    passages = source.passages(list(keys))
    vectors = dict(zip(keys, source.vectors(list(keys)), strict=True))
    sentences, tokens = source.sentence_vectors_of(list(keys)), source.token_blobs(list(keys))
    homes = {passage.id: passage for passage in passages.values()}
    figures: dict[str, list[Statistic]] = {}
    for figure in source.statistics(StatisticQuery()):
        if homes[figure.passage_id].span.contains(figure.quote_span):  # one of a headline stands in no passage
            figures.setdefault(figure.passage_id, []).append(figure)
    pools = {}
    for language in Language:
        own = [key for key, found in keys.items() if found is language]
        if len(own) < PASSAGES:
            continue
        originals = tuple(
            Original(
                passages[key],
                PassageVectors(vectors[key], sentences[key], tokens[key]),
                tuple(figures.get(passages[key].id, ())),
                _changeable(passages[key], figures.get(passages[key].id, ())),
            )
            for key in own
        )
        words: dict[int, list[str]] = {}
        for one in originals:
            for start, end in one.words:
                words.setdefault(end - start, []).append(one.passage.text[start:end].lower())
        rows = np.frombuffer(b"".join(tokens[key] for key in own), np.uint8).reshape(-1, width)
        pools[language] = Pool(originals, Multiplier(np.stack([vectors[key] for key in own])), words, rows)
    return pools


def _changeable(passage: Passage, statistics: Sequence[Statistic]) -> tuple[tuple[int, int], ...]:
    start = passage.span.start
    places = [match.span() for match in _WORD.finditer(passage.text)]
    return tuple(
        (first, last)
        for first, last in places
        if not any(one.span.overlaps(Span(start + first, start + last)) for one in statistics)
    )


def _entry(number: int, pool: Pool, publisher: str, random: np.random.Generator) -> Entry:
    chosen = random.choice(len(pool.originals), PASSAGES, replace=False)
    originals = [pool.originals[one] for one in chosen.tolist()]
    texts = [_changed(one, pool, random) for one in originals]
    document, spans = _document(number, texts, originals[0].passage.language, publisher)
    passages, indexing, statistics = [], [], []
    moved = pool.multiplier.moved(chosen, random)
    for one, span, text, vector in zip(originals, spans, texts, moved, strict=True):
        passage = _moved(one.passage, document, span)
        sentences = one.vectors.sentences + (vector - one.vectors.passage)
        sentences /= np.linalg.norm(sentences, axis=1, keepdims=True)
        vectors = PassageVectors(vector, sentences, _other_tokens(one.vectors.tokens, pool.tokens, random))
        words = lexical.plain(text), lexical.analyse(text, passage.language)
        passages.append(passage)
        indexing.append(PassageIndexing(vectors, *words))
        offset = span.start - one.passage.span.start
        statistics += [_figure(figure, passage, document.text, offset) for figure in one.statistics]
    kept = fingerprint(document)
    return Entry(document, tuple(passages), tuple(indexing), tuple(statistics), _READING, kept, _READING)


def _changed(one: Original, pool: Pool, random: np.random.Generator) -> str:
    text, at, parts = one.passage.text, 0, []
    for start, end in one.words[int(random.integers(_EVERY)) :: _EVERY]:
        alike = pool.words[end - start]
        parts += [text[at:start], alike[int(random.random() * len(alike))]]
        at = end
    return "".join([*parts, text[at:]])


def _other_tokens(own: bytes, every: NDArray[np.uint8], random: np.random.Generator) -> bytes:
    rows = np.frombuffer(own, np.uint8).reshape(-1, every.shape[1]).copy()
    places = np.arange(int(random.integers(_EVERY)), len(rows), _EVERY)
    rows[places] = every[random.integers(0, len(every), len(places))]
    return rows.tobytes()


def _document(number: int, texts: list[str], language: Language, publisher: str) -> tuple[Document, list[Span]]:
    text = "\n\n".join([*texts, str(number)])
    spans, start = [], 0
    for one in texts:
        spans.append(Span(start, start + len(one)))
        start += len(one) + 2
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    blocks = tuple(Block(span, BlockKind.PARAGRAPH, 0, Place(line=place)) for place, span in enumerate(spans, start=1))
    year, mix = str(2000 + number % 25), (LanguageShare(language, 1.0),)
    about = (publisher, year, None, "text/plain", sha256, text, blocks, mix)
    return Document(document_id(sha256), f"made/{number:06}.txt", f"Document {number}", ("An Author",), *about), spans


def _moved(passage: Passage, document: Document, span: Span) -> Passage:
    sentences = tuple(one.shifted(span.start - passage.span.start) for one in passage.sentences)
    text = span.cut(document.text)
    identity = passage_id(document.id, span, text)
    return replace(
        passage, id=identity, document_id=document.id, span=span, text=text, sentences=sentences, other_spans=()
    )


def _figure(one: Statistic, passage: Passage, text: str, offset: int) -> Statistic:
    span, quoted = one.span.shifted(offset), one.quote_span.shifted(offset)
    identity = content_id("s", passage.document_id, f"{one.id} {passage.id}")
    return replace(
        one, id=identity, passage_id=passage.id, span=span, quote_span=quoted, quote=quoted.cut(text), period=None
    )


def _claim(source_id: str) -> Claim:
    place = f"/made/{source_id}"
    return Claim(KnownSource(place, source_id, None), place, place, place.casefold())
