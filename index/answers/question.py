"""What a question asks for, read from its words alone: the kind of answer, and what must not be missing.

Owns the kinds of answer in both languages, and the figures that a question states. Knows no passages and no scores.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from functools import cache

from index.answers.asked_words import language_of
from index.answers.question_things import (
    asked_of,
    asks_for_list,
    count_of,
    counted_of,
    measure_of,
    names_of,
    set_aside,
    things_of,
)
from index.search.lexical import folded
from kb.records.language import Language
from kb.words.lexicon import words_of

# A full stop after three letters or fewer is that of an abbreviation ("vs. Chile", "St. Louis").
_BETWEEN = re.compile(r"(?<=[^\W_]{4})[.!…]+\s+|(?<=[?!])\s+|[.…]+\s+(?=[¿¡])|\n+")
_EDGE = r"[\s,;:.!¡¿\"'“”«»()–—-]"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060\ufeff]")


def asked_in(text: str) -> str:
    """The question in a text; the whole text where nothing would be left, in small letters where all are capitals.

    Sentences that ask stay, and where none does all that say more than a greeting or thanks.

    >>> asked_in("Hola equipo. Preparo un taller. Me gustaría saber qué es el NPS? ¡Gracias!")
    '¿Qué es el NPS?'
    >>> asked_in("Hi team, quick one: WHY DO GUESTS LEAVE")
    'why do guests leave'
    """
    text = " ".join(_CONTROL.sub(" ", unicodedata.normalize("NFC", text)).split(" ")).strip()
    said = [bare for sentence in _BETWEEN.split(text) if (bare := _bare(sentence))]
    asking = [sentence for sentence in said if _asks(sentence)]
    asked = " ".join(asking or said) or text
    return _as_a_sentence(asked if any(letter.islower() for letter in asked) else asked.lower())


def _as_a_sentence(asked: str) -> str:
    """A question that opens with the word that asks, with the capital and the mark of a sentence: what was taken off
    before it took them too, and without them its vector is another."""
    opened = asked.lstrip("¿")
    if not asked.endswith("?") or not _opening().match(_unaccented(opened)):
        return asked
    mark = "¿" if opened != asked or language_of(asked) is Language.ES else ""
    return mark + opened[:1].upper() + opened[1:]


def _bare(sentence: str) -> str:
    """A sentence without greeting, label and polite opening before it and thanks after it; empty for nothing else."""
    rest = sentence.strip()
    while True:
        found = _before().match(_unaccented(rest))
        opened = rest[found.end() :] if found else rest
        if found and found["labels"] and not found["mark"]:
            opened = rest
        closed = _after().search(_unaccented(opened))
        shorter = opened[: closed.start()].rstrip(" ,;:") + closed["mark"] if closed else opened
        if shorter == rest:
            return rest if re.search(r"\w", rest) else ""
        rest = shorter.strip() if re.search(r"\w", shorter) else ""


def _asks(sentence: str) -> bool:
    """Whether a sentence asks: by its mark, or by the word that it opens with."""
    return "?" in sentence or _opening().match(_unaccented(sentence)) is not None


def _unaccented(text: str) -> str:
    """Small letters without accents, character for character."""
    return "".join(folded(one) if len(folded(one)) == 1 else one for one in text)


def _either(*classes: str) -> str:
    forms = sorted(
        {_unaccented(form) for cls in classes for form in words_of(cls)}, key=lambda form: (-len(form), form)
    )
    return "|".join(re.escape(form) for form in forms)


@cache
def _before() -> re.Pattern[str]:
    """A greeting or a polite opening, or a label or thanks with a mark after them ("Team:", not "team levels")."""
    free, marked = (_either("ask_greeting", "ask_polite"), _either("ask_label", "ask_thanks"))
    return re.compile(rf"{_EDGE}*(?:(?:{free})|(?P<labels>{marked}))(?!\w)(?P<mark>\s*[:,]|\s*$)?{_EDGE}*")


@cache
def _after() -> re.Pattern[str]:
    """Thanks at the end, with the mark of the question before them."""
    return re.compile(rf"(?P<mark>\??)[\s,;.!¡–—-]+(?:{_either('ask_thanks')})[\s.!?]*$")


@cache
def _opening() -> re.Pattern[str]:
    words = _either("ask_word")
    return re.compile(rf"{_EDGE}*(?:{words})(?!\w)")


class Wanted(Enum):
    """The kind of answer a question asks for."""

    SHARE = "share"
    FACTOR = "factor"
    NUMBER = "number"
    MONEY = "money"
    TIME = "time"
    LIST = "list"
    TEXT = "text"


class Purpose(Enum):
    """What a question for text is after; most are after nothing that its words alone tell."""

    PLAIN = "plain"
    DEFINITION = "definition"
    REASON = "reason"
    PERSON = "person"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class QuestionReading:
    """What a question asks for.

    ``names`` are proper names and acronyms as written and ``years`` four-digit years: an answer that lacks
    them answers something else. ``count`` is how many things a list should have, ``things`` what they may be
    called in both languages, ``beyond`` the names that the question sets aside ("besides Gallup"), and
    ``measure`` the word that says which rate is asked for ("response rate", "tasa de respuesta"). ``figures`` are the
    figures that it states itself ("Who says that 87 % …?") as ``_plain_number`` writes them: no other one answers it.
    ``text`` is what is asked, without greetings, labels, context and thanks (``index.answers.question``).
    ``counted`` is the word for what a question for a number counts ("How many branches …?"), ``asked`` the words for
    the thing that another question asks for ("Which software …?"), and ``by_name`` says that it asks who did something,
    which only a name answers.
    """

    wanted: Wanted
    names: tuple[str, ...]
    years: tuple[int, ...]
    count: int | None
    purpose: Purpose = Purpose.PLAIN
    things: tuple[str, ...] = ()
    beyond: tuple[str, ...] = ()
    measure: str | None = None
    figures: tuple[str, ...] = ()
    counted: str | None = None
    asked: tuple[str, ...] = ()
    by_name: bool = False
    text: str = ""


# What a share is called, in either language beside the words of either: people mix them.
_SHARES = r"share|percentage|percent|proportion|fraction|porcentaje|proporci[oó]n|tanto por ciento|fracci[oó]n|cuota"
_SHARE = re.compile(
    rf"\b(?:what|which|qu[eé]) (?:{_SHARES}|part|rate|parte|tasa)\b"
    r"|\b(?:what|which) (?:was|is|were|are) the [\w\s-]{0,40}?\b(?:rate|share|percentage|proportion)\b"
    r"|\bhow (?:widely|many (?:percent|out of))\b"
    r"|\bcu[aá]l (?:es|fue|era|ser[aá]) (?:el porcentaje|la proporci[oó]n|la tasa|el [ií]ndice|la cuota)\b"
    rf"|^\W*(?:the |el |la )?(?:(?:{_SHARES}|tasa) (?:of|de)|percentage|porcentaje)\b"
    r"|^\W*%",
    re.IGNORECASE,
)
_FACTOR = re.compile(
    r"\bhow (?:much|many times) (?:more|less|higher|lower|likelier|greater|larger|faster)\b"
    r"|\bcu[aá]nto m[aá]s\b|\bcu[aá]ntas veces\b|\bcu[aá]nt[oa]s? (?:m[aá]s )?(?:probable|propens)",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\bhow (?:many|much|long|far|fast|tall|old|big|large|high)\b|\bwhat (?:number|amount|sum|score|size)\b"
    r"|\bwhat (?:is|was|are|were) the (?:average|median|mean|typical|total)\b"
    r"|(?<!\bcada )\bcu[aá]nt[oa]s?\b|\bqu[eé] (?:n[uú]mero|cantidad|puntuaci[oó]n|nota)\b"
    r"|\bcu[aá]l (?:es|fue|era) (?:el|la)(?: [^\W\d_]{1,30}){0,3} (?:medi[oa]|promedio|total)\b",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"\bhow much\b[^?]{0,60}\b(?:costs?|spen[dt]|pa(?:y|id)|invest(?:ed|s)?|earn(?:ed|s)?|charged?)\b"
    r"|\bwhat (?:is|was) the (?:price|cost|budget)\b"
    r"|\bcu[aá]nto\b[^?]{0,30}\b(?:cuestan?|cost[oó]|gast(?:a|an|[oó]|aron)|pag(?:a|an|[oó]|aron)|inv(?:ierte|ierten|irti[oó]|irtieron))\b"
    r"|\bcu[aá]nto dinero\b",
    re.IGNORECASE,
)
_TIME = re.compile(r"\bhow long\b|\bhow much time\b|\bcu[aá]nto tiempo\b|\bcu[aá]nto (?:dura|tarda)n?\b", re.IGNORECASE)
_PURPOSES = (
    (
        Purpose.REASON,
        re.compile(r"\bwhy\b|\bpor qu[eé]\b|\bwhat (?:makes|causes)\b|\bfor what reason\b", re.IGNORECASE),
    ),
    (
        Purpose.DEFINITION,
        re.compile(
            r"^\W*what (?:is|are) (?:meant by\b|an? |the \w+(?: \w+)?\?|\w+(?: \w+)?\?)"
            r"|\bwhat does [\w\s’'-]{1,80} (?:mean|measure|stand for)\b|\bwhat does it (?:really )?mean\b"
            r"|\bqu[eé] (?:es|son|significan?|se entiende por|quiere decir|mide)\b|\ben qu[eé] consisten?\b"
            r"|\bdefin(?:e|ition|ici[oó]n)\b|\bcharacteri[sz]es?\b|\bcaracteriza\b",
            re.IGNORECASE,
        ),
    ),
    (Purpose.YEAR, re.compile(r"\b(?:in )?(?:what|which) year\b|\b(?:en )?qu[eé] año\b", re.IGNORECASE)),
    (Purpose.PERSON, re.compile(r"^\W*(?:who(?:se|m)?|(?:a |de |por )?qui[eé]n(?:es)?)\b", re.IGNORECASE)),
)
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
# Who did something; "who owns …", "who should …" and "who is the owner of …" may be a team, or nobody.
_BY_NAME = re.compile(
    r"^\W*who (?:first |originally |also )?(?:[a-z]{2,20}ed|wrote|ran|said|made|found|won|led|built|drew|gave|began|"
    r"did|thought|came|took|put|held|spoke|taught)\b"
    r"|^\W*qui[eé]n(?:es)? (?:l[aeo]s? )?(?:\w{2,20}(?:ó|aron|ieron)|hizo|dijo|dijeron|propuso|puso|condujo)\b",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"(?<![\w.,])\d{1,12}(?:[.,\u00a0\u2009\u202f]\d{1,12}){0,6}(?![\w])")
_STATED = re.compile(
    rf"(?P<number>{_DIGITS.pattern})\s?(?:%|percent\b|per cent\b|por ciento\b|percentage points?\b|puntos\b|points\b"
    r"|times\b|veces\b|million\b|millones\b|billion\b|billones\b)",
    re.IGNORECASE,
)


def read_question(text: str) -> QuestionReading:
    """What the question asks for.

    >>> read_question("¿Qué porcentaje de empresas usa WhatsApp en 2022?").names
    ('WhatsApp',)
    >>> read_question("Which three phases are there?").things[:2]
    ('phases', 'stages')
    """
    text = asked_in(text)
    purpose = next((purpose for purpose, pattern in _PURPOSES if pattern.search(text)), Purpose.PLAIN)
    # "Who … and how many?", "why … a rate?": words answer these, with figures or without.
    listed = purpose is Purpose.REASON and asks_for_list(text)
    wanted = _wanted(text) if purpose in (Purpose.PLAIN, Purpose.YEAR) or listed else Wanted.TEXT
    names = names_of(text)
    return QuestionReading(
        wanted,
        names,
        tuple(dict.fromkeys(int(year) for year in _YEAR.findall(text))),
        count_of(text) if wanted is Wanted.LIST else None,
        purpose,
        things_of(text) if wanted is Wanted.LIST else (),
        set_aside(text, names),
        measure_of(text) if wanted is Wanted.SHARE else None,
        tuple(dict.fromkeys(_plain_number(match["number"]) for match in _STATED.finditer(text))),
        counted_of(text) if wanted is Wanted.NUMBER else None,
        asked_of(text) if wanted in (Wanted.TEXT, Wanted.NUMBER) else (),
        _BY_NAME.search(text) is not None,
        text,
    )


def numbers_in(text: str) -> frozenset[str]:
    """The numbers in digits of a text, as ``_plain_number`` writes them."""
    return frozenset(_plain_number(number) for number in _DIGITS.findall(text))


def _plain_number(written: str) -> str:
    """A number in digits without group marks and with a decimal point, however it is written.

    >>> _plain_number("1.234.567"), _plain_number("4,5"), _plain_number("5 500")
    ('1234567', '4.5', '5500')
    """
    number = re.sub(r"\s", "", written)
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3}){1,6}", number):
        return re.sub(r"[.,]", "", number)
    return number.replace(",", ".")


def _wanted(text: str) -> Wanted:
    """What is asked for first ("How many points, and in how much time?"); of two that begin alike the narrower."""
    figures = (
        (_FACTOR, Wanted.FACTOR),
        (_SHARE, Wanted.SHARE),
        (_MONEY, Wanted.MONEY),
        (_TIME, Wanted.TIME),
        (_NUMBER, Wanted.NUMBER),
    )
    found = [(match.start(), wanted) for pattern, wanted in figures if (match := pattern.search(text))]
    if found:
        return min(found, key=lambda one: one[0])[1]
    return Wanted.LIST if asks_for_list(text) else Wanted.TEXT
