"""The bilingual lexicon of the field: which words of a text speak for or against a topic.

Owns the grammar of its cues (see ``data/topics_lexicon.json``) and finds them in one pass over
the words of a text. Refuses to know weights learned from examples, headings, or vectors.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from ingest.tagging.words import Word, fold, split_words
from kb.records.document import Span
from kb.records.errors import InputError
from kb.records.messages import say
from kb.records.topics import Topic

_SKIPPED_WORDS = 3
_LEAD_MARKS = frozenset(":.–—-)(")


@dataclass(frozen=True, slots=True)
class Element:
    """One word of a cue: what it may be, and whether up to three words may stand before it."""

    exact: frozenset[str]
    prefixes: tuple[str, ...]
    cased: frozenset[str]
    cased_prefixes: tuple[str, ...]
    skips: bool

    def accepts(self, word: Word) -> bool:
        """Whether the word fills this place of the cue."""
        return (
            word.folded in self.exact
            or word.raw in self.cased
            or bool(self.prefixes and word.folded.startswith(self.prefixes))
            or bool(self.cased_prefixes and word.raw.startswith(self.cased_prefixes))
        )


@dataclass(frozen=True, slots=True)
class Cue:
    """Words in a row that show a group; ``lead`` ones only as the name of a list item."""

    group: str
    lead: bool
    elements: tuple[Element, ...]


def parse_cue(written: str) -> tuple[Element, ...]:
    """The elements of a cue as written in the lexicon ("customer|client* ~ satisf*", "=CES")."""
    elements: list[Element] = []
    skips = False
    for part in written.split():
        if part == "~":
            skips = True
            continue
        elements.append(_parse_element(part, skips))
        skips = False
    if not elements:
        raise InputError(say("cue", written=written), say("has_no_words"))
    return tuple(elements)


def _parse_element(part: str, skips: bool) -> Element:
    cased = [word[1:] for word in part.split("|") if word.startswith("=")]
    plain = [fold(word) for word in part.split("|") if not word.startswith("=")]
    return Element(
        frozenset(word for word in plain if not word.endswith("*")),
        tuple(word[:-1] for word in plain if word.endswith("*")),
        frozenset(word for word in cased if not word.endswith("*")),
        tuple(word[:-1] for word in cased if word.endswith("*")),
        skips,
    )


def match_cue(cue: Cue, words: Sequence[Word], position: int) -> int | None:
    """The position of the last word of the cue when it starts at ``position``, within one sentence; else None."""
    first = words[position]
    if not cue.elements[0].accepts(first):
        return None
    for element in cue.elements[1:]:
        reach = _SKIPPED_WORDS + 1 if element.skips else 1
        for step in range(position + 1, min(position + 1 + reach, len(words))):
            if words[step].sentence == first.sentence and element.accepts(words[step]):
                position = step
                break
        else:
            return None
    return position


def names_list_item(text: str, words: Sequence[Word], position: int, end: int) -> bool:
    """Whether the words stand before a colon or dash at the head of a line: the name of a list item."""
    head = text[: words[position].start].rpartition("\n")[2]
    after = text[words[end].end :].lstrip(" s’'")[:1]
    return not any(char.isalpha() for char in head) and (after in _LEAD_MARKS or after in ("", "\n"))


@dataclass(frozen=True, slots=True)
class Group:
    """Cues that say the same thing.

    ``strength`` (0 to 1) is used where no head has been trained. ``lead`` cues count only as the name
    of a list item. ``unless`` names the traps that set a cue aside, in their sentence or (``whole_passage``)
    anywhere in the passage.
    """

    name: str
    topic: Topic | None
    subtopic: str | None
    strength: float
    lead: bool
    unless: tuple[str, ...]
    whole_passage: bool = False


@dataclass(frozen=True, slots=True)
class TopicPair:
    """A rule that holds when every one of its groups is met within one sentence."""

    name: str
    topic: Topic | None
    strength: float
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CueMatch:
    """A cue found: its group, the half-open range of code points, the sentence it stands in."""

    group: str
    start: int
    end: int
    sentence: int


@dataclass(frozen=True, slots=True)
class CueFindings:
    """What the lexicon found: cues by group, cues set aside by a trap, and rules met (with their sentences)."""

    matches: Mapping[str, tuple[CueMatch, ...]]
    set_aside: tuple[CueMatch, ...]
    pairs: Mapping[str, frozenset[int]]

    def without(self, span: Span) -> CueFindings:
        """What is left when this part of the text is taken out."""

        def inside(match: CueMatch) -> bool:
            return span.start <= match.start < span.end

        gone = {match.sentence for rows in self.matches.values() for match in rows if inside(match)}
        kept = {name: tuple(match for match in rows if not inside(match)) for name, rows in self.matches.items()}
        return CueFindings(
            {name: rows for name, rows in kept.items() if rows},
            tuple(match for match in self.set_aside if not inside(match)),
            {name: left for name, sentences in self.pairs.items() if (left := sentences - gone)},
        )


class TopicLexicon:
    """Groups of cues and rules over them; finds them in a text."""

    def __init__(self, groups: Sequence[Group], pairs: Sequence[TopicPair], cues: Mapping[str, Sequence[str]]) -> None:
        names = {group.name for group in groups}
        wanted = {name for group in groups for name in group.unless} | {name for pair in pairs for name in pair.groups}
        if unknown := sorted(wanted - names):
            raise InputError(say("topic_lexicon"), say("rules_name_groups_that_do_not", unknown=", ".join(unknown)))
        self.groups = tuple(groups)
        self.pairs = tuple(pairs)
        self._whole_passage = frozenset(group.name for group in groups if group.whole_passage)
        self._unless = {group.name: group.unless for group in groups if group.unless}
        self._exact: dict[str, list[Cue]] = {}
        self._prefix: dict[str, list[Cue]] = {}
        for group in groups:
            for written in cues[group.name]:
                self._index(Cue(group.name, group.lead, parse_cue(written)))
        self._prefix_lengths = tuple(sorted({len(prefix) for prefix in self._prefix}))

    @classmethod
    def load(cls) -> TopicLexicon:
        """The lexicon shipped with the project."""
        return cls.parse(json.loads(lexicon_bytes()))

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> TopicLexicon:
        """The lexicon in the form of ``topics_lexicon.json``; raises InputError for a rule without its group."""
        groups = [_parse_group(row) for row in data["groups"]]
        pairs = [
            TopicPair(row["name"], _topic(row["topic"]), row["strength"], tuple(row["all"])) for row in data["pairs"]
        ]
        return cls(groups, pairs, {row["name"]: row["cues"] for row in data["groups"]})

    def find(self, text: str) -> CueFindings:
        """Every cue of the text; of cues of one group that overlap, only the longest."""
        words = split_words(text)
        found: dict[str, list[CueMatch]] = {}
        for position, word in enumerate(words):
            for cue in self._starting_with(word):
                end = match_cue(cue, words, position)
                if end is not None and (not cue.lead or names_list_item(text, words, position, end)):
                    match = CueMatch(cue.group, word.start, words[end].end, word.sentence)
                    found.setdefault(cue.group, []).append(match)
        matches = {name: _without_overlaps(rows) for name, rows in found.items()}
        kept, set_aside = self._trapped(matches)
        return CueFindings(kept, set_aside, self._met(kept))

    def _index(self, cue: Cue) -> None:
        first = cue.elements[0]
        for word in first.exact:
            self._exact.setdefault(word, []).append(cue)
        for word in first.cased:
            self._exact.setdefault(fold(word), []).append(cue)
        for prefix in (*first.prefixes, *map(fold, first.cased_prefixes)):
            self._prefix.setdefault(prefix, []).append(cue)

    def _starting_with(self, word: Word) -> Iterator[Cue]:
        yield from self._exact.get(word.folded, ())
        for length in self._prefix_lengths:
            if length > len(word.folded):
                return
            yield from self._prefix.get(word.folded[:length], ())

    def _trapped(
        self, matches: Mapping[str, tuple[CueMatch, ...]]
    ) -> tuple[dict[str, tuple[CueMatch, ...]], tuple[CueMatch, ...]]:
        kept = dict(matches)
        set_aside: list[CueMatch] = []
        for name, traps in self._unless.items():
            if name not in kept:
                continue
            whole = any(trap in matches and trap in self._whole_passage for trap in traps)
            sentences = {match.sentence for trap in traps for match in matches.get(trap, ())}
            out = [match for match in kept[name] if whole or match.sentence in sentences]
            set_aside += out
            kept[name] = tuple(match for match in kept[name] if match not in out)
        return {name: rows for name, rows in kept.items() if rows}, tuple(set_aside)

    def _met(self, matches: Mapping[str, tuple[CueMatch, ...]]) -> dict[str, frozenset[int]]:
        met: dict[str, frozenset[int]] = {}
        for pair in self.pairs:
            sentences = [frozenset(match.sentence for match in matches.get(name, ())) for name in pair.groups]
            if shared := frozenset.intersection(*sentences):
                met[pair.name] = shared
        return met


def lexicon_bytes() -> bytes:
    """The file of the shipped lexicon."""
    return files("ingest").joinpath("data/topics_lexicon.json").read_bytes()


def _parse_group(row: Mapping[str, Any]) -> Group:
    return Group(
        row["name"],
        _topic(row["topic"]),
        row.get("subtopic"),
        row["strength"],
        row.get("lead", False),
        tuple(row.get("unless", ())),
        row.get("scope") == "passage",
    )


def _topic(name: str | None) -> Topic | None:
    return Topic(name) if name else None


def _without_overlaps(rows: Iterable[CueMatch]) -> tuple[CueMatch, ...]:
    kept: list[CueMatch] = []
    for match in sorted(rows, key=lambda row: (row.start, -row.end)):
        if not kept or match.start >= kept[-1].end:
            kept.append(match)
    return tuple(kept)
