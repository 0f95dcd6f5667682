"""A group of commands whose modules load when they are run: a search must not wait for what ingestion needs.

Owns the loading; which command is in which module is the program's table. Help loads them all, for each says its own.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

_QUOTED = re.compile(r"'([^']{1,60})'")


class LazyCommands(Mapping[str, Any]):
    """Commands by name, in the order of ``modules``, which maps each to the module that has it under that name."""

    def __init__(self, modules: Mapping[str, str]) -> None:
        self._modules = modules
        self._loaded: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        """The command; its module is imported the first time."""
        if name not in self._loaded:
            self._loaded[name] = _command(importlib.import_module(self._modules[name]), name)
        return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)


def _command(module: ModuleType, name: str) -> Any:
    scratch, own = typer.Typer(), getattr(module, name)
    if isinstance(own, typer.Typer):
        scratch.add_typer(own, name=name)
    else:
        scratch.command(name)(own)
    command = get_group(scratch).commands[name]
    _without_types_of_flags(command)
    return command


def _without_types_of_flags(command: Any) -> None:
    """Help shows ``--json`` and not ``--json <bool>``, which looks as if a value had to follow."""
    for inner in getattr(command, "commands", {}).values():
        _without_types_of_flags(inner)
    for parameter in command.params:
        if getattr(parameter, "is_flag", False):
            parameter.metavar = ""


def lazy_group(modules: Mapping[str, str]) -> type[TyperGroup]:
    """A class of groups that hold these commands."""

    class LazyGroup(TyperGroup):
        """A group that knows its commands by name before it has loaded them."""

        def __init__(self, **attributes: Any) -> None:
            super().__init__(**attributes)
            self.commands = LazyCommands(modules)  # type: ignore[assignment]

        def invoke(self, ctx: Any) -> Any:
            """Run what was asked for; a value that does not fit is refused in plain words."""
            try:
                return super().invoke(ctx)
            except typer.BadParameter as error:
                error.message = _in_plain_words(error) or error.message
                raise

    return LazyGroup


def _in_plain_words(error: typer.BadParameter) -> str | None:
    """What is wrong with a value, and the nearest right one of a closed list; null where that is said well already."""
    from pydantic import ValidationError

    from api.http.field_faults import wrong_with
    from kb.records.errors import nearest

    cause = error.__cause__
    if not isinstance(cause, ValidationError):
        return None
    first = cause.errors(include_url=False, include_input=False)[0]
    if first["type"] == "value_error" and " is not one of " in first["msg"]:
        given, *known = _QUOTED.findall(first["msg"])
        return f"{given!r} is not known. {nearest(given, known)}"
    return wrong_with(first)
