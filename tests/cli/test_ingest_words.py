"""What may be named after ``kb ingest``, before any model is loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.cli.ingest_sources import Named
from kb.records.errors import InputError
from tests.cli.conftest import Kb


def test_paths_and_addresses_are_told_apart(tmp_path: Path) -> None:
    """A path is a path; only what has a scheme is an address."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("hola")
    named = Named.of([str(tmp_path / "in"), "https://example.org/a"], network=True)

    assert named == Named((tmp_path / "in",), ("https://example.org/a",))
    assert (named.folders, named.count()) == ((tmp_path / "in",), 2)


@pytest.mark.parametrize("word", ["no-such-file", "a\0b", "x" * 5000])
def test_what_is_not_there_is_said_at_once(word: str) -> None:
    """Also a name that no file can have."""
    with pytest.raises(InputError, match="there is no such file or folder"):
        Named.of([word], network=False)


def test_workers_are_those_of_ray(kb: Kb, tmp_path: Path) -> None:
    """A number of them alone would be passed over in silence."""
    result = kb("ingest", str(tmp_path), "--workers", "2", "--base", str(tmp_path / "base"))

    assert result.exit_code == 2
    assert str(result.exception) == "--workers: goes with --ray alone. Add --ray local"
    assert not (tmp_path / "base").exists()


def test_nothing_is_fetched_unless_asked(kb: Kb, tmp_path: Path) -> None:
    """An address without leave is refused before anything is made."""
    result = kb("ingest", "https://example.org/", "--base", str(tmp_path / "base"))

    assert result.exit_code == 2
    assert "Add --allow-network, or set KB_NETWORK=1" in str(result.exception)
    assert not (tmp_path / "base").exists()


def test_an_address_that_may_not_be_reached_is_a_line_of_the_report(kb: Kb, tmp_path: Path) -> None:
    """The run ends with its line and exit code 1; --retry-failed tries the address again."""
    base = ("--base", str(tmp_path / "base"))
    first = kb("ingest", "http://127.0.0.1:1/x", "--allow-network", *base)
    again = kb("ingest", "--retry-failed", "--allow-network", *base)

    line = "failed     http://127.0.0.1:1/x  fetch: its host 127.0.0.1 is not on the open internet (127.0.0.1)."
    assert (first.exit_code, again.exit_code) == (1, 1)
    assert line in first.output
    assert line in again.output
