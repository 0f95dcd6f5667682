"""The OpenAPI document: what FastAPI reads off the routes, with problems, keys and examples of both languages.

The tests run the examples. Ids of documents are those of the bundled samples; other ids only show the form.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from api.files.export_requests import FILTERS
from api.http.bodies import UploadBody
from api.http.problems import CODES, Problem
from api.routes.arguments import unless_changed
from api.service.asking.filters import FIGURES, PASSAGES
from api.words.wording import contract_words

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


_DESCRIPTION = """Search, cited answers and statistics over customer-experience research in Spanish and English.

Within v1 nothing is taken away and no meaning changes: fields, routes and codes are only added.

What is read by GET can be asked for by HEAD: the same status and headers, no body."""
# What FastAPI writes where nothing was said of a response.
_UNSAID, _DONE = "Successful Response", "Done; there is no body."
_EVERYWHERE = (400, 401, 403, 404, 408, 413, 421, 422, 429, 500, 503)


def describe(app: FastAPI) -> None:
    """Make ``app.openapi`` give the whole contract."""

    def contract() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _contract(app)
        return app.openapi_schema

    app.openapi = contract  # type: ignore[method-assign]


def _contract(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(title=app.title, version=app.version, description=_DESCRIPTION, routes=app.routes)
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for model in (Problem, UploadBody):
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(schema.pop("$defs", {}))
        schemas[model.__name__] = schema
    for left_over in ("HTTPValidationError", "ValidationError"):
        schemas.pop(left_over, None)
    describe_properties(schemas)
    document["tags"] = tags()
    document["servers"] = [{"url": "/", "description": "This server"}]
    components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer", "bearerFormat": "kb_…"}}
    tagged = {route.path for route in app.routes if isinstance(route, APIRoute) and _has_tag(route)}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method == "get" and path in tagged:
                operation["responses"]["304"] = {"description": "The caller has it already (If-None-Match)"}
            describe_operation(operation, method, path)
            _complete(operation, method, path)
    return document


def _has_tag(route: APIRoute) -> bool:
    """Whether what a route gives carries an ETag: by the state of the base, or (the original) by its own bytes."""
    return route.path.endswith("/original") or any(one.dependency is unless_changed for one in route.dependencies)


def _complete(operation: dict[str, Any], method: str, path: str) -> None:
    codes: dict[int, list[str]] = {}
    for code, facts in CODES.items():
        codes.setdefault(facts.status, []).append(code)
    statuses = _EVERYWHERE if path.startswith("/v1") else (401, 403, 421, 429, 500, 503)
    conflict = (409,) if method == "patch" else ()
    for status in (*statuses, *conflict, *((415,) if "requestBody" in operation else ())):
        operation["responses"][str(status)] = {
            "description": "Problem: " + ", ".join(codes[status]),
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    for status, response in operation["responses"].items():
        if response["description"] == _UNSAID:
            response["description"] = _DONE if status == "204" else operation["description"].partition("\n\n")[0]
    operation.setdefault("x-scope", None)  # open to everybody; FastAPI leaves nulls out
    _add_examples(operation, method, path)


def _add_examples(operation: dict[str, Any], method: str, path: str) -> None:
    pair = EXAMPLES.get((method, path))
    if pair is None:
        return
    operation["x-codeSamples"] = [
        {"lang": "Shell", "label": language, "source": curl(method, path, request)}
        for language, request in pair.items()
    ]
    for parameter in operation.get("parameters", ()):
        values = {
            language: {"value": {**request.path, **request.query}[parameter["name"]]}
            for language, request in pair.items()
            if parameter["name"] in {**request.path, **request.query}
        }
        if values:
            parameter["examples"] = values
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if body is not None:
        body["examples"] = {language: {"value": request.body} for language, request in pair.items()}


@dataclass(frozen=True, slots=True)
class ExampleRequest:
    """A request: what fills the path, the query string, and the JSON body (null for none)."""

    path: dict[str, str] = field(default_factory=dict)
    query: dict[str, str | int | float | bool] = field(default_factory=dict)
    body: Any = None


def _read() -> dict[tuple[str, str], dict[str, ExampleRequest]]:
    """The requests of ``api/data/examples.json`` by method and path, one a language; "both" stands for either."""
    rows = json.loads(resources.files("api").joinpath("data", "examples.json").read_text(encoding="utf-8"))
    examples = {}
    for route, pair in rows.items():
        method, _, path = route.partition(" ")
        given = {language: pair.get(language, pair.get("both", {})) for language in ("es", "en")}
        examples[method.lower(), path] = {language: ExampleRequest(**one) for language, one in given.items()}
    return examples


EXAMPLES = _read()


def curl(method: str, path: str, request: ExampleRequest) -> str:
    """The request as a curl command for a shell."""
    asked = f"?{urlencode(request.query)}" if request.query else ""
    address = f"http://127.0.0.1:8000{path.format_map(request.path)}{asked}"
    parts = ["curl", *([] if method == "get" else ["-X", method.upper()]), f"'{address}'"]
    if request.body is not None:
        body = json.dumps(request.body, ensure_ascii=False).replace("'", "’")
        parts += ["-H 'Content-Type: application/json'", f"-d '{body}'"]
    return " ".join(parts)
