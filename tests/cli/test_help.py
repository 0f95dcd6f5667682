"""Help and completion: every command shows an example that can be run, every shell is offered the right words."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from api.cli.program import EXIT_CODES, app
from kb.store import Store
from tests.cli.conftest import Kb

ROOT = Path(__file__).parents[2]
DOCS = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
# What an example needs that is not in an empty folder with the samples, or what does not end by itself.
NOT_RUN = {
    "demo": "takes a minute, and is run by the test of the README",
    "serve": "does not end",
    "mcp": "does not end",
    "evaluate": "needs judged sets",
    "webhook": "needs the network",
    "topics train": "needs labelled passages",
    "topics apply": "needs a file of topics",
    "topics curve": "learns four heads, which takes minutes",
}


def commands(group: Any, above: str = "") -> Iterator[tuple[str, Any]]:
    """Every command with its words, those of groups too."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{above}{name} ")
        else:
            yield f"{above}{name}", command


COMMANDS = dict(commands(get_command(app)))
EXAMPLES = [
    (name, example)
    for name, command in COMMANDS.items()
    for example in re.findall(r"^Example: (.+)$", command.callback.__doc__ or "", re.MULTILINE)
    or re.findall(r"^ +Example: (.+)$", command.callback.__doc__ or "", re.MULTILINE)
]


def words_of(example: str) -> list[str]:
    """The words after ``kb`` in the command line of an example."""
    return shlex.split(re.split(r"(?:^|\| )kb ", example)[-1])


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_an_example(name: str) -> None:
    """One at least, and it is of this very command."""
    examples = [example for command, example in EXAMPLES if command == name]

    assert examples
    assert all(re.search(rf"\bkb {name}\b", example) for example in examples)


def test_every_command_that_prints_records_prints_them_as_json_too() -> None:
    """Those without the option print none: two serve until they are ended, and one shows others at work."""
    without = {name for name, one in COMMANDS.items() if not any("--json" in each.opts for each in one.params)}

    assert without == {"demo", "serve", "mcp"}


@pytest.mark.parametrize("name", COMMANDS)
def test_help_shows_defaults_and_no_value_after_a_flag(kb: Kb, name: str) -> None:
    """What stands in brackets is not lost, and a flag does not look as if a word had to follow."""
    shown = " ".join(kb(*name.split(), "--help").stdout.replace("│", " ").split())

    assert ("--base" not in shown) or "KB_BASE or ./kb-base" in shown
    assert not re.search(r"--(?:json|dry-run|fix|verify|keep|removed) <bool>", shown)


@pytest.mark.parametrize(("name", "example"), EXAMPLES, ids=[example for _, example in EXAMPLES])
def test_every_example_is_understood(name: str, example: str) -> None:
    """Its options and arguments are those of the command."""
    words = words_of(example)[len(name.split()) :]

    assert COMMANDS[name].make_context(name, words).command is COMMANDS[name]


@pytest.mark.model
@pytest.mark.slow
def test_every_example_runs(kb: Kb, sample_base: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder with a base, the samples and the judged passages; ids that only show the form are put in."""
    (tmp_path / "bench").mkdir()
    shutil.copy(ROOT / "bench" / "topics_unseen.jsonl", tmp_path / "bench")
    shutil.copytree(sample_base, tmp_path / "kb-base")
    shutil.copytree(ROOT / "samples" / "articles", tmp_path / "samples" / "articles")
    monkeypatch.chdir(tmp_path)
    base = Store.open(tmp_path / "kb-base")
    (tmp_path / "study.pdf").write_bytes((ROOT / "samples" / "articles" / "en-study-technology-gap.pdf").read_bytes())
    (tmp_path / "answer.json").write_text(kb("ask", "What share said so?", "--json").stdout, encoding="utf-8")
    failed = []
    for name, example in sorted(EXAMPLES, key=lambda one: one[0].split()[-1] in ("remove", "delete", "revoke")):
        if any(name.startswith(words) for words in NOT_RUN):
            continue
        ids = {"d0123456789abcdef": base.documents()[0].id}
        if name.startswith("key "):
            kb("key", "create", "tool")
            ids["k0123456789"] = [key.id for key in base.keys.all() if key.revoked is None][-1]
        stdin = '{"id": "1", "text": "87 percent of marketers track NPS."}' if name == "analyze" else ""
        result = kb(*[ids.get(word, word) for word in words_of(example)], stdin=stdin)
        if result.exit_code != 0 and name != "verify":
            failed.append((example, result.exit_code, result.output[-300:], result.exception))

    assert failed == []
    base.close()


@pytest.mark.parametrize("code", [0, *sorted(EXIT_CODES.values()), 130])
def test_exit_codes_are_documented(code: int) -> None:
    assert re.search(rf"^\| {code} \| \w", DOCS, re.MULTILINE)


CASES = [
    ("se", {"search", "serve"}),
    ("search NPS --topic m", {"metrics", "maturity"}),
    ("search NPS --subtopic jour", {"journey_maps"}),
    ("stats --kind per", {"percent"}),
    ("export --format d", {"docx"}),
    ("export --what sta", {"statistics"}),
    ("cite d1 --style chic", {"chicago", "chicago-author-date"}),
    ("key create tool --scope a", {"admin"}),
    ("search NPS --langu", {"--language"}),
]
RUN = [sys.executable, "-c", "from api.cli import main; main()"]


def offered(shell: str, line: str) -> set[str]:
    """The words that a shell is offered for the last word of a line."""
    words = ["kb", *line.split()]
    given = {"COMP_WORDS": " ".join(words), "COMP_CWORD": str(len(words) - 1), "_TYPER_COMPLETE_ARGS": " ".join(words)}
    given |= {"_KB_COMPLETE": f"complete_{shell}", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    done = subprocess.run(RUN, env={**os.environ, **given}, capture_output=True, text=True, cwd=ROOT, timeout=60)
    lines = re.findall(r'"((?:[^"\\]|\\.)+)"', done.stdout) if shell == "zsh" else done.stdout.split("\n")
    found = (one.split("\t")[0].strip() for one in lines)
    return {one for one in found if one and (shell != "zsh" or " " not in one)}


@pytest.mark.parametrize(("line", "words"), CASES, ids=[line for line, _ in CASES])
def test_bash_is_offered_the_right_words(line: str, words: set[str]) -> None:
    """Commands, options, and the words of closed vocabularies."""
    assert offered("bash", line) == words


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_other_shells_are_offered_the_same(shell: str) -> None:
    assert offered(shell, "search NPS --topic m") == {"metrics", "maturity"}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_can_be_set_up_and_is_documented(shell: str) -> None:
    """The script of each shell asks through ``_KB_COMPLETE``."""
    done = subprocess.run(
        RUN, env={**os.environ, "_KB_COMPLETE": f"source_{shell}"}, capture_output=True, text=True, cwd=ROOT, timeout=60
    )

    assert "_KB_COMPLETE" in done.stdout
    assert shell in DOCS
