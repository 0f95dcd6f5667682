"""Citations: golden texts, what the manuals say, untrusted fields, and the laws of every format."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.evaluate.citations import evaluate_citations, read_golden
from kb import citing as bibliography
from kb.citing import (
    Reference,
    Style,
    footnote,
    format_reference,
    in_text,
    of_source,
    parse_style,
    quote_with_citation,
)
from kb.citing.reference import PartialDate, PersonName, cleaned, read_date, read_name, safe_url
from kb.records.document import Place
from kb.records.errors import InputError
from kb.records.language import Language
from kb.records.search import DocumentReference

ES, EN = Language.ES, Language.EN
GOLDEN = Path(__file__).parent.parent / "cases" / "citations"
SEEN = date(2026, 11, 21)
DIXON = Reference.of(
    DocumentReference(
        "d0123456789",
        "dixon.html",
        "Stop Trying to Delight Your Customers",
        ("Matthew Dixon", "Karen Freeman", "Nicholas Toman"),
        "Harvard Business Review",
        "2010-07",
        "https://hbr.org/2010/07/stop-trying-to-delight-your-customers",
    ),
    (Place(page=5),),
    SEEN,
    "/passages/p1?start=0&end=9",
)
NOTHING = Reference.of(DocumentReference("d1", "x", None, (), None, None, None))


def test_the_room_has_nine_names() -> None:
    """The public names of the package."""
    assert bibliography.__all__ == [
        "Reference",
        "Style",
        "as_cited_in",
        "footnote",
        "format_reference",
        "in_text",
        "of_source",
        "parse_style",
        "quote_with_citation",
    ]


def test_golden_citations_are_exact() -> None:
    """Sixty references, seven styles, two languages, with the in-text form of the four written ones."""
    golden = read_golden(GOLDEN)
    figures = evaluate_citations(golden)

    assert figures.wrong == ()
    assert figures.tried == 60 * 2 * (7 + 4)
    assert len(golden) == 60 * 2 * 7


@pytest.mark.parametrize(
    ("style", "language", "expected"),
    [
        (
            "apa",
            EN,
            "Dixon, M., Freeman, K., & Toman, N. (2010, July). Stop Trying to Delight Your Customers. "
            "Harvard Business Review. https://hbr.org/2010/07/stop-trying-to-delight-your-customers",
        ),
        (
            "apa",
            ES,
            "Dixon, M., Freeman, K. y Toman, N. (2010, julio). Stop Trying to Delight Your Customers. "
            "Harvard Business Review. https://hbr.org/2010/07/stop-trying-to-delight-your-customers",
        ),
        (
            "mla",
            EN,
            "Dixon, Matthew, et al. “Stop Trying to Delight Your Customers.” Harvard Business Review, July 2010, "
            "https://hbr.org/2010/07/stop-trying-to-delight-your-customers. Accessed 21 Nov. 2026.",
        ),
        (
            "mla",
            ES,
            "Dixon, Matthew, et al. «Stop Trying to Delight Your Customers». Harvard Business Review, julio de 2010, "
            "https://hbr.org/2010/07/stop-trying-to-delight-your-customers. Consultado el 21 de noviembre de 2026.",
        ),
        (
            "chicago",
            EN,
            "Dixon, Matthew, Karen Freeman, and Nicholas Toman. “Stop Trying to Delight Your Customers.” "
            "Harvard Business Review. July 2010. https://hbr.org/2010/07/stop-trying-to-delight-your-customers.",
        ),
        (
            "chicago-author-date",
            ES,
            "Dixon, Matthew, Karen Freeman y Nicholas Toman. 2010. «Stop Trying to Delight Your Customers». "
            "Harvard Business Review, julio. https://hbr.org/2010/07/stop-trying-to-delight-your-customers.",
        ),
    ],
)
def test_entries_follow_the_manuals(style: str, language: Language, expected: str) -> None:
    """A web article by three people, as the manual of each style has it."""
    written = format_reference(DIXON, parse_style(style), language)

    assert expected == written.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("style", "language", "expected"),
    [
        ("apa", EN, "(Dixon et al., 2010, p. 5)"),
        ("apa", ES, "(Dixon et al., 2010, p. 5)"),
        ("mla", EN, "(Dixon et al. 5)"),
        ("chicago-author-date", EN, "(Dixon et al. 2010, 5)"),
        (
            "chicago",
            EN,
            "Matthew Dixon et al., “Stop Trying to Delight Your Customers,” Harvard Business Review, July 2010, 5, "
            "https://hbr.org/2010/07/stop-trying-to-delight-your-customers.",
        ),
    ],
)
def test_in_text_forms_follow_the_manuals(style: str, language: Language, expected: str) -> None:
    """The place stands where the style puts it."""
    written = in_text(DIXON, parse_style(style), language)

    assert expected == written.replace("\u00a0", " ")


def test_a_quote_goes_to_the_clipboard_with_all_that_proves_it() -> None:
    """Quote, in-text citation, entry, permalink; quotation marks inside become inner ones."""
    assert quote_with_citation("Delight «does not»\npay", DIXON, Style.APA, EN) == (
        "“Delight ‘does not’ pay” (Dixon et al., 2010, p. 5)\n\n"
        "Dixon, M., Freeman, K., & Toman, N. (2010, July). Stop Trying to Delight Your Customers. "
        "Harvard Business Review. https://hbr.org/2010/07/stop-trying-to-delight-your-customers\n"
        "/passages/p1?start=0&end=9"
    )


@pytest.mark.parametrize(("language", "undated"), [(ES, "s. f."), (EN, "n.d.")])
@pytest.mark.parametrize("style", ["apa", "mla", "chicago", "chicago-author-date"])
def test_nothing_is_invented(style: str, language: Language, undated: str) -> None:
    """A document of which nothing is known has a description, no date, and nothing else."""
    untitled = "[Documento sin título]" if language is ES else "[Untitled document]"
    written = format_reference(NOTHING, parse_style(style), language).replace("\u00a0", " ")

    assert written.rstrip(".)") in (f"{untitled}. ({undated}".rstrip("."), f"{untitled}. {undated}".rstrip("."))


def test_unknown_fields_are_no_fields() -> None:
    """The file formats leave them out."""
    assert format_reference(NOTHING, Style.BIBTEX, EN) == "@misc{document-d1,\n}"
    assert format_reference(NOTHING, Style.RIS, EN) == "TY  - RPRT\r\nID  - document-d1\r\nER  - \r\n"
    assert json.loads(format_reference(NOTHING, Style.CSL_JSON, EN)) == [{"id": "document-d1", "type": "document"}]


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("Ana Pérez Gil", PersonName(family="Pérez Gil", given="Ana")),
        ("José Luis Rodríguez Zapatero", PersonName(family="Rodríguez Zapatero", given="José Luis")),
        ("Juan de la Cruz", PersonName(family="de la Cruz", given="Juan")),
        ("Frederick F. Reichheld", PersonName(family="Reichheld", given="Frederick F.")),
        ("Mary Ann Smith", PersonName(family="Smith", given="Mary Ann")),
        ("Schwager, Andre", PersonName(family="Schwager", given="Andre")),
        ("World Bank", PersonName(literal="World Bank")),
        ("Regina Corso Consulting", PersonName(literal="Regina Corso Consulting")),
        ("Acquia", PersonName(literal="Acquia")),
        ("Acme, Inc.", PersonName(literal="Acme, Inc.")),
        ("Ana Pérez y otros autores", PersonName(literal="Ana Pérez y otros autores")),
        ("Xyz Qwerty", PersonName(literal="Xyz Qwerty")),
        ("Forrester & Co", PersonName(literal="Forrester & Co")),
    ],
)
def test_people_are_told_from_organisations(author: str, name: PersonName) -> None:
    """Whatever is not surely a person is kept whole."""
    assert name == read_name(author)


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        ("2022", PartialDate(2022)),
        ("2022-09", PartialDate(2022, 9)),
        ("2022-09-30", PartialDate(2022, 9, 30)),
        ("2022-09-30T10:00", PartialDate(2022, 9, 30)),
        ("2022-13", None),
        ("20222", None),
        ("May 2022", None),
        ("", None),
        (None, None),
    ],
)
def test_dates_are_read_as_far_as_they_go(published: str | None, expected: PartialDate | None) -> None:
    """Anything else than ISO 8601 is no date."""
    assert expected == read_date(published)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//host/x", "https://", "ftp://x/y", "x", "https://[", "", None]
)
def test_addresses_that_are_none_are_dropped(url: str | None) -> None:
    """Only whole http and https addresses are printed."""
    assert safe_url(url) is None


@pytest.mark.parametrize(
    ("url", "printed"),
    [
        ("https://españa.es/año?q=ñ", "https://xn--espaa-rta.es/a%C3%B1o?q=%C3%B1"),
        ("https://gartner.com@evil.example/x", "https://evil.example/x"),
        ("https://user:secret@example.org/", "https://example.org/"),
        ("http://a_b.example.org:8080/x y", "http://a_b.example.org:8080/x%20y"),
        ("https://[2001:db8::1]/", "https://[2001:db8::1]/"),
        ("https://example.org:99999/", None),
        ("https://exa mple.org/", None),
        (f"https://{'ñ' * 70}.es/", None),
    ],
)
def test_addresses_are_printed_as_they_go_over_the_wire(url: str, printed: str | None) -> None:
    """With the host that is called, and without anybody's password."""
    assert printed == safe_url(url)


@pytest.mark.parametrize("published", ["0000", "0001-01-01", "0044", "9999-12-31"])
def test_a_year_that_programs_write_for_no_year_is_none(published: str) -> None:
    """So that no entry says "1 AD"."""
    assert read_date(published) is None


@pytest.mark.parametrize(
    ("title", "entry"),
    [
        ("Informe anual.", "«Informe anual». 2020."),
        ("Lo que hace Acme Inc.", "«Lo que hace Acme Inc.». 2020."),
        ("¿Qué es el NPS?", "«¿Qué es el NPS?». 2020."),
        ("Y entonces…", "«Y entonces…». 2020."),
    ],
)
def test_a_title_keeps_no_stop_before_the_stop(title: str, entry: str) -> None:
    """In Spanish the stop stands behind the quotation marks, and one of an abbreviation before them too."""
    reference = Reference.of(DocumentReference("d1", "x", title, (), None, "2020", None))

    assert entry == format_reference(reference, Style.CHICAGO, ES)


def test_the_word_and_in_a_name_parts_no_names() -> None:
    """BibTeX parts authors at it, however it is written; RIS at the comma of "Acme, Inc."."""
    reference = Reference.of(DocumentReference("d1", "x", "T", ("Ana And Pérez", "Acme, Inc."), None, None, None))

    assert "  author = {{And Pérez}, Ana and {Acme, Inc.}},\n" in format_reference(reference, Style.BIBTEX, EN)
    assert "AU  - And Pérez, Ana\r\nAU  - Acme Inc.\r\n" in format_reference(reference, Style.RIS, EN)


def test_unknown_styles_are_refused() -> None:
    """With the known ones."""
    with pytest.raises(InputError, match="Use one of: apa, mla, chicago"):
        parse_style("vancouver")
    with pytest.raises(InputError, match="no in-text form"):
        in_text(DIXON, Style.RIS, EN)


def test_other_programs_read_the_file_formats() -> None:
    """Each golden BibTeX and RIS text is one record to an independent reader, with its title and its year."""
    bibtexparser = pytest.importorskip("bibtexparser")
    rispy = pytest.importorskip("rispy")
    for citation in read_golden(GOLDEN):
        published = citation.reference.published
        year = f"{published.year:04d}" if published else None
        if citation.style is Style.BIBTEX:
            library = bibtexparser.parse_string(citation.entry)
            [entry] = library.entries
            assert not library.failed_blocks
            assert year == (entry.fields_dict["year"].value if "year" in entry.fields_dict else None)
        if citation.style is Style.RIS:
            [record] = rispy.loads(citation.entry)
            assert (citation.reference.title, year) == (record.get("title"), record.get("year"))


HOSTILE = st.text(
    alphabet=st.one_of(
        st.sampled_from(list("<>{}\\\"'&%$#_^~\r\n\t«»“”.?!,@;")), st.characters(codec="utf-8", max_codepoint=0x2FFF)
    ),
    max_size=60,
)


@settings(deadline=None)
@given(HOSTILE, HOSTILE, HOSTILE, st.sampled_from(list(Style)), st.sampled_from([ES, EN]))
def test_no_field_escapes_its_place(title: str, author: str, url: str, style: Style, language: Language) -> None:
    """Any text in any field gives one entry, one record, one item, without markup or control characters."""
    reference = Reference.of(
        DocumentReference("d1", "x", title, (author,), author, "2020", url), (Place(page=1),), SEEN
    )
    written = format_reference(reference, style, language)

    assert not re.search(r"<[a-zA-Z/!?]", written)
    assert not re.search(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\ue000-\uf8ff]", written)
    if style is Style.BIBTEX:
        assert re.findall(r"(?m)^@", written) == ["@"]
        assert written.count("{") == written.count("}")
    if style is Style.RIS:
        assert [line[:6] for line in written.split("\r\n") if line.startswith(("TY", "ER"))] == ["TY  - ", "ER  - "]
    if style is Style.CSL_JSON:
        assert len(json.loads(written)) == 1
    if style not in (Style.RIS, Style.BIBTEX, Style.CSL_JSON):
        assert "\n" not in written


@settings(deadline=None)
@given(HOSTILE, st.lists(HOSTILE, max_size=3), HOSTILE)
def test_other_programs_read_one_record_of_any_text(title: str, authors: list[str], publisher: str) -> None:
    """An independent reader finds one BibTeX entry and one RIS record, with the fields that were written."""
    bibtexparser = pytest.importorskip("bibtexparser")
    rispy = pytest.importorskip("rispy")
    reference = Reference.of(DocumentReference("d1", "x", title, tuple(authors), publisher, "2020-05", None))
    library = bibtexparser.parse_string(format_reference(reference, Style.BIBTEX, EN))
    [record] = rispy.loads(format_reference(reference, Style.RIS, EN))
    known = {"title": reference.title, "publisher": reference.publisher, "year": "2020", "month": "may"}

    [entry] = library.entries
    assert not library.failed_blocks
    assert {"author", "title", "publisher", "year", "month"} >= entry.fields_dict.keys()
    assert entry.fields_dict["year"].value == "2020"
    assert {name for name, value in known.items() if value} <= entry.fields_dict.keys()
    assert (record.get("title"), record.get("publisher")) == (reference.title, reference.publisher)
    assert len(record.get("authors", [])) == len(reference.authors)


@settings(deadline=None)
@given(st.text(max_size=200))
@example("<\x1b?")
@example("<\x1b!a>")
@example("e\u200b\u0301")
def test_cleaning_twice_is_cleaning_once(field: str) -> None:
    """And leaves one line."""
    once = cleaned(field)

    assert once == cleaned(once)
    assert once is None or "\n" not in once


@pytest.mark.parametrize(
    ("place", "style", "language", "text"),
    [
        (Place(slide=3), Style.APA, ES, "diapositiva 3"),
        (Place(slide=3), Style.MLA, EN, "slide 3"),
        (Place(cell="Datos!B7"), Style.APA, EN, "Datos!B7"),
        (Place(time="0:12:31"), Style.APA, ES, "0:12:31"),
        (Place(time="0:12:31"), Style.MLA, EN, "0:12:31"),
        (Place(page=3, recognised=True), Style.APA, ES, "p. 3, texto por OCR"),
        (Place(page=3, recognised=True), Style.CHICAGO, EN, "3, text by OCR"),
        (Place(recognised=True), Style.APA, EN, "text by OCR"),
    ],
)
def test_slides_and_cells_are_named_in_a_citation(place: Place, style: Style, language: Language, text: str) -> None:
    document = DocumentReference("d1", "x", "Un estudio", ("Ana Gil",), None, "2023", None)

    assert f", {text}" in in_text(Reference.of(document, (place,)), style, language)


LABELLED = Place(page=17, page_label="15")
PLACED = Reference.of(DocumentReference("d1", "x.pdf", "A Study", ("Ana Gil",), "Example", "2022", None), (LABELLED,))


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("apa", "Gil, A. (2022). A Study. Example. (p. 15)."),
        ("mla", "Gil, Ana. “A Study.” Example, 2022. (15)."),
        ("chicago", "Ana Gil, “A Study,” Example, 2022, 15."),
    ],
)
def test_a_footnote_names_the_page_that_is_printed(style: str, expected: str) -> None:
    """Chicago's note is a footnote as it is; other styles have the entry and the place."""
    assert footnote(PLACED, parse_style(style), EN) == expected


@pytest.mark.parametrize("style", list(Style))
@pytest.mark.parametrize(
    ("language", "inferred", "words"),
    [
        (ES, ("published",), "fecha deducida"),
        (EN, ("published",), "date inferred"),
        (ES, ("title",), "título deducido"),
        (EN, ("published", "title"), "title inferred, date inferred"),
    ],
)
def test_what_nothing_states_is_marked_in_every_style(
    style: Style, language: Language, inferred: tuple[str, ...], words: str
) -> None:
    """In the list of works, in a footnote, in a file for programs once; what is stated has no mark."""
    stated = DocumentReference("d1", "x", "Un estudio", ("Ana Gil",), "Ejemplo", "2022", "https://example.org/x")
    guessed = Reference.of(replace(stated, inferred=inferred))

    entry = format_reference(guessed, style, language)

    assert entry.count(words) == 1
    assert style.is_data or entry == f"{format_reference(Reference.of(stated), style, language)} [{words}]"
    assert style.is_data or words in footnote(guessed, style, language)
    assert words not in format_reference(Reference.of(stated), style, language)


def test_quotes_of_a_source_are_notes_of_its_one_record() -> None:
    """With their places; the same quote twice is one note, and the record itself has no place."""
    other = Reference.of(
        DocumentReference("d1", "x.pdf", "A Study", ("Ana Gil",), "Example", "2022", None), (Place(page=2),)
    )
    source = of_source([(PLACED, "It is “so”."), (other, "And so."), (PLACED, "It is “so”."), (PLACED, None)], EN)

    assert format_reference(source, Style.RIS, EN) == "\r\n".join(
        [
            "TY  - RPRT",
            "ID  - gil2022-d1",
            "AU  - Gil, Ana",
            "TI  - A Study",
            "PB  - Example",
            "PY  - 2022",
            "DA  - 2022",
            "N1  - “It is ‘so’.” (p. 15)",
            "N1  - “And so.” (p. 2)",
            "N1  - p. 15",
            "ER  - ",
            "",
        ]
    )


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8000/documents/d1",
        "http://localhost/x",
        "https://[::1]/x",
        "http://0.0.0.0/x",
        "http://a.localhost/",
    ],
)
def test_an_address_of_the_machine_is_no_address(url: str) -> None:
    """Of a document that was fetched from it, say."""
    assert Reference.of(DocumentReference("d1", "x", "A Study", (), None, None, url)).url is None
