"""Web pages that hold a notice in place of their text: an error of the server, a question about cookies, a few words.

Owns what gives such a page away and its limits, measured on two public sets of pages (docs/evaluate.md). It takes
nothing out: the page goes in and its report line says what it may be. Refuses to know how a page is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from http import HTTPStatus

from kb.records.document import Document, Passage
from kb.records.file_format import FileFormat
from kb.records.messages import Message, say
from kb.words.lexicon import lexicon
from kb.words.tokens import tokenize

_PAGES = frozenset(form.media_type for form in (FileFormat.HTML, FileFormat.MHTML, FileFormat.WEBARCHIVE))
# On 1,120 public pages: the shortest text of a page that holds its own has 143 characters; no page is headed as an
# error, and the most that one says of cookies is .17 of it.
_MIN_CHARS = 100
# An article may be called "Not Found"; what a server says of a page is short.
_MAX_ERROR_CHARS = 1_000
_MAX_NOTICE_CHARS = 6_000
_MIN_NOTICE_SHARE = 0.4
_FIRST_ERROR = 400
_PARTS = re.compile(r"\s[|–—·•:/<>«»-]+\s|[|:()!¡?¿.…]+")
_STATUS = re.compile(r"(?<!\d)[45]\d\d(?!\d)")
_REASONS = frozenset(one.phrase.casefold() for one in HTTPStatus if one >= _FIRST_ERROR)
_ERRORS = lexicon().phrases("page_error")
_FAILURE = "failure"
_NOTICES = lexicon().phrases("page_notice")


def notice_doubts(document: Document, passages: tuple[Passage, ...]) -> tuple[Message, ...]:
    """Why a web page may hold a notice and no text, in a message at most; none for other documents."""
    if document.media_type not in _PAGES:
        return ()
    chars = len(document.text)
    if chars <= _MAX_ERROR_CHARS and any(map(_is_error, _heads(document))):
        return (say("may_be_an_error_page", document=document.id),)
    if chars <= _MAX_NOTICE_CHARS and _notice_share(document, passages) >= _MIN_NOTICE_SHARE:
        return (say("may_be_a_notice_on_cookies", document=document.id),)
    if chars < _MIN_CHARS:
        return (say("holds_so_little_text", chars=chars, document=document.id),)
    return ()


def _heads(document: Document) -> Iterator[str]:
    """The title and the first block."""
    yield document.title or ""
    yield document.blocks[0].span.cut(document.text)


def _is_error(head: str) -> bool:
    """Whether a part of a head is nothing but what servers call an error, in words or by its number."""
    return any(map(_is_error_part, _PARTS.split(head)))


def _is_error_part(part: str) -> bool:
    if " ".join(part.strip(" 0123456789").split()).casefold() in _REASONS:
        return True
    tokens = [token for token in tokenize(part) if token.kind == "w"]
    found = list(_ERRORS.found(tokens))
    said = {at for first, stop, _ in found for at in range(first, stop)}
    if not tokens:
        return bool(_STATUS.fullmatch(part.strip()))
    return len(said) == len(tokens) and any(row.effect == _FAILURE for _, _, row in found)


def _notice_share(document: Document, passages: tuple[Passage, ...]) -> float:
    """The share of the text in sentences that speak of cookies and of what a browser must allow."""
    sentences = {span for passage in passages for span in passage.sentences}
    told = sum(len(text) for span in sentences if any(_NOTICES.found(tokenize(text := span.cut(document.text)))))
    return told / max(1, sum(span.end - span.start for span in sentences))
