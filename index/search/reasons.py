"""Why the passages of a page were found: the words met, and the words that the model reads alike.

Owns which reasons a hit is shown with. Worked out for what is shown and not before; changes no ranking.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.model.token_space import TokenSpace
from index.search.candidates import CandidateFinder
from index.search.evidence import as_written, words_met
from index.search.lexical import folded
from index.search.query_vectors import Question
from index.search.stored_tokens import TokenSource
from index.search.tokens_met import AskedWords, TokenWords, tokens_met
from kb.records.document import Passage


@dataclass(frozen=True, slots=True)
class Reasons:
    """The words of the question as they stand in a passage, and "said ≈ met" for what the model reads alike."""

    words: tuple[str, ...] = ()
    meanings: tuple[str, ...] = ()


class ReasonFinder:
    """Finds the reasons of hits. Safe to share between threads."""

    def __init__(
        self,
        candidates: CandidateFinder,
        tokens: TokenSource | None,
        space: TokenSpace | None,
        token_words: TokenWords | None,
    ) -> None:
        self._candidates = candidates
        self._late = None if tokens is None or space is None or token_words is None else (tokens, space, token_words)

    def find(self, question: Question, passages: Mapping[int, Passage]) -> dict[int, Reasons]:
        """The reasons of each passage (by key)."""
        equivalents = {
            language: self._candidates.equivalents(language, question)
            for language in {passage.language for passage in passages.values()}
        }
        found = {}
        asked = self._asked(question)
        blobs = {} if self._late is None or asked is None else self._late[0].token_blobs(list(passages))
        written = as_written(question.text)
        for key, passage in passages.items():
            words = words_met(passage.text, passage.language, question.words, equivalents[passage.language], written)
            found[key] = Reasons(words, self._meanings(asked, blobs.get(key), passage, words))
        return found

    def _asked(self, question: Question) -> AskedWords | None:
        if self._late is None or question.tokens is None:
            return None
        return AskedWords.of(question.tokens.vectors, self._late[2].question_words(question.text))

    def _meanings(
        self, asked: AskedWords | None, blob: bytes | None, passage: Passage, words: Sequence[str]
    ) -> tuple[str, ...]:
        if self._late is None or asked is None or blob is None:
            return ()
        _, space, token_words = self._late
        # A word of the glossary's pairs is said there; one that stands in the passage is met by itself.
        said = frozenset(folded(word) for pair in words for word in pair.split(" ≈ ")[0].split())
        return tuple(tokens_met(asked, space.unpacked(blob), lambda: token_words.passage_words(passage.text), said))
