"""``kb demo``: the main job on the bundled samples, in a base of its own that goes away at the end."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from api.cli import options
from api.cli.output import (
    out,
    print_report_end,
    print_report_line,
)
from api.cli.shown.answer_shown import print_answer
from api.cli.shown.figures_shown import print_statistics
from api.cli.wiring import Wiring
from api.service.knowledge_base import KnowledgeBase
from api.settings import Settings
from kb.citing import Style
from kb.quotes.judge import judge
from kb.records.answer import Answer
from kb.records.errors import InputError
from kb.records.language import Language
from kb.records.messages import say
from kb.records.search import Filters, StatisticQuery

SAMPLES = Path(__file__).parents[2] / "data" / "articles"

# The first is answered by an English article, the second by a Spanish one, the third by none.
QUESTIONS = (
    "¿Qué porcentaje de los empleados del mundo estaba comprometido con su trabajo en 2022?",
    "How much more valuable are emotionally connected customers than very satisfied ones?",
    "How tall is the Eiffel Tower?",
)
STATISTIC = "satisfacción y expectativas de los clientes"


def demo(
    samples: Annotated[Path, typer.Option(help="Folder of the articles.")] = SAMPLES,
) -> None:
    """Ingest the bundled samples into a fresh base, ask in both languages, show a statistic and a citation.

    Example: kb demo
    """
    if not samples.is_dir():
        raise InputError(str(samples), say("there_is_no_such_file_or"), say("name_a_folder_with_documents"))
    from ingest.sources.sources import find_sources

    with tempfile.TemporaryDirectory(prefix="kb-demo-") as folder:
        wiring = Wiring(Settings(), Path(folder) / "base")
        _heading(f"kb ingest {samples.name}")
        report = wiring.pipeline(create=True).run(find_sources([samples]), on_file=print_report_line)
        print_report_end(report)
        knowledge_base = wiring.knowledge_base()
        answers = []
        for question in QUESTIONS:
            _heading(f'kb ask "{question}"')
            answer = knowledge_base.answer(question, None, Filters())
            answers.append(answer)
            print_answer(answer, knowledge_base.records.languages_of(answer.citations))
            _check(knowledge_base, answer)
        _heading(f'kb stats "{STATISTIC}" --limit 2')
        found = knowledge_base.statistics(StatisticQuery(text=STATISTIC, limit=2))
        print_statistics(found, options.wording_of(None, STATISTIC), counts=False)
        citation = answers[0].citations[0]
        _heading(f"kb cite {citation.passage_id} --style apa --language es")
        cited = knowledge_base.cite([citation.passage_id], Style.APA, Language.ES)
        out.print(cited.citations[0].entry, markup=False)
    out.print("\nThe base of this demo is gone. Make your own: kb ingest samples/articles && kb serve", markup=False)


def _heading(command: str) -> None:
    """The command that does the same on a base of one's own."""
    out.print()
    out.print(f"$ {command}", style="bold", markup=False)


def _check(knowledge_base: KnowledgeBase, answer: Answer) -> None:
    """Read every quote again in its source, as ``kb verify`` does."""
    for citation in answer.citations:
        text = knowledge_base.records.document(citation.document.id).text
        verdict = judge(citation.quote, citation.span, text, {}).verdict
        out.print(f"[{citation.number}] read again in its source: {verdict.value}", style="green", markup=False)
