"""``kb search`` and ``kb ask``: questions to a base."""

from typing import Annotated

import typer

from api.cli import options
from api.cli.output import messages, print_json
from api.cli.wiring import Wiring
from api.service.asking.filters import PASSAGES, FilterWords
from api.service.asking.names import read_wording
from api.settings import Settings
from kb.records.search import Query


@options.filtered_by(PASSAGES)
def search(
    query: Annotated[str, typer.Argument(help="Words or a question, in Spanish or English.")],
    words: FilterWords,
    limit: options.LimitOption = 10,
    base: options.BaseOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Passages in both languages, with the sentence that matched.

    Example: kb search "customer effort" --language es --limit 5
    """
    knowledge_base = Wiring(Settings(), base).knowledge_base()
    filters = knowledge_base.filters(words)
    response = knowledge_base.search(Query(query, filters, limit))
    if as_json:
        print_json(response)
    else:
        from api.cli.shown.hits_shown import print_hits

        print_hits(response, options.wording_of(None, query))


@options.filtered_by(PASSAGES)
def ask(
    question: Annotated[str, typer.Argument(help="A question, in Spanish or English.")],
    words: FilterWords,
    answer_language: Annotated[
        str | None, typer.Option(help="es or en: the words around the quotes, never the quotes.")
    ] = None,
    base: options.BaseOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """An answer in sentences of the sources, each with its citation, or "no evidence".

    Example: kb ask "¿Qué métricas son esenciales para medir la experiencia de cliente?"
    """
    knowledge_base = Wiring(Settings(), base).knowledge_base()
    filters = knowledge_base.filters(words)
    wanted = None if answer_language is None else read_wording(answer_language)
    answer = knowledge_base.answer(question, wanted, filters)
    if degraded := knowledge_base.degraded():
        messages.print(degraded, style="yellow", markup=False)
    if as_json:
        print_json(answer)
    else:
        from api.cli.shown.answer_shown import print_answer

        print_answer(answer, knowledge_base.records.languages_of(answer.citations))
