"""The Dockerfile, the compose file and the systemd unit, read: what they name is there, nobody is root, nothing floats.

The Dockerfile was linted with hadolint 2.15.1 too (no finding); neither Docker nor hadolint is needed to run these.
"""

from __future__ import annotations

import configparser
import json
import re
import shlex
import shutil
import subprocess
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml
from packaging.specifiers import SpecifierSet
from typer.testing import CliRunner

from api.cli.program import app
from api.settings import Settings
from api.wire.crowd import MOST, room_in

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
OPERATE = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")


def instructions() -> list[tuple[str, str]]:
    """The instructions of the Dockerfile with their words, lines joined and comments left out."""
    lines = [line for line in (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    joined = "\n".join(lines).replace("\\\n", " ")
    return [(name, rest.strip()) for name, _, rest in (line.partition(" ") for line in joined.splitlines() if line)]


def of(name: str) -> list[str]:
    return [rest for kind, rest in instructions() if kind == name]


def test_the_images_are_named_exactly_and_fit_the_project() -> None:
    """A tag with its Python and its Debian, never ``latest``; the Python is one that the project runs on."""
    for image in of("FROM"):
        tag = image.split()[0].partition(":")[2]
        version = re.match(r"\d+\.\d+", tag)

        assert re.fullmatch(r"python:3\.\d+(\.\d+)?-slim-[a-z]+( AS [a-z]+)?", image)
        assert version
        assert f"{version[0]}.0" in SpecifierSet(PROJECT["requires-python"])


def test_everything_that_is_copied_is_there_and_not_ignored() -> None:
    """Every path of a COPY exists, is sent to the build, and every package of the project is copied."""
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    sent = [line[1:] for line in ignored if line.startswith("!")]
    sources = [word for one in of("COPY") if not one.startswith("--from") for word in one.split()[:-1]]

    assert ignored[0] == "*"
    for source in sources:
        assert (ROOT / source).exists(), source
        assert any(fnmatch(source.removeprefix("./"), pattern) for pattern in sent), source
    assert {"kb", "ingest", "index", "api", "samples", "pyproject.toml", "locked.txt", PROJECT["readme"]} <= set(
        sources
    )
    assert set(PROJECT["license-files"]) <= set(sources)


def test_the_image_holds_the_wheel_and_what_was_hashed() -> None:
    """The lock, file by file, and the wheel, whose needs the lock holds (tests/test_install.py)."""
    (install,) = [one for one in of("RUN") if "pip install" in one]
    steps = [step.split("pip ")[-1].strip() for step in install.split("&&")[1:]]

    assert steps == [
        "install --require-hashes --requirement locked.txt",
        "wheel --no-deps --wheel-dir /wheel .",
        "install --no-deps /wheel/*.whl",
    ]


def test_nobody_is_root_and_the_base_is_in_a_volume() -> None:
    """A number, so that an orchestrator can see that it is not 0; what is written is written there."""
    environment = dict(word.split("=", 1) for one in of("ENV") for word in shlex.split(one))

    assert of("USER") == ["10001"]
    assert instructions().index(("USER", "10001")) > instructions().index(("FROM", of("FROM")[-1]))
    assert of("VOLUME") == ["/data"]
    assert environment["KB_BASE"].startswith("/data/")


def test_it_serves_beyond_loopback_only_with_a_key_and_asks_for_its_health() -> None:
    """The command is one of the program's, with an address at which the server wants a key."""
    (health,) = of("HEALTHCHECK")
    result = CliRunner().invoke(app, ["serve", "--help"], env={"COLUMNS": "120"})

    assert of("ENTRYPOINT") == ['["kb"]']
    assert of("CMD") == ['["serve", "--host", "0.0.0.0"]']
    assert "--host" in result.output
    assert "http://127.0.0.1:8000/healthz" in health
    assert of("EXPOSE") == ["8000"]


def unit() -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(ROOT / "deploy" / "kb.service", encoding="utf-8")
    return parser


def test_the_unit_is_hardened_and_stops_slower_than_the_server() -> None:
    """Not root, one writable folder, and more time to stop than requests and the file in hand get (10 s and 20 s)."""
    service = unit()["Service"]

    assert (service["User"], service["StateDirectory"], service["UMask"]) == ("kb", "kb", "0077")
    assert room_in(int(service["LimitNOFILE"])).total == MOST
    assert (service["ProtectSystem"], service["NoNewPrivileges"]) == ("strict", "true")
    assert int(service["TimeoutStopSec"]) > 10 + 20
    assert service["ExecStart"].endswith("/kb serve --require-key")
    assert set(re.findall(r"KB_[A-Z_]+", service["Environment"])) == {"KB_BASE"}
    assert all(place.startswith("/var/lib/kb/") for place in re.findall(r"=(/\S+)", service["Environment"]))


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not here")
def test_systemd_knows_every_setting_of_the_unit(tmp_path: Path) -> None:
    """With a program that exists in place of the installed one there is nothing to say."""
    text = (ROOT / "deploy" / "kb.service").read_text(encoding="utf-8")
    (tmp_path / "kb.service").write_text(text.replace("/opt/kb/.venv/bin/kb", "/bin/true"), encoding="utf-8")
    done = subprocess.run(["systemd-analyze", "verify", tmp_path / "kb.service"], capture_output=True, text=True)
    said = [line for line in (done.stdout + done.stderr).splitlines() if "kb.service" in line]

    assert said == []


def test_the_compose_file_runs_that_image_with_nothing_writable_but_its_volume() -> None:
    """Published on this machine alone, and stopped slower than the server."""
    service = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8"))["services"]["kb"]

    assert (ROOT / "deploy" / service["build"] / "Dockerfile").resolve() == ROOT / "Dockerfile"
    assert [service["command"]] == [json.loads(one) for one in of("CMD")]
    assert (service["volumes"], service["read_only"], service["cap_drop"]) == (["kb:/data"], True, ["ALL"])
    assert [port.split(":")[0] for port in service["ports"]] == ["127.0.0.1"]
    assert int(service["stop_grace_period"].removesuffix("s")) > 10 + 20


def test_the_other_compose_file_runs_servers_on_a_database_of_their_own() -> None:
    """The same service on the same image with the driver that was tested; the database is published nowhere, keeps all
    letters, and no password is written down."""
    text = (ROOT / "deploy" / "compose.postgresql.yaml").read_text(encoding="utf-8")
    database, service = (yaml.safe_load(text)["services"][name] for name in ("database", "kb"))
    alone = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8"))["services"]["kb"]
    driver = re.search(r"^psycopg==.*$", (ROOT / "constraints.txt").read_text(encoding="utf-8"), re.MULTILINE)

    for alike in ("command", "read_only", "tmpfs", "cap_drop", "security_opt", "stop_grace_period", "restart"):
        assert service[alike] == alone[alike]
    assert driver
    assert driver[0].replace("psycopg", "psycopg[binary]") in service["build"]["dockerfile_inline"]
    assert service["build"]["dockerfile_inline"].startswith("FROM cx-knowledge-base\n")
    assert service["build"]["dockerfile_inline"].endswith("USER 10001\n")
    assert Settings(store=service["environment"]["KB_STORE"]).store is not None
    assert re.fullmatch(r"pgvector/pgvector:[\d.]+-pg\d+-[a-z]+", database["image"])
    assert "ports" not in database
    assert "--encoding=UTF8 --locale=C.UTF-8" in database["environment"]["POSTGRES_INITDB_ARGS"]
    assert {database["environment"]["POSTGRES_PASSWORD"], service["environment"]["PGPASSWORD"]} == {
        "${KB_PASSWORD:?set KB_PASSWORD}"
    }


@pytest.mark.parametrize(
    "named", ["Dockerfile", "deploy/kb.service", "deploy/compose.yaml", "deploy/compose.postgresql.yaml"]
)
def test_operation_is_described(named: str) -> None:
    """Both stand in docs/operate.md, with the image's name as it is built."""
    assert named in OPERATE
    assert "cx-knowledge-base" in OPERATE
