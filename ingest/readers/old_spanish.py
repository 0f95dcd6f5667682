"""Bytes of before windows-1252, and text that was decoded wrongly before it was saved: told by how Spanish they read.

Owns the letters and signs by which they are told. Refuses to touch text that reads as any Western language.
"""

from __future__ import annotations

import re

# DOS, and the first Macintosh.
_OLD = ("cp850", "mac_roman")
_SPANISH = frozenset("áéíóúüñÁÉÍÓÚÜÑ¡¿«»“”‘’…–—€ºª")
_LETTERS = frozenset("áéíóúüñÁÉÍÓÚÜÑàèìòùâêîôûäëïöçãõßåøæœÀÈÌÒÙÂÊÎÔÛÄËÏÖÇÃÕÅØÆŒ")
# Signs that stand beside words, signs that stand inside them too, and signs that touch no letter.
_BESIDE = frozenset("¡¿«»“”‘’…–—ºª©®°„‚•›‹†™")
_INSIDE = frozenset("’·")
_APART = frozenset("€½×§£¢²³¼¾±")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f\xa0]")
# Measured on 780 pages written in windows-1252 (0 taken for older) and on the Spanish ones among them written in the
# old encodings: an old one is believed where nearly all it makes of the bytes is Spanish, of three letters at least,
# and windows-1252 makes a third of it badly.
_MIN_OLD_SHARE = 0.9
_MIN_OLD_LETTERS = 3
_MAX_WESTERN_SHARE = 0.67
# UTF-8 that was once read as windows-1252 and saved so: "Ã³" for "ó", "â€œ" for an opening quotation mark.
_TWICE = re.compile("[ÂÃ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€.")


def old_encoding(data: bytes, text: str) -> str | None:
    """The old encoding in which bytes read as Spanish, where ``text``, made of them as windows-1252, does not."""
    if _share(text, _LETTERS) > _MAX_WESTERN_SHARE:
        return None
    return next((old for old in _OLD if _reads_as_spanish(data.decode(old))), None)


def is_wholly_spanish(text: str) -> bool:
    """Whether every letter and sign beyond ASCII is one of Spanish and stands where it can."""
    return _share(text, _SPANISH) == 1.0


def _reads_as_spanish(text: str) -> bool:
    letters = set(_BEYOND_ASCII.findall(text)) & _LETTERS & _SPANISH
    return len(letters) >= _MIN_OLD_LETTERS and _share(text, _SPANISH) >= _MIN_OLD_SHARE


def _share(text: str, known: frozenset[str]) -> float:
    """The share (0 to 1) of the characters beyond ASCII that fit where they stand; 1 where there are none."""
    found = list(_BEYOND_ASCII.finditer(text))
    return sum(_fits(match, text, known) for match in found) / len(found) if found else 1.0


def _fits(match: re.Match[str], text: str, known: frozenset[str]) -> bool:
    character = match.group()
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    if character in _LETTERS:
        return character in known and not (character.isupper() and before.islower())
    touching = before.isalpha() + after.isalpha()
    if character in _APART:
        return touching == 0
    return (character in _BESIDE and touching < 2) or character in _INSIDE


def decoded_once(text: str) -> str:
    """The text as it was before it was decoded wrongly, line by line; as it is where it was not."""
    return "\n".join(map(_once, text.split("\n"))) if _TWICE.search(text) else text


def _once(line: str) -> str:
    try:
        return line.encode("cp1252").decode("utf-8") if _TWICE.search(line) else line
    except UnicodeError:
        return _TWICE.sub(lambda match: _once_piece(match.group()), line)


def _once_piece(piece: str) -> str:
    try:
        return b"".join(map(_byte, piece)).decode("utf-8")
    except UnicodeError:
        return piece


def _byte(character: str) -> bytes:
    return character.encode("latin-1" if character <= "\xff" else "cp1252")
