"""What a document offers for each field of its figures: organisations, years and sample sizes, with every mention.

A candidate is proposed by grammar alone, and generously: which of them is a figure's is for the chooser. Knows nothing
of figures.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ingest.studies.attribution import Form
from ingest.studies.discourse import Discourse, DiscourseLine
from ingest.studies.orgs import Name, is_organisation
from ingest.studies.study_words import MADE, MAKES, SPONSORED, STUDY_NOUNS, TITLE_NOUNS
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
_ASKED = words_of("respondent_noun") | words_of("interview_noun") | words_of("measured_noun")
_SAMPLES = words_of("sample_samples") | {"n"}
_GROUPED = re.compile(r"\d{1,3}(?:[.,'’]\d{2,3})*[.,'’]\d{3}|\d+")
_FEWEST_ASKED = 5
_QUOTES = frozenset("«»“”‘’\"'")
_CITES = frozenset(["(", "–", "—", "-", ":"])
_ARTICLES = frozenset(["la", "el", "los", "las", "the"])


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
    cues: dict[str, list[tuple[float, ...]]] = {}
    for index, line in enumerate(discourse.lines):
        told = {one.start: one for one in line.attributions}
        for place, name in enumerate(line.names):
            if telling(name.text) <= _NUMBERS:
                continue
            at = line.tokens[name.first].start
            one = told.pop(at, None)
            text = one.source if one is not None else name.text
            named.setdefault(text, []).append(Mention(index, at, at + len(name.text), one.form.value if one else ""))
            cues.setdefault(text, []).append(_cues(line, name))
            maker = _maker_beside(line, place)
            if maker is not None:
                studies.setdefault(maker, name.text)
            if one is not None and one.study:
                studies.setdefault(text, one.study)
    publisher = discourse.document.publisher
    if publisher:
        named.setdefault(publisher, [])
    merged = _with_their_studies(_merged(named), studies)
    return [
        _organisation(texts, [mention for text in texts for mention in named[text]], publisher, studies, cues)
        for texts in merged
    ]


_CUES = 7


def _cues(line: DiscourseLine, name: Name) -> tuple[float, ...]:
    """What the words beside a name say of it: it opens its line, alone; all has capitals there; it is made by, paid
    for, followed by a colon, behind a dash, in brackets."""
    tokens = line.tokens
    before = [lower_at(tokens, name.first - step) for step in range(1, 6)]
    after = [lower_at(tokens, name.stop + step) for step in range(5)]
    opens = name.first == 0 or not any(token.kind == "w" for token in tokens[: name.first])
    by = before[0] in ("por", "by") or before[1] in ("por", "by")
    return (
        float(opens and name.stop - name.first == 1 and after[0] not in (":", ",")),
        float(line.capitalised),
        float(by and not MADE.isdisjoint(before)),
        float(not SPONSORED.isdisjoint([*before, *after])),
        float(opens and after[0] == ":"),
        float(before[0] in ("–", "—", "-")),
        float(before[0] == "(" or (after[0] in (",", ")") and "(" in before)),
    )


def _maker_beside(line: DiscourseLine, place: int) -> str | None:
    """Who made the study of this name, where it is said to be one ("the Patience Index", "la encuesta Sin Filtro"):
    "el Radar 2023 de Nubora", "the Outlook (Calix)", "Calix's 2024 Outlook", "the Outlook, run by Calix"; or null."""
    name = line.names[place]
    if not _is_study(line, name):
        return None
    if place + 1 < len(line.names) and _makes(line, name, line.names[place + 1]):
        return line.names[place + 1].text
    other = line.names[place - 1] if place else None
    if other is None or _is_study(line, other):
        return None
    between = _between(line.tokens, other, name)
    owns = line.tokens[other.stop - 1].lower.endswith(("'s", "’s")) and not between
    cited = between == [","] and lower_at(line.tokens, other.first - 1) in _CITES
    return other.text if owns or cited else None


def _is_study(line: DiscourseLine, name: Name) -> bool:
    lead = name.first - 1
    while lower_at(line.tokens, lead) in _QUOTES:
        lead -= 1
    return not TITLE_NOUNS.isdisjoint(telling(name.text)) or lower_at(line.tokens, lead) in STUDY_NOUNS


def _makes(line: DiscourseLine, name: Name, other: Name) -> bool:
    """Whether the name after that of a study is its maker's."""
    tokens = line.tokens
    between = _between(tokens, name, other)
    if not between or len(between) > 9 or any(word in ".;:" for word in between):
        return False
    if between[0] in ("de", "del", "by", "from", "(") and set(between[1:]) <= _ARTICLES:
        return True
    if between == [","] and lower_at(tokens, name.first - 1) in _CITES:
        return True
    if not {"que", "which", "that"}.isdisjoint(between[:2]) and lower_at(tokens, other.stop) in MAKES:
        return True
    return not MADE.isdisjoint(between) and between[-1] in (*_ARTICLES, "por", "by")


def _between(tokens: Sequence[Token], first: Name, second: Name) -> list[str]:
    """The words and signs between two names, without years and marks of quotation."""
    between = [token for token in tokens[first.stop : second.first] if not is_yearlike(token.text)]
    return [token.lower for token in between if token.lower not in _QUOTES]


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


def _with_their_studies(groups: list[list[str]], studies: Mapping[str, str]) -> list[list[str]]:
    """A study named as somebody's ("the Patience Index, by Hollis & Wray") joins its maker: whoever names the study
    later names the maker."""
    maker = {telling(study): source for source, study in studies.items()}
    made: dict[str, list[str]] = {}
    rest = []
    for texts in groups:
        words = telling(texts[0])
        source = next((source for study, source in maker.items() if words and words <= study), None)
        if source is None or source in texts:
            rest.append(texts)
        else:
            made.setdefault(source, []).extend(texts)
    return [[*texts, *(one for text in texts for one in made.get(text, ()))] for texts in rest]


def _organisation(
    texts: list[str],
    mentions: list[Mention],
    publisher: str | None,
    studies: dict[str, str],
    cues: Mapping[str, list[tuple[float, ...]]],
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
        float(not TITLE_NOUNS.isdisjoint(words)),
        *np.mean([cue for text in texts for cue in cues.get(text, ())] or [(0.0,) * _CUES], axis=0).tolist(),
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


def sizes(discourse: Discourse) -> list[Candidate]:
    """Every whole number that may say how many were asked: all but shares, sums of money and years."""
    found: dict[int, list[Mention]] = {}
    for index, line in enumerate(discourse.lines):
        for place, token in enumerate(line.tokens):
            value = _whole(line.tokens, place) if token.kind == "n" else None
            if value is not None and value >= _FEWEST_ASKED:
                mention = Mention(index, token.start, token.end, _asked(line.tokens, place))
                found.setdefault(value, []).append(mention)
    largest = max(found, default=0)
    return [
        Candidate(size, tuple(mentions), (
            float(len(str(size))),
            float(size == largest),
            float(len(found)),
            float(any(mention.form for mention in mentions)),
            float(size % 10 == 0),
        ))
        for size, mentions in sorted(found.items())
    ]  # fmt: skip


def _whole(tokens: Sequence[Token], place: int) -> int | None:
    """The whole number that these digits are, their groups read ("6.240", "6 240"); null for a share, money, a year."""
    text, before, after = tokens[place].text, lower_at(tokens, place - 1), lower_at(tokens, place + 1)
    if _GROUPED.fullmatch(text) is None or len(text) > 12 or after in ("%", "°") or before in ("$", "€", "£", "₹"):
        return None
    if before.isdigit() and len(text) == 3 and len(before) <= 3:
        return None  # the rest of "6 240"
    joined = place + 1 < len(tokens) and len(after) == 3 and after.isdigit() and len(text) <= 3
    if is_yearlike(text) and _asked(tokens, place) == "":
        return None
    return int(re.sub(r"\D", "", text + after if joined else text))


def _asked(tokens: Sequence[Token], place: int) -> str:
    """How the number is said to count people: "noun" within a few words after it, "sample" before it; or nothing."""
    if any(lower_at(tokens, place - step) in _SAMPLES for step in (1, 2, 3, 4)):
        return "sample"
    for step in range(1, 6):
        word = lower_at(tokens, place + step)
        if word in _ASKED:
            return "noun"
        if not word or word in ",.;:()%":
            break
    return ""
