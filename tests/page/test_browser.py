"""The page in a real Chromium: as you type, keyboard alone, marks, basket, accessibility, no scripts, no other host.

Skipped where there is no Chromium (Debian's package ``chromium``) or no playwright.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from tests.page.axe import axe_script

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

CHROMIUM = shutil.which("chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
LOCALES = {"es": "es-ES", "en": "en-GB"}
Page = Any

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium: apt-get install chromium"),
    # Playwright leaves its event loop's socket to the collector at the end of the run.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def hosts() -> list[str]:
    """Every host that a page asked for anything."""
    return []


@pytest.fixture
def page(browser: Any, address: str, hosts: list[str]) -> Iterator[Page]:
    """A Spanish page; it must end without an error of its own and without asking another host."""
    context = browser.new_context(
        locale="es-ES", base_url=address, permissions=["clipboard-read", "clipboard-write"], accept_downloads=True
    )
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("request", lambda request: hosts.append(request.url))
    yield opened
    context.close()

    assert errors == []
    assert [url for url in hosts if not url.startswith((address, "data:", "blob:"))] == []


def tab_to(page: Page, selector: str, key: str = "Tab") -> None:
    """Move the focus to an element as a keyboard does."""
    for _ in range(300):
        page.keyboard.press(key)
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached with {key}")


def clipboard(page: Page) -> str:
    text: str = page.evaluate("navigator.clipboard.readText()")
    return text


def wait_for_said(page: Page) -> None:
    page.wait_for_selector(".said.shown")


def test_results_come_while_one_types(page: Page) -> None:
    page.goto("/")
    page.keyboard.type("esfuerzo", delay=15)
    page.wait_for_selector("[data-card]")
    page.wait_for_url("**/search?q=esfuerzo")
    page.wait_for_selector("#answer-title")

    assert {"es", "en"} == set(page.eval_on_selector_all(".card", "all => all.map(x => x.dataset.language)"))


def test_filters_and_the_rest_of_the_list_come_when_one_rests(page: Page, client: Any) -> None:
    """The same list, filters and address as the page that is asked for whole."""
    page.goto("/")
    page.keyboard.type("cliente", delay=15)
    page.wait_for_selector("#answer-title")
    opened = page.eval_on_selector_all(".card", "all => all.map(one => one.dataset.open)")
    whole = client.get("/v1/search?q=cliente").json()["hits"]

    assert page.url.endswith("/search?q=cliente")
    assert page.title().startswith("cliente · ")
    assert page.locator(".facet").count() > 0
    assert [hit["passage"]["id"] in link for hit, link in zip(whole, opened, strict=True)] == [True] * len(whole)


def test_words_that_stay_the_same_are_not_asked_for_again(page: Page, hosts: list[str]) -> None:
    page.goto("/search?q=esfuerzo")
    page.focus("#q")
    page.keyboard.press("End")
    page.keyboard.type("  ", delay=15)
    page.wait_for_timeout(400)

    assert [url for url in hosts if "/hits?" in url] == []


def test_a_cleared_field_brings_the_start_and_enter_the_answer(page: Page) -> None:
    page.goto("/search?q=esfuerzo")
    page.fill("#q", "")
    page.wait_for_selector(".home")
    page.wait_for_url("**/search?q=")
    page.keyboard.type("cliente")
    page.keyboard.press("Enter")
    page.wait_for_selector("#answer-title")

    assert page.url.endswith("/search?q=cliente")
    assert page.locator(".facet").count() > 0


def test_a_filter_clicked_before_it_is_up_to_date_means_the_words_of_now(page: Page) -> None:
    page.goto("/search?q=esfuerzo")
    page.evaluate("document.querySelector('#q').value = 'cliente'")
    page.locator(".facet a").first.click()
    page.wait_for_url(re.compile("q=cliente"))

    assert page.input_value("#q") == "cliente"


def test_filters_stay_while_one_types_on(page: Page) -> None:
    page.goto("/search?q=esfuerzo&language=es")
    page.focus("#q")
    page.keyboard.press("End")
    with page.expect_response(re.compile("q=esfuerzo\\+y")):
        page.keyboard.type(" y", delay=15)
    page.wait_for_url(re.compile("language=es"))

    assert {"es"} == set(page.eval_on_selector_all(".card", "all => all.map(x => x.dataset.language)"))


def test_one_action_opens_the_marked_place(page: Page) -> None:
    page.goto("/search?q=esfuerzo")
    quote = page.inner_text(".card mark")
    page.click(".card h3 a")
    page.wait_for_selector("#cited")

    assert quote == page.inner_text("#cited")
    assert page.evaluate("() => {const b = document.querySelector('#cited').getBoundingClientRect();"
                         "return b.top >= 0 && b.bottom <= innerHeight}")  # fmt: skip


def test_marks_in_the_browser_are_the_cited_characters(page: Page, client: Any) -> None:
    for hit in client.get("/v1/search?q=cliente").json()["hits"]:
        page.goto(hit["citation"]["permalink"])

        marked = page.eval_on_selector_all("[data-cited]", "all => all.map(x => x.textContent).join('')")
        assert hit["citation"]["quote"] == marked


def test_the_original_stands_at_its_mark(page: Page, client: Any) -> None:
    """Loaded before it has a width, a frame scrolled to where the mark then was, and stayed at its end (2 of 12
    openings, by the race of two loads); so it is loaded once it is laid out."""
    seen = 0
    for hit in client.get("/v1/search", params={"q": "cliente", "limit": 12}).json()["hits"]:
        page.goto(hit["citation"]["permalink"] + "&beside=1", wait_until="load")
        frame = page.locator(".original iframe")
        mark = page.frame_locator(".original iframe").locator("mark#cited")
        if not frame.count() or not mark.count():
            continue
        top, height = mark.evaluate("mark => [mark.getBoundingClientRect().top, innerHeight]")
        seen += 1
        assert frame.get_attribute("loading") == "lazy"
        assert 0 <= top < height, hit["citation"]["permalink"]
    assert seen >= 3


def test_after_enter_letters_are_keys_and_the_first_action_is_near(page: Page) -> None:
    """Typed in full, sent with Enter: no letter goes into the field any more, and Tab comes to the answer."""
    page.goto("/")
    page.keyboard.type("esfuerzo")
    page.keyboard.press("Enter")
    page.wait_for_selector(".source-group")
    page.wait_for_selector(".facet")
    stops = [page.keyboard.press("Tab") or page.evaluate("document.activeElement.className") for _ in range(3)]
    page.keyboard.press("j")

    assert "action" in stops
    assert page.input_value("#q") == "esfuerzo"
    assert page.evaluate("document.activeElement.matches('[data-card]')")
    page.keyboard.press("y")
    wait_for_said(page)
    assert "esfuerzo" in clipboard(page).lower() or "effort" in clipboard(page).lower()


def test_the_first_action_of_an_answer_is_three_stops_from_the_top(page: Page) -> None:
    """The link that skips to the results, the source, the place, the action."""
    page.goto("/search?q=esfuerzo")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    stops = [page.keyboard.press("Tab") or page.evaluate("document.activeElement.className") for _ in range(3)]

    assert stops[-1] == "action"


def test_every_task_by_keyboard_alone(page: Page) -> None:
    page.goto("/search?q=esfuerzo")
    for _ in page.locator(".finding-of").all():
        page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("s")
    wait_for_said(page)
    page.keyboard.press("j")
    page.keyboard.press("s")
    page.keyboard.press("e")

    assert page.inner_text("[data-basket-count]") == "2"
    assert page.evaluate("document.activeElement.querySelector('.why').open")

    page.keyboard.press("c")
    page.wait_for_selector("dialog[open] pre")
    page.keyboard.press("Enter")
    wait_for_said(page)
    assert "cliente" in clipboard(page) or "effort" in clipboard(page)
    page.keyboard.press("Escape")

    page.keyboard.press("?")
    assert page.is_visible("[data-help-dialog]")
    page.keyboard.press("Escape")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_selector("#cited")
    page.keyboard.press("j")
    playwright.expect(page.locator(".neighbours")).to_contain_text("2 de")
    page.keyboard.press("/")
    page.wait_for_selector("#q")
    page.keyboard.press("Escape")
    page.keyboard.press("l")
    page.wait_for_selector("html[lang=en]")


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_consultants_walk(page: Page, language: str, tmp_path: Any) -> None:
    """Question to five sourced findings in a DOCX: 1 typing, 2 to 6 saving, 7 basket, 8 export."""
    page.set_extra_http_headers({"Accept-Language": language})
    page.goto("/")
    page.keyboard.type("effort" if language == "en" else "esfuerzo", delay=10)
    page.wait_for_selector("[data-card]")
    page.wait_for_selector("#answer-title")
    saves = page.locator(".card [data-save]")
    wanted = min(5, saves.count())
    for number in range(wanted):
        saves.nth(number).click()
    page.click(".basket-link")
    with page.expect_download() as download:
        page.click("[data-export=docx]")

    assert wanted == page.locator(".shelf").count() >= 4
    assert download.value.suggested_filename == "dossier.docx"


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_writers_walk(page: Page, language: str) -> None:
    """Figure to copied citation: one action once the table is open."""
    page.set_extra_http_headers({"Accept-Language": language})
    page.goto("/statistics?kind=percent")
    row = page.locator(".figure-card").first
    quote = row.locator("blockquote p").first.inner_text()
    row.locator("[data-copy-citation]").click()
    wait_for_said(page)

    assert " ".join(quote.split())[:30] in clipboard(page)
    assert "127.0.0.1" not in clipboard(page)


def test_a_shared_basket_does_not_replace_ones_own(page: Page, client: Any) -> None:
    hits = client.get("/v1/search?q=esfuerzo&limit=3").json()["hits"]
    item = [f"{h['passage_id']}:{h['span']['start']}-{h['span']['end']}" for h in (hit["citation"] for hit in hits)]
    page.goto("/search?q=esfuerzo")
    page.locator(".card [data-save]").first.click()
    page.goto(f"/basket?item={item[1]}&item={item[2]}")

    assert page.is_visible("[data-basket-foreign]")
    assert page.inner_text("[data-basket-count]") == "1"

    page.click("[data-basket-keep]")
    assert page.inner_text("[data-basket-count]") == "2"
    page.locator("button[value='remove:0']").click()
    playwright.expect(page.locator(".shelf")).to_have_count(1)
    page.goto("/search")
    assert page.inner_text("[data-basket-count]") == "1"


def test_statistics_narrow_while_one_types(page: Page) -> None:
    page.goto("/statistics?kind=percent")
    page.fill("#f-min", "38")
    playwright.expect(page.locator(".figure-card")).to_have_count(1)

    assert "min=38" in page.url


def test_without_scripts_one_can_search_and_read(browser: Any, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en-GB", base_url=address)
    page = context.new_page()
    page.goto("/")
    page.fill("#q", "effort")
    page.click("form.search button")
    page.wait_for_selector(".card")
    page.wait_for_selector("#answer-title")

    assert page.locator(".scripted:visible").count() == 0

    page.click(".card h3 a")
    assert page.locator("#cited").is_visible()
    page.click("main a[href^='/cite']")
    assert page.locator("pre").count() == 7
    context.close()


def test_without_scripts_the_original_stands_in_a_frame_that_can_do_nothing(
    browser: Any, address: str, client: Any
) -> None:
    """Browsers load a lazy frame at once where scripts are off; nothing in it runs, loads or is sent either way."""
    places = [hit["citation"]["permalink"] for hit in client.get("/v1/search?q=cliente").json()["hits"]]
    context = browser.new_context(java_script_enabled=False, locale="es-ES", base_url=address)
    page = context.new_page()
    policies = []
    page.on("response", lambda got: policies.append((got.url, got.headers.get("content-security-policy", ""))))
    for place in places:
        page.goto(f"{place}&beside=1", wait_until="load")
    framed = [policy for url, policy in policies if "/original" in url and "text/html" not in url]
    frame = page.locator(".original iframe")

    assert frame.get_attribute("sandbox") == ""
    assert frame.get_attribute("referrerpolicy") == "no-referrer"
    assert framed
    assert all("sandbox" in policy and "default-src 'none'" in policy for policy in framed)
    context.close()


VIEWS = (
    "/", "/search?q=esfuerzo", "/search?q=volcanes", "/statistics", "/coverage", "/documents", "/draft", "/basket",
    "/add", "/session", "/docs", "/statistics?q=zzzz", "/search?q=esfuerzo&year_from=1901&year_to=1901", "/nowhere",
)  # fmt: skip


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["es", "en"])
def test_no_view_breaks_an_accessibility_rule(
    browser: Any, address: str, client: Any, language: str, theme: str
) -> None:
    """axe-core, WCAG 2.2 A and AA and its best practices: 0 violations on every view."""
    script = axe_script()
    if script is None:
        pytest.skip("axe-core cannot be fetched: npm or its registry is not at hand")
    citation = client.get("/v1/search?q=esfuerzo").json()["hits"][0]["citation"]
    item = f"{citation['passage_id']}:{citation['span']['start']}-{citation['span']['end']}"
    context = browser.new_context(
        locale=LOCALES[language], color_scheme=theme, base_url=address, bypass_csp=True, reduced_motion="reduce"
    )
    page = context.new_page()
    broken = []
    beside = f"{citation['permalink']}&beside=1"
    for view in (
        *VIEWS,
        citation["permalink"],
        beside,
        f"/basket?item={item}",
        f"/cite?passage={citation['passage_id']}",
    ):
        page.goto(view)
        broken += violations(page, script, view)
    page.goto("/search?q=esfuerzo")
    page.keyboard.press("c")
    page.wait_for_selector("dialog[open] pre")
    broken += violations(page, script, "cite dialog")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.wait_for_selector("[data-help-dialog][open]")
    broken += violations(page, script, "help dialog")
    page.goto("/draft")
    page.fill("textarea", "Some 40% of customers left after one failure. Rain fell on 3% of dogs.")
    page.click("main form button")
    broken += violations(page, script, "checked draft")
    context.close()

    assert "\n".join(broken) == ""


def violations(page: Page, script: str, view: str) -> list[str]:
    page.evaluate(script)
    found = page.evaluate("async () => (await axe.run(document)).violations")
    return [f"{view}: {one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]


@pytest.mark.parametrize("width", [320, 390])
def test_a_phone_never_scrolls_sideways(browser: Any, address: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, locale="es-ES", base_url=address)
    page = context.new_page()
    wide = []
    for view in VIEWS:
        page.goto(view)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(view)
    context.close()

    assert wide == []


@pytest.mark.parametrize("view", ["/search?q=esfuerzo", "/documents", "/coverage", "/basket", "/draft", "/add"])
def test_a_page_is_light(page: Page, view: str) -> None:
    """At most 150 kB as it is sent, with its scripts, style and fonts."""
    asked: list[Any] = []
    page.on("requestfinished", lambda one: asked.append(one))
    page.goto(view)
    page.wait_for_load_state("networkidle")
    size = sum(one.sizes()["responseBodySize"] for one in asked)

    assert 50_000 < size <= 150_000
