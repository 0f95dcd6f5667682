"""Check my draft: all that each figure of a text claims, against all that the nearest sentences of the base say.

A figure is supported where a sentence about the same matter says the same in every part; where a part differs, the
verdict names it; otherwise it is not found, and the nearest sentence is shown: rather none than wrong.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from api.service.knowledge_base import KnowledgeBase, NearPassage, cite_span
from kb.quotes.comparing import (
    ClaimDifference,
    ClaimPart,
    Context,
    alike,
    differences,
    measured_alike,
    other_unit,
    same_figure,
)
from kb.quotes.edges import sentence_language
from kb.quotes.faithful import evidence_of
from kb.quotes.judge import judge
from kb.quotes.statements import Pole, Stated, names_in, read_statements
from kb.records.document import Document, Passage, Span
from kb.records.language import Language
from kb.records.search import Citation, StatisticQuery
from kb.records.statistic import Analysis, Kind, Statistic

_MAX_FIGURES = 60
# Similarity of sentences (cosine, each language's mean taken out), measured on the samples with 92 claims of our own by
# ``python -m bench.draft_limits``: from .40 on they are about the same matter, from .46 on they make the same claim.
_SAME_MATTER = 0.40
_SAME_CLAIM = 0.46
NEAREST = 12
_LEADS_BY = 0.1
_NEAR_PASSAGE = 0.15
_LED_SENTENCE = 0.05
_LED_CLAIM = 0.3


@dataclass(frozen=True, slots=True)
class Nearness:
    """From which similarity on two sentences are about the same matter, and from which they make the same claim."""

    same_matter: float = _SAME_MATTER
    same_claim: float = _SAME_CLAIM


_SET = Nearness()
_YEAR = re.compile(r"(?:19|20)\d\d")
# Reasons for which a number is no finding of a study and may still be what a draft claims.
_CLAIMED = frozenset(
    {"time_window", "small_count", "bare_number", "denied", "scale", "list_count", "idiom", "not_measured"}
)
_KINDS = {
    "share": Kind.PERCENT,
    "points": Kind.SCORE,
    "money": Kind.CURRENCY,
    "time": Kind.DURATION,
    "times": Kind.MULTIPLIER,
    "count": Kind.COUNT,
}


class DraftVerdict(Enum):
    """What the base says of a figure."""

    SUPPORTED = "supported"
    OTHER_HEDGE = "other_hedge"
    OTHER_UNIT = "other_unit"
    OTHER_DIRECTION = "other_direction"
    OTHER_YEAR = "other_year"
    OTHER_SOURCE = "other_source"
    OTHER_POPULATION = "other_population"
    DENIED = "denied"
    CONTRADICTED = "contradicted"
    NOT_FOUND = "not_found"


_OF_PART = {
    ClaimPart.DENIAL: DraftVerdict.DENIED,
    ClaimPart.DIRECTION: DraftVerdict.OTHER_DIRECTION,
    ClaimPart.YEAR: DraftVerdict.OTHER_YEAR,
    ClaimPart.SOURCE: DraftVerdict.OTHER_SOURCE,
    ClaimPart.POPULATION: DraftVerdict.OTHER_POPULATION,
    ClaimPart.HEDGE: DraftVerdict.OTHER_HEDGE,
    ClaimPart.UNIT: DraftVerdict.OTHER_UNIT,
    ClaimPart.VALUE: DraftVerdict.CONTRADICTED,
}


@dataclass(frozen=True, slots=True)
class CheckedFigure:
    """A figure of the draft, what was found of it, and the citation that says so.

    ``evidence`` is the statistic of the base, null where nothing was found or the source only denies it; ``citation``
    the sentence, of a figure not found the nearest one (``nearest``), null where nothing is near; ``differs`` names
    each part that the source says otherwise, in its words. ``mine`` and ``theirs`` are the differing characters of
    ``figure.quote`` and of ``citation.quote``.
    """

    figure: Statistic
    finding: DraftVerdict
    evidence: Statistic | None = None
    citation: Citation | None = None
    differs: tuple[ClaimDifference, ...] = ()
    mine: tuple[Span, ...] = ()
    theirs: tuple[Span, ...] = ()
    nearest: bool = False


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence of the draft without a figure: a quote of the base with its citation, or unchecked (null)."""

    span: Span
    text: str
    citation: Citation | None


@dataclass(frozen=True, slots=True)
class CheckedDraft:
    """The figures of a draft in order; ``unchecked`` counts those beyond the first 60.

    ``sentences`` are those without figures, which are checked as quotes only.
    """

    language: Language
    figures: tuple[CheckedFigure, ...]
    unchecked: int
    sentences: tuple[CheckedSentence, ...] = ()


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A figure of a sentence of the base."""

    stated: Stated
    passage: Passage
    sentence: Span
    score: float
    leads: bool


def check_draft(base: KnowledgeBase, text: str) -> CheckedDraft:
    """Every figure of the text, judged, and its other sentences; the text is not kept."""
    analysis = base.analyze("draft", text, None)
    found = sorted(_claimed_figures(text, analysis), key=lambda one: one.span)
    near: dict[str, list[NearPassage]] = {}
    for one in found[:_MAX_FIGURES]:
        if one.quote not in near:
            near[one.quote] = base.near_passages(one.quote, NEAREST)
    checked = tuple(judged(base, one, near[one.quote]) for one in found[:_MAX_FIGURES])
    plain = [span for span in analysis.sentences if not any(one.quote_span.overlaps(span) for one in found)]
    sentences = tuple(_as_quote(base, span, span.cut(text)) for span in plain[:_MAX_FIGURES])
    return CheckedDraft(analysis.language, checked, max(0, len(found) - _MAX_FIGURES), sentences)


def _claimed_figures(text: str, analysis: Analysis) -> list[Statistic]:
    """The statistics of a draft, and its other numbers that claim something there: what a study would set aside as a
    small count or a span of time is a claim in a draft."""
    found = [one for one in analysis.statistics if not _YEAR.fullmatch(one.raw[:4]) or one.kind is not Kind.COUNT]
    found = [one for one in found if _claim_of(one) is not None]
    for number in analysis.rejected:
        sentence = next((span for span in analysis.sentences if span.overlaps(number.span)), None)
        if number.reason not in _CLAIMED or sentence is None or any(one.quote_span.overlaps(sentence) for one in found):
            continue
        quote = sentence.cut(text)
        stated = next(
            (
                one
                for one in read_statements(quote, evidence_of(text), text)
                if one.span.shifted(sentence.start).overlaps(number.span)
            ),
            None,
        )
        if stated is not None:
            found.append(_as_statistic(stated, quote, sentence))
    return found


def _as_statistic(stated: Stated, quote: str, sentence: Span) -> Statistic:
    return Statistic(
        "draft", "draft", stated.span.shifted(sentence.start), stated.raw, stated.value, stated.high,
        _KINDS[stated.measure], stated.unit, stated.comparator, stated.direction, None, None, None,
        " ".join(stated.speaker) or None, None, None, quote, sentence, sentence_language(quote),
    )  # fmt: skip


def judged(
    base: KnowledgeBase, figure: Statistic, near: Sequence[NearPassage], nearness: Nearness = _SET
) -> CheckedFigure:
    """What the base says of a figure whose sentence has these passages nearest to it."""
    claim = _claim_of(figure)
    candidates = _candidates(base, near, nearness, figure.quote)
    if claim is None:
        return CheckedFigure(figure, DraftVerdict.NOT_FOUND)
    names = _names_of(figure, claim)
    equal = [one for one in candidates if same_figure(claim, one.stated)]
    if equal:
        compared = [(one, differences(claim, one.stated, _around(base, one), names)) for one in equal]
        best, differs = min(compared, key=lambda pair: (len(pair[1]), -pair[0].score))
        finding = _finding_of(differs[0]) if differs else DraftVerdict.SUPPORTED
        return _found(base, figure, finding, best, tuple(differs))
    swapped = next((one for one in candidates if one.leads and other_unit(claim, one.stated)), None)
    if swapped is not None:
        return _found(
            base, figure, DraftVerdict.OTHER_UNIT, swapped, (ClaimDifference(ClaimPart.UNIT, swapped.stated.raw),)
        )
    rival = _rival(base, claim, candidates, names, nearness)
    if rival is not None:
        return _found(
            base, figure, DraftVerdict.CONTRADICTED, rival, (ClaimDifference(ClaimPart.VALUE, rival.stated.raw),)
        )
    return _nearest_only(base, figure, candidates)


def _finding_of(differ: ClaimDifference) -> DraftVerdict:
    """The finding of the weightiest difference; a claim that denies what its source affirms is contradicted."""
    if differ.part is ClaimPart.DENIAL and not differ.theirs:
        return DraftVerdict.CONTRADICTED
    return _OF_PART[differ.part]


def _claim_of(figure: Statistic) -> Stated | None:
    """The figure as its sentence states it."""
    start = figure.span.start - figure.quote_span.start
    stated = read_statements(figure.quote, evidence_of(figure.quote))
    return next((one for one in stated if one.span.start <= start + len(figure.raw) and start < one.span.end), None)


def _names_of(figure: Statistic, claim: Stated) -> list[str]:
    """The words of whom a claim names as its source."""
    return [word for word in (*claim.speaker, *(figure.source or "").lower().split()) if len(word) > 2]


def _candidates(base: KnowledgeBase, near: Sequence[NearPassage], nearness: Nearness, claim: str) -> list[_Candidate]:
    """The figures of the sentences that are about the same matter, the nearest first."""
    leading = _leading(base, near, claim)
    found = []
    for place, one in enumerate(near):
        text = base.store.document(one.passage.document_id).text
        for sentence, score in zip(one.passage.sentences, one.scores, strict=False):
            leads = place == leading and score >= _LED_SENTENCE
            if leads or score >= nearness.same_matter:
                stated = read_statements(sentence.cut(text), evidence_of(text), text)
                found += [_Candidate(each, one.passage, sentence, score, leads) for each in stated]
    return sorted(found, key=lambda each: -each.score)


def _leading(base: KnowledgeBase, near: Sequence[NearPassage], claim: str) -> int | None:
    """The passage that a claim is plainly about: far nearer than any of another document, or alone in bearing names
    of the claim; null where there is none."""
    names = names_in(claim)
    rows = []
    for place, one in enumerate(near):
        document = base.store.document(one.passage.document_id)
        there = names_in(f"{document.title or ''}. {one.passage.text}")
        shared = sum(any(alike(name, other) for other in there) for name in set(names))
        rows.append((shared, max(one.scores, default=0.0), place, document.id))
    if not rows:
        return None
    best = max(rows)
    others = [row for row in rows if row[3] != best[3]]
    named = best[0] > max((row[0] for row in others), default=0)
    if named and best[1] >= _NEAR_PASSAGE:
        return best[2]
    top = max(rows, key=lambda row: row[1])
    rest = max((row[1] for row in rows if row[3] != top[3]), default=0.0)
    return top[2] if top[1] >= _NEAR_PASSAGE and top[1] - rest >= _LEADS_BY else None


def _around(base: KnowledgeBase, one: _Candidate) -> Context:
    """Who is named in a sentence and last before it, who measured, and what its document is called."""
    document = base.store.document(one.passage.document_id)
    before: tuple[str, ...] = ()
    later: list[str] = []
    poles: set[Pole] = set()
    for span in one.passage.sentences:
        sentence = span.cut(document.text)
        if span.start < one.sentence.start:
            before = names_in(sentence) or before
        elif span.start > one.sentence.start:
            later += names_in(sentence)
            poles.update(*(each.poles for each in read_statements(sentence, evidence_of(document.text), document.text)))
    stored = _stored(base, one)
    source = names_in(stored.source) if stored and stored.source else ()
    return Context(
        names_in(one.sentence.cut(document.text)),
        before,
        source,
        tuple(later),
        document.title or "",
        one.passage.text,
        frozenset(poles),
    )


def _stored(base: KnowledgeBase, one: _Candidate) -> Statistic | None:
    """The statistic of the base that a candidate is, null for what it holds as no finding."""
    place = one.stated.span.shifted(one.sentence.start)
    stored = base.store.statistics(StatisticQuery(), passages=[one.passage.id])
    return next((each for each in stored if each.span.overlaps(place)), None)


def _rival(
    base: KnowledgeBase, claim: Stated, candidates: Sequence[_Candidate], names: Sequence[str], nearness: Nearness
) -> _Candidate | None:
    """The one comparable figure of a sentence that makes the same claim, of several the nearest in value; or null."""
    alone = []
    for sentence in dict.fromkeys(one.sentence for one in candidates):
        there = [one for one in candidates if one.sentence == sentence and measured_alike(claim, one.stated)]
        if not there or there[0].score < (_LED_CLAIM if there[0].leads else nearness.same_claim):
            continue
        around = _around(base, there[0])
        fits = [
            each
            for each in there
            if not {ClaimPart.YEAR, ClaimPart.SOURCE} & {d.part for d in differences(claim, each.stated, around, names)}
        ]
        if not fits:
            break  # the nearest that is said of it was measured elsewhere: whatever is further away decides nothing
        if len(fits) == 1:
            alone.append(fits[0])
    return min(alone, key=lambda one: abs(one.stated.value - claim.value), default=None)


def _nearest_only(base: KnowledgeBase, figure: Statistic, candidates: Sequence[_Candidate]) -> CheckedFigure:
    if not candidates:
        return CheckedFigure(figure, DraftVerdict.NOT_FOUND)
    best = candidates[0]
    document = base.store.document(best.passage.document_id)
    citation = cite_span(document, best.passage, best.sentence)
    return CheckedFigure(figure, DraftVerdict.NOT_FOUND, None, citation, nearest=True)


def _found(
    base: KnowledgeBase, figure: Statistic, finding: DraftVerdict, one: _Candidate, differs: tuple[ClaimDifference, ...]
) -> CheckedFigure:
    document = base.store.document(one.passage.document_id)
    evidence = _stored(base, one)
    citation = cite_span(document, one.passage, one.sentence)
    mine = (figure.span.shifted(-figure.quote_span.start),)
    return CheckedFigure(
        figure, finding, evidence, citation, differs, mine if differs else (), _marks(citation, one, differs, document)
    )


def _marks(
    citation: Citation, one: _Candidate, differs: Sequence[ClaimDifference], document: Document
) -> tuple[Span, ...]:
    """The characters of the quote that say it otherwise: the figure, and the words that a difference names."""
    if not differs:
        return ()
    offset = one.sentence.start - citation.span.start
    spans = {one.stated.span.shifted(offset)}
    for each in differs:
        at = citation.quote.lower().find(each.theirs.lower()) if each.theirs else -1
        if at >= 0:
            spans.add(Span(at, at + len(each.theirs)))
    return tuple(sorted(spans, key=lambda span: span.start))


def _as_quote(base: KnowledgeBase, span: Span, sentence: str) -> CheckedSentence:
    """A sentence without figures: where it stands in the base word for word, else unchecked."""
    for near in base.near_passages(sentence, 3):
        document = base.store.document(near.passage.document_id)
        judgement = judge(sentence.strip(" \"'“”«»"), None, near.passage.text, {})
        if judgement.verdict.accepted and judgement.span_found is not None:
            place = judgement.span_found.shifted(near.passage.span.start)
            return CheckedSentence(span, sentence, cite_span(document, near.passage, place))
    return CheckedSentence(span, sentence, None)
