"""What a document offers for a field of its figures, and whoever may have measured them, with every mention.

A candidate is proposed by grammar alone, and generously: which of them is a figure's is for the chooser. Knows nothing
of figures.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingest.studies.attribution import Form
from ingest.studies.discourse import Discourse, DiscourseLine
from ingest.studies.orgs import Name, is_organisation
from ingest.studies.study_words import MADE, MAKES, STUDY_NOUNS, TITLE_NOUNS
from kb.citing.reference import is_given_name
from kb.records.statistic import Period
from kb.words.lexicon import words_of
from kb.words.tokens import Token, is_yearlike, lower_at

_WORD = re.compile(r"\w+")
_LINKS = words_of("name_link")
_KINDS = tuple(words_of(cls) for cls in ("press_word", "research_word", "public_word", "company_word"))
_NUMBERS = words_of("number")
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
        """Whether the sentence says more of it than its name, and not that it is another figure's."""
        return self.form not in ("", "compared", "begun")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value for a field with its mentions in order; ``facts`` are features of the candidate by itself (0 or 1)."""

    value: str | int | Period
    mentions: tuple[Mention, ...]
    facts: tuple[float, ...]
    study: str | None = None


def organisations(discourse: Discourse) -> list[Candidate]:
    """Whoever may have measured: every name, with the forms of attribution, and who publishes the document."""
    named: dict[str, list[Mention]] = {}
    studies: dict[str, str] = {}
    for index, line in enumerate(discourse.lines):
        told = {one.start: one for one in line.attributions}
        for place, name in enumerate(line.names):
            if telling(name.text) <= _NUMBERS:
                continue
            at = line.tokens[name.first].start
            one = told.pop(at, None)
            if one is None and telling(name.text) <= discourse.ordinary and line.capitalised:
                continue  # "a Poor Contact Center Experience" in a headline
            text = one.source if one is not None else name.text
            named.setdefault(text, []).append(Mention(index, at, at + len(name.text), one.form.value if one else ""))
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
        _organisation(texts, [mention for text in texts for mention in named[text]], publisher, studies)
        for texts in merged
    ]


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
        # Whoever has all words has the rarest: a directory of names shares the others ("Index", "Group").
        near: list[int] = min((by_word.get(word, []) for word in words), key=len, default=[])
        owner = next((place for place in near if words <= groups[place][0]), None)
        if owner is not None:
            groups[owner][1].append(text)
            continue
        for word in words:
            by_word.setdefault(word, []).append(len(groups))
        groups.append((words, [text]))
    return [texts for _, texts in groups]


def _with_their_studies(groups: list[list[str]], studies: Mapping[str, str]) -> list[list[str]]:
    """A study named as somebody's ("the Patience Index, by Hollis & Wray") joins its maker: whoever names the study
    later names the maker. A maker that is itself a study of somebody's takes none over."""
    place = {text: number for number, texts in enumerate(groups) for text in texts}
    by_word: dict[str, list[tuple[frozenset[str], int]]] = {}
    for maker, study in studies.items():
        if maker in place:
            for word in telling(study):
                by_word.setdefault(word, []).append((telling(study), place[maker]))
    owner: dict[int, int] = {}
    for number, texts in enumerate(groups):
        words = telling(texts[0])
        told = min((by_word.get(word, []) for word in words), key=len, default=[])
        maker_at = next((at for study, at in told if words <= study), number)
        if maker_at != number:
            owner[number] = maker_at
    joined = [list(texts) for texts in groups]
    moved = {number: at for number, at in owner.items() if at not in owner}
    for number, at in moved.items():
        joined[at] += groups[number]
    return [texts for number, texts in enumerate(joined) if number not in moved]


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
        float(not TITLE_NOUNS.isdisjoint(words)),
    )
    study = next((studies[text] for text in texts if text in studies), None)
    return Candidate(value, tuple(mentions), facts, study)
