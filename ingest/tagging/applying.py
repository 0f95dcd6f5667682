"""Topics given to passages as they are ingested, and given anew to a whole base from its stored vectors.

Owns the order of a re-tagging and what it changed. Passages are read again only for the vectors of their topics.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from ingest.tagging.coverage import LabelChange, LabelTally, diff_labels
from ingest.tagging.own import OwnTopicFigures, OwnTopicTagger
from ingest.tagging.tagger import SentenceVectors, Tagger, TextToTag
from kb.records.document import Passage
from kb.records.ports import Embedder, FloatArray, for_topics
from kb.records.topics import OwnTopic, OwnTopicAssignment
from kb.store import Store

# Passages tagged at a time: their vectors stay in memory, those of the rest of the base do not.
_BATCH = 512


@dataclass(frozen=True, slots=True)
class Retagging:
    """What giving topics anew changed, or with ``written`` false would change.

    ``versions_before`` counts documents by the version of the tagger that had tagged them (null: not noted).
    ``changes`` are in the order of the tallies. ``own_figures`` say how sure the users' topics are. ``note`` says why
    only words were looked at, or is null.
    """

    version: str
    versions_before: Mapping[str | None, int]
    passages: int
    changed_passages: int
    tallies: tuple[LabelTally, ...]
    changes: tuple[LabelChange, ...]
    own_topics: tuple[str, ...]
    own_figures: tuple[OwnTopicFigures, ...]
    note: str | None
    written: bool


def tag(
    tagger: Tagger,
    passages: Sequence[Passage],
    vectors: FloatArray,
    sentence_vectors: SentenceVectors,
    own: OwnTopicTagger | None = None,
    topic_vectors: FloatArray | None = None,
) -> tuple[Passage, ...]:
    """The passages with their topics and, where there is a tagger for them, users' own topics."""
    assigned = tagger.tag([to_tag(one) for one in passages], vectors, sentence_vectors, topic_vectors)
    owns: Sequence[tuple[OwnTopicAssignment, ...]] = [()] * len(passages)
    if own is not None and passages:
        owns = own.tag([passage.language for passage in passages], vectors)
    return tuple(
        replace(passage, topics=topics, own_topics=mine)
        for passage, topics, mine in zip(passages, assigned, owns, strict=True)
    )


def to_tag(passage: Passage) -> TextToTag:
    """A passage of a document as the tagger reads it."""
    sentences = tuple(sentence.shifted(-passage.span.start) for sentence in passage.sentences)
    return TextToTag(passage.text, passage.language, passage.heading_path, sentences, passage.document_id)


def retag(
    store: Store,
    tagger: Tagger,
    own_topics: Sequence[OwnTopic] = (),
    own: OwnTopicTagger | None = None,
    *,
    embedder: Embedder | None = None,
    dry_run: bool = False,
) -> Retagging:
    """Give every live passage of a base its topics anew, in one transaction, from the vectors that are stored and,
    where there is an ``embedder`` that makes them, vectors of their topics.

    ``own_topics`` become the users' topics of the base and ``own`` gives them. With ``dry_run`` nothing is
    written. Raises BaseError when the base changes meanwhile.
    """
    since = store.version()
    versions = store.tagging.versions()
    before = store.passages(list(store.vector_keys()))
    after: dict[int, Passage] = {}
    for part in _whole_documents(before):
        passages = [before[key] for key in part]
        topics = None if embedder is None else for_topics(embedder, [one.text for one in passages])[2]
        sentences = partial(_sentence_vectors, store, part)
        tagged = tag(tagger, passages, store.vectors(part), sentences, own, topics)
        after.update(zip(part, tagged, strict=True))
    if not dry_run:
        store.tagging.replace(after, tagger.version, own_topics, since=since)
    diff = diff_labels([(before[key], after[key]) for key in before])
    return Retagging(
        tagger.version,
        versions,
        len(before),
        diff.changed_passages,
        diff.tallies,
        diff.changes,
        tuple(topic.name for topic in own_topics),
        () if own is None else own.figures,
        tagger.degraded,
        not dry_run,
    )


def _whole_documents(passages: Mapping[int, Passage]) -> Iterator[list[int]]:
    """The keys of the passages, ``_BATCH`` or some more at a time: none are parted from their document."""
    documents: dict[str, list[int]] = {}
    for key, passage in passages.items():
        documents.setdefault(passage.document_id, []).append(key)
    part: list[int] = []
    for keys in documents.values():
        part += keys
        if len(part) >= _BATCH:
            yield part
            part = []
    if part:
        yield part


def _sentence_vectors(store: Store, keys: Sequence[int], rows: Sequence[int]) -> list[FloatArray]:
    chosen = [keys[row] for row in rows]
    found = store.sentence_vectors_of(chosen)
    return [found[key] for key in chosen]
