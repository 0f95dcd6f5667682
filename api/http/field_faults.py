"""What is wrong with a field of a body, a query or the arguments of a tool, in words, and the name that was meant.

Owns the table from the kinds of fault that the validator knows to phrases. The validator's own words, which speak of
types of Python and lead to its makers' site, never reach a caller.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel

from api.service.asking.names import did_you_mean

UNKNOWN = "extra_forbidden"
_WRONG = {
    "missing": "must be given",
    "missing_argument": "must be given",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "too_short": "must have at least {min_length} members",
    "too_long": "must have at most {max_length} members",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "int_parsing_size": "must be a whole number",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "finite_number": "must be a number",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "string_type": "must be text in valid Unicode",
    "string_unicode": "must be text in valid Unicode",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "dict_type": "must be a JSON object",
    "model_attributes_type": "must be a JSON object",
    "model_type": "must be a JSON object",
    "literal_error": "must be one of {expected}",
    "enum": "must be one of {expected}",
    "date_from_datetime_parsing": "must be a day such as 2026-01-31",
    "date_from_datetime_inexact": "must be a day such as 2026-01-31",
    "date_parsing": "must be a day such as 2026-01-31",
    "date_type": "must be a day such as 2026-01-31",
    UNKNOWN: "is not known here",
}


def wrong_with(fault: Mapping[str, Any]) -> str:
    """The reason of one fault of the validator."""
    if fault.get("ctx", {}).get("min_length") == 1:
        return "must not be empty"
    return _WRONG.get(fault["type"], "is not a valid value").format_map(fault.get("ctx", {}))


def meant(faults: Iterable[Mapping[str, Any]], model: object, skip: int = 0) -> str | None:
    """The hint for the first unknown field among the faults: the nearest field of the model, or all; null when there is
    none. ``skip`` is how many steps of a fault's place lead to the model."""
    for fault in faults:
        place = fault["loc"][skip:]
        if fault["type"] == UNKNOWN and place:
            known = _fields_at(model, place[:-1])
            return did_you_mean(str(place[-1]), known) if known else None
    return None


def _fields_at(model: object, path: Sequence[str | int]) -> list[str]:
    """The fields of a model, or of the one inside it that the path leads to."""
    for step in path:
        kinds = _models(model)
        if isinstance(step, str) and kinds:
            field = kinds[0].model_fields.get(step)
            model = None if field is None else field.annotation
    return [name for kind in _models(model)[:1] for name in kind.model_fields]


def _models(kind: object) -> list[type[BaseModel]]:
    """The models that a type is made of: itself, or what stands in its list or beside its null."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return [kind]
    return [model for part in get_args(kind) for model in _models(part)]
