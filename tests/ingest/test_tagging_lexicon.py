"""The lexicon: cues found where they stand, traps, rules, and offsets that always lead back."""

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.tagging.lexicon import TopicLexicon, parse_cue
from ingest.tagging.words import fold, split_words
from kb.records.errors import InputError
from kb.records.topics import SubTopic

CASES: dict[str, list[dict[str, Any]]] = json.loads(
    (Path(__file__).parents[1] / "cases" / "topics.json").read_text("utf-8")
)
LEXICON = TopicLexicon.load()


@pytest.mark.parametrize("case", CASES["positive"], ids=lambda case: case["text"])
def test_cues_are_found_as_written(case: dict[str, Any]) -> None:
    """Inflected, accented, in capitals, with words between: the evidence is the text's own."""
    found = LEXICON.find(case["text"]).matches

    assert case["words"] == [case["text"][match.start : match.end] for match in found[case["group"]]]


@pytest.mark.parametrize("case", CASES["negative"], ids=lambda case: case["text"])
def test_traps_are_not_found(case: dict[str, Any]) -> None:
    """What only looks like a cue, or stands in a trap."""
    found = LEXICON.find(case["text"])

    assert case["group"] not in found.matches
    assert case["group"] not in found.pairs


@pytest.mark.parametrize("case", CASES["known_failures"], ids=lambda case: case["text"])
@pytest.mark.xfail(strict=True, reason="left to the trained head")
def test_known_failures(case: dict[str, Any]) -> None:
    """Traps that the lexicon does not see by itself."""
    assert case["group"] not in LEXICON.find(case["text"]).matches


def test_a_trap_sets_aside_and_says_so() -> None:
    """In its own sentence only: the sentence before still counts."""
    text = "We answer on Facebook. Follow us on Twitter."
    found = LEXICON.find(text)

    assert [text[match.start : match.end] for match in found.matches["social_media.network"]] == ["Facebook"]
    assert [text[match.start : match.end] for match in found.set_aside] == ["Twitter"]


def test_a_rule_holds_within_one_sentence() -> None:
    """Technology and failure in one sentence make a rule, in two they do not."""
    assert "technology_gap.technology_failing" in LEXICON.find("The chatbot fails.").pairs
    assert "technology_gap.technology_failing" not in LEXICON.find("The chatbot works. The bridge fails.").pairs


def test_every_sub_topic_has_cues() -> None:
    """The closed vocabulary and the lexicon name the same values."""
    assert {group.subtopic for group in LEXICON.groups if group.subtopic} == {value.value for value in SubTopic}


def test_rules_over_unknown_groups_are_refused() -> None:
    """A misspelt group is an error, not a rule that never holds."""
    data = {"groups": [], "pairs": [{"name": "x", "topic": None, "strength": 0.5, "all": ["nowhere"]}]}

    with pytest.raises(InputError, match="nowhere"):
        TopicLexicon.parse(data)


def test_an_empty_cue_is_refused() -> None:
    """A cue has at least one word."""
    with pytest.raises(InputError):
        parse_cue(" ~ ")


@given(st.text())
def test_folding_keeps_the_length(text: str) -> None:
    """Offsets in the folded text are offsets in the text."""
    assert len(fold(text)) == len(text)


@given(st.text())
def test_words_cut_themselves_out_of_the_text(text: str) -> None:
    """Every word stands where it says, in order, in sentences that never go back."""
    words = split_words(text)

    assert [word.raw for word in words] == [text[word.start : word.end] for word in words]
    assert all(a.end <= b.start and a.sentence <= b.sentence for a, b in itertools.pairwise(words))


@given(st.lists(st.sampled_from(["NPS", "Twitter", "follow us", "escuchar", "sistemas", "no", "\n", ". ", "CES"])))
def test_matches_cut_the_text_and_do_not_overlap(parts: list[str]) -> None:
    """Of cues of one group that overlap only one is kept."""
    text = " ".join(parts)

    for rows in LEXICON.find(text).matches.values():
        assert all(0 <= row.start < row.end <= len(text) for row in rows)
        assert all(a.end <= b.start for a, b in itertools.pairwise(rows))
