"""What is known of a source beside its text, and where each piece came from.

Owns the record, the merging of what a sender gave with what a file says, and reading dates.
Refuses to guess: a date or a name that cannot be read stays null.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, replace

from kb.citing.reference import is_given_name
from kb.outside.strings import DROPPED, faults, plain, whole_address
from kb.records.document import FieldOrigin
from kb.records.messages import say

_LEAD = re.compile(r"(?:por|by|escrito por|written by|texto(?: de)?:?|autor(?:es|a)?:|authors?:)\s+", re.I)
_ADDRESS = re.compile(r"@(?=\S)|https?:|www\.|/")
# "jgarcia", "maria-lopez", "user_12", "j.garcia": an account or a slug; a name has a capital.
_ACCOUNT = re.compile(r"[^\sA-ZÁÉÍÓÚÑÜ]+|\S*[_\d]\S*|[\w]+(?:-[\w]+){2,}")
_ROLE_WORDS = (
    "admin administrator administrador administradora author autor autora editor editora editors editores editorial "
    "redacción redaccion redactor redactora staff team equipo webmaster guest invitado invitada user usuario anonymous "
    "anónimo anonimo contributor colaborador colaboradora content contenido contenidos marketing prensa press "
    "comunicación comunicacion communications blog newsroom news noticias desk web default unknown desconocido owner "
    "root support soporte director directora manager ceo cmo cto cfo cco vp president presidente presidenta founder "
    "fundador fundadora analyst analista consultant consultor consultora specialist especialista journalist periodista "
    "writer chief head officer senior junior jefe jefa responsable gerente online digital site sitio página page "
    "microsoft ms office windows pc hp test nobody none null"
)
# Words of _ROLE_WORDS that are a person's post: with one at its end, or before what it is of, a text names nobody.
_POST_WORDS = (
    "ceo cmo cto cfo cco vp president presidente presidenta founder fundador fundadora analyst analista consultant "
    "consultor consultora specialist especialista journalist periodista manager director directora officer writer "
    "editor editora gerente responsable jefe jefa head chief senior junior"
)
_JOINING_WORDS = "de del la el los las the of y and e & at en for para por our nuestro post posts by"
_ROLES = frozenset(_ROLE_WORDS.split())
_POSTS = frozenset(_POST_WORDS.split())
_JOINERS = frozenset(_JOINING_WORDS.split())
_WORD = re.compile(r"[\w&'’.-]+")
# Of names with single blanks. A post stands behind a bar, a dash or in brackets as well as behind a comma.
_SPLIT = re.compile(
    r" ?; ?| ?[|·] ?| [–—-] | ?\((?=[^()]*\)$)|\)$| ?, ?(?=[^ ,]{1,60} \S)| (?:y|and|&) (?=\S{1,60} \S)"
)
_MAX_CHARS = 90


def named_authors(names: tuple[str, ...]) -> tuple[str, ...]:
    """The persons and bodies among the strings, in order, each by itself and without "by"; none where none is named.

    >>> named_authors(("By Ana Gil and Luis Ruiz", "admin", "jgarcia", "Marketing Manager"))
    ('Ana Gil', 'Luis Ruiz')
    """
    single = (
        part.strip(" ,;|") for name in names for part in _SPLIT.split(_LEAD.sub("", " ".join(name.split()), count=1))
    )
    return tuple(dict.fromkeys(part for part in single if _is_name(part)))


def _is_name(name: str) -> bool:
    if not 1 < len(name) <= _MAX_CHARS or _ADDRESS.search(name) or _ACCOUNT.fullmatch(name):
        return False
    words = [word.lower().strip(".") for word in _WORD.findall(name)]
    if not words or all(word in _ROLES or word in _JOINERS for word in words):
        return False
    return is_given_name(words[0]) or not ({words[0], words[-1]} & _POSTS)


_MONTH_NAMES = (
    "jan january ene enero|feb february febrero|mar march marzo|apr april abr abril|may mayo|jun june junio|"
    "jul july julio|aug august ago agosto|sep sept september septiembre setiembre|oct october octubre|"
    "nov november noviembre|dec december dic diciembre"
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES.split("|"), start=1) for name in names.split()}
_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?!\d))?)?(?![\d/])")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?\d{4,6})?Z?$")
_DAY_FIRST = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|º|\.)?\s+(?:de\s+)?([a-záéíóú]{3,10})\.?,?\s+(?:de[l]?\s+)?(\d{4})\b", re.I
)
_MONTH_FIRST = re.compile(r"([a-záéíóú]{3,10})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b", re.I)
_MONTH_ONLY = re.compile(r"([a-záéíóú]{3,10})\.?,?\s+(?:de[l]?\s+)?(\d{4})\b", re.I)


@dataclass(frozen=True, slots=True)
class SourceMetadata:
    """Metadata fields, null when unknown, with the origin of every field that is known.

    ``notes`` say what was mended in a field, or dropped from it.
    """

    title: str | None = None
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    published: str | None = None
    url: str | None = None
    series: str | None = None
    origins: tuple[FieldOrigin, ...] = ()
    notes: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        origin: str,
        *,
        title: str | None = None,
        authors: tuple[str, ...] = (),
        publisher: str | None = None,
        published: str | None = None,
        url: str | None = None,
        series: str | None = None,
    ) -> SourceMetadata:
        """Metadata whose every known field has this origin; blank strings and unreadable dates become null."""
        given = {
            "title": title, "authors": authors, "publisher": publisher, "published": published, "url": url,
            "series": series,
        }  # fmt: skip
        date = None if published is None else whole_address(published)
        address = None if url is None else whole_address(url)
        known = cls(
            _tidy(title), _tidy_names(authors), _tidy(publisher), read_date(date), _tidy(address), _tidy(series)
        )
        return replace(
            known,
            origins=tuple(FieldOrigin(field, origin) for field in FIELDS if getattr(known, field)),
            notes=tuple(note for field, value in given.items() if value for note in _faults(field, value)),
        )

    def or_else(self, other: SourceMetadata) -> SourceMetadata:
        """This metadata, its unknown fields filled from ``other``."""
        taken = {field: getattr(other, field) for field in FIELDS if not getattr(self, field)}
        origins = tuple(origin for origin in other.origins if origin.field in taken)
        notes = tuple(note for note in other.notes if note.partition(":")[0] in taken)
        return replace(self, **taken, origins=self.origins + origins, notes=self.notes + notes)


FIELDS = ("title", "authors", "publisher", "published", "url", "series")


def _faults(field: str, value: str | tuple[str, ...]) -> tuple[str, ...]:
    found = faults(field, value)
    return (say("thing_and_reason", first=field, then=DROPPED),) if found and field in ("published", "url") else found


def _tidy(value: str | None) -> str | None:
    """The string on one line without outer space, in whole characters, or null when nothing is left."""
    return " ".join(plain(value).split()) or None if value else None


def _tidy_names(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names without blanks and repeats, in order."""
    return tuple(dict.fromkeys(name for name in map(_tidy, names) if name))


def read_date(value: str | None) -> str | None:
    """The ISO 8601 date ("2022-09-30", "2022-09" or "2022") that a string opens with, or null."""
    text = (value or "").strip()
    match = _COMPACT.match(text.removeprefix("D:")[:14]) or _ISO.match(text)
    if match:
        return _checked(match.group(1), match.group(2), match.group(3))
    if match := _DAY_FIRST.search(text):
        return _named(match.group(3), match.group(2), match.group(1))
    if match := _MONTH_FIRST.search(text):
        return _named(match.group(3), match.group(1), match.group(2))
    if match := _MONTH_ONLY.search(text):
        return _named(match.group(2), match.group(1), None)
    return None


def _named(year: str, month: str, day: str | None) -> str | None:
    number = _MONTHS.get(month.lower())
    return _checked(year, str(number), day) if number else None


def _checked(year: str, month: str | None, day: str | None) -> str | None:
    try:
        date = datetime.date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    if not 1000 <= date.year <= 2200:
        return None
    return date.isoformat()[: 10 if day else 7 if month else 4]


_FILE_NAME = re.compile(
    r"\.(?:docx?|dotx?|odt|rtf|indd|pdf|qxd|pptx?|xlsx?|pub|fm|tex|dvi|p65|cdr|ai|psd|html?|txt)$", re.I
)
_NUMBER = re.compile(r"[\d\s.,:/_-]*$")
# Titles that programs write: of new documents, of their own slides and layers, and with their own name before it.
_DEFAULT_TITLE = re.compile(
    r"(?:untitled|sin t[íi]tulo|documento?|document|word document|documento de word|presentaci[óo]n|presentation|"
    r"libro|book|slide|diapositiva|layout|"
    r"p[áa]gina|page|title|t[íi]tulo|microsoft word|no title|none|null|informe|report|plantilla|template|normal)"
    r"[\s_-]*\d{0,4}$|(?:microsoft (?:word|powerpoint|excel|office)|powerpoint|word)\b.{0,3}[-–—]|"
    r"(?:presentaci[óo]n de|presentation of)?\s?(?:microsoft )?power\s?point(?: presentation)?$|"
    r"(?:layout|maquetaci[óo]n|folleto|brochure)\s?\d*$|[\w-]*_[\w-]*$|[A-Z]:\\",
    re.I,
)
_FILE_WORD = re.compile(r"[^\W\d_][^\W\d_.'’-]*\.?(?:['’-][^\W\d_]+)*,?$")
_SMALL_WORDS = frozenset(
    [
        *("de", "del", "la", "las", "los", "y", "e", "da", "do", "dos", "van", "von", "der", "den", "di", "du", "le"),
        *("el", "of", "the", "and", "for", "para", "en"),
    ]
)


def stated_title(title: str | None) -> str | None:
    """The title, unless it is a file's name, one word in small letters, or what a program writes of itself."""
    text = " ".join((title or "").split())
    if _NUMBER.match(text) or _FILE_NAME.search(text) or _DEFAULT_TITLE.match(text):
        return None
    return None if text[0].isalpha() and " " not in text and text == text.lower() else text


def stated_authors(authors: str | None) -> tuple[str, ...]:
    """The names in a field of authors that are names of persons or bodies; accounts, roles and defaults are none."""
    return tuple(name for name in named_authors((authors or "",)) if _is_full(name))


def _is_full(name: str) -> bool:
    """Whether these are two or more words that begin with capitals: one word alone is an account as often as not."""
    words = [word for word in name.split() if word.casefold() not in _SMALL_WORDS]
    return len(words) >= 2 and all(_FILE_WORD.match(word) and word[0].isupper() for word in words)
