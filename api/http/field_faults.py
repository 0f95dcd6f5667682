"""What is wrong with a field of a body, a query or the arguments of a tool, in words, and the name that was meant.

Owns the table from the kinds of fault that the validator knows to phrases. The validator's own words, which speak of
types of Python and lead to its makers' site, never reach a caller.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Annotated, Any, get_args

from fastapi import Depends, Query, Request
from pydantic import BaseModel

from kb.records.errors import nearest
from kb.records.messages import Message, say, together, wordings

Keys = Annotated[tuple[str, ...], Query(alias="item")]
Notes = Annotated[tuple[str, ...], Query(alias="note")]


def _calendar(request: Request) -> Callable[[], date]:
    today: Callable[[], date] = request.app.state.page_today
    return today


Today = Annotated[Callable[[], date], Depends(_calendar)]


UNKNOWN = "extra_forbidden"
_WRONG = {
    "missing": "must_be_given",
    "missing_argument": "must_be_given",
    "string_too_short": "must_have_at_least_characters",
    "string_too_long": "must_have_at_most_characters",
    "too_short": "must_have_at_least_members",
    "too_long": "must_have_at_most_members",
    "int_parsing": "must_be_a_whole_number",
    "int_type": "must_be_a_whole_number",
    "int_from_float": "must_be_a_whole_number",
    "int_parsing_size": "must_be_a_whole_number",
    "float_parsing": "must_be_a_number",
    "float_type": "must_be_a_number",
    "finite_number": "must_be_a_number",
    "greater_than_equal": "must_be_at_least",
    "less_than_equal": "must_be_at_most",
    "bool_parsing": "must_be_true_or_false",
    "bool_type": "must_be_true_or_false",
    "string_type": "must_be_text_in_valid_unicode",
    "string_unicode": "must_be_text_in_valid_unicode",
    "list_type": "must_be_a_list",
    "tuple_type": "must_be_a_list",
    "dict_type": "must_be_a_json_object",
    "model_attributes_type": "must_be_a_json_object",
    "model_type": "must_be_a_json_object",
    "literal_error": "must_be_one_of",
    "enum": "must_be_one_of",
    "date_from_datetime_parsing": "must_be_a_day",
    "date_from_datetime_inexact": "must_be_a_day",
    "date_parsing": "must_be_a_day",
    "date_type": "must_be_a_day",
    UNKNOWN: "is_not_known_here",
}


def wrong_with(fault: Mapping[str, Any]) -> Message:
    """The reason of one fault of the validator."""
    context = dict(fault.get("ctx", {}))
    if context.get("min_length") == 1:
        return say("must_not_be_empty")
    if "expected" in context:  # the validator's own words for a choice: "'es', 'en' or 'other'"
        context["expected"] = together(*context["expected"].rsplit(" or ", 1), by="either")
    code = _WRONG.get(fault["type"], "is_not_a_valid_value")
    return say(code, **{name: context[name] for name in wordings()[code].fields})


def meant(faults: Iterable[Mapping[str, Any]], model: object, skip: int = 0) -> Message | None:
    """The hint for the first unknown field among the faults: the nearest field of the model, or all; null when there is
    none. ``skip`` is how many steps of a fault's place lead to the model."""
    for fault in faults:
        place = fault["loc"][skip:]
        if fault["type"] == UNKNOWN and place:
            known = _fields_at(model, place[:-1])
            return nearest(str(place[-1]), known) if known else None
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
