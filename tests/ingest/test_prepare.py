"""The whole way from bytes to passages: laws for any input, and a mixed page asserted whole."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.readers.signatures import HTML, MARKDOWN, TEXT
from ingest.sources.sources import SourceFile
from ingest.text.prepare import Prepared, prepare, prepare_text
from kb.records.document import BlockKind
from kb.records.errors import SourceError
from kb.records.language import Language

_SPECIMENS = (
    "La experiencia del cliente mejora The score rose 87 % “cita” año cafe\u0301 😀 👩‍💻 ¿Por qué? EE. UU. 3,5 [x](y) |"
    " & < > * - 1. # > ## • “Sí”. Deja un comentario Photo by Ana on Unsplash\u00a0fin. \u200bzero \u202eflip"
)
_WORDS = st.sampled_from(_SPECIMENS.split(" "))
_BLOCKS = st.lists(st.lists(_WORDS, min_size=1, max_size=30).map(" ".join), min_size=1, max_size=8)
_BREAKS = st.sampled_from(["\n", "\r\n", "\n\n", "\r\n\r\n", "\r", "\n \n"])


def _assert_laws(prepared: Prepared) -> None:
    text = prepared.document.text
    for block in prepared.document.blocks:
        assert block.span.cut(text)
    for passage in prepared.passages:
        assert passage.text == passage.span.cut(text)
        assert len(passage.text) <= 1600
        assert all(passage.span.contains(sentence) for sentence in passage.sentences)
        assert sorted(passage.sentences) == list(passage.sentences)
    covered = [span for passage in prepared.passages for span in (passage.span, *passage.other_spans)]
    headings = [block.span for block in prepared.document.blocks if block.kind is BlockKind.HEADING]
    seen = {offset for span in (*covered, *headings) for offset in range(span.start, span.end)}
    assert [offset for offset, letter in enumerate(text) if not letter.isspace() and offset not in seen] == []


@settings(deadline=None)
@given(blocks=_BLOCKS, line_break=_BREAKS, media_type=st.sampled_from([TEXT, MARKDOWN, HTML]))
def test_every_span_cuts_its_own_text_and_ids_are_stable(blocks: list[str], line_break: str, media_type: str) -> None:
    """The span law holds for text, Markdown and HTML with CRLF, NFD and emoji; a second run is equal."""
    joined = line_break.join(f"<p>{block}</p>" if media_type == HTML else block for block in blocks)
    source = SourceFile.of("a", joined.encode(), media_type)
    try:
        first = prepare(source)
    except SourceError:
        return

    assert first == prepare(source)
    _assert_laws(first)


@settings(deadline=None)
@given(st.text(max_size=400), st.sampled_from([None, Language.ES]))
def test_a_given_text_is_taken_as_it_stands(text: str, language: Language | None) -> None:
    """Nothing is removed or joined in a caller's text, so spans count in what the caller sent."""
    prepared = prepare_text(text, language)

    _assert_laws(prepared)


def test_a_document_that_mixes_languages_keeps_them_apart() -> None:
    """Each passage of a mixed page has its own language, and the furniture is in the ledger."""
    text = (
        "Un estudio de ejemplo\n\n"
        "Casi la mitad de las personas encuestadas dice que su banco no entiende lo que necesita cuando llama.\n\n"
        "Almost half of the people who took part say that their bank does not understand what they need.\n\n"
        "Deja un comentario\n"
    )

    prepared = prepare(SourceFile.of("mixed.txt", text.encode(), TEXT))

    languages = [passage.language for passage in prepared.passages]
    ledger = [(removed.text, removed.rule, removed.place.line) for removed in prepared.document.removed]
    expected_ledger = [("Deja un comentario", "comments", 7)]
    expected_title = "Un estudio de ejemplo"

    assert languages == [Language.ES, Language.EN]
    assert ledger == expected_ledger
    assert prepared.document.title == expected_title
