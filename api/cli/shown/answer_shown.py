"""An answer on a terminal: its quotes, how its findings differ, its sources."""

from __future__ import annotations

from rich.text import Text

from api.cli.output import Hanging, name_of, out, print_sources
from kb.citing.composing import distinct_quotes, marks_of
from kb.records.answer import Answer, Difference, Finding, FindingKind, Status
from kb.records.language import Language

_DIFFERS = {
    "value": ("the figure", "la cifra"),
    "year": ("the year", "el año"),
    "population": ("who was asked", "a quiénes se preguntó"),
    "source": ("the source", "la fuente"),
}
_UNSAID = ("not said", "no se dice")
_OTHER_THAN = ("differs from finding {}: {}", "difiere del hallazgo {}: {}")
_AGAINST = ("{}: {}, there {}", "{}: {}, allí {}")
_NEAR = ("near", "cerca")
_RELATED = ("related, may not answer", "relacionado, puede que no responda")
_UNDER = ("under: {}", "bajo: {}")
_SOURCES = ("{} independent sources agree", "{} fuentes independientes coinciden")


def print_answer(answer: Answer) -> None:
    """The quotes with their marks, the items of a list below what announces them, what is said beside them, then a line
    for each document and what is near; "no evidence" with what is near."""
    spanish = answer.language is Language.ES
    for note in answer.notes:
        out.print(Text(note, "yellow"))
    if answer.status is Status.NO_EVIDENCE:
        out.print(Text(answer.text, "yellow"))
        _print_near(answer, _NEAR[spanish])
        return
    cited = {citation.number: citation for citation in answer.citations}
    for statement in answer.statements:
        quotes = distinct_quotes([cited[number] for number in statement.citations])
        listed = statement.finding is not None and statement.finding.kind is FindingKind.LIST
        for place, (quote, numbers) in enumerate(quotes.items()):
            out.print(_quoted(quote, marks_of(numbers), is_item=listed and place > 0))
        for line in _behind(statement.finding, spanish):
            out.print(Hanging(line), style="dim")
    out.print()
    print_sources(answer.citations)
    for citation in answer.citations:
        if citation.headings:
            out.print(
                Hanging(_UNDER[spanish].format(" > ".join(citation.headings)), f"  [{citation.number}] "), style="dim"
            )
    _print_near(answer, _RELATED[spanish])


def _print_near(answer: Answer, label: str) -> None:
    for hit in answer.related:
        out.print(Hanging(f"{name_of(hit.document)}: {hit.citation.quote}", f"  {label}: "), style="dim")


def _quoted(quote: str, marks: str, *, is_item: bool) -> Hanging:
    """A quote in its marks, or as it stands: the item of a list, and what leads in to one."""
    plain = is_item or quote.rstrip().endswith(":")
    words = quote if plain else f"“{quote}”"
    return Hanging(Text.assemble((words, "bold"), f" {marks}"), " – " if is_item else "")


def _behind(finding: Finding | None, spanish: bool) -> list[str]:
    """How many sources say it, and what it has other than the findings before it, a line each."""
    if finding is None:
        return []
    lines = [_SOURCES[spanish].format(finding.sources)] if finding.sources > 1 else []
    for number in dict.fromkeys(one.statement for one in finding.differs):
        told = "; ".join(_told(one, spanish) for one in finding.differs if one.statement == number)
        lines.append(_OTHER_THAN[spanish].format(number, told))
    return lines


def _told(one: Difference, spanish: bool) -> str:
    here, there = (said or _UNSAID[spanish] for said in (one.here, one.there))
    return _AGAINST[spanish].format(_DIFFERS[one.field][spanish], here, there)
