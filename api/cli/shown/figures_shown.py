"""How statistics look on a terminal: value, sentence, what is known, other places, and counts to narrow by."""

from __future__ import annotations

from rich.text import Text

from api.cli.output import Hanging, name_of, out, place_of
from api.service.genealogy import ClaimPlace, FigureHistory
from api.service.schemas import CitedStatistic, FacetCount, StatisticsResponse
from api.words.formats import period
from kb.numbers import format_statistic
from kb.records.language import Language
from kb.records.statistic import Statistic

_FACETS = ("kind", "topic", "language", "year", "source")
# Values of a facet in one line; how many more there are is said.
_SHOWN = 6


def print_statistics(response: StatisticsResponse, *, counts: bool = True) -> None:
    """Each figure with its sentence, then the counts to narrow by."""
    for cited in response.statistics:
        _print_figure(cited)
    if counts:
        _print_end(response)


def print_sentences(response: StatisticsResponse, language: Language) -> None:
    """One sentence to copy for each figure, a line each."""
    for cited in response.statistics:
        if cited.sentence is not None:
            out.print(Text(cited.sentence.es if language is Language.ES else cited.sentence.en))


def _print_figure(cited: CitedStatistic) -> None:
    one = cited.statistic
    style = "yellow" if one.language is Language.ES else "cyan"
    raw = f"  «{' '.join(one.raw.split())}»"
    out.print(
        Text.assemble((value_of(one), "bold"), f"  {one.kind.value}", (raw, "dim"), (f"  {one.language.value}", style))
    )
    out.print(Hanging(" ".join(one.quote.split())))
    facts = [
        f"{label}: {value}"
        for label, value in (
            ("of", one.population),
            ("n", one.sample_size),
            ("measured by", one.source),
            ("study", one.study if one.study != one.source else None),
            ("period", None if one.period is None else period(one.period, Language.EN)),
            ("year", one.year if one.period is None else None),
            ("note", one.note),
        )
        if value is not None
    ]
    if facts:
        out.print(Hanging("; ".join(facts)), style="green")
    where = f"{name_of(cited.citation.document)}{place_of(cited.citation.places)}"
    nearness = "" if cited.score is None else f"; nearness {cited.score:.2f}"
    out.print(Hanging(f"{where}; {one.id}{nearness}"), style="dim")
    if cited.sources > 1:
        out.print(Hanging(f"{cited.sources} sources agree"), style="green")
    for place in cited.also_in:
        also = f"also «{' '.join(place.raw.split())}» ({place.language.value}) in "
        out.print(Hanging(f"{also}{name_of(place.citation.document)}; {place.statistic_id}"), style="dim")


def print_history(history: FigureHistory) -> None:
    """Where a figure stands first, who repeats it and what each changed, then the figures that differ."""
    for number, place in enumerate(history.places):
        out.print(Text("First:" if number == 0 else "Repeated:", style="bold"))
        _print_place(place)
    if history.differing:
        out.print(Text("Measures the same and differs:", style="bold"))
    for place in history.differing:
        _print_place(place)


def _print_place(place: ClaimPlace) -> None:
    one, document = place.statistic, place.citation.document
    out.print(Hanging(f"«{' '.join(one.raw.split())}» ({one.language.value}): {' '.join(one.quote.split())}"))
    dated = f", {document.published}" if document.published else ""
    out.print(Hanging(f"{name_of(document)}{dated}{place_of(place.citation.places)}; {one.id}"), style="dim")
    if place.changes:
        out.print(Hanging(", ".join(change.value.replace("_", " ") for change in place.changes)), style="yellow")


def value_of(statistic: Statistic) -> str:
    """The value with its hedge in the number format of its own language; "?" where it is not known."""
    if statistic.value is None:
        return "?"
    return format_statistic(statistic, statistic.language)


def _print_end(response: StatisticsResponse) -> None:
    if not response.statistics:
        out.print("No statistic fulfils this query.")
        return
    out.print()
    for name in _FACETS:
        counts = response.facets.get(name, ())
        if counts:
            out.print(Hanging(_facet(counts), f"{name:<9}"), style="dim")
    shown = len(response.statistics)
    more = "" if shown == response.total else f", {shown} of them shown"
    out.print(f"{response.total} figures{more}")


def _facet(counts: tuple[FacetCount, ...]) -> str:
    line = ", ".join(f"{one.value} {one.count}" for one in counts[:_SHOWN])
    return line if len(counts) <= _SHOWN else f"{line}, and {len(counts) - _SHOWN} more"
