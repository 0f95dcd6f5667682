"""Options that several commands share."""

import os
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli import completing
from api.service.asking.filters import FilterRow, Shape, parameters
from api.service.asking.names import read_wording
from kb.records.language import Language

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
    """The decorator that gives a command an option for each of these filters, in the place of its parameter ``words``,
    which it is called with."""
    options = [
        one.replace(annotation=_option(row))
        for row, one in zip(rows, parameters(rows, _KINDS, {Shape.NAMES: []}), strict=True)
    ]

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def run(**given: object) -> None:
            words = {one.name: given.pop(one.name) for one in options}
            command(
                **given, words={name: tuple(word) if isinstance(word, list) else word for name, word in words.items()}
            )

        wanted = [
            one.replace(kind=Parameter.KEYWORD_ONLY) for one in signature(command, eval_str=True).parameters.values()
        ]
        taken = [new for one in wanted for new in (options if one.name == "words" else [one])]
        run.__signature__ = Signature(taken)  # type: ignore[attr-defined]
        run.__annotations__ = {one.name: one.annotation for one in taken}
        return run

    return decorate


def _spelt(row: FilterRow) -> tuple[str, ...]:
    """The names of an option, which what is yes or no has two of."""
    name = row.name.replace("_", "-")
    return (f"--{name}/--no-{name}",) if row.shape is Shape.FLAG else (f"--{name}",)


def _option(row: FilterRow) -> Any:
    offered = completing.one_of(row.known) if row.known else None
    return Annotated[_KINDS[row.shape], typer.Option(*_spelt(row), help=row.en, autocompletion=offered)]


_KINDS: Mapping[Shape, Any] = {
    Shape.NAMES: list[str],
    Shape.NAME: str | None,
    Shape.TEXT: str | None,
    Shape.YEAR: int | None,
    Shape.NUMBER: float | None,
    Shape.FLAG: bool | None,
}
