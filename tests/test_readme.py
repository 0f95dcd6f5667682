"""What the README says is what the program does."""

from __future__ import annotations

import re

import pytest
from typer.testing import CliRunner

from api.cli.program import app
from tests.readme import README, ROOT, demo_output, transcript

COMMANDS = sorted(set(re.findall(r"^kb (\w+)", README.read_text(encoding="utf-8"), re.MULTILINE)))
LINKS = re.findall(r"\]\((?!https?:)([^)#]+)\)", README.read_text(encoding="utf-8"))


@pytest.mark.model
def test_the_transcript_is_what_the_demo_prints() -> None:
    """Character for character; ``python -m tests.readme`` writes it anew."""
    assert transcript() == demo_output()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_readme_has_help_with_an_example(command: str) -> None:
    """The commands exist, and their help shows one that runs."""
    result = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "120"})

    assert result.exit_code == 0
    assert f"kb {command}" in result.output


@pytest.mark.parametrize("link", LINKS)
def test_every_link_of_the_readme_leads_somewhere(link: str) -> None:
    """No dead link."""
    assert (ROOT / link).exists()


@pytest.mark.parametrize("target", ["demo", "test", "check"])
def test_every_make_target_of_the_readme_is_there(target: str) -> None:
    """The commands for newcomers and contributors."""
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
