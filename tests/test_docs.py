"""The documents: every page is in the site, every command in them exists with its options, and the guides run."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer import Context
from typer.main import get_command

from api.cli.program import app

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
GUIDES = [DOCS / "guide.md", DOCS / "guia.md"]
# Pages that a program writes; docs/bench.md leads to them.
WRITTEN = {"bench/growth.md", "bench/peers.md"}
# A line of a block that calls the program, also behind a prompt or settings.
_CALL = re.compile(r"^(?:    )?(?:\$ )?(?:[A-Z_]+=\S+ )*(kb [a-z].*)$", re.MULTILINE)
_BLOCK = re.compile(r"```(?:sh|text)?\n(.*?)```|((?:^    .*\n)+)", re.DOTALL | re.MULTILINE)
_SHELL = re.compile(r"```sh\n(.*?)```", re.DOTALL)
# What stands behind, or some blanks further on, is no part of the call.
_END = re.compile(r"\s(?:\s+\w|&&|\||>|&|#|…).*$|\s+$")
CALLS = sorted(
    {
        (path.relative_to(ROOT).as_posix(), _END.sub("", call))
        for path in (ROOT / "README.md", *PAGES)
        for block in _BLOCK.finditer(path.read_text(encoding="utf-8"))
        for call in _CALL.findall(block[0])
    }
)


def test_the_site_has_every_page() -> None:
    """None is left out of the navigation, and none is named that is not there."""
    site = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))

    assert sorted(named(site["nav"])) == [
        page for path in PAGES if (page := path.relative_to(DOCS).as_posix()) not in WRITTEN
    ]


def named(nav: object) -> list[str]:
    """The pages of a part of the navigation."""
    if isinstance(nav, str):
        return [nav]
    parts = nav.values() if isinstance(nav, dict) else nav
    assert not isinstance(parts, (str, int))
    return [page for part in parts for page in named(part)]  # type: ignore[attr-defined]


@pytest.mark.parametrize(("page", "call"), CALLS, ids=[" ".join(one) for one in CALLS])
def test_every_command_of_the_documents_exists_with_its_options(page: str, call: str) -> None:
    """By the program itself: its commands, the commands below them, and their options."""
    words = shlex.split(call, comments=True)[1:]
    command: Any = get_command(app)
    while hasattr(command, "get_command") and words and not words[0].startswith("-"):
        command = command.get_command(Context(command), words.pop(0))
        assert command is not None
    # A group without a command runs one of its own, and takes that one's options.
    meant = (command, *getattr(command, "commands", {}).values())
    params = [one for some in meant for one in some.params]
    known = {option for one in params for option in (*one.opts, *one.secondary_opts)} | {"--help"}
    given = [word for word in words if word.startswith("--")]

    assert [word for word in given if word.partition("=")[0] not in known] == []


def test_the_guides_say_the_same() -> None:
    """As many steps in both languages, with the same commands in the same order."""
    english, spanish = ([call.split()[1] for call in calls(guide)] for guide in GUIDES)

    assert english == spanish
    assert len(english) >= 10


def calls(guide: Path) -> list[str]:
    """The commands of a guide, in order."""
    return [line for block in _SHELL.findall(guide.read_text(encoding="utf-8")) for line in block.splitlines()]


@pytest.mark.slow
@pytest.mark.model
@pytest.mark.parametrize("guide", GUIDES, ids=[one.stem for one in GUIDES])
def test_every_command_of_the_guides_runs(guide: Path, tmp_path: Path) -> None:
    """As it stands, in a folder with the samples."""
    shutil.copytree(ROOT / "samples" / "articles", tmp_path / "samples" / "articles")
    shown = tmp_path / "bin" / "kb"
    shown.parent.mkdir()
    shown.write_text(f'#!/bin/sh\nexec {sys.executable} -P -m api.cli "$@"\n', encoding="utf-8")
    shown.chmod(0o755)
    environment = {"PATH": f"{shown.parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    for call in calls(guide):
        done = subprocess.run(["sh", "-c", call], cwd=tmp_path, env=environment, capture_output=True, text=True)

        assert (call, done.returncode) == (call, 0), done.stderr
    assert {path.suffix for path in tmp_path.iterdir() if path.is_file()} == {".csv", ".docx", ".md", ".json"}
