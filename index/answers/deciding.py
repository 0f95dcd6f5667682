"""Whether evidence is an answer: the limits, and what the question names that the evidence lacks.

"No evidence" is decided here, from names, places, years and figures first and from nearness last. Knows no store.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.answers.anchors import Anchor, missing_from
from index.answers.asked_words import UNLIKE, Asked, wording_of
from index.answers.question import Purpose, QuestionReading, numbers_in
from index.answers.relevance import FITTING, AnswerCandidate, Evidence, names_in, people_in
from index.search.lexical import folded, has_content
from kb.records.answer import FindingKind
from kb.records.document import Span
from kb.records.language import Language
from kb.records.messages import say

# What is missing where the question asks who did something and no other name is said.
_WHO = say("who_it_was")
_WITH_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")


@dataclass(frozen=True, slots=True)
class Limits:
    """Where evidence begins and ends, as calibrated by ``kb evaluate answers`` (docs/answers.md).

    ``answers`` is the least probability that the passages answer, as a judge says, ``outvotes`` the least where the
    checks say no, ``far`` where no passage has the margin either; a further finding has at least ``likely`` of the
    best's probability. ``margin`` is how much nearer the nearest passage must come to the question than the null set
    does, ``own`` the same for the passage of the best evidence, which may lie at most ``behind`` what lacks something.
    Without a model, words decide: ``enough`` is the least score of an answer, ``unmet`` that of one whose passage has
    not ``wording`` (0 to 1) of the question. A passage that has only its names answers never. ``near`` is how far below
    the best a further finding may lie, ``near_figure`` the same for figures and lists; one further below than ``close``
    needs ``share`` of the best's wording, or ``nearness`` of the cosine of the best's nearest sentence.
    ``beside`` is how much less than the sentence its neighbour may score to be quoted with it, ``beside_figure``
    the same for a neighbour with another figure. ``pool`` passages are weighed, at most ``findings`` given; a quote
    longer than ``characters`` is cut back to fewer sentences.
    """

    pool: int = 40
    answers: float = 0.2
    outvotes: float = 0.7
    far: float = 0.9
    likely: float = 0.7
    margin: float = 0.13
    own: float = 0.06
    behind: float = 0.35
    enough: float = 0.4
    unmet: float = 0.5
    wording: float = 0.03
    near_figure: float = 0.25
    near: float = 0.4
    close: float = 0.1
    share: float = 0.8
    nearness: float = 1.0
    beside: float = 0.25
    beside_figure: float = 0.15
    findings: int = 5
    characters: int = 700


def lacking_of(
    one: AnswerCandidate,
    span: Span,
    anchors: Sequence[Anchor],
    reading: QuestionReading,
    asked: Asked,
    language: Language = Language.OTHER,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the question (in this language) names that the passage lacks, and what its whole document lacks."""
    document = one.document
    known = (document.title, document.published, document.publisher, *document.authors)
    near = (one.passage.text, *one.passage.heading_path, *(field for field in known if field))
    lacking = missing_from(anchors, *near)
    missing = missing_from([anchor for anchor in anchors if anchor.written in lacking], one.document.text, *near)
    if reading.measure and reading.measure in asked.words:
        met = asked.met([wording_of(one.passage.text, one.passage.language)])
        missing = missing if reading.measure in met else (*missing, reading.measure)
    missing = (*missing, *_not_counted(one, reading, asked, language), *_not_spoken_of(one, reading, asked))
    held = numbers_in(span.cut(one.document.text))
    missing = (*missing, *(figure for figure in reading.figures if figure not in held))
    if reading.by_name and not _another(people_in(span.cut(one.document.text)), anchors):
        missing = (*missing, _WHO)
    if reading.beyond and not _another(names_in(span.cut(one.document.text)), anchors):
        missing = (*missing, *(say("anything_besides", name=name) for name in reading.beyond))
    return lacking, missing


def _not_counted(one: AnswerCandidate, reading: QuestionReading, asked: Asked, language: Language) -> tuple[str, ...]:
    """What the question counts, where the passage is in its language and says nothing of it."""
    if reading.counted is None or folded(reading.counted) not in asked.words or one.passage.language is not language:
        return ()
    met = asked.met([wording_of(one.passage.text, language)])
    return () if folded(reading.counted) in met else (reading.counted,)


def _not_spoken_of(one: AnswerCandidate, reading: QuestionReading, asked: Asked) -> tuple[str, ...]:
    """The thing that is asked for, where neither the passage nor what stands above it has a word like it; nothing where
    the model cannot tell."""
    words = [folded(word) for word in reading.asked]
    if not words or not all(word in asked.words and word in one.likeness for word in words):
        return ()
    language = one.passage.language
    near = (one.passage.text, *one.passage.heading_path, one.document.title or "")
    met = asked.met([wording_of(text, language) for text in near])
    return () if any(word in met or one.likeness[word] >= UNLIKE for word in words) else reading.asked


def _another(names: Sequence[str], anchors: Sequence[Anchor]) -> bool:
    """Whether one of these names is not the question's."""
    return any(missing_from([Anchor(name, (name.casefold(),))], *_written(anchors)) for name in names)


def _written(anchors: Sequence[Anchor]) -> list[str]:
    return [form for anchor in anchors for form in anchor.forms]


def asks_something(question: str, reading: QuestionReading) -> bool:
    """Whether the question has a word that can be looked for, beyond function words and marks."""
    return bool(reading.names or reading.years or reading.figures or has_content(question))


def enough(best: Evidence, every: Sequence[Evidence], reading: QuestionReading, limits: Limits) -> bool:
    """Whether the best evidence is an answer: nearer by enough than the null set, or without a model by its words.

    ``every`` is all that was weighed, what lacks something too.
    """
    if max(one.score for one in every) - best.score > limits.behind:
        return False
    margins = [one.margin for one in every if one.margin is not None]
    if margins and best.margin is not None:
        return max(margins) >= limits.margin and best.margin >= limits.own
    if best.score < limits.enough or best.wording >= limits.wording:
        return best.score >= limits.enough
    return not reading.names and best.score >= limits.unmet


def least_chance(every: Sequence[Evidence], limits: Limits, *, checked: bool) -> float:
    """How likely (0 to 1) a judge has to find it that the passages answer, the checks having said so or not.

    What the question names may be said otherwise, so a judge outvotes the checks where it is sure. Of what is off any
    subject of the base it has to be surer: one fitted on no such question gave "Why is the sky blue?" .75.
    """
    if checked:
        return limits.answers
    return limits.outvotes if any((one.margin or 0.0) >= limits.margin for one in every) else limits.far


def belongs(further: Evidence, best: Evidence, limits: Limits) -> bool:
    """Whether further evidence is near enough to the best to be given beside it, and by the judge not far less likely;
    what lacks something never stands beside what lacks nothing.

    Words that merely share one with the question score well enough by their passage; so unless it comes ``close``, a
    further finding has its share of the question's telling words, or a sentence about as near as the best has.
    """
    behind = best.score - further.score
    if best.chance is not None and further.chance is not None and further.chance < limits.likely * best.chance:
        return False
    if bool(further.missing) > bool(best.missing):
        return False
    if best.kind is not FindingKind.TEXT:
        return behind <= limits.near_figure
    if behind <= limits.close:
        return True
    told = further.wording >= limits.share * best.wording
    return behind <= limits.near and (told or further.scored.why.sentence >= limits.nearness * best.scored.why.sentence)


def qualifies(evidence: Evidence, reading: QuestionReading, limits: Limits) -> bool:
    """With the form that was asked for, nothing of what the question names missing, and something of what it says
    beyond names."""
    if evidence.missing or (reading.names and evidence.wording < limits.wording):
        return False
    return as_asked(evidence, reading)


def as_asked(evidence: Evidence, reading: QuestionReading) -> bool:
    """Whether it has the figure, the list or the year that is asked for."""
    if reading.purpose is Purpose.YEAR and not _WITH_YEAR.search(evidence.text):
        return False
    return evidence.fits or reading.wanted not in FITTING
