"""What is installed by default: light, whole, and the same everywhere.

Everyday: what the files of the project promise, and that nothing a default base does imports what is not installed by
default. Slow: the wheel is built and installed into an environment of its own, and its demo runs in an empty folder.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import venv
from fnmatch import fnmatch
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.readme import transcript

ROOT = Path(__file__).parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
ROOMS = ("kb", "ingest", "index", "api")
EXTRA = [Requirement(one).name for one in PROJECT["optional-dependencies"]["sentence-transformers"]]
# Refuses the extra's libraries, as an environment without them does, and runs the program.
WITHOUT = (
    f"import sys; sys.modules.update(dict.fromkeys({[name.replace('-', '_') for name in EXTRA]}));"
    "from api.cli import main; sys.exit(main())"
)
# Seconds of a processor, for a clock on the wall says how busy the machine is.
MOST_MEGABYTES, MOST_SECONDS = 900, 120


def pins(name: str) -> dict[str, str]:
    """The exact versions of a file, by name; a row for another system than this kind of machine is left out."""
    rows = re.findall(
        r"^([\w.-]+)==([\w.]+)( ;.*sys_platform ==.*)?", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE
    )
    return {canonicalize_name(one): version for one, version, elsewhere in rows if not elsewhere}


def test_the_lock_is_the_default_install_in_the_versions_of_the_constraints() -> None:
    """``make lock`` was run after the last change; every file has its hash."""
    locked, constrained = pins("locked.txt"), pins("constraints.txt")
    text = (ROOT / "locked.txt").read_text(encoding="utf-8")
    needed = {canonicalize_name(Requirement(one).name) for one in PROJECT["dependencies"]}

    assert needed - locked.keys() == set()
    assert {
        name: (version, constrained.get(name)) for name, version in locked.items() if constrained.get(name) != version
    } == {}
    assert [block.split()[0] for block in re.split(r"\n(?=\S)", text) if "--hash=sha256:" not in block] == []
    assert {canonicalize_name(name) for name in EXTRA} & locked.keys() == set()


APART = {"ray", "boto3"}
"""Extras that the tests do without: one is large, the other holds a library of dates back."""


def test_every_dependency_has_a_lower_bound_that_is_met_by_what_is_tested() -> None:
    """No version is too old to have been seen by the tests."""
    constrained = pins("constraints.txt")
    extras = [one for some in PROJECT["optional-dependencies"].values() for one in some if "[" not in one]
    needs = [Requirement(one) for one in (*PROJECT["dependencies"], *extras)]

    assert [str(one) for one in needs if not any(part.operator in (">=", "==") for part in one.specifier)] == []
    assert {one.name for one in needs} - {
        one.name for one in needs if canonicalize_name(one.name) in constrained
    } == APART
    pinned = [one for one in needs if one.name not in APART]
    assert [str(one) for one in pinned if not one.specifier.contains(constrained[canonicalize_name(one.name)])] == []


def test_every_file_beside_the_code_is_package_data() -> None:
    """What a module reads beside itself comes with the wheel, the samples of the demo among it."""
    patterns = PYPROJECT["tool"]["setuptools"]["package-data"]
    files = [
        path
        for room in ROOMS
        for path in (ROOT / room).glob("**/*")
        if path.is_file() and path.suffix not in (".py", ".pyc")
    ]
    lost = [
        path
        for path in files
        if not any(
            fnmatch(path.relative_to(ROOT / path.relative_to(ROOT).parts[0]).as_posix(), one)
            for one in patterns[path.relative_to(ROOT).parts[0]]
        )
    ]
    samples = sorted(path.name for path in (ROOT / "samples" / "articles").iterdir())

    assert lost == []
    assert samples == sorted(path.name for path in (ROOT / "api" / "data" / "articles").iterdir())


def test_the_version_is_said_alike() -> None:
    """By the project, by whoever cites it, and in the name of the file that is installed."""
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    wheels = re.findall(r"cx_knowledge_base-([\d.]+)-py3", (ROOT / "docs" / "operate.md").read_text(encoding="utf-8"))

    assert {cited["version"], *wheels} == {PROJECT["version"]}
    assert cited["license"] == PROJECT["license"]


def kb(folder: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """The program without the extra's libraries, in a folder."""
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "KB_BASE": str(folder / "base"), **settings}
    command = [sys.executable, "-P", "-c", WITHOUT, *words]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.model
def test_a_base_is_made_and_asked_without_the_extra(tmp_path: Path) -> None:
    """Ingestion, search and answers need nothing of it; what does names the command that brings it."""
    article = ROOT / "samples" / "articles" / "en-first-contact-resolution.txt"
    made, found = kb(tmp_path, "ingest", str(article)), kb(tmp_path, "search", "first contact resolution", "--json")
    refused = kb(tmp_path, "ingest", str(article), "--re-embed", KB_MODEL="some/model")
    judged = kb(tmp_path, "ask", "What is first contact resolution?", KB_JUDGE="some/cross-encoder")

    assert (made.returncode, found.returncode) == (0, 0), made.stderr + found.stderr
    for one, model in ((refused, "some/model"), (judged, "some/cross-encoder")):
        assert one.returncode != 0
        assert f"model '{model}': sentence-transformers, which runs it, is not installed" in one.stderr.replace(
            "\n", " "
        )
        assert "pip install 'cx-knowledge-base[sentence-transformers]'" in one.stderr.replace("\n", " ")


@pytest.mark.slow
@pytest.mark.model
def test_the_wheel_is_light_and_its_demo_runs_in_an_empty_folder(tmp_path: Path) -> None:
    """Made by ``make dist`` from the sources that it packs, installed by the lock; the figures are those of
    docs/decisions/0001."""
    environment, empty, sources = (tmp_path / name for name in ("environment", "empty", "sources"))
    empty.mkdir()
    for room in (*ROOMS, "samples"):
        shutil.copytree(ROOT / room, sources / room, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    build = ("pyproject.toml", "MANIFEST.in", "Makefile", "tools.txt")
    for name in (*build, PROJECT["readme"], *PROJECT["license-files"]):
        shutil.copy(ROOT / name, sources)
    subprocess.run(["make", "-s", "dist", f"PYTHON={sys.executable}"], cwd=sources, check=True)
    (wheel,), (archive,) = (list((sources / "build" / "dist").glob(one)) for one in ("*.whl", "*.tar.gz"))
    with tarfile.open(archive) as packed:
        rooms = {parts[1] for name in packed.getnames() if len(parts := name.split("/")) > 2}
    started = getrusage(RUSAGE_CHILDREN)
    venv.create(environment, with_pip=True)
    into = [str(environment / "bin" / "python"), "-m", "pip", "install", "-qq"]
    subprocess.run([*into, "--require-hashes", "--requirement", str(ROOT / "locked.txt")], check=True)
    subprocess.run([*into, "--no-deps", str(wheel)], check=True)
    ended = getrusage(RUSAGE_CHILDREN)
    seconds = ended.ru_utime + ended.ru_stime - started.ru_utime - started.ru_stime
    megabytes = sum(path.stat().st_size for path in environment.rglob("*") if path.is_file()) / 1e6
    clean = {"PATH": "/usr/bin:/bin", "HOME": str(empty)}
    command = [str(environment / "bin" / "kb"), "demo"]
    demo = subprocess.run(command, cwd=empty, env=clean, capture_output=True, text=True, check=True)

    assert rooms == {*ROOMS, "cx_knowledge_base.egg-info"}
    assert demo.stdout.strip() == transcript().strip()
    assert list(empty.iterdir()) == []
    assert megabytes <= MOST_MEGABYTES
    assert seconds <= MOST_SECONDS


@pytest.mark.slow
@pytest.mark.model
def test_the_oldest_versions_that_are_allowed_will_do(tmp_path: Path) -> None:
    """The least version of each direct dependency, chosen by uv, prints the same demo: a bound is a promise too."""
    tools, environment = tmp_path / "tools", tmp_path / "environment"
    (uv,) = re.findall(r"^uv==.*$", (ROOT / "tools.txt").read_text(encoding="utf-8"), re.MULTILINE)
    for folder in (tools, environment):
        venv.create(folder, with_pip=True)
    subprocess.run([str(tools / "bin" / "python"), "-m", "pip", "install", "-qq", uv], check=True)
    oldest = [str(tools / "bin" / "uv"), "pip", "install", "-q", "--resolution", "lowest-direct"]
    python = str(environment / "bin" / "python")
    needs = tmp_path / "needs.txt"
    needs.write_text("\n".join(PROJECT["dependencies"]) + "\n", encoding="utf-8")
    subprocess.run([*oldest, "--python", python, "--requirement", str(needs)], check=True)
    environ = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    command = [python, "-P", "-m", "api.cli", "demo"]
    demo = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False)

    assert demo.returncode == 0, demo.stderr
    assert demo.stdout.strip() == transcript().strip()
