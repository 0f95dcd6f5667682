"""Judged pages on disk, in three formats, as one kind of record.

Owns the formats: a folder with ``extract_gold.jsonl`` (or ``expected.jsonl``), the evaluation pages of trafilatura
(``evaldata.json`` with its pages below), and the test pages of readability (a folder a page, ``source.html`` and
``expected.html``). Refuses to know readers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from kb.records.errors import InputError
from kb.records.messages import say

_GOLD_NAMES = ("extract_gold.jsonl", "expected.jsonl")
_CHUNKS_NAME = "evaldata.json"
_PAGE_NAME, _EXPECTED_NAME = "source.html", "expected.html"
_FOLDERS = ("cache", "eval", ".")
_INLINE_NAMES = "a abbr b bdi bdo cite code del dfn em font i ins kbd mark q s samp small span strong sub sup u var"
_INLINE = frozenset(_INLINE_NAMES.split())


@dataclass(frozen=True, slots=True)
class GoldPage:
    """A page as a reader sees it: its main text (null where only strings are given), and strings that must and must
    not come out. ``file`` stands below the folder of the set."""

    file: str
    main_text: str | None
    must_contain: tuple[str, ...]
    must_not_contain: tuple[str, ...]

    @property
    def gold(self) -> str:
        """All that is known of the main text."""
        return self.main_text if self.main_text is not None else "\n".join(self.must_contain)


def read_gold_pages(folder: Path) -> tuple[GoldPage, ...]:
    """The judged pages of a folder; raises InputError when there are none or a row is broken."""
    for name in _GOLD_NAMES:
        if (folder / name).is_file():
            return _filled(tuple(_from_lines(folder / name)), folder / name)
    if (folder / _CHUNKS_NAME).is_file():
        return _filled(tuple(_from_chunks(folder)), folder / _CHUNKS_NAME)
    pages = sorted(path.parent for path in folder.glob(f"*/{_EXPECTED_NAME}"))
    if not pages:
        files = ", ".join(_GOLD_NAMES)
        hint = say("name_a_folder_with_pages", files=files, chunks=_CHUNKS_NAME, expected=_EXPECTED_NAME)
        raise InputError(str(folder / _GOLD_NAMES[0]), say("cannot_be_read_at_all"), hint)
    return tuple(_from_expected(page) for page in pages)


def _filled(pages: tuple[GoldPage, ...], path: Path) -> tuple[GoldPage, ...]:
    if not pages:
        raise InputError(str(path), say("holds_no_rows"), say("give_one_json_object_a_line"))
    return pages


def _from_lines(path: Path) -> Iterator[GoldPage]:
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if line.strip():
            yield _gold_page(f"{path}:{number}", partial(json.loads, line))


def _gold_page(name: str, read: Callable[[], dict[str, Any]]) -> GoldPage:
    try:
        row = read()
        must, must_not = tuple(row.get("must_contain", ())), tuple(row.get("must_not_contain", ()))
        return GoldPage(
            row["file"], row["main_text"] if "must_contain" not in row else row.get("main_text"), must, must_not
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        shape = say("give_file_main_text_must_contain")
        raise InputError(name, say("is_not_a_gold_page", error=error), shape) from error


def _from_chunks(folder: Path) -> Iterator[GoldPage]:
    path = folder / _CHUNKS_NAME
    try:
        rows = list(json.loads(path.read_text(encoding="utf-8")).values())
        chunks = [(row["file"], tuple(row["with"]), tuple(row["without"])) for row in rows]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        reason = say("is_not_a_set_of_judged_pages", error=error)
        raise InputError(str(path), reason, say("give_the_fields", fields="file, with, without")) from error
    for file, must, must_not in chunks:
        found = next((place for place in _FOLDERS if (folder / place / file).is_file()), None)
        if found is None:
            hint = say("put_the_pages_into", places=", ".join(_FOLDERS[:2]))
            raise InputError(str(folder / file), say("cannot_be_read_at_all"), hint)
        yield GoldPage(f"{found}/{file}", None, must, must_not)


def _from_expected(folder: Path) -> GoldPage:
    words = markup_words((folder / _EXPECTED_NAME).read_text(encoding="utf-8"))
    return GoldPage(f"{folder.name}/{_PAGE_NAME}", words, (), ())


def markup_words(markup: str) -> str:
    """The words of a markup, apart wherever an element that is no part of a line begins or ends."""
    words = _Words()
    words.feed(markup)
    words.close()
    return "".join(words.pieces)


class _Words(HTMLParser):
    """The pieces of text of a markup, and a blank for each edge."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []

    def handle_data(self, data: str) -> None:
        """A piece of text."""
        self.pieces.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """The edge of an element."""
        self._edge(tag)

    def handle_endtag(self, tag: str) -> None:
        """The other edge."""
        self._edge(tag)

    def _edge(self, tag: str) -> None:
        if tag not in _INLINE:
            self.pieces.append(" ")
