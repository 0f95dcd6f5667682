"""The closed vocabulary of topics and sub-topics, with labels in both languages.

Knows nothing of how a topic is assigned.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from kb.errors import InputError


class Topic(Enum):
    """The five topics; a passage has none, one or several."""

    METRICS = "metrics"
    MATURITY = "maturity"
    EMPATHY = "empathy"
    SOCIAL_MEDIA = "social_media"
    TECHNOLOGY_GAP = "technology_gap"

    @property
    def label_es(self) -> str:
        """The Spanish label."""
        return _LABELS[self][0]

    @property
    def label_en(self) -> str:
        """The English label."""
        return _LABELS[self][1]


_LABELS = {
    Topic.METRICS: ("métricas", "metrics"),
    Topic.MATURITY: ("madurez", "maturity"),
    Topic.EMPATHY: ("empatía", "empathy"),
    Topic.SOCIAL_MEDIA: ("redes sociales", "social media"),
    Topic.TECHNOLOGY_GAP: ("brecha tecnológica", "technology gap"),
}


@dataclass(frozen=True, slots=True)
class TopicAssignment:
    """A topic given to a passage: a calibrated probability (0 to 1) and what speaks for it.

    ``evidence`` holds the words found in the text and the name of the rule ("lexicon: NPS").
    ``subtopics`` are values of the sub-topic vocabulary ("nps", "stage:initial").
    """

    topic: Topic
    score: float
    evidence: tuple[str, ...]
    subtopics: tuple[str, ...] = ()


def parse_topic(name: str) -> Topic:
    """The topic of this name ("social media", "social_media", "social-media"); else InputError."""
    key = name.strip().lower().replace(" ", "_").replace("-", "_")
    try:
        return Topic(key)
    except ValueError:
        known = ", ".join(topic.value for topic in Topic)
        raise InputError(f"topic {name!r}", "is not one of the five", f"Use one of: {known}") from None
