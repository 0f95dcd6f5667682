"""A document that was read and embedded to all that is written of it: topics, statistics, words, what it translates.

Owns the order of these steps. Refuses to write, and to know files and reports.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ingest.figures import read_passages
from ingest.repeats.duplicates import Translations
from ingest.tagging import OwnTopicTagger, Tagger
from ingest.tagging.applying import tag
from ingest.text.prepare import Prepared
from kb.records.document import Document, Passage
from kb.records.ports import Embedder, FloatArray, PassageVectors, WordAnalyser, for_topics
from kb.records.statistic import Statistic
from kb.store import Entry, PassageIndexing, Store, StoredFingerprint

_BATCH = 256


def embed(embedder: Embedder, passages: Sequence[Passage]) -> list[PassageVectors]:
    """What the model makes of each passage: its vector, those of its sentences, its tokens where it has any, and the
    vector of its topics where it makes one.

    A passage of one sentence shares its vector with it. All texts of a kind go to the embedder in one call,
    so that it can sort them by length.
    """
    vectors, tokens, topics = for_topics(embedder, [passage.text for passage in passages])
    sentences = [_sentences(passage) for passage in passages]
    rest = embedder.encode_passages([sentence for some in sentences for sentence in some])
    made = []
    each = [None] * len(vectors) if topics is None else topics
    for vector, packed, topic, some in zip(vectors, tokens, each, sentences, strict=True):
        made.append(PassageVectors(vector, rest[: len(some)] if some else vector[None, :], packed, topic))
        rest = rest[len(some) :]
    return made


def re_embed(store: Store, embedder: Embedder) -> int:
    """Make every vector of a base anew with this model, in one transaction; how many passages that were."""
    keys = list(store.vector_keys())
    made: dict[int, PassageVectors] = {}
    for start in range(0, len(keys), _BATCH):
        passages = store.passages(keys[start : start + _BATCH])
        made.update(zip(passages, embed(embedder, list(passages.values())), strict=True))
    store.restamp(embedder.stamp, made)
    return len(made)


def _sentences(passage: Passage) -> list[str]:
    if len(passage.sentences) < 2:
        return []
    return [span.shifted(-passage.span.start).cut(passage.text) for span in passage.sentences]


@dataclass(frozen=True, slots=True)
class MadeEntry:
    """An entry, and the notes of what was left unread of its document."""

    entry: Entry
    notes: tuple[str, ...]


class EntryMaker:
    """Makes entries for a store. The tagger and what finds translations are made at the first document."""

    def __init__(
        self,
        store: Store,
        embedder: Callable[[], Embedder],
        words: WordAnalyser,
        tagger: Callable[[Embedder], Tagger],
        translations: Callable[[Embedder], Translations] | None,
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._words = words
        self._make_tagger = tagger
        self._tagger: Tagger | None = None
        self._own: OwnTopicTagger | None = None
        self._make_translations = translations
        self._translations: Translations | None = None

    def entry(
        self, prepared: Prepared, made: Sequence[PassageVectors], reading: str, fingerprint: StoredFingerprint
    ) -> MadeEntry:
        """The entry of a document whose passages got these vectors, in order."""
        tagger = self._loaded_tagger()
        vectors = np.stack([one.passage for one in made])
        document = self._compared(prepared.document, prepared.passages, vectors)
        topics = [one.topic for one in made if one.topic is not None]
        passages = tag(
            tagger,
            prepared.passages,
            vectors,
            lambda rows: [made[row].sentences for row in rows],
            self._own,
            np.stack(topics) if topics else None,
        )
        reading_of_figures = read_passages(document, passages, self._embedder)
        statistics = with_topics(reading_of_figures.statistics, passages)
        indexing = tuple(
            PassageIndexing(one, self._words.plain(passage.text), self._words.analyse(passage.text, passage.language))
            for passage, one in zip(passages, made, strict=True)
        )
        entry = Entry(document, passages, indexing, statistics, reading, fingerprint, tagger.version)
        return MadeEntry(entry, reading_of_figures.notes)

    def _loaded_tagger(self) -> Tagger:
        if self._tagger is None:
            self._tagger = self._make_tagger(self._embedder())
            if topics := self._store.tagging.own_topics():
                self._own = self._tagger.own(topics, self._embedder())
        return self._tagger

    def _compared(self, document: Document, passages: Sequence[Passage], vectors: FloatArray) -> Document:
        """The document with what it translates, where it repeats nothing."""
        if self._make_translations is None or document.duplicate_of is not None:
            return document
        if self._translations is None:
            self._translations = self._make_translations(self._embedder())
        languages = [passage.language for passage in passages]
        return replace(document, translation_of=self._translations.match(languages, vectors))


def with_topics(statistics: tuple[Statistic, ...], passages: Sequence[Passage]) -> tuple[Statistic, ...]:
    """The statistics with the topics of the passages they stand in."""
    topics = {passage.id: tuple(assigned.topic for assigned in passage.topics) for passage in passages}
    return tuple(replace(statistic, topics=topics[statistic.passage_id]) for statistic in statistics)
