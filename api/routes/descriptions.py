"""Puts the words of the contract into its document; what a filter is, its row says (``api.service.asking.filters``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.files.export_requests import FILTERS
from api.service.asking.filters import FIGURES, PASSAGES
from api.words.contract_words import contract_words

_OF_PASSAGES = ("/v1/search", "/v1/search/brief", "/v1/search/fields")
_PER_PATH = {"/v1/statistics": FIGURES, "/v1/export": FILTERS}


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
