"""The one error tree of the project.

Every error says what is at fault, why, and what the user can do next. Foreign
exceptions are turned into these in the room that imports the foreign library.
Status codes and exit codes are decided elsewhere, from the class alone.
"""

from kb.records.messages import together


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
