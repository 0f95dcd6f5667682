"""The running text of an element: what is written inside a line, what of it is a link, which marks point to notes.

Owns which of its characters are raised. Refuses to know blocks, and what raised characters mean.
"""

from collections.abc import Iterator

from lxml import etree

from ingest.readers.extract import read_raised

NAVIGATION = "navigation"

_TAGS = {
    "nav": NAVIGATION,
    "aside": "aside",
    "footer": "footer",
    "form": "form",
    "dialog": "dialog",
    "address": "address",
}
_ROLES = {
    "navigation": NAVIGATION,
    "banner": "site_header",
    "contentinfo": "footer",
    "complementary": "aside",
    "search": "form",
    "dialog": "dialog",
    "alertdialog": "dialog",
    "menu": NAVIGATION,
    "menubar": NAVIGATION,
    "tablist": NAVIGATION,
}
_NEVER = frozenset({"html", "body", "main", "article"})


def furniture_of(element: etree._Element, tag: str) -> str | None:
    """The rule that an element's own tag or role names, or null."""
    if tag in _NEVER:
        return None
    rule = _TAGS.get(tag) or _ROLES.get(element.get("role", "").lower())
    if rule is None and tag == "header":
        inside = any(parent.tag in ("article", "main", "section") for parent in element.iterancestors())
        rule = None if inside or element.find(".//h1") is not None else "site_header"
    return rule or ("hidden" if element.get("hidden") is not None else None)


Element = etree._Element

BREAK = "\x00"
_SKIPPED_NAMES = (
    "script style template svg iframe object embed select option input textarea head link meta rt rp "
    "canvas audio video map math area base param source track colgroup col progress meter datalist"
)
SKIPPED = frozenset(_SKIPPED_NAMES.split())
_BLOCKS_NAMES = (
    "address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav noscript ol p pre section "
    "summary table tbody td tfoot th thead title tr ul"
)
BLOCKS = frozenset(_BLOCKS_NAMES.split())


class InlineText:
    """The text of a run of inline nodes, gathered node by node; a line break is ``BREAK``.

    ``note_marks`` are the marks that were taken out of it, in order.
    """

    def __init__(self, parent: Element, *, opening: str | None = None) -> None:
        self._pieces: list[str] = []
        self._written: list[str] = []
        self._linked = 0
        self._outside = 0
        self._around = next((one for one in (parent, *parent.iterancestors()) if local_tag(one) == "a"), None)
        self.note_marks: list[str] = []
        self._write((parent.text or "") if opening is None else opening, None)

    @property
    def text(self) -> str:
        """What was gathered, as it stands."""
        return "".join(self._pieces)

    @property
    def written(self) -> str:
        """The text with its note marks where they stood."""
        return "".join(self._written)

    @property
    def linked_share(self) -> float:
        """The share (0 to 1) of the characters, spaces aside, that stand in links."""
        return self._linked / max(1, sum(len("".join(piece.split())) for piece in self._pieces))

    @property
    def leads_inside(self) -> bool:
        """Whether there are links and all lead to places of the same page."""
        return self._linked > 0 and self._outside == 0

    def add(self, child: Element, link: Element | None = None) -> None:
        """Take in an inline element (or a comment) and the text after it."""
        tag = local_tag(child)
        inner = child if tag == "a" else link
        if tag == "br":
            self._pieces.append(BREAK)
            self._written.append(BREAK)
        elif tag in ("sup", "a") and (raised := self._raised(child, tag)) is not None:
            self._write(raised, inner)
        elif tag and tag not in SKIPPED and tag != "button":
            self._write(child.text or "", inner)
            for grandchild in child:
                self.add(grandchild, inner)
        self._write(child.tail or "", link)

    def _raised(self, element: Element, tag: str) -> str | None:
        """What a raised text reads as: nothing for a note mark, raised digits for a power; null where it is plain."""
        text = "".join(map(str, element.itertext())).strip()
        before = self.text[-12:]
        leads = _leads_to_note(element)
        if tag == "a" and (not leads or not before or before[-1].isspace() or not text.lstrip("[(")[:1].isdigit()):
            return None  # "62 %1" with a link on the 1 is a mark without being raised; other links are words
        if text.isalpha() and not leads:
            return None  # "Mag.a", "M.a José": in a page a letter is a mark only where it leads to a note
        shown, mark = read_raised("" if leads else before, text, element.tail or "")
        if mark:
            self.note_marks.append(mark)
            self._written.append(text)
        return shown

    def _write(self, text: str, link: Element | None) -> None:
        self._pieces.append(text)
        self._written.append(text)
        link = self._around if link is None else link
        if link is not None:
            chars = len("".join(text.split()))
            self._linked += chars
            self._outside += 0 if (link.get("href") or "").startswith("#") else chars


def _leads_to_note(element: Element) -> bool:
    near = [*element.iter("a"), *element.iterancestors("a")]
    return any((link.get("href") or "").startswith("#") or link.get("role") == "doc-noteref" for link in near)


def local_tag(element: Element) -> str:
    """The lower-case local name, or "" for comments and processing instructions."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def cell_text(cell: Element) -> tuple[str, tuple[str, ...]]:
    """All text under an element on one line, with a space wherever a block begins or ends, and its note marks."""
    runs = list(_runs(cell))
    text = " ".join(run.text.replace(BREAK, " ") for run in runs)
    return " ".join(text.split()), tuple(mark for run in runs for mark in run.note_marks)


def _runs(element: Element) -> Iterator[InlineText]:
    run = InlineText(element)
    for child in element:
        name = local_tag(child)
        if name in BLOCKS:
            yield run
            yield from _runs(child)
            run = InlineText(element, opening=child.tail or "")
        else:
            run.add(child)
    yield run
