"""What is said of a document in a bibliography, with its fields made safe.

Fields come out of documents and are untrusted text: markup, control characters and line breaks
go out here, once, for every format. What is not known stays null.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from ipaddress import ip_address
from urllib.parse import quote, urlsplit

from kb.records.document import Place
from kb.records.search import DocumentReference

_PARTICLES = frozenset(
    {"de", "del", "la", "las", "los", "y", "van", "von", "der", "den", "da", "di", "dos", "st.", "mc"}
)
_ORGANISATION = re.compile(
    r"\b(?:agency|agencia|asociación|association|authority|bank|banco|bureau|center|centre|centro|college|comisión|"
    r"comité|commission|committee|company|compañía|consejo|consulting|consultores|consultoría|corp|corporation|council|"
    r"department|departamento|fondo|forum|foro|foundation|fund|fundación|gmbh|group|grupo|inc|institut|institute|"
    r"instituto|lab|labs|laboratorio|llc|ltd|ministerio|ministry|network|observatorio|office|oficina|organisation|"
    r"organization|organización|plc|red|research|school|secretaría|services|servicios|sociedad|society|solutions|"
    r"soluciones|studio|team|equipo|editors|redacción|staff|unión|union|universidad|university|press|news|magazine|"
    r"revista|partners|advisors|analytics|software|technologies|digital|media|marketing|experience|software|"
    r"s\.?\s?a\.?|s\.?\s?l\.?)(?:\b|$)|[\d&/@|]",
    re.IGNORECASE,
)
_INITIAL = re.compile(r"[^\W\d_]\.?(?:-?[^\W\d_]\.)?")
_MAX_WORDS = 6


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's ``family`` and ``given`` name, or ``literal`` for an organisation or a name kept whole."""

    literal: str | None = None
    family: str | None = None
    given: str | None = None

    @property
    def whole(self) -> str:
        """The name in the order it is spoken."""
        return self.literal if self.literal is not None else f"{self.given} {self.family}"


def read_name(author: str) -> PersonName:
    """The name in one line of text; kept whole unless it is surely a person's."""
    words = author.split()
    if _ORGANISATION.search(author) or not 2 <= len(words) <= _MAX_WORDS:
        return PersonName(literal=author)
    if author.count(",") == 1:
        family, given = (part.strip() for part in author.split(","))
        return PersonName(family=family, given=given) if family and given else PersonName(literal=author)
    if "," in author or not all(_capital(word) or word.lower() in _PARTICLES for word in words):
        return PersonName(literal=author)
    return _split(author, words)


def _split(author: str, words: list[str]) -> PersonName:
    listed = _given_names()
    language = next((code for code in ("es", "en") if words[0].lower() in listed[code]), None)
    if language is None:
        return PersonName(literal=author)
    count = 1
    while count < len(words) - 1 and (_is_given(words[count], listed) or _INITIAL.fullmatch(words[count])):
        count += 1
    rest = words[count:]
    surnames = [word for word in rest if word.lower() not in _PARTICLES]
    if language == "en" and len(surnames) == 2 and len(rest) == 2:
        count, rest, surnames = count + 1, rest[1:], surnames[1:]
    if not 1 <= len(surnames) <= 2:
        return PersonName(literal=author)
    return PersonName(family=" ".join(rest), given=" ".join(words[:count]))


def _capital(word: str) -> bool:
    return word[:1].isupper()


def is_given_name(word: str) -> bool:
    """Whether a word is a given name of either language."""
    return _is_given(word, _given_names())


def _is_given(word: str, listed: dict[str, frozenset[str]]) -> bool:
    return any(word.lower() in names for names in listed.values())


@lru_cache(maxsize=1)
def _given_names() -> dict[str, frozenset[str]]:
    data = json.loads((files("kb") / "data" / "given_names.json").read_text(encoding="utf-8"))
    return {code: frozenset(data[code].split()) for code in ("es", "en")}


# A longer field is no title and no name.
MAX_FIELD_CHARS = 1_000
_MARKUP = re.compile(r"<[a-zA-Z/!?][^<>]{0,500}>")
# Nothing printed is older, and citeproc writes "1 AD" for less.
_FIRST_YEAR, _NO_YEAR = 1000, 9999
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9._-]{0,251}[a-z0-9._])?|\[[0-9a-f:.]{2,45}\]", re.IGNORECASE)
_ISO_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?=$|[T ])")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date as far as it is known: a year, a month of it, a day of that."""

    year: int
    month: int | None = None
    day: int | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """A document, or a place in it, as a bibliography names it. Unknown fields are null or empty.

    ``page`` is what is printed on it ("15", "xii") where that is known, else it counts from 1 as ``paragraph`` and
    ``slide`` do; ``cell`` and ``time`` are as in Place ("Datos!B7", "0:12:31"), as is ``recognised``;
    ``permalink`` is a URL that opens the place. ``quotes`` are notes for a file for programs: what stands in the
    source, each with its place. ``inferred`` names the fields of
    these that nothing states to be so ("title", "published").
    """

    id: str
    title: str | None
    authors: tuple[PersonName, ...]
    publisher: str | None
    published: PartialDate | None
    url: str | None
    page: int | str | None = None
    paragraph: int | None = None
    accessed: date | None = None
    permalink: str | None = None
    slide: int | None = None
    cell: str | None = None
    time: str | None = None
    recognised: bool = False
    quotes: tuple[str, ...] = ()
    inferred: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        document: DocumentReference,
        places: tuple[Place, ...] = (),
        accessed: date | None = None,
        permalink: str | None = None,
    ) -> Reference:
        """The reference of a document and of the first of these places in it."""
        first = places[0] if places else Place()
        authors = (cleaned(author) for author in document.authors)
        return cls(
            cleaned(document.id) or "document",
            cleaned(document.title),
            # What has no letter or digit names nobody; reference managers drop it.
            tuple(read_name(author) for author in authors if author and any(map(str.isalnum, author))),
            cleaned(document.publisher),
            read_date(document.published),
            None if is_loopback(document.url) else safe_url(document.url),
            cleaned(first.page_label) or first.page,
            first.paragraph if first.page is None else None,
            accessed,
            cleaned(permalink),
            first.slide,
            cleaned(first.cell),
            cleaned(first.time),
            first.recognised,
            inferred=document.inferred,
        )

    @property
    def is_placed_in_words(self) -> bool:
        """Whether its place is known and is no page: a paragraph, a slide, a cell, a time."""
        others = (self.paragraph, self.slide, self.cell, self.time)
        return self.page is None and any(place is not None for place in others)

    @property
    def visited(self) -> date | None:
        """When the address was visited; null where there is no address to visit."""
        return self.accessed if self.url else None


def cleaned(field: str | None) -> str | None:
    """The field in one line of plain text (NFC), without markup, control or direction characters; null if empty.

    A field longer than MAX_FIELD_CHARS is not a title or a name: it is cut and ends in "…".
    """
    if field is None:
        return None
    # Unseen marks go first: behind "<" they would hide markup, between letters a form that is not NFC.
    kept = "".join(" " if mark.isspace() else mark for mark in field if mark.isspace() or _is_plain(mark))
    text = _MARKUP.sub(" ", unicodedata.normalize("NFC", kept))
    line = " ".join(re.sub(r"<(?=[a-zA-Z/!?])", "‹", text).split())
    if len(line) > MAX_FIELD_CHARS:
        line = line[: MAX_FIELD_CHARS - 1].rstrip() + "…"
    return line or None


def read_date(published: str | None) -> PartialDate | None:
    """The date of an ISO 8601 text of any precision; null for anything else.

    Null too for years that no report is of: programs write 0001 and 9999 where they know no date.
    """
    match = _ISO_DATE.match(published or "")
    if not match:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        date(year or 0, month or 1, day or 1)
    except ValueError:
        return None
    return PartialDate(year, month, day) if year and _FIRST_YEAR <= year < _NO_YEAR else None


def safe_url(url: str | None) -> str | None:
    """The URL with unsafe characters percent-encoded and its host in ASCII; null unless it is http or https.

    A name and password before the host go out: they are nobody's to print, and "https://known.org@other.org" lies.
    """
    try:
        parts = urlsplit((url or "").strip())
        place = _ascii_host(parts.hostname or "") + ("" if parts.port is None else f":{parts.port}")
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not _HOST.match(place):
        return None
    return quote(parts._replace(netloc=place).geturl(), safe=":/?#[]@!$&'()*+,;=%~-._")


def is_loopback(url: str | None) -> bool:
    """Whether an address is one of the machine that asks: nobody else can open it."""
    try:
        host = urlsplit(url or "").hostname or ""
    except ValueError:
        return False
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _ascii_host(host: str) -> str:
    """A host as it goes over the wire ("españa.es" is "xn--espaa-rta.es"); ValueError for what is none."""
    ascii_host = f"[{host}]" if ":" in host else host.encode("idna").decode()
    if not _HOST.fullmatch(ascii_host):
        raise ValueError(host)
    return ascii_host


def _is_plain(mark: str) -> bool:
    """Whether a character may stand in a field: no control, format, surrogate or private-use character."""
    return unicodedata.category(mark) not in ("Cc", "Cf", "Cs", "Co", "Cn")
