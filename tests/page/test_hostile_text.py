"""200 payloads in every field of a document: the page has the same elements as with harmless text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from kb.records.document import BlockKind, FieldOrigin, Place, RemovedBlock, Span
from kb.records.language import Language
from kb.records.ports import PassageVectors
from kb.records.statistic import Comparator, Kind, Statistic
from kb.records.topics import Topic, TopicAssignment
from kb.store import Entry, PassageIndexing, Store
from tests.api.conftest import knowledge_base_of
from tests.fakes import DIMENSION, FakeEmbedder
from tests.kb.making import make_document, make_entry
from tests.page.conftest import application
from tests.page.reading_html import read

_SEEDS = (
    "<script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=1>",
    "<svg onload=window.pwned=1>",
    '"><script>window.pwned=1</script>',
    "' onmouseover='window.pwned=1",
    '" autofocus onfocus="window.pwned=1',
    "</title><script>window.pwned=1</script>",
    "</textarea><script>window.pwned=1</script>",
    "</mark><iframe srcdoc='<script>parent.pwned=1</script>'>",
    '<a href="javascript:window.pwned=1">x</a>',
    "javascript:window.pwned=1",
    "data:text/html,<script>window.pwned=1</script>",
    "{{ 7*7 }}{% raw %}<b>{{ config }}</b>",
    "<!--><script>window.pwned=1</script>-->",
    "<details open ontoggle=window.pwned=1>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=window.pwned=1>",
    "&lt;script&gt;window.pwned=1&lt;/script&gt;",
    "&#60;img src=x onerror=window.pwned=1&#62;",
    "<div hx-get=/statistics hx-trigger=load hx-on:click=window.pwned=1>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
)
_SHAPES = ("{}", "x{}", "{}effort", " {} ", "«{}»", "{0}{0}", "é{}ñ", "<b>{}</b>", "`{}`", "\u202e{}")
PAYLOADS = [shape.format(seed) for seed in _SEEDS for shape in _SHAPES]
HARMLESS = "effort"


def entry_of(number: int, evil: str) -> Entry:
    """A document that says ``evil`` in every field it has."""
    text = f"effort {evil} number {number}\nclosing {evil} words"
    base = make_document(f"{evil} {number}", text, published="2024")
    document = replace(
        base,
        title=f"{evil} {number}",
        authors=(evil, f"{evil} b"),
        publisher=evil,
        url=f"https://example.org/{evil}",
        series=evil,
        blocks=(replace(base.blocks[0], kind=BlockKind.HEADING, level=1), *base.blocks[1:]),
        removed=(RemovedBlock(evil, evil, Place(element=evil)),),
        origins=(FieldOrigin("title", evil),),
    )
    entry = make_entry(document, topics=(Topic.METRICS,))
    vectors = FakeEmbedder().encode_passages([passage.text for passage in entry.passages])

    assert vectors.shape[1] == DIMENSION

    passages = tuple(
        replace(
            passage,
            heading_path=(evil,),
            topics=(TopicAssignment(Topic.METRICS, 0.9, (evil,), (evil,)),),
        )
        for passage in entry.passages
    )
    indexing = tuple(PassageIndexing(PassageVectors(vector, vector[None, :]), "effort", "effort") for vector in vectors)
    return Entry(document, passages, indexing, (statistic_of(passages[0].id, document.text, evil, number),), "1")


def statistic_of(passage_id: str, text: str, evil: str, number: int) -> Statistic:
    start = text.index(f"number {number}")
    span = Span(start, start + len(f"number {number}"))
    line = Span(0, text.index("\n")) if "\n" not in evil else span
    return Statistic(
        f"s{number:016x}", passage_id, span, span.cut(text), Decimal("0.5"), None, Kind.PERCENT, evil,
        Comparator.UP_TO, None, evil, evil, 10, evil, evil, 2024, line.cut(text), line, Language.EN, (Topic.METRICS,),
        (FieldOrigin("source", evil),), evil,
    )  # fmt: skip


def serve(folder: Path, texts: list[str]) -> TestClient:
    store = Store.open(folder, create=True)
    store.claim(FakeEmbedder().stamp)
    for number, text in enumerate(texts):
        store.add(entry_of(number, text), entry_of(number, text).document.text.encode("utf-8", "surrogatepass"))
    client = TestClient(application(knowledge_base_of(store)))
    client.app_state["store"] = store
    return client


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    client = serve(tmp_path_factory.mktemp("hostile") / "base", PAYLOADS)
    yield client
    client.app_state["store"].close()


@pytest.fixture(scope="module")
def harmless(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    client = serve(tmp_path_factory.mktemp("harmless") / "base", [HARMLESS])
    yield client
    client.app_state["store"].close()


def shape(html: str) -> list[tuple[str, tuple[str, ...]]]:
    return read(html).elements


def shapes_known(harmless: TestClient) -> set[tuple[str, tuple[str, ...]]]:
    """Every element, with the names of its attributes, that the page itself makes."""
    document, passage, item = ids(harmless)
    known: set[tuple[str, tuple[str, ...]]] = set()
    for view in views(document, passage, item, HARMLESS):
        known |= set(shape(harmless.get(view).text))
    return known


def ids(client: TestClient, number: int = 0) -> tuple[str, str, str]:
    store: Store = client.app_state["store"]
    statistic = store.statistic(f"s{number:016x}")
    passage = store.passage(statistic.passage_id)
    span = statistic.quote_span
    return passage.document_id, passage.id, f"{passage.id}:{span.start}-{span.end}"


def views(document: str, passage: str, item: str, words: str, *, searches: bool = True) -> list[str]:
    start, end = item.split(":")[1].split("-")
    said = quote(words)
    reading = [
        f"/documents/{document}",
        f"/passages/{passage}?start={start}&end={end}",
        f"/cite?passage={passage}&start={start}&end={end}",
        f"/basket?item={item}&note={said}",
    ]
    return reading + searches * [
        f"/search?q={said}",
        f"/passages/{passage}?start={start}&end={end}&q={said}",
        f"/statistics?source={said}&q={said}",
    ]


def test_there_are_two_hundred_payloads() -> None:
    assert len(set(PAYLOADS)) == 200


def test_no_payload_makes_an_element_or_an_address(hostile: TestClient, harmless: TestClient) -> None:
    known = shapes_known(harmless)
    # What only some states of a page have: other pages of a list, a marked choice, a next or previous hit.
    known |= set(shape(hostile.get("/search?q=effort").text)) & known
    allowed = {tag for tag, _ in known} | {"span", "a", "p"}
    live: list[tuple[str, object]] = []
    for number, payload in enumerate(PAYLOADS):
        for view in views(*ids(hostile, number), payload, searches=number % 10 == 0):
            page = read(hostile.get(view).text)
            live += [(view, tag) for tag, _ in page.elements if tag not in allowed]
            live += [(view, name) for _, name, _ in page.attributes if name.startswith("on") or name == "srcdoc"]
            live += [(view, value) for _, name, value in page.attributes if foreign(name, value)]
            live += [(view, names) for tag, names in page.elements if tag == "script" and names != ("defer", "src")]

    assert live == []


def foreign(name: str, value: str) -> bool:
    """Whether an address leads to a script, or to another host than a document's own page."""
    if name not in ("href", "src", "action", "formaction", "hx-get", "data-open"):
        return False
    return not value.startswith(("/", "#", "https://example.org/"))


def pages_of(client: TestClient, view: str) -> Iterator[str]:
    """A list from its first page to its last."""
    following: str | None = view
    while following:
        html = client.get(following).text
        yield html
        found = re.search(r'<a class="button" href="([^"]*)" rel="next"', html)
        following = unescape(found[1]) if found else None


@pytest.mark.parametrize(
    ("view", "pages"), [("/documents", 2), ("/statistics", 4), ("/search?q=effort", 10), ("/coverage", 1)]
)
def test_lists_of_hostile_documents_are_lists(hostile: TestClient, harmless: TestClient, view: str, pages: int) -> None:
    known = {tag for tag, _ in shapes_known(harmless)}
    for other in ("/documents", "/coverage"):
        known |= {tag for tag, _ in shape(harmless.get(other).text)}
    read_pages = [read(html) for html in pages_of(hostile, view)]

    assert pages == len(read_pages)
    assert {tag for page in read_pages for tag, _ in page.elements} <= known
    assert [value for page in read_pages for _, name, value in page.attributes if foreign(name, value)] == []


def test_what_is_typed_comes_back_as_text(hostile: TestClient) -> None:
    for payload in PAYLOADS[::5]:
        page = read(hostile.get("/search", params={"q": payload}).text)

        field = next(value for tag, name, value in page.attributes if (tag, name) == ("input", "value"))
        assert payload.strip() == field
        drafted = read(hostile.post("/draft", data={"text": payload}).text)
        assert not [tag for tag, names in drafted.elements if tag == "script" and names != ("defer", "src")]
