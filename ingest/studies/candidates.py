"""What a document offers for each field of its figures: organisations and periods, with every mention.

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
from ingest.studies.when.periods import NamedPeriod, PeriodRole, named_periods, placed_at, publication_of, whole_year
from kb.citing.names import is_given_name
from kb.records.statistic import Granularity, Period
from kb.words.lexicon import words_of
from kb.words.tokens import Token, is_yearlike, lower_at

_WORD = re.compile(r"\w+")
_LINKS = words_of("name_link")
_KINDS = tuple(words_of(cls) for cls in ("press_word", "research_word", "public_word", "company_word"))
_NUMBERS = words_of("number")
_MAX_LINE_CHARS = 2000
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
            if one is None and line.capitalised and telling(name.text) <= discourse.ordinary:
                continue  # "a Poor Contact Center Experience" in a headline
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


def periods(discourse: Discourse) -> list[Candidate]:
    """Every period that the document names or points to, and the year of its publication."""
    published = publication_of(discourse.document)
    named: dict[tuple[str, str], list[tuple[NamedPeriod, Mention]]] = {}
    for index, line in enumerate(discourse.lines):
        for one in named_periods(line.text[:_MAX_LINE_CHARS], line.tokens, published):
            period = placed_at(one.period, line.start)
            key = period.start, period.end
            told = NamedPeriod(period, one.at, one.stop, one.role, one.placed, one.turn)
            named.setdefault(key, []).append((told, Mention(index, one.at, one.stop, _form_of(one))))
    if published is not None:
        named.setdefault((str(published[0]), str(published[0])), [])
    last = max((end[:4] for _, end in named), default="")
    return [
        Candidate(
            _clearest([one for one, _ in mentions]) if mentions else whole_year(int(key[0])),
            tuple(mention for _, mention in mentions),
            _facts_of(key, [one for one, _ in mentions], published, last, len(named)),
        )
        for key, mentions in sorted(named.items())
    ]


def _form_of(one: NamedPeriod) -> str:
    """What a line says of a period: compared with, begun or expected then, told from today, or how it is placed."""
    if one.role in (PeriodRole.BEGUN, PeriodRole.TARGET, PeriodRole.RELATIVE):
        return str(one.role.value)
    if one.turn is not None:
        return "compared"
    if one.period.start != one.period.end:
        return "range"
    if one.period.granularity is Granularity.YEAR:
        return "year" if one.placed else ""
    return "month"


def _clearest(told: Sequence[NamedPeriod]) -> Period:
    """Of the mentions of one period the words that say the most."""
    return max((one.period for one in told), key=lambda period: (not period.target, len(period.quote or "")))


def _facts_of(
    key: tuple[str, str], told: Sequence[NamedPeriod], published: tuple[int, int] | None, last: str, count: int
) -> tuple[float, ...]:
    start, end = (int(one[:4]) for one in key)
    own = "" if published is None else f"{published[0]}-{published[1]:02d}"
    return (
        float(published is not None and start == end == published[0]),
        float(published[0] - end if published else 9),
        float(key[1][:4] == last),
        float(count),
        float(published is not None),
        float(own == key[0][:7]),
        float(len(key[0])),
        float(key[0] != key[1]),
        float(end - start),
        float(any(one.placed for one in told)),
        float(any(one.role is PeriodRole.TARGET for one in told)),
        float(any(one.role is PeriodRole.BEGUN for one in told)),
    )
