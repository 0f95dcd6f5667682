"""Lists of a document, whatever form their items have."""

import pytest

from index.answers.composing.listing import announced_lists, lists_at, quotes_of
from ingest.readers.signatures import MARKDOWN
from ingest.sources.sources import SourceFile
from ingest.text.prepare import Prepared, prepare

HEADINGS = """# Three rules of the night desk

The night desk keeps three rules.

## Answer in order

The oldest letter is read first. Nobody skips one.

## Name an hour

Every reply says when.

## Stay to the end

The last call is the longest.

## In short

It is a quiet desk.
"""
BOLD = """# Night desk

The desk has two tasks:

**Calls of the day**

They are few and they are long, and each is answered.

**Letters of the week**

They are many and they are short, and half are answered.
"""
NUMBERED = """# Acta

Se acuerda lo siguiente.

**1. Encuesta.** Se repite en mayo.

Nadie se opone.

**2. Urgencias.** Se mide la espera.
"""
SENTENCES = """# Why they leave

People leave the night desk for two reasons. First, the hours are long. It wears them out. Second, nobody says thanks.
"""
POINTS = """# Levels

The levels are:

- Deaf. Nobody reads.
- Reading. A rota reads.

Afterwards comes nothing.
"""
LONG = "Steps:\n\n" + "\n".join(f"{n}. Step {n} begins. " + "It goes on and on. " * 40 for n in range(1, 4))


def made_of(text: str) -> Prepared:
    return prepare(SourceFile.of("a.md", text.encode(), MARKDOWN))


@pytest.mark.parametrize(
    ("text", "above", "lead", "items"),
    [
        (
            HEADINGS,
            ("Three rules of the night desk",),
            "The night desk keeps three rules.",
            ["Answer in order", "Name an hour", "Stay to the end"],
        ),
        (BOLD, ("Night desk",), "The desk has two tasks:", ["Calls of the day", "Letters of the week"]),
        (
            NUMBERED,
            ("Acta",),
            "Se acuerda lo siguiente.",
            ["1. Encuesta. Se repite en mayo.", "2. Urgencias. Se mide la espera."],
        ),
        (
            SENTENCES,
            ("Why they leave",),
            "People leave the night desk for two reasons.",
            ["First, the hours are long. It wears them out.", "Second, nobody says thanks."],
        ),
        (POINTS, ("Levels",), "The levels are:", ["Deaf. Nobody reads.", "Reading. A rota reads."]),
    ],
)
def test_items_of_every_form(text: str, above: tuple[str, ...], lead: str, items: list[str]) -> None:
    """With the headings above and the paragraph that announces; as many as the announcement says, if it does."""
    prepared = made_of(text)
    (one,) = announced_lists(prepared.document, prepared.passages)
    words = prepared.document.text

    assert (one.above, one.lead and one.lead.cut(words), [item.cut(words) for item in one.items]) == (
        above,
        lead,
        items,
    )


def test_a_heading_is_quoted_by_the_passage_below_it() -> None:
    """A heading stands in no passage; what it names does."""
    prepared = made_of(HEADINGS)
    (one,) = announced_lists(prepared.document, prepared.passages)
    quotes = quotes_of(one, prepared.passages, prepared.document.text)

    assert [(passage.heading_path[-1], span.cut(prepared.document.text)) for passage, span in quotes[1:]] == [
        ("Answer in order", "Answer in order"),
        ("Name an hour", "Name an hour"),
        ("Stay to the end", "Stay to the end"),
    ]


def test_what_a_heading_names_belongs_to_its_list() -> None:
    """So that a passage found below a heading leads to the list."""
    prepared = made_of(HEADINGS)
    lists = announced_lists(prepared.document, prepared.passages)

    assert [len(lists_at(lists, passage.span)) for passage in prepared.passages] == [1, 1, 1, 1, 0]


def test_a_long_list_keeps_every_item() -> None:
    """By the first sentence of each, however long they are together."""
    prepared = made_of(LONG)
    (one,) = announced_lists(prepared.document, prepared.passages)
    quotes = [span.cut(prepared.document.text) for _, span in quotes_of(one, prepared.passages, prepared.document.text)]

    assert [quote.strip() for quote in quotes] == [
        "Steps:",
        "1. Step 1 begins.",
        "2. Step 2 begins.",
        "3. Step 3 begins.",
    ]
