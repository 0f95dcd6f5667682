"""A document as a discourse: its lines in order, each with its paragraph, section, role, tokens and names.

A line is a sentence, a heading or the title. Knows nothing of figures.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from ingest.studies.attribution import Attribution, read_attributions
from ingest.studies.orgs import Name, find_names, is_organisation
from ingest.studies.speakers import employer_of
from kb.records.document import BlockKind, Document
from kb.words.lexicon import words_of
from kb.words.tokens import Token, tokenize

_MAX_LINE_CHARS = 2000
_NOTE_LEADS = words_of("note_lead")
_WORD = re.compile(r"[^\W\d_]+")
_LOWER = re.compile(r"(?<![^\W\d_])[a-záéíóúüñ]{2,40}")


class Role(Enum):
    """What a line is in its document."""

    TITLE = "title"
    HEADING = "heading"
    LEAD = "lead"
    BODY = "body"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class DiscourseLine:
    """A line with where it starts in the text (-1: the title), its paragraph and the heading it stands under."""

    start: int
    text: str
    paragraph: int
    section: int
    role: Role
    listed: bool
    tokens: Sequence[Token]
    names: Sequence[Name]
    attributions: Sequence[Attribution]

    @property
    def capitalised(self) -> bool:
        """Whether nearly every long word has a capital, as in English headlines: there capitals tell no names."""
        long = [token.text for token in self.tokens if token.kind == "w" and len(token.text) > 3]
        return len(long) > 3 and sum(text != text.lower() for text in long) > 0.8 * len(long)


class Discourse:
    """The lines of one document; ``sentences`` are start offsets and texts in order, ``tokens`` those known."""

    def __init__(
        self, document: Document, sentences: Sequence[tuple[int, str]], tokens: Mapping[int, Sequence[Token]]
    ) -> None:
        self.document = document
        self._sentences = sentences
        self._tokens = tokens

    @cached_property
    def lines(self) -> list[DiscourseLine]:
        """The title, then headings and sentences in order."""
        return list(self._lines())

    @cached_property
    def _starts(self) -> list[int]:
        return [line.start for line in self.lines]

    def index_of(self, start: int) -> int:
        """The place among the lines of the sentence that starts at this character."""
        return bisect_right(self._starts, start) - 1

    @cached_property
    def ordinary(self) -> frozenset[str]:
        """The words that the document also writes in lower case."""
        return frozenset(_LOWER.findall(self.document.text))

    @cached_property
    def _people(self) -> dict[str, str]:
        """Surnames of people to the organisation the document gives them."""
        people: dict[str, str] = {}
        for tokens, names in self._read.values():
            for name in names:
                employer = employer_of(tokens, name, names) if " " in name.text else None
                if employer is not None:
                    people.setdefault(name.text.split()[-1], employer)
        return people

    @cached_property
    def _surnames(self) -> frozenset[str]:
        """The last words of names of two or three words, of which many are people's."""
        several = (name.text.split() for _, names in self._read.values() for name in names)
        return frozenset(
            words[-1] for words in several if len(words) in (2, 3) and not is_organisation(" ".join(words))
        )

    @cached_property
    def _texts(self) -> list[tuple[int, str, bool]]:
        """Start, text and whether it is a heading, of all lines but the title."""
        text = self.document.text
        headings = [block.span for block in self.document.blocks if block.kind is BlockKind.HEADING]
        told = {start for start, _ in self._sentences}
        lines = [(span.start, span.cut(text), True) for span in headings if span.start not in told]
        return sorted([*lines, *((start, sentence, False) for start, sentence in self._sentences)])

    @cached_property
    def _read(self) -> dict[int, tuple[list[Token], list[Name]]]:
        """The tokens and names of each line by its start; none of a line without capitals."""
        read: dict[int, tuple[list[Token], list[Name]]] = {}
        title = [(-1, self.document.title, True)] if self.document.title else []
        for start, text, _ in [*title, *self._texts]:
            tokens = list(self._tokens.get(start) or tokenize(text[:_MAX_LINE_CHARS]))
            read[start] = tokens, find_names(tokens, text, self.ordinary)
        return read

    def _lines(self) -> Iterator[DiscourseLine]:
        if self.document.title:
            yield self._line(-1, self.document.title, -1, -1, Role.TITLE, False)
        starts = [block.span.start for block in self.document.blocks]
        kinds = [block.kind for block in self.document.blocks]
        section, lead = 0, -1
        for start, text, heading in self._texts:
            paragraph = max(0, bisect_right(starts, start) - 1)
            if heading or (kinds and kinds[paragraph] is BlockKind.HEADING) or text.startswith("#"):
                section += 1
                yield self._line(start, text, paragraph, section, Role.HEADING, False)
                continue
            lead = paragraph if lead < 0 and len(text) > 80 else lead
            listed = (bool(kinds) and kinds[paragraph] is BlockKind.LIST_ITEM) or text[:2] in ("- ", "• ", "* ", "| ")
            role = Role.LEAD if paragraph <= lead or lead < 0 else Role.NOTE if _is_note(text) else Role.BODY
            yield self._line(start, text, paragraph, section, role, listed)

    def _line(self, start: int, text: str, paragraph: int, section: int, role: Role, listed: bool) -> DiscourseLine:
        tokens, names = self._read[start]
        told = read_attributions(text, self.ordinary, self._people, tokens, names, self._surnames) if names else []
        return DiscourseLine(start, text, paragraph, section, role, listed, tokens, names, told)


def where_found(discourse: Discourse, figure: int, found: int) -> str:
    """In words of the record, where the line ``found`` stands to that of a figure."""
    role = discourse.lines[found].role
    if found == figure:
        return "sentence"
    if role in (Role.TITLE, Role.HEADING):
        return "document: headline"
    if role is Role.NOTE:
        return "document: note"
    return "document: previous sentence" if found < figure else "document: next sentence"


def _is_note(text: str) -> bool:
    """Whether a line opens like a note on method or source: "Fuente: …", "About the survey", "Ficha técnica"."""
    return not _NOTE_LEADS.isdisjoint(word.lower() for word in _WORD.findall(text[:40])[:2])
