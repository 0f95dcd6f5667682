"""Saved answers: what the report says of quotes, hashes, seals, marks and figures, and what is refused."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import re
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from kb.quotes.verdict import Verdict
from kb.records.answer import Answer, Statement, Status
from kb.records.document import Span, text_hash
from kb.records.errors import InputError
from kb.records.language import Language
from kb.records.search import Citation, DocumentReference
from kb.saved.parsing import Seal, decode_answer, read_answer_file, save_answer, seal_of
from kb.saved.verify import SourceState, verify_answer

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


def unsealed(**changes: Any) -> dict[str, Any]:
    """The answer as it is served: no seal, no format, no hash of the text; with these fields changed."""
    bare = {key: value for key, value in saved(text_sha256=None).items() if key not in ("seal", "format")}
    return bare | changes


def cited(**changes: Any) -> dict[str, Any]:
    """The unsealed answer with these fields of its citation changed."""
    whole = unsealed()
    whole["citations"][0] |= changes
    return whole


QUOTE = "El 66 % de los hogares compara precios."
TWO = "El 66 % de los hogares no compara precios."
SPARE = {"number": 2, "quote": QUOTE, "document": {"id": "d1", "source_id": "x"}, "sha256": SHA}
FIGURE = {"statistics": [{"raw": "76 %"}]}
REWRITTEN = {"text": f"{QUOTE} [1]", "sentences": [{"text": f"{QUOTE} [1]", "citations": [1], "by_model": True}]}
EDITS: list[tuple[dict[str, Any], str]] = [
    (unsealed(statements=[{"text": TWO, "citations": [1]}]), "a statement says other words than its quotes"),
    (unsealed(statements=[{"text": "", "citations": [1]}]), "a statement says other words than its quotes"),
    (unsealed(statements=[{"text": "Los hogares compran.", "citations": [1]}]), "says other words"),
    (unsealed(statements=[]), "it says “answered” and states nothing"),
    (unsealed(text=f"{TWO} [1]"), "its text is not its statements with their marks"),
    (unsealed(text=f"{QUOTE} [2]"), "its text is not its statements with their marks"),
    (unsealed(text=f"{QUOTE} [1]\n\nLa empatía se entrena. [1]"), "its text is not its statements"),
    (unsealed(status="no_evidence"), "it says “no_evidence” and cites evidence"),
    (unsealed(statements=[{"text": QUOTE, "citations": [1], "finding": FIGURE}]), "“76 %” of a finding is in none"),
    (unsealed(citations=[unsealed()["citations"][0], SPARE]), r"no statement cites the citation \[2\]"),
    (cited(number=2), "not numbered 1 to the last"),
    (cited(span={"start": 3, "end": 42}), r"the quote \[1\] stands at 0–39, not at the stated 3–42"),
    (cited(span={"start": 3000, "end": 3039}), "not at the stated 3000–3039"),
    (cited(sha256=hashlib.sha256(b"another").hexdigest()), "it stands in aaaa"),
    (cited(document={"id": "d0123456789abcdef", "source_id": "informe.txt"}), "which its SHA-256 is not of"),
    (unsealed(rewriting=REWRITTEN), "it holds sentences of a language model, which no quote proves"),
]


@pytest.mark.parametrize(("edited", "told"), EDITS, ids=lambda one: one if isinstance(one, str) else "")
def test_no_edit_of_an_unsealed_answer_passes(edited: dict[str, Any], told: str) -> None:
    """What the seal would show is found in the answer itself, as far as it repeats its quotes."""
    report = verify_answer(edited, {SHA: TEXT})

    assert not report.ok
    assert [
        one for one in (*report.problems, *(quote.judgement.reason for quote in report.quotes)) if re.search(told, one)
    ]


def test_a_former_reading_is_preferred_by_the_hash_of_its_text() -> None:
    """Both readings have the original's SHA-256; the one that was cited is judged."""
    report = verify_answer(saved(), {SHA: "\n\n" + TEXT, text_hash(TEXT): TEXT})

    assert (report.ok, report.quotes[0].source) == (True, SourceState.CONFIRMED)


def test_a_seal_taken_off_is_an_edit() -> None:
    """Whatever states its format was saved with a seal."""
    bare = {key: value for key, value in saved().items() if key != "seal"}
    report = verify_answer(bare, {SHA: TEXT})

    assert (report.seal, report.ok) == (Seal.EDITED, False)


def places_of(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every part of a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(one for key, part in inner for one in places_of(part, (*path, key)))]


DEEP: list[Any] = []
for _ in range(900):
    DEEP = [DEEP]
STATED = {"text": QUOTE, "citations": [1], "finding": {"statistics": [{"raw": "66 %"}]}}
WHOLE = unsealed(statements=[STATED], rewriting=REWRITTEN)


@pytest.mark.parametrize("odd", [None, True, -1, 1.5, 10**30, "", "x", [], {}, DEEP, [1], float("nan")], ids=str)
def test_a_part_of_any_type_is_judged_or_refused(odd: Any) -> None:
    """In every place of a saved answer: a report or our error."""
    for path in places_of(WHOLE)[1:]:
        changed = json.loads(json.dumps(WHOLE))
        inner = changed
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = odd
        with contextlib.suppress(InputError):
            verify_answer(changed, {SHA: TEXT})


def test_a_name_given_twice_is_refused() -> None:
    """Programs read another one of the two each."""
    with pytest.raises(InputError, match="names a member twice"):
        decode_answer(b'{"quote": "a", "quote": "b"}', "answer.json")


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    """By its size."""
    path = tmp_path / "answer.json"
    with path.open("wb") as hole:
        hole.truncate(100_000_000)

    with pytest.raises(InputError, match="larger than"):
        read_answer_file(path)


def test_more_quotes_than_any_answer_has_are_refused() -> None:
    """Judging them would take hours."""
    with pytest.raises(InputError, match="1001 citations, more than 1000"):
        verify_answer(unsealed(citations=[SPARE] * 1001), {SHA: TEXT})


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
