"""How statistics look on a terminal: the figure as said, its sentence, what is known, its places, what to narrow by.

The labels are those of the page. Values to narrow by are shown as they are typed.
"""

from rich.text import Text

from api.cli.output import BOUND, Hanging, linked, out, place_of
from api.service.genealogy import ClaimPlace, FigureHistory
from api.service.schemas import CitedStatistic, FacetCount, StatisticsResponse
from api.words.formats import measured_when, number
from api.words.wording import InterfaceWording
from kb.numbers import beside_raw
from kb.records.language import Language
from kb.records.statistic import Statistic

_FACETS = {
    "kind": "--kind",
    "topic": "--topic",
    "language": "--language",
    "year": "--year-from",
    "source": "--source",
}
# Values of a facet in one line; how many more there are is said.
_SHOWN = 6


def print_statistics(response: StatisticsResponse, language: Language, *, counts: bool = True) -> None:
    """Each figure with its sentence, then the counts to narrow by; all but quotes and values in ``language``."""
    t = InterfaceWording(language)
    for place, cited in enumerate(response.statistics):
        if place:
            out.print()
        _print_figure(cited, t)
    if counts:
        _print_end(response, t)


def print_sentences(response: StatisticsResponse, language: Language) -> None:
    """One sentence to copy for each figure, a line each."""
    for cited in response.statistics:
        if cited.sentence is not None:
            out.print(Text(cited.sentence.es if language is Language.ES else cited.sentence.en))


def _print_figure(cited: CitedStatistic, t: InterfaceWording) -> None:
    one = cited.statistic
    out.print(_head(one, t))
    out.print(Hanging(one.language.facts.quoted(" ".join(one.quote.split()))))
    if facts := _facts(one, t):
        out.print(Hanging(" · ".join(facts)), style="green")
    if cited.sources > 1:
        out.print(Hanging(t("answer.sources", n=cited.sources)), style="green")
    named = linked(cited.citation.document, t.language)
    out.print(Hanging(named.append(f"{place_of(cited.citation.places, t.language)}{BOUND}· {one.id}")), style="dim")
    for place in cited.also_in:
        named = Text(f"{t('card.also_in')} ").append_text(linked(place.citation.document, t.language))
        out.print(Hanging(named.append(f"{BOUND}· {place.statistic_id}")), style="dim")


def print_history(history: FigureHistory, language: Language) -> None:
    """Where a figure stands first, who repeats it and what each changed, then the figures that differ."""
    t = InterfaceWording(language)
    parts = (("first", history.places[:1]), ("repeated", history.places[1:]), ("differing", history.differing))
    for name, places in parts:
        if places:
            out.print(Text(t(f"history.{name}"), style="bold"))
        for place in places:
            _print_place(place, t)


def _print_place(place: ClaimPlace, t: InterfaceWording) -> None:
    one = place.statistic
    out.print(Text.assemble((" ".join(one.raw.split()), "bold"), f"  ({one.language.value})"))
    out.print(Hanging(one.language.facts.quoted(" ".join(one.quote.split()))))
    if facts := _facts(one, t):
        out.print(Hanging(" · ".join(facts)), style="green")
    where = linked(place.citation.document, t.language)
    out.print(Hanging(where.append(f"{place_of(place.citation.places, t.language)}{BOUND}· {one.id}")), style="dim")
    if place.changes:
        out.print(Hanging("; ".join(t(f"change.{change.value}") for change in place.changes)), style="yellow")


def _head(one: Statistic, t: InterfaceWording) -> Text:
    """ "Almost half  1/2 · fraction  en", with a note on what was read where there is one."""
    beside = t("stats.no_value") if one.value is None else beside_raw(one, t.language)
    turned = f", {t(f'direction.{one.direction.value}')}" if one.direction else ""
    told = " · ".join(part for part in (beside, t(f"kind.{one.kind.value}") + turned, one.note) if part)
    style = "yellow" if one.language is Language.ES else "cyan"
    return Text.assemble((" ".join(one.raw.split()), "bold"), f"  {told}  ", (one.language.value, style))


def _facts(one: Statistic, t: InterfaceWording) -> list[str]:
    """What is known of who was asked and who asked, as the page labels it."""
    size = None if one.sample_size is None else number(one.sample_size, t.language)
    when = measured_when(one, t.language)
    known = (
        ("population", one.population),
        ("sample_size", size),
        ("source", ", ".join(filter(None, (one.source, when if one.source else None)))),
        ("period", None if one.source else when),
        ("study", one.study if one.study != one.source else None),
    )
    return [f"{t(f'fact.{name}')}: {' '.join(value.split())}" for name, value in known if value]


def _print_end(response: StatisticsResponse, t: InterfaceWording) -> None:
    if not response.statistics:
        out.print(t("stats.none"))
        return
    shown, total = len(response.statistics), number(response.total, t.language)
    more = "" if shown == response.total else f" {t('stats.first', n=shown)}"
    out.print(f"\n{t('stats.count', n=response.total, shown=total)}.{more} {t('stats.narrow')}")
    for name, option in _FACETS.items():
        counts = response.facets.get(name, ())
        if counts:
            out.print(Hanging(_facet(counts, t), f"  {option:<12} "), style="dim")


def _facet(counts: tuple[FacetCount, ...], t: InterfaceWording) -> str:
    told = [f"{one.value}{BOUND}({number(one.count, t.language)})" for one in counts[:_SHOWN]]
    if len(counts) > _SHOWN:
        told.append(t("facet.more", n=len(counts) - _SHOWN))
    return ", ".join(told)
