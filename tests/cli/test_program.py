"""The program as a whole: which commands there are, what loading one costs, and what settings refuse."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli.program import COMMANDS, app
from api.settings import Settings
from kb.records.errors import InputError
from kb.store import Store
from tests.cli.conftest import Kb

PACKAGE = Path(importlib.import_module("api.cli.commands").__file__ or "").parent


def test_every_module_of_commands_is_in_the_table() -> None:
    """A new command cannot be forgotten."""
    assert {path.stem for path in PACKAGE.glob("[!_]*.py")} == set(COMMANDS.values())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, the device that is always full")
def test_a_full_disk_under_the_output_is_one_line(tmp_path: Path) -> None:
    """No trace, whichever way a command prints."""
    Store.open(tmp_path, create=True).close()
    code = "from api.cli import main; main()"
    for words in (["key", "list"], ["key", "list", "--json"], ["documents", "--json"]):
        with Path("/dev/full").open("w") as full:
            command = [sys.executable, "-c", code, *words, "--base", str(tmp_path)]
            done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)

        assert done.stderr == "kb: the output: No space left on device\n"
        assert done.returncode == 1


def test_help_lists_every_command_with_its_line() -> None:
    """In the order of the table."""
    shown = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "160"}).output
    places = [shown.index(f"│ {name} ") for name in COMMANDS]

    assert places == sorted(places)
    assert "Passages in both languages, with the sentence that matched." in shown
    assert "Exit codes: 0 done" in shown


def test_a_misspelt_command_is_told_the_nearest(kb: Kb) -> None:
    """Without loading any."""
    result = kb("serach", "NPS")

    assert result.exit_code == 2
    assert "Did you mean 'search'?" in result.output


def test_a_search_loads_only_what_it_needs(tmp_path: Path) -> None:
    """No reader, web framework or torch on its way: they were two thirds of its time. No detector either where
    small words tell the language."""
    code = (
        "import sys; sys.argv = ['kb', 'search', 'medir el esfuerzo', '--base', sys.argv[1]]\n"
        "from api.cli import main\n"
        "code = None\ntry: main()\n"
        "except SystemExit as ended: code = ended.code\n"
        "heavy = ('torch', 'fastapi', 'mcp', 'trafilatura', 'lxml', 'citeproc', 'matplotlib', 'openpyxl', 'scipy',\n"
        "         'kb.quotes.judge', 'pydantic_settings', 'openvino', 'transformers', 'langdetect',\n"
        "         'index.search.same_figure', 'api.http.problems')\n"
        "print(code, [name for name in heavy if name in sys.modules])\n"
    )
    Store.open(tmp_path / "base", create=True).close()

    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "base")], capture_output=True, text=True, check=True
    )

    assert done.stdout.splitlines()[-1] == "0 []"


def test_a_server_starts_without_what_it_may_never_need() -> None:
    """The library of agents comes with their first request: it was a third of the time of a start."""
    code = "import sys, api.app; print([name for name in ('mcp', 'torch', 'trafilatura') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"


@pytest.mark.parametrize("command", ["search", "ask", "stats"])
def test_bytes_that_are_no_text_are_refused(tmp_path: Path, command: str) -> None:
    """Exit code 2 and a line that says why, as a shell would pass them."""
    Store.open(tmp_path / "base", create=True).close()
    words = [os.fsencode(sys.executable), b"-c", b"from api.cli import main; main()", command.encode(), b"caf\xe9"]

    done = subprocess.run([*words, b"--base", os.fsencode(tmp_path / "base")], capture_output=True, check=False)

    assert done.returncode == 2
    assert "kb: query: is not text in valid Unicode. Write it in UTF-8" in done.stderr.decode()
    assert done.stdout == b""


@pytest.mark.parametrize(
    ("words", "reason"),
    [("", "is empty"), (" \t ", "is empty"), ("palabra " * 13_000, "has 103999 characters, more than 4000")],
    ids=["nothing", "blank", "100 kB"],
)
def test_queries_that_are_none_are_refused(kb: Kb, tmp_path: Path, words: str, reason: str) -> None:
    """Exit code 2, with what is wrong."""
    Store.open(tmp_path / "base", create=True).close()

    result = kb("search", words, "--base", str(tmp_path / "base"))

    assert result.exit_code == 2
    assert reason in str(result.exception)


ODD = ["🙂", "顧客体験", "опыт", 'NEAR("a" b)*', "plain:effort AND (", "'; DROP TABLE documents;--", "%", "ñ"]


# In the language of the terminal.
EMPTY = (
    ("There are no passages. Try other words.\n", "the base holds no passages yet\n"),
    ("No hay ningún pasaje. Pruebe con otras palabras.\n", "la base aún no tiene pasajes\n"),
)


@pytest.mark.parametrize("words", ODD)
def test_odd_words_are_only_words(kb: Kb, tmp_path: Path, words: str) -> None:
    """An empty base says that it is empty, whatever it is asked."""
    Store.open(tmp_path / "base", create=True).close()

    result = kb("search", words, "--base", str(tmp_path / "base"))

    assert result.exit_code == 0
    assert (result.stdout, result.stderr) in EMPTY


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("KB_PORT", "abc", "setting KB_PORT: must be a whole number"),
        ("KB_PORT", "70000", "setting KB_PORT: must be at most 65535"),
        ("kb_rate_per_minute", "-1", "setting KB_RATE_PER_MINUTE: must be at least 0"),
        ("KB_CORS_ORIGINS", '["https://a.example"', "setting KB_CORS_ORIGINS: is not a JSON list"),
        (
            "KB_PUBLIC_URL",
            "http://127.0.0.1:8000",
            "setting KB_PUBLIC_URL: 'http://127.0.0.1:8000' is an address of this very machine",
        ),
        ("KB_PUBLIC_URL", "kb.example.org", "setting KB_PUBLIC_URL: 'kb.example.org' is no web address"),
        ("KB_REQUIRE_KEY", "maybe", "setting KB_REQUIRE_KEY: must be true or false"),
    ],
)
def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str, reason: str) -> None:
    """By its variable, with what is wrong, and without its value, which may be a secret."""
    monkeypatch.setenv(name, value)

    with pytest.raises(InputError) as raised:
        Settings()

    assert str(raised.value).startswith(reason)
    assert "See docs/settings.md" in str(raised.value)


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any case of a name, a list as JSON, the rest by default; an argument wins."""
    for name in [name for name in os.environ if name.upper().startswith("KB_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("kb_base", "elsewhere")
    monkeypatch.setenv("KB_CORS_ORIGINS", json.dumps(["https://a.example"]))
    monkeypatch.setenv("KB_NETWORK", "1")
    monkeypatch.setenv("KB_UNKNOWN", "left alone")

    read = Settings(port=9000)

    assert (read.base, read.cors_origins, read.network, read.port) == (
        Path("elsewhere"),
        ("https://a.example",),
        True,
        9000,
    )
    assert (read.model, read.require_key, read.rate_per_minute) == ("multilingual-e5-small", False, 600)
