"""The documents: every page is in the site, every command in them exists with its options, and the guides run."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer import Context
from typer.main import get_command

from api.cli.program import app
from api.routes import all_routes
from tests.kb.zotero_rules import of_ris

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
GUIDES = [DOCS / "guide.md", DOCS / "guia.md"]
RECIPES = [DOCS / "recipes.md", DOCS / "recetas.md"]
# Pages that a program writes; docs/bench.md leads to them.
WRITTEN = {"bench/growth.md", "bench/peers.md", "bench/routes.md"}
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


@pytest.mark.slow
def test_the_site_is_built_by_one_command_and_can_be_searched(tmp_path: Path) -> None:
    """Every page is in it, no link leads nowhere, both guides are found by words, and nothing comes from elsewhere."""
    for name in ("Makefile", "tools.txt", "mkdocs.yml"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(DOCS, tmp_path / "docs")
    subprocess.run(["make", "-s", "site", f"PYTHON={sys.executable}"], cwd=tmp_path, check=True)
    site = tmp_path / "build" / "site"
    found = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))["docs"]
    texts = {one["location"]: one["text"] for one in found}
    pages = {page.relative_to(DOCS).with_suffix(".html").as_posix() for page in PAGES}

    assert pages == {page.relative_to(site).as_posix() for page in site.rglob("*.html")} - {"404.html"}
    assert "Una respuesta guardada" in texts["guia.html#revisar-un-borrador"]
    assert "A saved answer" in texts["guide.html#check-a-draft"]
    assert (
        re.findall(r'<(?:script|link|img)[^>]*(?:src|href)="(?:https?:)?//', (site / "guide.html").read_text("utf-8"))
        == []
    )


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


@pytest.mark.parametrize(("pages", "least"), [(GUIDES, 10), (RECIPES, 5)], ids=["guides", "recipes"])
def test_the_guides_say_the_same(pages: list[Path], least: int) -> None:
    """As many steps in both languages, with the same commands in the same order."""
    english, spanish = ([call.split()[1] for call in calls(page)] for page in pages)

    assert english == spanish
    assert len(english) >= least


def calls(guide: Path) -> list[str]:
    """The commands of a guide, in order."""
    return [line for block in _SHELL.findall(guide.read_text(encoding="utf-8")) for line in block.splitlines()]


def program(folder: Path) -> Callable[[str], subprocess.CompletedProcess[str]]:
    """What runs a line of a shell in this folder, where ``kb`` is this program."""
    shown = folder / "bin" / "kb"
    shown.parent.mkdir(exist_ok=True)
    shown.write_text(f'#!/bin/sh\nexec {sys.executable} -P -m api.cli "$@"\n', encoding="utf-8")
    shown.chmod(0o755)
    environment = {"PATH": f"{shown.parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "HOME": str(folder)}

    def call(line: str) -> subprocess.CompletedProcess[str]:
        command = ["sh", "-c", line]
        return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)

    return call


def run(page: Path, folder: Path) -> list[str]:
    """What the commands of a page print, each run as it stands in this folder."""
    kb, said = program(folder), []
    for call in calls(page):
        done = kb(call)

        assert (call, done.returncode) == (call, 0), done.stderr
        said.append(done.stdout)
    return said


@pytest.mark.slow
@pytest.mark.model
@pytest.mark.parametrize("guide", GUIDES, ids=[one.stem for one in GUIDES])
def test_every_command_of_the_guides_runs(guide: Path, tmp_path: Path) -> None:
    """As it stands, in a folder with the samples."""
    shutil.copytree(ROOT / "samples" / "articles", tmp_path / "samples" / "articles")

    run(guide, tmp_path)

    assert {path.suffix for path in tmp_path.iterdir() if path.is_file()} == {".csv", ".docx", ".md", ".json"}


# A library as Zotero exports it with its files, and notes as Obsidian has them: what is shown, and what is not.
LIBRARY = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:z="http://www.zotero.org/namespaces/export#"
 xmlns:bib="http://purl.org/net/biblio#" xmlns:foaf="http://xmlns.com/foaf/0.1/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:dcterms="http://purl.org/dc/terms/" xmlns:link="http://purl.org/rss/1.0/modules/link/">
 <bib:Report rdf:about="https://example.org/effort"><z:itemType>report</z:itemType>
  <dc:publisher><foaf:Organization><foaf:name>Service Lab</foaf:name></foaf:Organization></dc:publisher>
  <bib:authors><rdf:Seq><rdf:li><foaf:Person><foaf:surname>Pérez Gil</foaf:surname><foaf:givenName>Ana</foaf:givenName>
  </foaf:Person></rdf:li></rdf:Seq></bib:authors>
  <link:link rdf:resource="#item_12"/><dc:title>Effort, measured</dc:title><dc:date>2023-05-04</dc:date>
  <dc:identifier><dcterms:URI><rdf:value>https://example.org/effort</rdf:value></dcterms:URI></dc:identifier>
 </bib:Report>
 <z:Attachment rdf:about="#item_12"><z:itemType>attachment</z:itemType>
  <rdf:resource rdf:resource="files/12/effort.txt"/><dc:title>Full Text</dc:title><link:type>text/plain</link:type>
 </z:Attachment>
</rdf:RDF>
"""
EFFORT = "Customer effort is asked with one question. In the survey, 62% of the callers said that the effort was low.\n"
NOTE = """---
título: Esfuerzo del cliente
autor: Marta Ruiz
fecha: 2024
fuente: https://example.org/esfuerzo
---
El esfuerzo del cliente se mide con [[Una pregunta|una sola pregunta]]. %%El 99 % es mío.%%

> [!note] Lo que se midió
> El esfuerzo del cliente fue alto para casi un tercio de quienes llamaron.
"""
SHOWN = (
    "El esfuerzo del cliente se mide con una sola pregunta.",
    "El esfuerzo del cliente fue alto para casi un tercio de quienes llamaron.",
)


@pytest.mark.slow
@pytest.mark.model
@pytest.mark.parametrize("recipe", RECIPES, ids=[one.stem for one in RECIPES])
def test_every_command_of_the_recipes_runs(recipe: Path, tmp_path: Path) -> None:
    """Records come with their files, notes as they are read, and what is written is what Zotero and Obsidian read."""
    files = {
        "My Library/My Library.rdf": LIBRARY,
        "My Library/files/12/effort.txt": EFFORT,
        "Vault/.obsidian/app.json": "{}",
        "Vault/Sources/Esfuerzo del cliente.md": NOTE,
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")

    library, documents, _, vault, again, _ = run(recipe, tmp_path)
    (ris,), (note,) = tmp_path.glob("*.ris"), (tmp_path / "Vault").glob("*.md")
    (item,) = (of_ris("\r\n".join(one.splitlines())) for one in ris.read_text(encoding="utf-8").split("ER  -")[:-1])
    written = note.read_text(encoding="utf-8")

    assert library.splitlines()[-1] == "1 added, 1 skipped"
    assert "Ana Pérez Gil, “Effort, measured”, 2023 (My Library/files/12/effort.txt)" in documents
    assert (vault.splitlines()[-1], again.splitlines()[-1]) == ("1 added", "1 unchanged")
    assert (item["itemType"], item["title"], item["creators"]) == (
        "webpage",
        "Effort, measured",
        [["Pérez Gil", "Ana"]],
    )
    assert (item["date"], item["url"]) == ("2023-05-04", "https://example.org/effort")
    assert any("62% of the callers" in one for one in item["notes"])
    assert "Marta Ruiz" in written or "Ruiz, M." in written
    assert any(shown in written for shown in SHOWN)
    assert all(hidden not in written for hidden in ("99 %", "Una pregunta|", "!note", "%%"))


def test_every_route_stands_in_the_page_of_the_api() -> None:
    """Whatever its parameters are called there: what is in no row is found by nobody."""
    text = re.sub(r"\{\w+\}", "{id}", (DOCS / "api.md").read_text(encoding="utf-8"))
    written = set(re.findall(r"(/[\w/{}.]*)`", text))
    routes = {re.sub(r"\{\w+\}", "{id}", route.path) for route in all_routes()}

    assert sorted(routes - written) == []


def test_a_decision_is_named_by_the_number_of_its_file() -> None:
    """In its heading, and wherever a page links it by number; a path to one is that of a file."""
    files = sorted((DOCS / "decisions").iterdir())
    pages = [*DOCS.glob("*.md"), *(ROOT / "deploy").iterdir()]
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)

    assert [re.findall(r"^# (\d+)\.", one.read_text(encoding="utf-8")) for one in files] == [
        [str(int(one.name[:4]))] for one in files
    ]
    assert [link for link in re.findall(r"\[(\d+)\]\(decisions/(\d+)", text) if int(link[0]) != int(link[1])] == []
    assert set(re.findall(r"docs/decisions/([\w-]+(?:\.md)?)", text)) <= {one.name for one in files}
