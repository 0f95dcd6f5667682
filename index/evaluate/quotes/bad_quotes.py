"""Changes that make a true sentence a lie: its figures, hedges, denials, words, and what is cut off.

Owns its own word lists: sharing the verifier's would hide what the verifier does not know.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Any

from kb.records.document import Span
from kb.records.language import Language
from kb.words.lexicon import words_of

Rewriting = Callable[[str, Language], Iterable[str]]

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@cache
def quote_words(kind: str, language: Language) -> list[Any]:
    """The words of a kind, or pairs of them, of ``index/data/quote_words.json``."""
    text = resources.files("index").joinpath("data", "quote_words.json").read_text(encoding="utf-8")
    return list(json.loads(text)[kind][language.value])


def _number_swapped(sentence: str, language: Language) -> Iterator[str]:
    for match in _NUMBER.finditer(sentence):
        raw = match.group()
        digit = str((int(raw[0]) + 4) % 9 + 1)
        for changed in (digit + raw[1:], raw[:-1] + str((int(raw[-1]) + 3) % 10), raw + "0"):
            yield sentence[: match.start()] + changed + sentence[match.end() :]


def _decimal_moved(sentence: str, language: Language) -> Iterator[str]:
    for match in _NUMBER.finditer(sentence):
        raw = match.group()
        if "," in raw or "." in raw:
            swapped = raw.translate(str.maketrans(",.", ".,"))
            for changed in (re.sub("[.,]", "", raw), swapped, re.split("[.,]", raw)[0], re.split("[.,]", raw)[-1]):
                yield sentence[: match.start()] + changed + sentence[match.end() :]


def _number_cut(sentence: str, language: Language) -> Iterator[str]:
    """Quotes that stand in the text letter by letter but begin or end inside a figure."""
    for match in _NUMBER.finditer(sentence):
        raw = match.group()
        if re.search("[.,]", raw):
            yield re.split("[.,]", raw)[-1] + sentence[match.end() :]
            yield sentence[: match.start()] + re.split("[.,]", raw)[0]
        if re.match(r"\s?%|\s(?:billones|millones|trillion|million|puntos|percentage)\b", sentence[match.end() :]):
            yield sentence[: match.end()]


def _percent_to_points(sentence: str, language: Language) -> Iterator[str]:
    for points in quote_words("points", language):
        if "%" in sentence:
            yield re.sub(r"\s?%", f" {points}", sentence, count=1)
        if points in sentence:
            yield re.sub(rf"\s{points}(?: porcentuales)?", " %", sentence, count=1)


def _without_words(sentence: str, phrases: Sequence[str]) -> Iterator[str]:
    for phrase in phrases:
        match = re.search(rf"\b{phrase}\b\s*", sentence, re.IGNORECASE)
        if match:
            rest = sentence[: match.start()] + sentence[match.end() :]
            yield rest[:1].upper() + rest[1:]


def _negation_in(sentence: str, language: Language) -> Iterator[str]:
    words = sentence.split()
    for place in (2, len(words) // 2, len(words) - 2):
        if 0 < place < len(words):
            yield " ".join([*words[:place], quote_words("denial", language)[0], *words[place:]])


def _negation_cut(sentence: str, language: Language) -> Iterator[str]:
    for word in quote_words("negations", language)[:3]:
        match = re.search(rf"\b{word}\s+", sentence, re.IGNORECASE)
        if match and len(sentence[match.end() :].split()) > 2:
            yield sentence[match.end() :]


def _hedge_cut(sentence: str, language: Language) -> Iterator[str]:
    for phrase in quote_words("hedges", language):
        match = re.search(rf"\b{phrase}\s+(?=(?:(?:el|la|un|the|a)\s)?\d)", sentence, re.IGNORECASE)
        if match:
            yield sentence[match.end() :]


def _contrary(sentence: str, language: Language) -> Iterator[str]:
    pairs = quote_words("contraries", language)
    yield from _exchanged(sentence, [both for word, other in pairs for both in ((word, other), (other, word))])


def _exchanged(sentence: str, pairs: Iterable[Sequence[str]]) -> Iterator[str]:
    for word, other in pairs:
        if re.search(rf"\b{word}\b", sentence):
            yield re.sub(rf"\b{word}\b", other, sentence, count=1)


def _word_out(sentence: str, language: Language) -> Iterator[str]:
    words = sentence.split(" ")
    for place in range(1, len(words) - 1, 4):
        if len(words[place]) > 3 and words[place].isalpha():
            yield " ".join([*words[:place], *words[place + 1 :]])


def _words_exchanged(sentence: str, language: Language) -> Iterator[str]:
    words = sentence.split(" ")
    for place in range(1, len(words) - 3, 5):
        one, other = words[place], words[place + 3]
        if min(len(one), len(other)) > 3 and (one + other).isalpha() and one.lower() != other.lower():
            yield " ".join([*words[:place], other, *words[place + 1 : place + 3], one, *words[place + 4 :]])


def _numbers_exchanged(sentence: str, language: Language) -> Iterator[str]:
    found = list(_NUMBER.finditer(sentence))
    for one, other in pairwise(found):
        if one.group() != other.group():
            between = sentence[one.end() : other.start()]
            yield sentence[: one.start()] + other.group() + between + one.group() + sentence[other.end() :]


def _number_parted(sentence: str, language: Language) -> Iterator[str]:
    for match in re.finditer(r"(?<![\d.,])\d{2,}(?![\d.,])", sentence):
        for mark in ("\u200b", "\u00ad", "\u2009", " ", "-", "\u00b7"):
            yield sentence[: match.start() + 1] + mark + sentence[match.start() + 1 :]
        for mark in ("\u00b2", "\u00bd", "\uff19", "\u0338"):
            yield sentence[: match.end()] + mark + sentence[match.end() :]


def _turned_direction(sentence: str, language: Language) -> Iterator[str]:
    """Invisible signs that show words and figures from right to left: "73" is read as "37"."""
    for opening, closing in (("\u202e", "\u202c"), ("\u2067", "\u2069"), ("\u202e", "")):
        yield f"{opening}{sentence}{closing}"
        for match in _NUMBER.finditer(sentence):
            yield sentence[: match.start()] + opening + match.group() + closing + sentence[match.end() :]


def _exception_cut(sentence: str, language: Language) -> Iterator[str]:
    match = re.search(rf"(?<![;:.?!])\s(?:{quote_words('exceptions', language)[0]})\s", sentence)
    if match and len(sentence[: match.start()].split()) > 3:
        for mark in ("", "…", " […]"):
            yield sentence[: match.start()] + mark


BAD: dict[str, Rewriting] = {
    "number_swap": _number_swapped, "decimal_mark": _decimal_moved, "number_cut": _number_cut,
    "scale": lambda sentence, language: _exchanged(sentence, quote_words("scales", language)),
    "percent_points": _percent_to_points,
    "negation_out": lambda sentence, language: _without_words(sentence, quote_words("negations", language)),
    "negation_in": _negation_in, "negation_cut": _negation_cut,
    "hedge_out": lambda sentence, language: _without_words(sentence, quote_words("hedges", language)),
    "hedge_cut": _hedge_cut,
    "synonym": lambda sentence, language: _exchanged(sentence, quote_words("synonyms", language)),
    "contrary": _contrary, "word_out": _word_out, "words_exchanged": _words_exchanged,
    "numbers_exchanged": _numbers_exchanged, "number_parted": _number_parted, "direction": _turned_direction,
    "exception_cut": _exception_cut,
}  # fmt: skip


def _spacing(sentence: str, language: Language) -> Iterator[str]:
    if "%" in sentence:
        for space in ("", "\u00a0", "\u202f", "\u2009", " "):
            yield re.sub(r"\s?%", f"{space}%", sentence)
    yield sentence.replace(" ", "\u00a0", 3)
    yield "  ".join(sentence.split(" "))


def _broken_lines(sentence: str, language: Language) -> Iterator[str]:
    words = sentence.split(" ")
    yield "\n".join((" ".join(words[: len(words) // 2]), " ".join(words[len(words) // 2 :])))
    long = next((word for word in words if len(word) > 7 and word.isalpha()), None)
    if long:
        yield sentence.replace(long, f"{long[:4]}-\n{long[4:]}", 1)


def _ligatures(sentence: str, language: Language) -> Iterator[str]:
    for letters, ligature in (("ffi", "ﬃ"), ("fi", "ﬁ"), ("fl", "ﬂ"), ("ff", "ﬀ")):
        if letters in sentence:
            yield sentence.replace(letters, ligature)


def _soft_hyphens(sentence: str, language: Language) -> Iterator[str]:
    yield re.sub(r"\b([^\W\d_]{4})([^\W\d_]{3,})\b", "\\1\u00ad\\2", sentence)
    yield sentence.replace(" ", " \u200b", 1)


def _quotation_marks(sentence: str, language: Language) -> Iterator[str]:
    for opening, closing in ("«»", "“”", '""', "‘’"):
        yield f"{opening}{sentence}{closing}"
    words = sentence.split(" ")
    yield " ".join([*words[:2], f"“{words[2]}”", *words[3:]]) if len(words) > 3 else sentence
    if "'" in sentence:
        yield sentence.replace("'", "’")


def _dashes(sentence: str, language: Language) -> Iterator[str]:
    if re.search(r"(?:^|\s)[-−]\d", sentence):
        yield re.sub(r"(?<=\s)−(?=\d)", "-", sentence)
        return
    for dash in "-‐‑–—":
        if re.search("[-–—]", sentence):
            yield re.sub("[-–—]", dash, sentence)
    if "–" in sentence or "—" in sentence:
        yield re.sub(r"\s?[–—]\s?", " - ", sentence)


def _ellipsis(sentence: str, language: Language) -> Iterator[str]:
    """Leaves out an aside or some middle words that carry no figure, hedge or denial; and marks cut ends."""
    words = sentence.split(" ")
    for dots in ("…", "[…]", "...", "[...]", "(...)"):
        for start in range(3, len(words) - 5, 4):
            gone = words[start : start + 3]
            if not any(_carries(word, language) for word in words[start - 2 : start + 5]):
                yield " ".join([*words[:start], dots, *words[start + len(gone) :]])
                break
    if len(words) > 6 and not any(_carries(word, language) for word in words[-4:]):
        yield " ".join(words[:-2]) + "…"
        yield " ".join(words[:-2]) + " [...]"


def _carries(word: str, language: Language) -> bool:
    bare = word.strip(".,;:«»“”").lower()
    hedges = {word for phrase in quote_words("hedges", language) for word in phrase.split()}
    listed = {*quote_words("negations", language), *hedges, "rara", "nothing", "nada", "ningún"}
    number = bare in words_of("number", language) or bare in words_of("time", language)
    return bare in listed or number or any(mark.isdigit() for mark in bare) or "%" in bare


def _brackets(sentence: str, language: Language) -> Iterator[str]:
    words = sentence.split(" ")
    place = len(words) // 2
    yield " ".join([*words[:place], f"[{quote_words('remark', language)[0]}]", *words[place:]])
    yield " ".join([*words[:place], "[sic]", *words[place:]])
    if sentence[0].isalpha():
        yield f"[{sentence[0].swapcase()}]{sentence[1:]}"


def _edges(sentence: str, language: Language) -> Iterator[str]:
    yield sentence.rstrip(".")
    yield f"  {sentence} "
    yield sentence[0].lower() + sentence[1:]
    yield sentence.rstrip(".") + ","


HONEST: dict[str, Rewriting] = {
    "unchanged": lambda sentence, _: [sentence],
    "spacing": _spacing,
    "line_breaks": _broken_lines,
    "decomposed": lambda sentence, _: [unicodedata.normalize("NFD", sentence)],
    "ligatures": _ligatures,
    "soft_hyphens": _soft_hyphens,
    "quotation_marks": _quotation_marks,
    "dashes": _dashes,
    "ellipsis": _ellipsis,
    "brackets": _brackets,
    "edges": _edges,
}


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
