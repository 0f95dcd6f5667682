"""An answer on a terminal: its quotes, how its findings differ, its sources."""

from __future__ import annotations

from rich.text import Text

from api.cli.output import name_of, out, source_line
from kb.citing.composing import distinct_quotes, marks_of
from kb.records.answer import Answer, Difference, Finding, Status
from kb.records.language import Language

_DIFFERS = {
    "value": ("the figure", "la cifra"),
    "year": ("the year", "el año"),
    "population": ("who was asked", "a quiénes se preguntó"),
    "source": ("the source", "la fuente"),
}
_UNSAID = ("not said", "no se dice")
_OTHER_THAN = ("other than finding {}: {}", "distinto del hallazgo {}: {}")
_AGAINST = ("{}: {}, there {}", "{}: {}, allí {}")
_NEAR = ("near", "cerca")
_RELATED = ("related, may not answer", "relacionado, puede que no responda")
_UNDER = ("under: {}", "bajo: {}")
_SOURCES = ("{} independent sources", "{} fuentes independientes")


def print_answer(answer: Answer) -> None:
    """The quotes with their marks and what is said beside them, then the sources and what is near; "no evidence" with
    what is near."""
    spanish = answer.language is Language.ES
    if answer.status is Status.NO_EVIDENCE:
        out.print(Text(answer.text, "yellow"))
        _print_near(answer, _NEAR[spanish])
        return
    cited = {citation.number: citation for citation in answer.citations}
    for statement in answer.statements:
        quotes = distinct_quotes([cited[number] for number in statement.citations])
        for quote, numbers in quotes.items():
            out.print(Text.assemble((f"“{quote}”", "bold"), f" {marks_of(numbers)}"))
        for line in _behind(statement.finding, spanish):
            out.print(Text(f"   {line}", "dim"))
    out.print()
    for note in answer.notes:
        out.print(Text(note, "yellow"))
    for citation in answer.citations:
        out.print(Text(source_line(citation), "dim"))
        if citation.headings:
            out.print(Text(f"    {_UNDER[spanish].format(' > '.join(citation.headings))}", "dim"))
    _print_near(answer, _RELATED[spanish])


def _print_near(answer: Answer, label: str) -> None:
    for hit in answer.related:
        out.print(Text(f"  {label}: {name_of(hit.document)}: {hit.citation.quote}", "dim"))


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
