"""Adding documents on the page: files, their job, what failed and its second try, with a key in the browser."""

from __future__ import annotations

import re
import shutil
import time
from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.http.auth import KEY_COOKIE, Access, create_key
from api.http.limits import RequestLimits
from api.page import mount
from api.words.formats import Said, report_words
from kb.records.errors import InputError
from kb.records.language import Language
from kb.records.messages import Message, say
from kb.records.operation import Job, JobFile, JobState, Scope
from kb.store import Store
from tests.api.conftest import knowledge_base_of
from tests.page.conftest import HERE, OWN, Visit
from tests.page.reading_html import read

GOOD = ("nota.txt", "La empatía con los clientes reduce el abandono.".encode())
BAD = ("roto.pdf", b"%PDF-1.4 broken")


def key_of(store: Store, *scopes: Scope) -> str:
    return create_key(store.keys, "test", frozenset(scopes), None)[1]


def sign_in(client: TestClient, key: str, following: str = "/add") -> None:
    response = client.post("/session", data={"key": key, "next": following}, headers=OWN, follow_redirects=False)

    assert (response.status_code, response.headers["location"]) == (303, following)


def ended(client: TestClient, path: str) -> str:
    """The page of a job once it has ended; at most ten seconds."""
    for _ in range(200):
        html = client.get(path).text
        if "Terminado" in html or "Interrumpido" in html:
            return html
        time.sleep(0.05)
    raise AssertionError(f"{path} has not ended")


def send(client: TestClient, *files: tuple[str, bytes]) -> str:
    response = client.post("/add", files=[("file", one) for one in files], headers=OWN, follow_redirects=False)

    assert response.status_code == 303, response.text
    return response.headers["location"]


def test_without_a_key_the_page_asks_for_one(visit: Visit) -> None:
    client = visit()
    html = client.get("/add").text
    refused = client.post("/add", files=[("file", GOOD)], headers=OWN)

    assert 'action="/session"' in html
    assert 'type="file"' not in html
    assert (refused.status_code, refused.headers["content-type"]) == (401, "text/html; charset=utf-8")
    assert 'action="/session"' in refused.text


def test_files_become_documents_and_failures_say_why(visit: Visit, store: Store) -> None:
    client = visit()
    sign_in(client, key_of(store, Scope.INGEST))
    path = send(client, GOOD, BAD, ("empty.txt", b""))
    html = ended(client, path)

    names = re.findall(r'<p class="report-name">(?:<a [^>]*>)?([^<]*)', html)
    assert names[-1].strip() == "nota.txt"
    assert {name.strip() for name in names[:-1]} == {"roto.pdf", "empty.txt"}
    assert "está vacío" in html
    assert "Compruebe el archivo o déjelo fuera" in html
    assert 'lang="en"' not in html.split('class="plain report"')[1].split("job-foot")[0]
    assert f'action="{path}/retry"' in html
    assert f'href="/v1{path.replace("/add", "/jobs")}"' in html
    document = re.findall(r'href="(/documents/d[0-9a-f]+)"', html)
    assert "La empatía con los clientes" in client.get(document[0]).text


def test_what_went_in_with_a_doubt_is_to_be_looked_at(visit: Visit, store: Store) -> None:
    """A page whose only words ask for scripts is no plain "added", on the page and in the API."""
    client = visit()
    sign_in(client, key_of(store, Scope.INGEST))
    empty = b"<html><title>App</title><body><noscript>You need to enable JavaScript to run this app.</noscript></html>"
    path = send(client, GOOD, ("app.html", empty))
    html = ended(client, path)
    lines = client.get(path.replace("/add", "/v1/jobs")).json()["files"]

    assert re.findall(r'<span class="chip outcome-(\w+)">([^<]*)', html) == [
        *(("added", "añadido: 1"), ("look_at", "por revisar: 1")),
        *(("look_at", "por revisar"), ("added", "añadido")),
    ]
    assert [(line["source_id"], line["outcome"], line["look_at"]) for line in lines] == [
        ("nota.txt", "added", False),
        ("app.html", "added", True),
    ]


def test_what_failed_is_sent_again_and_nothing_else(visit: Visit, store: Store) -> None:
    client = visit()
    sign_in(client, key_of(store, Scope.INGEST))
    first = send(client, GOOD, BAD)
    ended(client, first)
    second = client.post(f"{first}/retry", headers=OWN, follow_redirects=False).headers["location"]
    html = ended(client, second)

    assert second != first
    assert "roto.pdf" in html
    assert "nota.txt" not in html


def test_what_is_no_longer_kept_cannot_be_sent_again(visit: Visit, store: Store) -> None:
    client = visit()
    sign_in(client, key_of(store, Scope.INGEST))
    path = send(client, BAD)
    ended(client, path)
    shutil.rmtree(store.folder / "incoming" / path.rsplit("/")[-1])
    response = client.post(f"{path}/retry", headers=OWN)

    assert response.status_code == 422
    assert "ya no se conserva" in response.text


def test_a_script_gets_the_job_alone_while_it_lasts(visit: Visit, store: Store) -> None:
    client = visit()
    sign_in(client, key_of(store, Scope.INGEST))
    path = send(client, GOOD)
    ended(client, path)
    fragment = client.get(path, headers={"HX-Request": "true"}).text

    assert "<html" not in fragment
    assert "hx-trigger" not in fragment
    assert "Terminado" in fragment


def test_a_job_counts_what_is_read_before_anything_is_saved(store: Store) -> None:
    """The texts of a job are embedded and saved together: until then its count stood at 0."""
    now = datetime.now(UTC)
    store.jobs.queue(Job("j1", JobState.QUEUED, now, 3), "me")
    store.jobs.take(now)
    for stage, name in (("reading", "a.txt"), ("reading", "b.txt"), ("embedding", "a.txt")):
        job = store.jobs.begin("j1", stage, name)
    app = create_app(knowledge_base_of(store), limits=RequestLimits(rate_per_minute=0))  # with nobody to run the job
    mount(app)
    client = TestClient(app, headers={"Accept-Language": "es", "Accept": "text/html"}, base_url=HERE)
    sign_in(client, key_of(store, Scope.INGEST))
    html = client.get("/add/j1").text

    assert job.read == 2
    assert "2 de 3 leídos, 0 guardados" in html
    assert '<progress max="6" value="2"' in html


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([], "no trae ningún archivo"),
        ([("file", ("a?.txt", b"x"))], "no es un nombre para un documento"),
        ([("file", GOOD), ("file", GOOD)], "trae dos archivos con este nombre"),
        ([("file", (f"{n}.txt", b"x")) for n in range(4)], "trae 4 archivos, más de 3"),
    ],
)
def test_what_cannot_be_taken_is_said_beside_the_form(
    visit: Visit, store: Store, files: list[tuple[str, tuple[str, bytes]]], words: str
) -> None:
    client = visit(limits=RequestLimits(rate_per_minute=0, upload_files=3))
    sign_in(client, key_of(store, Scope.INGEST))
    response = client.post("/add", files=files or None, data={} if files else {"x": "y"}, headers=OWN)

    assert response.status_code == 422
    assert words in response.text
    assert 'type="file"' in response.text
    assert not list((store.folder / "incoming").glob("j*"))


def test_too_much_is_refused_as_a_page(visit: Visit, store: Store) -> None:
    client = visit(limits=RequestLimits(rate_per_minute=0, upload_bytes=1000))
    sign_in(client, key_of(store, Scope.INGEST))
    response = client.post("/add", files=[("file", ("a.txt", b"x" * 2000))], headers=OWN)

    assert (response.status_code, response.headers["content-type"]) == (413, "text/html; charset=utf-8")
    assert "El cuerpo es demasiado grande" in response.text


# -- the key in the browser ----------------------------------------------------------------


def test_the_cookie_is_out_of_reach_and_goes_nowhere_else(visit: Visit, store: Store) -> None:
    client = visit()
    key = key_of(store, Scope.INGEST)
    response = client.post("/session", data={"key": key, "next": "/add"}, headers=OWN, follow_redirects=False)

    assert response.headers["set-cookie"] == f"{KEY_COOKIE}={key}; HttpOnly; Path=/; SameSite=strict"
    assert key not in response.headers["location"]


@pytest.mark.parametrize("key", ["", "kb_wrong", "ñ", "a b", "x" * 5000, "a;b=c", '"'])
def test_a_key_that_opens_nothing_is_not_kept(visit: Visit, key: str) -> None:
    response = visit().post("/session", data={"key": key, "next": "/add"}, headers=OWN)

    assert response.status_code == 401
    assert "La clave no abre nada" in response.text
    assert "set-cookie" not in response.headers
    assert not key or f'value="{key}"' not in response.text


@pytest.mark.parametrize(
    ("asked", "followed"),
    [
        ("/add", "/add"),
        ("/search?q=a&language=es", "/search?q=a&language=es"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nX: y", "/"),
        ("/session", "/"),
        ("", "/"),
    ],
)
def test_nobody_is_led_to_another_site(visit: Visit, store: Store, asked: str, followed: str) -> None:
    data = {"key": key_of(store, Scope.READ), "next": asked}
    response = visit().post("/session", data=data, headers=OWN, follow_redirects=False)

    assert response.headers["location"] == followed


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": HERE}, 303),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 303),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://["}, 403),
        ({"Origin": "http://testserver.evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": HERE}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({}, 403),
    ],
)
@pytest.mark.parametrize("path", ["/add", "/add/j0/retry", "/v1/documents"])
def test_a_cookie_changes_nothing_for_another_site(
    visit: Visit, store: Store, headers: dict[str, str], status: int, path: str
) -> None:
    """Cross-site request forgery: the browser's key counts only for requests of the page itself."""
    client = visit()
    sign_in(client, key_of(store, Scope.INGEST))
    sent = {"/add": 303, "/add/j0/retry": 404, "/v1/documents": 202}[path] if status == 303 else 403
    response = client.post(path, files=[("file", GOOD)], headers=headers, follow_redirects=False)

    assert response.status_code == sent
    assert bool(list((store.folder / "incoming").glob("j*")) or store.known("nota.txt")) == (sent in (202, 303))


def test_a_revoked_key_ends_at_its_next_request(visit: Visit, store: Store) -> None:
    from api.http.auth import utc_now

    client = visit()
    sign_in(client, key_of(store, Scope.INGEST))

    assert 'type="file"' in client.get("/add").text

    store.keys.revoke(store.keys.all()[0].id, utc_now())

    assert client.get("/search?q=esfuerzo").status_code == 200
    assert 'type="file"' not in client.get("/add").text
    assert client.post("/add", files=[("file", GOOD)], headers=OWN).status_code == 401


def test_signing_out_forgets_the_key(visit: Visit, store: Store) -> None:
    client = visit()
    sign_in(client, key_of(store, Scope.INGEST))

    assert 'action="/session/end"' in client.get("/").text

    client.post("/session/end", headers=OWN)

    assert KEY_COOKIE not in client.cookies
    assert 'action="/session/end"' not in client.get("/").text


def test_where_reading_needs_a_key_every_view_asks_for_it(visit: Visit, store: Store) -> None:
    client = visit(access=Access(without_key=frozenset()))
    asked = client.get("/search?q=esfuerzo&language=es")

    assert asked.status_code == 401
    assert 'name="next" value="/search?q=esfuerzo&amp;language=es"' in asked.text
    assert 'role="alert"' not in asked.text  # nobody has done anything wrong yet
    assert "<span>kb key create NOMBRE</span> <span>--scope read</span></code>" in asked.text
    assert client.get("/static/page.css").status_code == 200
    assert client.get("/v1/search?q=a").headers["content-type"] == "application/problem+json"

    sign_in(client, key_of(store, Scope.READ), "/search?q=esfuerzo&language=es")

    assert client.get("/search?q=esfuerzo&language=es").status_code == 200
    assert client.get("/v1/search?q=esfuerzo").status_code == 200
    adding = client.get("/add").text
    assert "Esta clave no permite hacer eso" in adding


# -- words ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reason", "english", "spanish"),
    [
        (say("is_empty"), "is empty", "está vacío"),
        (
            say("is_which_is_not_read", what=say("an_image")),
            "is an image, which is not read",
            "es una imagen, que no se lee",
        ),
        (
            say("has_pages_and_no_text", pages=3),
            "has 3 pages and no text: a scan or pictures",
            "tiene 3 páginas y ningún texto: es un escaneo o son imágenes",
        ),
        (
            say("is_wrongly_named_the_name_says", named=say("a_pdf"), found=say("plain_text")),
            "is wrongly named: the name says a PDF, the content is plain text",
            "tiene un nombre equivocado: según el nombre es un PDF; según el contenido, texto sin formato",
        ),
    ],
)
def test_reasons_are_said_in_the_visitors_language(reason: Message, english: str, spanish: str) -> None:
    line = JobFile("a", "failed", reason=reason)

    assert report_words(line, Language.ES).reason == Said(spanish, Language.ES)
    assert report_words(line, Language.EN).reason == Said(english, Language.EN)


def test_a_line_of_an_earlier_version_says_that_it_is_english() -> None:
    assert report_words(JobFile("a", "failed", reason="brand new reason"), Language.ES).reason == Said(
        "brand new reason", Language.EN
    )
    assert report_words(InputError(say("the_upload"), say("has_no_file")), Language.ES).reason == Said(
        "el envío no trae ningún archivo", Language.ES
    )


def test_the_form_works_without_scripts(visit: Visit, store: Store) -> None:
    """A labelled file field, a multipart form and a button: nothing waits for a script."""
    client = visit()
    sign_in(client, key_of(store, Scope.INGEST))
    html = client.get("/add").text

    assert 'action="/add" method="post" enctype="multipart/form-data"' in html
    assert '<label class="button" for="file">' in html
    assert [names for tag, names in read(html).elements if tag == "input" and "multiple" in names] != []
