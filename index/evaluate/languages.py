"""The share of texts whose language is told right, over a file of texts with their language.

Knows no detector: it is handed in.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from kb.records.document import parse_language
from kb.records.errors import InputError
from kb.records.language import Language
from kb.records.messages import say


@dataclass(frozen=True, slots=True)
class LanguageMiss:
    """A text (its first 80 characters) told wrong."""

    text: str
    expected: Language
    told: Language


@dataclass(frozen=True, slots=True)
class DetectionFigures:
    """How many texts there were, how many were told right, the share (0 to 1), and each that was not."""

    texts: int
    right: int
    share: float
    misses: tuple[LanguageMiss, ...]


def evaluate_languages(lines: Iterable[str], tell: Callable[[str], Language]) -> DetectionFigures:
    """The figures for JSON lines with ``text`` and ``lang`` (or ``language``); InputError for a line that is none."""
    rows = [_row(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    if not rows:
        raise InputError(say("the_judged_set"), say("is_empty"), say("write_json_lines_with_text"))
    told = [(text, expected, tell(text)) for text, expected in rows]
    misses = tuple(LanguageMiss(text[:80], expected, found) for text, expected, found in told if found is not expected)
    right = len(rows) - len(misses)
    return DetectionFigures(len(rows), right, right / len(rows), misses)


def _row(number: int, line: str) -> tuple[str, Language]:
    try:
        fields = json.loads(line)
        return str(fields["text"]), parse_language(str(fields.get("lang") or fields["language"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            say("line_number", number=number), say("has_no_text_with_its_language"), say("write_text_and_lang")
        ) from error
