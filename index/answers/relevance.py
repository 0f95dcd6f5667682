"""How well each sentence of the passages found answers a question: several signals, one score.

Owns the signals and their weights (docs/answers.md says on what they were measured). Knows no store; whether
the best is good enough is ``index.answers.answering``'s to say.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from index.answers.asked_words import Asked, QuestionWording, coverage, rarity, wording_of
from index.answers.question import Purpose, QuestionReading, Wanted
from index.search.lexical import words_of
from index.search.searcher import Scored
from kb.records.answer import Difference, FindingKind
from kb.records.document import Document, Passage, Span
from kb.records.ports import FloatArray
from kb.records.statistic import Kind, Statistic


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters of a passage that are quoted; ``span`` counts in its document's text."""

    passage: Passage
    span: Span


@dataclass(frozen=True, slots=True)
class Evidence:
    """What may answer, from one document: a stretch of a passage, or the announcement and items of a list.

    ``fits`` says whether it has the figure or the list asked for, ``missing`` what the question names and the
    document lacks (words of the question, or a message for what has no word there), ``wording`` the share (0 to 1) of
    the question's telling words that its passage has.
    ``statistics`` are the figures inside its pieces, ``margin`` how much nearer its passage comes to the question than
    the null set does (null without a model), ``items`` how many things a list has, ``chance`` the probability (0 to 1)
    that its best sentence answers, as a judge says (null where none did).
    """

    scored: Scored
    document: Document
    pieces: tuple[Piece, ...]
    score: float
    fits: bool
    missing: tuple[str, ...]
    wording: float
    kind: FindingKind
    statistics: tuple[Statistic, ...] = ()
    margin: float | None = None
    items: int | None = None
    chance: float | None = None

    @property
    def passage(self) -> Passage:
        """The passage of its first piece."""
        return self.pieces[0].passage

    @property
    def span(self) -> Span:
        """The span of its first piece."""
        return self.pieces[0].span

    @property
    def text(self) -> str:
        """Its quotes, one a line."""
        return "\n".join(piece.span.cut(self.document.text) for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class FoundFinding:
    """One finding: the evidence that says it, best first, how many independent sources that makes, what differs from
    findings on the same subject with other figures, and how many further sources those have."""

    evidence: tuple[Evidence, ...]
    sources: int
    differs: tuple[Difference, ...] = ()
    against: int = 0


FITTING = {
    Wanted.SHARE: frozenset({Kind.PERCENT, Kind.FRACTION, Kind.RATIO}),
    Wanted.FACTOR: frozenset({Kind.MULTIPLIER, Kind.PERCENT, Kind.FRACTION}),
    Wanted.NUMBER: frozenset(Kind),
    Wanted.MONEY: frozenset({Kind.CURRENCY}),
    Wanted.TIME: frozenset({Kind.DURATION}),
}
_DEFINES = re.compile(
    r"\b(?:is|are) (?:the|a|an|what|when|how)\b|\bmeans?\b|\brefers to\b|\bwe call\b|\bis called\b|\bmeasures\b"
    r"|\b(?:es|son) (?:el|la|los|las|una?|cuando|lo que)\b|\bsignifica\b|\bconsisten? en\b|\bse llama\b|\bllamamos\b"
    r"|\bse entiende por\b|\bse define\b|\bdefinir\b|\bse refiere a\b|\bmide\b|^\W*\w[\w\s’'()-]{0,40}: ",
    re.IGNORECASE,
)
_REASONS = re.compile(
    r"\bbecause\b|\bsince\b|\btherefore\b|\bso that\b|\bthat is why\b|\breason\b|\bdue to\b|\bleads? to\b"
    r"|\bporque\b|\bya que\b|\bpuesto que\b|\bpor eso\b|\bdebido a\b|\bpor lo que\b|\braz[oó]n\b|\bcausa\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
# A capital that does not open the sentence; an acronym is none.
_NAMED = re.compile(r"(?<=[^.!?:•\s“«\"(] )[A-ZÁÉÍÓÚÑ][a-záéíóúñ]{2}[\w&.'’-]*")
# Two capitals in a row, and a capital inside a word, are a name wherever they stand ("Fred Reichheld", "PwC").
_SURELY_NAMED = re.compile(
    r"\b[A-ZÁÉÍÓÚÑ][a-záéíóúñ]{2,30} [A-ZÁÉÍÓÚÑ][a-záéíóúñ]{2,30}\b|\b[A-Z][a-z]{1,20}[A-Z]\w{0,20}"
)


# What a word that every passage found has still says: "technology" beside a name.
_LEAST_TELLING = 0.1


@dataclass(frozen=True, slots=True)
class Weights:
    """What each signal adds to a score.

    ``passage``, ``best`` and ``sentence`` weigh centred cosines (-1 to 1): of the passage, of its nearest
    sentence, of this one; ``beside`` that of the nearer neighbour. ``words``, ``around`` and ``heading`` weigh
    the share of the question's wording in the sentence, in its passage and in the headings above it.
    ``rank`` weighs where search put the passage, from 0 (middle of those found) to 1 (first). ``fits`` is added
    when the sentence has the figure asked for, ``form`` when it reads like a definition, a reason or a name
    that is asked for. ``judged`` weighs the log-odds that a judge gives. Taken off: ``lacks`` for the share of names
    that a passage lacks, ``missing`` where its document lacks one too, ``brief``.
    """

    passage: float = 0.3
    best: float = 0.2
    sentence: float = 0.4
    beside: float = 0.2
    words: float = 0.1
    around: float = 0.3
    heading: float = 0.2
    rank: float = 0.2
    fits: float = 0.2
    form: float = 0.05
    lacks: float = 0.2
    judged: float = 0.4
    missing: float = 0.25
    brief: float = 0.05


@dataclass(frozen=True, slots=True)
class AnswerCandidate:
    """A passage found, with everything that its sentences are weighed by; ``cosines`` one a sentence.

    ``likeness`` has the question's words (folded), each with how alike the most alike of the passage is to it
    (-1 to 1), and ``margin`` how much nearer it comes to the question than the null set does (-1 to 1, null without a
    model), as far as the model tells.
    """

    scored: Scored
    passage: Passage
    document: Document
    cosines: FloatArray
    statistics: Sequence[Statistic]
    likeness: Mapping[str, float] = field(default_factory=dict)
    margin: float | None = None

    @property
    def spans(self) -> tuple[Span, ...]:
        """Its sentences; the whole passage where it has none."""
        return self.passage.sentences or (self.passage.span,)


@dataclass(frozen=True, slots=True)
class Weighed:
    """A passage with the score of each of its sentences.

    ``wording`` is the share (0 to 1) of what the question says beyond names that the passage has, ``chances`` the
    probability (0 to 1) that each sentence answers and ``ranks`` the scores with it, both empty where no judge said so.
    """

    candidate: AnswerCandidate
    scores: tuple[float, ...]
    wording: float = 0.0
    chances: tuple[float, ...] = ()
    ranks: tuple[float, ...] = ()


def weigh_all(
    candidates: Sequence[AnswerCandidate], asked: Asked, reading: QuestionReading, weights: Weights
) -> list[Weighed]:
    """The candidates with a score for every sentence, in the same order."""
    named = frozenset(word for name in reading.names for word in words_of(name))
    sentences = [
        [wording_of(span.cut(one.document.text), one.passage.language) for span in one.spans] for one in candidates
    ]
    headings = [_heading_wording(one) for one in candidates]
    around = [
        asked.with_likeness(asked.met([*own, *above]), one.likeness)
        for one, own, above in zip(candidates, sentences, headings, strict=True)
    ]
    telling = rarity(asked.words, around)
    ranks = _ranks([one.scored.score for one in candidates])
    return [
        replace(
            _weighed(one, own, above, met, rank, asked, telling, reading, weights),
            wording=_beyond_names(met, telling, named),
        )
        for one, own, above, met, rank in zip(candidates, sentences, headings, around, ranks, strict=True)
    ]


def _heading_wording(candidate: AnswerCandidate) -> list[QuestionWording]:
    headings = candidate.passage.heading_path
    title = candidate.document.title
    lines = (*headings, title) if title and title not in headings else headings
    return [wording_of(line, candidate.passage.language) for line in lines]


def _weighed(
    one: AnswerCandidate,
    sentences: Sequence[QuestionWording],
    headings: Sequence[QuestionWording],
    around: Mapping[str, float],
    rank: float,
    asked: Asked,
    telling: Mapping[str, float],
    reading: QuestionReading,
    weights: Weights,
) -> Weighed:
    why = one.scored.why
    common = weights.passage * why.vector + weights.best * why.sentence
    common += weights.around * coverage(around, telling)
    common += weights.rank * rank + weights.heading * coverage(asked.met(headings), telling)
    scores = []
    for position, (span, words) in enumerate(zip(one.spans, sentences, strict=True)):
        text = span.cut(one.document.text)
        fit = has_figure(reading, span, one.statistics)
        score = common + weights.sentence * _at(one.cosines, position)
        score += weights.beside * max(
            _at(one.cosines, position - 1, position), _at(one.cosines, position + 1, position)
        )
        score += weights.words * coverage(asked.met([words]), telling)
        score += weights.fits * fit + weights.form * has_form(reading, text) - weights.brief * (len(text.split()) < 5)
        scores.append(score)
    return Weighed(one, tuple(scores))


def _beyond_names(met: Mapping[str, float], telling: Mapping[str, float], named: frozenset[str]) -> float:
    """The share of the question's wording that is met, its names left out; 1 where it has nothing but names."""
    words = {word: max(weight, _LEAST_TELLING) for word, weight in telling.items() if word not in named}
    return coverage({word: share for word, share in met.items() if word in words}, words) if words else 1.0


def has_figure(reading: QuestionReading, span: Span, statistics: Sequence[Statistic]) -> bool:
    """Whether the characters of ``span`` hold a figure of the kind that is asked for."""
    wanted = FITTING.get(reading.wanted)
    return wanted is not None and any(span.contains(one.span) and one.kind in wanted for one in statistics)


def has_form(reading: QuestionReading, text: str) -> bool:
    """Whether a sentence reads like what is asked for: a definition, a reason, a person or body, a year."""
    pattern = {
        Purpose.DEFINITION: _DEFINES,
        Purpose.REASON: _REASONS,
        Purpose.PERSON: _NAMED,
        Purpose.YEAR: _YEAR,
    }.get(reading.purpose)
    return pattern is not None and pattern.search(text) is not None


def names_in(text: str) -> list[str]:
    """The names in a sentence, but for a capital that only opens it."""
    return _NAMED.findall(text)


def people_in(text: str) -> list[str]:
    """The names in a sentence and those that open it: who may have done something."""
    return [*names_in(text), *_SURELY_NAMED.findall(text)]


def _at(cosines: FloatArray, position: int, otherwise: int | None = None) -> float:
    """A sentence's cosine; where there is no such sentence, that of ``otherwise``."""
    if 0 <= position < len(cosines):
        return float(cosines[position])
    return float(cosines[otherwise]) if otherwise is not None and otherwise < len(cosines) else 0.0


def _ranks(scores: Sequence[float]) -> list[float]:
    """Search scores from 0 (the median and below) to 1 (the best), whatever their scale."""
    if not scores:
        return []
    middle, top = float(np.median(scores)), max(scores)
    return [max(0.0, (score - middle) / (top - middle)) if top > middle else 1.0 for score in scores]
