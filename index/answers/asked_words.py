"""How much of a question's wording a text has, with the words that look alike in both languages.

Half of the field's words are cognates (``kb.words.tokens``) that no glossary need list. Owns the weighing of
rare words; knows no vectors.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.search.glossary import Glossary
from index.search.lexical import content_words, stem_of, words_of
from kb.records.language import Language
from kb.words.tokens import SHORTEST_ALIKE, cognate_key, same_start

# Cosines of words by their tokens: of words with nothing in common half lie below the first, of one word in two
# languages nearly all above the second (docs/answers.md).
UNLIKE, LIKE = 0.4, 0.65
# Function words by which the language of a short question is told; none is a word of the other language.
_SPANISH = (
    "el la los las de del que en un una por para con se su sus al es son como mas lo y pero esta este entre segun sin "
    "sobre cuando hay muy tambien cuanto cuanta cuantos cuantas cual cuales quien quienes donde porque fue ser han "
    "desde hasta tras nos les si aunque mientras puede pueden ni nunca siempre todos todas cada ningun ninguna"
)
_ENGLISH = (
    "the of and to in is are that for with as on by it its from at this these an be was were have has their they but "
    "not more which when than can who how what why where did does do after before our we you your will would if or so "
    "there while about into many much should because may might only never always most every each"
)
_TELLING = frozenset(_SPANISH.split()), frozenset(_ENGLISH.split())
# A question's word met as a look-alike counts a little less than the word itself.
_LOOKS = 0.8
# "vs", "x", "n": too short to be what a question is about.
_SHORTEST = 2


@dataclass(frozen=True, slots=True)
class QuestionWording:
    """The folded words of a text, their stems by its language, and their cognate keys by their first letters."""

    words: frozenset[str]
    stems: frozenset[str]
    starts: Mapping[str, tuple[str, ...]]
    language: Language


@lru_cache(maxsize=20_000)
def wording_of(text: str, language: Language) -> QuestionWording:
    """The wording of a text; kept, because the same passages are weighed for question after question."""
    words = frozenset(words_of(text))
    starts: dict[str, tuple[str, ...]] = {}
    for key in {cognate_key(word) for word in words if len(word) >= SHORTEST_ALIKE - 1}:
        starts[key[:SHORTEST_ALIKE]] = (*starts.get(key[:SHORTEST_ALIKE], ()), key)
    return QuestionWording(words, frozenset(stem_of(word, language) for word in words), starts, language)


class Asked:
    """The telling words of a question and its language, as far as its function words tell it, and how far a text
    meets each word."""

    def __init__(self, question: str, glossary: Glossary) -> None:
        self.words = tuple(content_words(question))
        self.language = language_of(question)
        self._meant = {
            language: _meant(glossary, words_of(question), language) for language in (Language.ES, Language.EN)
        }

    def met(self, wordings: Sequence[QuestionWording]) -> dict[str, float]:
        """The question's words that one of these wordings has, each with how surely (0 to 1)."""
        found = {word: max((self._met(word, wording) for wording in wordings), default=0.0) for word in self.words}
        return {word: share for word, share in found.items() if share}

    def says(self, word: str, language: Language) -> bool:
        """Whether the question has this word (folded), in this form or another."""
        return word in self.words or stem_of(word, language) in {stem_of(own, language) for own in self.words}

    def with_likeness(self, met: Mapping[str, float], likeness: Mapping[str, float]) -> dict[str, float]:
        """The words met, and those that the model reads alike: not at all up to .40, as the word itself from .65."""
        alike = {word: (likeness.get(word, 0.0) - UNLIKE) / (LIKE - UNLIKE) for word in self.words}
        found = {word: max(met.get(word, 0.0), min(share, 1.0)) for word, share in alike.items()}
        return {word: share for word, share in found.items() if share > 0}

    def unheard(self, met: Mapping[str, float], likeness: Sequence[Mapping[str, float]]) -> tuple[str, ...]:
        """The words that none of the texts found has (``met`` over all of them), and that the model reads as unlike
        every word of theirs; none where it cannot tell."""
        return tuple(
            word
            for word in self.words
            if len(word) > _SHORTEST
            and word not in met
            and (alike := [one[word] for one in likeness if word in one])
            and max(alike) < UNLIKE
        )

    def _met(self, word: str, wording: QuestionWording) -> float:
        if word in wording.words or stem_of(word, wording.language) in wording.stems:
            return 1.0
        meant = self._meant.get(wording.language, {}).get(word, ())
        if any(all(stem in wording.stems for stem in stems) for stems in meant):
            return 1.0
        key = cognate_key(word)
        near = wording.starts.get(key[:SHORTEST_ALIKE], ()) if len(key) >= SHORTEST_ALIKE else ()
        return _LOOKS if any(same_start(key, other) for other in near) else 0.0


def language_of(question: str) -> Language:
    """Spanish or English, by the function words of a short text; other where they do not tell.

    >>> language_of("¿Qué es el NPS?"), language_of("What's the NPS?"), language_of("NPS, CSAT")
    (<Language.ES: 'es'>, <Language.EN: 'en'>, <Language.OTHER: 'other'>)
    """
    words = words_of(question)
    spanish, english = (sum(word in telling for word in words) for telling in _TELLING)
    if spanish == english:
        return Language.OTHER
    return Language.ES if spanish > english else Language.EN


def _meant(glossary: Glossary, words: Sequence[str], target: Language) -> dict[str, list[tuple[str, ...]]]:
    """Each word of a term of the glossary to the stems of what the whole term is called in ``target``."""
    meant: dict[str, list[tuple[str, ...]]] = {}
    for equivalent in glossary.equivalents(words, target):
        stems = tuple(stem_of(word, target) for word in equivalent.meant)
        for said in equivalent.said:
            meant.setdefault(said, []).append(stems)
    return meant


def rarity(asked: Sequence[str], met: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """How telling each asked word is: 1 for one that a single text has or none, near 0 for one that all have."""
    texts = list(met)
    counts = {word: sum(1 for one in texts if word in one) for word in asked}
    if not texts:
        return dict.fromkeys(asked, 1.0)
    whole = math.log(len(texts) + 1)
    return {word: math.log((len(texts) + 1) / max(count, 1)) / whole for word, count in counts.items()}


def coverage(met: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """The share (0 to 1) of the question's wording that is met, rare words counting more."""
    whole = sum(weights.values())
    return sum(weights[word] * share for word, share in met.items()) / whole if whole else 0.0
