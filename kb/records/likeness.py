"""Records made of other records: what both have by the same name is not written out again."""

from dataclasses import fields
from typing import Any, TypeVar, cast

Made = TypeVar("Made")


def like(kind: type[Made], record: object, **other: object) -> Made:
    """A record of a kind with what another has by the same names, and these others."""
    names = [one.name for one in fields(cast(Any, kind)) if one.name not in other]
    return kind(**{name: getattr(record, name) for name in names if hasattr(record, name)}, **other)


def members(record: object, names: str) -> dict[str, Any]:
    """Some members of a record by their names."""
    return {name: getattr(record, name) for name in names.split()}
