"""The one error tree of the project.

Every error says what is at fault, why, and what the user can do next. Foreign
exceptions are turned into these in the room that imports the foreign library.
Status codes and exit codes are decided elsewhere, from the class alone.
"""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from enum import Enum
from typing import TypeVar

from kb.records.messages import Message, say, together

_Member = TypeVar("_Member", bound=Enum)


class KnowledgeBaseError(Exception):
    """Base of every error raised on purpose: the thing, the reason, the next step."""

    # Whether a run over many files must end: the base or the model is at fault, not the file.
    stops_a_run = False

    def __init__(self, thing: str, reason: str, hint: str = "") -> None:
        self.thing = thing
        self.reason = reason
        self.hint = hint
        sentence = together(thing, reason, by="thing_and_reason")
        super().__init__(together(sentence, hint, by="reason_and_hint"))


class SourceError(KnowledgeBaseError):
    """A source file cannot become a document (unreadable, empty, encrypted, a scan …)."""


class BaseError(KnowledgeBaseError):
    """The base on disk is missing, damaged, locked or newer than this program."""

    stops_a_run = True


class NoSpaceError(BaseError):
    """The disk of the base takes no more: full, over its quota, or a file over the limit. Room may come back."""


class ReadOnlyError(BaseError):
    """The base can be read and not be changed: its files, its folder or its disk are closed to this process."""


class ModelError(KnowledgeBaseError):
    """The embedding model is missing, damaged, or not the one the base was built with."""

    stops_a_run = True


class InputError(KnowledgeBaseError):
    """A question, filter, option or request body cannot be understood."""


class ChangedError(KnowledgeBaseError):
    """A record was changed by somebody else since it was read; nothing was written."""


class TakenError(ChangedError):
    """A job is another worker's by now; nothing was written."""

    stops_a_run = True


class NotFoundError(KnowledgeBaseError):
    """A document, passage or statistic with this id is not in the base."""


def nearest(name: str, known: Mapping[str, str] | Iterable[str]) -> Message:
    """The hint for a name that is not known: the nearest one, else all; a mapping gives what each name stands for."""
    stands_for = known if isinstance(known, Mapping) else {one: one for one in known}
    near = get_close_matches(name[:100], stands_for, 1)
    if near:
        return say("did_you_mean", near=stands_for[near[0]])
    return say("use_one_of", known=", ".join(dict.fromkeys(stands_for.values())))


def member_of(choice: type[_Member], key: str, thing: Message, reason: str = "is_not_known") -> _Member:
    """The member of a closed list with this value; InputError, with the code of its ``reason`` and the nearest, where
    there is none."""
    try:
        return choice(key)
    except ValueError:
        raise InputError(thing, say(reason), nearest(key, [str(one.value) for one in choice])) from None
