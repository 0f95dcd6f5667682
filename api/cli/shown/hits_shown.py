"""How hits look on a terminal: the document, the sentence that matched, why it is listed, its topics.

The labels are those of the page.
"""

from decimal import Decimal

from rich.text import Text

from api.cli.output import BOUND, Hanging, linked, messages, name_of, out, place_of
from api.service.schemas import SearchResponse
from api.words.formats import number
from api.words.wording import InterfaceWording
from kb.records.document import Passage
from kb.records.language import Language
from kb.records.messages import said
from kb.records.search import Hit, Why


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
