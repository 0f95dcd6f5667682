"""How far readers agree on the topics of passages: Cohen's kappa, over every two of them.

Pure counting. Refuses to know files and how readers were asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from ingest.tagging.own import LabelledPassage
from kb.records.topics import Topic


@dataclass(frozen=True, slots=True)
class Agreement:
    """On one topic: how many pairs of readings of one passage, and kappa (Cohen 1960; 1 is full, 0 is chance).

    ``settled`` is kappa over the passages where the topic is not borderline. Null without pairs or with one answer.
    """

    topic: Topic
    pairs: int
    kappa: float | None
    settled: float | None


def agreement(passages: Sequence[LabelledPassage]) -> tuple[Agreement, ...]:
    """The agreement on each topic, in the order of Topic, over passages with two readers or more."""
    found = []
    for topic in Topic:
        everywhere = _pairs(passages, topic)
        clear = _pairs([one for one in passages if topic not in one.borderline], topic)
        found.append(Agreement(topic, len(everywhere), _kappa(everywhere), _kappa(clear)))
    return tuple(found)


def _pairs(passages: Sequence[LabelledPassage], topic: Topic) -> list[tuple[bool, bool]]:
    return [(topic in one, topic in other) for row in passages for one, other in combinations(row.readers, 2)]


def _kappa(pairs: Sequence[tuple[bool, bool]]) -> float | None:
    if not pairs:
        return None
    number = len(pairs)
    same = sum(one is other for one, other in pairs) / number
    first, second = (sum(pair[place] for pair in pairs) / number for place in (0, 1))
    chance = first * second + (1 - first) * (1 - second)
    return None if chance == 1 else (same - chance) / (1 - chance)
