"""Which sentences of the base answer a question, and whether they are evidence at all.

Goes beyond search: every sentence of the best passages is weighed, one that has the kind of answer the
question asks for (a figure, a list) before one that is only near, and what the question names must stand
in what answers it. Makes no answer: ``kb.composing`` does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.anchors import Anchor, anchors_of, missing_from
from index.glossary import Glossary
from index.searcher import Scored, Searcher
from kb.document import Document, Passage, Span
from kb.ports import FloatArray
from kb.question import QuestionReading, Wanted, read_question
from kb.search import Filters, Query, StatisticQuery
from kb.statistic import Kind, Statistic
from kb.store import Store

# The passages whose sentences are weighed.
_POOL = 30
_FITTING = {
    Wanted.SHARE: {Kind.PERCENT, Kind.FRACTION, Kind.RATIO},
    Wanted.FACTOR: {Kind.MULTIPLIER, Kind.PERCENT, Kind.FRACTION},
    Wanted.NUMBER: set(Kind),
}
# Added to a sentence's score (centred cosines, -1 to 1) for the kind of answer asked for, and taken off for
# each share of the question's names that its document lacks.
_FITS = 0.10
_LACKS_FIGURE = 0.10
_MISSING = 0.20
# The best answered sample question stands at .25, questions from another field at .06 to .25, and most of these
# lack a name besides; docs/answers.md has the table.
ENOUGH = 0.26
# A further piece of evidence must come this near to the best.
_NEAR = 0.12
_LEAD_IN = re.compile(r":\s*$")
_POINTS_BACK = re.compile(
    r"\W*(?:est[eaos]+|es[eaos]+|ell[oa]s?|él|dich[oa]s?|así|además|por eso|por ello|por tanto|también|lo anterior|"
    r"this|that|these|those|they|it|he|she|such|so|also|moreover|however|therefore|then|both|neither)\b",
    re.IGNORECASE,
)
_LIST_MARK = re.compile(r"^\s*(?:[•·▪◦*–-]|\(?\d{1,2}[.)])\s", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that may answer: where it stands, its score, and what the question names that is missing."""

    scored: Scored
    passage: Passage
    document: Document
    span: Span
    score: float
    fits: bool
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """The evidence, best first, one sentence a passage; ``enough`` says whether the best is an answer.

    ``missing`` names what the question has and the nearest evidence lacks.
    """

    evidence: tuple[Evidence, ...]
    enough: bool
    missing: tuple[str, ...]


class EvidenceFinder:
    """Finds the evidence for a question in an open base."""

    def __init__(self, store: Store, searcher: Searcher, glossary: Glossary) -> None:
        self._store = store
        self._searcher = searcher
        self._glossary = glossary

    def find(self, question: str, filters: Filters) -> Findings:
        """The evidence; nothing found is ``enough=False``. Raises InputError for an empty question."""
        scored = self._searcher.search(Query(question, filters, _POOL))
        passages = self._store.passages([one.key for one in scored])
        sentences = self._searcher.sentence_scores(question, passages)
        reading = read_question(question)
        anchors = anchors_of(question, reading, self._glossary)
        statistics = self._statistics(passages)
        documents: dict[str, Document] = {}
        found = []
        for one in scored:
            passage = passages[one.key]
            if passage.document_id not in documents:
                documents[passage.document_id] = self._store.document(passage.document_id)
            found.append(
                weigh(one, passage, documents[passage.document_id], sentences[one.key], reading, anchors,
                      statistics.get(passage.id, ()))
            )  # fmt: skip
        found.sort(key=lambda evidence: (-evidence.score, evidence.scored.key))
        return _judged(found, reading)

    def _statistics(self, passages: Mapping[int, Passage]) -> dict[str, list[Statistic]]:
        by_passage: dict[str, list[Statistic]] = {}
        for statistic in self._store.statistics(StatisticQuery(), passages=[p.id for p in passages.values()]):
            by_passage.setdefault(statistic.passage_id, []).append(statistic)
        return by_passage


def weigh(
    scored: Scored,
    passage: Passage,
    document: Document,
    sentences: FloatArray,
    reading: QuestionReading,
    anchors: Sequence[Anchor],
    statistics: Sequence[Statistic],
) -> Evidence:
    """The sentence of a passage that answers best, with its score.

    The passage's search score holds for all its sentences; each moves it by half of what its cosine
    differs from the best one's, by the kind of answer wanted, and by the names it lacks.
    """
    spans = passage.sentences or (passage.span,)
    best = float(sentences.max())
    options = []
    for span, cosine in zip(spans, sentences, strict=False):
        fits = _fits(reading, span, passage, statistics)
        bonus = _FITS if fits else -_LACKS_FIGURE if reading.wanted in _FITTING else 0.0
        options.append((scored.score - (best - float(cosine)) / 2 + bonus, span, fits))
    score, span, fits = max(options, key=lambda option: (option[0], -option[1].start))
    near = (passage.text, *passage.heading_path, document.title or "", document.published or "")
    lacking = missing_from(anchors, *near)
    score -= _MISSING * len(lacking) / max(len(anchors), 1)
    missing = missing_from([anchor for anchor in anchors if anchor.written in lacking], document.text, *near)
    return Evidence(scored, passage, document, with_context(passage, span), score, fits, missing)


def with_context(passage: Passage, span: Span) -> Span:
    """The sentence, with the one before it when it begins by pointing back ("Este es …", "They …"), and with
    the list that it announces."""
    text = span.shifted(-passage.span.start).cut(passage.text)
    start, end = span.start, span.end
    if _POINTS_BACK.match(text) and span in passage.sentences and passage.sentences.index(span):
        start = passage.sentences[passage.sentences.index(span) - 1].start
    if _LEAD_IN.search(text):
        end = passage.span.end
    return Span(start, end)


def _fits(reading: QuestionReading, span: Span, passage: Passage, statistics: Sequence[Statistic]) -> bool:
    """Whether the sentence has the kind of answer that is asked for; a question for text fits nothing specially."""
    if reading.wanted in _FITTING:
        return any(
            span.contains(statistic.span) and statistic.kind in _FITTING[reading.wanted] for statistic in statistics
        )
    if reading.wanted is Wanted.LIST:
        offset = passage.span.start
        sentence = span.shifted(-offset).cut(passage.text)
        after = passage.text[span.end - offset :]
        return bool(_LEAD_IN.search(sentence)) or len(_LIST_MARK.findall(after)) >= 2
    return False


def _qualifies(evidence: Evidence, reading: QuestionReading) -> bool:
    """Near enough, with the figure that was asked for, and nothing of what the question names missing."""
    figure = evidence.fits or reading.wanted not in _FITTING
    return evidence.score >= ENOUGH and figure and not evidence.missing


def _judged(found: Sequence[Evidence], reading: QuestionReading) -> Findings:
    """Only evidence that qualifies and comes near the best of it is an answer; else what is near, as it is."""
    good = [evidence for evidence in found if _qualifies(evidence, reading)]
    if not good:
        return Findings(tuple(found), False, found[0].missing if found else ())
    near = [evidence for evidence in good if evidence.score >= good[0].score - _NEAR]
    return Findings(tuple(near), True, ())
