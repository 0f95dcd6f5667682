"""Which documents repeat which: same bytes, same words, reprints; and what only looks alike."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from ingest.readers.signatures import TEXT
from ingest.repeats.duplicates import ComingDocuments, fingerprint, match
from ingest.sources.sources import SourceFile
from ingest.text.prepare import prepare
from kb.records.document import Document
from kb.store import StoredFingerprint

REPOSITORY = Path(__file__).parents[2]
_PAIRS = REPOSITORY.parent / "shared" / "eval" / "cx_duplicates"
_ARTICLE = (
    "El estudio de ejemplo preguntó a mil personas por su banco y encontró que seis de cada diez esperan respuesta "
    "en una hora, que cuatro de cada diez la reciben, y que casi nadie vuelve a llamar cuando la primera llamada no "
    "sirvió de nada, porque prefiere cambiar de entidad sin decirlo, con el coste que eso tiene para quien la pierde."
)
_OTHER = (
    "El estudio de ejemplo preguntó a mil personas por su seguro y encontró lo contrario: la mayoría llama dos veces, "
    "espera poco, y acaba contenta con quien la atiende, aunque nadie recuerde después el nombre de la compañía ni el "
    "motivo de la llamada, que se olvida en cuanto el coche sale del taller con la puerta pintada de otro color."
)


def _document(name: str, text: str) -> Document:
    return prepare(SourceFile.of(name, text.encode(), TEXT)).document


def repeated(prints: Iterable[StoredFingerprint]) -> list[tuple[str, str]]:
    """Each document that repeats an earlier one, with that one; the earliest of a family is repeated by all."""
    originals = ComingDocuments()
    found = []
    for one in prints:
        first = match(one, originals.like(one))
        if first is None:
            originals.add(one)
        else:
            found.append((one.document_id, first))
    return found


def test_each_kind_of_repetition_is_found() -> None:
    """The first of a family is the original; a look-alike opening is no repetition."""
    original = _document("a", _ARTICLE)
    same_words = _document("b", _ARTICLE.upper())
    reprint = _document("c", f"Nota de prensa de ayer.\n\n{_ARTICLE}")
    other = _document("d", _OTHER)

    found = repeated(map(fingerprint, (original, original, same_words, reprint, other)))

    assert found == [(same_words.id, original.id), (reprint.id, original.id)]


def test_same_bytes_under_another_name_repeat() -> None:
    """A document of another id with the same bytes repeats them."""
    one = fingerprint(_document("a", _ARTICLE))
    twin = StoredFingerprint("dother", one.sha256, "", b"", "")

    assert repeated([one, twin]) == [("dother", one.document_id)]


@pytest.mark.parametrize("text", ["hola", "0", "seis de cada diez"])
def test_a_file_that_is_nothing_but_its_words_is_forgotten_once(text: str) -> None:
    """Its bytes and its words have the same hash; whatever waits after it is found as before."""
    alone, other = (fingerprint(_document(name, content)) for name, content in (("a", text), ("b", _OTHER)))
    waiting = ComingDocuments()
    waiting.add(alone)
    waiting.add(other)
    waiting.drop(alone.document_id)

    assert (waiting.like(alone), waiting.like(other)) == ([], [other])


def test_short_texts_are_compared_word_for_word_only() -> None:
    """Two notes of a few words are not near duplicates of one another."""
    found = repeated(
        fingerprint(_document(name, text)) for name, text in (("a", "Gracias a todos."), ("b", "Gracias."))
    )

    assert found == []


def test_the_judged_pairs_are_right() -> None:
    """Every pair of the development set, duplicates and look-alikes."""
    if not _PAIRS.exists():
        pytest.skip(f"no judged pairs in {_PAIRS}")
    rows = [json.loads(line) for line in (_PAIRS / "pairs.jsonl").read_text().splitlines()]
    prints = {
        path.name: fingerprint(prepare(SourceFile.of(path.name, path.read_bytes(), TEXT)).document)
        for path in sorted(_PAIRS.glob("*.txt"))
    }

    wrong = [row for row in rows if bool(repeated([prints[row["a"]], prints[row["b"]]])) is not row["duplicate"]]

    assert wrong == []
