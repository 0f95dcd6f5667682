"""The original beside its text: pages of a PDF as pictures with the cited place framed, HTML and text made harmless.

Formats are drawn elsewhere; here they get their address, their frame and a policy under which nothing in them runs.
"""

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from api.http.auth import Caller, needs
from api.page.door import Base, PageRoute, open_base
from api.page.views.original_markup import Shown, html_shown, text_shown
from api.page.visitor import visitor_of
from api.service.knowledge_base import KnowledgeBase
from api.service.references import cited_span
from api.words.wording import InterfaceWording
from kb.records.document import Box, Document, Place
from kb.records.errors import NotFoundError, SourceError
from kb.records.file_format import FileFormat, format_of
from kb.records.language import Language
from kb.records.messages import say
from kb.records.operation import Scope, allows
from kb.records.ports import PagePicture, PagePictures

router = APIRouter(route_class=PageRoute, include_in_schema=False)
EXPORT = needs(Scope.EXPORT)
# Longer originals take a browser longer than a reader waits; they can be kept as a file.
_MAX_SHOWN_BYTES = 1_500_000
_KEPT_PICTURES = 24
# In points: more than the white between two lines of one block, less than that between two blocks.
_LINE_GAP = 12.0
_FOR_EVER = "private, max-age=31536000, immutable"
_STYLE = (
    "html{font:400 16px/1.55 Georgia,serif;scroll-padding-top:4rem;color:#1b2226;background:#fff}"
    "body{margin:0;padding:1rem 1.25rem;overflow-wrap:break-word}pre{white-space:pre-wrap;font:inherit;margin:0}"
    "mark{background:#ffe694;color:#1b2226}h1,h2,h3,h4,h5,h6{line-height:1.25;font-size:1.15rem}h1{font-size:1.4rem}"
    "table{border-collapse:collapse}td,th{border:1px solid #c9c3b6;padding:.2rem .5rem;vertical-align:top}"
    "[role=note]{margin:0 0 1rem;padding:.5rem .75rem;border-left:3px solid #c9c3b6;background:#faf9f6;"
    "font:400 14px/1.45 sans-serif}"
)
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode("ascii")
FRAME_POLICY = f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; frame-ancestors 'self'; base-uri 'none'; sandbox"
_FRAMED = {FileFormat.HTML: html_shown, FileFormat.TEXT: text_shown, FileFormat.MARKDOWN: text_shown}


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A place on a picture of a page, in its points from the upper left corner."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Beside:
    """What is shown beside the text: a frame's address, or a page with the places framed on it, or neither."""

    format: FileFormat | None
    frame: str | None = None
    picture: PagePicture | None = None
    page: int = 1
    frames: tuple[Rectangle, ...] = ()
    address: str = ""

    @property
    def is_shown(self) -> bool:
        """Whether there is anything to see."""
        return self.frame is not None or self.picture is not None


@dataclass(frozen=True, slots=True)
class OriginalSide:
    """Whether the original is shown beside the text, and at which page of it (null: the cited one)."""

    shown: bool = False
    page: int | None = None

    def kept_in(self, address: str) -> str:
        """Another place's address that shows the original too, at its own page."""
        return address.replace("#", "&beside=1#", 1) if self.shown else address


def _original_side(
    beside: Annotated[str, Query(max_length=5)] = "", page: Annotated[int | None, Query(ge=1, le=100_000)] = None
) -> OriginalSide:
    """The side in an address."""
    return OriginalSide(beside == "1", page)


Side = Annotated[OriginalSide, Depends(_original_side)]


@router.get("/documents/{document_id}/original", openapi_extra=EXPORT)
def get_original(
    request: Request, base: Base, document_id: str, passage: str = "", start: str | None = None, end: str | None = None
) -> Response:
    """An original in HTML or text for the frame beside its text, the cited words marked."""
    document = base.records.document(document_id)
    shown_by = _FRAMED.get(format_of(document.media_type) or FileFormat.PDF)
    if shown_by is None:
        raise NotFoundError(say("document", document=document_id), say("has_no_form_that_can"))
    quote = None
    if passage:
        span = cited_span(document, base.records.passage(passage), start, end)
        quote = None if span is None else span.cut(document.text)
    data = base.records.original(document.sha256)
    t = InterfaceWording(visitor_of(request).language)
    shown = shown_by(data, quote) if len(data) <= _MAX_SHOWN_BYTES else None
    response = Response(_page(shown, t, main_language(document)), media_type="text/html; charset=utf-8")
    response.headers.update({"Content-Security-Policy": FRAME_POLICY, "X-Frame-Options": "SAMEORIGIN"})
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@router.get("/documents/{document_id}/pages/{page}.png", openapi_extra=EXPORT)
def get_page(request: Request, base: Base, document_id: str, page: int) -> Response:
    """A page of a PDF as a picture."""
    picture = _picture(request, base.records.document(document_id), page)
    if picture is None:
        raise NotFoundError(say("document", document=document_id), say("has_no_pages_that_can"))
    return Response(picture.png, media_type="image/png", headers={"Cache-Control": _FOR_EVER})


def beside(request: Request, document: Document, places: Sequence[Place], marked: str, page: int | None) -> Beside:
    """What to show beside a document; ``marked`` is the query that names the cited place, ``page`` the page wanted
    (null: that of the first place)."""
    found = format_of(document.media_type)
    if found in _FRAMED:
        anchor = f"?{marked}#cited" if marked else ""
        return Beside(found, frame=f"/documents/{document.id}/original{anchor}")
    if found is not FileFormat.PDF:
        return Beside(found)
    wanted = page or next((place.page for place in places if place.page), 1)
    picture = _picture(request, document, wanted)
    if picture is None:
        return Beside(found)
    boxes = [box for place in places for box in place.boxes if box.page == wanted]
    address = f"/documents/{document.id}/pages/{wanted}.png"
    return Beside(found, None, picture, wanted, framed(boxes, picture), address)


def can_be_shown(request: Request, document: Document) -> bool:
    """Whether the visitor may see originals, and this one is of a format that is shown beside its text."""
    found = format_of(document.media_type)
    is_pdf = found is FileFormat.PDF and request.app.state.page_drawn is not None
    return may_see(request) and (is_pdf or found in _FRAMED)


def framed(boxes: Sequence[Box], picture: PagePicture) -> tuple[Rectangle, ...]:
    """The boxes as they lie on the picture, lines below each other as one; none on a page that is shown rotated."""
    if picture.turned:
        return ()
    blocks: list[Box] = []
    for box in boxes:
        if blocks and _continues(blocks[-1], box):
            blocks[-1] = _around(blocks[-1], box)
        else:
            blocks.append(box)
    return tuple(_on_picture(block, picture) for block in blocks)


def _continues(block: Box, box: Box) -> bool:
    """Whether a box is on the block's last line or on the one below: a new column or page is neither."""
    return -_LINE_GAP <= block.bottom - box.top <= _LINE_GAP or box.bottom < block.bottom + _LINE_GAP <= box.top


def _around(one: Box, other: Box) -> Box:
    return Box(
        one.page,
        min(one.left, other.left),
        min(one.bottom, other.bottom),
        max(one.right, other.right),
        max(one.top, other.top),
    )


def _on_picture(box: Box, picture: PagePicture) -> Rectangle:
    sides = (
        box.left - picture.left,
        picture.bottom + picture.height - box.top,
        box.right - box.left,
        box.top - box.bottom,
    )
    return Rectangle(*(round(side, 1) for side in sides))


def may_see(request: Request) -> bool:
    """Whether the visitor may see originals."""
    caller: Caller = request.state.caller
    return allows(caller.scopes, Scope.EXPORT)


def drawn_by(pictures: PagePictures) -> Callable[[KnowledgeBase, str, int, str], PagePicture]:
    """What draws a page of an original; those of late are kept, for a reader asks for each twice, for its size and for
    itself. SourceError when it cannot be drawn, NotFoundError without its original."""

    @lru_cache(_KEPT_PICTURES)
    def drawn(base: KnowledgeBase, sha256: str, page: int, name: str) -> PagePicture:
        return pictures.draw(base.records.original(sha256), page, name)

    return drawn


def _picture(request: Request, document: Document, page: int) -> PagePicture | None:
    """The page; null where there is none or nobody draws pages."""
    drawn = request.app.state.page_drawn
    if drawn is None or format_of(document.media_type) is not FileFormat.PDF or page < 1:
        return None
    try:
        picture: PagePicture = drawn(open_base(request), document.sha256, page, document.source_id)
        return picture
    except (SourceError, NotFoundError):
        return None


def main_language(document: Document) -> str:
    """The code of the language that most of a document is in, "und" for another than Spanish and English."""
    most = max(document.language_mix, key=lambda one: one.share, default=None)
    return most.language.value if most and most.language is not Language.OTHER else "und"


def _page(shown: Shown | None, t: InterfaceWording, language: str) -> str:
    note = t("original.too_long") if shown is None else t("original.not_marked") if shown.marked is False else ""
    said = f'<p role="note" lang="{t.language.value}">{escape(note)}</p>' if note else ""
    body = shown.body if shown else ""
    head = f'<meta charset="utf-8"><title>{escape(t("original.title"))}</title><style>{_STYLE}</style>'
    return f'<!doctype html><html lang="{language}"><head>{head}</head><body>{said}{body}</body></html>'
