"""The language of each block: the one room that imports langdetect, seeded and closed.

Owns the prior (Spanish and English, unless a long text is clearly another language) and the
borrowing of short blocks from their neighbours. Refuses to know files and passages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from langdetect import DetectorFactory  # type: ignore[import-untyped]
from langdetect.detector_factory import PROFILES_DIRECTORY  # type: ignore[import-untyped]
from langdetect.lang_detect_exception import LangDetectException  # type: ignore[import-untyped]

from kb.errors import SourceError
from kb.language import Language

# Below this many letters a block is too short to be told by itself unless its own words tell.
_SHORT_LETTERS = 40
# Below this many letters langdetect's open prior calls plain Spanish Catalan or Portuguese.
_OPEN_LETTERS = 60
_OPEN_PROBABILITY = 0.95
_LETTERS = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SPANISH = _words(
    "el la los las un una unos de del al y en que qué por para con sin su sus es son está están se lo le les no más "
    "como cómo cuál cuáles cuánto quién dónde cuándo pero muy también entre sobre desde hasta este esta estos estas "
    "ese esa hay ser fue han nuestro nuestra cada según porque cuando donde e o mi tu"
)
_ENGLISH = _words(
    "the a an of and to in on for with without is are was were be been it its that this these those by from as at or "
    "not no your you we our their they what which who how why when where do does did can will more most has have had "
    "but if than then into about between each every should would could"
)


def block_languages(texts: Sequence[str]) -> tuple[Language, ...]:
    """The language of every block of one document, in order.

    A block too short to be told borrows from the nearest block that could be; when none could,
    the whole document's text decides.
    """
    found = [_by_itself(text) for text in texts]
    fallback = _told("\n".join(texts)) if None in found else Language.OTHER
    return tuple(language or _nearest(found, index) or fallback for index, language in enumerate(found))


def text_language(text: str) -> Language:
    """The language of a text standing alone ("¿Qué es el NPS?"); without letters it is OTHER."""
    return _by_itself(text) or _told(text)


def _by_itself(text: str) -> Language | None:
    letters = len(_LETTERS.findall(text[:2000]))
    if letters >= _SHORT_LETTERS:
        return _told(text)
    return _by_words(text, margin=2) if letters else None


def _by_words(text: str, margin: int) -> Language | None:
    """The language whose function words lead by ``margin``; Spanish letters count as a word each."""
    words = [word.lower() for word in _WORD.findall(text[:2000])]
    spanish = sum(word in _SPANISH for word in words) + len(re.findall("[ñ¿¡áéíóú]", text[:2000].lower()))
    english = sum(word in _ENGLISH for word in words)
    if abs(spanish - english) < margin:
        return None
    return Language.ES if spanish > english else Language.EN


def _nearest(found: Sequence[Language | None], index: int) -> Language | None:
    """The closest known language; of two as close the one after, for a short block leads into what follows."""
    for distance in range(1, len(found)):
        for neighbour in (index + distance, index - distance):
            if 0 <= neighbour < len(found) and found[neighbour] is not None:
                return found[neighbour]
    return None


def _told(text: str) -> Language:
    letters = len(_LETTERS.findall(text[:4000]))
    if not letters:
        return Language.OTHER
    closed = _probabilities(text, closed=True)
    by_words = _by_words(text, margin=3)
    if letters >= _OPEN_LETTERS and by_words is None:
        opened = _probabilities(text, closed=False)
        if opened and opened[0][0] not in ("es", "en") and opened[0][1] >= _OPEN_PROBABILITY:
            return Language.OTHER
    # A title in the other language inside a short sentence outweighs it letter by letter, its small words do not.
    return by_words or (Language(closed[0][0]) if closed else Language.OTHER)


def _probabilities(text: str, *, closed: bool) -> list[tuple[str, float]]:
    detector = _factory().create()
    if closed:
        detector.set_prior_map({"es": 0.5, "en": 0.5})
    detector.append(text[:4000])
    try:
        return [(guess.lang, guess.prob) for guess in detector.get_probabilities()]
    except LangDetectException:
        return []


@lru_cache(maxsize=1)
def _factory() -> DetectorFactory:
    """The profiles of langdetect, read once; the seed makes two runs equal."""
    DetectorFactory.seed = 0
    factory = DetectorFactory()
    try:
        factory.load_profile(PROFILES_DIRECTORY)
    except (LangDetectException, OSError) as error:
        raise SourceError("langdetect", "its profiles cannot be read", "Install langdetect again") from error
    return factory
