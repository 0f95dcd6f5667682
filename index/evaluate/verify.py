"""How many bad quotes the verifier accepts and how many honest ones it refuses, by language and kind."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from index.evaluate.mutations import BaseText, Mutation, mutations
from kb.document import Document, Passage, Span
from kb.errors import InputError
from kb.language import Language
from kb.verify import judge

_PER_TEXT = 10
_MIN_WORDS = 6


@dataclass(frozen=True, slots=True)
class KindFigures:
    """One kind of mutation in one language: how many quotes were tried and how many accepted."""

    language: Language
    honest: bool
    kind: str
    tried: int
    accepted: int


@dataclass(frozen=True, slots=True)
class VerifyFigures:
    """The figures of the mutation suite, and the quotes that were judged wrongly."""

    rows: tuple[KindFigures, ...]
    wrong: tuple[Mutation, ...]

    def tried(self, honest: bool, language: Language | None = None) -> int:
        """How many honest, or bad, quotes were tried (in one language, or in both)."""
        return sum(row.tried for row in self._rows(honest, language))

    def bad_accepted(self, language: Language | None = None) -> int:
        """How many bad quotes were accepted; 0 is the aim."""
        return sum(row.accepted for row in self._rows(False, language))

    def honest_refused(self, language: Language | None = None) -> float:
        """The share (0 to 1) of honest quotes that were refused; 0.05 is the most allowed."""
        rows = self._rows(True, language)
        tried = sum(row.tried for row in rows)
        return (tried - sum(row.accepted for row in rows)) / tried if tried else 0.0

    def _rows(self, honest: bool, language: Language | None) -> list[KindFigures]:
        return [row for row in self.rows if row.honest is honest and language in (None, row.language)]


def read_sentence_pairs(path: Path) -> list[BaseText]:
    """The texts of a JSON file of sentence pairs ``{"pairs": [{"es", "en"}]}``, ten sentences each in paragraphs.

    Raises InputError when the file cannot be read so.
    """
    try:
        pairs = json.loads(path.read_text(encoding="utf-8"))["pairs"]
        return [
            _paired(pairs[number : number + _PER_TEXT], number, language, other)
            for language, other in ((Language.ES, Language.EN), (Language.EN, Language.ES))
            for number in range(0, len(pairs), _PER_TEXT)
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(str(path), f"holds no sentence pairs ({error!r})") from error


def texts_of(document: Document, passages: Sequence[Passage]) -> list[BaseText]:
    """A document as base texts, one a language, with the sentences of its passages that are long enough to quote."""
    texts = []
    for language in (Language.ES, Language.EN):
        spans = [span for passage in passages if passage.language is language for span in passage.sentences]
        long = tuple(span for span in spans if len(span.cut(document.text).split()) >= _MIN_WORDS)
        if long:
            texts.append(BaseText(f"{document.source_id} ({language.value})", language, document.text, long))
    return texts


def _paired(pairs: Sequence[dict[str, str]], number: int, language: Language, other: Language) -> BaseText:
    text, spans = "", []
    for position, pair in enumerate(pairs):
        text += "" if not text else " " if position % 4 else "\n\n"
        spans.append(Span(len(text), len(text) + len(pair[language.value])))
        text += pair[language.value]
    translations = tuple(pair[other.value] for pair in pairs)
    return BaseText(f"{language.value}{number}", language, text, tuple(spans), translations)


def evaluate_verify(texts: Sequence[BaseText]) -> VerifyFigures:
    """The figures over every mutation of these texts, each quote judged knowing all the other texts."""
    tried: Counter[tuple[str, bool, str]] = Counter()
    accepted: Counter[tuple[str, bool, str]] = Counter()
    wrong = []
    canonical = {text.name: text.text for text in texts}
    for mutation in mutations(texts):
        key = (mutation.language.value, mutation.honest, mutation.kind)
        others = {name: text for name, text in canonical.items() if name != mutation.name}
        verdict = judge(mutation.quote, mutation.span, canonical[mutation.name], others).verdict
        tried[key] += 1
        accepted[key] += verdict.accepted
        if verdict.accepted is not mutation.honest:
            wrong.append(mutation)
    rows = (
        KindFigures(Language(language), honest, kind, tried[language, honest, kind], accepted[language, honest, kind])
        for language, honest, kind in sorted(tried)
    )
    return VerifyFigures(tuple(rows), tuple(wrong))
