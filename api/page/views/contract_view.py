"""The page of the API: every route with its parameters and examples, and every problem code, out of the contract.

Reads what ``/openapi.json`` gives, so that page and contract cannot differ. Nothing comes from another host.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from fastapi import APIRouter, Request, Response

from api.files.export_requests import FILTERS
from api.http.auth import needs
from api.http.problems import CODES
from api.page.door import PageRoute
from api.page.rendering import render
from api.page.visitor import visitor_of
from api.service.asking.filters import FIGURES, PASSAGES
from api.words.wording import contract_in_spanish, spanish_summaries
from kb.records.language import Language

router = APIRouter(route_class=PageRoute, include_in_schema=False)
_OPEN = needs(None)


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter or a member of a record, its type in the words of JSON Schema, whether it must be given, and what it
    is; ``of`` is the record that the type names, or empty."""

    name: str
    kind: str
    required: bool
    told: str
    of: str


@dataclass(frozen=True, slots=True)
class Record:
    """A record of the contract: what it is, its members, and of a closed list its values."""

    name: str
    told: str
    members: tuple[Field, ...]
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """A route as it is shown: ``name`` is what clients call it, ``answer`` the type of what comes back and ``of`` the
    record in it, both empty where nothing does; ``scope`` null is open to everybody."""

    method: str
    path: str
    name: str
    summary: str
    scope: str | None
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    answer: str
    of: str
    example: str


@router.get("/docs", openapi_extra=_OPEN)
def get_docs(request: Request) -> Response:
    """The contract for people."""
    language = visitor_of(request).language
    contract = request.app.openapi()
    shown, records = operations(contract, language), records_of(contract)
    sections = [(tag["name"], shown[tag["name"]]) for tag in contract["tags"] if tag["name"] in shown]
    problems = [(code, one.status, one.title(language), one.hint(language)) for code, one in CODES.items()]
    return render(
        request, "docs.html", {"sections": sections, "records": records, "problems": problems}, twin="/openapi.json"
    )


def operations(contract: Mapping[str, Any], language: Language) -> dict[str, list[Operation]]:
    """The operations of a contract by their tag, with the words and the example of a language."""
    found: dict[str, list[Operation]] = {}
    for path, methods in contract["paths"].items():
        for method, one in methods.items():
            spanish = spanish_summaries()[f"{method.upper()} {path}"]
            operation = Operation(
                method.upper(),
                path,
                one["operationId"],
                spanish if language is Language.ES else one.get("description") or one["summary"],
                one.get("x-scope"),
                tuple(
                    _field(parameter["name"], parameter, parameter.get("required", False), language)
                    for parameter in one.get("parameters", ())
                ),
                _body(contract, one, language),
                *_answer(one),
                next((sample["source"] for sample in one["x-codeSamples"] if sample["label"] == language.value), ""),
            )
            found.setdefault(one["tags"][0], []).append(operation)
    return found


def records_of(contract: Mapping[str, Any]) -> tuple[Record, ...]:
    """The records of a contract by name, in its own words."""
    return tuple(
        Record(
            name, schema.get("description", ""), _members(schema, Language.EN), tuple(map(str, schema.get("enum", ())))
        )
        for name, schema in sorted(contract["components"]["schemas"].items())
    )


def _body(contract: Mapping[str, Any], operation: Mapping[str, Any], language: Language) -> tuple[Field, ...]:
    """The members of a JSON body; none where it is any object."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    return _members(contract["components"]["schemas"].get(name, {}), language)


def _answer(operation: Mapping[str, Any]) -> tuple[str, str]:
    """The type of what comes back, its media type where that is no JSON, and the record in it."""
    good = next(one for status, one in operation["responses"].items() if status.startswith("2"))
    for media_type, content in good.get("content", {}).items():
        schema = content.get("schema", {})
        return (_kind(schema) if media_type == "application/json" else media_type), _named_in(schema)
    return "", ""


def _members(schema: Mapping[str, Any], language: Language) -> tuple[Field, ...]:
    required = schema.get("required", ())
    return tuple(
        _field(name, member, name in required, language) for name, member in schema.get("properties", {}).items()
    )


def _field(name: str, said: Mapping[str, Any], required: bool, language: Language) -> Field:
    schema = said.get("schema", said)
    told = said.get("description", "")
    told = _in_spanish().get(told, told) if language is Language.ES else told
    return Field(name, _kind(schema), required, told, _named_in(schema))


@cache
def _in_spanish() -> Mapping[str, str]:
    filters = {row.en: row.es for row in (*PASSAGES, *FIGURES, *FILTERS)}
    return {**contract_in_spanish(), **filters}


def _named_in(schema: Mapping[str, Any]) -> str:
    """The first record that a type names, or empty."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    parts = (*schema.get("anyOf", ()), *([schema["items"]] if "items" in schema else []))
    return next(filter(None, map(_named_in, parts)), "")


def _kind(schema: Mapping[str, Any]) -> str:
    """The type of a value: "string", "array of string", "integer"; the name of a schema for an object of its own."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        kinds = [_kind(one) for one in schema["anyOf"] if one.get("type") != "null"]
        return " | ".join(dict.fromkeys(kinds))
    if schema.get("type") == "array":
        return f"array of {_kind(schema.get('items', {}))}"
    return str(schema.get("type", "any"))
