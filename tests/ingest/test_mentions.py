"""The mentions of a candidate as seen from each line of its document."""

from __future__ import annotations

import re

from ingest.readers.properties.metadata import SourceMetadata
from ingest.readers.signatures import TEXT
from ingest.sources.sources import SourceFile
from ingest.studies.candidates import Mention
from ingest.studies.choosing.mentions import NEVER, Mentions, last_up_to, next_after
from ingest.studies.discourse import Discourse
from ingest.text.prepare import prepare

PAGE = (
    "# Nubora pregunta\n\nHoy llueve. Según Nubora, el 45 % calla. Nadie habla. Nubora insiste y Nubora calla.\n\nFin."
)


def test_each_line_sees_what_is_said_up_to_it_and_behind_it() -> None:
    """Most of all, in the line, of the last up to it, up to it, behind it; then the latest line that speaks for it."""
    prepared = prepare(SourceFile.of("page", PAGE.encode(), TEXT, metadata=SourceMetadata.of("test")))
    sentences = [(span.start, span.cut(prepared.document.text)) for one in prepared.passages for span in one.sentences]
    lines = Discourse(prepared.document, sentences, {}).lines
    nubora = [
        Mention(number, found.start(), found.end())
        for number, line in enumerate(lines)
        for found in re.finditer("Nubora", line.text)
    ]
    weights = {"-1 según": 2.0, "+1 insiste": 1.0, "+1 calla": -1.0, "+1 pregunta": -3.0}

    mine = Mentions.of(nubora, lines, weights)

    places = [one.line for one in nubora]
    first, told, last = places[0], places[-3], places[-1]
    assert [mine.seen_from(line) for line in (first, told, told + 1, last, last + 1)] == [
        [2.0, -3.0, -3.0, -3.0, 2.0],
        [2.0, 2.0, 2.0, 2.0, 1.0],
        [2.0, NEVER, 2.0, 2.0, 1.0],
        [2.0, 1.0, -1.0, 2.0, NEVER],
        [2.0, NEVER, -1.0, 2.0, NEVER],
    ]
    assert [mine.told_up_to(line) for line in (first, told, last, last + 1)] == [-1, told, last, last]
    assert list(mine.here(last)) == list(nubora[-2:])
    assert last_up_to(nubora, told + 1) == nubora[-3]
    assert next_after(nubora, told) == nubora[-2]
    assert next_after(nubora, last) is None


def test_who_is_never_mentioned_is_never_told() -> None:
    """The publisher of a page may have no mention in it."""
    nobody = Mentions.of((), [], {})

    assert nobody.most == NEVER
    assert nobody.seen_from(3) == [NEVER] * 5
    assert (nobody.told_up_to(3), nobody.here(3), last_up_to((), 3), next_after((), 3)) == (-1, (), None, None)
