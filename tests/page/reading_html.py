"""Reads served pages in tests: their elements, their marked characters, their addresses."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "input", "br", "hr", "img"}


@dataclass
class Page(HTMLParser):
    """A page as the parser sees it: ``elements`` are (tag, sorted attribute names) in order."""

    elements: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    attributes: list[tuple[str, str, str]] = field(default_factory=list)
    marked: list[str] = field(default_factory=list)
    marked_spans: list[tuple[int, int]] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    _depth: int = 0

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(sorted(name for name, _ in attrs))))
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag == "mark" or self._depth:
            self._depth += tag not in VOID
        if tag == "mark":
            values = dict(attrs)
            self.marked.append("")
            self.marked_spans.append((int(values.get("data-start") or 0), int(values.get("data-end") or 0)))

    def handle_endtag(self, tag: str) -> None:
        if self._depth:
            self._depth -= 1

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if self._depth:
            self.marked[-1] += data


def read(html: str) -> Page:
    """The page in this text."""
    page = Page()
    page.feed(html)
    page.close()
    return page
