"""What of a page is its text: the names of wrappers take nothing along, boxes and notes stay, marks make no digits."""

from __future__ import annotations

import pytest

from ingest.readers.signatures import HTML, MARKDOWN
from ingest.sources.sources import SourceFile
from ingest.text.prepare import Prepared, prepare
from kb.records.document import BlockKind
from kb.records.errors import SourceError
from kb.records.messages import code_of

_SENTENCES = (
    "La aseguradora llamó en mayo a 1.800 personas que habían dado parte de un siniestro.",
    "El 57 % dijo que había contado su caso a tres empleados distintos antes de cobrar.",
    "Nadie en la central lo sabía, porque cada departamento medía su tramo y no el camino entero.",
    "Cuando una sola persona lleva el expediente, la espera baja de diecinueve días a once.",
    "El año siguiente renovaron su póliza nueve de cada diez de los que tuvieron un gestor propio.",
    "La oficina de Vigo fue la primera en probarlo y la última en creerlo.",
)
_TEXT = "".join(f"<p>{sentence}</p>\n" for sentence in _SENTENCES)


def _read(body: str, name: str = "a.html", media_type: str = HTML) -> Prepared:
    page = body if media_type == MARKDOWN else f"<!doctype html><html lang='es'><body>{body}</body></html>"
    return prepare(SourceFile.of(name, page.encode(), media_type))


def _removed(prepared: Prepared) -> list[tuple[str, str]]:
    return [(removed.rule, removed.text) for removed in prepared.document.removed]


@pytest.mark.parametrize(
    "wrapper",
    ["widget Blog", "sidebar-and-content-body", "read-more", "promo teaser", "newsletter"],
)
def test_what_a_wrapper_is_called_takes_no_article_along(wrapper: str) -> None:
    """The whole text stands in an element whose class is a word of furniture; a menu stands beside it."""
    menu = "<ul class='menu'><li><a href='/'>Portada</a></li><li><a href='/b'>Archivo</a></li></ul>"
    script = f"<script>var a = '{'x' * 3000}'</script>"

    document = _read(f"{menu}<h1>Un solo gestor</h1><div class='{wrapper}'>{_TEXT}</div>{script}").document

    assert [sentence for sentence in _SENTENCES if sentence not in document.text] == []
    assert "Archivo" not in document.text


def test_a_page_in_which_no_vote_finds_the_text_is_kept_whole_and_says_so() -> None:
    """The libraries take an element called so for comments: menu and article stay, and the report says so."""
    menu = "<ul class='menu'><li><a href='/'>Portada</a></li></ul>"

    prepared = _read(f"{menu}<div class='comments-section'>{_TEXT}</div>")

    assert [sentence for sentence in _SENTENCES if sentence not in prepared.document.text] == []
    assert prepared.doubts == (
        "no main text was told apart from the page around it: menus and footers may stand in it",
    )


def test_a_page_that_stands_in_one_form_is_read_and_a_form_of_labels_is_no_text() -> None:
    """Many sites set every page in one form: its sentences are text; a mask of fields alone holds none."""
    menu = "<ul><li><a href='/'>Portada</a></li><li><a href='/b'>Archivo</a></li></ul>"

    document = _read(f"<form action='/'>{menu}<h1>Un solo gestor</h1>{_TEXT}</form>").document

    assert [sentence for sentence in _SENTENCES if sentence not in document.text] == []
    assert "Archivo" not in document.text
    with pytest.raises(SourceError) as refused:
        _read(f"<form action='/'>{menu}<div>Nombre</div><div>Apellidos</div><div>Correo</div></form>")
    assert code_of(refused.value.reason) == "holds_nothing_but_furniture_menus_notices"


_KEPT = [
    ("a box", "<aside><p>Uno de cada cuatro clientes de Vigo pidió el mismo gestor otra vez.</p></aside>"),
    ("a key figure", "<aside class='dato'><p>41 % de partes repetidos</p></aside>"),
    ("without scripts", "<noscript><p>El gráfico cuenta lo mismo: la espera cae un 42 %.</p></noscript>"),
    ("an FAQ", "<h3><button aria-expanded='false'>¿Cuánto cuesta un gestor propio?</button></h3>"),
    ("an ordinary heading", "<h2>Comentarios</h2>"),
    ("a heading like a tail", "<h2>Más de la mitad repite</h2>"),
    ("a sample size", "<p>950 respuestas válidas, recogidas en papel</p>"),
]


@pytest.mark.parametrize(("what", "markup"), _KEPT, ids=[what for what, _ in _KEPT])
def test_what_stands_in_the_article_stays_and_nothing_after_it_goes(what: str, markup: str) -> None:
    """Boxes, text for readers without scripts, questions that are buttons, headings that look like a page's end."""
    half = _TEXT.index("<p>Cuando")
    inner = markup[markup.rindex("'>") + 2 :] if "'>" in markup else markup.partition(">")[2]
    words = inner.replace("<p>", "").replace("<noscript>", "").partition("<")[0]

    document = _read(f"<article><h1>Un solo gestor</h1>{_TEXT[:half]}{markup}{_TEXT[half:]}</article>").document

    assert words in document.text
    assert [sentence for sentence in _SENTENCES if sentence not in document.text] == []


def test_a_box_of_links_in_the_middle_goes_alone() -> None:
    """The line that is nothing but a link has its own rule; the half of the article after it stays."""
    half = _TEXT.index("<p>Cuando")
    box = "<p><a href='/otro'>Lea también cómo se mide el esfuerzo</a></p>"

    prepared = _read(f"<article><h1>Un solo gestor</h1>{_TEXT[:half]}{box}{_TEXT[half:]}</article>")

    assert "Lea también" not in prepared.document.text
    assert _SENTENCES[-1] in prepared.document.text
    assert prepared.doubts == ()


def test_the_notes_after_the_article_stay_with_their_numbers() -> None:
    """The mark leaves the sentence, the note keeps its number."""
    notes = "<section class='notes'><h2>Notas</h2><ol><li id='n1'>Teléfono, 1.800 entrevistas.</li></ol></section>"
    marked = _TEXT.replace("1.800 personas", "1.800<sup><a href='#n1'>1</a></sup> personas")

    document = _read(f"<article><h1>Un solo gestor</h1>{marked}</article>{notes}").document

    assert "llamó en mayo a 1.800 personas" in document.text
    assert "1. Teléfono, 1.800 entrevistas." in document.text
    assert [(removed.rule, removed.text) for removed in document.removed] == [("note_mark", "1")]


_RAISED = [
    ("2.400<sup>1</sup> clientes", "2.400 clientes", ["1"]),
    ("el 62 %<sup>2, 3</sup> repite", "el 62 % repite", ["2, 3"]),
    ("7,4<sup><a href='#n'>3</a></sup> sobre 10", "7,4 sobre 10", ["3"]),
    ("un 9<sup>*</sup> de 10", "un 9 de 10", ["*"]),
    ("el 8<a href='#fn2'>[2]</a> de cada", "el 8 de cada", ["2"]),
    ("la nota<sup><a href='#a'>a</a></sup> media", "la nota media", ["a"]),
    ("M.<sup>a</sup> Gil y la Mag.<sup>a</sup> Ruiz", "M.a Gil y la Mag.a Ruiz", []),
    ("en 6<sup>2021</sup> casos", "en 6²⁰²¹ casos", []),
    ("120 m<sup>2</sup> de tienda", "120 m² de tienda", []),
    ("10<sup>6</sup> visitas", "10⁶ visitas", []),
    ("el 1<sup>er</sup> canal", "el 1er canal", []),
    ("n<sup>o</sup> 4", "no 4", []),
    ("CO<sub>2</sub> y tinta", "CO2 y tinta", []),
]


@pytest.mark.parametrize(("markup", "text", "marks"), _RAISED)
def test_raised_marks_never_become_digits_of_a_number(markup: str, text: str, marks: list[str]) -> None:
    """Note marks leave the line for the ledger, powers and years stay raised, letters of an ordinal stay."""
    prepared = _read(f"{markup}\n", "a.md", MARKDOWN)

    assert prepared.document.text == text
    assert _removed(prepared) == [("note_mark", ", ".join(marks))] * bool(marks)


_TABLE = """<table>
<tr><th>Canal</th><th colspan='2'>Repite</th></tr>
<tr><td rowspan='2'>Oficina</td><td>31 %</td><td>2022</td></tr>
<tr><td>24 %<sup>1</sup></td><td>2023</td></tr>
<tr><td>Web</td><td colspan='2'>sin datos</td></tr>
<tr><td colspan='3'>Fuente: registro propio</td></tr>
</table>
"""


def test_labels_that_span_rows_stand_in_each_of_them() -> None:
    """No figure moves under another heading; a mark in a cell is no digit of it."""
    prepared = _read(_TABLE, "a.md", MARKDOWN)

    rows = [block.span.cut(prepared.document.text) for block in prepared.document.blocks]
    kinds = {block.kind for block in prepared.document.blocks[:4]}

    assert (
        rows
        == [
            "Canal | Repite | Repite",
            "Oficina | 31 % | 2022",
            "Oficina | 24 % | 2023",
            "Web | sin datos | ",
            "Fuente: registro propio",
        ]
        or rows[3] == "Web | sin datos |"
    )
    assert kinds == {BlockKind.TABLE_ROW}
    assert _removed(prepared) == [("note_mark", "1")]


def test_a_table_that_claims_to_be_a_wall_is_read_as_it_is() -> None:
    """Spans are bounded: a cell over 65,534 columns and rows makes no text that is not there."""
    cells = "<td colspan='65534' rowspan='65534'>a</td><td>b</td>"

    prepared = _read(f"<table><tr>{cells}</tr><tr><td>c</td><td>d</td></tr></table>\n", "a.md", MARKDOWN)

    assert len(prepared.document.text) < 1000


def test_more_left_out_than_kept_is_said() -> None:
    """Long comments below a short article: the document says which share of the prose went, and where to read it."""
    comment = "Yo estuve allí ese día y lo que cuenta el artículo es verdad, aunque a mí me tocó esperar bastante más. "
    comments = "".join(f"<div class='comment'><p>{comment * 4}</p></div>" for _ in range(12))
    article = f"<article><h1>Un solo gestor</h1>{_TEXT}</article>"

    plain = _read(article)
    doubtful = _read(f"{article}<footer id='comments'>{comments}</footer>")

    share = doubtful.document.removed_prose_share
    expected = f"{share:.0%} of its prose was left out: kb documents {doubtful.document.id} --removed"
    assert plain.doubts == ()
    assert plain.document.removed_prose_share == 0.0
    assert share > 0.5
    assert doubtful.doubts == (expected,)
    assert doubtful.document.removed_shares == pytest.approx([share / 12] * 12)
