"""The page in a real Chromium against ``kb serve`` with the real model, on the bundled samples: walks, marks, axe.

Skipped where there is no Chromium or no playwright. Slow: the samples are ingested first.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from api.http.auth import create_key
from kb.records.operation import Scope
from kb.store import Store
from tests.api.conftest import SAMPLES
from tests.page import test_browser as fake
from tests.page.axe import axe_script
from tests.page.test_hostile_text import PAYLOADS

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [*fake.pytestmark, pytest.mark.model, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
KB = [sys.executable, "-c", "from api.cli import main; main()"]
QUESTIONS = {
    "es": "¿Qué esperan los clientes de las empresas?",
    "en": "What do customers expect from companies?",
}
PUBLIC = "https://evidence.example"
Page = Any


@dataclass(frozen=True, slots=True)
class Served:
    """A server on the samples: its address, its base, and a key that may add."""

    address: str
    base: Path
    key: str


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    base = tmp_path_factory.mktemp("real") / "base"
    subprocess.run([*KB, "ingest", str(SAMPLES), "--base", str(base)], check=True, cwd=ROOT, capture_output=True)
    store = Store.open(base)
    key = create_key(store.keys, "browser", frozenset({Scope.INGEST}), None)[1]
    store.close()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "KB_RATE_PER_MINUTE": "0", "KB_PUBLIC_URL": PUBLIC}
    command = [*KB, "serve", "--base", str(base), "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(address)
        yield Served(address, base, key)
    finally:
        process.terminate()
        process.wait(40)


def _wait_until_ready(address: str) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"{address}/readyz"):  # noqa: S310 - our own address
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"{address} is not ready")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=fake.CHROMIUM, args=fake.FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def hosts() -> list[str]:
    return []


@pytest.fixture
def page(browser: Any, served: Served, hosts: list[str], request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page in the language of the test; it must end without an error and without asking another host."""
    language = getattr(request, "param", "es")
    context = browser.new_context(
        locale=fake.LOCALES[language],
        base_url=served.address,
        permissions=["clipboard-read", "clipboard-write"],
        accept_downloads=True,
    )
    opened = context.new_page()
    opened.set_default_timeout(60_000)
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("request", lambda asked: hosts.append(asked.url))
    yield opened
    context.close()

    assert errors == []
    assert [url for url in hosts if not url.startswith((served.address, "data:", "blob:"))] == []


BOTH = pytest.mark.parametrize("page", ["es", "en"], indirect=True)


def language_of(page: Page) -> str:
    language: str = page.evaluate("document.documentElement.lang")
    return language


def exported(page: Page, path: Path) -> tuple[str, str]:
    """The text and the footnotes of the dossier that the export button in focus gives."""
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    download.value.save_as(path)
    with zipfile.ZipFile(path) as made:
        return made.read("word/document.xml").decode("utf-8"), made.read("word/footnotes.xml").decode("utf-8")


@BOTH
def test_the_consultants_walk(page: Page, tmp_path: Path) -> None:
    """Question to five sourced findings in DOCX in eight actions: 1 question, 2 to 6 save, 7 basket, 8 export."""
    page.goto("/")
    page.keyboard.type(QUESTIONS[language_of(page)], delay=5)
    page.wait_for_selector("#answer-title")
    saves = page.locator(".card [data-save]")
    for number in range(5):
        saves.nth(number).click()
    page.click(".basket-link")
    page.wait_for_selector(".shelf")
    page.focus("[data-export=docx]")
    text, notes = exported(page, tmp_path / "dossier.docx")

    assert page.locator(".shelf").count() == 5
    assert QUESTIONS[language_of(page)] in text
    assert text.count("footnoteReference") >= 5
    assert notes.count(f"{PUBLIC}/passages/") >= 5


@BOTH
def test_the_consultants_walk_by_keyboard_alone(page: Page, tmp_path: Path) -> None:
    """The same without a mouse: the question, ``j`` and ``s`` five times, Tab to the basket and to the export."""
    page.goto("/")
    page.keyboard.type(QUESTIONS[language_of(page)], delay=5)
    page.keyboard.press("Enter")
    page.wait_for_selector("#answer-title")
    page.wait_for_selector("[data-card]")
    page.keyboard.press("Escape")
    for number in range(1, 6):
        page.keyboard.press("j")
        page.keyboard.press("s")
        playwright.expect(page.locator("[data-basket-count]")).to_have_text(str(number))
    fake.tab_to(page, ".basket-link", "Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".shelf")
    fake.tab_to(page, "[data-export=docx]")
    text, _ = exported(page, tmp_path / "dossier.docx")

    assert text.count("footnoteReference") >= 5


@BOTH
def test_the_writers_walk(page: Page) -> None:
    """Figure to copied citation in two actions: what it is about, and the button. The sentence, its author-date beside
    it, and the entry of APA, as the API gives them for this figure."""
    page.goto("/statistics")
    words = {"es": "trato personalizado", "en": "personalised interactions"}[language_of(page)]
    page.fill("#f-q", words)
    playwright.expect(page.locator(".figure-card").first).to_contain_text("71")
    page.locator(".figure-card").first.locator("[data-copy-citation]").click()
    fake.wait_for_said(page)
    copied = fake.clipboard(page)
    asked = {"ids": [page.get_attribute(".figure-card", "id")], "style": "apa", "language": language_of(page)}
    [reference] = page.request.post("/v1/citations", data=asked).json()["citations"]

    assert "71" in copied
    assert f"{PUBLIC}/passages/" in copied
    assert reference["in_text"] in copied
    assert reference["entry"] in copied


@BOTH
def test_the_writers_walk_by_keyboard_alone(page: Page) -> None:
    """The same without a mouse: the words and Enter, ``y`` on the first figure."""
    page.goto("/statistics")
    fake.tab_to(page, "#f-q")
    page.keyboard.type({"es": "trato personalizado", "en": "personalised interactions"}[language_of(page)])
    page.keyboard.press("Enter")
    playwright.expect(page.locator(".figure-card").first).to_contain_text("71")
    page.keyboard.press("Escape")
    page.keyboard.press("y")
    fake.wait_for_said(page)

    assert "71" in fake.clipboard(page)
    assert f"{PUBLIC}/passages/" in fake.clipboard(page)


def test_each_question_that_the_start_suggests_has_an_answer(page: Page) -> None:
    """On the samples, which is where people first try them."""
    page.goto("/")
    asked = page.eval_on_selector_all(".home a[lang]", "all => all.map(one => one.getAttribute('href'))")
    unanswered = []
    for address in asked:
        page.goto(address)
        if not page.locator(".source-group").count():
            unanswered.append(address)

    assert len(asked) == 4
    assert unanswered == []


@BOTH
def test_a_result_is_one_action_from_its_marked_place(page: Page) -> None:
    page.goto("/")
    question = QUESTIONS[language_of(page)]
    page.goto(f"/search?q={question}")
    quotes = page.eval_on_selector_all(".card mark", "all => all.map(one => one.textContent)")
    for number, quote in enumerate(quotes[:5]):
        page.goto(f"/search?q={question}")
        page.locator(".card h3 a").nth(number).click()
        page.wait_for_selector("#cited")
        marked = page.eval_on_selector_all("[data-cited]", "all => all.map(one => one.textContent).join('')")

        assert "".join(marked.split()) == "".join(quote.split())
        assert page.evaluate("() => {const b = document.querySelector('#cited').getBoundingClientRect();"
                             "return b.bottom > 0 && b.top < innerHeight}")  # fmt: skip


def test_files_are_added_with_a_key_and_found(page: Page, served: Served) -> None:
    """The key, two files (one of them bad, with a hostile name), their job as it goes, and the new document's words."""
    evil = "<img src=x onerror=window.pwned=1>".translate({ord(mark): "_" for mark in '<>"=/'}) + " &lt;b&gt;.pdf"
    page.goto("/add")
    page.fill("#key", served.key)
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-add]")
    page.set_input_files(
        "#file",
        [
            {"name": "nota.txt", "mimeType": "text/plain", "buffer": b"Los faros avisan a los barcos.\n" * 3},
            {"name": evil, "mimeType": "application/pdf", "buffer": b"%PDF-1.4 broken"},
        ],
    )
    assert page.locator("[data-chosen] li").count() == 2
    page.click("[data-add] [type=submit]")
    page.wait_for_selector(".job-foot")

    assert page.locator(".report-line").count() == 2
    assert evil in page.inner_text(".report-line >> nth=0")
    assert page.evaluate("window.pwned") is None
    page.click("form[action$='/retry'] button")
    page.wait_for_selector(".job-foot")
    assert page.locator(".report-line").count() == 1
    page.goto("/search?q=faros y barcos")
    playwright.expect(page.locator(".card").first).to_contain_text("faros")


def test_the_page_of_a_pdf_stands_beside_its_text(page: Page) -> None:
    page.goto("/search?q=personalised interactions&format=pdf&language=en")
    page.locator(".card h3 a").first.click()
    page.click("[data-original]")
    page.wait_for_selector(".sheet svg image")

    assert page.locator(".place-frame").count() >= 1
    drawn = page.evaluate(
        "async () => { const one = new Image(); one.src = document.querySelector('.sheet image').getAttribute('href');"
        "await one.decode(); return one.naturalWidth; }"
    )
    assert drawn > 500
    assert page.locator("#cited").count() == 1


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["es", "en"])
def test_no_view_breaks_an_accessibility_rule(browser: Any, served: Served, language: str, theme: str) -> None:
    script = axe_script()
    if script is None:
        pytest.skip("axe-core cannot be fetched: npm or its registry is not at hand")
    context = browser.new_context(
        locale=fake.LOCALES[language], color_scheme=theme, base_url=served.address, bypass_csp=True,
        reduced_motion="reduce",
    )  # fmt: skip
    context.add_cookies([{"name": "kb_key", "value": served.key, "url": served.address}])
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(f"/search?q={QUESTIONS[language]}&format=pdf")
    place = page.get_attribute(".card", "data-open").partition("#")[0]
    broken = []
    views = [f"/search?q={QUESTIONS[language]}", "/search?q=volcanes submarinos", place, f"{place}&beside=1"]
    for view in (*fake.VIEWS, *views, "/documents/d0"):
        page.goto(view)
        broken += fake.violations(page, script, view)
    page.goto("/add")
    page.set_input_files("#file", [{"name": "roto.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 broken"}])
    page.click("[data-add] [type=submit]")
    page.wait_for_selector(".job-foot")
    broken += fake.violations(page, script, "job")
    context.close()

    assert "\n".join(broken) == ""


def test_no_payload_lives_in_what_people_type(page: Page) -> None:
    """Search words, the key and where to go on after it: 200 payloads, a sample of them in the browser."""
    for evil in PAYLOADS[::10]:
        page.goto("/session?" + page.evaluate("words => new URLSearchParams({next: words}).toString()", evil))
        page.fill("#key", evil[:200] or "x")
        page.evaluate("document.querySelector('.signin').submit()")
        page.wait_for_selector("#key-refused")
        page.goto("/search?" + page.evaluate("words => new URLSearchParams({q: words}).toString()", evil))

        assert page.evaluate("window.pwned") is None
