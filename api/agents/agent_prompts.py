"""Prompts that an agent's user may choose: the way from a question, or a draft, to what can be printed."""

from __future__ import annotations

from typing import Literal

from api.service.asking.names import read_language
from kb.records.messages import said, say


def cited_answer(question: str, language: Literal["es", "en"] = "en") -> str:
    """Answer a question with quotes of the base, each with its citation, checked before it is handed over."""
    return said(say("prompt_cited_answer", question=question), read_language(language))


def check_draft(draft: str, language: Literal["es", "en"] = "en") -> str:
    """Check every figure of a draft against the base: supported, contradicted or not found."""
    return said(say("prompt_check_draft", draft=draft), read_language(language))
