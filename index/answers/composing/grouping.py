"""Evidence to findings: what says the same, in either language, is one finding; reprints are one source.

Owns when two quotes are the same finding, and what differs between findings on one subject with other figures.
Knows sentence vectors as arrays; makes none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.answers.deciding import Limits, belongs
from index.answers.question import QuestionReading
from index.answers.relevance import Evidence, FoundFinding
from index.search.lexical import content_words, words_of
from kb.records.answer import Difference, FindingKind
from kb.records.document import Span
from kb.records.language import Language
from kb.records.messages import Message, say
from kb.records.ports import FloatArray
from kb.records.statistic import Statistic

# Shares of words in common: a quote that another repeats, within one language.
_REPEATED = 0.7
# Cosines of centred sentences (docs/answers.md): the same statement in another language; with the same figure,
# a looser likeness is enough; the same subject with another figure.
_SAME = 0.75
_SAME_WITH_FIGURE = 0.5
_SAME_SUBJECT = 0.6


@dataclass(frozen=True, slots=True)
class Vectors:
    """Centred sentence vectors by passage id, float32 (sentences, dimension), in the order of its sentences."""

    by_passage: Mapping[str, FloatArray]

    def of(self, evidence: Evidence) -> FloatArray | None:
        """The unit vectors of the sentences in the first piece of the evidence; null without any."""
        rows = self.by_passage.get(evidence.passage.id)
        if rows is None:
            return None
        inside = [
            row for row, span in zip(rows, evidence.passage.sentences, strict=False) if evidence.span.contains(span)
        ]
        if not inside:
            return None
        found = np.stack(inside)
        return np.asarray(found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9), np.float32)

    def likeness(self, one: Evidence, other: Evidence) -> float:
        """The highest cosine (-1 to 1) between their sentences; 0 where either has none."""
        first, second = self.of(one), self.of(other)
        return 0.0 if first is None or second is None else float((first @ second.T).max())


def grouped(evidence: Sequence[Evidence], vectors: Vectors, figures: bool, limit: int) -> list[FoundFinding]:
    """At most ``limit`` findings, best first; with ``figures`` those on one subject say how they differ."""
    groups: list[list[Evidence]] = []
    for one in evidence:
        home = next((group for group in groups if _same(group[0], one, vectors)), None)
        if home is not None:
            if not _says_it_again(home, one):
                home.append(one)
        elif len(groups) < limit:
            groups.append([one])
    findings = [FoundFinding(tuple(group), independent(group)) for group in groups]
    if not figures:
        return findings
    told = [replace(one, differs=tuple(_differences(row, findings, vectors))) for row, one in enumerate(findings)]
    return [replace(one, against=_against(row, told)) for row, one in enumerate(told)]


def _against(row: int, findings: Sequence[FoundFinding]) -> int:
    """How many independent sources, besides those of the finding, say another figure of its subject."""
    here = findings[row]
    named = {difference.statement - 1 for difference in here.differs}
    naming = {at for at, one in enumerate(findings) if any(each.statement - 1 == row for each in one.differs)}
    theirs = [one for at in sorted(named | naming) for one in findings[at].evidence]
    return independent([*here.evidence, *theirs]) - here.sources


def independent(group: Sequence[Evidence]) -> int:
    """How many sources a finding has: a document and what repeats it, or the same words, count once."""
    roots: list[tuple[set[str], str]] = []
    for one in group:
        names = {one.document.id, one.document.duplicate_of or one.document.id}
        said = " ".join(words_of(one.text))
        home = next((root for root in roots if root[0] & names or root[1] == said), None)
        if home is None:
            roots.append((names, said))
        else:
            home[0].update(names)
    return len(roots)


def _same(one: Evidence, other: Evidence, vectors: Vectors) -> bool:
    if FindingKind.LIST in (one.kind, other.kind):
        return _shared_words(one, other) >= _REPEATED
    if one.document.id == other.document.id and _values(one) & _values(other):
        # A title or lead and the body say the same figure in other words.
        return max(vectors.likeness(one, other), _shared_words(one, other)) >= _SAME_WITH_FIGURE
    if one.passage.language is other.passage.language:
        return _shared_words(one, other) >= _REPEATED and _values(one) == _values(other)
    likeness = vectors.likeness(one, other)
    if _values(one) and _values(other):
        return bool(_values(one) & _values(other)) and likeness >= _SAME_WITH_FIGURE
    return likeness >= _SAME and not _values(one) and not _values(other)


def _says_it_again(group: Sequence[Evidence], one: Evidence) -> bool:
    """Whether one of the group says it in other words of the same document and language: a title and its body."""
    return any(
        other.document.id == one.document.id
        and other.passage.language is one.passage.language
        and words_of(other.text) != words_of(one.text)
        for other in group
    )


def _shared_words(one: Evidence, other: Evidence) -> float:
    """The share of the shorter quote's telling words that the longer one has too."""
    first, second = set(content_words(one.text)), set(content_words(other.text))
    return len(first & second) / max(min(len(first), len(second)), 1)


def _values(evidence: Evidence) -> frozenset[object]:
    return frozenset((one.kind, one.value, one.high) for one in evidence.statistics if one.value is not None)


def _differences(row: int, findings: Sequence[FoundFinding], vectors: Vectors) -> list[Difference]:
    """What the finding has other than the findings before it that speak of the same with another figure."""
    here = findings[row].evidence[0]
    found: list[Difference] = []
    for number, other in enumerate(findings[:row], start=1):
        there = other.evidence[0]
        if _values(here) & _values(there) or vectors.likeness(here, there) < _SAME_SUBJECT:
            continue
        mine, theirs = _main(here), _main(there)
        if mine is None or theirs is None or mine.kind is not theirs.kind:
            continue
        found.append(Difference(number, "value", mine.raw, theirs.raw))
        for name, ours, other_s in (
            ("year", _text(mine.year), _text(theirs.year)),
            ("population", mine.population, theirs.population),
            ("source", mine.source, theirs.source),
        ):
            if ours != other_s:
                found.append(Difference(number, name, ours, other_s))
    return found


def _main(evidence: Evidence) -> Statistic | None:
    """The first figure of the evidence's best sentence, else its first figure."""
    inside = [one for one in evidence.statistics if _touches(evidence.scored.why.sentence_span, one)]
    return next(iter(inside or evidence.statistics), None)


def _touches(span: Span, statistic: Statistic) -> bool:
    return span.contains(statistic.span)


def _text(year: int | None) -> str | None:
    return None if year is None else str(year)


_PAIR = {Language.ES: "nobody_answers_in_spanish", Language.EN: "nobody_answers_in_english"}


def chosen(good: Sequence[Evidence], limits: Limits) -> tuple[list[Evidence], list[Evidence]]:
    """What is given of the evidence that qualifies (best first, not empty), and what is only near."""
    given = [one for one in good if belongs(one, good[0], limits)]
    return given, [one for one in good if one not in given]


def notes_of(
    findings: Sequence[FoundFinding], reading: QuestionReading, languages: Sequence[Language]
) -> tuple[Message, ...]:
    """What is said beside the findings: another number of things than was asked for, and the language of the base in
    which nothing answers. ``languages`` are those of the passages found."""
    notes = []
    best = findings[0].evidence[0]
    if best.kind is FindingKind.LIST and reading.count not in (None, best.items):
        notes.append(say("asked_for_so_many", asked=reading.count, listed=best.items))
    answered = {piece.passage.language for one in findings for each in one.evidence for piece in each.pieces}
    silent = [language for language in _PAIR if language in languages and language not in answered]
    if len(silent) < len(_PAIR):
        notes += [say(_PAIR[language]) for language in silent]
    return tuple(notes)
