"""Labelled passages: the rows a head is trained on and measured with, as JSON lines.

Owns their format. Refuses to know features and training.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from kb.records.document import parse_language
from kb.records.errors import InputError
from kb.records.language import Language
from kb.records.messages import say, told
from kb.records.topics import Topic, parse_topic


@dataclass(frozen=True, slots=True)
class LabelledPassage:
    """A text and the topics a reader gave it; ``borderline`` ones could honestly be given or not.

    ``document`` names the document it was written in, where it was in one; ``readers`` are the topics that each of
    two or more gave it by themselves, before they were settled.
    """

    id: str
    language: Language
    text: str
    tags: frozenset[Topic]
    borderline: frozenset[Topic]
    heading: tuple[str, ...] = ()
    document: str | None = None
    readers: tuple[frozenset[Topic], ...] = ()


_READERS = ("first", "second", "third", "fourth")


def shipped_passages() -> tuple[LabelledPassage, ...]:
    """The labelled passages of the project."""
    return parse_passages(files("ingest").joinpath("data/topics_training.jsonl").read_text("utf-8").splitlines())


def read_passages(path: Path) -> tuple[LabelledPassage, ...]:
    """The labelled passages of a file; raises InputError naming the line at fault."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise InputError(str(path), say("cannot_be_read", error=reason), say("give_a_file_of_json_lines")) from error
    return parse_passages(lines, str(path))


def parse_passages(lines: Iterable[str], origin: str = "labelled passages") -> tuple[LabelledPassage, ...]:
    """One passage a line; empty lines are passed over.

    ``{id, lang, text, tags, borderline?, heading?, document?, first?, second?, third?, fourth?}``.
    """
    found: list[LabelledPassage] = []
    seen: set[str] = set()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        passage = _parse(line, f"{origin}, line {number}")
        if passage.id in seen:
            raise InputError(say("line_of_file", path=origin, number=number), say("repeats_the_id", passage=passage.id))
        seen.add(passage.id)
        found.append(passage)
    if not found:
        raise InputError(origin, say("holds_no_passages"))
    return tuple(found)


def _parse(line: str, where: str) -> LabelledPassage:
    try:
        row: dict[str, Any] = json.loads(line)
        return LabelledPassage(
            str(row["id"]),
            parse_language(row["lang"]),
            str(row["text"]),
            frozenset(parse_topic(name) for name in row["tags"]),
            frozenset(parse_topic(name) for name in row.get("borderline", ())),
            tuple(row.get("heading", ())),
            row.get("document"),
            tuple(frozenset(parse_topic(name) for name in row[reader]) for reader in _READERS if reader in row),
        )
    except InputError as error:
        raise InputError(where, told(error)) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        reason = (
            say("lacks_the_field", field=error) if isinstance(error, KeyError) else say("is_no_object_with_id_and_tags")
        )
        raise InputError(where, reason) from error
