"""The language of texts alone and of the blocks of a document."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.text import detect
from ingest.text.detect import block_languages, text_language
from kb.records.language import Language

_GOLD = Path(__file__).parents[2].parent / "shared" / "eval" / "tags_gold.jsonl"

ALONE = [
    ("¿Qué es el NPS?", Language.ES),
    ("What is NPS?", Language.EN),
    ("Mi cliente me llama poco.", Language.ES),
    ("He has lost his order.", Language.EN),
    ("El artículo «The Heaven and Hell of Customer Experience» se lee en este enlace.", Language.ES),
    ("The report, «La madurez de la experiencia», came out in Madrid and is worth a read.", Language.EN),
    ("A experiência do cliente é um fator que as marcas não podem ignorar em seus canais digitais.", Language.OTHER),
    (
        "L'expérience client est devenue une clé pour les entreprises qui veulent fidéliser leurs clients.",
        Language.OTHER,
    ),
    ("Die Erfahrung der Kunden ist ein Faktor für Unternehmen, die sie nicht verlieren wollen.", Language.OTHER),
    ("顧客体験は企業にとって重要な要素です。", Language.OTHER),
    ("87 %", Language.OTHER),
]


@pytest.mark.parametrize(("text", "expected"), ALONE)
def test_a_text_alone(text: str, expected: Language) -> None:
    """Short questions, quoted titles of the other language, and other languages, which are not forced."""
    assert text_language(text) is expected


def test_short_blocks_borrow_from_the_nearest_block_that_could_be_told() -> None:
    """A heading in loan words is Spanish above Spanish and English above English."""
    spanish = "La experiencia de los clientes se mide con tres preguntas y ninguna basta por sí sola."
    english = "The experience of customers is measured with three questions and none of them will do alone."

    languages = block_languages(["Customer Experience", spanish, "Net Promoter Score", english, "KPI"])

    assert languages == (Language.ES, Language.ES, Language.EN, Language.EN, Language.EN)


@pytest.mark.parametrize(
    "text", ["customer effort", "esfuerzo cliente", "NPS journey CSAT", "Zufriedenheit", "naïve 顧客 cliente", "ß æ"]
)
def test_the_pair_is_told_as_by_all_profiles(text: str) -> None:
    """The profiles of two languages give to the digit what those of all give under the same prior."""
    every = detect._factory().create()
    every.set_prior_map({"es": 0.5, "en": 0.5})
    every.append(text)

    pair = detect._probabilities(text, closed=True)

    assert pair == [(guess.lang, guess.prob) for guess in every.get_probabilities()]


def test_no_blocks_have_no_languages() -> None:
    """An empty document has nothing to tell."""
    assert block_languages([]) == ()


def test_the_judged_passages_are_right() -> None:
    """At least 99 % of the development passages; the one left is an English photo credit judged Spanish."""
    if not _GOLD.exists():
        pytest.skip(f"no judged passages in {_GOLD}")
    rows = [json.loads(line) for line in _GOLD.read_text().splitlines()]

    right = sum(text_language(row["text"]).value == row["lang"] for row in rows)

    assert right / len(rows) >= 0.99
