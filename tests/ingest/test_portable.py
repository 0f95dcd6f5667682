"""PDFs as designers, printers and programs make them: every page is drawn here."""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image
from reportlab.lib.utils import ImageReader  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from ingest.readers.dispatch import read_document
from ingest.readers.extract import Extract
from ingest.readers.properties.metadata import SourceMetadata
from ingest.readers.signatures import PDF
from ingest.sources.sources import SourceFile
from ingest.text.prepare import prepare
from kb.citing.reference import Reference
from kb.records.document import BlockKind
from kb.records.search import DocumentReference

LEFT = (
    "La espera al teléfono es lo que más",
    "se recuerda de una gestión. De cada",
    "cien personas, treinta y dos colgaron",
    "antes de que nadie las atendiera en",
    "la primera semana del estudio.",
)
RIGHT = (
    "El segundo motivo de queja fue tener",
    "que repetir los datos a personas de",
    "departamentos distintos, aunque todos",
    "tuvieran delante la misma pantalla",
    "con el mismo historial.",
)


def _read(draw: Callable[[Canvas], None]) -> Extract:
    return read_document(_drawn(draw), PDF, "a.pdf")


def _drawn(draw: Callable[[Canvas], None]) -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(595, 842), invariant=True)
    draw(canvas)
    canvas.save()
    return stream.getvalue()


def _texts(extract: Extract) -> list[tuple[BlockKind, str]]:
    return [(block.kind, block.text) for block in extract.blocks if block.furniture is None]


def _write(canvas: Canvas, lines: tuple[str, ...], left: float = 72, top: float = 700, size: float = 11) -> None:
    canvas.setFont("Helvetica", size)
    for number, line in enumerate(lines):
        canvas.drawString(left, top - 14 * number, line)


def test_a_font_of_size_one_scaled_by_the_matrix_has_the_size_it_is_seen_in() -> None:
    """One paragraph and its heading, as drawn by programs of design."""

    def draw(canvas: Canvas) -> None:
        for line, size, height in [
            ("La espera", 18, 740),
            *((text, 11, 700 - 14 * at) for at, text in enumerate(LEFT)),
        ]:
            canvas.saveState()
            canvas.transform(size, 0, 0, size, 72, height)
            canvas.setFont("Helvetica", 1)
            canvas.drawString(0, 0, line)
            canvas.restoreState()

    assert _texts(_read(draw)) == [(BlockKind.HEADING, "La espera"), (BlockKind.PARAGRAPH, " ".join(LEFT))]


def test_two_columns_drawn_line_by_line_are_read_one_after_the_other() -> None:
    """Columns of prose are no table, in whatever order their lines were drawn."""

    def draw(canvas: Canvas) -> None:
        for number, (left, right) in enumerate(zip(LEFT, RIGHT, strict=True)):
            _write(canvas, (left,), 72, 700 - 14 * number)
            _write(canvas, (right,), 320, 700 - 14 * number)

    assert _texts(_read(draw)) == [(BlockKind.PARAGRAPH, " ".join(LEFT)), (BlockKind.PARAGRAPH, " ".join(RIGHT))]


def test_a_table_of_figures_is_still_a_table() -> None:
    """Short cells side by side keep row and column together."""

    def draw(canvas: Canvas) -> None:
        for number, row in enumerate([("Canal", "2022", "2023"), ("Oficina", "34 %", "41 %"), ("Web", "12 %", "18 %")]):
            for left, cell in zip((72, 240, 360), row, strict=True):
                _write(canvas, (cell,), left, 700 - 20 * number)

    rows = ["Canal | 2022 | 2023", "Oficina | 34 % | 41 %", "Web | 12 % | 18 %"]

    assert _texts(_read(draw)) == [(BlockKind.TABLE_ROW, row) for row in rows]


def test_a_word_drawn_a_hair_higher_does_not_stand_before_its_number() -> None:
    """Cells of one line are read from the left."""

    def draw(canvas: Canvas) -> None:
        for number, name in enumerate(("Oficina", "Web", "Teléfono")):
            _write(canvas, (f"2.{number + 1}",), 72, 700 - 20 * number)
            _write(canvas, (name,), 106, 701 - 20 * number)
            _write(canvas, ("34 %",), 240, 700 - 20 * number)
        _write(canvas, ("Todos los canales",), 72, 640)
        _write(canvas, ("102 %",), 240, 640)

    rows = ["2.1 Oficina | 34 %", "2.2 Web | 34 %", "2.3 Teléfono | 34 %", "Todos los canales | 102 %"]

    assert _texts(_read(draw)) == [(BlockKind.TABLE_ROW, row) for row in rows]


def _with_note(canvas: Canvas) -> None:
    """A page whose last sentence has a mark and goes on over a footnote to the next page."""
    _write(canvas, LEFT)
    canvas.drawString(72, 700 - 14 * 5, "Se preguntó a 1.850")
    end = 72 + canvas.stringWidth("Se preguntó a 1.850")
    _write(canvas, ("1",), end, 700 - 14 * 5 + 4, size=7)
    _write(canvas, ("personas mayores de edad que habían",), end + 8, 700 - 14 * 5)
    _write(canvas, ("1 Encuesta propia, por teléfono, en mayo de 2022.",), top=90, size=8)
    canvas.showPage()
    _write(canvas, ("llamado en el último mes.",))


def test_a_footnote_stands_after_its_paragraph_and_its_mark_is_no_digit() -> None:
    """The sentence is whole, the note follows it without its mark, which stands in the ledger."""
    extract = _read(_with_note)

    assert _texts(extract) == [
        (BlockKind.PARAGRAPH, " ".join(LEFT)),
        (BlockKind.PARAGRAPH, "Se preguntó a 1.850 personas mayores de edad que habían llamado en el último mes."),
        (BlockKind.PARAGRAPH, "Encuesta propia, por teléfono, en mayo de 2022."),
    ]
    assert [(block.furniture, block.text) for block in extract.blocks if block.furniture] == [("note_mark", "1")]


def test_a_citation_names_the_printed_page() -> None:
    """The file's own list of labels: the third page of the file is page 15."""

    def draw(canvas: Canvas) -> None:
        for number in range(3):
            canvas.addPageLabel(number, "ARABIC", 13 + number)
            _write(canvas, (f"La medida {number} del informe es la espera.",))
            canvas.showPage()

    document = prepare(SourceFile.of("a.pdf", _drawn(draw), PDF)).document
    places = document.place_of(document.blocks[-1].span)

    assert [(place.page, place.page_label) for place in places] == [(3, "15")]
    assert Reference.of(DocumentReference.of(document), places).page == "15"


def test_numbers_in_the_margin_are_labels_where_the_file_lists_none() -> None:
    """They count with the pages from another start, and are no text."""

    def draw(canvas: Canvas) -> None:
        for number in range(4):
            _write(canvas, (f"La medida {number} del informe es la espera.",))
            _write(canvas, (str(41 + number),), 290, 40)
            canvas.showPage()

    extract = _read(draw)

    assert [block.place.page_label for block in extract.blocks if block.furniture is None] == ["41", "42", "43", "44"]
    assert [block.furniture for block in extract.blocks if block.text.isdigit()] == ["running_header_or_footer"] * 4


def test_numbers_of_lines_are_no_text() -> None:
    """As filings print them beside every line."""

    def draw(canvas: Canvas) -> None:
        lines = tuple(
            f"La línea {chr(97 + number)} del escrito llega hasta el margen de la página." for number in range(12)
        )
        for number in range(12):
            _write(canvas, (str(number + 1),), 40, 700 - 14 * number)
        _write(canvas, lines)

    assert not any(text[:1].isdigit() or "|" in text for _, text in _texts(_read(draw)))


def test_scanned_pages_among_others_are_named() -> None:
    """What was not read is said in the report's line; a blank page has lost nothing."""
    picture = io.BytesIO()
    Image.new("L", (8, 8), 128).save(picture, "PNG")

    def draw(canvas: Canvas) -> None:
        _write(canvas, LEFT)
        canvas.showPage()
        for _ in range(2):
            canvas.drawImage(ImageReader(io.BytesIO(picture.getvalue())), 72, 300, 200, 200)
            canvas.showPage()
        canvas.showPage()

    prepared = prepare(SourceFile.of("a.pdf", _drawn(draw), PDF))

    assert prepared.doubts == ("pages 2 and 3 hold no text (scans or pictures): ingest it with --ocr to have it all",)


def test_the_date_a_file_was_made_and_accounts_are_no_metadata() -> None:
    """A title that a person wrote stays; no date and no account is cited."""

    def draw(canvas: Canvas) -> None:
        canvas.setTitle("La espera al teléfono")
        canvas.setAuthor("mlopez")
        _write(canvas, LEFT)

    assert _read(draw).metadata == SourceMetadata.of("pdf info", title="La espera al teléfono")


def test_an_initial_and_a_picture_do_not_cut_a_sentence() -> None:
    """A large first letter belongs to its word, and a sentence goes on below a caption."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 30)
        canvas.drawString(72, 690, "L")
        _write(canvas, ("a espera al teléfono es lo que se",), 92, 700)
        _write(canvas, ("Figura 1. Minutos de espera",), top=640)
        _write(canvas, ("recuerda de una gestión larga.",), top=600)

    assert _texts(_read(draw)) == [
        (BlockKind.PARAGRAPH, "La espera al teléfono es lo que se recuerda de una gestión larga."),
        (BlockKind.CAPTION, "Figura 1. Minutos de espera"),
    ]


def test_what_stands_turned_beside_every_page_and_the_numbers_of_some_are_no_text() -> None:
    """A printer's mark in the gutter, and pages that are numbered only from the seventeenth of many on."""

    def draw(canvas: Canvas) -> None:
        for page in range(24):
            _write(canvas, tuple(f"{line[:-1]} de {page * 'x'}" for line in LEFT))
            if page < 6:
                canvas.drawString(290, 40, str(page + 3))
            canvas.saveState()
            canvas.rotate(90)
            canvas.drawString(60, -20, "printed on DSKJ with PROPOSALS")
            canvas.restoreState()
            canvas.showPage()

    extract = _read(draw)

    assert [text for _, text in _texts(extract) if "DSKJ" in text or text.isdigit()] == []
    assert sum(block.furniture == "running_header_or_footer" for block in extract.blocks) == 30


def test_a_bullet_of_words_symbol_font_begins_its_item_also_when_drawn_after_it() -> None:
    """No table of bullets and lines, and no character that has no meaning."""

    def draw(canvas: Canvas) -> None:
        for number, item in enumerate(("Contestar antes de un minuto a quien", "Llamar a quien colgó sin respuesta y")):
            top = 700 - 60 * number
            _write(canvas, (item, "espera, en su idioma y sin repetir nada."), left=93, top=top)
            canvas.drawString(75, top, "•")

    assert _texts(_read(draw)) == [
        (BlockKind.LIST_ITEM, "• Contestar antes de un minuto a quien espera, en su idioma y sin repetir nada."),
        (BlockKind.LIST_ITEM, "• Llamar a quien colgó sin respuesta y espera, en su idioma y sin repetir nada."),
    ]
