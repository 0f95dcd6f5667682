"""Rich text (RTF) to blocks: paragraphs, headings, lists, rows of tables; notes and boxes after what they hang on.

Owns what the words of control do to text (RTF 1.9.1), read as the document reads with every change accepted. Refuses
what was deleted or hidden, pictures and objects.
"""

from dataclasses import dataclass, replace

from ingest.readers.extract import Extract, RawBlock, one_line
from ingest.readers.office.rich_flows import (
    APART,
    BESIDE,
    CHARACTERS,
    CHARSETS,
    CODE_PAGES,
    ENDS,
    NOT_TEXT,
    PASSED,
    Flows,
    RichToken,
    code_page,
    tokens,
)
from ingest.readers.properties.metadata import SourceMetadata, stated_authors, stated_title
from kb.records.errors import SourceError
from kb.records.file_format import FileFormat
from kb.records.messages import Message, say

# Word nests a dozen groups for a box in a cell.
_MAX_DEPTH = 500
_RUNNING = "running_header_or_footer"


def read_rich_text(data: bytes, name: str) -> Extract:
    """The blocks and metadata of an RTF; raises SourceError when it is damaged, hostile or without text.

    ``notes`` say where its end is missing.
    """
    reader = _RichReader(name)
    try:
        for token in tokens(data):
            reader.take(token)
    except ValueError as error:
        reason = say("is_that_is_damaged", kind=FileFormat.RTF.called, error=error)
        raise SourceError(name, reason, say("open_it_and_save_it_again")) from error
    blocks = tuple(reader.finish())
    if not any(block.furniture is None for block in blocks):
        reason = say("is_without_text", kind=FileFormat.RTF.called)
        raise SourceError(name, reason, say("if_it_holds_scans_run_text"))
    return Extract(blocks, reader.metadata(), FileFormat.RTF.media_type, reader.notes)


@dataclass(frozen=True, slots=True)
class _State:
    """What holds inside a group: whether its text counts, how it stands, in which code page."""

    shown: bool = True
    hidden: bool = False
    deleted: bool = False
    raised: bool = False
    font: int | None = None
    skipped: int = 1
    field: str = ""
    flow: int = 0
    starred: bool = False


class _RichReader:
    """Takes one token after another; what it read comes at the end."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._state = _State()
        self._outer: list[_State] = []
        self._flows = Flows()
        self._bytes = bytearray()
        self._left = 0
        self._code_page = "cp1252"
        self._fonts: dict[int, str] = {}
        self._fields: dict[str, str] = {}
        self._defined = 0

    @property
    def notes(self) -> tuple[Message, ...]:
        """What could not be read as it should."""
        return (say("its_end_is_missing"),) if self._outer else ()

    def metadata(self) -> SourceMetadata:
        """Title and author where persons wrote them."""
        return SourceMetadata.of(
            "document properties",
            title=stated_title(one_line(self._fields.get("title", ""))),
            authors=stated_authors(one_line(self._fields.get("author", ""))),
        )

    def finish(self) -> list[RawBlock]:
        """All blocks in the order of the file."""
        self._spell()
        return self._flows.finish()

    def take(self, token: RichToken) -> None:
        """The next token of the file."""
        if token.text:
            self._take_text(token.text)
            return
        self._spell()
        if token.brace == "{":
            self._outer.append(self._state)
            self._state = replace(self._state, starred=False)
            if len(self._outer) > _MAX_DEPTH:
                raise SourceError(
                    self._name, say("nests_groups_too_deep", most=_MAX_DEPTH), say("open_it_and_save_it_again")
                )
        elif token.brace:
            if self._outer:
                self._leave_group()
        elif token.word in CHARACTERS:
            self._add(CHARACTERS[token.word])
        else:
            self._obey(token.word, token.number)

    def _take_text(self, text: bytes) -> None:
        dropped = min(self._left, len(text))
        self._left -= dropped
        if self._state.shown or self._state.field:
            self._bytes += text[dropped:]

    def _spell(self) -> None:
        """Read the bytes that came together, in the code page of their font."""
        if self._bytes:
            codec = self._fonts.get(self._state.font or 0, self._code_page)
            text, self._bytes = self._bytes.decode(codec, "replace"), bytearray()
            self._add(text)
        self._left = 0

    def _add(self, text: str) -> None:
        state = self._state
        if state.field:
            self._fields[state.field] = self._fields.get(state.field, "") + text
        elif state.shown and not (state.hidden or state.deleted):
            self._flows.at(state.flow).runs.append((state.raised, text))

    def _leave_group(self) -> None:
        if self._state.field == "style":
            self._flows.styles[self._defined] = self._fields.pop("style", "").strip(" ;")
        flow, self._state = self._state.flow, self._outer.pop()
        if flow > self._state.flow:
            self._flows.leave()

    def _enter_flow(self, furniture: str | None) -> None:
        self._state = replace(
            self._state, flow=self._flows.enter(furniture), shown=True, raised=False, hidden=False, deleted=False
        )

    def _obey(self, word: str, number: int | None) -> None:
        is_on = number != 0
        if word == "*":
            self._state = replace(self._state, starred=True)
        elif self._state.starred:
            known = word in PASSED or word in APART
            self._state = replace(self._state, shown=self._state.shown and known, starred=False)
            self._obey(word, number)
        elif word in APART and self._state.shown:
            self._enter_flow(self._flows.newest.furniture)
        elif word in BESIDE:
            self._enter_flow(_RUNNING)
        elif word in NOT_TEXT:
            self._flows.newest.listed |= word in ("listtext", "pntext")
            self._state = replace(self._state, shown=False)
            self._define(word, number)
        elif word == "ud":
            self._state = replace(self._state, shown=True)
        elif word in ENDS:
            self._end_line(word)
        elif word == "row":
            self._flows.end_row()
        elif word == "cell" and self._state.shown:
            self._flows.end_cell()
        elif word == "u" and number is not None:
            self._add(chr(number % 0x10000))
            self._left = self._state.skipped
        elif word in ("super", "up", "sub", "nosupersub", "dn"):
            self._state = replace(self._state, raised=word in ("super", "up") and is_on)
        elif word == "v":
            self._state = replace(self._state, hidden=is_on)
        elif word == "deleted":
            self._state = replace(self._state, deleted=is_on)
        elif word == "plain":
            self._state = replace(self._state, raised=False, hidden=False, deleted=False)
        elif word == "uc":
            self._state = replace(self._state, skipped=max(0, min(number or 0, 8)))
        else:
            self._define(word, number)
            self._lay_out(word, number or 0)

    def _define(self, word: str, number: int | None) -> None:
        """Words of the tables at the head of a file: fonts, styles, properties."""
        if word in CODE_PAGES:
            self._code_page = CODE_PAGES[word]
        elif word == "ansicpg" and number:
            self._code_page = code_page(number)
        elif word == "stylesheet":
            self._state = replace(self._state, field="sheet")
        elif word in ("info", "fonttbl") or (self._state.field == "info" and word in ("title", "author")):
            self._state = replace(self._state, field=word)
        elif self._state.field in ("sheet", "style") and word == "s":
            self._defined = number or 0
            self._state = replace(self._state, field="style")
        elif self._state.field == "fonttbl" and word == "f":
            self._state = replace(self._state, font=number)
        elif self._state.field == "fonttbl" and word in ("fcharset", "cpg"):
            known = CHARSETS.get(number or 0) if word == "fcharset" else code_page(number or 1252)
            if known:
                self._fonts[self._state.font or 0] = known
        elif word == "f" and not self._state.field:
            self._state = replace(self._state, font=number)

    def _lay_out(self, word: str, number: int) -> None:
        """Words about the paragraph that is being read."""
        flow = self._flows.at(self._state.flow)
        if self._state.field:
            return
        if word == "pard":
            flow.style, flow.outline, flow.listed, flow.in_table = 0, None, False, False
        elif word == "intbl":
            flow.in_table = True
        elif word == "s":
            flow.style = number
        elif word == "outlinelevel":
            flow.outline = number
        elif word == "ls" and number:
            flow.listed = True

    def _end_line(self, word: str) -> None:
        if self._state.shown and not self._state.field:
            if self._flows.at(self._state.flow).in_table and word == "par":
                self._add(" ")
            else:
                self._flows.end_paragraph()
