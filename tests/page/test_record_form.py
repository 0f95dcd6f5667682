"""The record of a document on its page: shown to everybody, corrected by who may, refused in words."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from lxml import html
from lxml.etree import _Element

from kb.records.operation import Scope
from kb.store import Store
from tests.page.conftest import OWN, Visit


@pytest.fixture
def effort(store: Store) -> str:
    return next(one.id for one in store.documents() if one.source_id == "en-effort.md")


def form_in(page: str) -> dict[str, str]:
    """The fields of the form as a browser would send them."""
    document: Any = html.fromstring(page)
    (form,) = [one for one in document.forms if one.get("class") == "record-form"]
    return {name: value or "" for name, value in form.fields.items()}


def form_of(client: TestClient, document: str) -> dict[str, str]:
    return form_in(client.get(f"/documents/{document}").text)


def alert_in(page: str) -> str:
    alerts = [one for one in html.fromstring(page).iter() if one.get("role") == "alert"]
    return _words(alerts[0])


def _words(element: _Element) -> str:
    return " ".join("".join(str(text) for text in element.itertext()).split())


def test_the_form_corrects_the_record(visit: Visit, store: Store, effort: str) -> None:
    """What was typed is in the record; the page says so, with what it was."""
    client = visit(Scope.ADMIN)
    fields = form_of(client, effort)
    assert fields["authors"] == "Ana Pérez\nJohn Smith"

    sent = client.post(
        f"/documents/{effort}/record",
        data={**fields, "authors": "Ana Pérez Gil\r\n\r\nWorld Bank", "publisher": ""},
        headers=OWN,
        follow_redirects=False,
    )

    document = store.document(effort)
    assert (sent.status_code, sent.headers["location"]) == (303, f"/documents/{effort}#record-fields")
    assert (document.title, document.authors, document.publisher) == (
        "Customer effort",
        ("Ana Pérez Gil", "World Bank"),
        None,
    )
    shown = _words(html.fromstring(client.get(f"/documents/{effort}").text))
    assert "La ficha de este documento se corrigió el" in shown
    assert "Autores: Ana Pérez; John Smith → Ana Pérez Gil; World Bank" in shown
    assert "Editor: Example → (no se conoce)" in shown


def test_a_form_that_changes_nothing_writes_nothing(visit: Visit, store: Store, effort: str) -> None:
    client = visit(Scope.ADMIN)

    client.post(f"/documents/{effort}/record", data=form_of(client, effort), headers=OWN)

    assert store.document(effort).revision == 0


@pytest.mark.parametrize(
    ("language", "field", "value", "reason"),
    [
        ("es", "published", "2022-02-30", "la fecha de publicación '2022-02-30' no es una fecha"),
        ("en", "published", "2022-02-30", "published '2022-02-30' is not a date"),
        ("es", "title", "<b>x</b>", "tiene etiquetas de marcado o marcas que no se ven"),
        ("es", "url", "javascript:alert(1)", "no es una dirección web"),
        ("en", "title", "x" * 2000, "is longer than 1000 characters"),
    ],
)
def test_what_cannot_be_is_said_beside_the_form_with_what_was_typed(
    visit: Visit, store: Store, effort: str, language: str, field: str, value: str, reason: str
) -> None:
    client = visit(Scope.ADMIN, language)

    sent = client.post(f"/documents/{effort}/record", data={**form_of(client, effort), field: value}, headers=OWN)

    assert (sent.status_code, store.document(effort).revision) == (422, 0)
    assert reason in alert_in(sent.text)
    assert form_in(sent.text)[field] == value


def test_who_corrects_an_older_record_sees_the_new_one(visit: Visit, store: Store, effort: str) -> None:
    """Nothing is written over; the form has what stands there now."""
    client = visit(Scope.ADMIN)
    fields = form_of(client, effort)
    client.post(f"/documents/{effort}/record", data={**fields, "title": "By one"}, headers=OWN)

    sent = client.post(f"/documents/{effort}/record", data={**fields, "title": "By another"}, headers=OWN)

    assert (sent.status_code, store.document(effort).title) == (409, "By one")
    assert form_in(sent.text)["title"] == "By one"
    assert "otra persona corrigió su ficha entretanto" in alert_in(sent.text)


@pytest.mark.parametrize(("scope", "status"), [(None, 403), (Scope.READ, 403), (Scope.INGEST, 403)])
def test_who_may_not_correct_it_sees_no_form_and_cannot_send_one(
    visit: Visit, store: Store, effort: str, scope: Scope | None, status: int
) -> None:
    """A key that adds documents corrects its own alone."""
    client = visit(scope)
    page = client.get(f"/documents/{effort}").text

    sent = client.post(f"/documents/{effort}/record", data={"title": "x", "revision": "0"}, headers=OWN)

    assert "record-form" not in page
    assert "Para corregirla hace falta una clave" in page
    assert (sent.status_code in (401, status), store.document(effort).revision) == (True, 0)


def test_a_form_of_another_site_is_refused(visit: Visit, store: Store, effort: str) -> None:
    client = visit(Scope.ADMIN)

    sent = client.post(
        f"/documents/{effort}/record",
        data={**form_of(client, effort), "title": "x"},
        headers={**OWN, "Origin": "https://evil.example"},
    )

    assert (sent.status_code, store.document(effort).revision) == (403, 0)
