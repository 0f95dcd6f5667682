"""The model that a question waits for begins to load before the rest of the program is imported."""

from __future__ import annotations

from contextvars import copy_context

import pytest

from api.cli.ahead import BEGUN, begin
from index.model import bundled

CASES: list[tuple[str, list[str], str | None, bool]] = [
    ("a search", ["search", "effort", "--limit", "3"], None, True),
    ("a question", ["ask", "¿Qué mide el NPS?"], None, True),
    ("an empty setting is none", ["ask", "effort"], "", True),
    ("help waits for nothing", ["search", "--help"], None, False),
    ("another model", ["search", "effort"], "some/folder", False),
    ("a command without a question", ["stats", "search"], None, False),
    ("no command", [], None, False),
]


@pytest.mark.model
@pytest.mark.parametrize(("words", "model", "begun"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_only_a_question_of_the_bundled_model_begins_to_load(
    words: list[str], model: str | None, begun: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was begun is the bundled model, whole."""
    if model is None:
        monkeypatch.delenv("KB_MODEL", raising=False)
    else:
        monkeypatch.setenv("KB_MODEL", model)
    context = copy_context()
    context.run(BEGUN.set, None)  # what an earlier test began is not this run's
    context.run(begin, words)
    loading = context.get(BEGUN)

    assert (loading is not None) == begun
    if loading is not None:
        assert loading.result().stamp == bundled.stamp()
