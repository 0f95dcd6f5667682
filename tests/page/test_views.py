"""Every view over a real application: whole pages, strict headers, state in the address, facts as JSON beside it."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook  # type: ignore[import-untyped]

from api.page.rendering import POLICY
from api.page.views.covering import columns
from api.page.views.searching import FIRST
from api.service.knowledge_base import KnowledgeBase
from kb.records.search import Query, StatisticQuery
from kb.store import Store
from tests.api.conftest import knowledge_base_of
from tests.page.conftest import application, make_base
from tests.page.reading_html import read

VIEWS = (
    "/",
    "/search?q=esfuerzo",
    "/search?q=esfuerzo&language=en&topic=metrics",
    "/statistics",
    "/statistics?kind=percent&min=30&sort=value&direction=down",
    "/coverage",
    "/documents",
    "/basket",
    "/draft",
)


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_is_whole_and_strict(client: TestClient, view: str, language: str) -> None:
    """200, its own policy, no inline script or style, nothing of another host, the right language."""
    response = client.get(view, headers={"Accept-Language": language})
    page = read(response.text)

    assert response.status_code == 200
    assert response.headers["content-security-policy"] == POLICY
    assert "unsafe" not in POLICY
    assert f'<html lang="{language}"' in response.text
    assert [tag for tag, _ in page.elements if tag == "style"] == []
    assert [name for _, name, _ in page.attributes if name == "style" or name.startswith("on")] == []
    assert [names for tag, names in page.elements if tag == "script" and "src" not in names] == []
    loaded = [value for tag, name, value in page.attributes if (tag, name) in {("script", "src"), ("img", "src")}]
    assert all(value.startswith("/static/") for value in loaded)


@pytest.mark.parametrize("view", [view for view in VIEWS if view != "/draft" and view != "/basket"])
def test_every_view_names_its_json_twin(client: TestClient, view: str) -> None:
    html = client.get(view).text
    twin = next(
        dict(link)["href"]
        for link in re.findall(r"<link ([^>]*)>", html)
        for link in [re.findall(r'(\w+)="([^"]*)"', link)]
        if dict(link).get("rel") == "alternate"
    ).replace("&amp;", "&")

    response = client.get(twin)

    assert (response.status_code, response.headers["content-type"]) == (200, "application/json")


def test_basket_and_draft_have_twins_too(client: TestClient) -> None:
    hit = client.get("/v1/search?q=esfuerzo").json()["hits"][0]["citation"]
    item = f"{hit['passage_id']}:{hit['span']['start']}-{hit['span']['end']}"

    entries = client.get("/v1/basket", params={"item": item, "note": "mía"}).json()
    draft = client.post("/v1/drafts", json={"text": "El 37,5 % de los clientes se marchó."}).json()

    assert [(hit["quote"], "mía")] == [(entry["citation"]["quote"], entry["note"]) for entry in entries]
    assert [one["figure"]["value"] for one in draft["figures"]] == ["0.375"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/documents/d0", 404),
        ("/passages/p0", 404),
        ("/search?q=x&topic=nonsense", 422),
        ("/search?q=x&cursor=foreign", 422),
        ("/search?q=x&format=exe", 422),
        ("/statistics.xlsx?kind=colour", 422),
        ("/search?q=" + "x" * 2001, 422),
        ("/statistics?min=lots", 422),
        ("/statistics?min=nan", 422),
        ("/statistics?kind=colour", 422),
        ("/statistics?year_from=soon", 422),
        ("/cite", 422),
        ("/basket?item=p1", 422),
        ("/basket/export?format=exe", 422),
        ("/static/%2e%2e/views.py", 404),
        ("/static/LICENSES.md", 404),
    ],
)
def test_errors_are_pages_with_their_status(client: TestClient, path: str, status: int) -> None:
    response = client.get(path)

    assert status == response.status_code
    assert response.headers["content-type"].startswith("text/html")
    assert response.headers["content-security-policy"] == POLICY
    assert 'role="alert"' in response.text


def test_search_shows_both_languages_and_marks_the_sentence(client: TestClient, knowledge_base: KnowledgeBase) -> None:
    page = read(client.get("/search?q=esfuerzo").text)
    hits = knowledge_base.search(Query("esfuerzo")).hits

    cards = [value for tag, name, value in page.attributes if tag == "article" and name == "data-language"]
    assert [hit.passage.language.value for hit in hits] == cards
    assert {"es", "en"} == set(cards[:2])
    assert [hit.citation.quote for hit in hits] == page.marked
    assert [(hit.citation.span.start, hit.citation.span.end) for hit in hits] == page.marked_spans


def test_facets_are_addresses_that_set_and_unset(client: TestClient) -> None:
    every = client.get("/search?q=esfuerzo").text
    narrowed = client.get("/search?q=esfuerzo&language=es").text

    assert 'href="/search?q=esfuerzo&amp;language=es"' in every
    assert 'href="/search?q=esfuerzo" class="chosen" aria-current="true"' in narrowed
    assert {"es"} == set(re.findall(r'data-language="(\w+)"', narrowed))
    assert '<input type="hidden" form="search-form" name="language" value="es">' in narrowed


def test_a_long_facet_shows_seven_values_and_holds_the_others_back(client: TestClient) -> None:
    html = client.get("/search?q=cliente").text
    for facet in html.split('<section class="facet"')[1:]:
        shown, _, more = facet.split("</section>")[0].partition('<details class="more">')
        values = re.findall(r'href="(/search[^"]*)"', shown)

        assert len(values) <= 7
        assert not set(values) & set(re.findall(r'href="(/search[^"]*)"', more))


def test_no_evidence_is_said_plainly(client: TestClient) -> None:
    html = client.get("/search?q=volcanes+submarinos").text

    assert "No hay evidencia" in html


def test_a_script_gets_the_results_alone_and_the_answer_apart(client: TestClient) -> None:
    script = {"HX-Request": "true"}
    results = client.get("/search?q=esfuerzo", headers=script).text
    answer = client.get("/answer?q=esfuerzo", headers=script).text

    assert "<html" not in results
    assert "data-answer" in results
    assert results.count("data-card") > 0
    assert "<html" not in answer
    assert 'id="answer-title"' in answer


def test_no_results_are_said_once_with_what_to_do(client: TestClient) -> None:
    html = client.get("/search?q=esfuerzo&year_from=1901&year_to=1901").text

    assert "Si quita uno, sí:" in html
    assert "ningún pasaje cumple los filtros" not in html.casefold()
    assert "Abajo está lo más cercano" not in html
    assert "Abajo está lo más cercano" in client.get("/search?q=volcanes+submarinos").text


@pytest.mark.parametrize(
    ("asked", "dropped"),
    [
        ("/search?q=esfuerzo&language=es&year_from=1901&year_to=1901", {"year": "/search?q=esfuerzo&language=es"}),
        ("/search?q=esfuerzo&topic=social_media", {"topic": "/search?q=esfuerzo"}),
        ("/statistics?q=cliente&kind=rank&language=es", {"kind": "/statistics?q=cliente&language=es"}),
        (
            "/search?q=esfuerzo&topic=social_media&topic=technology_gap&year_from=2099",
            {
                "topic": "/search?q=esfuerzo&year_from=2099",
                "year": "/search?q=esfuerzo&topic=social_media&topic=technology_gap",
            },
        ),
    ],
)
def test_an_empty_list_names_the_filter_that_empties_it(
    client: TestClient, asked: str, dropped: dict[str, str]
) -> None:
    """With the address of the list without it: those that help, or all where none does by itself."""
    html = client.get(asked).text
    links = re.findall(r'<a href="([^"]*)" data-drop-filter="(\w+)"', html)

    assert {name: address.replace("&amp;", "&") for address, name in links} == dropped
    assert ("quitar uno solo no basta" in html) == (len(dropped) > 1)
    assert len(dropped) > 1 or "resultado" in html
    assert "No hay evidencia" not in html


def test_people_get_a_page_for_an_address_that_is_none_and_programs_a_problem(client: TestClient) -> None:
    people = client.get("/nowhere", headers={"Accept": "text/html,*/*"})
    programs = client.get("/nowhere")

    assert (people.status_code, people.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "No está en la base" in people.text
    assert (programs.status_code, programs.headers["content-type"]) == (404, "application/problem+json")
    assert client.get("/v1/nowhere", headers={"Accept": "text/html"}).json()["code"] == "not_found"


def test_people_get_a_page_with_its_number_for_a_fault(
    knowledge_base: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(knowledge_base), "topics", lambda _: 1 / 0)
    with TestClient(application(knowledge_base), raise_server_exceptions=False) as opened:
        people = opened.get("/", headers={"Accept": "text/html"})
        programs = opened.get("/")

    assert people.status_code == programs.status_code == 500
    assert re.search(r"Error [0-9a-f]{12} is in the server&#39;s log", people.text)
    assert "ZeroDivision" not in people.text
    assert programs.headers["content-type"] == "application/problem+json"


def test_what_is_wrong_with_an_address_is_said_in_the_language_of_the_page(client: TestClient) -> None:
    html = client.get("/search", params={"q": "a" * 2500}).text

    assert "no debe tener más de 2000" in html or "2000 caracteres" in html
    assert "String should" not in html


@pytest.mark.parametrize("address", ["/search?q=esfuerzo", "/static/page.css", "/static/htmx.min.js"])
def test_what_browsers_get_is_compressed_for_those_who_read_it(client: TestClient, address: str) -> None:
    packed = client.get(address, headers={"Accept-Encoding": "gzip, br"})
    plain = client.get(address, headers={"Accept-Encoding": "br"})
    refused = client.get(address, headers={"Accept-Encoding": "gzip;q=0, br"})

    assert packed.content == plain.content == refused.content
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(plain.content) / 2
    assert "content-encoding" not in plain.headers
    assert "content-encoding" not in refused.headers
    assert all("Accept-Encoding" in one.headers["vary"] for one in (packed, plain))


@pytest.mark.parametrize("view", ["/", "/documents"])
def test_an_empty_base_says_what_to_do(tmp_path: Path, view: str) -> None:
    store = Store.open(tmp_path / "base", create=True)
    with TestClient(application(knowledge_base_of(store)), headers={"Accept-Language": "es"}) as opened:
        html = opened.get(view).text
    store.close()

    assert "La base está vacía" in html
    assert 'class="button primary" href="/add"' in html


def test_words_about_nothing_here_find_no_figure(client: TestClient) -> None:
    assert "figure-card" not in client.get("/statistics?q=zzzz").text
    assert "figure-card" in client.get("/statistics?q=cliente").text


def test_a_script_gets_the_first_hits_alone_while_one_types(client: TestClient) -> None:
    """The same hits as the whole list, at most those in view, without filters and without an answer."""
    script = {"HX-Request": "true"}
    first = client.get("/hits?q=cliente", headers=script).text
    whole = client.get("/search?q=cliente", headers=script).text
    opened = [[value for tag, name, value in read(html).attributes if name == "data-open"] for html in (first, whole)]

    assert "<html" not in first
    assert opened[0] == opened[1][:FIRST]
    assert len(opened[1]) >= FIRST == len(opened[0])
    assert 'class="facet"' not in first
    assert 'class="facet"' in whole
    assert "<html" in client.get("/hits?q=cliente").text


@pytest.mark.parametrize(
    ("query", "values"),
    [
        ("sort=value&kind=percent", ["12%", "37,5", "40%"]),
        ("kind=percent&min=38", ["40%"]),
        ("kind=percent&min=38%25&max=41", ["40%"]),
        ("kind=percent&min=0,38", ["40%"]),
        ("kind=percent&max=20", ["12%"]),
    ],
)
def test_statistics_are_filtered_by_what_people_type(client: TestClient, query: str, values: list[str]) -> None:
    html = client.get(f"/statistics?{query}").text
    raws = re.findall(r'<p class="raw"><a [^>]*>([^<]*)<', html)

    assert len(values) == len(raws)
    assert all(value in raw for value, raw in zip(values, raws, strict=True))


def test_a_figure_is_a_card_with_all_that_is_known_of_it(client: TestClient) -> None:
    """The number as said and as the page's language writes it, its sentence with it marked, who measured it and when,
    its document, and one button that copies it with its citation; what is not known is not said."""
    html = client.get("/statistics?q=cliente&kind=percent&min=37&max=38").text
    [card] = re.findall(r'<li id="s\w+" class="figure-card".*?</li>', html, re.DOTALL)
    words = " ".join("".join(read(card).text).split())
    facts = re.findall(r"<dt>(.*?)</dt>\s*<dd[^>]*>(.*?)</dd>", card)

    assert read(card).marked == ["37,5\xa0%"] or read(card).marked == ["37,5 %"]
    assert "Según Ejemplo, el 37,5" in words
    assert ("Quién lo midió", "Ejemplo") in facts
    assert ("Cuándo se midió", "2024") in facts
    assert "El esfuerzo del cliente" in words
    assert card.count("data-copy-citation") == 1
    assert "–" not in words


@pytest.mark.parametrize(("language", "told"), [("es", "sin determinar"), ("en", "not determined")])
def test_a_card_without_a_measurer_does_not_say_that_its_text_names_none(
    tmp_path: Path, language: str, told: str
) -> None:
    """Who measured it was not told for certain; the year that is known does not stand in its place."""
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "note.txt").write_text(
        "Why they leave\n\nIn 2024, almost 40% of customers left after one failure.\n"
    )
    make_base(tmp_path / "base", tmp_path / "sources")
    store = Store.open(tmp_path / "base")
    with TestClient(application(knowledge_base_of(store)), headers={"Accept-Language": language}) as opened:
        html = opened.get("/statistics").text
    store.close()
    facts = dict(re.findall(r"<dt>(.*?)</dt>\s*<dd[^>]*>(.*?)</dd>", html))

    assert facts["Quién lo midió" if language == "es" else "Who measured it"] == told
    assert facts["Cuándo se midió" if language == "es" else "When it was measured"] == "2024"


def test_statistics_sort_both_ways(client: TestClient) -> None:
    up = client.get("/statistics?kind=percent&sort=value").text
    down = client.get("/statistics?kind=percent&sort=value&direction=down").text
    rows = [re.findall(r'<p class="raw"><a [^>]*>([^<]*)<', html) for html in (up, down)]

    assert rows[0] == rows[1][::-1]
    assert 'aria-current="true" data-direction="up"' in up
    assert 'aria-current="true" data-direction="down"' in down


@pytest.mark.parametrize(
    ("language", "separator", "values"),
    [("es", ";", ["0,12", "0,375", "0,4"]), ("en", ",", ["0.12", "0.375", "0.4"])],
)
def test_csv_holds_every_row_and_no_changed_number(
    client: TestClient, language: str, separator: str, values: list[str]
) -> None:
    response = client.get("/statistics.csv?kind=percent&sort=value", headers={"Accept-Language": language})
    rows = list(csv.DictReader(io.StringIO(response.text.lstrip("\ufeff")), delimiter=separator))

    assert values == [row["value"].rstrip("0") for row in rows]
    assert all(row["quote"] for row in rows)


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_workbook_holds_the_rows_of_the_csv(client: TestClient, language: str) -> None:
    asked = "kind=percent&sort=value"
    response = client.get(f"/statistics.xlsx?{asked}", headers={"Accept-Language": language})
    text = client.get(f"/statistics.csv?{asked}&separators=en", headers={"Accept-Language": language}).text
    rows = list(load_workbook(io.BytesIO(response.content)).active.values)
    comma = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))

    assert response.headers["content-disposition"] == 'attachment; filename="statistics.xlsx"'
    assert list(rows[0]) == list(comma[0])
    assert [row[rows[0].index("value")] for row in rows[1:]] == [float(one["value"]) for one in comma]
    assert [row[rows[0].index("quote")] for row in rows[1:]] == [one["quote"] for one in comma]


def test_the_table_leads_to_its_files_with_its_filters(client: TestClient) -> None:
    html = client.get("/statistics?kind=percent&min=30&sort=value").text

    for ending in ("csv", "xlsx"):
        assert f'href="/statistics.{ending}?kind=percent&amp;min=30&amp;sort=value" download' in html


@pytest.mark.parametrize(("wanted", "formats"), [("md", {"md"}), ("txt", {"txt"}), ("md&format=txt", {"md", "txt"})])
def test_hits_are_narrowed_to_formats(
    client: TestClient, knowledge_base: KnowledgeBase, wanted: str, formats: set[str]
) -> None:
    endings = {document.id: document.source_id.rsplit(".")[-1] for document in knowledge_base.records.each_document()}
    html = client.get(f"/search?q=cliente+rain&format={wanted}").text
    found = client.get(f"/v1/search?q=cliente+rain&format={wanted}").json()

    assert {endings[hit["document"]["id"]] for hit in found["hits"]} == formats
    assert {source.rsplit(".")[-1] for source in re.findall(r'data-source="([^"]*)"', html)} == formats
    assert {one["value"] for one in found["facets"]["format"]} == formats
    assert 'class="chosen" aria-current="true"' in html


def test_an_unknown_format_is_refused_with_those_known(client: TestClient) -> None:
    response = client.get("/v1/search?q=cliente&format=pfd")

    assert (response.status_code, response.json()["hint"]) == (422, "¿Quería decir pdf?")


def test_the_history_of_a_figure_shows_its_first_place(client: TestClient, knowledge_base: KnowledgeBase) -> None:
    one = knowledge_base.statistics(StatisticQuery(limit=1)).statistics[0].statistic
    response = client.get(f"/statistics/{one.id}/history", headers={"Accept-Language": "es"})

    assert response.status_code == 200
    assert "La historia de una cifra" in response.text
    assert f"/passages/{one.passage_id}" in response.text
    assert "<dt>Quién lo midió</dt>" in response.text


def test_coverage_counts_equal_the_searches_they_lead_to(client: TestClient, knowledge_base: KnowledgeBase) -> None:
    cells = client.get("/v1/coverage").json()
    filled = [cell for cell in cells if cell["passages"] and cell["year"]]

    assert filled
    for cell in filled:
        asked = {"q": "cliente", "topic": cell["topic"], "language": cell["language"], "limit": 100}
        found = client.get("/v1/search", params={**asked, "year_from": cell["year"], "year_to": cell["year"]}).json()
        assert cell["passages"] == found["total"]


@pytest.mark.parametrize(
    ("years", "shown"),
    [
        ((), []),
        ((2024,), [(2024, 2024)]),
        ((2021, 2024, None), [(2024, 2024), (2023, 2023), (2022, 2022), (2021, 2021), (None, None)]),
        ((1998, 2004), [(2004, 2004), (1999, 2003), (1998, 1998)]),
    ],
)
def test_coverage_has_every_year_the_newest_first(
    years: tuple[int | None, ...], shown: list[tuple[int | None, int | None]]
) -> None:
    """Years without passages too; many of them in a row are one column."""
    assert [(one.first, one.last) for one in columns(years)] == shown


def test_coverage_begins_with_the_total(client: TestClient) -> None:
    heads = re.findall(r'<th scope="col">([^<]*)</th>', client.get("/coverage").text)

    assert heads == ["Idioma", "Total", "2025", "2024", "sin fecha"]


@pytest.mark.parametrize("asked", ["", "?q=esfuerzo"])
def test_the_reader_keeps_title_and_way_back_in_its_bar(client: TestClient, asked: str) -> None:
    """In the bar that stays: back to the search, or to the documents where there was none."""
    hit = client.get("/v1/search?q=esfuerzo").json()["hits"][0]
    html = client.get(f"/passages/{hit['passage']['id']}{asked}").text
    bar = html.split('<aside class="place-bar"')[1].split("</aside>")[0]

    assert hit["document"]["title"] in bar
    assert ("Volver a «esfuerzo»" in bar) == bool(asked)
    assert ('href="/documents" data-back' in bar) == (not asked)


def test_the_reader_shows_every_character_of_the_text(client: TestClient, knowledge_base: KnowledgeBase) -> None:
    for document in knowledge_base.records.each_document():
        page = read(client.get(f"/documents/{document.id}").text)

        shown = "".join("".join(page.text).split())
        assert all("".join(block.span.cut(document.text).split()) in shown for block in document.blocks)


@pytest.mark.parametrize("language", ["es", "en"])
def test_a_citation_stands_in_every_style(client: TestClient, language: str) -> None:
    citation = client.get("/v1/search?q=effort&language=en").json()["hits"][0]["citation"]
    span = citation["span"]
    asked = {"passage": citation["passage_id"], "start": span["start"], "end": span["end"], "cite_in": language}

    html = client.get("/cite", params=asked).text

    assert html.count("<pre ") == 7
    assert "Pérez, A." in html
    assert ("y Smith" if language == "es" else "Smith") in html
