"""Nothing that lies where the program is started is imported, by any process of it: not from an archive, not ever."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from importlib.metadata import packages_distributions
from pathlib import Path

import httpx
import pytest

from api.http.auth import create_key
from kb.outside.own_path import ROOT, closed, closed_environment
from kb.outside.processes import python_command, python_environment
from kb.records.operation import Scope
from kb.store import Store

SAMPLES = Path(__file__).parents[2] / "samples" / "articles"
DOCUMENTS = ("en-study-technology-gap.pdf", "es-madurez-seis-fases.html", "en-who-owns-the-experience.docx")
OWN = {"kb", "ingest", "index", "api"}
NAMES = sorted(
    {name for name in sys.stdlib_module_names | packages_distributions().keys() | OWN if name.isidentifier()}
    | {"sitecustomize", "usercustomize", "__main__"}
)
# What the script of an installed program is: the folder that it lies in is on its path, and the current one is not.
SCRIPT = "#!{python}\nimport sys\nfrom api.cli import main\nsys.exit(main())\n"
# With an empty entry in PYTHONPATH the interpreter itself looks here before any line of the program runs.
STARTED_WITH = "import sys; print(*{name.split('.')[0] for name in sys.modules}, 'sitecustomize', 'usercustomize')"


class Archive:
    """A folder with documents, and modules that leave a mark when something imports them."""

    def __init__(self, folder: Path, environment: dict[str, str], spared: set[str]) -> None:
        self.folder = folder / "archive"
        self.base = folder / "base"
        self._marks = folder / "marks"
        self._program = folder / "bin" / "kb"
        self._environment = environment
        for place in (self.folder, self._marks, self._program.parent):
            place.mkdir()
        self._program.write_text(SCRIPT.format(python=sys.executable), encoding="utf-8")
        self._program.chmod(0o755)
        for name in DOCUMENTS:
            shutil.copy(SAMPLES / name, self.folder)
        (self.folder / "note.txt").write_text("Loyalty grew by 12% in 2021, says the note.", encoding="utf-8")
        for name in set(NAMES) - spared:
            self._plant(name)

    def _plant(self, name: str) -> None:
        code = f"open({str(self._marks / name)!r}, 'a').close()\n"
        (self.folder / name).mkdir()
        (self.folder / name / "__init__.py").write_text(code, encoding="utf-8")
        (self.folder / f"{name}.py").write_text(code, encoding="utf-8")

    def marks(self) -> list[str]:
        """The planted modules that were imported."""
        return sorted(path.name for path in self._marks.iterdir())

    def spare_what_python_reads(self) -> None:
        """Take away what the interpreter alone imports from here, as what is installed beside it (an editable install
        looks for Windows' modules): no line of the program has run by then."""
        subprocess.run([sys.executable, "-c", ""], cwd=self.folder, env=self._environment, check=True)
        for name in self.marks():
            shutil.rmtree(self.folder / name)
            (self.folder / f"{name}.py").unlink()
            (self._marks / name).unlink()

    def start(self, *words: str, stderr: int = subprocess.PIPE) -> subprocess.Popen[str]:
        """The program, started in the archive; whoever polls a server leaves its log unread, so it goes nowhere."""
        return subprocess.Popen(
            [str(self._program), *words, "--base", str(self.base)],
            cwd=self.folder,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )

    def run(self, *words: str) -> str:
        """What the program writes."""
        process = self.start(*words)
        written, faults = process.communicate(timeout=200)
        assert process.returncode == 0, (words, written, faults)
        return written


@pytest.fixture(scope="module", params=["plain", "an empty entry in PYTHONPATH"])
def archive(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """An archive that was ingested where it lies."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONSAFEPATH")}
    spared = set()
    if request.param != "plain":
        environment["PYTHONPATH"] = f"{ROOT}{os.pathsep}"
        started = subprocess.run([sys.executable, "-P", "-c", STARTED_WITH], capture_output=True, text=True, check=True)
        spared = set(started.stdout.split())
    made = Archive(tmp_path_factory.mktemp("planted"), environment, spared)
    if spared:
        made.spare_what_python_reads()
    assert "4 added" in made.run("ingest", ".")
    return made


@pytest.mark.model
def test_ingesting_an_archive_where_it_lies_runs_nothing_of_it(archive: Archive) -> None:
    """The command and the process that reads."""
    assert archive.marks() == []


@pytest.mark.model
@pytest.mark.parametrize("words", [("doctor",), ("ask", "Who owns the customer experience?"), ("stats", "loyalty")])
def test_a_command_started_in_an_archive_runs_nothing_of_it(archive: Archive, words: tuple[str, ...]) -> None:
    """Whatever it loads when it is needed."""
    archive.run(*words)

    assert archive.marks() == []


@pytest.mark.model
def test_a_server_started_in_an_archive_runs_nothing_of_it(archive: Archive) -> None:
    """The server, its job process, and the process that reads for that."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    store = Store.open(archive.base)
    key = create_key(store.keys, "planted", frozenset({Scope.READ, Scope.INGEST}), None)[1]
    store.close()
    server = archive.start("serve", "--port", str(port), stderr=subprocess.DEVNULL)
    try:
        headers = {"Authorization": f"Bearer {key}"}
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, headers=headers) as client:
            _wait_until_ready(client)
            page = (SAMPLES / "mix-voz-del-cliente.html").read_bytes()
            job = (
                client.post("/v1/documents", files={"file": ("voz.html", page, "text/html")}).raise_for_status().json()
            )
            job = _ended(client, job["id"])
            found = client.get("/v1/search", params={"q": "voz del cliente"}).raise_for_status().json()
    finally:
        server.terminate()
        server.communicate(timeout=60)

    assert [file["outcome"] for file in job["files"]] in (["added"], ["unchanged"])
    assert found["total"] > 0
    assert archive.marks() == []


@pytest.mark.model
def test_the_tools_for_agents_started_in_an_archive_run_nothing_of_it(archive: Archive) -> None:
    """``kb mcp`` answers a search."""
    client = {"name": "test", "version": "1"}
    first = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": client}
    asked = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": first},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/list"},
    ]
    process = archive.start("mcp")
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("".join(json.dumps(one) + "\n" for one in asked))
    process.stdin.flush()
    answers = [json.loads(process.stdout.readline()) for _ in range(2)]
    process.communicate(timeout=60)

    assert [answer["id"] for answer in answers] == [1, 2]
    assert "result" in answers[1]
    assert archive.marks() == []


def _wait_until_ready(client: httpx.Client) -> None:
    for _ in range(4800):
        try:
            if client.get("/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise AssertionError("the server did not become ready")


def _ended(client: httpx.Client, job: str) -> dict[str, list[dict[str, str]]]:
    for _ in range(2400):
        found: dict[str, list[dict[str, str]]] = client.get(f"/v1/jobs/{job}").raise_for_status().json()
        if str(found["state"]) in ("done", "failed"):
            return found
        time.sleep(0.1)
    raise AssertionError("the job did not end")


# -- the parts ---------------------------------------------------------------------------------

LISTS = [
    ("an empty entry", "{root}:", "{root}"),
    ("relative entries", "lib:.:{root}:../x", "{root}"),
    ("the current folder", "{here}:{root}", "{root}"),
    ("nothing else", ":", None),
]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A current folder that is nobody's."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", ["PYTHONPATH", "PATH", "LD_LIBRARY_PATH"])
@pytest.mark.parametrize(("label", "given", "left"), LISTS, ids=[case[0] for case in LISTS])
def test_lists_of_folders_lose_the_current_one(
    here: Path, monkeypatch: pytest.MonkeyPatch, name: str, label: str, given: str, left: str | None
) -> None:
    """Modules, programs and libraries alike; a list that would be empty goes, for an empty one means here."""
    monkeypatch.setenv(name, given.format(root=ROOT, here=here))

    assert closed_environment().get(name) == (None if left is None else left.format(root=ROOT))


def test_variables_that_make_an_interpreter_read_files_are_dropped(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest of the environment stays as it is."""
    before = dict(os.environ)
    for name in ("PYTHONSTARTUP", "PYTHONINSPECT", "PYTHONBREAKPOINT", "PYTHONHOME", "PYTHONPYCACHEPREFIX"):
        monkeypatch.setenv(name, "start.py")

    assert {name: value for name, value in closed_environment().items() if before.get(name) != value} in (
        {"PYTHONSAFEPATH": "1"},
        {},
    )


def test_a_program_that_is_installed_in_the_current_folder_is_still_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """As for whoever works on it."""
    monkeypatch.chdir(ROOT)

    assert closed(["", ".", ROOT, "/usr"]) == [ROOT, "/usr"]


def test_what_libraries_start_imports_nothing_from_the_current_folder(here: Path) -> None:
    """A process that multiprocessing spawns, and the one that watches over its semaphores."""
    for name in ("multiprocessing", "pickle", "runpy", "signal", "threading"):
        (here / f"{name}.py").write_text(f"open({str(here / 'mark')!r}, 'a').close()\n", encoding="utf-8")
    code = (
        "from kb.outside.own_path import close_path\nclose_path()\n"
        "import multiprocessing\nimport time\n"
        "spawned = multiprocessing.get_context('spawn').Process(target=time.sleep, args=(0,))\n"
        "lock = multiprocessing.get_context('spawn').Lock()\n"
        "spawned.start()\nspawned.join()\nassert spawned.exitcode == 0\n"
    )
    environment = {**python_environment(), "PYTHONSAFEPATH": ""}
    subprocess.run([sys.executable, "-P", "-c", code], cwd=here, env=environment, check=True, timeout=60)

    assert not (here / "mark").exists()


def test_a_module_of_ours_is_run_without_the_current_folder(here: Path) -> None:
    """The command and the environment with it find the program from anywhere."""
    (here / "json.py").write_text("raise SystemExit(3)\n", encoding="utf-8")
    done = subprocess.run(
        python_command("api.cli", "--help"), cwd=here, env=python_environment(), capture_output=True, text=True
    )

    assert (done.returncode, "kb" in done.stdout) == (0, True)
