"""What stays together in a passage, and what never does."""

from __future__ import annotations

from ingest.readers.signatures import MARKDOWN
from ingest.sources.sources import SourceFile
from ingest.text.prepare import prepare, prepare_text
from ingest.text.split import find_echoes
from kb.records.document import Passage
from kb.records.language import Language

_LONG = "Este párrafo dice una cosa entera sobre la espera de los clientes y la dice en dos frases. " * 3


def _passages(markdown: str) -> tuple[Passage, ...]:
    return prepare(SourceFile.of("a.md", markdown.encode(), MARKDOWN)).passages


def test_a_list_stays_with_its_lead_in_and_its_heading() -> None:
    """Heading, lead-in and short items are one passage; the heading is in the path and not quotable."""
    (passage,) = _passages("# Guía\n\n## Las métricas\n\nSe usan tres métricas:\n\n1. NPS\n2. CSAT\n3. CES\n")

    sentences = [span.cut("\n" * passage.span.start + passage.text) for span in passage.sentences]

    assert passage.text == "Guía\n\nLas métricas\n\nSe usan tres métricas:\n\n1. NPS\n\n2. CSAT\n\n3. CES"
    assert passage.heading_path == ("Guía", "Las métricas")
    assert sentences == ["Se usan tres métricas:", "1. NPS", "2. CSAT", "3. CES"]


def test_a_heading_with_a_figure_can_be_quoted() -> None:
    """A number in a headline is a figure with a sentence of its own."""
    headings = ("El 21 % abandona", "87 percent of marketers agree", "2. El 21 % abandona")

    first_sentences = [(_passages(f"## {heading}\n\n{_LONG}")[0]) for heading in headings]

    assert [passage.sentences[0].cut(passage.text) for passage in first_sentences] == list(headings)


def test_a_paragraph_is_a_passage_and_a_short_one_joins_the_next() -> None:
    """Normal paragraphs stand alone; a line that is not understood alone leads into what follows."""
    passages = _passages(f"{_LONG}A.\n\nPero no es todo.\n\n{_LONG}B.\n")

    assert [passage.text for passage in passages] == [f"{_LONG}A.", f"Pero no es todo.\n\n{_LONG}B."]


def test_a_quote_keeps_its_attribution() -> None:
    """A line that opens with a dash after a quote belongs to it."""
    (passage,) = _passages(f"> {_LONG}\n\n— Ana Gil, directora\n")

    assert passage.text.endswith("— Ana Gil, directora")


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    """No passage is longer than the model reads, and none ends inside a sentence."""
    passages = _passages("Una frase de prueba con sus palabras justas. " * 100)

    assert max(len(passage.text) for passage in passages) <= 1600
    assert all(passage.text.endswith(".") and passage.text.startswith("Una") for passage in passages)


def test_a_pull_quote_is_another_place_of_its_paragraph() -> None:
    """A sentence printed again by itself is no passage of its own."""
    sentence = "Nadie llama dos veces por gusto a una empresa que no contesta."
    (first, second) = _passages(f"{_LONG}{sentence}\n\n> «{sentence}»\n\n{_LONG}Y otra cosa.\n")

    assert [second.text.endswith("Y otra cosa."), len(first.other_spans)] == [True, 1]


def test_echoes_are_found_in_one_pass() -> None:
    """Equal texts echo the first, parts echo the whole, short texts echo nothing."""
    part = "La segunda frase también lo es, y todavía mucho más que la primera."
    whole = f"La primera frase es bastante larga para contar. {part}"

    assert find_echoes([part + " ", whole, "Sí.", "Sí.", whole]) == {0: 1, 4: 1}


def test_a_given_language_holds_for_all_of_a_text() -> None:
    """The caller of ``prepare_text`` knows better than detection."""
    prepared = prepare_text("Net Promoter Score", Language.ES)

    assert [passage.language for passage in prepared.passages] == [Language.ES]
