"""Every command of the README and of the pages runs as it stands there, in a folder that has what the page names.

Left out, each with its reason, is what another test runs or what asks for more than this machine (``ELSEWHERE``). The
guides, the recipes and the walk are run whole by tests of their own.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from bench.serving import serving
from tests.test_docs import CALLS, DOCS, GUIDES, RECIPES, ROOT, program

ELSEWHERE = {
    r"^kb serve": "tests/walk.py and tests/api/wire start servers",
    r"^kb demo$": "tests/test_readme.py and tests/test_install.py",
    r"^kb evaluate ": "tests/index/test_evaluate_*.py, on sets of their own",
    r"^kb topics (train|curve|agreement) ": "tests/ingest/test_tagging_own.py and test_tagging_agreement.py",
    r"--allow-network": "asks the network; tests/ingest/test_network.py has one of its own",
    r"hooks\.example\.org": "asks the network for a name; tests/api/test_webhooks.py has a receiver of its own",
    r"^kb move .* --questions 300$": "minutes; tests/cli/test_moving.py asks fewer",
    r"postgresql://": "tests/kb/contract has a database",
    r"bench/judged": "minutes; tests/bench/test_made_bases.py has a real base of its own",
    r"^kb ingest .*--ray ": "tests/ingest/test_on_ray.py, where Ray is installed",
}
OWN = {path.relative_to(ROOT).as_posix() for path in (*GUIDES, *RECIPES, DOCS / "walk.md")}
READ = [(page, call.strip()) for page, call in CALLS if page not in OWN]
LEFT_OUT = {call: reason for _, call in READ for pattern, reason in ELSEWHERE.items() if re.search(pattern, call)}
PAGES = sorted({page for page, call in READ if call not in LEFT_OUT})
QUESTION = (
    "¿Qué porcentaje de clientes considera la experiencia tan importante como los productos, según Salesforce en 2020?"
)
ANSWERED_FROM = "es-retener-no-es-encadenar.pdf"


def test_what_is_left_out_is_in_the_pages() -> None:
    """No pattern has outlived its command."""
    assert [pattern for pattern in ELSEWHERE if not any(re.search(pattern, call) for _, call in READ)] == []


def in_order(page: str) -> list[str]:
    """The commands of a page that are run here, as they follow each other."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return sorted((call for one, call in READ if one == page and call not in LEFT_OUT), key=text.index)


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a base of the samples, a key, and the files that pages name."""
    folder, samples = tmp_path_factory.mktemp("furnished"), ROOT / "samples" / "articles"
    for name in ("samples/articles", "articles", "old-disk"):
        shutil.copytree(samples, folder / name)
    for name in ("my-archive", "reports", "My Library"):
        (folder / name).mkdir()
        (folder / name / "report.txt").write_text(f"Of {name}: 12% of the calls came back.\n", encoding="utf-8")
    shutil.copy(samples / ANSWERED_FROM, folder / "study.pdf")
    (folder / "library.bib").write_text("@report{r, title = {Calls}, file = {:report.txt:text/plain}}\n")
    (folder / "records.csv").write_text("file,title\nreport.txt,Calls\n")
    kb = program(folder)
    for call in (
        "kb ingest samples/articles",
        f'kb ask "{QUESTION}" --json > answer.json',
        f'kb export "{QUESTION}" --pack pack.zip',
        "kb key create desk --scope read --json > key.json",
        "kb documents --json > documents.json",
    ):
        done = kb(call)
        assert done.returncode == 0, (call, done.stdout, done.stderr)
    return folder


@pytest.mark.slow
@pytest.mark.model
@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_a_page_runs(page: str, furnished: Path, tmp_path: Path) -> None:
    """Ids that a page makes up are those of this base; a database that a page says is gone is gone."""
    folder = shutil.copytree(furnished, tmp_path / "folder")
    key = json.loads((folder / "key.json").read_text(encoding="utf-8"))["id"]
    document = json.loads((folder / "documents.json").read_text(encoding="utf-8"))["documents"][0]["document"]["id"]
    kb = program(folder)
    for call in in_order(page):
        if "--rebuild" in call:
            if "--base BASE" in call:
                shutil.copytree(folder / "kb-base", folder / "BASE")
            for name in ("kb.sqlite", "kb.sqlite-wal", "kb.sqlite-shm"):
                (folder / ("BASE" if "--base BASE" in call else "kb-base") / name).unlink(missing_ok=True)
        done = kb(call.replace("k0123456789", key).replace("d0123456789abcdef", document))

        assert done.returncode == 0, (call, done.stdout, done.stderr)


# A call over HTTP, with the lines that it goes on in.
_CURL = re.compile(r"^    (curl (?:.*\\\n)*.*)$", re.MULTILINE)
CURLS = [
    (page.relative_to(ROOT).as_posix(), call)
    for page in sorted(DOCS.glob("*.md"))
    if page.relative_to(ROOT).as_posix() not in OWN
    for call in _CURL.findall(page.read_text(encoding="utf-8"))
    if "/v1/ingest/urls" not in call  # asks the network; tests/api/test_urls.py has one of its own
]


@pytest.mark.slow
@pytest.mark.model
def test_every_call_over_http_of_the_pages_is_answered(furnished: Path, tmp_path: Path) -> None:
    """One after the other, by curl, on a server of this base: what an answer names is what the next call asks for."""
    folder = shutil.copytree(furnished, tmp_path / "folder")
    shutil.copy(folder / "study.pdf", folder / "report.pdf")
    run = program(folder)
    key = json.loads(run("kb key create desk-admin --scope admin --json").stdout)["secret"]
    document = json.loads((folder / "documents.json").read_text(encoding="utf-8"))["documents"][0]["document"]["id"]
    known = {"d0123456789abcdef": document, "$KEY": key}
    with serving(folder / "kb-base") as server:
        known["http://127.0.0.1:8000"] = server.address
        for page, call in CURLS:
            for shown, real in known.items():
                call = call.replace(shown, real)
            done = run(call.replace("curl ", "curl -sS --fail-with-body ", 1))
            assert done.returncode == 0, (page, call, done.stdout, done.stderr)
            said = json.loads(done.stdout) if done.stdout.startswith("{") else {}
            known |= {"q0123456789": said["id"]} if "/v1/searches " in call else {}
            known |= {"…": said["until"]} if "until" in said else {}

    assert len(CURLS) >= 9


def test_the_shell_of_a_page_is_that_of_its_folder(tmp_path: Path) -> None:
    """What is run is this program, in the folder that it is told."""
    done: subprocess.CompletedProcess[str] = program(tmp_path)("pwd && command -v kb")

    assert done.stdout.split() == [str(tmp_path), str(tmp_path / "bin" / "kb")]
