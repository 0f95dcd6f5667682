"""What ingestion says of files, in the language of whoever asks; for the page with the language of each sentence.

A line of an earlier version was kept in English alone, and says so by its language.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from kb.records.errors import KnowledgeBaseError
from kb.records.job import Job, JobFile
from kb.records.language import Language
from kb.records.messages import Message, code_of, said, say


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence and the language that it is in."""

    text: str
    language: Language


@dataclass(frozen=True, slots=True)
class ReportWords:
    """What is wrong with a file, what to do about it, and what of it was left unread; null where nothing is said."""

    reason: Said | None
    hint: Said | None
    note: Said | None = None


def report_words(told: JobFile | KnowledgeBaseError, language: Language) -> ReportWords:
    """The words of a line of a report, or of an error, in this language where they are known in it."""
    if isinstance(told, JobFile):
        return ReportWords(*(said_in(text, language) for text in (told.reason, told.hint, told.note)))
    joined = told.thing and code_of(told.reason)
    whole = say("thing_reason", first=told.thing, then=told.reason) if joined else told.reason
    return ReportWords(said_in(whole, language), said_in(told.hint, language))


def said_in(text: str | None, language: Language) -> Said | None:
    """The text in this language, or in English where it was kept in that alone; null for none."""
    if not text:
        return None
    known = isinstance(text, Message) and not text.in_english_only()
    return Said(said(text, language), language if known else Language.EN)


def job_in(job: Job, language: Language) -> Job:
    """The job with what it says of its files, and of itself, in this language."""
    files = tuple(
        replace(file, reason=_in(file.reason, language), hint=_in(file.hint, language), note=_in(file.note, language))
        for file in job.files
    )
    return replace(job, files=files, error=_in(job.error, language), waiting=_in(job.waiting, language))


def _in(text: str | None, language: Language) -> str | None:
    return None if text is None else said(text, language)
