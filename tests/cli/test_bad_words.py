"""Wrong words, missing bases and bad files: a line that names the thing, and the documented exit code."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.errors import KnowledgeBaseError
from kb.store import Store
from tests.cli.conftest import Kb

CASES = [
    (("search", "NPS", "--base", "nowhere"), 3, "there is no base here"),
    (("documents", "--base", "nowhere"), 3, "there is no base here"),
    (("ingest", "not-there.pdf"), 2, "there is no such file"),
    (("ingest",), 2, "no path was given"),
    (("search", "NPS", "--base", "EMPTY", "--topic", "metricas"), 2, "is not one of the five"),
    (("search", "NPS", "--base", "EMPTY", "--language", "fr"), 2, "is not known"),
    (("stats", "--kind", "percnt"), 2, "percent"),
    (("stats", "--min", "nan"), 2, "is not a number"),
    (("search", "NPS", "--base", "EMPTY", "--year-from", "2024", "--year-to", "2020"), 2, "wrong way round"),
    (("evaluate", "retrieval", "nowhere"), 2, "there is no such file"),
    (("verify", "nowhere.json"), 2, "there is no such file"),
    (
        ("ingest", "x.txt", "--keep", "newsleter"),
        2,
        "rule 'newsleter': is not a cleaning rule. Did you mean newsletter",
    ),
    (("key", "create", "", "--base", "EMPTY"), 2, "name: is empty. Say what the key is for"),
    (("key", "create", "  ", "--base", "EMPTY"), 2, "name: is empty"),
    (("key", "create", "a\nb", "--base", "EMPTY"), 2, "name: is not one line of at most 100 characters"),
]


@pytest.mark.parametrize(("words", "code", "reason"), CASES, ids=[" ".join(case[0]) for case in CASES])
def test_a_wrong_call_names_what_is_wrong(
    kb: Kb, tmp_path: Path, words: tuple[str, ...], code: int, reason: str
) -> None:
    """The exit code is the documented one, and the sentence holds the reason."""
    Store.open(tmp_path / "base", create=True).close()

    result = kb(*(str(tmp_path / "base") if word == "EMPTY" else word for word in words))

    assert isinstance(result.exception, KnowledgeBaseError)
    assert result.exit_code == code
    assert reason in str(result.exception)


@pytest.mark.parametrize(
    "words", [("serach", "NPS"), ("search", "NPS", "--frobnicate"), ("search", "NPS", "--limit", "0")]
)
def test_unknown_commands_and_options_exit_with_two(kb: Kb, words: tuple[str, ...]) -> None:
    """What the command line does not know is refused before anything is opened."""
    assert kb(*words).exit_code == 2


def test_an_id_that_is_not_there(kb: Kb, tmp_path: Path) -> None:
    """Exit code 5, naming the id."""
    Store.open(tmp_path / "base", create=True).close()

    result = kb("documents", "d0000000000000000", "--base", str(tmp_path / "base"))

    assert result.exit_code == 5
    assert "d0000000000000000" in str(result.exception)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.1", "example.org"])  # noqa: S104 - refused, which is the point
def test_other_addresses_are_refused_without_a_key(kb: Kb, tmp_path: Path, host: str) -> None:
    """Nothing listens beyond this machine by accident."""
    Store.open(tmp_path / "base", create=True).close()

    result = kb("serve", "--host", host, "--base", str(tmp_path / "base"))

    assert result.exit_code == 2


def test_analyze_names_every_line_that_it_cannot_read(kb: Kb) -> None:
    """Half a character, endless nesting, another language, no text: each line is named, none stops the rest."""
    lines = ['{"text": "x \\ud800 45%"}', "[" * 100_000, '{"text": "hola", "language": "xx"}', '{"text": ""}', "3"]

    result = kb("analyze", stdin="\n".join(lines))

    assert result.exit_code == 1
    assert result.stdout == ""
    for number in (1, 2, 4, 5):
        assert f"line {number} of stdin" in result.stderr
    assert "'xx'" in result.stderr
