"""The page read otherwise than on a wide screen: on paper, at 200 %, and by a screen reader."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pytest

from tests.page import test_browser as fake

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = fake.pytestmark
browser = fake.browser
Page = Any
VIEWS = (*fake.VIEWS, "/documents")
# What only a screen has: none of it is ink.
TOOLS = ".masthead, .search, .facets, .facets-of, .actions, .ordering, .shelf-tools, .basket-foot, .colophon, .crumbs"


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Page]:
    """The page as a window of 1280 pixels shows it at 200 %: 640 wide, each of two."""
    context = browser.new_context(
        locale="es-ES", base_url=address, viewport={"width": 640, "height": 450}, device_scale_factor=2
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def place(client: Any) -> str:
    link: str = client.get("/v1/search?q=esfuerzo").json()["hits"][0]["citation"]["permalink"]
    return link


def test_at_200_per_cent_nothing_lies_beside_the_window(page: Page, place: str) -> None:
    wide = []
    for view in (*VIEWS, place, f"{place}&beside=1"):
        page.goto(view)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(view)

    assert wide == []


def test_on_paper_stand_the_words_and_no_tools(page: Page, place: str) -> None:
    page.emulate_media(media="print", color_scheme="dark")
    inked = []
    for view in ("/search?q=esfuerzo", "/statistics?kind=percent", "/coverage", "/documents", place):
        page.goto(view)
        inked += [view for one in page.locator(TOOLS).all() if one.is_visible()]
        assert page.locator("main").inner_text().strip()
    white = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--paper').trim()")

    assert inked == []
    assert white in ("#fff", "#ffffff", "white")


def test_the_dossier_prints_to_pdf_with_its_quotes_notes_and_sources(page: Page, client: Any) -> None:
    """The HTML file of an export, as the browser prints it."""
    asked = {"q": "cliente", "what": "passages", "format": "html"}
    page.set_content(client.get("/v1/export", params=asked).text)
    printed = pdfium.PdfDocument(page.pdf(prefer_css_page_size=True))
    text = " ".join(" ".join(one.get_textpage().get_text_range().split()) for one in printed)

    assert [round(side) for side in printed[0].get_size()] == [595, 842]
    for part in (
        "DOSIER DE EVIDENCIA",
        "Hallazgos",
        "En español",
        "En inglés",
        "Fuentes",
        "Notas",
        "Cómo se comprueba",
    ):
        assert part in text
    assert all(
        " ".join(hit["citation"]["quote"].split()) in text for hit in client.get("/v1/search?q=cliente").json()["hits"]
    )


def test_a_screen_reader_has_places_names_and_what_changes(page: Page) -> None:
    """The landmarks, the answer by its name, and a status outside of what is replaced that tells the count."""
    page.goto("/search?q=esfuerzo")
    tree = page.locator("body").aria_snapshot()
    for part in (
        "banner",
        "navigation",
        "search",
        "main",
        "contentinfo",
        'heading "Lo que dicen las fuentes"',
        "status",
    ):
        assert part in tree, part
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/statistics?kind=percent")
    told = page.locator("[data-told]")
    page.fill("#f-min", "38")

    playwright.expect(told).to_have_text("1 cifra")
    assert told.get_attribute("role") == "status"
    assert page.locator("#table [role=status], #table [aria-live]").count() == 0


@pytest.mark.parametrize("view", ["/search?q=esfuerzo", "/statistics?kind=percent", "/basket", "/add", "/draft"])
def test_whatever_can_be_pressed_has_a_name(page: Page, view: str) -> None:
    page.goto(view)
    tree = page.locator("body").aria_snapshot()

    assert [
        line for line in tree.splitlines() if line.strip() in ("- link", "- button", "- textbox", "- combobox")
    ] == []
