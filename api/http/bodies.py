"""What callers send: the bodies of requests with their limits. An unknown field is refused.

Knows shapes and lengths only; what the words in them mean is judged where they are used.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, create_model, field_validator, model_validator

from api.service.asking.filters import PASSAGES, Shape
from kb.outside.strings import whole_deep

MAX_QUERY = 2_000
_MAX_TEXT = 200_000
# Prose has a token of the model in four characters; a mark, or a letter of another script, is a token by itself:
# 200,000 guillemets kept a server busy for a minute, as 800,000 letters would. Prose has up to one mark in ten.
_TOKEN_OF_ITS_OWN = re.compile(r"[^\sA-Za-z0-9À-ɏ]")
_MAX_WEIGHT = 260_000


class Body(BaseModel):
    """A request body: unknown fields are refused, and half a character in any string is U+FFFD."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _in_whole_characters(cls, given: Any) -> Any:
        return whole_deep(given)


_KINDS: Mapping[Shape, Any] = {
    Shape.NAMES: Annotated[list[str], Field(max_length=20)],
    Shape.YEAR: Annotated[int | None, Field(ge=1000, le=9999)],
    Shape.FLAG: bool | None,
}
if TYPE_CHECKING:

    class FilterBody(Body):
        """A field a row of the table of filters."""

        def __init__(self, **words: object) -> None: ...

else:
    FilterBody = create_model(
        "FilterBody",
        __base__=Body,
        __doc__="Filters of a question.",
        __module__=__name__,
        **{row.name: (_KINDS[row.shape], [] if row.shape is Shape.NAMES else None) for row in PASSAGES},
    )


class AnswerBody(Body):
    """A question; ``language`` sets the words around the quotes, never the quotes."""

    question: Annotated[str, Field(min_length=1, max_length=MAX_QUERY)]
    language: str | None = None
    filters: FilterBody = FilterBody()


class AnalyzeBody(Body):
    """A text to read for topics and statistics."""

    id: str = ""
    text: Annotated[str, Field(min_length=1, max_length=_MAX_TEXT)]
    language: str | None = None

    @field_validator("text")
    @classmethod
    def _light(cls, text: str) -> str:
        weight = len(text) + 3 * sum(1 for _ in _TOKEN_OF_ITS_OWN.finditer(text))
        if weight > _MAX_WEIGHT:
            raise ValueError(f"weighs {weight} characters, as marks count four times, more than {_MAX_WEIGHT}")
        return text


class CitationsBody(Body):
    """What to cite: ids of passages, statistics or documents; ``accessed`` is the day a page was read."""

    ids: Annotated[list[str], Field(min_length=1, max_length=100)]
    style: str = "apa"
    language: str = "es"
    accessed: date | None = None


class KnownBody(Body):
    """What a sender knows of a document."""

    title: Annotated[str | None, Field(max_length=2_000)] = None
    authors: Annotated[list[str] | None, Field(max_length=200)] = None
    publisher: Annotated[str | None, Field(max_length=500)] = None
    published: Annotated[str | None, Field(max_length=40)] = None
    url: Annotated[str | None, Field(max_length=2_000)] = None
    series: Annotated[str | None, Field(max_length=500)] = None


class DocumentBody(KnownBody):
    """A document as text, with what its sender knows of it."""

    id: Annotated[str, Field(min_length=1, max_length=500)]
    text: Annotated[str, Field(min_length=1, max_length=20_000_000)]


class UrlsBody(Body):
    """Addresses of pages, sitemaps and feeds, with what their sender knows of pages, by address."""

    urls: Annotated[list[Annotated[str, Field(min_length=1, max_length=2_000)]], Field(min_length=1, max_length=100)]
    metadata: dict[str, KnownBody] = {}


class RecordBody(Body):
    """The fields of a record that are to be other than they are; a field that is left out stays. Null, or no authors,
    says that it is not known. With ``revision`` the correction is refused where the record was corrected since."""

    title: Annotated[str | None, Field(description="As it is printed on the source; at most 1,000 characters")] = None
    authors: Annotated[
        list[str] | None, Field(description='One name each: "Ana Pérez Gil", "Pérez Gil, Ana" or an organisation')
    ] = None
    publisher: Annotated[str | None, Field(description="Who published it")] = None
    published: Annotated[str | None, Field(description="2022, 2022-09 or 2022-09-30")] = None
    url: Annotated[str | None, Field(description="Where others find the source; http or https")] = None
    series: Annotated[str | None, Field(description='The part of a series that it is: "parte 2 de 3"')] = None
    revision: Annotated[int | None, Field(ge=0)] = None

    def fields(self) -> dict[str, object]:
        """What is to be corrected: the fields that were sent."""
        return {name: getattr(self, name) for name in self.model_fields_set if name != "revision"}


class UploadBody(Body):
    """Documents sent as JSON."""

    documents: Annotated[list[DocumentBody], Field(min_length=1, max_length=1_000)]


MAX_DRAFT = 20_000


class DraftBody(Body):
    """A text to check."""

    text: Annotated[str, Field(min_length=1, max_length=min(MAX_DRAFT, _MAX_TEXT))]
