"""Formats of originals: each has one media type, and is found by its names."""

from __future__ import annotations

import pytest

from ingest.readers.signatures import BY_EXTENSION, JSON_LINES, ZIP
from kb.records.errors import InputError
from kb.records.file_format import FileFormat, format_of, parse_format


@pytest.mark.parametrize("one", FileFormat)
def test_a_format_is_found_by_its_name_and_by_its_media_type(one: FileFormat) -> None:
    assert parse_format(one.value) is one
    assert parse_format(f" .{one.value.upper()}") is one
    assert format_of(one.media_type) is one


def test_every_media_type_that_documents_get_has_a_format() -> None:
    """Archives and JSON lines are taken apart: no document has their type."""
    assert {*BY_EXTENSION.values()} - {ZIP, JSON_LINES} == {one.media_type for one in FileFormat}


def test_what_is_no_format_is_refused_with_those_known() -> None:
    assert format_of("image/gif") is None
    with pytest.raises(InputError, match="pdf, html, docx, epub, md, txt"):
        parse_format("exe")
