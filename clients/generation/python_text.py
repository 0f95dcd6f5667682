"""The contract as Python: ``models.py`` with pydantic, ``client.py`` with its methods twice, plain and to await."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from clients.generation.contract import Choice, Contract, Field, Gives, Model, Operation, Schema, named

_PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}
_WIDTH = 110


def models_text(contract: Contract) -> str:
    """``models.py``: what the server gives and takes."""
    parts = [
        '"""What the server gives and takes; generated from its contract, not to be edited."""',
        "from __future__ import annotations",
        "from typing import Any, Literal, TypeAlias",
        "from pydantic import BaseModel, ConfigDict",
        'class Record(BaseModel):\n    """A record; members that this client does not know are passed over."""\n\n'
        '    model_config = ConfigDict(extra="ignore", frozen=True)',
        *(_choice(one) for one in contract.choices),
        *(_model(one) for one in contract.models),
    ]
    return "\n\n".join(parts) + "\n"


def client_text(contract: Contract) -> str:
    """``client.py``: a method an operation, in the plain client and in the one to await."""
    parts = [
        '"""Every operation of the API as a method; generated from its contract, not to be edited."""',
        "from __future__ import annotations",
        "from collections.abc import AsyncIterator, Iterator, Mapping, Sequence\nfrom typing import Any",
        "from cx_kb_client import models\n"
        "from cx_kb_client.asking import OMIT, Asked, Omitted\n"
        "from cx_kb_client.sending import AsyncSender, Sender",
        'class Client(Sender):\n    """A server of a knowledge base. Use as a context manager, or ``close`` it."""',
        *(_method(one, waits=False) for one in contract.operations),
        'class AsyncClient(AsyncSender):\n    """The same, to be awaited."""',
        *(_method(one, waits=True) for one in contract.operations),
    ]
    return "\n\n".join(parts) + "\n"


def _choice(choice: Choice) -> str:
    values = ", ".join(f'"{value}"' for value in choice.values)
    return f"# Servers to come may know more values.\n{choice.name}: TypeAlias = Literal[{values}] | str"


def _model(model: Model) -> str:
    lines = [f"class {model.name}(Record):", *_docstring(model.description or f"{model.name}.", "    ")]
    for field in model.fields:
        lines += [*_comment(field.description, "    "), f"    {field.name}: {_typed(field.schema)}{_default(field)}"]
    return "\n".join(lines)


def _default(field: Field) -> str:
    if field.required:
        return ""
    given = field.schema.get("default")
    return f" = {given!r}"


def _method(operation: Operation, *, waits: bool) -> str:
    streams = operation.gives is Gives.EVENTS
    lead = "async def" if waits and not streams else "def"
    needed = [field for field in (*operation.path_fields, *operation.query, *operation.body) if field.required]
    optional = [field for field in (*operation.query, *operation.body) if not field.required]
    bodies = {field.name for field in operation.body}
    taken = ["self", *(f"{one.name}: {_taken(one.schema)}" for one in needed)]
    if operation.whole_body:
        taken.append("body: Mapping[str, Any] | models.Record")
    named_only = [f"{one.name}: {_or_omitted(one) if one.name in bodies else _or_none(one)}" for one in optional]
    if operation.repeatable:
        named_only.append("idempotency_key: str | None = None")
    taken += ["*", *named_only] if named_only else []
    head = f"    {lead} {operation.name}({', '.join(taken)}) -> {_given(operation, waits=waits)}:"
    return "\n".join([head, *_docstring(operation.description, "        "), *_sent(operation, waits=waits)])


def _sent(operation: Operation, *, waits: bool) -> Iterator[str]:
    path = operation.path
    parts = [f'"{operation.method}"', f'"{path}"']
    if operation.path_fields:
        parts.append(f"place={_named(operation.path_fields)}")
    if operation.query:
        parts.append(f"query={_named(operation.query)}")
    if operation.body:
        parts.append(f"body={_named(operation.body)}")
    if operation.whole_body:
        parts.append("body=body")
    if operation.repeatable:
        parts.append("once=True, idempotency_key=idempotency_key")
    asked = f"Asked({', '.join(parts)})"
    if operation.gives is Gives.EVENTS:
        yield f"        return self.events({asked}, models.Job)"
        return
    call = {
        Gives.RECORD: f"record({asked}, {_typed(operation.result, 'models.')})",
        Gives.TEXT: f"text({asked})",
        Gives.BYTES: f"content({asked})",
        Gives.NOTHING: f"nothing({asked})",
    }[operation.gives]
    yield f"        return {'await ' if waits else ''}self.{call}"


def _given(operation: Operation, *, waits: bool) -> str:
    if operation.gives is Gives.EVENTS:
        return f"{'Async' if waits else ''}Iterator[models.Job]"
    plain = {Gives.TEXT: "str", Gives.BYTES: "bytes", Gives.NOTHING: "None"}
    return plain.get(operation.gives) or _typed(operation.result, "models.")


def _named(fields: Sequence[Field]) -> str:
    return "{" + ", ".join(f'"{one.name}": {one.name}' for one in fields) + "}"


def _or_none(field: Field) -> str:
    kind = _taken(field.schema)
    return f"{kind if kind.endswith('None') else f'{kind} | None'} = None"


def _or_omitted(field: Field) -> str:
    kind = _taken(field.schema)
    return f"{kind.removesuffix(' | None')} | Omitted{' | None' if kind.endswith(' | None') else ''} = OMIT"


def _taken(schema: Schema) -> str:
    """What a caller may hand in: any sequence, a mapping in the place of a record."""
    if "anyOf" in schema:
        return " | ".join(_taken(one) for one in schema["anyOf"])
    if schema.get("type") == "array":
        return f"Sequence[{_taken(schema['items'])}]"
    kind = named(schema)
    return f"models.{kind} | Mapping[str, Any]" if kind and kind.endswith("Body") else _typed(schema, "models.")


def _typed(schema: Schema, room: str = "") -> str:
    if "anyOf" in schema:
        return " | ".join(_typed(one, room) for one in schema["anyOf"])
    if name := named(schema):
        return f"{room}{name}"
    kind = schema.get("type")
    if kind == "array":
        return f"list[{_typed(schema['items'], room)}]"
    if kind == "object":
        inner = schema.get("additionalProperties")
        return f"dict[str, {_typed(inner, room) if isinstance(inner, dict) else 'Any'}]"
    return "None" if kind == "null" else _PLAIN.get(str(kind), "Any")


def _docstring(text: str, indent: str) -> list[str]:
    words = " ".join(text.split()).rstrip()
    if len(words) + len(indent) + 6 <= _WIDTH:
        return [f'{indent}"""{words}"""', ""]
    lines = textwrap.wrap(words, _WIDTH - len(indent) - 3)
    return [f'{indent}"""{lines[0]}', *(f"{indent}{line}" for line in lines[1:]), f'{indent}"""', ""]


def _comment(text: str, indent: str) -> list[str]:
    return [f"{indent}# {line}" for line in textwrap.wrap(" ".join(text.split()), _WIDTH - len(indent) - 2)]
