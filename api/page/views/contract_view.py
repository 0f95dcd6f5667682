"""The page of the API: every route with its parameters and examples, and every problem code, out of the contract.

Reads what ``/openapi.json`` gives, so that page and contract cannot differ. Nothing comes from another host.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response

from api.http.auth import needs
from api.http.problems import CODES
from api.page.door import PageRoute
from api.page.rendering import render
from api.page.visitor import visitor_of
from api.words.wording import spanish_summaries
from kb.records.language import Language

router = APIRouter(route_class=PageRoute, include_in_schema=False)
_OPEN = needs(None)


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter or a member of a body, its type in the words of JSON Schema, and whether it must be given."""

    name: str
    kind: str
    required: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """A route as it is shown; ``scope`` null is open to everybody."""

    method: str
    path: str
    summary: str
    scope: str | None
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    example: str


@router.get("/docs", openapi_extra=_OPEN)
def get_docs(request: Request) -> Response:
    """The contract for people."""
    language = visitor_of(request).language
    contract = request.app.openapi()
    shown = operations(contract, language)
    sections = [(tag["name"], shown[tag["name"]]) for tag in contract["tags"] if tag["name"] in shown]
    problems = [(code, facts.status, facts.title(language), facts.hint(language)) for code, facts in CODES.items()]
    return render(request, "docs.html", {"sections": sections, "problems": problems}, twin="/openapi.json")


def operations(contract: Mapping[str, Any], language: Language) -> dict[str, list[Operation]]:
    """The operations of a contract by their tag, with the words and the example of a language."""
    found: dict[str, list[Operation]] = {}
    for path, methods in contract["paths"].items():
        for method, one in methods.items():
            spanish = spanish_summaries()[f"{method.upper()} {path}"]
            operation = Operation(
                method.upper(),
                path,
                spanish if language is Language.ES else one.get("description") or one["summary"],
                one.get("x-scope"),
                tuple(
                    Field(parameter["name"], _kind(parameter["schema"]), parameter.get("required", False))
                    for parameter in one.get("parameters", ())
                ),
                _members(contract, one),
                next((sample["source"] for sample in one["x-codeSamples"] if sample["label"] == language.value), ""),
            )
            found.setdefault(one["tags"][0], []).append(operation)
    return found


def _members(contract: Mapping[str, Any], operation: Mapping[str, Any]) -> tuple[Field, ...]:
    """The members of a JSON body; none where it is any object."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    schema = contract["components"]["schemas"].get(name, {})
    required = schema.get("required", ())
    return tuple(
        Field(member, _kind(kind), member in required) for member, kind in schema.get("properties", {}).items()
    )


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
