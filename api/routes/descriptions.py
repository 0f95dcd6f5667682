"""The words of the contract: an id and a summary for every operation, a description for every parameter and property.

Owns the reading of ``api/data/contract.tsv``, in which ``*`` stands for every schema that has no row of its own. The
filters say of themselves what they are (``api.service.asking.filters``).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from api.files.export_requests import FILTERS
from api.service.asking.filters import FIGURES, PASSAGES

_HEADER = "schema\tname\tdescription"
_OF_PASSAGES = ("/v1/search", "/v1/search/brief")
_PER_PATH = {"/v1/statistics": FIGURES, "/v1/export": FILTERS}


@cache
def contract_words() -> Mapping[tuple[str, str], str]:
    """Schema (or ``operation``, ``tag``, ``parameter``, ``*``) and name to its words; ValueError for a broken table."""
    lines = resources.files("api").joinpath("data", "contract.tsv").read_text(encoding="utf-8").splitlines()
    if lines[0] != _HEADER:
        raise ValueError(f"contract.tsv: its first line is not {_HEADER!r}")
    words: dict[tuple[str, str], str] = {}
    for number, line in enumerate(lines[1:], 2):
        schema, name, text = [*line.split("\t"), "", ""][:3]
        if not text or (schema, name) in words or line.count("\t") != 2:
            raise ValueError(f"contract.tsv, line {number}: is no new schema and name with a description")
        words[schema, name] = text
    return words


def describe_operation(operation: dict[str, Any], method: str, path: str) -> None:
    """Give an operation its id and summary, and describe its parameters."""
    named = contract_words().get(("operation", f"{method.upper()} {path}"))
    if named is not None:
        operation["operationId"], operation["summary"] = named.split(": ", 1)
    filters = {row.name: row.en for row in _PER_PATH.get(path, PASSAGES)}
    for parameter in operation.get("parameters", ()):
        name = parameter["name"]
        told = contract_words().get(("parameter", name))
        if path in _OF_PASSAGES or told is None:
            told = filters.get(name, told)
        if told is not None:
            parameter["description"] = told


def describe_properties(schemas: Mapping[str, Any]) -> None:
    """Describe the properties of all schemas."""
    filters = {row.name: row.en for row in PASSAGES}
    for schema, content in schemas.items():
        for name, one in content.get("properties", {}).items():
            told = filters.get(name) if schema == "FilterBody" else None
            told = told or contract_words().get((schema, name)) or contract_words().get(("*", name))
            if told is not None:
                one["description"] = told


def tags() -> list[dict[str, str]]:
    """The tags of the operations with what they hold."""
    return [{"name": name, "description": text} for (kind, name), text in contract_words().items() if kind == "tag"]
