"""The draft page: a pasted text comes back with each of its figures judged. The text is not kept."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from api.http.bodies import MAX_DRAFT
from api.page.addresses import place_address
from api.page.door import READ, PageRoute, open_base
from api.page.marks import part_name, sides, their_words
from api.page.rendering import render
from api.service.draft_check import CheckedDraft, CheckedFigure, DraftVerdict, check_draft
from kb.records.document import Span
from kb.records.errors import InputError
from kb.records.messages import say

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_MAX_BYTES = 12 * MAX_DRAFT  # a percent-encoded code point has at most 12 bytes


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of the draft; ``number`` leads to the judgement of the figure it is, null for plain text."""

    text: str
    number: int | None = None
    finding: DraftVerdict | None = None


@router.get("/draft", openapi_extra=READ)
def get_draft(request: Request) -> Response:
    """The empty form."""
    return render(request, "draft.html", _context("", None))


@router.post("/draft", openapi_extra=READ)
async def post_draft(request: Request) -> Response:
    """The text with its figures judged."""
    text = await _text(request)
    draft = await run_in_threadpool(check_draft, open_base(request), text)
    return await run_in_threadpool(render, request, "draft.html", _context(text, draft))


def _context(text: str, draft: CheckedDraft | None) -> dict[str, Any]:
    return {
        "text": text,
        "draft": draft,
        "stretches": stretches(text, draft.figures) if draft else (),
        "max_draft": MAX_DRAFT,
        "place_address": place_address,
        "part_name": part_name,
        "their_words": their_words,
        "sides": sides,
        "tally": [(one, sum(f.finding is one for f in draft.figures)) for one in DraftVerdict] if draft else [],
    }


def stretches(text: str, figures: tuple[CheckedFigure, ...]) -> tuple[Stretch, ...]:
    """The text cut at its figures; joined they are the text."""
    made: list[Stretch] = []
    reached = 0
    for number, checked in enumerate(figures, start=1):
        span: Span = checked.figure.span
        if span.start < reached:
            continue
        made += [
            Stretch(text[reached : span.start]),
            Stretch(text[span.start : span.end], number, checked.finding),
        ]
        reached = span.end
    return (*made, Stretch(text[reached:]))


async def _text(request: Request) -> str:
    """The field "text" of a form, line ends as "\\n"; InputError when it is missing, too long or not text."""
    data = b""
    async for part in request.stream():
        data += part
        if len(data) > _MAX_BYTES:
            raise InputError(say("draft"), say("is_longer_than_characters", most=MAX_DRAFT), say("check_it_in_parts"))
    try:
        text = parse_qs(data.decode("ascii"), errors="strict", max_num_fields=5).get("text", [""])[0]
    except ValueError:
        raise InputError(say("draft"), say("is_not_a_form"), say("use_the_form_of_this_page")) from None
    if not text.strip() or len(text) > MAX_DRAFT:
        raise InputError(
            say("draft"), say("is_empty_or_longer_than_characters", most=MAX_DRAFT), say("paste_some_sentences")
        )
    return text.replace("\r\n", "\n")
