"""Strings from outside become whole characters: pairs joined, halves replaced, controls out of what is one line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.outside.strings import faults, plain, plain_name, whole, whole_address, whole_deep

ANY = st.text(st.characters() | st.characters(categories=["Cs", "Cc"]))

CASES = [
    ("año", "año", "año", "año"),
    ("a\ud83d\ude00b", "a😀b", "a😀b", "a😀b"),
    ("a\ud800b", "a\ufffdb", "a\ufffdb", "a\ufffdb"),
    ("\udc00\ud800", "\ufffd\ufffd", "\ufffd\ufffd", "\ufffd\ufffd"),
    ("\ud800\ud83d\ude00", "\ufffd😀", "\ufffd😀", "\ufffd😀"),
    ("a\0b\x1b\x9f\tc\n", "a\0b\x1b\x9f\tc\n", "ab\tc\n", "a\ufffdb\ufffd\ufffd\tc\n"),
]


@pytest.mark.parametrize(("given", "joined", "bare", "name"), CASES)
def test_what_becomes_of_a_string(given: str, joined: str, bare: str, name: str) -> None:
    """Whole, plain, and as a name."""
    assert (whole(given), plain(given), plain_name(given)) == (joined, bare, name)


def test_a_date_keeps_nothing_in_place_of_a_half() -> None:
    """U+FFFD would make it no date."""
    assert whole_address("\ud80020\x0022-09") == "2022-09"


def test_notes_name_the_field() -> None:
    """One for what was replaced, one for what was left out; none for a pair that was joined."""
    assert faults("title", "a\ud83d\ude00") == ()
    assert faults("authors", ["Ana", "B\ud800", "C\0"]) == (
        "authors: a broken character stands as \ufffd",
        "authors: control characters were left out",
    )


def test_json_is_whole_to_its_depths() -> None:
    """Names of members too."""
    assert whole_deep({"k\ud800": ["\ud83d\ude00", {"a": "\udc00"}], "n": 1}) == {
        "k\ufffd": ["😀", {"a": "\ufffd"}],
        "n": 1,
    }


@given(ANY)
def test_every_string_can_be_written_and_a_second_time_changes_nothing(text: str) -> None:
    """Whatever it was; what was sound is as it was."""
    for made in (whole, plain, plain_name, whole_address):
        assert made(text).encode().decode() == made(text) == made(made(text))
    assert len(plain_name(text)) == len(whole(text)) <= len(text)
    if text.isprintable():
        assert whole(text) == plain(text) == plain_name(text) == text
