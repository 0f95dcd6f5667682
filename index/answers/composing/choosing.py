"""Which of the evidence is given: as much as comes near enough to the best; the rest may be read beside it.

Owns where findings end, and what is said of an answer that is not quite what was asked. Makes no scores.
"""

from __future__ import annotations

from collections.abc import Sequence

from index.answers.deciding import Limits, belongs
from index.answers.pieces import Evidence, FoundFinding
from index.answers.question import QuestionReading
from kb.records.answer import FindingKind
from kb.records.language import Language
from kb.records.messages import Message, say

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
