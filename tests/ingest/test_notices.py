"""A page that holds a notice in place of its text goes in and says so; a short or odd article does not."""

from __future__ import annotations

import pytest

from ingest.readers.signatures import HTML, TEXT
from ingest.sources.sources import SourceFile
from ingest.text.prepare import prepare
from kb.records.messages import code_of

_ERROR, _NOTICE, _LITTLE = "may_be_an_error_page", "may_be_a_notice_on_cookies", "holds_so_little_text"
_MENU = "<nav><a href='/'>Inicio</a> <a href='/b'>Blog</a> <a href='/c'>Contacto</a></nav>"
_COOKIES = (
    "<p>Usamos cookies propias y ajenas para medir las visitas y adaptar los anuncios a sus gustos.</p>"
    "<p>Acepte las cookies o elija cuáles permite; puede cambiar su consentimiento cuando quiera.</p><p>Aceptar</p>"
)
_CONSENT = (
    "<p>We and our partners keep information on your device, such as cookies, to choose what you are shown.</p>"
    "<p>With your consent we may also use precise location. Essential cookies cannot be turned off.</p>"
)
_SHORT = (
    "<p>La aseguradora llamó en mayo a 1.800 personas que habían dado parte de un siniestro.</p>"
    "<p>El 57 % contó su caso a tres empleados distintos antes de cobrar.</p>"
)
_ABOUT_COOKIES = (
    "<h1>Lo que los clientes piensan del aviso</h1><p>El 62 % acepta las cookies sin leer nada.</p>"
    "<p>La encuesta se hizo por teléfono a 1.200 personas que habían comprado algo en el último mes.</p>"
    "<p>Nueve de cada diez no recordaban, una hora después, qué habían permitido a la tienda.</p>"
)

_PAGES = [
    ("a status and its reason", "404 Not Found", "<h1>Not Found</h1><p>The address was not found here.</p>", _ERROR),
    ("a reason alone", "Forbidden", f"<h1>Forbidden</h1>{_SHORT}", _ERROR),
    ("a number beside other words", "Tenemos un problema | 503", f"<h1>Vaya día</h1>{_SHORT}", _ERROR),
    ("the name of the site", "Página no encontrada - Zoo", f"{_MENU}<h1>¡Ups!</h1>{_SHORT}", _ERROR),
    ("a heading alone", "Zoo", "<h1>Acceso denegado</h1><p>No tiene permiso para ver esta sección.</p>", _ERROR),
    ("words put together", "El contenido ya no está disponible", f"<h1>Lo sentimos</h1>{_SHORT}", _ERROR),
    ("a check of the browser", "Just a moment...", "<h1>zoo.example</h1><p>The connection is reviewed.</p>", _ERROR),
    ("cookies", "La espera cae a la mitad", f"{_MENU}<div role='dialog'>{_COOKIES}</div>", _NOTICE),
    ("consent", "Waiting times fall by half", f"{_MENU}<div>{_CONSENT}</div>", _NOTICE),
    ("scripts", "Panel", "<p>You need to enable JavaScript to run this app.</p>", _NOTICE),
    ("a few words", "Un informe de esperas", "<p>Para leerlo hay que entrar con una cuenta.</p>", _LITTLE),
    ("a short article", "Un solo gestor", f"<h1>Un solo gestor</h1>{_SHORT}", None),
    ("an article on errors", "Por qué sale «404»", f"<h1>Página no encontrada</h1>{_SHORT * 6}", None),
    ("a title that begins so", "Error de cálculo en la espera", f"<h1>Error de cálculo</h1>{_SHORT}", None),
    ("an ordinary noun", "Servicio", f"<h1>El servicio</h1>{_SHORT}", None),
    ("an article on cookies", "El aviso", _ABOUT_COOKIES, None),
]


@pytest.mark.parametrize(("what", "title", "body", "code"), _PAGES, ids=[what for what, *_ in _PAGES])
def test_a_page_that_holds_a_notice_and_no_text_says_so(what: str, title: str, body: str, code: str | None) -> None:
    page = f"<!doctype html><html><head><title>{title}</title></head><body>{body}</body></html>"

    doubts = prepare(SourceFile.of("a.html", page.encode(), HTML)).doubts

    told = [code_of(doubt) for doubt in doubts]
    assert [one for one in told if one in (_ERROR, _NOTICE, _LITTLE)] == ([code] if code else [])


def test_a_note_of_a_few_words_that_is_no_page_is_as_it_was_written() -> None:
    assert prepare(SourceFile.of("a.txt", b"Error 404: la web no responde.", TEXT)).doubts == ()
