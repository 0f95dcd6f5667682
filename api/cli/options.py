"""Options that several commands share, and the words that a shell completes them with."""

import os
from collections.abc import Callable, Iterable
from inspect import Parameter
from pathlib import Path
from typing import Annotated

import typer

from api.service.asking.filters import FilterRow, Shape, narrowed_by
from api.service.asking.names import read_wording
from ingest.text.clean import RULE_NAMES
from kb.citing.citation_words import Style
from kb.records.language import Language
from kb.records.operation import Scope
from kb.records.source import RECORD_FIELDS
from kb.records.statistic import Kind
from kb.records.topics import SubTopic, Topic

BaseOption = Annotated[
    Path | None, typer.Option("--base", help="Folder of the base.", show_default="KB_BASE or ./kb-base")
]
JsonOption = Annotated[bool, typer.Option("--json", help="The same facts as JSON on stdout.")]
WordingOption = Annotated[
    str | None,
    typer.Option(
        help="es or en: the words around the quotes, never the quotes. [default: that of the question, else LANG]"
    ),
]
LimitOption = Annotated[int, typer.Option(min=1, max=100, help="How many at most.")]


def wording_of(named: str | None, words: str | None) -> Language:
    """The language of what is said around quotes: the one that is named, else that of the words that are asked for
    where they are three or more, else of the terminal (LC_ALL, LC_MESSAGES, LANG), else English. InputError for a name
    that is none."""
    if named is not None:
        return read_wording(named)
    from ingest.text.detect import text_language

    # Of one or two words it is a guess: "loyalty" is taken for Spanish.
    if words and len(words.split()) > 2 and (language := text_language(words)) is not Language.OTHER:
        return language
    spoken = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return Language.ES if spoken.startswith("es") else Language.EN


def filtered_by(rows: Iterable[FilterRow]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The decorator that gives a command an option for each of these filters, in the place of ``words``."""
    return narrowed_by(rows, _option)


def _spelt(row: FilterRow) -> tuple[str, ...]:
    """The names of an option, which what is yes or no has two of."""
    name = row.name.replace("_", "-")
    return (f"--{name}/--no-{name}",) if row.shape is Shape.FLAG else (f"--{name}",)


def _option(row: FilterRow, plain: Parameter) -> Parameter:
    offered = one_of(row.known) if row.known else None
    kind, default = (list[str], []) if row.shape is Shape.NAMES else (plain.annotation, plain.default)
    option = typer.Option(*_spelt(row), help=row.en, autocompletion=offered)
    return plain.replace(default=default, annotation=Annotated[kind, option])


_Complete = Callable[[str], list[str]]


def one_of(words: Iterable[str]) -> _Complete:
    """What offers those of the words that begin as it was typed."""
    known = tuple(words)

    def complete(incomplete: str) -> list[str]:
        return [word for word in known if word.startswith(incomplete.lower())]

    return complete


topics = one_of(topic.value for topic in Topic)
subtopics = one_of(subtopic.value for subtopic in SubTopic)
languages = one_of(language.value for language in Language)
wordings = one_of((Language.ES.value, Language.EN.value))
kinds = one_of(kind.value for kind in Kind)
styles = one_of(style.value for style in Style)
scopes = one_of(scope.value for scope in Scope)
exports = one_of(("documents", "passages", "statistics", "answer"))
cleaning_rules = one_of(("all", "none", *RULE_NAMES))
export_formats = one_of(("jsonl", "md", "docx", "xlsx", "csv"))
record_fields = one_of(RECORD_FIELDS)
