"""Topics that users add themselves: a name, a definition in either language, a few example passages, no code.

Owns their file and how near a passage must be to the examples. Refuses to know the five topics' head, save that
its labelled passages serve as what the topic is not.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from ingest.tagging.head import TopicHead, centred
from kb.outside.strings import whole_deep
from kb.records.document import parse_language
from kb.records.errors import InputError, ModelError
from kb.records.language import Language
from kb.records.messages import say, told
from kb.records.ports import Embedder, FloatArray
from kb.records.topics import Example, OwnTopic, OwnTopicAssignment, Topic, own_topic_name, parse_topic


@dataclass(frozen=True, slots=True)
class LabelledPassage:
    """A text and the topics a reader gave it; ``borderline`` ones could honestly be given or not.

    ``document`` names the document it was written in, where it was in one; ``readers`` are the topics that each of
    two or more gave it by themselves, before they were settled.
    """

    id: str
    language: Language
    text: str
    tags: frozenset[Topic]
    borderline: frozenset[Topic]
    heading: tuple[str, ...] = ()
    document: str | None = None
    readers: tuple[frozenset[Topic], ...] = ()


_READERS = ("first", "second", "third", "fourth")


def shipped_passages() -> tuple[LabelledPassage, ...]:
    """The labelled passages of the project."""
    return parse_passages(files("ingest").joinpath("data/topics_training.jsonl").read_text("utf-8").splitlines())


def read_passages(path: Path) -> tuple[LabelledPassage, ...]:
    """The labelled passages of a file; raises InputError naming the line at fault."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise InputError(str(path), say("cannot_be_read", error=reason), say("give_a_file_of_json_lines")) from error
    return parse_passages(lines, str(path))


def parse_passages(lines: Iterable[str], origin: str = "labelled passages") -> tuple[LabelledPassage, ...]:
    """One passage a line; empty lines are passed over.

    ``{id, lang, text, tags, borderline?, heading?, document?, first?, second?, third?, fourth?}``.
    """
    found: list[LabelledPassage] = []
    seen: set[str] = set()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        passage = _passage(line, f"{origin}, line {number}")
        if passage.id in seen:
            raise InputError(say("line_of_file", path=origin, number=number), say("repeats_the_id", passage=passage.id))
        seen.add(passage.id)
        found.append(passage)
    if not found:
        raise InputError(origin, say("holds_no_passages"))
    return tuple(found)


def _passage(line: str, where: str) -> LabelledPassage:
    try:
        row: dict[str, Any] = json.loads(line)
        return LabelledPassage(
            str(row["id"]),
            parse_language(row["lang"]),
            str(row["text"]),
            frozenset(parse_topic(name) for name in row["tags"]),
            frozenset(parse_topic(name) for name in row.get("borderline", ())),
            tuple(row.get("heading", ())),
            row.get("document"),
            tuple(frozenset(parse_topic(name) for name in row[reader]) for reader in _READERS if reader in row),
        )
    except InputError as error:
        raise InputError(where, told(error)) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        reason = (
            say("lacks_the_field", field=error) if isinstance(error, KeyError) else say("is_no_object_with_id_and_tags")
        )
        raise InputError(where, reason) from error


_FEWEST_EXAMPLES = 3
# Of passages that are not about a topic, one in a hundred may come as near to its examples as one that is.
_BACKGROUND_SHARE = 0.99
# From the threshold, .1 of cosine moves the score from .5 to .73: the spread seen between related passages.
_STEEPNESS = 10.0


def read_own_topics(path: Path) -> tuple[OwnTopic, ...]:
    """The topics of a JSON file, with names as they are filtered by; raises InputError naming the topic at fault.

    ``{"topics": [{"name", "lang", "definition", "examples": [text or {"lang", "text"}]}]}``
    """
    try:
        rows = whole_deep(json.loads(path.read_text("utf-8")))["topics"]
        topics = tuple(_parse(row) for row in rows)
    except InputError:
        raise
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        hint = say("write_topics_name_lang_es_definition")
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise InputError(str(path), say("is_not_a_file_of_topics", reason=reason), hint) from error
    names = [topic.name for topic in topics]
    if len(set(names)) < len(names):
        raise InputError(str(path), say("names_a_topic_twice"))
    return topics


class OwnTopicTagger:
    """Gives users' topics to passages by their nearness to the examples, in either language."""

    def __init__(self, topics: Sequence[OwnTopic], embedder: Embedder, head: TopicHead) -> None:
        if embedder.stamp.revision != head.stamp.revision:
            raise ModelError(embedder.stamp.name, say("is_not_the_model"), say("run_kb_topics_train"))
        self._means = head.means
        background = centred(head.examples.unit(), head.examples.languages, head.means)
        meanings = [_meaning(topic, embedder, head.means) for topic in topics]
        self._topics = [
            _Learned.of(topic.name, meaning, background) for topic, meaning in zip(topics, meanings, strict=True)
        ]
        self.figures = tuple(
            _cross_validated(topic.name, meaning, background) for topic, meaning in zip(topics, meanings, strict=True)
        )
        """How sure each topic is, in the order of the topics."""

    def tag(self, languages: Sequence[Language], vectors: FloatArray) -> list[tuple[OwnTopicAssignment, ...]]:
        """The users' topics of each passage from its embedding, best first; shape (passages, dimension)."""
        if len(languages) != len(vectors):
            raise InputError(
                say("passages"), say("languages_for_vectors", languages=len(languages), vectors=len(vectors))
            )
        meaning = centred(vectors, languages, self._means)
        found = [[given for topic in self._topics if (given := topic.judge(row)) is not None] for row in meaning]
        return [tuple(sorted(given, key=lambda own: -own.score)) for given in found]


@dataclass(frozen=True, slots=True)
class OwnTopicFigures:
    """How sure a user's topic is: of so many ``examples`` how many are ``found`` by the others and the definition, and
    of so many ``background`` passages of other subjects how many get it ``wrongly`` that did not set its threshold."""

    name: str
    examples: int
    found: int
    background: int
    wrongly: int


@dataclass(frozen=True, slots=True)
class _Learned:
    name: str
    vectors: FloatArray
    threshold: float

    @classmethod
    def of(cls, name: str, vectors: FloatArray, background: FloatArray) -> _Learned:
        """The threshold lies halfway between how near examples are to one another and how near others come."""
        among = vectors @ vectors.T
        np.fill_diagonal(among, -1.0)
        inside = float(np.median(among.max(axis=1)))
        outside = float(np.quantile((background @ vectors.T).max(axis=1), _BACKGROUND_SHARE))
        return cls(name, vectors, max(outside, (inside + outside) / 2))

    def judge(self, vector: FloatArray) -> OwnTopicAssignment | None:
        cosines = self.vectors @ vector
        nearest = int(np.argmax(cosines))
        if cosines[nearest] < self.threshold:
            return None
        score = 1.0 / (1.0 + float(np.exp(-_STEEPNESS * (cosines[nearest] - self.threshold))))
        which = "the definition" if nearest == 0 else f"your example {nearest}"
        return OwnTopicAssignment(self.name, round(score, 4), (f"like {which} ({cosines[nearest]:.2f})",))


def _meaning(topic: OwnTopic, embedder: Embedder, means: Mapping[Language, FloatArray]) -> FloatArray:
    """The definition, then the examples, shape (1 + examples, dimension)."""
    parts = (topic.definition, *topic.examples)
    encoded = embedder.encode_passages([part.text for part in parts])
    return centred(encoded, [part.language for part in parts], means)


def _cross_validated(name: str, vectors: FloatArray, background: FloatArray) -> OwnTopicFigures:
    examples = range(1, len(vectors))
    found = sum(
        _Learned.of(name, np.delete(vectors, row, axis=0), background).judge(vectors[row]) is not None
        for row in examples
    )
    halves = (background[::2], background[1::2])
    wrongly = 0
    for own, other in (halves, halves[::-1]):
        learned = _Learned.of(name, vectors, own)
        wrongly += int(((other @ vectors.T).max(axis=1) >= learned.threshold).sum())
    return OwnTopicFigures(name, len(examples), found, len(background), wrongly)


def _parse(row: Mapping[str, Any]) -> OwnTopic:
    name = own_topic_name(str(row["name"]))
    language = parse_language(row["lang"])
    examples = tuple(
        Example(parse_language(item["lang"]), str(item["text"])) if isinstance(item, dict) else Example(language, item)
        for item in row["examples"]
    )
    if len(examples) < _FEWEST_EXAMPLES:
        raise InputError(
            say("topic", name=name),
            say("has_few_examples", count=len(examples)),
            say("give_at_least", fewest=_FEWEST_EXAMPLES),
        )
    return OwnTopic(name, Example(language, str(row["definition"])), examples)
