"""Forty calls and more of the Python client on a server that holds the small corpus: run in an environment without the
product (``python forty_calls.py URL KEY FOLDER``), once plain and once awaited; prints how many calls were made.
"""

from __future__ import annotations

import asyncio
import json
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cx_kb_client import AsyncClient, Client, Problem

EFFORT = "d989ec333805a03c5"


class Counted:
    """A client whose calls are counted; those of the plain one can be awaited too."""

    def __init__(self, client: Client | AsyncClient) -> None:
        self._client = client
        self.calls = 0

    def __getattr__(self, name: str) -> Callable[..., Any]:
        async def call(*given: Any, **named: Any) -> Any:
            self.calls += 1
            found = getattr(self._client, name)(*given, **named)
            return await found if isinstance(self._client, AsyncClient) else found

        return call

    async def jobs_of(self, job_id: str) -> list[Any]:
        """Every event of a job."""
        self.calls += 1
        if isinstance(self._client, Client):
            return list(self._client.stream_job(job_id))
        return [job async for job in self._client.stream_job(job_id)]

    async def all_pages(self, name: str, *given: Any, **named: Any) -> list[Any]:
        """Every page of a list."""
        self.calls += 1
        method: Any = getattr(self._client, name)
        if isinstance(self._client, Client):
            return list(self._client.pages(method, *given, **named))
        return [page async for page in self._client.pages(method, *given, **named)]


async def reading(kb: Any) -> None:
    """Search, answers, figures, records."""
    page = await kb.search("esfuerzo del cliente", limit=3)
    check(page.language == "es" and len(page.hits) <= 3 and page.hits[0].rank == 1)
    check((await kb.search("customer effort", language=["en"])).hits[0].document.id == EFFORT)
    check((await kb.search("churn", topic=["metrics"], has_statistic=True)).total >= 0)
    pages = await kb.all_pages("search", "effort", limit=2)
    check(sum(len(one.hits) for one in pages) == pages[0].total)
    answer = await kb.ask("effort and churn", language="en", filters={"source": ["en-effort"]})
    check(answer.status == "answered" and answer.citations[0].document.id == EFFORT)
    check((await kb.ask("¿Qué es el esfuerzo del cliente?")).language == "es")
    check((await kb.list_statistics(kind="percent", min=0.1)).total > 0)
    check((await kb.list_statistics(q="customers left", sort="-value", limit=1)).statistics[0].statistic.value)
    pages = await kb.all_pages("list_statistics", limit=2)
    check(sum(len(one.statistics) for one in pages) == pages[0].total)
    passage = page.hits[0].passage
    check((await kb.get_passage(passage.id)).passage == passage)
    lines = (await kb.list_documents()).documents
    check((await kb.list_documents(source_id=lines[0].document.source_id)).total == 1)
    check([one.document.id for one in (await kb.all_pages("list_documents", limit=1))[0].documents])
    document = (await kb.get_document(EFFORT)).document
    check(await kb.get_document_text(EFFORT) == document.text)
    check(await kb.get_document_original(EFFORT))
    check((await kb.get_record(EFFORT)).document.id == EFFORT)
    check(len(await kb.list_topics()) == 5)
    check((await kb.get_problem("not_found")).status == 404)
    check(len(await kb.list_problems()) > 10)
    check(len((await kb.export(what="documents", format="jsonl")).splitlines()) == len(lines))
    check((await kb.export(what="statistics", format="csv")).count(b"\n") > 1)
    check(sum(cell.passages for cell in await kb.get_coverage()) > 0)
    place = f"{passage.id}:{passage.span.start}-{passage.span.end}"
    check((await kb.get_basket(item=[place], note=["nota"]))[0].note == "nota")
    check((await kb.check_draft("El esfuerzo del cliente bajó un 12 %.")).figures[0].figure.raw == "12 %")
    cited = await kb.format_citations([EFFORT], style="bibtex", language="en")
    check(cited.citations[0].id == EFFORT)
    check((await kb.verify_answer(answer)).ok)
    check((await kb.analyze_text("El 37,5 % se fue.")).statistics[0].raw == "37,5 %")
    check((await kb.check_health()) and (await kb.check_readiness()))
    check((await kb.get_info()).counts["documents"] == len(lines))
    check("kb_" in await kb.get_metrics())


async def writing(kb: Any, folder: Path) -> None:
    """Documents in and out, records corrected, searches and webhooks."""
    (folder / "nota.txt").write_text("La lealtad pide empatía.", encoding="utf-8")
    first = await kb.wait(await kb.add_files([folder / "nota.txt"], {"nota.txt": {"title": "Nota"}}), 0.05)
    check([first.state, len(first.files)] == ["done", 1])
    saved = await kb.save_search("effort", text="customer effort", filters={"language": ["en"]})
    body = [{"id": "n1", "text": "Customer effort fell when the forms became shorter."}]
    job = await kb.add_documents(body, idempotency_key=uuid.uuid4().hex)
    check((await kb.jobs_of(job.id))[-1].state == "done")
    check((await kb.get_job(job.id)).id == job.id)
    check((await kb.list_jobs(limit=1)).jobs[0].id == job.id)
    new = await kb.list_new_hits(saved.id)
    check([hit.document.source_id for hit in new.hits] == ["n1"])
    await kb.mark_seen(saved.id, new.until)
    check((await kb.list_searches())[0].id == saved.id)
    document = first.files[0].document_id
    told = await kb.correct_record(document, title="Nota corregida", publisher=None, revision=0)
    check((told.document.title, told.revision) == ("Nota corregida", 1))
    check(await kb.list_webhooks() == [])
    page = "https://www.example.org/"
    await refused(kb.add_urls([page], metadata={page: {"title": "T"}}), "network_off")
    await refused(kb.create_webhook("http://127.0.0.1:9/"), "invalid_input")
    await kb.delete_search(saved.id)
    await kb.delete_document(document)
    await kb.delete_document((await kb.get_job(job.id)).files[0].document_id)
    await refused(kb.get_document(document), "not_found")
    await refused(kb.get_document("../jobs"), "not_found")


def check(holds: object) -> None:
    """Ends the run with the line of what does not hold."""
    if not holds:
        raise AssertionError


async def refused(call: Any, code: str) -> None:
    """Checks that a call is answered with this problem."""
    try:
        await call
    except Problem as problem:
        check(problem.code == code)
    else:
        raise AssertionError(code)


async def main(url: str, key: str, folder: Path) -> dict[str, int]:
    """How many calls each client made."""
    with Client(url, key) as plain:
        first = Counted(plain)
        await reading(first)
        await writing(first, folder)
    async with AsyncClient(url, key) as awaited:
        second = Counted(awaited)
        await reading(second)
        await writing(second, folder)
    return {"Client": first.calls, "AsyncClient": second.calls}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(main(sys.argv[1], sys.argv[2], Path(sys.argv[3])))))
