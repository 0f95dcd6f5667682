"""The arrows of the design: who may import whom, no cycles, and each library in its one room."""

from __future__ import annotations

import ast
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("kb", "ingest", "index", "api")

ARROWS = {
    "kb": {"kb"},
    "ingest": {"ingest", "kb"},
    "index": {"index", "kb"},
    "api": {"api", "kb", "index"},
}
# The command line and the job runner are where the program is wired: only they know ingestion.
MAY_INGEST = ("api/cli/", "api/jobs")

# Third-party libraries and the only modules (path prefixes) that may import each.
LIBRARIES = {
    "numpy": ("kb/records/ports.py", "kb/store/", "ingest/", "index/"),
    "pydantic": ("kb/store/tables/rows.py", "api/"),
    "langdetect": ("ingest/text/detect.py",),
    "sentence_transformers": ("index/model/encoder.py",),
    "transformers": ("index/model/encoder.py", "index/model/conversion.py"),
    "torch": ("index/model/encoder.py", "index/model/conversion.py"),
    "openvino": ("index/model/bulk_network.py",),
    "tokenizers": ("index/model/conversion.py",),
    "safetensors": ("index/model/conversion.py",),
    "faiss": ("index/vectors/exact_part.py", "index/vectors/large_part.py"),
    "Stemmer": ("index/search/lexical.py",),
    "trafilatura": ("ingest/readers/",),
    "lxml": ("ingest/readers/",),
    "resiliparse": ("ingest/readers/",),
    "pypdfium2": ("ingest/readers/",),
    "docx": ("ingest/readers/",),
    "markdown_it": ("ingest/readers/",),
    "yaml": ("ingest/readers/",),
    "citeproc": ("kb/citing/rendering.py",),
    "prometheus_client": ("api/http/metrics.py",),
    "mcp": ("api/agents/agent_tools.py",),
    "httpx": ("api/client/", "api/chat/endpoint.py"),
    "fastapi": ("api/",),
    "starlette": ("api/",),
    "anyio": ("api/app.py",),
    "jinja2": ("api/page/rendering.py",),
    "openpyxl": ("api/files/workbook.py",),
    "uvicorn": ("api/wire/",),
    "h11": ("api/wire/",),
    "typer": ("api/cli/",),
    "rich": ("api/cli/",),
}


def modules() -> list[Path]:
    """Every module of the four rooms, as paths relative to the repository."""
    return sorted(path.relative_to(ROOT) for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def imports_of(path: Path) -> list[str]:
    """The dotted names that a module imports, at its top or inside a function."""
    names = []
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return names


def test_rooms_import_only_along_the_arrows() -> None:
    """ingest -> kb <- index; api -> kb, index; only the command line and the job runner -> ingest."""
    wrong = [
        f"{path} imports {name}"
        for path in modules()
        for name in imports_of(path)
        if name.split(".")[0] in ROOMS
        and name.split(".")[0] not in ARROWS[path.parts[0]]
        and not (name.startswith("ingest") and path.as_posix().startswith(MAY_INGEST))
    ]

    assert wrong == []


def test_libraries_stay_in_their_rooms() -> None:
    """Every third-party import is listed, and stands where the list says."""
    wrong = []
    for path in modules():
        for name in imports_of(path):
            top = name.split(".")[0]
            if top in ROOMS or top in sys.stdlib_module_names:
                continue
            if not path.as_posix().startswith(LIBRARIES.get(top, ())):
                wrong.append(f"{path} imports {top}")

    assert wrong == []


def test_every_listed_library_is_used() -> None:
    """The list of libraries names none that nobody imports."""
    used = {name.split(".")[0] for path in modules() for name in imports_of(path)}

    assert sorted(set(LIBRARIES) - used) == []


def test_no_module_imports_in_a_circle() -> None:
    """The modules of the four rooms form no cycle."""
    known = {".".join(path.with_suffix("").parts).removesuffix(".__init__"): path for path in modules()}
    graph: dict[str, set[str]] = {}
    for module, path in known.items():
        targets = set()
        for name in imports_of(path):
            target = name if name in known else name.rpartition(".")[0]
            if target in known and target != module:
                targets.add(target)
        graph[module] = targets
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"cycle: {' -> '.join(error.args[1])}")


def test_nobody_prints_outside_the_doors() -> None:
    """Only the command line writes to a terminal."""
    wrong = []
    for path in modules():
        for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
                wrong.append(f"{path}:{node.lineno}")

    assert wrong == []


def test_processes_are_started_in_one_way() -> None:
    """Our interpreter is named, and an environment made for it, in one module; who starts a process uses that."""
    starts = ("subprocess", "multiprocessing", "concurrent.futures.ProcessPoolExecutor", "pty", "runpy")
    wrong = []
    for path in [*modules(), *(path.relative_to(ROOT) for path in (ROOT / "bench").glob("*.py"))]:
        names = imports_of(path)
        reads = (ROOT / path).read_text(encoding="utf-8")
        if any(name.startswith(starts) for name in names) and not any(
            name.startswith("kb.outside.processes") for name in names
        ):
            wrong.append(f"{path} starts a process by itself")
        # The peers of the benchmark run in an interpreter of their own choice; ours is one of those.
        if "sys.executable" in reads and path.as_posix() not in ("kb/outside/processes.py", "bench/peers.py"):
            wrong.append(f"{path} names the interpreter")

    assert wrong == []
