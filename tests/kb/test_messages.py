"""The table of messages is complete, used and Spanish in Spanish; a message keeps what it was made of."""

from __future__ import annotations

import ast
import copy
import pickle
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from kb.records.errors import (
    BaseError,
    InputError,
    KnowledgeBaseError,
    ModelError,
    NoSpaceError,
    NotFoundError,
    ReadOnlyError,
    SourceError,
)
from kb.records.language import Language
from kb.records.messages import Message, name_of, restored, said, say, shortened, stored, together, told, wordings
from kb.records.operation import Job, JobFile, JobState
from kb.store.tables import columns

ROOT = Path(__file__).parents[2]
MODULES = sorted(path for room in ("kb", "ingest", "index", "api") for path in (ROOT / room).rglob("*.py"))
ERRORS = (SourceError, BaseError, NoSpaceError, ReadOnlyError, ModelError, InputError, NotFoundError)
# What is told to people: the arguments, by place or name, that must be messages.
TOLD: dict[str, tuple[int | str, ...]] = {
    **{one.__name__: (0, 1, 2, "thing", "reason", "hint") for one in ERRORS},
    "Repair": (0, 2, "thing", "what"),
    "SourceFailure": (2, 3, "reason", "hint"),
    "BrokenLine": (1, 2, "reason", "hint"),
    "Unusable": (0, "reason"),
    "Refusal": (1, "detail"),
    "FileReport": ("reason", "hint", "note"),
    "JobFile": ("reason", "hint", "note"),
}  # fmt: skip
# The same words in both languages: names, orders of columns, and what only joins other messages.
ALIKE = frozenset(
    [
        "and_also",
        "and_then",
        "as_a_sentence",
        "ingest",
        "langdetect",
        "line_of_file",
        "markdown",
        "model_file",
        "query_id_corpus_id_score",
        "reason_and_hint",
        "thing_and_reason",
        "thing_reason",
        "use_title_authors_publisher_published_url",
        "what",
        "with_base",
        "with_detail",
        "write_id_text",
    ]
)
ENGLISH = re.compile(
    r"\b(the|of|and|is|are|was|were|with|not|its|it|has|have|that|this|than|from|for|which|by|an|be|been|more|choose|"
    r"name|files|folder|path|write|save|check|make|give|add|again|cannot|could|holds)\b",
    re.IGNORECASE,
)
# What is typed or stands in a file as it is: commands, options, names of fields and files, what is quoted.
AS_IT_IS = re.compile(
    r'\{\w+[^{}]*\}|\{\{.*\}\}|kb [a-z -]+|git .*|pip [a-z -]+|--[\w-]+|"[^"]*"|\'[^\']*\'|\w+\.\w+|\w*_\w+'
)


@cache
def trees() -> list[tuple[Path, ast.Module]]:
    return [(path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))) for path in MODULES]


def said_at(tree: ast.Module) -> Iterator[tuple[ast.Call, str]]:
    """Every call of ``say`` with its code written out."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id != "say":
            continue
        if isinstance(node.args[0], ast.Constant):
            yield node, str(node.args[0].value)


def test_every_message_that_is_said_stands_in_the_table_with_its_fields() -> None:
    wrong = []
    for path, tree in trees():
        for call, code in said_at(tree):
            wording = wordings().get(code)
            if wording is None or wording.fields != {keyword.arg for keyword in call.keywords}:
                wrong.append(f"{path}:{call.lineno}: {code}")

    assert wrong == []


def test_every_message_of_the_table_is_said_somewhere() -> None:
    written = {
        node.value
        for _, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }

    assert sorted(wordings().keys() - written) == []


def test_what_is_told_to_people_is_said_by_code() -> None:
    """No words in the arguments of an error or a line of a report; names of settings and options are no words."""
    wrong = []
    for path, tree in trees():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in TOLD:
                continue
            places = TOLD[node.func.id]
            given = [one for number, one in enumerate(node.args) if number in places]
            given += [one.value for one in node.keywords if one.arg in places]
            wrong += [f"{path}:{node.lineno}: {text}" for one in given for text in words_in(one)]

    assert wrong == []


def words_in(node: ast.expr) -> list[str]:
    """The words that an argument writes out itself."""
    if isinstance(node, ast.IfExp):
        return [*words_in(node.body), *words_in(node.orelse)]
    if isinstance(node, ast.BoolOp):
        return [text for value in node.values for text in words_in(value)]
    if isinstance(node, ast.BinOp):
        return [*words_in(node.left), *words_in(node.right)]
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    text = "".join(str(one.value) for one in parts if isinstance(one, ast.Constant) and isinstance(one.value, str))
    return [text] if re.search(r"[a-z]{2}", text) and not text.startswith("--") else []


def test_spanish_is_spanish() -> None:
    """No message is left in English, nor an English word in a Spanish one."""
    left = [code for code, one in wordings().items() if one.en == one.es and code not in ALIKE]
    mixed = [
        f"{code}: {one.es}"
        for code, one in wordings().items()
        if code not in ALIKE and ENGLISH.search(AS_IT_IS.sub("", one.es))
    ]

    assert left == []
    assert mixed == []


def test_a_message_is_its_english_sentence_and_says_the_spanish_one() -> None:
    message = say("is_larger_than_mb", megabytes=64)

    assert (message, message.code, dict(message.fields)) == (
        "is larger than 64 MB",
        "is_larger_than_mb",
        {"megabytes": 64},
    )
    assert (message.said(Language.EN), message.said(Language.OTHER)) == (message, message)
    assert message.said(Language.ES) == "ocupa más de 64 MB"
    assert said("report.pdf", Language.ES) == "report.pdf"


def test_a_message_in_a_field_is_said_in_its_language() -> None:
    message = say("is_which_is_not_read", what=say("an_image"))

    assert (message, message.said(Language.ES)) == ("is an image, which is not read", "es una imagen, que no se lee")
    assert not message.in_english_only()
    assert say("is_which_is_not_read", what=Message("a thing")).in_english_only()
    assert say("none_is_in_language", language=name_of(Language.ES)).said(Language.ES) == "ninguno está en español"


def test_long_numbers_have_the_mark_of_the_language() -> None:
    message = say("holds_more_than_blocks_or_characters", blocks=200_000, characters=20_000_000)

    assert message == "holds more than 200,000 blocks or 20,000,000 characters"
    assert message.said(Language.ES) == "contiene más de 200.000 bloques o 20.000.000 caracteres"


@pytest.mark.parametrize(
    ("code", "fields", "error"),
    [("no_such_code", {}, LookupError), ("is_empty", {"name": "a"}, ValueError), ("is_larger_than_mb", {}, ValueError)],
)
def test_what_is_no_message_is_refused_at_once(code: str, fields: dict[str, str], error: type[Exception]) -> None:
    with pytest.raises(error, match=code):
        say(code, **fields)


def test_an_error_is_one_message() -> None:
    error = InputError(say("query"), say("is_empty"), say("ask_a_shorter_question"))

    assert str(error) == "query: is empty. Ask a shorter question"
    assert said(told(error), Language.ES) == "la consulta: está vacío. Haga una pregunta más corta"
    assert str(KnowledgeBaseError("", "is empty")) == "is empty"
    assert told(ValueError("plain words")) == "plain words"
    assert said(say("cannot_be_read_again", error=error), Language.ES).endswith(said(told(error), Language.ES))


def test_parts_become_one_message() -> None:
    assert together(None, "") is None
    both = together(say("is_empty"), None, say("holds_no_text"))
    assert both is not None
    assert (both, both.said(Language.ES)) == ("is empty; holds no text", "está vacío; no contiene texto")


def test_a_message_outlives_being_copied_and_kept() -> None:
    message = say("is_wrongly_named_the_name_says", named=say("a_pdf"), found="?")

    for again in (pickle.loads(pickle.dumps(message)), copy.deepcopy(message), restored(stored(message))):  # noqa: S301
        assert (again, again.said(Language.ES)) == (message, message.said(Language.ES))
    assert restored("words of an earlier version") == Message("words of an earlier version")
    assert restored({"text": "old words", "code": "no_longer_a_code", "fields": {}}).said(Language.ES) == "old words"
    assert shortened("x" * 300) == "x" * 200 + "…"


def test_a_job_keeps_its_messages_in_the_base() -> None:
    """In English where every earlier version reads it, with its code beside; rows without a code stay readable."""
    hint = say("split_it_into_parts")
    file = JobFile("a.pdf", "failed", reason=say("is_which_is_not_read", what=say("an_image")), hint=hint)
    job = Job("j1", JobState.FAILED, datetime(2026, 1, 31, tzinfo=UTC), 1, files=(file,), error=say("is_encrypted"))

    row = columns.JOB.dump(job)
    read = columns.JOB.load(row)

    assert read == job
    assert [said(one or "", Language.ES) for one in (read.files[0].reason, read.files[0].hint, read.error)] == [
        "es una imagen, que no se lee",
        "Divídalo en partes",
        "está cifrado",
    ]
    old = columns.JOB.load(row.partition(',"told"')[0] + "}")
    assert old == job
    assert said(old.error or "", Language.ES) == "is encrypted"


@pytest.mark.parametrize("kept", ['{"files.7.reason": {}}', '["error"]', '{"nothing": "x"}'])
def test_a_job_with_damaged_codes_is_no_whole_record(kept: str) -> None:
    row = columns.JOB.dump(Job("j1", JobState.QUEUED, datetime(2026, 1, 31, tzinfo=UTC), 1))

    with pytest.raises(ValueError, match="is not a complete record"):
        columns.JOB.load(f'{row[:-1]},"told":{kept}}}')
