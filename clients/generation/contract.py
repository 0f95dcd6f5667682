"""The OpenAPI document as what a client is made of: models, enumerations and operations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from fastapi import FastAPI

from api.app import VERSION
from api.routes import all_routes
from api.routes.contract import describe

Schema = Mapping[str, Any]
_PREFIX = "#/components/schemas/"


class Gives(Enum):
    """What the body of a response is."""

    NOTHING = "nothing"
    RECORD = "record"
    TEXT = "text"
    BYTES = "bytes"
    EVENTS = "events"


@dataclass(frozen=True, slots=True)
class Field:
    """A property of a model, or something that an operation takes; ``schema`` says of what type."""

    name: str
    schema: Schema
    required: bool
    description: str


@dataclass(frozen=True, slots=True)
class Model:
    """An object with its properties."""

    name: str
    description: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """An enumeration; servers to come may have more values."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """A route: where, what it takes, what it gives. ``whole_body`` where the body is an object of any shape."""

    name: str
    method: str
    path: str
    description: str
    path_fields: tuple[Field, ...]
    query: tuple[Field, ...]
    body: tuple[Field, ...]
    whole_body: bool
    repeatable: bool
    gives: Gives
    result: Schema


@dataclass(frozen=True, slots=True)
class Contract:
    """All of it; what an operation takes as its body are parameters of the operation, not a model."""

    choices: tuple[Choice, ...]
    models: tuple[Model, ...]
    operations: tuple[Operation, ...]


def document() -> dict[str, Any]:
    """The OpenAPI document of the routes, as a server gives it."""
    app = FastAPI(title="CX knowledge base", version=VERSION)
    app.router.routes[:] = all_routes()
    describe(app)
    return app.openapi()


def read_contract(said: Mapping[str, Any]) -> Contract:
    """The contract of a document."""
    schemas = said["components"]["schemas"]
    operations = tuple(_operations(said["paths"], schemas))
    used = sorted(_reached(operations, schemas))
    choices = tuple(Choice(name, tuple(schemas[name]["enum"])) for name in used if "enum" in schemas[name])
    models = tuple(
        Model(name, schemas[name].get("description", ""), _fields(schemas[name]))
        for name in used
        if "enum" not in schemas[name]
    )
    return Contract(choices, models, operations)


def _reached(operations: Sequence[Operation], schemas: Mapping[str, Schema]) -> set[str]:
    """The names of all schemas in what operations take and give."""
    found: set[str] = set()
    waiting: list[Any] = [[one.result, *(field.schema for field in one.body)] for one in operations]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            name = named(one)
            if name and name not in found:
                found.add(name)
                waiting.append(schemas[name])
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
    return found


def named(schema: Schema) -> str | None:
    """The name of the schema that this one stands for, or null."""
    found: str | None = schema.get("$ref")
    return found.removeprefix(_PREFIX) if found else None


def _fields(schema: Schema) -> tuple[Field, ...]:
    needed = schema.get("required", ())
    return tuple(
        Field(name, one, name in needed, one.get("description", "")) for name, one in schema["properties"].items()
    )


def _operations(paths: Mapping[str, Any], schemas: Mapping[str, Schema]) -> Iterator[Operation]:
    for path, methods in paths.items():
        for method, said in methods.items():
            taken = said.get("parameters", ())
            body = _body(said)
            model = schemas[str(named(body))] if body and named(body) else None
            gives, result = _given(said["responses"])
            yield Operation(
                said["operationId"],
                method.upper(),
                path,
                said["description"],
                _parameters(taken, "path"),
                _parameters(taken, "query"),
                _fields(model) if model else (),
                body is not None and model is None,
                any(one["in"] == "header" for one in taken),
                gives,
                result,
            )


def _body(operation: Mapping[str, Any]) -> Schema | None:
    content = operation.get("requestBody", {}).get("content", {})
    found: Schema | None = content.get("application/json", {}).get("schema")
    return found


def _parameters(taken: Any, place: str) -> tuple[Field, ...]:
    return tuple(
        Field(one["name"], one["schema"], one["required"], one.get("description", ""))
        for one in taken
        if one["in"] == place
    )


def _given(responses: Mapping[str, Any]) -> tuple[Gives, Schema]:
    content = next(one.get("content", {}) for status, one in responses.items() if status.startswith("2"))
    if "application/json" in content:
        return Gives.RECORD, content["application/json"]["schema"]
    if "text/event-stream" in content:
        return Gives.EVENTS, {}
    if not content:
        return Gives.NOTHING, {}
    return (Gives.TEXT, {}) if list(content) == ["text/plain"] else (Gives.BYTES, {})
