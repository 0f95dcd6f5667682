"""A permalink opens with exactly the cited characters marked, or with none and a notice."""

from __future__ import annotations

import random

import pytest
from fastapi.testclient import TestClient

from api.service.knowledge_base import KnowledgeBase
from kb.records.document import Document, Passage, Span
from kb.records.search import permalink
from tests.page.reading_html import Page, read

SAMPLED = 500


def places(knowledge_base: KnowledgeBase) -> list[tuple[Document, Passage, Span]]:
    """Sentences, statistics' sentences and any stretch of any passage: 500 places, the same in every run."""
    chance = random.Random(20_261_121)  # noqa: S311 - a sample, not a secret
    found = []
    for document in knowledge_base.records.each_document():
        for passage in knowledge_base.records.passages_of(document.id):
            found += [(document, passage, span) for span in (passage.span, *passage.sentences)]
    while len(found) < SAMPLED:
        document, passage, _ = chance.choice(found[:20])
        ends = sorted(chance.sample(range(passage.span.start, passage.span.end + 1), 2))
        found.append((document, passage, Span(*ends)))
    return found[:SAMPLED]


def without_space(text: str) -> str:
    return "".join(text.split())


def check(document: Document, span: Span, page: Page) -> None:
    """Each mark is the text of its own offsets, all lie inside the span in order, and only white space is left out."""
    assert [document.text[start:end] for start, end in page.marked_spans] == page.marked
    assert page.marked_spans == sorted(page.marked_spans)
    assert all(span.start <= start < end <= span.end for start, end in page.marked_spans)
    assert without_space(span.cut(document.text)) == without_space("".join(page.marked))


def test_sampled_permalinks_mark_exactly_their_characters(client: TestClient, knowledge_base: KnowledgeBase) -> None:
    exact = 0
    for document, passage, span in places(knowledge_base):
        if not span.cut(document.text).strip():
            continue
        page = read(client.get(permalink(passage.id, span)).text)
        check(document, span, page)
        exact += "".join(page.marked) == span.cut(document.text)

    assert exact > SAMPLED // 2


@pytest.mark.parametrize(
    "query", ["start=30&end=31", "start=5&end=2", "start=a&end=b", "start=1", "start=0&end=999999"]
)
def test_what_is_not_in_the_passage_is_not_marked(
    client: TestClient, knowledge_base: KnowledgeBase, query: str
) -> None:
    records = knowledge_base.records
    passages = [one for each in records.each_document() for one in records.passages_of(each.id)]
    passage = next(one for one in passages if one.span.start > 1)

    response = client.get(f"/passages/{passage.id}?{query}")

    assert response.status_code == 200
    assert read(response.text).marked == []
    assert "No se ha marcado nada" in response.text


def test_a_hit_opens_between_its_neighbours(client: TestClient) -> None:
    html = client.get("/search?q=esfuerzo").text
    addresses = [value for tag, name, value in read(html).attributes if tag == "article" and name == "data-open"]

    page = client.get(addresses[1]).text

    assert all(address.endswith("#cited") for address in addresses)
    assert 'rel="prev" data-previous' in page
    assert f'href="{addresses[0].replace("&", "&amp;")}"' in page
    assert 'id="cited"' in page
