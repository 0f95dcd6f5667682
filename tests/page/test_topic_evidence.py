"""Why a passage has a topic, in both languages; lines of another form stay as they are."""

from __future__ import annotations

import pytest

from api.page.topic_evidence import evidence_words
from api.page.wording import PageWording
from kb.records.language import Language

LINES = [
    ("like example en-012 (0.71)", "como el ejemplo en-012 (0,71)", "like example en-012 (0.71)"),
    ("set aside: Twitter", "no se cuenta: Twitter", "set aside: Twitter"),
    ("words alone", "solo por sus palabras, sin modelo", "by its words alone, without a model"),
    ("gap.pair: together in a sentence", "gap.pair: juntas en una frase", "gap.pair: together in a sentence"),
    ("metrics.nps: NPS, promotores", "metrics.nps: NPS, promotores", "metrics.nps: NPS, promotores"),
    ("like example {name} (high)", "like example {name} (high)", "like example {name} (high)"),
]


@pytest.mark.parametrize(("line", "spanish", "english"), LINES)
def test_evidence_is_said_in_the_language_of_the_interface(line: str, spanish: str, english: str) -> None:
    assert evidence_words([line], PageWording(Language.ES)) == (spanish,)
    assert evidence_words([line], PageWording(Language.EN)) == (english,)
