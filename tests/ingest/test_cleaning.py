"""What cleaning takes out and by which rule, in both languages; and sentences that must stay."""

from __future__ import annotations

import ast
import inspect

import pytest

from ingest.readers import extract, transcript
from ingest.readers.extract import RawBlock
from ingest.readers.html import lines as html_furniture
from ingest.readers.html import main_text
from ingest.readers.pdf import running as pdf_running
from ingest.readers.recognition import scans
from ingest.readers.signatures import TEXT
from ingest.sources.sources import SourceFile
from ingest.text import regions
from ingest.text.clean import LINE_RULES, RULE_NAMES, clean, line_rule
from ingest.text.prepare import prepare
from kb.records.document import BlockKind, Place

FURNITURE = [
    ("Foto: Ana Gil en Pixabay", "photo_credit"),
    ("Image by Jo Doe from Pexels", "photo_credit"),
    ("Imagen de portada: archivo propio", "photo_credit"),
    ("Deja tu comentario", "comments"),
    ("Leave a Reply", "comments"),
    ("3 Comments", "comments"),
    ("Sin comentarios", "comments"),
    ("Comparte en Facebook Twitter", "share_bar"),
    ("Share this:", "share_bar"),
    ("Facebook Twitter LinkedIn", "share_bar"),
    ("Suscríbete a nuestro boletín", "newsletter"),
    ("Sign up for our newsletter", "newsletter"),
    ("ANTERIOR", "previous_next"),
    ("Next post", "previous_next"),
    ("Leer más…", "read_more"),
    ("Te puede interesar: Diez ideas para tu equipo", "read_more"),
    ("Síguenos en Twitter y LinkedIn", "follow_us"),
    ("© 2020 Ejemplo S. A.", "legal_footer"),
    ("Todos los derechos reservados", "legal_footer"),
    ("Ir al contenido principal", "skip_link"),
]
PROSE = [
    "Foto fija de un sector: siete de cada diez clientes llaman antes de escribir.",
    "Las cookies dejarán de usarse y las marcas tendrán que preguntar.",
    "Los comentarios de los clientes se leen una vez al mes.",
    "Share of wallet grew by 12 % in 2021.",
    "El boletín semanal llegó a 5.000 clientes y casi nadie lo abrió.",
    "Facebook lidera entre los canales sociales de atención.",
    "Ver parte del problema no es resolverlo.",
    "Subscribers stay 14 months on average.",
    "La siguiente pregunta es quién responde.",
    "Home delivery changed what customers expect.",
    "Contactar con la empresa costó tres llamadas.",
    "87 %",
    "¿Qué es el NPS?",
    "Customer effort, 4.5 out of 7",
    "Sign up completion fell by 23%",
    "Our newsletter is opened by half of the subscribers.",
    "Nuestro boletín lo abre el 38 % de las clientas.",
    "Nuestras redes reciben el 70 % de las quejas, sobre todo X.",
    "Foto: el 41 % la sube antes de reclamar.",
    "Leave a review and 3 in 10 come back",
    "950 respuestas en 8 países.",
    "1.100 responses",
    "Recibe un correo de respuesta en 12 horas el 77 % de las personas.",
    "Lee: el 55 % compara precios en la tienda.",
    "Desarrollado con 300 personas de tres bancos",
    "Síguenos en redes: lo hace el 9 % y en X el 2 %",
    "Comentarios",
    "Comments",
    "Related articles",
    "Más de la mitad repite",
]


@pytest.mark.parametrize(("line", "rule"), FURNITURE)
def test_furniture_is_named_by_its_rule(line: str, rule: str) -> None:
    """A whole line that is nothing but furniture, in both languages."""
    assert line_rule(line) == rule


@pytest.mark.parametrize("line", PROSE)
def test_sentences_about_the_same_things_stay(line: str) -> None:
    """A sentence that mentions cookies, comments or Facebook is not furniture."""
    assert line_rule(line) is None


_PAGE = """Inicio Blog. Seis ideas para escuchar mejor

Seis ideas para escuchar mejor

por Ana Ruiz y Luis Gil

El primer párrafo dice que escuchar a los clientes cuesta menos que volver a ganarlos, y pone un ejemplo.

[

Otra guía

](/otra-guia)

El segundo párrafo recuerda que nadie llama dos veces por gusto, y que la segunda cuesta el doble.

ÚLTIMOS ARTÍCULOS

Otro artículo cualquiera

Este teaser largo habla de otra cosa y no debe quedarse en el texto del artículo que se lee.

Calle Mayor 12, 28013 Madrid
"""


def test_a_page_saved_as_text_keeps_the_article_and_lists_the_rest() -> None:
    """Breadcrumb, byline, link card and address go to the ledger; what follows "last articles" stays."""
    document = prepare(SourceFile.of("a.txt", _PAGE.encode(), TEXT)).document

    rules = [removed.rule for removed in document.removed]
    kept = [block.span.cut(document.text)[:12] for block in document.blocks]

    assert kept == ["Seis ideas p", "El primer pá", "El segundo p", "ÚLTIMOS ARTÍ", "Otro artícul", "Este teaser "]
    assert rules == ["breadcrumb", "byline", "lone_marks", "link_card", "link_card", "postal_address"]
    assert (document.title, document.authors) == ("Seis ideas para escuchar mejor", ("Ana Ruiz", "Luis Gil"))


def test_keep_restores_by_rule_and_altogether() -> None:
    """A rule named in ``keep`` takes nothing out; "all" is every rule."""
    source = SourceFile.of("a.txt", b"Un texto largo que se queda.\n\nDeja un comentario", TEXT)

    by_rule = prepare(source, keep=frozenset({"comments"})).document
    everything = prepare(SourceFile.of("a.txt", _PAGE.encode(), TEXT), keep=frozenset({"all"})).document

    assert by_rule.text == "Un texto largo que se queda.\n\nDeja un comentario"
    assert everything.removed == ()


def test_stray_links_leave_their_words() -> None:
    """A Markdown link in plain text keeps its words, and the ledger keeps the whole."""
    block = RawBlock("Lea [el informe](/informe) entero.", BlockKind.PARAGRAPH, 0, Place(line=1))

    cleaned = clean([block])

    assert [kept.text for kept in cleaned.kept] == ["Lea el informe entero."]
    assert [(removed.text, removed.rule) for removed in cleaned.removed] == [("[el informe](/informe)", "stray_link")]


def test_no_rule_takes_more_than_its_share_of_the_prose() -> None:
    """A rule that would take a tenth of the prose is wrong about the document and takes nothing of it."""
    notice = "Todos los derechos reservados a las empresas que figuran en este informe y a sus anunciantes de siempre"
    texts = ["Un texto que se queda entero.", notice, "© 2024 Ejemplo"]
    blocks = [RawBlock(text, BlockKind.PARAGRAPH, 0, Place(line=line)) for line, text in enumerate(texts)]

    cleaned = clean(blocks)
    long = clean([*blocks, RawBlock("Otra frase que dice algo. " * 100, BlockKind.PARAGRAPH, 0, Place(line=9))])

    assert ([kept.text for kept in cleaned.kept], cleaned.removed) == (texts, ())
    assert [removed.text for removed in long.removed] == texts[1:]


def test_the_list_of_rules_is_that_of_the_rules() -> None:
    """Where a name is missing, whoever wants to keep what its rule takes out is told that there is none."""
    markup = {*html_furniture._TAGS.values(), *html_furniture._ROLES.values(), "hidden"}
    outside = {main_text.OUTSIDE, main_text.CONTENTS, main_text.LINK_LINE, "stray_link"}
    outside |= {pdf_running.RUNNING, pdf_running.LINE_NUMBER, extract.NOTE_MARK, transcript.SOUNDS, scans.UNSURE}
    tree = ast.parse(inspect.getsource(regions))
    pairs = [one for one in ast.walk(tree) if isinstance(one, ast.Tuple) and len(one.elts) == 2]
    seconds = [one.elts[1].value for one in pairs if isinstance(one.elts[1], ast.Constant)]
    by_place = {name for name in seconds if isinstance(name, str) and name.replace("_", "").isalpha()}

    assert set(RULE_NAMES) == {*markup, *outside, *(rule.name for rule in LINE_RULES), *by_place}
