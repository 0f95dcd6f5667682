"""What the contracts of the house (``[tool.importlinter]`` in pyproject.toml, held by ``make lint``) cannot say."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("kb", "ingest", "index", "api")
# A folder that holds more has a second subject.
MOST_MODULES = 16


def modules() -> list[Path]:
    """Every module of the four rooms, as paths relative to the repository."""
    return sorted(path.relative_to(ROOT) for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def tree_of(path: Path) -> ast.Module:
    """A module as its syntax tree."""
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def test_nobody_prints_outside_the_doors() -> None:
    """Only the command line writes to a terminal."""
    wrong = []
    for path in modules():
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
                wrong.append(f"{path}:{node.lineno}")

    assert wrong == []


def test_no_folder_holds_more_than_one_can_see() -> None:
    """The listing of a folder tells its story."""
    sizes = Counter(path.parent.as_posix() for path in modules() if path.name != "__init__.py")

    assert {folder: size for folder, size in sizes.items() if size > MOST_MODULES} == {}


def test_the_store_is_behind_the_service() -> None:
    """A door asks for a part that has a name; the store itself is for the service, jobs and what starts them."""
    rooms = ("api/service/", "api/jobs/", "api/cli/wiring.py", "api/cli/commands/serving.py")
    wrong = [
        f"{path}:{node.lineno}"
        for path in modules()
        if path.as_posix().startswith("api/") and not path.as_posix().startswith(rooms)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr == "store" and _is_base(node.value)
    ]

    assert wrong == []


def _is_base(node: ast.expr) -> bool:
    """Whether this is an open base: a name, an attribute or a call that gives one."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "open_base"
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return name in ("base", "knowledge_base", "kb")


@pytest.mark.parametrize("change", ["A new filter", "A new citation style", "A new file format"])
def test_the_lists_of_files_to_touch_are_true(change: str) -> None:
    """Each file of a list is there, and no list is longer than it says."""
    section = (ROOT / "docs" / "changing.md").read_text(encoding="utf-8").split(f"## {change}\n")[1].split("\n## ")[0]
    files = re.findall(r"^\d\. `([^`]+)`", section, re.MULTILINE)

    assert 0 < len(files) <= {"A new filter": 3, "A new citation style": 2, "A new file format": 2}[change]
    assert [file for file in files if "NAME" not in file and not (ROOT / file).is_file()] == []


def test_a_citation_style_is_named_where_it_is_declared() -> None:
    """The page, the commands and the tools read the names; none keeps a list of its own."""
    wrong = [
        path.as_posix()
        for path in modules()
        if path.parts[:2] != ("kb", "citing")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Constant) and node.value == "chicago-author-date"
    ]

    assert wrong == []


def test_a_class_has_a_name_of_its_own() -> None:
    """One word for one thing: no two modules define classes of the same name."""
    named = Counter(
        node.name for path in modules() for node in ast.walk(tree_of(path)) if isinstance(node, ast.ClassDef)
    )
    assert [name for name, times in named.items() if times > 1] == []


def test_every_folder_says_what_it_is_for() -> None:
    """A package without a word of its own tells nobody what belongs in it."""
    silent = [
        path.as_posix() for path in modules() if path.name == "__init__.py" and not ast.get_docstring(tree_of(path))
    ]

    assert silent == []


def test_every_library_of_the_product_has_its_room() -> None:
    """A dependency that no contract names could be imported anywhere."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    named = {name for contract in contracts for name in contract.get("protected_modules", ())}
    used = {alias.split(".")[0] for path in modules() for node in ast.walk(tree_of(path)) for alias in _imported(node)}

    assert sorted(used - set(ROOMS) - sys.stdlib_module_names - named) == []


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        assert node.level == 0, "relative import"
        return [node.module or ""]
    return []
