"""Saved answers: what the report says of quotes, hashes, seals, marks and figures, and what is refused."""

from __future__ import annotations

import dataclasses
import json
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from kb.answer import Answer, Statement, Status
from kb.citation import Citation, DocumentReference
from kb.document import Span
from kb.errors import InputError
from kb.language import Language
from kb.verification.saved import Seal, decode_answer, read_answer_file, save_answer, seal_of
from kb.verify import SourceState, Verdict, verify_answer

TEXT = "El 66 % de los hogares compara precios. Nadie lo hace dos veces."
OTHER = "La empatía se entrena."
SHA = "a" * 64
DOCUMENT = DocumentReference("d1", "informe.txt", "Informe", (), None, "2022", None)
CITATION = Citation(1, DOCUMENT, "p1", "El 66 % de los hogares compara precios.", Span(0, 39), SHA, "/passages/p1")
ANSWER = Answer(
    "¿Quién compara?",
    Language.ES,
    Status.ANSWERED,
    "El 66 % de los hogares compara precios. [1]",
    (Statement("El 66 % de los hogares compara precios.", (1,)),),
    (CITATION,),
)


def saved(**changes: Any) -> dict[str, Any]:
    """The answer as saved, with these citation fields changed and the seal made anew."""
    whole: dict[str, Any] = json.loads(json.dumps(save_answer(ANSWER, {"d1": TEXT})))
    whole["citations"][0] |= changes
    return whole | {"seal": seal_of(whole)}


def test_a_saved_answer_is_sound_years_later() -> None:
    """Every quote exact, the source confirmed, the seal intact."""
    report = verify_answer(saved(), {SHA: TEXT})

    assert report.ok
    assert [(quote.judgement.verdict, quote.source) for quote in report.quotes] == [
        (Verdict.EXACT, SourceState.CONFIRMED)
    ]
    assert (report.seal, report.problems) == (Seal.INTACT, ())


@pytest.mark.parametrize("name", [SHA, "d1", "informe.txt"])
def test_a_source_is_found_by_hash_or_name(name: str) -> None:
    """The text's own hash confirms it under any name."""
    assert verify_answer(saved(), {name: TEXT}).quotes[0].source is SourceState.CONFIRMED


def test_a_source_known_by_name_only_says_so() -> None:
    """Without a recorded text hash a name proves nothing."""
    report = verify_answer(saved(text_sha256=None), {"informe.txt": TEXT})

    assert report.quotes[0].source is SourceState.NAME_ONLY


def test_another_text_under_the_same_name_is_a_hash_mismatch() -> None:
    """The quote may still be there; the answer is not sound."""
    report = verify_answer(saved(), {"informe.txt": TEXT + " Fin."})

    assert (
        report.quotes[0].source,
        report.quotes[0].judgement.verdict,
        report.ok,
    ) == (SourceState.HASH_MISMATCH, Verdict.EXACT, False)


def test_a_missing_source_is_told() -> None:
    """A removed source gives not_found with its name."""
    report = verify_answer(saved(), {"x": OTHER})

    assert report.quotes[0].source is SourceState.MISSING
    assert report.quotes[0].judgement.verdict is Verdict.NOT_FOUND
    assert report.quotes[0].judgement.reason == "its source informe.txt was not given"


@pytest.mark.parametrize(
    ("quote", "verdict"),
    [
        ("El 66% de los hogares compara precios", Verdict.NORMALISED),
        ("El 86 % de los hogares compara precios.", Verdict.NUMBER_CHANGED),
        ("El 66 % de los hogares no compara precios.", Verdict.NEGATION_CHANGED),
        ("La empatía se entrena.", Verdict.MISATTRIBUTED),
        ("Las familias miran el precio.", Verdict.NOT_FOUND),
    ],
)
def test_an_edited_quote_is_judged_and_the_edit_is_told(quote: str, verdict: Verdict) -> None:
    """The old seal no longer fits."""
    edited = saved()
    edited["citations"][0]["quote"] = quote
    report = verify_answer(edited, {SHA: TEXT, "b": OTHER})

    assert verdict is report.quotes[0].judgement.verdict
    assert not report.ok
    assert Seal.EDITED is report.seal
    assert "the file was edited after it was saved" in report.problems


def test_a_figure_outside_the_quotes_is_a_problem() -> None:
    """A statement may not bring a number of its own."""
    answer = dataclasses.replace(ANSWER, statements=(Statement("El 67 % compara. [1]", (1,)), Statement("Sí.", (2,))))

    assert verify_answer(save_answer(answer, {"d1": TEXT}), {SHA: TEXT}).problems == (
        "the figure 67 of a statement is in none of its quotes: “El 67 % compara. [1]”",
        "a statement cites [2]: “Sí.”",
    )


def test_an_answer_without_a_seal_is_judged() -> None:
    """Answers taken from the API have none."""
    bare = {key: value for key, value in saved().items() if key not in ("seal", "format")}
    report = verify_answer(bare, {SHA: TEXT})

    assert (report.ok, report.seal) == (True, Seal.ABSENT)


def test_the_record_as_plain_json_is_read() -> None:
    """Every field of the records by its name, as the API sends an answer."""

    def plain(value: object) -> object:
        return value.value if isinstance(value, Enum) else str(value)

    wire = json.loads(json.dumps(dataclasses.asdict(ANSWER), default=plain))
    report = verify_answer(wire, {SHA: TEXT})

    assert (report.ok, report.quotes[0].source) == (True, SourceState.CONFIRMED)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": 2}, "newer than 1"),
        ({"format": "one"}, "unreadable format"),
        ({"citations": None}, "no citations"),
        ({"citations": [{"number": 1}]}, "no document"),
        ({"citations": ["x"]}, "not objects"),
        ({"status": "maybe"}, "unknown status"),
        ({"question": 7}, "no question"),
        ({"statements": [{"text": "x", "citations": ["1"]}]}, "not numbers"),
        ({"language": "fr"}, "not known"),
    ],
)
def test_what_cannot_be_read_is_refused(change: dict[str, Any], message: str) -> None:
    """Each with a clear error of ours."""
    with pytest.raises(InputError, match=message):
        verify_answer(saved() | change, {})


@pytest.mark.parametrize("span", [[3, 1], {"start": 1}, "1-2", [1.5, 2]])
def test_a_broken_span_is_refused(span: object) -> None:
    """A span is two whole numbers in order."""
    with pytest.raises(InputError, match="unreadable span"):
        verify_answer(saved(span=span), {})


def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    """At any length short of the whole."""
    whole = json.dumps(save_answer(ANSWER, {"d1": TEXT})).encode()
    path = tmp_path / "answer.json"
    path.write_bytes(whole[: len(whole) // 2])

    with pytest.raises(InputError, match="truncated or not JSON"):
        read_answer_file(path)
    for length in range(0, len(whole), 37):
        with pytest.raises(InputError):
            decode_answer(whole[:length], "answer.json")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """With the path at fault."""
    with pytest.raises(InputError, match=r"none\.json"):
        read_answer_file(tmp_path / "none.json")


def test_deep_nesting_is_refused() -> None:
    """A hostile file ends in our error."""
    with pytest.raises(InputError):
        decode_answer(b"[" * 200_000, "answer.json")
