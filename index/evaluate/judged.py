"""Judged retrieval sets on disk: a corpus, questions, and which passages answer them.

Owns the three files of the format (``corpus.jsonl``, ``queries.jsonl``, ``qrels.tsv``). Knows no search.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.records.document import parse_language
from kb.records.errors import InputError, SourceError
from kb.records.language import Language
from kb.records.messages import say


@dataclass(frozen=True, slots=True)
class JudgedText:
    """A passage or question of the set."""

    id: str
    language: Language
    text: str


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """``gold`` maps a question's id to the ids of the passages that answer it; others have no answer."""

    name: str
    passages: tuple[JudgedText, ...]
    questions: tuple[JudgedText, ...]
    gold: dict[str, frozenset[str]]

    def answerable(self) -> list[JudgedText]:
        """The questions that have an answer, in order."""
        return [question for question in self.questions if self.gold.get(question.id)]


def read_judged(folder: Path) -> JudgedSet:
    """The set in a folder; raises SourceError naming the file and line at fault."""
    passages = tuple(_texts(folder / "corpus.jsonl"))
    questions = tuple(_texts(folder / "queries.jsonl"))
    gold = _gold(folder / "qrels.tsv")
    known = {passage.id for passage in passages}
    strangers = sorted(set().union(*gold.values()) - known) if gold else []
    if strangers:
        raise SourceError(str(folder / "qrels.tsv"), say("names_which_is_not_in_corpus", name=strangers[0]))
    return JudgedSet(folder.name, passages, questions, gold)


def _texts(path: Path) -> Iterator[JudgedText]:
    for number, line in _lines(path):
        try:
            row: dict[str, Any] = json.loads(line)
            yield JudgedText(str(row["id"]), parse_language(row["lang"]), str(row["text"]))
        except (ValueError, KeyError, TypeError, AttributeError, InputError) as error:
            hint = say("each_line_is_id_lang_es")
            raise SourceError(
                say("line_of_file", path=path, number=number), say("is_not_a_row", error=error), hint
            ) from error


def _gold(path: Path) -> dict[str, frozenset[str]]:
    gold: dict[str, set[str]] = {}
    for number, line in _lines(path):
        fields = line.split("\t")
        if number == 1 and fields[0] == "query-id":
            continue
        if len(fields) != 3:
            raise SourceError(
                say("line_of_file", path=path, number=number),
                say("does_not_have_three_columns"),
                say("query_id_corpus_id_score"),
            )
        if fields[2].strip() not in ("0", "0.0"):
            gold.setdefault(fields[0], set()).add(fields[1])
    return {question: frozenset(passages) for question, passages in gold.items()}


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        hint = say("a_judged_set_is_a_folder")
        raise SourceError(str(path), say("cannot_be_read", error=error), hint) from error
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, line


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


SUPPORTED = "supported"
_NAMES = {"contradicted": "another_value"}
Check = Callable[[str], Sequence[str]]
"""A claim to the findings of its figures ("supported", "other_year" …)."""


@dataclass(frozen=True, slots=True)
class WrongVerdict:
    """A claim that was judged otherwise than it is."""

    id: str
    claim: str
    expected: str
    said: str


@dataclass(frozen=True, slots=True)
class DraftFigures:
    """How many claims there are, how many verdicts are right, how many false ones say "supported", and the wrong."""

    claims: int
    right: int
    false_supported: int
    wrong: tuple[WrongVerdict, ...]


def evaluate_drafts(rows: Iterable[dict[str, Any]], check: Check) -> DraftFigures:
    """The verdict on every claim: of several figures the first that is not supported."""
    claims, wrong = 0, []
    for row in rows:
        claims += 1
        said = _verdict_of(check(row["claim"]))
        if said != row["expected"]:
            wrong.append(WrongVerdict(row["id"], row["claim"], row["expected"], said))
    false = sum(one.said == SUPPORTED for one in wrong)
    return DraftFigures(claims, claims - len(wrong), false, tuple(wrong))


def _verdict_of(findings: Sequence[str]) -> str:
    """One verdict on a claim: "no_figures" where none was read."""
    names = [_NAMES.get(one, one.replace("other_", "another_")) for one in findings]
    return next((one for one in names if one != SUPPORTED), SUPPORTED if names else "no_figures")
