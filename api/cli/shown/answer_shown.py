"""An answer on a terminal: its quotes, how its findings differ, its sources."""

from collections.abc import Mapping

from rich.text import Text

from api.cli.output import BOUND, Hanging, name_of, out, print_sources
from api.service.copy_ready import measured
from api.words.wording import InterfaceWording
from kb.citing.composing import distinct_quotes, marks_of
from kb.records.answer import Answer, Difference, FindingKind, Statement, Status
from kb.records.language import Language


def print_answer(answer: Answer, languages: Mapping[str, Language]) -> None:
    """The quotes with their marks, the items of a list below what announces them, what is said beside them, then a line
    for each document and what is near; "no evidence" with what is near.

    All but the quotes is in the language of the answer; ``languages`` of the passages of its citations, by id.
    """
    t = InterfaceWording(answer.language)
    for note in answer.notes:
        out.print(Text(note, "yellow"))
    if answer.status is Status.NO_EVIDENCE:
        out.print(Text(answer.text, "yellow"))
        _print_near(answer, t("answer.nearest"))
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
        for line in _behind(statement, t):
            out.print(Hanging(line), style="dim")
    out.print()
    print_sources(answer.citations, answer.language)
    for headings in dict.fromkeys(citation.headings for citation in answer.citations if citation.headings):
        marks = marks_of([citation.number for citation in answer.citations if citation.headings == headings])
        out.print(Hanging(t("answer.under", headings=" > ".join(headings)), f"  {marks} "), style="dim")
    _print_near(answer, f"{t('answer.related')}:")


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


def _behind(statement: Statement, t: InterfaceWording) -> list[str]:
    """Who measured its figures, how many sources say it and how many another figure, and what it has other than the
    findings before it."""
    finding = statement.finding
    if finding is None:
        return []
    lines = list(measured(finding.statistics, statement.text, t.language))
    counted = (("sources", finding.sources), ("against", finding.against))
    if finding.sources > 1 or finding.against:
        lines.append(", ".join(t(f"answer.{key}", n=count) for key, count in counted if count))
    for number in dict.fromkeys(one.statement for one in finding.differs):
        told = "; ".join(_told(one, t) for one in finding.differs if one.statement == number)
        lines.append(t("answer.other_than", finding=number, told=told))
    return lines


def _told(one: Difference, t: InterfaceWording) -> str:
    here, there = (said or t("answer.not_said") for said in (one.here, one.there))
    return t(f"answer.in_{one.field}", here=here, there=there)
