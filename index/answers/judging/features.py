"""What a question and the passages found for it look like, as numbers: a row for each sentence.

Owns the signals and their names, in the order in which the fitted judge takes them: how the sentence stands to the
question, never which document it is of. What the vectors of tokens, titles, headings and the rank of a search say
helped over one base and misled over others (docs/answers.md). Decides nothing; knows no store.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index.answers.anchors import Anchor, missing_from
from index.answers.asked_words import Asked, QuestionWording, coverage, rarity, wording_of
from index.answers.question import Purpose, QuestionReading, Wanted, numbers_in
from index.answers.relevance import FITTING, AnswerCandidate, Weighed, has_figure, has_form, people_in
from index.search.lexical import folded
from kb.records.document import Span
from kb.records.language import Language
from kb.records.ports import FloatArray

# Passages judged, the best by their score: what comes after them is as good as never quoted.
POOL = 12
# What a reader of question and sentences says (index.model.heads.answer_reader): the log-odds, also beside the best of
# all and of its passage.
READ_NAMES = ("read", "read_behind", "read_inside")
# By what else a sentence is judged.
SENTENCE_NAMES = (
    # the question and its passage
    "around", "lost_around", "same_language", "asked_words", "numbers",
    "wants_figure", "wants_list", "wants_form", "wants_person", "wants_year",
    # score, vector and words, also beside the best of all and of its passage
    "score", "score_behind", "score_inside", "cosine", "cosine_behind", "cosine_inside", "cosine_before",
    "cosine_after",
    "words", "words_behind", "own_words",
    # the form asked for and the form found
    "numbers_met", "fits", "has_statistic", "has_number", "form", "people", "counted", "thing",
    "length", "position", "last", "asks", "colon",
)  # fmt: skip
# What only the question as a whole is judged by: what is named and lacking, and how near the nearest comes.
NAMES = (
    *READ_NAMES, *SENTENCE_NAMES,
    "names", "names_missing", "names_lacking", "margin", "best_margin", "lost_document", "lost_here",
)  # fmt: skip
_BEHIND = {
    "read": ("read_behind", "read_inside"),
    "score": ("score_behind", "score_inside"),
    "cosine": ("cosine_behind", "cosine_inside"),
    "words": ("words_behind", None),
}


@dataclass(frozen=True, slots=True)
class Case:
    """A question with the passages found for it, scored by words and vectors, and all that they are judged by."""

    reading: QuestionReading
    asked: Asked
    anchors: Sequence[Anchor]
    weighed: Sequence[Weighed]

    def pool(self) -> list[int]:
        """The places of the passages that are judged, best first."""
        best = [max(one.scores) for one in self.weighed]
        return sorted(range(len(best)), key=lambda place: (-best[place], place))[:POOL]


@dataclass(frozen=True, slots=True)
class _Seen:
    """A passage by the question's words: those of its sentences, of what stands above it, and how both are met."""

    weighed: Weighed
    own: Sequence[QuestionWording]
    above: Sequence[QuestionWording]
    around: Mapping[str, float]


def features(case: Case, read: Sequence[FloatArray] | None = None) -> list[FloatArray]:
    """For each passage of the pool the signals of its sentences, float32 (sentences, len(NAMES)), finite; ``read`` has
    for each passage of the pool what a reader says of its sentences, 0 where there is none."""
    seen = [_seen(case.weighed[place], case.asked) for place in case.pool()]
    telling = rarity(case.asked.words, [one.around for one in seen])
    question = _of_question(case)
    tables = []
    for one in seen:
        common = {**question, **_of_passage(case, one, telling)}
        rows = [
            {**common, **_of_sentence(case, one, row, span, telling)}
            for row, span in enumerate(one.weighed.candidate.spans)
        ]
        tables.append(np.array([[row.get(name, 0.0) for name in NAMES] for row in rows], np.float32))
    return [np.nan_to_num(table, nan=0.0, posinf=0.0, neginf=0.0) for table in set_read(tables, read)]


def set_read(tables: Sequence[FloatArray], read: Sequence[FloatArray] | None) -> Sequence[FloatArray]:
    """The tables with what a reader says, and with how far all lies behind the best."""
    for table, odds in zip(tables, read or (), strict=read is not None):
        table[:, NAMES.index("read")] = odds
    for name, (behind, inside) in _BEHIND.items():
        _set_behind(tables, name, behind, inside)
    return tables


def as_read(one: AnswerCandidate) -> tuple[str, tuple[str, ...]]:
    """A passage as a reader is shown it: what stands above it, and its sentences."""
    above = dict.fromkeys(line for line in (*one.passage.heading_path[-1:], one.document.title) if line)
    return ". ".join(above), tuple(span.cut(one.document.text) for span in one.spans)


def _seen(weighed: Weighed, asked: Asked) -> _Seen:
    one = weighed.candidate
    own = [wording_of(span.cut(one.document.text), one.passage.language) for span in one.spans]
    above = [wording_of(line, one.passage.language) for line in _lines(one)]
    return _Seen(weighed, own, above, asked.with_likeness(asked.met([*own, *above]), one.likeness))


def _lines(one: AnswerCandidate) -> list[str]:
    return [*one.passage.heading_path, one.document.title or ""]


def _of_question(case: Case) -> dict[str, float]:
    reading = case.reading
    return {
        "asked_words": len(case.asked.words),
        "names": len(case.anchors),
        "numbers": len(reading.figures) + len(reading.years),
        "wants_figure": reading.wanted in FITTING,
        "wants_list": reading.wanted is Wanted.LIST,
        "wants_form": reading.purpose in (Purpose.DEFINITION, Purpose.REASON),
        "wants_person": reading.purpose is Purpose.PERSON,
        "wants_year": reading.purpose is Purpose.YEAR,
        "best_margin": max((one.candidate.margin or 0.0 for one in case.weighed), default=0.0),
    }


def _of_passage(case: Case, seen: _Seen, telling: Mapping[str, float]) -> dict[str, float]:
    one, asked = seen.weighed.candidate, case.asked
    document, passage = one.document, one.passage
    whole = asked.met([wording_of(document.text, passage.language), *seen.above])
    near = (document.text, *_lines(one), document.published or "")
    return {
        "margin": one.margin or 0.0,
        "around": coverage(seen.around, telling),
        "lost_around": _lost(seen.around, telling),
        "lost_document": _lost(whole, telling),
        "names_missing": len(missing_from(case.anchors, *near)),
        "same_language": 0.5 if asked.language is Language.OTHER else asked.language is passage.language,
    }


def _of_sentence(case: Case, seen: _Seen, row: int, span: Span, telling: Mapping[str, float]) -> dict[str, float]:
    one, asked, reading = seen.weighed.candidate, case.asked, case.reading
    text, words = span.cut(one.document.text), seen.own[row]
    met, with_heading = asked.met([words]), asked.met([words, *seen.above])
    numbers = numbers_in(text)
    wanted = [*map(str, reading.years), *reading.figures]
    lacking = missing_from(case.anchors, text, *_lines(one), one.document.published or "")
    return {
        "score": seen.weighed.scores[row],
        "cosine": _at(one.cosines, row),
        "cosine_before": _at(one.cosines, row - 1),
        "cosine_after": _at(one.cosines, row + 1),
        "words": coverage(met, telling),
        "lost_here": _lost(with_heading, telling),
        "own_words": len(met) / max(len(words.words), 1),
        "names_lacking": len(lacking) / max(len(case.anchors), 1),
        "numbers_met": sum(number in numbers for number in wanted) / max(len(wanted), 1),
        "fits": has_figure(reading, span, one.statistics),
        "has_statistic": any(span.contains(found.span) for found in one.statistics),
        "has_number": bool(numbers),
        "form": has_form(reading, text),
        "people": bool(people_in(text)),
        "counted": reading.counted is not None and folded(reading.counted) in with_heading,
        "thing": any(folded(word) in with_heading for word in (*reading.asked, *reading.things)),
        "length": float(np.log1p(len(text.split()))),
        "position": row / len(one.spans),
        "last": row == len(one.spans) - 1,
        "asks": text.rstrip().endswith("?"),
        "colon": text.rstrip().endswith(":"),
    }


def _lost(met: Mapping[str, float], telling: Mapping[str, float]) -> float:
    """How telling (0 to 1) the most telling word of the question is that is not met."""
    return max((weight * (1 - met.get(word, 0.0)) for word, weight in telling.items()), default=0.0)


def _at(cosines: FloatArray, position: int) -> float:
    return float(cosines[position]) if 0 <= position < len(cosines) else 0.0


def _set_behind(tables: Sequence[FloatArray], name: str, behind: str, inside: str | None) -> None:
    """How far each sentence lies behind the best of all, and behind the best of its passage."""
    column = NAMES.index(name)
    best = max((float(table[:, column].max()) for table in tables), default=0.0)
    for table in tables:
        table[:, NAMES.index(behind)] = best - table[:, column]
        if inside is not None:
            table[:, NAMES.index(inside)] = table[:, column].max() - table[:, column]
