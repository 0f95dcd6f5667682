"""Markdown to blocks with their lines; front matter to metadata.

Owns front matter and what site generators leave in the text (shortcodes, attribute lists); what note-taking programs
leave is next door. The one module that imports markdown-it. Refuses to judge the text.
"""

import datetime
import re
from dataclasses import replace
from html import unescape
from typing import Any

import yaml
from markdown_it import MarkdownIt

from ingest.readers.encodings import decode_noted
from ingest.readers.extract import Extract, RawBlock, normal_text
from ingest.readers.html.tree import tree_blocks
from ingest.readers.html.web_page import parse_page
from ingest.readers.libraries.library import COLUMNS
from ingest.readers.properties.metadata import SourceMetadata, named_authors
from ingest.readers.signatures import MARKDOWN
from kb.records.errors import SourceError
from kb.records.messages import say

# Not after a digit: "100%% of them" is a slip of a person's, no comment. None goes past the next that opens.
_COMMENT = re.compile(r"(?<![\d%])%%(?!%)((?:(?!%%).){0,20000})%%(?!%)", re.S)
# "[[1]](address)" is a link of Markdown whose text has brackets.
_LINK = re.compile(r"(!?)\[\[([^\[\]|\n]{1,400})(?:\|([^\[\]\n]{0,400}))?\]\](?!\()")
_HIGHLIGHT = re.compile(r"==(?=[^\s=])([^=\n]{1,1000})(?<=\S)==(?!=)")
_CALLOUT = re.compile(r"^([ \t]{0,8}(?:>[ \t]?){1,8})\[![\w-]{1,40}\][+-]?[ \t]*(.*)$", re.M)
_TASK = re.compile(r"^([ \t>]{0,40}(?:[-*+]|\d{1,9}[.)])[ \t]+)\[[ xX/-]\][ \t]+", re.M)
_BLOCK_ID = re.compile(r"(?<=\S)[ \t]\^[A-Za-z0-9-]{1,60}[ \t]*$", re.M)
_NOTE_MARK = re.compile(r"\[\^[^\]\s]{1,60}\](:[ \t]+)?")


def without_wiki_marks(text: str) -> str:
    """The text as a reader of the notes sees it: a link by its name, no comment, no embed, no mark of a box."""
    plain = _COMMENT.sub(lambda found: "\n" * found[1].count("\n"), text) if "%%" in text else text
    plain = _LINK.sub(_shown, plain)
    # The title of a box is a paragraph of its own.
    plain = _CALLOUT.sub(lambda found: f"{found[1]}{found[2]}</p><p>" if found[2] else found[1], plain)
    plain = _BLOCK_ID.sub("", _TASK.sub(r"\1", plain))
    return _NOTE_MARK.sub("", _HIGHLIGHT.sub(r"\1", plain))


def link_names(text: str) -> str:
    """A field of front matter with the links in it by their names: "[[Ana Pérez]]" is a person."""
    return _LINK.sub(_shown, text)


def _shown(found: re.Match[str]) -> str:
    embedded, target, alias = found.groups()
    return "" if embedded else alias or target.strip("#^ ").replace("#", " > ")


_FRONT_MATTER = re.compile(
    r"\s{0,20}(?:---[ \t]*\n(.{0,65536}?)\n---[ \t]*(?:\n|$)|\+\+\+[ \t]*\n(.{0,65536}?)\n\+\+\+[ \t]*(?:\n|$))", re.S
)
_COMMENT_MATTER = re.compile(r"\s{0,20}<!--\s*\n(\s*\.\.\s.{0,8192}?)-->", re.S)
_FIELD = re.compile(r"^(?:\.\.\s*)?([A-Za-zÀ-ÿ_-]{2,30})\s*[:=]\s*(.*)$")
# None goes past the next that opens: a thousand that open and never close must not each look for their end.
_SHORTCODE = re.compile(
    r"\{\{[<%](?:(?!\{\{).){0,2000}?[>%]\}\}|\{%(?:(?!\{%).){0,2000}?%\}|\{\{(?:(?!\{\{).){0,500}?\}\}", re.S
)
_ATTRIBUTES = re.compile(r"^[ \t]*\{:[^}\n]{0,500}\}[ \t]*$|\{:[.#a-z:][^}\n]{0,200}\}|\{[.#][\w-]{1,60}\}", re.M)
_OPENING_TAG = re.compile(r"<[a-zA-Z][a-zA-Z0-9]{0,20}(?=[\s>])")
_MAX_COMMENT_CHARS = 20_000
_TIGHT_HEADING = re.compile(r"^(#{1,6})(?=[^\s#\d])", re.M)
_LEFT_MARKS = re.compile(r"\*{2,6}")
_CLOSED_LINK = re.compile(r"\]\(((?:(?!\]\()[^\s\"]){1,1000})\"")


def read_markdown(data: bytes, name: str) -> Extract:
    """The blocks and metadata of a Markdown file; raises SourceError when it holds no text."""
    decoded = decode_noted(data, name)
    text = normal_text(decoded.text).replace("\r\n", "\n").replace("\r", "\n")
    metadata, body = _split_front_matter(text)
    page = _rendered(_plain_markdown(body))
    tree = parse_page(f"<body>{page}</body>", name) if page.strip() else None
    blocks = tuple(_without_marks(block) for block in tree_blocks(tree, by_line=True)) if tree is not None else ()
    if not blocks:
        raise SourceError(name, say("holds_no_text"), say("check_the_file_or_leave"))
    return Extract(blocks, metadata, MARKDOWN, decoded.notes)


def _without_marks(block: RawBlock) -> RawBlock:
    """The block without emphasis marks that did not close ("chat y Facebook****")."""
    return replace(block, text=_LEFT_MARKS.sub("", block.text).strip()) if "**" in block.text else block


def _split_front_matter(text: str) -> tuple[SourceMetadata, str]:
    """The metadata and the text with the front matter blanked, so that lines keep their numbers."""
    if match := _COMMENT_MATTER.match(text):
        fields = _simple_fields(match.group(1))
    elif match := _FRONT_MATTER.match(text):
        fields = _fields(match.group(1) or match.group(2) or "")
    else:
        return SourceMetadata(), text
    return _metadata(fields), "\n" * match.group().count("\n") + text[match.end() :]


def _fields(front_matter: str) -> dict[str, Any]:
    try:
        loaded = yaml.safe_load(front_matter)
    except (yaml.YAMLError, ValueError, RecursionError):
        loaded = None
    if isinstance(loaded, dict):
        return {str(key).lower(): value for key, value in loaded.items()}
    return _simple_fields(front_matter)


def _simple_fields(front_matter: str) -> dict[str, Any]:
    matches = map(_FIELD.match, (line.strip() for line in front_matter.split("\n")))
    return {match.group(1).lower(): match.group(2).strip().strip("\"'") for match in matches if match}


def _metadata(fields: dict[str, Any]) -> SourceMetadata:
    """What the fields say, by the names that columns of a table have in either language."""
    said = {field: next((fields[one] for one in names if fields.get(one)), None) for field, names in COLUMNS.items()}
    return SourceMetadata.of(
        "front matter",
        title=_string(said["title"]),
        authors=_names(said["authors"]),
        publisher=_string(said["publisher"]),
        published=_string(said["published"]),
        url=_address(fields),
        series=_string(said["series"]),
    )


def _string(value: Any) -> str | None:
    if isinstance(value, datetime.date | datetime.datetime):
        return value.isoformat()
    if isinstance(value, str):
        return _unescaped(value)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _unescaped(value: str) -> str:
    return link_names(unescape(value) if "&" in value else value)


def _names(value: Any) -> tuple[str, ...]:
    people = value if isinstance(value, list) else [value]
    names = (person.get("name") if isinstance(person, dict) else person for person in people)
    return named_authors(tuple(_unescaped(name) for name in names if isinstance(name, str)))


def _address(fields: dict[str, Any]) -> str | None:
    names = ("canonical_url", "canonical", "url", "link", "permalink", "source", "fuente", "dirección")
    addresses = (fields.get(field) for field in names)
    return next((url for url in addresses if isinstance(url, str) and url.startswith(("http://", "https://"))), None)


def _plain_markdown(text: str) -> str:
    """The text without comments, shortcodes and attribute lists, every line at its number."""

    def shortcode(match: re.Match[str]) -> str:
        before = text_without_comments[max(0, match.start() - 1) : match.start()]
        return "#" if before in ("(", '"', "'") else "\n" * match.group().count("\n")

    text_without_comments = _without_comments(text)
    plain = without_wiki_marks(_ATTRIBUTES.sub("", _SHORTCODE.sub(shortcode, text_without_comments)))
    # Old blogs write "#Title" and "[name](address"title")", which CommonMark takes for text.
    return _CLOSED_LINK.sub(r'](\1 "', _TIGHT_HEADING.sub(r"\1 ", plain))


def _without_comments(text: str) -> str:
    """The text with its comments blanked; one that is never closed, or holds more than a comment does, stays.

    A scan and no pattern: every end is looked for once, however many comments open before it.
    """
    pieces, at, end = [], 0, -1
    start = text.find("<!--")
    while start >= 0:
        if end < start + 4:
            end = text.find("-->", start + 4)
        if end < 0:
            break
        if end - start - 4 > _MAX_COMMENT_CHARS:
            start = text.find("<!--", start + 1)
            continue
        pieces += [text[at:start], "\n" * text.count("\n", start, end)]
        at = end + 3
        start = text.find("<!--", at)
    return "".join([*pieces, text[at:]])


def _rendered(text: str) -> str:
    """HTML in which every block carries its line (from 1) in ``data-line``."""
    engine = (
        MarkdownIt("commonmark", {"html": True, "maxNesting": 60})
        .enable("table")
        .enable("strikethrough")
        .disable("code")
    )
    tokens = engine.parse(text)
    for token in tokens:
        if token.map and token.nesting >= 0:
            if token.type == "html_block":
                token.content = _numbered(token.content, token.map[0] + 1)
            else:
                token.attrSet("data-line", str(token.map[0] + 1))
    return str(engine.renderer.render(tokens, engine.options, {}))


def _numbered(raw_html: str, first_line: int) -> str:
    """Raw HTML with the line of each opening tag in ``data-line``."""

    def tagged(match: re.Match[str]) -> str:
        line = first_line + raw_html.count("\n", 0, match.start())
        return f'{match.group()} data-line="{line}"'

    return _OPENING_TAG.sub(tagged, raw_html)
