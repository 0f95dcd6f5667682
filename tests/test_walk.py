"""The committed walk has the shape of the script's; the slow test walks it again and compares every line."""

from __future__ import annotations

import re

import pytest
from typer.main import get_command

from api.cli.program import app
from api.routes.contract import EXAMPLES
from tests.walk import FILES, MASKS, QUESTIONS, STEPS, WALK, note, picked, walked

TEXT = WALK.read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\$ (.+)$", TEXT, re.MULTILINE)
# What each step must have shown, in the order of the steps.
SHOWN = [
    r"\d+ added, 1 duplicate",
    r"^kb_…$",
    r'"status": ?"ready"',
    r'"code": "no_key", "title": "Se necesita una clave"',
    r'"hits": \[\{"document": \{"source_id": "articles/',
    r'"status": "answered", "text": "According to Gallup',
    r'"status": "answered", "text": "Scott Magids',
    r'"status": "no_evidence", "text": ',
    r'"hint": "Did you mean metrics\?"',
    r'"hint": "¿Quería decir language\?"',
    r"^kb: topic 'metrcs': is not one of the five\. Did you mean metrics\?$",
    r"^200\n200\n200$",
    r"^HTTP/1\.1 429 ",
    r"^retry-after: \(seconds\)$",
    rf'"id": "j…", "state": "queued", "total": {FILES}, "attempt": 0',
    r"^\$ kill -9 \$SERVER$",
    r"^nobody answers$",
    rf'"id": "j…", "state": "done", "total": {FILES}, "attempt": 2',
    rf"^{FILES}$",
    r"^0 faults$",
    r"^backed up to backups/today: ",
    r"^\$ rm -r kb-base$",
    r"^restored to kb-base: ",
    r"^identical$",
]


def test_the_walk_shows_what_it_promises_in_order() -> None:
    """Key, curl in both languages, a typo, a rate limit, a killed and resumed job, backup, wipe, restore, identity."""
    place = 0
    for pattern in SHOWN:
        found = re.compile(pattern, re.MULTILINE).search(TEXT, place)

        assert found, pattern
        place = found.end()
    assert len(re.findall(r"^## ", TEXT, re.MULTILINE)) == len(STEPS)


def test_nothing_that_differs_from_run_to_run_stands_in_it() -> None:
    for pattern, mask in MASKS:
        assert pattern.sub(mask, TEXT) == TEXT


def test_its_commands_and_routes_are_those_of_the_program() -> None:
    """What it shows can be typed."""
    known = set(get_command(app).commands)  # type: ignore[attr-defined]
    routes = {path for _, path in EXAMPLES}
    for command in COMMANDS:
        assert set(re.findall(r"(?:^|; |=\d )kb (\w+)", command)) <= known
        for path in re.findall(r"http://127\.0\.0\.1:800[01](/[a-z0-9/]+)", command):
            assert path in routes or path.startswith("/v1/jobs/j"), path
    assert all(question in TEXT for question in QUESTIONS)


def test_the_notes_are_apart_and_say_that_their_figures_are_invented() -> None:
    notes = dict(note(number) for number in range(FILES))

    assert len(set(notes.values())) == len(notes) == FILES
    assert all("Ejemplo inventado" in text or "An invented example" in text for text in notes.values())


def test_members_are_picked_by_name() -> None:
    """Of a list the first, of an object those that are named, in the order in which they are."""
    assert picked({"a": [{"b": 1, "c": 2}, {"b": 3}], "d": 4}, {"d": None, "a": [{"b": None}]}) == {
        "d": 4,
        "a": [{"b": 1}],
    }


@pytest.mark.model
@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_the_walk_is_what_happens() -> None:
    """Character for character; ``python -m tests.walk`` writes it anew."""
    assert walked() == TEXT
