"""The original beside its text: nothing of it lives, the cited words are marked or none, the place is framed."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from time import perf_counter

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.http.auth import Access
from api.http.limits import RequestLimits
from api.page import mount
from api.page.views.original_markup import Shown, decoded, html_shown, text_shown
from api.page.views.originals import FRAME_POLICY, Rectangle, framed
from ingest.readers.isolate import IsolatedReader
from ingest.sources.sources import find_sources
from kb.records.document import Box
from kb.records.errors import SourceError
from kb.records.operation import Scope
from kb.records.ports import PagePicture
from kb.store import Store
from tests.api.conftest import SAMPLES, knowledge_base_of, pipeline_of
from tests.page.reading_html import read
from tests.page.test_hostile_text import PAYLOADS

PDF, WEB, WORD = "en-study-technology-gap.pdf", "es-atencion-en-redes-sociales.html", "en-who-owns-the-experience.docx"
PLAIN = "en-first-contact-resolution.txt"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = Store.open(tmp_path_factory.mktemp("originals") / "base", create=True)
    report = pipeline_of(opened).run(find_sources([SAMPLES / name for name in (PDF, WEB, WORD, PLAIN)]))

    assert report.failures == ()

    yield opened
    opened.close()


@pytest.fixture(scope="module")
def client(store: Store) -> Iterator[TestClient]:
    with IsolatedReader() as drawer:
        app = create_app(knowledge_base_of(store), limits=RequestLimits(rate_per_minute=0))
        mount(app, pictures=drawer)
        with TestClient(app, headers={"Accept-Language": "es"}) as opened:
            yield opened


def citation_in(client: TestClient, source: str) -> str:
    """The permalink of a sentence of this source."""
    found = client.get("/v1/search", params={"q": "clientes customers", "source": source}).json()
    link: str = found["hits"][0]["citation"]["permalink"]
    return link


def test_a_cited_sentence_is_framed_on_its_page(client: TestClient) -> None:
    html = client.get(citation_in(client, PDF) + "&beside=1").text
    [picture] = re.findall(r'<image href="(/documents/d[0-9a-f]+/pages/\d+\.png)"', html)
    response = client.get(picture)

    assert html.count('<rect class="place-frame"') >= 1
    assert "El recuadro señala el bloque" in html
    assert (response.status_code, response.headers["content-type"]) == (200, "image/png")
    assert response.content.startswith(b"\x89PNG\r\n\x1a\n")
    [pixels] = re.findall(rb"IDAT(.*)........IEND", response.content, re.DOTALL)
    assert len(set(zlib.decompress(pixels))) > 10


def test_another_page_says_that_the_quote_is_not_on_it(client: TestClient) -> None:
    link = citation_in(client, PDF)
    shown = client.get(f"{link}&beside=1").text
    other = "3" if "/pages/3.png" not in shown else "1"
    html = client.get(f"{link}&beside=1&page={other}").text

    assert f"/pages/{other}.png" in html
    assert "place-frame" not in html
    assert "no está en esta página" in html


@pytest.mark.parametrize("source", [WEB, PLAIN])
def test_the_frame_marks_the_cited_words(client: TestClient, source: str) -> None:
    link = citation_in(client, source)
    html = client.get(f"{link}&beside=1").text
    [address] = re.findall(r'<iframe src="([^"]*)"', html)
    frame = client.get(address.replace("&amp;", "&").partition("#")[0])
    quote = client.get("/v1" + link.partition("?")[0]).json()["passage"]["text"]

    assert 'sandbox=""' in html
    assert frame.headers["content-security-policy"] == FRAME_POLICY
    assert frame.headers["x-frame-options"] == "SAMEORIGIN"
    marked = " ".join("".join(read(frame.text).marked).split())
    assert marked
    assert marked in " ".join(quote.split())


def test_a_format_that_cannot_be_shown_says_so_and_leaves_no_half_empty(client: TestClient) -> None:
    """The text keeps the whole width, the bar names the paragraph, and showing it beside is not offered."""
    place = citation_in(client, WORD)
    asked, plain = client.get(place + "&beside=1").text, client.get(place).text

    assert "Este formato no se puede mostrar aquí" in asked
    assert [part in asked for part in ("two-sides", "beside-original", 'class="original"')] == [False] * 3
    assert re.search(r'<span class="offsets">párr\. \d+ ·', asked)
    assert "Ver el original al lado" not in plain
    assert "Este formato no se puede mostrar aquí" not in plain


def test_an_original_is_marked_with_its_own_language(client: TestClient) -> None:
    """The frame is in the language of the document, whatever that of the page is."""
    documents = client.get("/v1/documents").json()["documents"]
    framed = [one for one in documents if one["document"]["source_id"].endswith((".html", ".md", ".txt"))]
    told = {
        max(one["language_mix"], key=lambda share: share["share"])["language"]: re.findall(
            r'<html lang="(\w+)"', client.get(f"/documents/{one['document']['id']}/original").text
        )
        for one in framed
    }

    assert told
    assert {language: [language] for language in told} == told


@pytest.mark.parametrize("path", ["pages/0.png", "pages/99.png", "pages/-1.png"])
def test_a_page_that_is_not_there_is_not_found(client: TestClient, store: Store, path: str) -> None:
    document = next(one for one in store.documents() if one.source_id.endswith(PDF))

    assert client.get(f"/documents/{document.id}/{path}").status_code == 404


def test_who_may_not_export_sees_no_originals(store: Store) -> None:
    app = create_app(knowledge_base_of(store), access=Access(without_key=frozenset({Scope.READ})))
    mount(app)
    document = next(one for one in store.documents() if one.source_id.endswith(WEB))
    with TestClient(app) as reader:
        page = reader.get(f"/documents/{document.id}?beside=1").text
        frame = reader.get(f"/documents/{document.id}/original")

    assert "<iframe" not in page
    assert "data-original" not in page
    assert frame.status_code == 401


# -- markup --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "body"),
    [
        ("<p onclick=x style=y class=z id=cited>a &lt; b</p>", "<p>a &lt; b</p>"),
        ("<script>alert(1)</script><p>a", "<p>a</p>"),
        ("<a href='javascript:x'>link</a>", "link"),
        ("<svg><p>in</p></svg>out", "out"),
        ("<div><p>a</div>b", "<div><p>a</p></div>b"),
        ("a<br/>b<hr>c", "a<br>b<hr>c"),
        ("<!-- <p> -->a<!DOCTYPE x>b<?php x ?>c", "abc"),
        ("1 < 2 <3", "1 &lt; 2 &lt;3"),
        ("a<!-- never closed <p>x", "a"),
        ("<iframe src=x></iframe><object data=x></object><p>ok</p>", "<p>ok</p>"),
        ("<mark>theirs</mark>", "theirs"),
    ],
)
def test_only_the_shape_is_kept(page: str, body: str) -> None:
    assert html_shown(page.encode(), None) == Shown(body, None)


@pytest.mark.parametrize(
    ("page", "quote", "body"),
    [
        ("<p>El <b>37,5 %</b> se\n marchó.</p>", "37,5 % se marchó.", True),
        ("<p>one</p><p>two</p>", "one two", True),
        ("<p>cafe\u0301 bien</p>", "café bien", False),
        ("<p>same</p><p>same</p>", "same", False),
        ("<p>a</p>", "b", False),
        ("<p>87 %</p>", "7 %", True),
    ],
)
def test_words_are_marked_where_they_stand_once(page: str, quote: str, body: bool) -> None:
    shown = html_shown(page.encode(), quote)

    assert shown.marked is body
    assert ('<mark id="cited">' in shown.body) is body
    assert re.sub(r"</?mark[^>]*>", "", shown.body) == html_shown(page.encode(), None).body


@pytest.mark.parametrize("evil", PAYLOADS)
def test_no_payload_lives_in_an_original(evil: str) -> None:
    allowed = {"p", "pre", "mark", "b", "u", "div", "s", "em", "code"}
    for shown in (
        html_shown(f"<p>{evil}</p>".encode("utf-8", "surrogatepass"), "effort"),
        text_shown(evil.encode("utf-8", "surrogatepass"), evil),
    ):
        elements = read(shown.body).elements
        assert {tag for tag, _ in elements} <= allowed
        assert {name for _, names in elements for name in names} <= {"id"}


@pytest.mark.parametrize("unit", ["<!--", "<", "<a ", "</", '<a b="', "<script", "<div>", "<b><i></b>", "<?", "&"])
def test_no_page_takes_long(unit: str) -> None:
    """Time in proportion to length: Python's own parser takes minutes for some of these."""
    started = perf_counter()
    html_shown((unit * (200_000 // len(unit))).encode(), "quote")

    assert perf_counter() - started < 5


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xef\xbb\xbfa\xc3\xb1o", "año"),
        ("año".encode("utf-16"), "año"),
        (b"<meta charset='iso-8859-1'>a\xf1o", "<meta charset='iso-8859-1'>año"),
        (b"a\xf1o \x93x\x94", "año “x”"),
        (b"<meta charset=nonsense>a\xc3\xb1o\r\n", "<meta charset=nonsense>año\n"),
    ],
)
def test_bytes_are_decoded_as_they_say(data: bytes, text: str) -> None:
    assert decoded(data) == text


# -- pictures ------------------------------------------------------------------------------


def picture(*, turned: bool = False) -> PagePicture:
    return PagePicture(b"", 10.0, 20.0, 500.0, 800.0, turned, 1)


def test_lines_of_a_block_are_one_frame_and_columns_are_two() -> None:
    lines = [
        Box(1, 60, 700, 300, 712),
        Box(1, 60, 685, 110, 697),
        Box(1, 120, 685, 290, 697),
        Box(1, 320, 700, 500, 712),
    ]

    assert framed(lines, picture()) == (Rectangle(50, 108, 240, 27), Rectangle(310, 108, 180, 12))
    assert framed(lines, picture(turned=True)) == ()


def test_what_cannot_be_drawn_is_an_error() -> None:
    data = (SAMPLES / PDF).read_bytes()
    with IsolatedReader() as drawer:
        drawn = drawer.draw(data, 3, PDF)
        with pytest.raises(SourceError, match="has no page 4"):
            drawer.draw(data, 4, PDF)
        with pytest.raises(SourceError, match="damaged"):
            drawer.draw(b"%PDF-1.4 nothing", 1, "bad.pdf")
        again = drawer.draw(data, 3, PDF)

    assert drawn == again
    assert (drawn.pages, drawn.turned, round(drawn.width), round(drawn.height)) == (3, False, 595, 842)
