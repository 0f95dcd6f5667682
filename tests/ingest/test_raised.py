"""Raised characters: marks of notes, powers, ordinals and fractions."""

from __future__ import annotations

import pytest

from ingest.readers.extract import read_raised

CASES = [
    ("2.400", "1", " clientes", ("", "1"), "a mark after a figure is no digit of it"),
    ("el 62 %", "2", " repitió", ("", "2"), "a mark after a percentage"),
    ("según la entidad.", "3, 4", " Después", ("", "3, 4"), "two marks after a sentence"),
    ("clientes", "[12]", "", ("", "12"), "a mark in brackets"),
    ("clientes", "*", "", ("", "*"), "a star"),
    ("el valor", "a", " de la tabla", ("", "a"), "a letter"),
    ("120 m", "2", " de oficina", ("²", ""), "a power of a unit"),
    ("con R", "2", " = 0,41", ("²", ""), "a power of a letter of statistics"),
    ("3 × 10", "6", " visitas", ("⁶", ""), "a power of ten"),
    ("el 3", "er", " trimestre", ("er", ""), "an ordinal in Spanish"),
    ("the 21", "st", " century", ("st", ""), "an ordinal in English"),
    ("el 1.", "o", " de mayo", ("o", ""), "an ordinal with its point"),
    ("48 ", "1", "/2 cents", ("1", ""), "a fraction after white"),
    ("48", "1", "/2 cents", (" 1", ""), "a fraction that touches its number"),
    ("Acme", "TM", " es una marca", ("TM", ""), "letters that are no mark"),
    ("D.", "a", " Ana Gil", ("a", ""), "an abbreviation"),
    ("se reparten los casos.", "a", " Después", ("", "a"), "a letter after a sentence is a mark"),
    ("se hizo en 6", "2021", " casos", ("²⁰²¹", ""), "a year stays raised"),
]


@pytest.mark.parametrize(("before", "raised", "after", "read", "reason"), CASES)
def test_raised_characters_read_as_what_they_are(
    before: str, raised: str, after: str, read: tuple[str, str], reason: str
) -> None:
    """A mark goes out of its sentence; what belongs to a number or a word stays and is never one of its digits."""
    assert read == read_raised(before, raised, after), reason
