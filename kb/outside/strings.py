"""Where strings from outside become the project's: whole characters, and no controls where a line of text is meant.

A string may arrive with half a character (a lone surrogate: an escape cut in two, a file name that is not UTF-8), which
no UTF-8 can hold, and with NUL or other controls. Pairs of halves are joined; what is left is replaced or left out, and
a note says in which field. Refuses to know where a string came from.
"""

import re
from collections.abc import Iterable
from typing import Any

from kb.records.messages import say

REPLACED = say("a_broken_character_stands")
DROPPED = say("what_is_no_character_was_left")
LEFT_OUT = say("control_characters_were_left_out")
# Tabs, line ends and NEL are white space: whoever wants one line makes it of them.
_CONTROL = re.compile("[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_HALF = re.compile("[\ud800-\udfff]")
_REPLACEMENT = "\ufffd"
_LEVELS = 100


def whole(text: str) -> str:
    """The text with pairs of halves joined and every lone half as U+FFFD; any other text as it is."""
    if not _HALF.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def whole_deep(value: Any, levels: int = _LEVELS) -> Any:
    """What was read from JSON, each string in it made ``whole``, names of members too; as it is below 100 levels, where
    nothing of ours stands and whoever reads it refuses it."""
    if isinstance(value, str):
        return whole(value)
    if not levels:
        return value
    if isinstance(value, dict):
        return {whole_deep(name): whole_deep(inner, levels - 1) for name, inner in value.items()}
    return [whole_deep(inner, levels - 1) for inner in value] if isinstance(value, list) else value


def plain(text: str) -> str:
    """The text made ``whole``, without controls."""
    return _CONTROL.sub("", whole(text))


def plain_name(text: str) -> str:
    """A name made ``whole``, each control as U+FFFD: two names stay two, and none becomes empty."""
    return _CONTROL.sub(_REPLACEMENT, whole(text))


def whole_address(text: str) -> str:
    """A date or an address: halves and controls left out, for nothing can stand in their place."""
    return plain(text).replace(_REPLACEMENT, "")


def faults(field: str, given: str | Iterable[str]) -> tuple[str, ...]:
    """What is wrong with the string, or strings, of a field, as notes: "title: control characters were left out"."""
    texts = [given] if isinstance(given, str) else list(given)
    found = []
    if any(_REPLACEMENT in whole(text) for text in texts):
        found.append(say("thing_and_reason", first=field, then=REPLACED))
    if any(_CONTROL.search(text) for text in texts):
        found.append(say("thing_and_reason", first=field, then=LEFT_OUT))
    return tuple(found)
