"""``kb search``, ``kb ask``, ``kb stats``: questions to a base."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli import options
from api.cli.output import print_answer, print_hits, print_json, print_statistics
from api.cli.wiring import Wiring
from api.filters import make_filters, make_statistic_query
from api.settings import Settings
from kb.language import parse_language
from kb.search import Query


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("search")(search)
    app.command("ask")(ask)
    app.command("stats")(stats)


def search(
    query: Annotated[str, typer.Argument(help="Words or a question, in Spanish or English.")],
    topic: options.TopicOption = [],
    language: options.LanguageOption = [],
    year_from: options.YearFromOption = None,
    year_to: options.YearToOption = None,
    source: options.SourceOption = [],
    has_statistic: Annotated[bool | None, typer.Option(help="Only passages with (or without) a statistic.")] = None,
    limit: options.LimitOption = 10,
    base: options.BaseOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Passages in both languages, with the sentence that matched.

    Example: kb search "customer effort" --language es --limit 5
    """
    filters = make_filters(topic, language, year_from, year_to, source, has_statistic)
    response = Wiring(Settings(), base).knowledge_base().search(Query(query, filters, limit))
    if as_json:
        print_json(response)
    else:
        print_hits(response)


def ask(
    question: Annotated[str, typer.Argument(help="A question, in Spanish or English.")],
    answer_language: Annotated[
        str | None, typer.Option(help="es or en: the words around the quotes, never the quotes.")
    ] = None,
    topic: options.TopicOption = [],
    language: options.LanguageOption = [],
    year_from: options.YearFromOption = None,
    year_to: options.YearToOption = None,
    source: options.SourceOption = [],
    base: options.BaseOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """An answer in sentences of the sources, each with its citation, or "no evidence".

    Example: kb ask "¿Qué métricas son esenciales para medir la experiencia de cliente?"
    """
    filters = make_filters(topic, language, year_from, year_to, source)
    wanted = None if answer_language is None else parse_language(answer_language)
    answer = Wiring(Settings(), base).knowledge_base().answer(question, wanted, filters)
    if as_json:
        print_json(answer)
    else:
        print_answer(answer)


def stats(
    query: Annotated[str | None, typer.Argument(help="What the figures should be about.")] = None,
    kind: Annotated[str | None, typer.Option(help="percent, fraction, ratio, multiplier, count, currency …")] = None,
    topic: Annotated[str | None, typer.Option(help="Only this topic.")] = None,
    language: Annotated[str | None, typer.Option(help="Only es, en or other.")] = None,
    minimum: Annotated[float | None, typer.Option("--min", help="Least value; percentages as fractions: 0.5.")] = None,
    maximum: Annotated[float | None, typer.Option("--max", help="Greatest value.")] = None,
    year_from: Annotated[int | None, typer.Option(help="Year of the study or later.")] = None,
    year_to: Annotated[int | None, typer.Option(help="Year of the study or earlier.")] = None,
    source: Annotated[str | None, typer.Option(help="Who measured it (part of the name).")] = None,
    has_sample_size: Annotated[bool | None, typer.Option(help="Only with (or without) a sample size.")] = None,
    limit: options.LimitOption = 50,
    base: options.BaseOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Statistics with what they say, who measured them, and the sentence they stand in.

    Example: kb stats "personalización" --kind percent --min 0.5
    """
    asked = make_statistic_query(
        query, kind, topic, language, minimum, maximum, year_from, year_to, source, has_sample_size, limit
    )
    response = Wiring(Settings(), base).knowledge_base().statistics(asked)
    if as_json:
        print_json(response)
    else:
        print_statistics(response)
