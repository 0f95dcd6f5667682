"""Makes bad and honest quotes out of true sentences, by rule, always the same ones.

A bad quote changes what the sentence claims; an honest one changes its typography, or marks
what it leaves out and puts in. Owns the order, and the quotes that take another sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.evaluate.quotes.bad_quotes import BAD, HONEST
from kb.records.document import Span
from kb.records.language import Language


@dataclass(frozen=True, slots=True)
class BaseText:
    """A text with the spans of its sentences, and each sentence in the other language where known."""

    name: str
    language: Language
    text: str
    sentences: tuple[Span, ...]
    translations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mutation:
    """A quote said to stand in the text ``name``: how it was made, and whether it is honest."""

    kind: str
    honest: bool
    language: Language
    name: str
    span: Span
    quote: str


def mutations(texts: Sequence[BaseText]) -> Iterator[Mutation]:
    """Every bad and honest quote that the rules make of these texts, in order, without repeats."""
    seen: set[tuple[str, str]] = set()
    for number, text in enumerate(texts):
        others = [other for other in texts if other.language is text.language and other is not text]
        for mutation in _of_text(text, others[number % len(others)] if others else None):
            key = (mutation.name, mutation.quote)
            if key not in seen and (mutation.honest or mutation.quote not in _plain(text.text, mutation)):
                seen.add(key)
                yield mutation


def _plain(text: str, mutation: Mutation) -> str:
    """The text to look in for a bad quote that happens to be true; cuts are bad although they stand there."""
    return "" if mutation.kind.endswith("_cut") else text


def _of_text(text: BaseText, other: BaseText | None) -> Iterator[Mutation]:
    for index, span in enumerate(text.sentences):
        sentence = span.cut(text.text)
        for honest, rules in ((False, BAD), (True, HONEST)):
            for kind, rule in rules.items():
                for quote in rule(sentence, text.language):
                    yield Mutation(kind, honest, text.language, text.name, span, quote)
        for kind, quote in _foreign(text, other, index):
            yield Mutation(kind, False, text.language, text.name, span, quote)


def _foreign(text: BaseText, other: BaseText | None, index: int) -> Iterator[tuple[str, str]]:
    """Splices with a later sentence, a sentence of another document, the sentence in the other language."""
    words = text.sentences[index].cut(text.text).split()
    later = text.sentences[(index + 3) % len(text.sentences)]
    tail = later.cut(text.text).split()
    if later != text.sentences[index] and len(words) > 5 and len(tail) > 5:
        left, right = " ".join(words[: len(words) // 2]), " ".join(tail[len(tail) // 2 :])
        yield "spliced", f"{left} {right}"
        yield "spliced", f"{left} […] {right}"
        yield "spliced", " ".join(words[:-2]) + " " + " ".join(tail[-3:])
    if other and other.sentences:
        yield "wrong_document", other.sentences[index % len(other.sentences)].cut(other.text)
    if index < len(text.translations):
        yield "translated", text.translations[index]
