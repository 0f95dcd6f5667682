"""A rewritten sentence beside its quotes, read for comparing: roots of words, languages, the sentences of the quotes.

Owns how two texts are laid side by side; judges nothing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kb.language import Language
from kb.verification import claims
from kb.verification.tokens import TokenText, read_tokens

_ROOT = 5
_SHORTEST = 4
# "In May" doubts nothing.
_MONTH = "mayo"
# Words that two sentences must share to be taken for the same statement.
_ALIKE = 2


@dataclass(frozen=True, slots=True)
class Side:
    """A sentence or quote: its tokens, their folded forms, and the roots of its content words."""

    tokens: TokenText
    folded: tuple[str, ...]
    roots: frozenset[str]
    language: Language

    @property
    def content(self) -> list[str]:
        """The folded content words in order."""
        return [word for word in self.folded if is_content(word)]


@dataclass(frozen=True, slots=True)
class Pair:
    """A written sentence with its quotes, and ``nearest``: the sentence of the quotes that it most likely rewrites.

    ``same_language`` says whether a quote is in the sentence's language; only then do its words have to be the
    quotes' words. ``nearest`` is null where none is clearly nearest.
    """

    written: Side
    quotes: tuple[Side, ...]
    nearest: Side | None
    same_language: bool

    @property
    def words(self) -> frozenset[str]:
        """Every folded word of the quotes."""
        return frozenset(word for quote in self.quotes for word in quote.folded)

    @property
    def roots(self) -> frozenset[str]:
        """Every root of the quotes."""
        return frozenset(root for quote in self.quotes for root in quote.roots)


def side_by_side(sentence: str, quotes: Sequence[str]) -> Pair:
    """The sentence and its quotes, read."""
    written, read = _side(sentence), tuple(_side(quote) for quote in quotes)
    kin = [quote for quote in read if quote.language is written.language or Language.OTHER in (
        quote.language, written.language)]  # fmt: skip
    return Pair(written, read, _nearest(written, kin), bool(kin))


def folded(word: str) -> str:
    """The word in lower case without accents (ñ among them: languages are compared, not printed)."""
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(mark for mark in decomposed if not unicodedata.combining(mark))


def root_of(word: str) -> str:
    """The first letters of a folded word: enough to meet its plural, gender and tense."""
    return word[:_ROOT] if len(word) > _ROOT else word.rstrip("s")


def is_content(word: str) -> bool:
    """Whether a folded word says something by itself."""
    return len(word) >= _SHORTEST and word[0].isalpha() and word not in claims.FUNCTION_WORDS


def roots_of(words: Iterable[str]) -> frozenset[str]:
    """The roots of the content words among these."""
    return frozenset(root_of(word) for word in words if is_content(word))


def language_of(text: str) -> Language:
    """Spanish or English, by the function words of a short text; other where they do not tell."""
    return _side(text).language


@lru_cache(maxsize=256)
def _side(text: str) -> Side:
    tokens = read_tokens(text)
    words = tuple(
        _MONTH if form == "May" and not tokens.starts_sentence(index) else folded(key)
        for index, (key, form) in enumerate(zip(tokens.keys, tokens.forms, strict=True))
    )
    return Side(tokens, words, roots_of(words), _language(words))


def _language(words: Sequence[str]) -> Language:
    spanish = sum(word in claims.SPANISH for word in words)
    english = sum(word in claims.ENGLISH for word in words)
    if spanish == english:
        return Language.OTHER
    return Language.ES if spanish > english else Language.EN


def _nearest(written: Side, quotes: Sequence[Side]) -> Side | None:
    sentences = [_side(one) for quote in quotes for one in sentences_of(quote.tokens)]
    shared = [len(written.roots & one.roots) for one in sentences]
    if not shared or max(shared) < _ALIKE:
        return sentences[0] if len(sentences) == 1 else None
    return sentences[shared.index(max(shared))]


def read_sentences(side: Side) -> list[Side]:
    """The sentences of a text, read."""
    return [_side(one) for one in sentences_of(side.tokens)]


def sentences_of(tokens: TokenText) -> list[str]:
    """The sentences of a text, as its tokens part them."""
    found, first = [], 0
    for index in range(len(tokens)):
        if tokens.ends_sentence(index):
            found.append(tokens.span(first, index + 1).cut(tokens.text))
            first = index + 1
    return found
