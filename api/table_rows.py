"""Hits and statistics as CSV (RFC 4180, UTF-8). Numbers stay numbers; text that a spreadsheet would run stays text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence

from fastapi import Response

from api.schemas import CitedStatistic
from kb.citation import Citation
from kb.search import Hit

MEDIA_TYPE = "text/csv"
Cell = str | int | float | None
_NUMBER = re.compile(r"[-+]?\d{1,30}(?:[.,]\d{1,30})?")
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "＝", "＋", "－", "＠")


def wants_csv(accept: str | None) -> bool:
    """Whether an Accept header asks for CSV before JSON; the order decides where no weights are given."""
    for part in (accept or "").split(","):
        kind = part.partition(";")[0].strip().lower()
        if kind in (MEDIA_TYPE, "application/json", "*/*", "application/*"):
            return kind == MEDIA_TYPE
    return False


def safe_text(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula; a plain number stays as it is."""
    stripped = text.lstrip(" \u00a0\u200b\ufeff")
    if not stripped.startswith(_RUNS) or _NUMBER.fullmatch(text):
        return text
    return f"'{text}"


def csv_page(
    rows: Sequence[Mapping[str, Cell]], total: int, following: str | None, headers: Mapping[str, str]
) -> Response:
    """The rows as a CSV response; the number of all rows and the next page stand in its headers."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    if rows:
        writer.writerow(rows[0].keys())
    for row in rows:
        writer.writerow([safe_text(cell) if isinstance(cell, str) else cell for cell in row.values()])
    extra = {**headers, "X-Total-Count": str(total)}
    if following:
        extra["Link"] = f'<{following}>; rel="next"'
    return Response(out.getvalue().encode("utf-8", "replace"), headers=extra, media_type=f"{MEDIA_TYPE}; charset=utf-8")


def hit_rows(hits: Iterable[Hit]) -> list[dict[str, Cell]]:
    """A row for each hit."""
    return [
        {
            "rank": hit.rank,
            "score": round(hit.score, 6),
            "language": hit.passage.language.value,
            "topics": " ".join(assigned.topic.value for assigned in hit.passage.topics),
            **_cited(hit.citation),
        }
        for hit in hits
    ]


def statistic_rows(statistics: Iterable[CitedStatistic]) -> list[dict[str, Cell]]:
    """A row for each statistic; what is not known is an empty cell."""
    return [_statistic_row(cited) for cited in statistics]


def _statistic_row(cited: CitedStatistic) -> dict[str, Cell]:
    one = cited.statistic
    return {
        "id": one.id,
        "value": None if one.value is None else f"{one.value:f}",
        "high": None if one.high is None else f"{one.high:f}",
        "kind": one.kind.value,
        "unit": one.unit,
        "comparator": one.comparator.value,
        "direction": None if one.direction is None else one.direction.value,
        "raw": one.raw,
        "subject": one.subject,
        "population": one.population,
        "sample_size": one.sample_size,
        "measured_by": one.source,
        "study": one.study,
        "year": one.year,
        "language": one.language.value,
        "topics": " ".join(topic.value for topic in one.topics),
        **_cited(cited.citation),
    }


def _cited(citation: Citation) -> dict[str, Cell]:
    document = citation.document
    return {
        "quote": citation.quote,
        "source_id": document.source_id,
        "title": document.title,
        "authors": "; ".join(document.authors),
        "publisher": document.publisher,
        "published": document.published,
        "url": document.url,
        "document_id": document.id,
        "passage_id": citation.passage_id,
        "start": citation.span.start,
        "end": citation.span.end,
        "sha256": citation.sha256,
        "permalink": citation.permalink,
    }
