"""Changes that leave a quote true: its typography, and the marks of an editor who leaves out or puts in openly.

What may not be left out is told by the word lists of ``index.evaluate.quotes.bad_quotes``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from index.evaluate.quotes.bad_quotes import Rewriting, quote_words
from kb.records.language import Language
from kb.words.lexicon import words_of


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


def _decomposed(sentence: str, language: Language) -> Iterator[str]:
    yield unicodedata.normalize("NFD", sentence)


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


def _unchanged(sentence: str, language: Language) -> Iterator[str]:
    yield sentence


HONEST: dict[str, Rewriting] = {
    "unchanged": _unchanged,
    "spacing": _spacing,
    "line_breaks": _broken_lines,
    "decomposed": _decomposed,
    "ligatures": _ligatures,
    "soft_hyphens": _soft_hyphens,
    "quotation_marks": _quotation_marks,
    "dashes": _dashes,
    "ellipsis": _ellipsis,
    "brackets": _brackets,
    "edges": _edges,
}
