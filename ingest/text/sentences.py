"""Text to the spans of its sentences, in Spanish and English.

Owns where a sentence ends: marks, closing quotes, abbreviations, initials, list numbers.
Refuses to know documents and passages: it takes a text and gives spans of that text.
sentencex was measured first: it leaves some Spanish paragraphs with «» and a bracket whole
and cuts after "D.", "Inc." and "approx."; a false end here would cut a quote in two.
"""

import re
from collections.abc import Iterator

from kb.records.document import Span

# An end mark run, its closing quotes or brackets and a footnote mark, all bounded.
_END = re.compile(r"[.!?…]{1,6}[\"'”’»)\]]{0,3}(?:\[\d{1,3}\]){0,3}")
_LINE_END = re.compile(r"(?<![ \t\u00a0])[ \t\u00a0]*(?:\r\n|[\n\r\u2028\u2029])\s*")
_OPENERS = "*>●\"'“‘«([¿¡—–-• \t\u00a0"
_TOKEN_BEFORE = re.compile(r"(?<![^\W_])((?:[^\W\d_]\.[ \u00a0]?){0,4}[^\W\d_]{1,12})$")
_NEXT_WORD = re.compile(r"[^\W\d_]+")
_LIST_NUMBER = re.compile(r"[\"'“«(]?(?:\d{1,3}(?:\.\d{1,3}){0,3}|[a-zA-Z]|[ivxIVX]{1,5})$")
_GLUED_START = re.compile(r"[A-ZÁÉÍÓÚÑ][a-záéíóúñ]{0,20}[ ,]|[¿¡]")
_GLUED_END = re.compile(r"(?:[a-záéíóúñ]{3}|%|\))$")
# "(81% … 84%)": dots between two figures stand for "to".
_RANGE_SO_FAR = re.compile(r"\d(?:[ \u00a0]?[%‰€$£][ \u00a0]?|[ \u00a0])$")
# "Scope . . . . . . . 12": dots that lead to the number of a page.
_LEADERS, _PAGE = re.compile(r"(?:\.[ \u00a0]?){4}$"), re.compile(r"\d{1,4}(?!\d|[.,]\d| ?%)")
_LOOK_BACK = 32


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Never end a sentence: a name, a number or an example follows.
_OPEN_ABBREVIATIONS = _words(
    "sr sra srta sres dr dra dres dña lic ing arq prof mr mrs ms messrs mme st gen col rev hon fr avda av "
    "ej e.g i.e eg ie vs cf aprox approx mill tel tfno incl excl ee ca viz c.f resp"
)
# Do not end a sentence before a number: "núm. 3", "No. 1", "p. 12".
_NUMBER_ABBREVIATIONS = _words(
    "no nos nº núm num nro fig figs art arts cap caps pág págs pag pags p pp vol vols ed sec ch eq tab n ap "
    "jan feb mar apr jun jul aug sep sept oct nov dec ene abr ago set dic"
)
# May end a sentence: only before a word that opens sentences ("Acme Inc. said", "Acme Inc. The").
_NAME_ABBREVIATIONS = _words("inc ltd corp co cía cia bros llc jr uu ph.d d.c")
_SENTENCE_OPENERS = _words(
    "the this that these those a an in on at it its he she we you they i if when while as and but or for from with by "
    "however our their his her there what why how who where which to so then yet after before since although because "
    "not no all most many some one both each every another according during despite today now here more "
    "el la los las un una unos unas lo en de del al a ante con por para según sin sobre tras y e o u pero mas sino "
    "si cuando mientras como este esta estos estas ese esa esos esas aquel esto eso su sus mi mis nuestro nuestra "
    "es son fue ha han hay no ni más también además así aunque porque que qué quién cómo dónde cuál desde hasta "
    "entre durante todo toda todos todas cada otro otra otros otras algunos muchas muchos ahora hoy ya él "
    "ella ellos"
)


def sentence_spans(text: str) -> tuple[Span, ...]:
    """The sentences of ``text`` in order: spans without outer white space that together cover all visible text.

    A line break ends a sentence unless the next line goes on in lower case, or with the sign of a number ("73", "%").
    The rules of Spanish and English hold for both at once, since passages quote across languages.
    """
    spans = []
    start = 0
    for end in (*_ends(text), len(text)):
        span = _trimmed(text, start, end)
        if span is not None:
            spans.append(span)
        start = end
    return tuple(spans)


def _trimmed(text: str, start: int, end: int) -> Span | None:
    piece = text[start:end]
    visible = piece.strip()
    if not visible:
        return None
    first = start + len(piece) - len(piece.lstrip())
    return Span(first, first + len(visible))


def _ends(text: str) -> Iterator[int]:
    """Offsets where a sentence ends, ascending; never inside a word."""
    start = 0
    marks = sorted(
        [(match.start(), match.end(), False) for match in _END.finditer(text)]
        + [(match.start(), match.end(), True) for match in _LINE_END.finditer(text)]
    )
    for first, last, is_line in marks:
        if first < start:
            continue
        end = first if is_line else last
        if _line_ends(text, first, last) if is_line else _mark_ends(text, start, first, last):
            yield end
            start = end


def _line_ends(text: str, first: int, last: int) -> bool:
    blank_line = text[first:last].replace("\r\n", "\n").count("\n") > 1
    following = text[last : last + 1]
    return blank_line or not (following.islower() or following in ("%", "‰"))


def _mark_ends(text: str, start: int, first: int, last: int) -> bool:
    following = text[last : last + 1]
    if not following:
        return True
    if not following.isspace():
        return _is_glued_end(text, first, last)
    window = text[last : last + 64].lstrip()
    ahead = window.lstrip(_OPENERS)
    if ahead[:1].islower() and window[:1] not in "¿¡":
        return False
    if ahead[:1] == "." and not ahead[1:2].isalnum():
        return False
    if _PAGE.match(ahead) and _LEADERS.search(text, max(start, first - _LOOK_BACK), last):
        return False
    if (
        ahead[:1].isdigit()
        and text[first : first + 2] in ("… ", "..")
        and _RANGE_SO_FAR.search(text, max(start, first - _LOOK_BACK), first)
    ):
        return False
    return text[first] != "." or text[first : first + 2] == ".." or _point_ends(text, start, first, ahead)


def _is_glued_end(text: str, first: int, last: int) -> bool:
    """Whether a sentence ends though no space follows ("rose by 5%.The rest")."""
    before = text[max(0, first - 3) : first]
    return bool(_GLUED_END.search(before) and _GLUED_START.match(text, last))


def _point_ends(text: str, start: int, first: int, ahead: str) -> bool:
    """Whether a full stop at ``first``, with ``ahead`` after it, is more than the point of an abbreviation."""
    before = text[max(start, first - _LOOK_BACK) : first]
    if _LIST_NUMBER.fullmatch(before.strip()):
        return False
    match = _TOKEN_BEFORE.search(before)
    if match is None:
        return True
    token = match.group(1).lower().replace(" ", "").replace("\u00a0", "")
    last_part = token.rpartition(".")[2]
    if token in _OPEN_ABBREVIATIONS or last_part in _OPEN_ABBREVIATIONS:
        return False
    if last_part in _NUMBER_ABBREVIATIONS and ahead[:1].isdigit():
        return False
    if last_part in _NAME_ABBREVIATIONS or _is_initials(match.group(1)):
        return _opens_sentence(ahead)
    return True


def _is_initials(token: str) -> bool:
    """Whether the token is an initial or an acronym with points ("J", "U.S", "S. A", "Ph.D")."""
    parts = [part.strip() for part in token.split(".")]
    return all(len(part) == 1 for part in parts) and token not in ("y", "o", "a", "e", "u")


def _opens_sentence(ahead: str) -> bool:
    word = _NEXT_WORD.match(ahead)
    return word is None or word.group().lower() in _SENTENCE_OPENERS
