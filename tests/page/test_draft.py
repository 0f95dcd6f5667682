"""Check my draft: each figure supported, hedged otherwise, contradicted or not found, and the text given back whole."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from api.http.bodies import MAX_DRAFT
from api.page.views.drafting import stretches
from api.service.draft_check import DraftVerdict, check_draft
from api.service.knowledge_base import KnowledgeBase

CASES = (
    ("Almost 40% of customers left after one failure.", "40%", DraftVerdict.SUPPORTED),
    ("40% of customers left after one failure.", "40%", DraftVerdict.OTHER_HEDGE),
    ("Almost 47% of customers left after one failure.", "47%", DraftVerdict.CONTRADICTED),
    # Another year or another source: another study, and no contradiction.
    ("El 50 % de los clientes se marchó tras un solo fallo en 2024.", "50 %", DraftVerdict.CONTRADICTED),
    ("Según Ejemplo, el 50 % de los clientes se marchó tras un solo fallo en 2019.", "50 %", DraftVerdict.NOT_FOUND),
    ("Según Gartner, el 50 % de los clientes se marchó tras un solo fallo en 2024.", "50 %", DraftVerdict.NOT_FOUND),
    ("Rain fell on 40% of the dogs.", "40%", DraftVerdict.NOT_FOUND),
)


@pytest.mark.parametrize(("text", "raw", "finding"), CASES)
def test_each_figure_is_judged(knowledge_base: KnowledgeBase, text: str, raw: str, finding: DraftVerdict) -> None:
    [one] = check_draft(knowledge_base, text).figures

    assert raw in one.figure.raw
    assert finding is one.finding
    assert one.evidence is None if finding is DraftVerdict.NOT_FOUND else one.citation is not None
    assert one.nearest == (finding is DraftVerdict.NOT_FOUND and one.citation is not None)


def test_the_evidence_is_quoted_verbatim(knowledge_base: KnowledgeBase) -> None:
    [one] = check_draft(knowledge_base, CASES[1][0]).figures

    assert one.citation is not None
    document = knowledge_base.records.document(one.citation.document.id)
    assert one.citation.span.cut(document.text) == one.citation.quote


def test_the_text_comes_back_whole(knowledge_base: KnowledgeBase) -> None:
    text = "\n<b>Almost 40%</b> of customers left & 12% came back.\n"

    draft = check_draft(knowledge_base, text)

    assert text == "".join(one.text for one in stretches(text, draft.figures))


def test_the_page_shows_the_judgement(client: TestClient) -> None:
    html = client.post("/draft", data={"text": "Some 40% of customers left after one failure."}).text

    assert "otro matiz" in html
    assert "casi" in html


@pytest.mark.parametrize("text", ["", "   ", "x" * (MAX_DRAFT + 1)])
def test_nothing_and_too_much_are_refused(client: TestClient, text: str) -> None:
    response = client.post("/draft", data={"text": text})

    assert response.status_code == 422
    assert response.headers["content-type"].startswith("text/html")
