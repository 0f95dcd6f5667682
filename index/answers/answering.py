"""Which sentences of the base answer a question, and whether they are evidence at all.

Goes beyond search: every sentence of the passages found is weighed (``index.answers.relevance``), what the question
names must stand in what answers it, and an announced list answers as a whole. Makes no answer:
``kb.citing.composing`` does.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.answers.anchors import Anchor, anchors_of
from index.answers.asked_words import Asked, coverage, rarity, wording_of
from index.answers.composing.grouping import Vectors, chosen, grouped, notes_of
from index.answers.composing.listing import AnnouncedList, announced_lists, lists_at, quotes_of
from index.answers.composing.quoting import best_position, distinct, says_more, stands_as_headline, window
from index.answers.deciding import Limits, as_asked, asks_something, enough, lacking_of, least_chance, qualifies
from index.answers.judging.features import Case
from index.answers.judging.fitted import shipped_judge
from index.answers.judging.judge import BY_WORDS, EvidenceJudgement, EvidenceVerdict, Judge, log_odds, verdict_of
from index.answers.missing import as_written, mended, said_nothing_of
from index.answers.question import QuestionReading, Wanted, read_question
from index.answers.question_things import count_of, names_written, set_aside
from index.answers.relevance import (
    FITTING,
    AnswerCandidate,
    Evidence,
    FoundFinding,
    Piece,
    Weighed,
    Weights,
    has_figure,
    weigh_all,
)
from index.search.glossary import Glossary
from index.search.lexical import folded, stem_of, words_of
from index.search.searcher import Searcher
from kb.records.answer import FindingKind
from kb.records.document import Document, Passage
from kb.records.language import Language
from kb.records.messages import Message, say
from kb.records.search import Filters, Query, StatisticQuery
from kb.records.statistic import Statistic
from kb.store import Store
from kb.store.remembering import Remembered

# What a list gains that is announced as one of the things asked for.
_CALLED = 0.4
# The share of the question's wording above a list that makes it the one asked for, whatever its things are called.
_TOLD = 0.6
# Where the sentence that announces a list begins, in the lines above it.
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n")
# Documents whose lists stay in memory.
_LISTS_KEPT = 256


@dataclass(frozen=True, slots=True)
class Findings:
    """What answers, best first; ``enough`` says whether it does.

    ``evidence`` is all that was weighed, one piece of evidence a passage, best first; ``missing`` names what the
    question has and the nearest evidence lacks, as the question writes it, or a message for what has no word there.
    ``near`` is what was not given and is on the same subject, best first, and ``notes`` is said beside the findings.
    ``judge`` says who judged.
    """

    evidence: tuple[Evidence, ...]
    findings: tuple[FoundFinding, ...]
    enough: bool
    missing: tuple[str, ...]
    near: tuple[Evidence, ...] = ()
    notes: tuple[Message, ...] = ()
    judge: str = BY_WORDS


class EvidenceFinder:
    """Finds the evidence for a question in an open base."""

    def __init__(
        self,
        store: Store,
        searcher: Searcher,
        glossary: Glossary,
        weights: Weights | None = None,
        limits: Limits | None = None,
        judge: Judge | None = None,
    ) -> None:
        self._store = store
        self._searcher = searcher
        self._glossary = glossary
        self._weights = weights or Weights()
        self._limits = limits or Limits()
        self._judge = judge or shipped_judge(reads=False)
        self._known_lists: Remembered[str, tuple[AnnouncedList, ...]] = Remembered(store.rewritten, _LISTS_KEPT)

    def find(self, question: str, filters: Filters) -> Findings:
        """The findings; nothing found is ``enough=False``. Raises InputError for an empty question.

        A slip of typing is mended by the passages found, which are looked for again, and said.
        """
        candidates = self.gather(question, filters)
        texts = [(one.passage.text, one.passage.language) for one in candidates]
        question, read = mended(read_question(question).text, texts)
        if not read:
            return self.judge(question, candidates)
        found = self.judge(question, self.gather(question, filters))
        return replace(found, notes=(say("read_as", words=", ".join(read)), *found.notes))

    def judge(self, question: str, candidates: Sequence[AnswerCandidate], limits: Limits | None = None) -> Findings:
        """The findings among passages that were gathered for this question, by these limits."""
        limits = limits or self._limits
        reading = self._grounded(read_question(question), candidates)
        question = reading.text
        asked = Asked(question, self._glossary)
        anchors = anchors_of(question, reading, self._glossary)
        weighed = weigh_all(candidates, asked, reading, self._weights)
        verdict = self._verdict(Case(reading, asked, anchors, weighed))
        evidence = self._weighed(reading, weighed, asked, anchors, verdict.judgement, limits)
        telling = [one for one in evidence if not stands_as_headline(one) and says_more(one, asked)]
        good = [one for one in telling if qualifies(one, reading, limits)]
        checked = bool(good) and enough(max(good, key=lambda one: one.score), evidence, reading, limits)
        if verdict.judgement is not None:
            good = [one for one in telling if as_asked(one, reading)]
            checked = verdict.judgement.answers >= least_chance(evidence, limits, checked=checked)
        if not good or not checked or not asks_something(question, reading):
            return Findings(tuple(evidence), (), False, self._missing(question, reading, evidence), judge=verdict.judge)
        given, near = chosen(distinct(good), limits)
        findings = grouped(given, self._vectors(candidates), reading.wanted in FITTING, limits.findings)
        notes = notes_of(findings, reading, [one.passage.language for one in candidates])
        return Findings(tuple(evidence), tuple(findings), True, (), tuple(near), notes, verdict.judge)

    def _verdict(self, case: Case) -> EvidenceVerdict:
        """What the judge says of these passages; without a model, which its signals need, words decide."""
        if not case.weighed or any(one.candidate.margin is None for one in case.weighed):
            return EvidenceVerdict(None, BY_WORDS)
        return verdict_of(self._judge, case)

    def _grounded(self, reading: QuestionReading, candidates: Sequence[AnswerCandidate]) -> QuestionReading:
        """The reading with the names that the passages found tell, and with the words that none of them knows."""
        names = names_written(reading.text, reading.names, [one.passage.text for one in candidates])
        asked = Asked(reading.text, self._glossary)
        texts = {(text, one.passage.language) for one in candidates
                 for text in (one.passage.text, *one.passage.heading_path, one.document.title or "")}  # fmt: skip
        met = asked.met([wording_of(text, language) for text, language in texts])
        # A word of the other language may be in it under another word, as far as the model can tell.
        near = bool(candidates) and candidates[0].passage.language is asked.language
        unheard = asked.unheard(met, [one.likeness for one in candidates]) if near else ()
        named = {word for name in names for word in words_of(name)}
        names = (*names, *(word for word in unheard if word not in named))
        return replace(reading, names=names, beyond=set_aside(reading.text, names))

    def _missing(self, question: str, reading: QuestionReading, evidence: Sequence[Evidence]) -> tuple[str, ...]:
        """What the nearest evidence lacks: what the question names, else the words and the figure it asks for."""
        nearest = max(evidence, key=lambda one: one.score, default=None)
        if nearest is None or nearest.missing:
            return as_written(question, nearest.missing) if nearest else ()
        return said_nothing_of(question, reading, Asked(question, self._glossary), evidence)

    def _weighed(
        self,
        reading: QuestionReading,
        weighed: Sequence[Weighed],
        asked: Asked,
        anchors: Sequence[Anchor],
        judgement: EvidenceJudgement | None,
        limits: Limits,
    ) -> list[Evidence]:
        """One piece of evidence a passage (or list), best first."""
        if judgement is not None:
            pairs = zip(weighed, judgement.sentences, strict=True)
            weighed = [self._judged(one, said, chooses=judgement.chooses) for one, said in pairs]
        evidence = [self._evidence(one, reading, asked, anchors, limits) for one in weighed]
        if reading.wanted is Wanted.LIST:
            evidence = self._with_lists(evidence, reading, asked)
        # No sentence of a list answers by itself: a list of the things asked for is as likely as any sentence.
        likeliest = max((one.chance for one in evidence if one.chance is not None), default=None)
        evidence = [replace(one, chance=likeliest) if one.kind is FindingKind.LIST else one for one in evidence]
        return sorted(evidence, key=lambda one: (-self._rank(one), one.scored.key))

    def _judged(self, one: Weighed, chances: tuple[float, ...], *, chooses: bool) -> Weighed:
        judged = self._weights.judged * chooses
        ranks = (score + judged * log_odds(chance) for score, chance in zip(one.scores, chances, strict=True))
        return replace(one, chances=chances, ranks=tuple(ranks))

    def _rank(self, one: Evidence) -> float:
        """By what evidence is ordered: its score, and where a judge said so how likely it is and whether it lacks
        something that the question names."""
        if one.chance is None:
            return one.score
        return one.score + self._weights.judged * log_odds(one.chance) - self._weights.missing * bool(one.missing)

    def gather(self, question: str, filters: Filters) -> list[AnswerCandidate]:
        """The passages near the question with all that they are weighed by; InputError for an empty question."""
        question = read_question(question).text
        scored = self._searcher.search(Query(question, filters, self._limits.pool))
        passages = self._store.passages([one.key for one in scored])
        documents = self._store.documents_with({passage.document_id for passage in passages.values()})
        # What was removed since the search is left out.
        passages = {key: passage for key, passage in passages.items() if passage.document_id in documents}
        cosines = self._searcher.sentence_scores(question, passages)
        statistics = self._statistics(passages)
        meaning = self._searcher.meaning(question, scored)
        return [
            AnswerCandidate(
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

    def _vectors(self, candidates: Sequence[AnswerCandidate]) -> Vectors:
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
        quoted = [said for said, own in zip(weighed.chances, one.spans, strict=False) if span.overlaps(own)]
        chance = max(quoted, default=None)
        score = weighed.scores[position] - self._weights.lacks * len(lacking) / max(len(anchors), 1)
        kind = FindingKind.FIGURE if reading.wanted in FITTING else FindingKind.TEXT
        held = tuple(statistic for statistic in one.statistics if span.contains(statistic.span))
        fits = has_figure(reading, span, one.statistics)
        pieces = (Piece(one.passage, span),)
        return Evidence(
            one.scored,
            one.document,
            pieces,
            score,
            fits,
            missing,
            weighed.wording,
            kind,
            held,
            one.margin,
            chance=chance,
        )

    def _lists(self, document: Document) -> tuple[AnnouncedList, ...]:
        def read(_: object) -> dict[str, tuple[AnnouncedList, ...]]:
            return {document.id: announced_lists(document, self._store.passages_of(document.id))}

        return self._known_lists.get([document.id], read)[document.id]

    def _with_lists(self, evidence: Sequence[Evidence], reading: QuestionReading, asked: Asked) -> list[Evidence]:
        """The evidence, with each list asked for that passages of it belong to as one, at the score of the best."""
        telling = rarity(asked.words, [asked.met([wording_of(one.text, one.passage.language)]) for one in evidence])
        by_list: dict[tuple[str, AnnouncedList], list[Evidence]] = {}
        for one in evidence:
            for announced in lists_at(self._lists(one.document), one.passage.span):
                by_list.setdefault((one.document.id, announced), []).append(one)
        made, held = [], set()
        for (_, announced), group in by_list.items():
            best = max(group, key=lambda one: one.score)
            as_list = self._as_list(best, announced, reading, asked, telling)
            if as_list is not None:
                made.append(as_list)
                held |= {one.scored.key for one in group}
        return [*made, *(one for one in evidence if one.scored.key not in held)]

    def _as_list(
        self,
        best: Evidence,
        announced: AnnouncedList,
        reading: QuestionReading,
        asked: Asked,
        telling: Mapping[str, float],
    ) -> Evidence | None:
        """The list as evidence; null where it is none of the things asked for."""
        lead = announced.lead.cut(best.document.text) if announced.lead else ""
        title = "\n".join([*announced.above, lead])
        bonus = list_bonus(
            title, best.passage.language, len(announced.items), reading, asked, telling, announced.by_name
        )
        if bonus <= 0:
            return None
        quotes = quotes_of(announced, self._store.passages_of(best.document.id), best.document.text)
        pieces = tuple(Piece(passage, span) for passage, span in quotes)
        return replace(
            best,
            pieces=pieces,
            score=best.score + bonus,
            fits=True,
            kind=FindingKind.LIST,
            statistics=(),
            items=len(announced.items),
        )


def list_bonus(
    title: str,
    language: Language,
    items: int,
    reading: QuestionReading,
    asked: Asked,
    telling: Mapping[str, float],
    by_name: bool = False,
) -> float:
    """What a list gains by what announces it: nothing unless it is a list of the things asked for.

    It gains by the share of the question's wording in its announcement and headings, and by having as many
    items as the question says; one with another number of them is given with a note, unless what announces it
    counts something else ("seven levers" for "nine phases"). Headings (``by_name``)
    are a list only where they are called so and what announces them is what the question says.
    """
    wording = wording_of(title, language)
    things = {stem_of(folded(wanted), language) for wanted in reading.things}
    called = bool(things & wording.stems)
    lead = _SENTENCE.split(title.strip())[-1]
    if reading.count not in (None, items) and count_of(lead) and not things & wording_of(lead, language).stems:
        return 0.0
    # "seven steps": what the things are called and how many they are is told by the list itself.
    rest = {word: weight for word, weight in telling.items() if word not in _naming(reading, asked)} or telling
    met = {word: share for word, share in asked.met([wording]).items() if word in rest}
    told = coverage(met, rest)
    if reading.things and not called and told < _TOLD:
        return 0.0
    if by_name and not (called and told >= _TOLD):
        return 0.0
    return _CALLED + 0.3 * told + (0.1 if reading.count == items else 0.0)


def _naming(reading: QuestionReading, asked: Asked) -> frozenset[str]:
    """The question's words for the things listed and for their number."""
    things = {folded(thing) for thing in reading.things}
    return frozenset(word for word in asked.words if word in things or count_of(word) is not None or word.isdigit())
