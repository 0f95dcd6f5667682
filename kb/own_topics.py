"""Topics that the users of a base add themselves: what one is, and how it is given to a passage.

They stand beside the five and never replace one. Knows nothing of how nearness is measured.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.errors import InputError
from kb.language import Language
from kb.topics import SubTopic, Topic

_MAX_NAME = 60
_BETWEEN = re.compile(r"[\s_-]{1,60}")
_TAKEN = frozenset(one.value for one in (*Topic, *SubTopic))


@dataclass(frozen=True, slots=True)
class Example:
    """A text that is about the topic, in its language."""

    language: Language
    text: str


@dataclass(frozen=True, slots=True)
class OwnTopic:
    """A user's topic: its name, its definition, at least three examples. The definition counts as one more."""

    name: str
    definition: Example
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class OwnTopicAssignment:
    """A user's topic given to a passage. The score (0.5 to 1) ranks; it is not a calibrated probability."""

    name: str
    score: float
    evidence: tuple[str, ...]


def own_topic_name(written: str) -> str:
    """The name as it is stored and filtered by: lower case, words joined by "_".

    Raises InputError for an empty or long one, and for the name of one of the five or of a sub-topic.

    >>> own_topic_name(" Mi tema ")
    'mi_tema'
    """
    name = _BETWEEN.sub("_", written.strip().lower())
    if not name or len(name) > _MAX_NAME:
        raise InputError(f"topic {written[:80]!r}", "has an empty name" if not name else "has too long a name")
    if name in _TAKEN:
        raise InputError(f"topic {written!r}", "has the name of a topic that is there already", "Choose another name")
    return name
