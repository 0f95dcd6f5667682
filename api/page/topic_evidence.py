"""Why a passage has a topic, for a reader of the page: the sentences that carry it, and a labelled passage like it.

Owns what of a stored evidence is shown. Bases tagged by earlier versions keep names of rules there: those are not said.
"""

from __future__ import annotations

from kb.records.document import Passage
from kb.records.topics import TopicAssignment


def carrying_sentences(passage: Passage, assigned: TopicAssignment) -> tuple[str, ...]:
    """The sentences of the passage that carry the topic; none for a passage that an earlier version tagged."""
    return tuple(line for line in assigned.evidence if line in passage.text)
