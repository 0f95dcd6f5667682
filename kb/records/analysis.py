"""What the tagger and the figure reader say of one text, whether or not it is in a base."""

from __future__ import annotations

from dataclasses import dataclass

from kb.records.document import Span
from kb.records.language import Language
from kb.records.statistic import RejectedNumber, Statistic
from kb.records.topics import TopicAssignment


@dataclass(frozen=True, slots=True)
class Analysis:
    """Topics, statistics and sentences of a text; all spans count code points of ``text`` as it was given.

    ``note`` says what could not be done in full (topics from words alone, say), else null.
    """

    id: str
    language: Language
    topics: tuple[TopicAssignment, ...]
    statistics: tuple[Statistic, ...]
    sentences: tuple[Span, ...]
    rejected: tuple[RejectedNumber, ...] = ()
    note: str | None = None
