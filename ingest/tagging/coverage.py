"""What a base covers: passages by topic, language and year, with its gaps; and what a new tagging changed.

Pure counting of records that are handed in. Refuses to know how topics were given.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kb.records.document import Passage
from kb.records.language import Language
from kb.records.topics import SubTopic, Topic
from kb.store.tagging import LabelledPassageFacts

LANGUAGES = (Language.ES, Language.EN)


@dataclass(frozen=True, slots=True)
class TopicCell:
    """How many passages have a topic, in a language, from a year. ``topic`` is null for those with none.

    ``unsure`` of them have it with a probability under ``UNSURE_BELOW``; all stand in so many ``documents``.
    """

    topic: Topic | None
    language: Language
    year: int | None
    passages: int
    unsure: int
    documents: int


@dataclass(frozen=True, slots=True)
class CoverageGap:
    """A topic without a passage in a language, in one year or (null) in all."""

    topic: Topic
    language: Language
    year: int | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """Cells that hold passages, in the order topic, language, year (unknown last); the gaps between them.

    A passage with two topics counts in two cells; ``passages`` counts it once. Gaps are looked for in Spanish and
    English, in each year from the first to the last that any passage has.
    """

    passages: int
    cells: tuple[TopicCell, ...]
    gaps: tuple[CoverageGap, ...]


@dataclass(frozen=True, slots=True)
class LabelChange:
    """A label that a passage gained or lost: a topic, a sub-topic, or a user's topic.

    ``score`` is the new one when gained, the old one when lost; null for a sub-topic.
    """

    kind: str
    label: str
    gained: bool
    passage_id: str
    score: float | None
    text: str


@dataclass(frozen=True, slots=True)
class LabelTally:
    """Of one label, how many passages gained it, lost it, and kept it."""

    kind: str
    label: str
    added: int
    removed: int
    kept: int


@dataclass(frozen=True, slots=True)
class LabelDiff:
    """What a new tagging changed: a tally a label that either tagging gave, and every change."""

    tallies: tuple[LabelTally, ...]
    changes: tuple[LabelChange, ...]
    changed_passages: int


TOPIC, SUBTOPIC, OWN = "topic", "subtopic", "own_topic"


def coverage(rows: Iterable[LabelledPassageFacts]) -> Coverage:
    """The passages counted by topic, language and year, with the gaps."""
    counted: dict[tuple[Topic | None, Language, int | None], list[LabelledPassageFacts]] = {}
    passages = 0
    for row in rows:
        passages += 1
        for topic in row.topics or (None,):
            counted.setdefault((topic, row.language, row.year), []).append(row)
    cells = [
        TopicCell(*key, len(found), sum(key[0] in row.unsure for row in found), len({row.document for row in found}))
        for key, found in counted.items()
    ]
    return Coverage(passages, tuple(sorted(cells, key=_order)), _gaps(cells))


def diff_labels(pairs: Iterable[tuple[Passage, Passage]]) -> LabelDiff:
    """What changed from one tagging of passages to another; scores and evidence alone are no change."""
    tallies: dict[tuple[str, str], Counter[str]] = {}
    changes: list[LabelChange] = []
    for before, after in pairs:
        old, new = _labels(before), _labels(after)
        for kind, label in sorted(old.keys() | new.keys()):
            which = "kept" if (kind, label) in old and (kind, label) in new else "added"
            if (kind, label) not in new:
                which = "removed"
            tallies.setdefault((kind, label), Counter())[which] += 1
            if which != "kept":
                score = (new if which == "added" else old)[kind, label]
                changes.append(LabelChange(kind, label, which == "added", after.id, score, after.text))
    changes.sort(key=lambda change: (_rank(change.kind, change.label), not change.gained))
    ordered = sorted(tallies.items(), key=lambda item: _rank(*item[0]))
    return LabelDiff(
        tuple(LabelTally(*key, count["added"], count["removed"], count["kept"]) for key, count in ordered),
        tuple(changes),
        len({change.passage_id for change in changes}),
    )


def _labels(passage: Passage) -> dict[tuple[str, str], float | None]:
    labels: dict[tuple[str, str], float | None] = {
        (SUBTOPIC, name): None for assigned in passage.topics for name in assigned.subtopics
    }
    labels.update({(TOPIC, assigned.topic.value): assigned.score for assigned in passage.topics})
    labels.update({(OWN, own.name): own.score for own in passage.own_topics})
    return labels


def _rank(kind: str, label: str) -> tuple[int, int, str]:
    orders = {TOPIC: [topic.value for topic in Topic], SUBTOPIC: [subtopic.value for subtopic in SubTopic], OWN: []}
    known = orders[kind]
    return list(orders).index(kind), known.index(label) if label in known else len(known), label


def _gaps(cells: Sequence[TopicCell]) -> tuple[CoverageGap, ...]:
    covered = {(cell.topic, cell.language, cell.year) for cell in cells}
    anywhere = {(cell.topic, cell.language) for cell in cells}
    known = [cell.year for cell in cells if cell.year is not None]
    years = range(min(known), max(known) + 1) if known else range(0)
    gaps: list[CoverageGap] = []
    for topic in Topic:
        for language in LANGUAGES:
            if (topic, language) not in anywhere:
                gaps.append(CoverageGap(topic, language, None))
            else:
                missing = [year for year in years if (topic, language, year) not in covered]
                gaps += [CoverageGap(topic, language, year) for year in missing]
    return tuple(gaps)


def _order(cell: TopicCell) -> tuple[int, int, int]:
    topics, languages = list(Topic), list(Language)
    return (
        len(topics) if cell.topic is None else topics.index(cell.topic),
        languages.index(cell.language),
        9999 if cell.year is None else cell.year,
    )
