"""A query made ready to be compared: its vector without its language, its tokens, its words and its limits.

Owns what a question may be, and keeps the last questions, which pages and answers ask again. Knows no passage.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol, runtime_checkable

from index.model import parity
from index.model.parity import PriorMeans
from index.model.token_space import EncodedQuestion, TokenQuery
from index.search.lexical import content_words
from index.vectors.vectors import Keys
from kb.records.errors import InputError
from kb.records.messages import say
from kb.records.ports import Embedder, FloatArray
from kb.records.search import Query

# Beyond this many characters a query is a document; reading it would take seconds.
MAX_QUERY_CHARACTERS = 4000
# Questions that stay encoded (about 10 kB each): a page, its answer and its next page ask the same.
_REMEMBERED = 256
# Soft hyphens, other breaks without width and marks of direction, as copied text has them.
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_LONGEST_ACRONYM = 5


@dataclass(frozen=True, slots=True)
class Question:
    """A query made ready: its centred vector (null when words alone count), tokens, words and limits.

    ``spanish`` is the share of Spanish in it, 0 to 1; ``allowed`` are the keys that fulfil the filters, ascending, null
    for all.
    """

    text: str
    vector: FloatArray | None
    tokens: TokenQuery | None
    spanish: float
    words: Sequence[str]
    limit: int
    allowed: Keys | None


@runtime_checkable
class QuestionEncoder(Protocol):
    """An embedder that also gives the tokens of a question."""

    def encode_questions(self, texts: Sequence[str]) -> list[EncodedQuestion]:
        """The vector and the tokens of each question."""
        ...


class QuestionReader:
    """Makes queries ready with one model, or without any by their words alone."""

    def __init__(self, embedder: Embedder | None, prior: PriorMeans | None) -> None:
        self._embedder = embedder
        self._prior = prior
        self._encoded = lru_cache(maxsize=_REMEMBERED)(self._encode)

    def read(self, query: Query, allowed: Keys | None, *, by_meaning: bool = True) -> Question:
        """The question; InputError for an empty or too long text. ``allowed`` are the keys it may find (null: all)."""
        text = _asked_text(query)
        words = content_words(text)
        encoded = self._encoded(text) if by_meaning else None
        if encoded is None or self._prior is None:
            return Question(text, None, None, 0.5, words, query.limit, allowed)
        spanish = parity.spanish_share(encoded.vector, self._prior.questions)
        vector = parity.centred_question(encoded.vector, self._prior)
        return Question(text, vector, encoded.tokens, spanish, words, query.limit, allowed)

    def _encode(self, text: str) -> EncodedQuestion | None:
        if self._embedder is None or self._prior is None:
            return None
        if isinstance(self._embedder, QuestionEncoder):
            return self._embedder.encode_questions([text])[0]
        return EncodedQuestion(self._embedder.encode_queries([text])[0], None)


def _asked_text(query: Query) -> str:
    """The text of a query without outer spaces, what cannot be seen in it and capitals throughout, which say nothing;
    InputError when it is empty or too long."""
    text = _UNSEEN.sub("", query.text).strip()
    if not text:
        raise InputError(say("the_query"), say("is_empty"), say("ask_with_at_least_one_word"))
    if len(text) > MAX_QUERY_CHARACTERS:
        reason = say("has_more_characters", count=len(text), most=MAX_QUERY_CHARACTERS)
        raise InputError(say("the_query"), reason, say("ask_a_shorter_question"))
    shouted = text.isupper() and any(len(word) > _LONGEST_ACRONYM for word in text.split())
    return text.lower() if shouted else text
