"""Which sentences of the base answer a question, and whether they are evidence at all.

Goes beyond search: every sentence of the passages found is weighed (``index.answers.relevance``), what the question
names must stand in what answers it, and an announced list answers as a whole. Makes no answer:
``kb.citing.composing`` does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.answers.anchors import Anchor, anchors_of
from index.answers.asked_words import Asked, coverage, rarity, wording_of
from index.answers.deciding import Limits, asks_something, belongs, enough, lacking_of, qualifies
from index.answers.grouping import Vectors, grouped
from index.answers.listing import AnnouncedList, announced_lists, list_at, quotes_of
from index.answers.missing import as_written, said_nothing_of
from index.answers.pieces import Evidence, FoundFinding, Piece
from index.answers.question import QuestionReading, Wanted, read_question
from index.answers.quoting import best_position, distinct, is_headline, says_more, window
from index.answers.relevance import FITTING, Candidate, Weighed, Weights, has_figure, weigh_all
from index.search.glossary import Glossary
from index.search.searcher import Searcher
from kb.records.answer import FindingKind
from kb.records.document import Document, Passage
from kb.records.language import Language
from kb.records.search import Filters, Query, StatisticQuery
from kb.records.statistic import Statistic
from kb.store import Store
from kb.store.remembering import Remembered

# What a list gains that is announced as one of the things asked for.
_CALLED = 0.4
# Documents whose lists stay in memory.
_LISTS_KEPT = 256


@dataclass(frozen=True, slots=True)
class Findings:
    """What answers, best first; ``enough`` says whether it does.

    ``evidence`` is all that was weighed, one piece of evidence a passage, best first; ``missing`` names what the
    question has and the nearest evidence lacks, as the question writes it, or a message for what has no word there.
    """

    evidence: tuple[Evidence, ...]
    findings: tuple[FoundFinding, ...]
    enough: bool
    missing: tuple[str, ...]


class EvidenceFinder:
    """Finds the evidence for a question in an open base."""

    def __init__(
        self,
        store: Store,
        searcher: Searcher,
        glossary: Glossary,
        weights: Weights | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._store = store
        self._searcher = searcher
        self._glossary = glossary
        self._weights = weights or Weights()
        self._limits = limits or Limits()
        self._known_lists: Remembered[str, tuple[AnnouncedList, ...]] = Remembered(store.rewritten, _LISTS_KEPT)

    def find(self, question: str, filters: Filters) -> Findings:
        """The findings; nothing found is ``enough=False``. Raises InputError for an empty question."""
        return self.judge(question, self.gather(question, filters))

    def judge(self, question: str, candidates: Sequence[Candidate], limits: Limits | None = None) -> Findings:
        """The findings among passages that were gathered for this question, by these limits."""
        limits = limits or self._limits
        reading = read_question(question)
        evidence = self._weighed(question, reading, candidates, limits)
        asked = Asked(question, self._glossary)
        good = [one for one in evidence if qualifies(one, reading, limits)]
        good = [one for one in good if not is_headline(one.document, one.span) and says_more(one, asked)]
        if not good or not asks_something(question, reading) or not enough(good[0], evidence, reading, limits):
            return Findings(tuple(evidence), (), False, self._missing(question, reading, evidence))
        good = distinct([one for one in good if belongs(one, good[0], limits)])
        findings = grouped(good, self._vectors(candidates), reading.wanted in FITTING, limits.findings)
        return Findings(tuple(evidence), tuple(findings), True, ())

    def _missing(self, question: str, reading: QuestionReading, evidence: Sequence[Evidence]) -> tuple[str, ...]:
        """What the nearest evidence lacks: what the question names, else the words and the figure it asks for."""
        if not evidence or evidence[0].missing:
            return as_written(question, evidence[0].missing) if evidence else ()
        return said_nothing_of(question, reading, Asked(question, self._glossary), evidence)

    def _weighed(
        self, question: str, reading: QuestionReading, candidates: Sequence[Candidate], limits: Limits
    ) -> list[Evidence]:
        """One piece of evidence a passage (or list), best first."""
        asked = Asked(question, self._glossary)
        anchors = anchors_of(question, reading, self._glossary)
        weighed = weigh_all(candidates, asked, reading, self._weights)
        evidence = [self._evidence(one, reading, asked, anchors, limits) for one in weighed]
        if reading.wanted is Wanted.LIST:
            evidence = self._with_lists(evidence, reading, asked)
        return sorted(evidence, key=lambda one: (-one.score, one.scored.key))

    def gather(self, question: str, filters: Filters) -> list[Candidate]:
        """The passages near the question with all that they are weighed by; InputError for an empty question."""
        scored = self._searcher.search(Query(question, filters, self._limits.pool))
        passages = self._store.passages([one.key for one in scored])
        documents = self._store.documents_with({passage.document_id for passage in passages.values()})
        # What was removed since the search is left out.
        passages = {key: passage for key, passage in passages.items() if passage.document_id in documents}
        cosines = self._searcher.sentence_scores(question, passages)
        statistics = self._statistics(passages)
        meaning = self._searcher.meaning(question, scored)
        return [
            Candidate(
                one,
                passages[one.key],
                documents[passages[one.key].document_id],
                cosines[one.key],
                statistics.get(passages[one.key].id, ()),
                meaning.likeness.get(one.key, {}),
                meaning.margins.get(one.key),
            )
            for one in scored
            if one.key in passages
        ]

    def _statistics(self, passages: Mapping[int, Passage]) -> dict[str, list[Statistic]]:
        by_passage: dict[str, list[Statistic]] = {}
        for statistic in self._store.statistics(StatisticQuery(), passages=[p.id for p in passages.values()]):
            by_passage.setdefault(statistic.passage_id, []).append(statistic)
        return by_passage

    def _vectors(self, candidates: Sequence[Candidate]) -> Vectors:
        """The sentence vectors of the passages found, without what all sentences of their language share."""
        raw = {one.passage.id: self._store.sentence_vectors(one.scored.key) for one in candidates}
        means = {}
        for language in Language:
            rows = [raw[one.passage.id] for one in candidates if one.passage.language is language]
            rows = [row for row in rows if len(row)]
            if rows:
                means[language] = np.concatenate(rows).mean(axis=0)
        return Vectors({one.passage.id: raw[one.passage.id] - means[one.passage.language] for one in candidates
                        if len(raw[one.passage.id])})  # fmt: skip

    def _evidence(
        self,
        weighed: Weighed,
        reading: QuestionReading,
        asked: Asked,
        anchors: Sequence[Anchor],
        limits: Limits,
    ) -> Evidence:
        one = weighed.candidate
        position = best_position(weighed, reading)
        span = window(weighed, position, reading, limits)
        lacking, missing = lacking_of(one, span, anchors, reading, asked, asked.language)
        score = weighed.scores[position] - self._weights.lacks * len(lacking) / max(len(anchors), 1)
        kind = FindingKind.FIGURE if reading.wanted in FITTING else FindingKind.TEXT
        held = tuple(statistic for statistic in one.statistics if span.contains(statistic.span))
        fits = has_figure(reading, span, one.statistics)
        pieces = (Piece(one.passage, span),)
        return Evidence(one.scored, one.document, pieces, score, fits, missing, weighed.wording, kind, held, one.margin)

    def _lists(self, document: Document) -> tuple[AnnouncedList, ...]:
        found = self._known_lists.get([document.id], lambda _: {document.id: announced_lists(document)})
        return found[document.id]

    def _with_lists(self, evidence: Sequence[Evidence], reading: QuestionReading, asked: Asked) -> list[Evidence]:
        """The evidence, with each list that a passage of it belongs to as one, at the score of its best passage."""
        telling = rarity(asked.words, [asked.met([wording_of(one.text, one.passage.language)]) for one in evidence])
        kept: list[Evidence] = []
        by_list: dict[tuple[str, int], list[Evidence]] = {}
        for one in evidence:
            announced = list_at(self._lists(one.document), one.passage.span)
            if announced is None:
                kept.append(one)
            else:
                by_list.setdefault((one.document.id, announced.items[0].start), []).append(one)
        for group in by_list.values():
            best = max(group, key=lambda one: one.score)
            announced = list_at(self._lists(best.document), best.passage.span)
            kept.append(self._as_list(best, announced, reading, asked, telling) if announced else best)
        return kept

    def _as_list(
        self,
        best: Evidence,
        announced: AnnouncedList,
        reading: QuestionReading,
        asked: Asked,
        telling: Mapping[str, float],
    ) -> Evidence:
        passages = self._store.passages_of(best.document.id)
        quotes = quotes_of(announced, passages, best.document.text)
        heading = next((p.heading_path for p in passages if p.span.overlaps(announced.items[0])), ())
        title = "\n".join([*heading, announced.lead.cut(best.document.text) if announced.lead else ""])
        bonus = list_bonus(title, best.passage.language, len(announced.items), reading, asked, telling)
        if not quotes or bonus <= 0:
            return best
        pieces = tuple(Piece(passage, span) for passage, span in quotes)
        return replace(best, pieces=pieces, score=best.score + bonus, fits=True, kind=FindingKind.LIST, statistics=())


def list_bonus(
    title: str,
    language: Language,
    items: int,
    reading: QuestionReading,
    asked: Asked,
    telling: Mapping[str, float],
) -> float:
    """What a list gains by what announces it: nothing unless it is a list of the things asked for.

    It gains by the share of the question's wording in its announcement and headings, and by having as many
    items as the question says.
    """
    wording = wording_of(title, language)
    called = {wanted for wanted in reading.things if wanted in title.casefold().split() or _said(wanted, wording.words)}
    if reading.things and not called:
        return 0.0
    counted = 0.1 if reading.count == items else 0.0
    if reading.count not in (None, items):
        return 0.0
    return _CALLED + 0.3 * coverage(asked.met([wording]), telling) + counted


def _said(thing: str, words: frozenset[str]) -> bool:
    return bool(wording_of(thing, Language.OTHER).words & words)
