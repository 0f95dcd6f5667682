"""Bytes to characters: byte order marks, UTF-8, UTF-16, and the Western encodings of old Spanish files.

Owns the order in which encodings are tried; the one module that imports resiliparse.
Refuses to know what the characters are for.
"""

import codecs
import re
from dataclasses import dataclass

from resiliparse.parse.encoding import detect_encoding

from kb.outside.strings import whole
from kb.records.errors import SourceError
from kb.records.messages import say

_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,9}));")
# What XML 1.0 allows nowhere.
_ILLEGAL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_HALVES = range(0xD800, 0xE000)


def mended_markup(text: str) -> str:
    """The markup with pairs of halves joined, and U+FFFD for what is no character; sound markup as it is."""
    return _ILLEGAL.sub("\ufffd", whole(_REFERENCE.sub(_character, text)))


def mended_xml(data: bytes) -> bytes:
    """``mended_markup`` of a part in UTF-8; one in another encoding as it is."""
    try:
        text = data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return data
    return mended_markup(text).encode()


def _character(reference: re.Match[str]) -> str:
    """The half or the control that a reference stands for, to be mended with its neighbours; others as they stand."""
    code = int(reference[1], 16) if reference[1] else int(reference[2])
    if code > 0x10FFFF:
        return "\ufffd"
    return chr(code) if code in _HALVES or _ILLEGAL.match(chr(code)) else reference[0]


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


_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """The characters of a file; ``notes`` say what was made out of its bytes against what they seem."""

    text: str
    notes: tuple[str, ...] = ()


def decode(data: bytes, name: str, declared: str | None = None) -> str:
    """The characters of ``decode_noted`` without its notes."""
    return decode_noted(data, name, declared).text


def decode_noted(data: bytes, name: str, declared: str | None = None) -> Decoded:
    """The characters of a text file.

    A byte order mark decides, then valid UTF-8, then what the file declares, then detection. What was decoded wrongly
    before it was saved is repaired. Raises SourceError when no encoding gives readable text.
    """
    text = _decoded(data, name, declared)
    mended = decoded_once(text)
    old = _old_encoding(data, text) if declared is None else None
    if old is not None:
        return Decoded(data.decode(old), (say("its_encoding_was_taken_for", encoding=old),))
    if mended != text:
        return Decoded(mended, (say("its_accents_were_repaired"),))
    return Decoded(text)


def _old_encoding(data: bytes, text: str) -> str | None:
    """The old encoding of bytes that are no UTF-8 and no UTF-16, or null."""
    if _wide_encoding(data) or "\ufffd" in text or _is_utf8(data) or data.startswith(tuple(mark for mark, _ in _MARKS)):
        return None
    return old_encoding(data, text)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decoded(data: bytes, name: str, declared: str | None) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data, encoding, name)
    wide = _wide_encoding(data)
    if wide:
        return _strict(data, wide, name)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _western(data, declared)


def _strict(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        reason = say("is_damaged_not_valid_at_byte", encoding=encoding.upper(), byte=error.start)
        raise SourceError(name, reason, say("save_the_file_again_as_utf")) from error


def _wide_encoding(data: bytes) -> str | None:
    """UTF-16 without a mark, told by the NUL bytes of Latin letters."""
    head = data[:4096]
    if b"\0" not in head or len(head) < 4:
        return None
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) < len(head) * 0.1:
        return None  # a NUL here and there in a text of bytes
    return "utf-16-le" if odd > even else "utf-16-be"


def _western(data: bytes, declared: str | None) -> str:
    # One broken byte in a UTF-8 file must not turn every accent of it into two letters.
    repaired = data.decode("utf-8", "replace")
    if repaired.count("\ufffd") * 20 < sum(byte >= 0xC3 for byte in data):
        return repaired
    western = _tried(data, "windows-1252")
    # Of a few words detection tells nothing ("Año" in a table was Latvian).
    is_spanish = western is not None and is_wholly_spanish(western)
    for encoding in (declared, None if is_spanish else detect_encoding(data)):
        text = _tried(data, encoding)
        if text is not None:
            return text
    return western or data.decode("latin-1")


def _tried(data: bytes, encoding: str | None) -> str | None:
    """The text in this encoding, or null when it is unknown, wrong, or not one of the West."""
    try:
        name = codecs.lookup(encoding).name if encoding else ""
    except (LookupError, ValueError):
        return None
    if name in ("", "utf-8", "ascii"):
        return None
    # The web's rule: what calls itself Latin-1 is windows-1252, where “ ” and € live.
    name = "cp1252" if name == "iso8859-1" else name
    try:
        text = data.decode(name)
    except (UnicodeDecodeError, LookupError):
        return None
    return text
