"""``python -m clients.generation`` writes what is generated of the clients; the tests compare it with the contract."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from clients.generation.contract import document, read_contract
from clients.generation.python_text import client_text, models_text
from clients.generation.typescript_text import typescript_text

ROOT = Path(__file__).parents[1]
_PYTHON = ROOT / "python" / "src" / "cx_kb_client"


def generated() -> dict[Path, str]:
    """Each file that is generated, with the text that it should have."""
    contract = read_contract(document())
    return {
        _PYTHON / "models.py": _formatted(models_text(contract)),
        _PYTHON / "client.py": _formatted(client_text(contract)),
        ROOT / "typescript" / "src" / "contract.ts": typescript_text(contract),
    }


def _formatted(text: str) -> str:
    command = [sys.executable, "-m", "ruff", "format", "--line-length", "120", "-"]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout  # noqa: S603


if __name__ == "__main__":
    for path, text in generated().items():
        path.write_text(text, encoding="utf-8")
