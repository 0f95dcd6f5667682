"""A wrong author corrected in a real browser: in at most four actions, with the mouse and by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from api.http.auth import create_key
from kb.records.operation import Scope
from kb.store import Store
from tests.page import test_browser as fake

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = fake.pytestmark
browser = fake.browser
RIGHT = ("Ana Pérez Gil", "World Bank")
Page = Any


@pytest.fixture(params=["es", "en"])
def page(browser: Any, own_address: str, store: Store, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The page of the document, in both languages, with a key that may correct it."""
    key = create_key(store.keys, "browser", frozenset({Scope.ADMIN}), None)[1]
    context = browser.new_context(locale=fake.LOCALES[request.param], base_url=own_address)
    context.add_cookies([{"name": "kb_key", "value": key, "url": own_address}])
    opened = context.new_page()
    opened.goto(f"/documents/{_document(store).id}")
    yield opened
    context.close()


def _document(store: Store) -> Any:
    return next(one for one in store.documents() if one.source_id == "en-effort.md")


def _is_corrected(page: Page, store: Store) -> bool:
    page.wait_for_selector(".notice a[href='#record-fields']")
    document = _document(store)
    told = page.inner_text(".reader-head .source-line")
    return document.authors == RIGHT and document.title == "Customer effort" and RIGHT[1] in told


def test_a_wrong_author_is_corrected_in_three_actions(page: Page, store: Store) -> None:
    """1 the link, 2 the names, 3 the button; the page then says so."""
    page.click(".reader-head a[href='#record-fields']")
    page.fill("#record-authors", "\n".join(RIGHT))
    page.click(".record-form [type=submit]")

    assert _is_corrected(page, store)


def test_a_wrong_author_is_corrected_by_keyboard_alone(page: Page, store: Store) -> None:
    """Tab to the link and Enter, Tab to the field, the names typed over the old ones, Tab to the button and Enter."""
    fake.tab_to(page, ".reader-head a[href='#record-fields']")
    page.keyboard.press("Enter")
    fake.tab_to(page, "#record-authors")
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type(RIGHT[0])
    page.keyboard.press("Enter")
    page.keyboard.type(RIGHT[1])
    fake.tab_to(page, ".record-form [type=submit]")
    page.keyboard.press("Enter")

    assert _is_corrected(page, store)
