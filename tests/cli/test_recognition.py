"""Text read off pictures at the doors: the option of the command line, and the setting of a server, off by default."""

from __future__ import annotations

import io
import json
import time
from pathlib import Path

import pytest

from api.cli.job_process import runner_of
from api.cli.wiring import Wiring
from api.jobs.intake import Incoming, queue_files
from api.settings import Settings
from tests.cli.conftest import Kb
from tests.tesseract import picture, stand_in_at

READ_OFF = "its text was read off a picture (OCR): compare what you quote"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a scan, and the stand-in on the path."""
    monkeypatch.setenv("PATH", str(stand_in_at(tmp_path)))
    made = tmp_path / "in"
    made.mkdir()
    (made / "a.png").write_bytes(picture("x"))
    return made


def test_a_scan_is_read_with_the_option_and_cited_as_such(kb: Kb, folder: Path, tmp_path: Path) -> None:
    """Without the option it is skipped, and the line says how to have it read."""
    base = ("--base", str(tmp_path / "base"))

    without = json.loads(kb("ingest", str(folder), *base, "--json").stdout)["files"]
    given = json.loads(kb("ingest", str(folder), "--ocr", *base, "--json").stdout)["files"]
    found = kb("search", "repite", *base)

    assert [(one["outcome"], one["hint"]) for one in without] == [
        ("skipped", "Ingest it with --ocr (a server: KB_OCR=1)")
    ]
    assert [(one["outcome"], one["note"]) for one in given] == [("added", READ_OFF)]
    assert "Repite el 62 %." in found.output
    assert "text by OCR" in found.output


def test_without_the_program_nothing_is_read_and_it_is_said_at_once(
    kb: Kb, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The option and the setting are each named, and a server does not start without what it promises."""
    base = str(tmp_path / "base")
    (folder / "b.txt").write_text("Repite el 62 % de los clientes.")
    assert kb("ingest", str(folder), "--base", base).exit_code == 0
    monkeypatch.setenv("PATH", str(tmp_path))

    asked = kb("ingest", str(folder), "--ocr", "--base", base)
    monkeypatch.setenv("KB_OCR", "1")
    served = kb("serve", "--base", base)

    assert [str(one.exception).split(":")[0] for one in (asked, served)] == ["--ocr", "KB_OCR"]
    assert "apt install tesseract-ocr" in str(served.exception)
    assert (asked.exit_code, served.exit_code) == (2, 2)


@pytest.mark.parametrize(
    ("ocr", "outcome", "said"),
    [(False, "skipped", "Ingest it with --ocr (a server: KB_OCR=1)"), (True, "added", READ_OFF)],
)
def test_an_upload_is_recognised_where_the_server_is_set_so(
    folder: Path, tmp_path: Path, ocr: bool, outcome: str, said: str
) -> None:
    """The same rule as on the command line; the line of the file in its job says what was done, or how to have it."""
    wiring = Wiring(Settings(base=tmp_path / "base", ocr=ocr))
    store = wiring.store(create=True)
    runner = runner_of(wiring, store, lambda fault: None)
    sent = [Incoming("a.png", io.BytesIO((folder / "a.png").read_bytes()))]
    job, _ = queue_files(store.jobs, runner, "somebody", sent)
    runner.start()
    while not (done := store.jobs.get(job.id)).state.ended:
        time.sleep(0.05)
    runner.stop()
    wiring.reader.close()

    (line,) = done.files
    assert (line.outcome, line.note or line.hint) == (outcome, said)
