"""``kb search`` and ``kb ask``: questions to a base, and how hits look on a terminal, labelled as on the page."""

from decimal import Decimal
from typing import Annotated

import typer
from rich.text import Text

from api.cli import options
from api.cli.output import BOUND, Hanging, linked, messages, name_of, out, place_of, print_json
from api.cli.wiring import Wiring
from api.service.asking.filters import PASSAGES, FilterWords
from api.service.asking.names import read_wording
from api.service.schemas import SearchResponse
from api.settings import Settings
from api.words.formats import number
from api.words.wording import InterfaceWording
from kb.records.document import Passage
from kb.records.language import Language
from kb.records.messages import said
from kb.records.search import Hit, Query, Why


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
        from api.cli.commands.asking import print_hits

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


def print_hits(response: SearchResponse, language: Language) -> None:
    """A paragraph a hit; all but quotes in ``language``."""
    t = InterfaceWording(language)
    for note in response.notes:
        style = "yellow" if response.degraded and note == response.notes[0] else None
        messages.print(said(note, t.language), markup=False, style=style)
    for place, hit in enumerate(response.hits):
        if place:
            out.print()
        _print_hit(hit, t)
    if not response.hits:
        out.print(t("search.nothing"))


def _print_hit(hit: Hit, t: InterfaceWording) -> None:
    language = hit.passage.language
    coloured = (language.value, "yellow" if language is Language.ES else "cyan")
    named = Text.assemble((f"{hit.rank}.", "bold"), " ", coloured, " ", linked(hit.document, t.language))
    out.print(Hanging(named.append(place_of(hit.citation.places, t.language)), ""))
    out.print(Hanging(language.facts.quoted(hit.citation.quote)))
    if hit.also_in:
        others = "; ".join(name_of(document, t.language) for document in hit.also_in)
        out.print(Hanging(f"{t('card.also_in')} {others}"), style="dim")
    out.print(Hanging(f"{' · '.join(_why(hit.why, t))}{BOUND}· {hit.passage.id}"), style="dim")
    if topics := _topics(hit.passage, t):
        out.print(Hanging(f"{t('facet.topic')}: {topics}"), style="dim")


def _why(why: Why, t: InterfaceWording) -> list[str]:
    """Words in common, related words, and how near the passage and its nearest sentence are (cosine)."""
    words = (("why.words", ", ".join(why.words)), ("why.meanings", ", ".join(why.meanings)))
    near = (("why.meaning", _near(why.vector, t)), ("why.sentence", _near(why.sentence, t)))
    return [f"{t(key)}: {value}" for key, value in (*words, *near) if value]


def _near(value: float, t: InterfaceWording) -> str:
    return number(Decimal(str(round(value, 2))), t.language)


def _topics(passage: Passage, t: InterfaceWording) -> str:
    """The topics of a passage, each with its score, its sub-topics and the sentences that carry it."""
    told = []
    for given in passage.topics:
        label = given.topic.label(t.language)
        below = f" ({', '.join(given.subtopics)})" if given.subtopics else ""
        told.append(f"{label} {_near(given.score, t)}{below} ← {' … '.join(given.evidence) or t('why.learned')}")
    told += [f"{own.name} {_near(own.score, t)} ← {own.evidence[0]}" for own in passage.own_topics]
    return "; ".join(told)
