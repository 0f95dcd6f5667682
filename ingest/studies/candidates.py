"""What a document offers for each field of its figures: organisations and years, with every mention.

A candidate is proposed by grammar alone, and generously: which of them is a figure's is for the chooser. Knows nothing
of figures.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.studies.attribution import Form
from ingest.studies.discourse import Discourse
from ingest.studies.orgs import is_organisation
from kb.citing.names import is_given_name
from kb.words.lexicon import words_of
from kb.words.tokens import Token, is_yearlike, lower_at

_WORD = re.compile(r"\w+")
_LINKS = words_of("name_link")
_KINDS = tuple(words_of(cls) for cls in ("press_word", "research_word", "public_word", "company_word"))
_NUMBERS = words_of("number")
_LAST_YEAR = re.compile(
    r"\b(?:(?:el )?año (?:pasado|anterior)|last year|(?:the )?previous year|the year before)\b", re.IGNORECASE
)
_THIS_TIME = re.compile(
    r"\b(?:este (?:año|mes|trimestre|verano|otoño)|esta semana|est[ea] (?:primavera|invierno)|"
    r"en lo que va de año|ayer|hoy|"
    r"this (?:year|month|week|quarter|spring|summer|autumn|fall|winter)|today|yesterday|so far this year|"
    r"(?:el )?mes pasado|la semana pasada|last (?:month|week|quarter|spring|summer|autumn|fall|winter))\b",
    re.IGNORECASE,
)
_MONTHS = words_of("month")


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a candidate stands: the line, the character in it, and the form of the sentence about it."""

    line: int
    at: int
    stop: int
    form: str = ""

    @property
    def strong(self) -> bool:
        """Whether the sentence says more of it than its name."""
        return self.form != ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value for a field with its mentions in order; ``facts`` are features of the candidate by itself (0 or 1)."""

    value: str | int
    mentions: tuple[Mention, ...]
    facts: tuple[float, ...]
    study: str | None = None

    def stands_in(self, line: int) -> bool:
        """Whether it is mentioned in this line."""
        return any(one.line == line for one in self.mentions)


def organisations(discourse: Discourse) -> list[Candidate]:
    """Whoever may have measured: every name, with the forms of attribution, and who publishes the document."""
    named: dict[str, list[Mention]] = {}
    studies: dict[str, str] = {}
    for index, line in enumerate(discourse.lines):
        told = {one.start: one for one in line.attributions}
        for name in line.names:
            if telling(name.text) <= _NUMBERS:
                continue
            at = line.tokens[name.first].start
            one = told.pop(at, None)
            text = one.source if one is not None else name.text
            named.setdefault(text, []).append(Mention(index, at, at + len(name.text), one.form.value if one else ""))
            if one is not None and one.study:
                studies.setdefault(text, one.study)
    publisher = discourse.document.publisher
    if publisher:
        named.setdefault(publisher, [])
    merged = _merged(named)
    return [
        _organisation(texts, [mention for text in texts for mention in named[text]], publisher, studies)
        for texts in merged
    ]


def telling(text: str) -> frozenset[str]:
    """The words of a name that are no links, in small letters."""
    return frozenset(_WORD.findall(text.lower())) - _LINKS


def _merged(named: dict[str, list[Mention]]) -> list[list[str]]:
    """Names of one organisation together, the fullest first: "Universidad de Arlabán" and "Arlabán"."""
    groups: list[tuple[frozenset[str], list[str]]] = []
    by_word: dict[str, list[int]] = {}
    for text in sorted(named, key=lambda one: (-len(telling(one)), -len(one), one)):
        words = telling(text)
        near = {place for word in words for place in by_word.get(word, ())}
        owner = next((place for place in sorted(near) if words <= groups[place][0] and len(words) > 0), None)
        if owner is not None:
            groups[owner][1].append(text)
            continue
        for word in words:
            by_word.setdefault(word, []).append(len(groups))
        groups.append((words, [text]))
    return [texts for _, texts in groups]


def _organisation(
    texts: list[str], mentions: list[Mention], publisher: str | None, studies: dict[str, str]
) -> Candidate:
    mentions.sort(key=lambda one: (one.line, one.at))
    words = telling(texts[0])
    published = (
        publisher is not None
        and bool(words & telling(publisher))
        and (words <= telling(publisher) or telling(publisher) <= words)
    )
    value = publisher if published and publisher and len(telling(publisher)) >= len(words) else texts[0]
    facts = (
        float(published),
        float(is_organisation(texts[0])),
        *(float(not kind.isdisjoint(words)) for kind in _KINDS),
        float(texts[0].isupper()),
        float(len(words)),
        float(sum(one.form == Form.STUDY.value for one in mentions)),
        float(sum(one.form == Form.SPEAKER.value for one in mentions)),
        float(is_given_name(texts[0].split()[0])),
        float(not any(mention.line > 0 for mention in mentions)),
        float(any(character.isdigit() for character in texts[0])),
    )
    study = next((studies[text] for text in texts if text in studies), None)
    return Candidate(value, tuple(mentions), facts, study)


def years(discourse: Discourse) -> list[Candidate]:
    """Every year that the document names or points to, and that of its publication."""
    published = discourse.document.year
    found: dict[int, list[Mention]] = {published: []} if published else {}
    for index, line in enumerate(discourse.lines):
        for token in line.tokens:
            if token.kind == "n" and is_yearlike(token.text) and 1980 <= int(token.text) < 2060:
                found.setdefault(int(token.text), []).append(Mention(index, token.start, token.end, "year"))
        if published:
            for year, pattern in ((published - 1, _LAST_YEAR), (published, _THIS_TIME)):
                for match in pattern.finditer(line.text[:2000]):
                    found.setdefault(year, []).append(Mention(index, match.start(), match.end(), "relative"))
            for place, token in enumerate(line.tokens):
                if token.lower in _MONTHS and not _has_year(line.tokens, place) and _is_dated(line.tokens, place):
                    found[published].append(Mention(index, token.start, token.end, "month"))
    last = max(found, default=0)
    return [
        Candidate(year, tuple(mentions), (
            float(year == published),
            float(published - year if published else 9),
            float(year == last),
            float(len(found)),
            float(published is not None),
        ))
        for year, mentions in sorted(found.items())
    ]  # fmt: skip


def _has_year(tokens: Sequence[Token], place: int) -> bool:
    return any(is_yearlike(lower_at(tokens, place + step)) for step in (1, 2, 3))


def _is_dated(tokens: Sequence[Token], place: int) -> bool:
    """Whether a month's word is one: "in May", "de marzo a junio", not "may be"."""
    return tokens[place].text[0].isupper() or lower_at(tokens, place - 1) in ("de", "en", "a", "y", "entre", "hasta")
