"""The contract as TypeScript: its types, and a class with a method an operation over ``sending.ts``."""

from __future__ import annotations

import json
from collections.abc import Iterator

from clients.generation.contract import Contract, Field, Gives, Operation, Schema, named

_PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}
_GIVEN = {Gives.NOTHING: "void", Gives.TEXT: "string", Gives.BYTES: "Uint8Array", Gives.RECORD: "json"}
_CALL = {Gives.NOTHING: "nothing", Gives.TEXT: "text", Gives.BYTES: "bytes", Gives.RECORD: "record"}


def typescript_text(contract: Contract) -> str:
    """``contract.ts``: what the server gives and takes, and every operation as a method."""
    parts = [
        "// Generated from the contract of the API, not to be edited.",
        'import { Sender } from "./sending.js";',
        *(_choice(one.name, one.values) for one in contract.choices),
        *(_interface(one.name, one.description, one.fields) for one in contract.models),
        "\n\n".join(
            ["/** A server of a knowledge base; errors are `Problem`. */\nexport class Client extends Sender {"]
        )
        + "\n\n".join("\n".join(_method(one)) for one in contract.operations)
        + "\n}",
    ]
    return "\n\n".join(parts) + "\n"


def _choice(name: str, values: tuple[str, ...]) -> str:
    known = " | ".join(json.dumps(value) for value in values)
    return f"/** Servers to come may know more values. */\nexport type {name} = {known} | (string & {{}});"


def _interface(name: str, description: str, fields: tuple[Field, ...]) -> str:
    lines = [*_comment(description or f"{name}.", ""), f"export interface {name} {{"]
    for field in fields:
        # What has a default is always there in an answer; in a body it may be left out.
        optional = "?" if not field.required and name.endswith("Body") else ""
        lines += [*_comment(field.description, "  "), f"  {field.name}{optional}: {_typed(field.schema)};"]
    return "\n".join([*lines, "}"])


def _method(operation: Operation) -> Iterator[str]:
    needed = [one for one in (*operation.path_fields, *operation.query, *operation.body) if one.required]
    optional = [one for one in (*operation.query, *operation.body) if not one.required]
    taken = [f"{_camel(one.name)}: {_typed(one.schema)}" for one in needed]
    if operation.whole_body:
        taken.append("body: object")
    if operation.repeatable:
        optional.append(Field("idempotency_key", {"type": "string"}, False, ""))
    if optional:
        taken.append("options: { " + " ".join(f"{one.name}?: {_typed(one.schema)};" for one in optional) + " } = {}")
    yield from _comment(operation.description, "  ")
    streams = operation.gives is Gives.EVENTS
    given = "AsyncGenerator<Job>" if streams else f"Promise<{_result(operation)}>"
    yield f"  {_camel(operation.name)}({', '.join(taken)}): {given} {{"
    call = "events<Job>" if streams else _call(operation)
    yield f"    return this.{call}({', '.join(_sent(operation))});"
    yield "  }"


def _call(operation: Operation) -> str:
    name = _CALL[operation.gives]
    return f"{name}<{_result(operation)}>" if operation.gives is Gives.RECORD else name


def _result(operation: Operation) -> str:
    return _typed(operation.result) if operation.gives is Gives.RECORD else _GIVEN[operation.gives]


def _sent(operation: Operation) -> Iterator[str]:
    yield json.dumps(operation.method)
    path = operation.path
    for one in operation.path_fields:
        path = path.replace(f"{{{one.name}}}", f"${{encodeURIComponent({_camel(one.name)})}}")
    yield f"`{path}`"
    parts = [
        f"{place}: {{ {', '.join(_values(fields))} }}"
        for place, fields in (("query", operation.query), ("body", operation.body))
        if fields
    ]
    if operation.whole_body:
        parts.append("body")
    if operation.repeatable:
        parts.append("once: true, idempotencyKey: options.idempotency_key")
    if parts:
        yield f"{{ {', '.join(parts)} }}"


def _values(fields: tuple[Field, ...]) -> Iterator[str]:
    for one in fields:
        yield f"{one.name}: {_camel(one.name) if one.required else f'options.{one.name}'}"


def _typed(schema: Schema) -> str:
    if "anyOf" in schema:
        return " | ".join(_typed(one) for one in schema["anyOf"])
    if name := named(schema):
        return name
    if schema.get("type") == "array":
        inner = _typed(schema["items"])
        return f"({inner})[]" if " " in inner else f"{inner}[]"
    if schema.get("type") == "object":
        values = schema.get("additionalProperties")
        return f"Record<string, {_typed(values) if isinstance(values, dict) else 'unknown'}>"
    return _PLAIN.get(str(schema.get("type")), "unknown")


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(one.capitalize() for one in others)


def _comment(text: str, indent: str) -> list[str]:
    words = " ".join(text.split()).replace("*/", "* /")
    return [f"{indent}/** {words} */"] if words else []
