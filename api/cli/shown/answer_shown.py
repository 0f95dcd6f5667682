"""An answer on a terminal: its quotes, how its findings differ, its sources."""

from collections.abc import Mapping

from rich.text import Text

from api.cli.output import BOUND, Hanging, name_of, out, print_sources
from api.service.copy_ready import measured
from kb.citing.composing import distinct_quotes, marks_of
from kb.records.answer import Answer, Difference, Finding, FindingKind, Statement, Status
from kb.records.language import Language

_DIFFERS = {
    "value": ("the figure", "la cifra"),
    "year": ("the year", "el año"),
    "population": ("who was asked", "a quiénes se preguntó"),
    "source": ("the source", "la fuente"),
}
_UNSAID = ("not determined", "sin determinar")
_OTHER_THAN = ("differs from finding {}: {}", "difiere del hallazgo {}: {}")
_AGAINST = ("{}: {}, there {}", "{}: {}, allí {}")
_NEAR = ("What comes closest, which is no answer:", "Lo más cercano, que no es una respuesta:")
_RELATED = ("Related; may not answer:", "Relacionado; puede que no responda:")
_UNDER = ("under: {}", "bajo: {}")
# One, several.
_SOURCES = (("{} source says so", "{} sources agree"), ("{} fuente lo dice", "{} fuentes coinciden"))
_AGAINST_IT = (("{} differs", "{} differ"), ("{} difiere", "{} difieren"))


def print_answer(answer: Answer, languages: Mapping[str, Language]) -> None:
    """The quotes with their marks, the items of a list below what announces them, what is said beside them, then a line
    for each document and what is near; "no evidence" with what is near.

    All but the quotes is in the language of the answer; ``languages`` of the passages of its citations, by id.
    """
    spanish = answer.language is Language.ES
    for note in answer.notes:
        out.print(Text(note, "yellow"))
    if answer.status is Status.NO_EVIDENCE:
        out.print(Text(answer.text, "yellow"))
        _print_near(answer, _NEAR[spanish])
        return
    cited = {citation.number: citation for citation in answer.citations}
    for position, statement in enumerate(answer.statements):
        if position:
            out.print()
        quotes = distinct_quotes([cited[number] for number in statement.citations])
        listed = statement.finding is not None and statement.finding.kind is FindingKind.LIST
        for place, (quote, numbers) in enumerate(quotes.items()):
            language = languages[cited[numbers[0]].passage_id]
            out.print(_quoted(quote, language, marks_of(numbers), is_item=listed and place > 0))
        for line in _behind(statement, answer.language):
            out.print(Hanging(line), style="dim")
    out.print()
    print_sources(answer.citations, answer.language)
    for headings in dict.fromkeys(citation.headings for citation in answer.citations if citation.headings):
        marks = marks_of([citation.number for citation in answer.citations if citation.headings == headings])
        out.print(Hanging(_UNDER[spanish].format(" > ".join(headings)), f"  {marks} "), style="dim")
    _print_near(answer, _RELATED[spanish])


def _print_near(answer: Answer, label: str) -> None:
    if answer.related:
        out.print(Hanging(label, "  "), style="dim")
    for hit in answer.related:
        quote = hit.passage.language.facts.quoted(hit.citation.quote)
        out.print(Hanging(f"{name_of(hit.document, answer.language)}: {quote}", "  – "), style="dim")


def _quoted(quote: str, language: Language, marks: str, *, is_item: bool) -> Hanging:
    """A quote in the marks of its language, or as it stands: the item of a list, and what leads in to one."""
    plain = is_item or quote.rstrip().endswith(":")
    words = quote if plain else language.facts.quoted(quote)
    return Hanging(Text.assemble((words, "bold"), f"{BOUND}{marks}"), " – " if is_item else "")


def _behind(statement: Statement, language: Language) -> list[str]:
    """Who measured its figures, how many sources say it and how many another figure, and what it has other than the
    findings before it."""
    finding = statement.finding
    if finding is None:
        return []
    spanish = language is Language.ES
    lines = list(measured(finding.statistics, statement.text, language))
    lines += [_agreement(finding, spanish)] if finding.sources > 1 or finding.against else []
    for number in dict.fromkeys(one.statement for one in finding.differs):
        told = "; ".join(_told(one, spanish) for one in finding.differs if one.statement == number)
        lines.append(_OTHER_THAN[spanish].format(number, told))
    return lines


def _agreement(finding: Finding, spanish: bool) -> str:
    counted = ((_SOURCES, finding.sources), (_AGAINST_IT, finding.against))
    return ", ".join(words[spanish][count != 1].format(count) for words, count in counted if count)


def _told(one: Difference, spanish: bool) -> str:
    here, there = (said or _UNSAID[spanish] for said in (one.here, one.there))
    return _AGAINST[spanish].format(_DIFFERS[one.field][spanish], here, there)
