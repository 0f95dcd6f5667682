"""Wrong words, missing bases and bad files: a line that names the thing, and the documented exit code."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from api.http.auth import create_key
from kb.records.errors import KnowledgeBaseError
from kb.records.operation import Scope
from kb.store import Store
from tests.cli.conftest import Kb

DOCUMENTS = Path(__file__).parents[2] / "bench/judged/sentences/claim_documents.jsonl"
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
    (("ask", "a", "--base", "EMPTY", "--answer-language", "other"), 2, "has no wording here. Use es or en"),
    (("ask", "a", "--base", "EMPTY", "--answer-language", "fr"), 2, "is not known. Use one of: es, en"),
    (("cite", "d0", "--style", "ap"), 2, "citation style 'ap': is not known. Did you mean apa?"),
    (("cite", "d0", "--language", "other"), 2, "has no wording here. Use es or en"),
    (("documents", "--removed", "--base", "EMPTY"), 2, "--removed: needs a document. Give its id"),
    (("key", "create", "a", "--scope", "raed", "--base", "EMPTY"), 2, "scope 'raed': is not known. Did you mean read?"),
    (("key", "rotate", "k0", "--grace", "never", "--base", "EMPTY"), 2, "grace 'never': is not a time"),
    (("saved", "create", "", "a", "--base", "EMPTY"), 2, "name: is empty. Choose another name"),
    (("serve", "--host", "host.invalid", "--base", "KEYED"), 2, "host host.invalid: cannot be listened on"),
    (("topics", "apply", "--own", "nowhere.json", "--base", "EMPTY"), 2, "(No such file or directory)"),
    (("topics", "train", "nowhere.jsonl"), 2, "cannot be read (No such file or directory)"),
    (("key", "create", "", "--base", "EMPTY"), 2, "name: is empty. Say what the key is for"),
    (("key", "create", "  ", "--base", "EMPTY"), 2, "name: is empty"),
    (("key", "create", "a\nb", "--base", "EMPTY"), 2, "name: is not one line of at most 100 characters"),
    (("evaluate", "statistics", str(DOCUMENTS)), 1, "line 1: is not a row of the format (id, lang, expected)"),
    (("evaluate", "drafts", str(DOCUMENTS)), 1, "line 1: is not a row of the format (id, claim, expected)"),
]


@pytest.mark.parametrize(("words", "code", "reason"), CASES, ids=[" ".join(case[0]) for case in CASES])
def test_a_wrong_call_names_what_is_wrong(
    kb: Kb, tmp_path: Path, words: tuple[str, ...], code: int, reason: str
) -> None:
    """The exit code is the documented one, and the sentence holds the reason."""
    store = Store.open(tmp_path / "base", create=True)
    if "KEYED" in words:
        create_key(store.keys, "reader", frozenset({Scope.READ}), None)
    store.close()

    result = kb(*(str(tmp_path / "base") if word in ("EMPTY", "KEYED") else word for word in words))

    assert isinstance(result.exception, KnowledgeBaseError)
    assert result.exit_code == code
    assert reason in str(result.exception)


@pytest.mark.parametrize(
    "words", [("serach", "NPS"), ("search", "NPS", "--frobnicate"), ("search", "NPS", "--limit", "0")]
)
def test_unknown_commands_and_options_exit_with_two(kb: Kb, words: tuple[str, ...]) -> None:
    """What the command line does not know is refused before anything is opened."""
    assert kb(*words).exit_code == 2


VALUES = [
    (("search", "NPS", "--limit", "abc"), "must be a whole number"),
    (("search", "NPS", "--limit", "0"), "must be at least 1"),
    (("serve", "--port", "99999"), "must be at most 65535"),
    (("stats", "--min", "half"), "must be a number"),
    (("evaluate", "retreival", "x"), "'retreival' is not known. Did you mean retrieval?"),
    (("serach", "NPS"), "Did you mean 'search'?"),
    (("key", "creat", "x"), "Did you mean 'create'?"),
    (("search", "NPS", "--limt", "3"), "--limit"),
]


@pytest.mark.parametrize(("words", "said"), VALUES, ids=[" ".join(case[0]) for case in VALUES])
def test_a_value_that_does_not_fit_is_refused_in_plain_words(kb: Kb, words: tuple[str, ...], said: str) -> None:
    """Nothing of the types that it is checked with."""
    result = kb(*words)
    told = " ".join(result.stderr.replace("│", " ").split())

    assert (result.exit_code, said in told, "Input should" in told) == (2, True, False)


def test_a_port_that_is_taken_is_said_before_anything_is_served(kb: Kb, tmp_path: Path) -> None:
    """Nothing says that it serves; the next port is offered."""
    Store.open(tmp_path / "base", create=True).close()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = kb("serve", "--port", str(port), "--base", str(tmp_path / "base"))

    assert (result.exit_code, result.stdout, "Serving" in result.stderr) == (2, "", False)
    assert str(result.exception) == f"port {port}: is in use. Choose another: kb serve --port {port % 65535 + 1}"


def test_the_version_is_told(kb: Kb) -> None:
    """One line, and nothing is opened."""
    result = kb("--version")

    assert (result.exit_code, result.stdout) == (0, f"kb {version('cx-knowledge-base')}\n")


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
    """Endless nesting, another language, no text: each is named, none stops the rest; half a character is mended."""
    lines = ['{"text": "x \\ud800 45%"}', "[" * 100_000, '{"text": "hola", "language": "xx"}', '{"text": ""}', "3"]

    result = kb("analyze", stdin="\n".join(lines))

    assert result.exit_code == 1
    (analysis,) = map(json.loads, result.stdout.splitlines())
    assert [(one["raw"], one["span"]) for one in analysis["statistics"]] == [("45%", {"start": 4, "end": 7})]
    assert "line 1 of stdin: a broken character stands as \ufffd" in result.stderr
    for number in (2, 4, 5):
        assert f"line {number} of stdin" in result.stderr
    assert "'xx'" in result.stderr


def test_a_word_that_is_no_utf8_is_refused_unless_a_file_is_called_so(tmp_path: Path) -> None:
    """Arguments of bytes: no command ends in a traceback for them."""
    name = os.fsdecode(b"caf\xe9.txt")
    (tmp_path / name).write_text("Loyalty is not a card in a wallet, says the customer.")
    program = [sys.executable, "-P", "-c", "import sys; from api.cli.program import main; sys.exit(main())"]

    def run(*words: str) -> subprocess.CompletedProcess[bytes]:
        command = [*program, *words, "--base", str(tmp_path / "base")]
        return subprocess.run(command, capture_output=True, cwd=tmp_path, check=False)

    ingested = run("ingest", name)
    assert (ingested.returncode, "caf\ufffd.txt" in ingested.stdout.decode()) == (0, True), ingested.stderr
    broken = os.fsdecode(b"x\xff")
    for words in (("saved", "create", broken, "loyalty"), ("documents", broken)):
        ended = run(*words)
        refusal = ": is not text in valid Unicode. Write it in UTF-8\n"
        assert (ended.returncode, ended.stderr.decode()[-len(refusal) :]) == (2, refusal)
        assert "'x" in ended.stderr.decode()
