"""Why a passage has a topic: its own sentences are shown, the names of rules that an earlier version kept are not."""

from __future__ import annotations

import pytest

from api.page.marks import carrying_sentences
from kb.records.document import Passage, Span
from kb.records.language import Language
from kb.records.topics import Topic, TopicAssignment

TEXT = "Our NPS is 41. The hotel has two pools."


@pytest.mark.parametrize(
    ("evidence", "shown"),
    [
        (("Our NPS is 41.",), ("Our NPS is 41.",)),
        (("Our NPS is 41.", "The hotel has two pools."), ("Our NPS is 41.", "The hotel has two pools.")),
        (("metrics.nps: NPS", "like example en-012 (0.71)", "words alone", "set aside: Twitter"), ()),
        ((), ()),
    ],
)
def test_only_sentences_of_the_passage_are_shown(evidence: tuple[str, ...], shown: tuple[str, ...]) -> None:
    passage = Passage("p1", "d1", Span(0, len(TEXT)), TEXT, Language.EN)

    assert carrying_sentences(passage, TopicAssignment(Topic.METRICS, 0.9, evidence)) == shown
