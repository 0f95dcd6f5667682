"""The language of each block: the one room that imports langdetect, seeded and closed.

Owns the order of evidence (script, small words, then letters), the prior closed to Spanish and English
unless a text is clearly another language, and the borrowing of short blocks from their neighbours.
Refuses to know files and passages.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.records.errors import SourceError
from kb.records.language import Language
from kb.records.messages import say

# langdetect loads where small words do not tell, which in most questions they do.
if TYPE_CHECKING:
    from langdetect import DetectorFactory  # type: ignore[import-untyped]

# Below this many letters a block is too short to be told unless its own small words tell.
_SHORT_LETTERS = 40
# Below this many letters langdetect without a prior calls plain Spanish Catalan or Portuguese.
_OPEN_LETTERS = 60
_OPEN_PROBABILITY = 0.95
# The evidence is in the first lines; langdetect takes 3 ms for 600 characters, small words 0.05 ms.
_READ_CHARS = 600
_MIN_UNQUOTED_CHARS = 30
_PAIR = ("en", "es")
_QUOTED = re.compile('[«“"][^«»“”"]{1,150}[»”"]')
_LETTERS = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][a-z]{1,2}\b)?")
_SPANISH_MARKS = re.compile("[ñ¿¡áíóú]")

# Small words that the other language does not have; "no", "a", "me", "he", "has", "son" and "as" are in both.
_SPANISH_WORDS = (
    "el la los las un una unos unas de del al y en que qué por para con sin su sus es está están se lo le les más como "
    "cómo cuál cuáles cuánto quién dónde cuándo pero muy también entre sobre desde hasta este esta estos estas ese esa "
    "esto eso hay ser fue han nuestro nuestra cada según porque cuando donde mi mis tu tus te nos yo él ella ellos si "
    "ya o e ni todo todos toda todas otra otro otros"
)
_ENGLISH_WORDS = (
    "the an of and to in on for with without is are was were be been it its that this these those by from at or not "
    "your you we our their they what which who how why when where do does did can will more most have had but if than "
    "then into about between each every should would could she his her him my i i'm i'll i've it's don't there here "
    "them us am any some all one out up so"
)
# Small words of neighbours (Portuguese, Catalan, French, Italian, German) that neither of the two has.
_FOREIGN_WORDS = (
    "não uma das são você ao um seu à pelo pela nas uns umas aos les est une dans pour avec du qui pas nous vous sont "
    "au ce cette il che di della gli delle nel è anche sono der und nicht ist eine für auf den dem els amb és dels "
    "aquesta aquest het een niet van zijn och att det som är"
)
_SPANISH = frozenset(_SPANISH_WORDS.split())
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
_FOREIGN = frozenset(_FOREIGN_WORDS.split())


@dataclass(frozen=True, slots=True)
class _Evidence:
    """Counts over the opening of a text: letters, Latin letters, and small words of each side."""

    letters: int
    latin: int
    spanish: int
    english: int
    foreign: int

    def leader(self, margin: int) -> Language | None:
        """The language whose small words lead by ``margin`` and by half, with few words of others."""
        most, least = max(self.spanish, self.english), min(self.spanish, self.english)
        if most - least < margin or least * 2 > most or self.foreign * 3 > most:
            return None
        return Language.ES if self.spanish > self.english else Language.EN


def block_languages(texts: Sequence[str]) -> tuple[Language, ...]:
    """The language of every block of one document, in order.

    A block too short to be told borrows from the nearest block that could be; when none could,
    the whole document's text decides.
    """
    found = [_by_itself(text) for text in texts]
    if None not in found:
        return tuple(language for language in found if language)
    if not any(found):
        return (text_language("\n".join(texts)),) * len(found)
    return tuple(_borrowed(found))


def text_language(text: str) -> Language:
    """The language of a text standing alone ("¿Qué es el NPS?"); without letters it is OTHER."""
    return _by_itself(text) or _by_letters(text, _evidence(text))


def _by_itself(text: str) -> Language | None:
    """The language of a block, or null when it is too short for its letters to be trusted."""
    evidence = _evidence(text)
    if evidence.letters and evidence.latin * 2 < evidence.letters:
        return Language.OTHER
    if evidence.letters < _SHORT_LETTERS:
        return evidence.leader(margin=2)
    return evidence.leader(margin=3) or _by_letters(text, evidence)


def _borrowed(found: Sequence[Language | None]) -> Iterator[Language]:
    """Each language, or the closest known one; of two as close the one after, for a short block leads into it."""
    known = [(index, language) for index, language in enumerate(found) if language]
    position = 0
    for index in range(len(found)):
        while position + 1 < len(known) and abs(known[position + 1][0] - index) <= abs(known[position][0] - index):
            position += 1
        yield known[position][1]


def _evidence(text: str) -> _Evidence:
    opening = text[: 2 * _READ_CHARS].lower()
    unquoted = _QUOTED.sub(" ", opening)
    # A quoted title often stands in the other language; what is said around it tells.
    opening = (unquoted if len(unquoted) >= _MIN_UNQUOTED_CHARS else opening).replace("’", "'")
    words = _WORD.findall(opening)
    letters = _LETTERS.findall(opening)
    latin = sum(letter < "\u0250" or "LATIN" in unicodedata.name(letter, "") for letter in letters)
    return _Evidence(
        len(letters),
        latin,
        sum(word in _SPANISH for word in words) + len(_SPANISH_MARKS.findall(opening)),
        sum(word in _ENGLISH for word in words),
        sum(word in _FOREIGN for word in words),
    )


def _by_letters(text: str, evidence: _Evidence) -> Language:
    """langdetect's answer, asked without a prior only when small words speak for neither language."""
    if not evidence.letters:
        return Language.OTHER
    most = max(evidence.spanish, evidence.english)
    if evidence.letters >= _OPEN_LETTERS and (evidence.foreign * 3 > most or most < 3):
        opened = _probabilities(text, closed=False)
        if opened and opened[0][0] not in ("es", "en") and opened[0][1] >= _OPEN_PROBABILITY:
            return Language.OTHER
    leader = evidence.leader(margin=1)
    if leader is not None:
        return leader
    closed = _probabilities(text, closed=True)
    return Language(closed[0][0]) if closed else Language.OTHER


def _probabilities(text: str, *, closed: bool) -> list[tuple[str, float]]:
    from langdetect.lang_detect_exception import LangDetectException  # type: ignore[import-untyped]

    detector = (_pair_factory() if closed else _factory()).create()
    if closed:
        detector.set_prior_map({"es": 0.5, "en": 0.5})
    detector.append(text[:_READ_CHARS])
    try:
        return [(guess.lang, guess.prob) for guess in detector.get_probabilities()]
    except LangDetectException:
        return []


@lru_cache(maxsize=1)
def _factory() -> DetectorFactory:
    """The profiles of langdetect, read once; the seed makes two runs equal."""
    from langdetect import DetectorFactory
    from langdetect.detector_factory import PROFILES_DIRECTORY  # type: ignore[import-untyped]
    from langdetect.lang_detect_exception import LangDetectException

    DetectorFactory.seed = 0
    factory = DetectorFactory()
    try:
        factory.load_profile(PROFILES_DIRECTORY)
    except (LangDetectException, OSError) as error:
        raise _unreadable() from error
    return factory


@lru_cache(maxsize=1)
def _pair_factory() -> DetectorFactory:
    """The same for Spanish and English alone, which is all that a question needs: a quarter of the time, 50 MB less.

    The letter groups of the other languages stay, worth nothing: langdetect draws at random among all it knows, so
    without them it would draw others and answer otherwise (a test compares the two).
    """
    from langdetect import DetectorFactory
    from langdetect.detector_factory import PROFILES_DIRECTORY

    DetectorFactory.seed = 0
    factory = DetectorFactory()
    factory.langlist = list(_PAIR)
    groups: dict[str, list[float]] = {}
    nothing = [0.0] * len(_PAIR)
    try:
        for path in sorted(Path(PROFILES_DIRECTORY).iterdir()):
            profile = json.loads(path.read_bytes())
            if profile["name"] in _PAIR:
                _add(groups, profile, _PAIR.index(profile["name"]))
            else:
                for group in profile["freq"]:
                    groups.setdefault(group, nothing)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _unreadable() from error
    factory.word_lang_prob_map = groups
    return factory


def _add(groups: dict[str, list[float]], profile: dict[str, Any], place: int) -> None:
    """Add the shares of a language's letter groups, as langdetect computes them."""
    for group, count in profile["freq"].items():
        shares = list(groups.get(group, (0.0,) * len(_PAIR)))
        if 1 <= len(group) <= 3:
            shares[place] = 1.0 * count / profile["n_words"][len(group) - 1]
        groups[group] = shares


def _unreadable() -> SourceError:
    return SourceError(say("langdetect"), say("its_profiles_cannot_be_read"), say("install_langdetect_again"))
