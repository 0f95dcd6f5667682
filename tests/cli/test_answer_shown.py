"""What ``kb ask`` prints beside the quotes: how findings differ, what a language model made of them; its settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.cli.answer_shown import print_answer
from api.cli.wiring import Wiring
from api.settings import Settings
from kb.answer import (
    Answer,
    Difference,
    Finding,
    FindingKind,
    Rewriting,
    RewrittenSentence,
    Statement,
    Status,
)
from kb.citation import Citation, DocumentReference
from kb.document import Span
from kb.errors import InputError
from kb.language import Language

KEY = "sk-never-to-be-seen-4711"


def cited(number: int, quote: str) -> Citation:
    reference = DocumentReference(f"d{number}", f"{number}.txt", None, (), None, None, None)
    return Citation(number, reference, f"p{number}", quote, Span(0, len(quote)), "0" * 64, "/")


def answer_in(language: Language, note: str | None = None, rewriting: Rewriting | None = None) -> Answer:
    """Two findings: one of two sources that say the same words, and one that differs from it."""
    first = Finding(FindingKind.FIGURE, 2, (Language.EN,))
    differs = (Difference(1, "value", "40%", "30%"), Difference(1, "year", "2024", None))
    second = Finding(FindingKind.FIGURE, 1, (Language.EN,), (), differs)
    quotes = ("30% left.", "30% left.", "40% left in 2024.")
    return Answer(
        "How many left?",
        language,
        Status.ANSWERED,
        "…",
        (Statement(quotes[0], (1, 2), first), Statement(quotes[2], (3,), second)),
        tuple(cited(number, quote) for number, quote in enumerate(quotes, start=1)),
        note=note,
        rewriting=rewriting,
    )


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        (
            Language.EN,
            "“30% left.” [1][2]\n   2 independent sources\n“40% left in 2024.” [3]\n"
            "   other than finding 1: the figure: 40%, there 30%; the year: 2024, there not said\n",
        ),
        (
            Language.ES,
            "“30% left.” [1][2]\n   2 fuentes independientes\n“40% left in 2024.” [3]\n"
            "   distinto del hallazgo 1: la cifra: 40%, allí 30%; el año: 2024, allí no se dice\n",
        ),
    ],
)
def test_how_findings_differ_is_shown(capsys: pytest.CaptureFixture[str], language: Language, shown: str) -> None:
    """In the language of the words around the quotes."""
    print_answer(answer_in(language))

    assert capsys.readouterr().out.startswith(shown)


def test_a_rewriting_is_shown_with_whose_words_it_has(capsys: pytest.CaptureFixture[str]) -> None:
    """A sentence of the model bare, the quotes that replace one in quotation marks with the reason, then the note."""
    sentences = (
        RewrittenSentence("30% left. [1][2]", (1, 2), 1, True),
        RewrittenSentence("40% left in 2024. [3]", (3,), 2, False, "the figure 50% is in none of the quotes"),
    )
    print_answer(answer_in(Language.EN, "A note.", Rewriting("m", "…", sentences)))

    assert (
        "\nIn the words of m, each sentence checked against its quotes:\n"
        "30% left. [1][2]\n"
        "“40% left in 2024. [3]”\n"
        "   the model’s sentence was refused: the figure 50% is in none of the quotes\n"
        "\nA note.\n"
    ) in capsys.readouterr().out


def test_no_language_model_is_set_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing goes out unless somebody says where to."""
    for name in ("URL", "MODEL", "KEY"):
        monkeypatch.delenv(f"KB_REWRITE_{name}", raising=False)

    assert Wiring(Settings(), Path("nowhere")).chat() is None


@pytest.mark.parametrize(("given", "missing"), [("URL", "KB_REWRITE_MODEL"), ("MODEL", "KB_REWRITE_URL")])
def test_half_a_language_model_is_refused(monkeypatch: pytest.MonkeyPatch, given: str, missing: str) -> None:
    """With the name of what is missing."""
    monkeypatch.setenv(f"KB_REWRITE_{given}", "http://127.0.0.1:1/v1")

    with pytest.raises(InputError, match=missing):
        Wiring(Settings(), Path("nowhere")).chat()


def test_the_key_of_a_language_model_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither by the settings nor by the model."""
    values = {"URL": "http://127.0.0.1:1/v1", "MODEL": "m", "KEY": KEY, "TIMEOUT": "3", "STREAM": "1"}
    for name, value in values.items():
        monkeypatch.setenv(f"KB_REWRITE_{name}", value)
    settings = Settings()
    chat = Wiring(settings, Path("nowhere")).chat()

    assert chat is not None
    assert chat.name == "m"
    assert KEY not in repr(settings) + str(settings.model_dump()) + repr(chat)
