"""A base of the samples made once with the real model, and a way to call the program."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.cli.program import EXIT_CODES, app
from kb.records.errors import KnowledgeBaseError

SAMPLES = Path(__file__).parents[2] / "samples" / "articles"
Kb = Callable[..., Result]


@pytest.fixture(scope="session")
def kb() -> Kb:
    """Call the program with these words; an error of ours becomes its exit code, as in ``main``."""

    def call(*words: str, stdin: str = "") -> Result:
        result = CliRunner().invoke(app, list(words), input=stdin)
        if isinstance(result.exception, KnowledgeBaseError):
            result.exit_code = EXIT_CODES[type(result.exception)]
        return result

    return call


@pytest.fixture(scope="session")
def sample_base(tmp_path_factory: pytest.TempPathFactory, kb: Kb) -> str:
    """The folder of a base that holds the samples."""
    base = str(tmp_path_factory.mktemp("samples") / "base")
    result = kb("ingest", str(SAMPLES), "--base", base)
    assert result.exit_code == 0, result.output
    return base
