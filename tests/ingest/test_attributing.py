"""What the trained chooser gives to figures whose sentences leave a field open, and what it leaves alone."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from ingest.figures import read_figures, read_passages
from ingest.readers.properties.metadata import SourceMetadata
from ingest.readers.signatures import TEXT
from ingest.sources.sources import SourceFile
from ingest.studies.attributing import CANDIDATES, READ
from ingest.studies.candidates import Candidate, Mention, organisations
from ingest.studies.choosing.chooser import FIELDS, Chooser, from_bytes, shipped, to_bytes
from ingest.studies.choosing.places import FigureStanding, Places
from ingest.studies.choosing.wording import SignWeights
from ingest.studies.discourse import Discourse
from ingest.studies.offered import sizes
from ingest.studies.populations import phrase_at
from ingest.studies.when.periods import whole_year
from ingest.text.prepare import prepare, prepare_text
from kb.records.document import Span
from kb.records.errors import ModelError
from kb.records.language import Language
from kb.records.messages import said
from kb.records.ports import FiguredText, FigureWords
from kb.records.statistic import Statistic
from kb.words.lexicon import lexicon

PAGE = (
    "# How members see the help desk\n\nIn March 2022 the Brezal Institute interviewed 1,450 members by telephone.\n\n"
    "Almost 61% were satisfied with the answer.\n\nOnly 12% of them called again.\n\n"
    "The help desk opened in spring. It answers by telephone and by letter. Nobody waits for long."
)


def read(publisher: str | None) -> tuple[Statistic, ...]:
    known = SourceMetadata.of("test", publisher=publisher, published="2022-05-03")
    prepared = prepare(SourceFile.of("page", PAGE.encode(), TEXT, metadata=known))
    return read_figures(prepared.document, prepared.passages)


def test_a_choice_says_where_it_was_found() -> None:
    """What the chooser is sure of carries the place; what it is not sure of stays null."""
    found = [one for one in read("Brezal Institute") if one.raw.endswith("%")]

    assert [(one.raw, one.source, one.year) for one in found] == [
        ("Almost 61%", "Brezal Institute", 2022),
        ("12%", "Brezal Institute", 2022),
    ]
    assert all("source" in {origin.field for origin in one.origins} for one in found)


HEADLINE = (
    "# Callers Leave After a Poor Contact Experience, According to New Research\n\n"
    "Many callers leave after a poor contact experience. Brezal asked them, according to its note.\n\n"
    "Some 35% of the professionals in 2022 were managers.\n\nEach experience counts. New research is rare."
)


def test_neither_ordinary_words_of_a_headline_nor_a_year_are_offered() -> None:
    """Words that the page also writes small are no name there, and the year of "in 2022 were managers" no sample."""
    prepared = prepare_text(HEADLINE, Language.EN)
    document = prepared.document
    sentences = [(span.start, span.cut(document.text)) for one in prepared.passages for span in one.sentences]
    discourse = Discourse(document, sentences, {})
    figures = read_passages(document, prepared.passages).statistics

    assert [one.value for one in organisations(discourse)] == ["Brezal"]
    assert [one.value for one in sizes(discourse)] == []
    assert [(one.raw, one.sample_size) for one in figures if "%" in one.raw] == [("Some 35%", None)]


def test_bytes_are_read_back() -> None:
    """The same choosers after a round trip, with the same probabilities."""
    again = from_bytes(to_bytes(shipped()))
    rows = np.zeros((2, 200), dtype=np.float32)

    assert sorted(again) == sorted(
        f"{size}{look}{field}" for size in ("", "short_") for look in ("", "again_") for field in CANDIDATES
    )
    for name, one in shipped().items():
        assert np.array_equal(one.probabilities(rows), again[name].probabilities(rows))


def test_a_tree_goes_right_above_its_split() -> None:
    feature, split = np.zeros((1, 7), np.int16), np.full((1, 7), 0.5, np.float32)
    leaf = np.array([[-2.0] * 7 + [2.0]], np.float32)
    one = Chooser(feature, split, leaf, 0.0, 0.5)

    assert one.probabilities(np.array([[0.0], [1.0]], np.float32)).tolist() == pytest.approx([0.1192, 0.8808], abs=1e-4)


def test_what_is_chosen_has_candidates() -> None:
    assert tuple(CANDIDATES) == FIELDS


def packed(**other: NDArray[np.generic] | None) -> bytes:
    """The arrays that come with the project, some of them others or gone."""
    with np.load(io.BytesIO(to_bytes(shipped()))) as stored:
        arrays: dict[str, NDArray[np.generic] | None] = {name: stored[name] for name in stored.files} | other
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **{name: one for name, one in arrays.items() if one is not None})  # type: ignore[arg-type]
    return buffer.getvalue()


def flipped(data: bytes, place: int) -> bytes:
    """The bytes with one turned over."""
    return data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :]


DAMAGED: dict[str, Callable[[], bytes]] = {
    "no archive": lambda: b"no model",
    "empty": lambda: b"",
    "cut off": lambda: packed()[:-40],
    "a byte turned over": lambda: flipped(packed(), 4703),
    "one array alone": lambda: (
        b"\x93NUMPY\x01\x00v\x00" + b"{'descr': '<f8', 'fortran_order': False, 'shape': (0,), }".ljust(117) + b"\n"
    ),
    "another format": lambda: packed(format=np.array("attribution-1")),
    "no format": lambda: packed(format=None),
    "an array gone": lambda: packed(source_numbers=None),
    "leaves of another depth": lambda: packed(source_leaf=shipped()["source"].leaf[:, :5]),
    "no number": lambda: packed(period_leaf=shipped()["period"].leaf * np.float32(np.nan)),
    "a feature below the first": lambda: packed(source_feature=shipped()["source"].feature - 3000),
    "three numbers": lambda: packed(source_numbers=np.zeros(3)),
    "words": lambda: packed(source_feature=np.array([["a"]])),
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_file_is_named(damage: str) -> None:
    with pytest.raises(ModelError, match="model of attribution") as caught:
        from_bytes(DAMAGED[damage]())

    assert "bench.fit_attribution" in caught.value.hint


def test_trees_of_other_features_are_refused() -> None:
    """Trees learned from more features than the program has are not read past the end of a row."""
    with pytest.raises(ModelError, match="model of attribution"):
        shipped()["source"].probabilities(np.zeros((2, 3), np.float32))


def test_a_directory_of_names_keeps_its_nulls_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Above the limit of pairs nothing is chosen, and the reading names the field, the figures and the choice."""
    monkeypatch.setattr("ingest.studies.attributing.MAX_PAIRS", 1)
    known = SourceMetadata.of("test", publisher="Brezal Institute", published="2022-05-03")
    prepared = prepare(SourceFile.of("page", PAGE.encode(), TEXT, metadata=known))
    reading = read_passages(prepared.document, prepared.passages)

    assert [one.source for one in reading.statistics if one.raw.endswith("%")] == [None, None]
    assert [said(note, Language.EN) for note in reading.notes if "source" in note] == [
        "source: left open for 2 figures, the document offers too many to choose from (1 in 1 places)"
    ]


def test_a_name_beside_every_figure_of_a_line_is_no_endless_work() -> None:
    """Each mention of a line stands beside each of its figures: such a line counts for what it takes."""
    opening = "# Informe\n\nUna frase va. Dos frases van. Tres frases van. Cuatro frases van.\n\n"
    told = [", ".join(f"Nubora {place} %" for place in range(first, first + 90)) for first in range(1, 9)]
    prepared = prepare_text(opening + "\n\n".join(f"{one} de los clientes." for one in told), Language.ES)

    reading = read_passages(prepared.document, prepared.passages)

    assert [said(note, Language.EN) for note in reading.notes] == [
        "source: left open for 720 figures, the document offers too many to choose from (1 in 720 places)"
    ]


def test_figures_that_start_together_and_end_apart_have_their_own_words() -> None:
    """ "3 de cada 4" and "3": what stands behind each is weighed for each."""
    prepared = prepare_text("Nubora dice que 3 de cada 4 clientes repiten.", Language.ES)
    spoken = [(span.start, span.cut(prepared.document.text)) for one in prepared.passages for span in one.sentences]
    discourse = Discourse(prepared.document, spoken, {})
    weights = SignWeights({}, {}, {"+1 de": 1.0, "+1 clientes": 2.0})
    short, long = (FigureStanding(0, 16, stop, 0.0) for stop in (17, 27))
    candidates = [Candidate("Nubora", (Mention(0, 0, 6),), ())]
    places = Places(discourse)

    rows = [places.pairs(figure, candidates, weights) for figure in (short, long)]

    assert [row[0][-4] for row in rows] == [1.0, 2.0]


def test_words_before_a_year_keep_the_numbers_that_were_learned() -> None:
    """A row put between two others would change what the trees read; new ones go to the end."""
    learned = "en in de of frente desde since para by hasta until for a to from"

    assert [row.form for row in lexicon().of("before_year")][:15] == learned.split()


def test_two_fields_share_no_features() -> None:
    """A year and a sample size of one number and one place in their lists are told apart."""
    known = SourceMetadata.of("test", publisher="Brezal Institute", published="2022-05-03")
    prepared = prepare(SourceFile.of("page", PAGE.encode(), TEXT, metadata=known))
    spoken = [(span.start, span.cut(prepared.document.text)) for one in prepared.passages for span in one.sentences]
    places = Places(Discourse(prepared.document, spoken, {}))
    figure = FigureStanding(len(spoken) - 1, 5, 8, 0.0)
    first, second = ([Candidate(whole_year(2022), (Mention(line, 0, 4),), ())] for line in (0, 2))
    weights = SignWeights({}, {}, {})
    alone = Places(Discourse(prepared.document, spoken, {})).pairs(figure, second, weights)

    assert places.pairs(figure, first, weights) != alone
    assert places.pairs(figure, second, weights) == alone


def test_how_many_were_asked_is_no_finding_beside_what_they_said() -> None:
    """The size of the sample stands with each share, and is no figure of its own."""
    found = read("Brezal Institute")

    assert [(one.raw, one.sample_size) for one in found] == [("Almost 61%", 1450), ("12%", 1450)]


NOTE = "Acme asked 300 members, and 12% of 1,450 others asked by Brezal Institute in 2022 called again."


class Told:
    """A reader that gives the first of these words in a text for each of its figures, by field."""

    def __init__(self, **words: str) -> None:
        self._words = words
        self.asked: list[str] = []
        self.chance = 1.0

    def figure_words(self, texts: Sequence[FiguredText]) -> list[list[dict[str, FigureWords]] | None]:
        self.asked += [text for text, _ in texts]
        return [[self._told(text) for _ in figures] for text, figures in texts]

    def figure_odds(self, text: str, number: Span, weight: float) -> float:
        return weight

    def _told(self, text: str) -> dict[str, FigureWords]:
        starts = {field: text.find(words) for field, words in self._words.items()}
        spans = {field: Span(at, at + len(self._words[field])) for field, at in starts.items() if at >= 0}
        return {field: FigureWords(span, self.chance, True) for field, span in spans.items()}


def share(text: str, reader: Told, publisher: str | None = None) -> Statistic:
    prepared = prepare(
        SourceFile.of("note", text.encode(), TEXT, metadata=SourceMetadata.of("test", publisher=publisher))
    )
    found = read_figures(prepared.document, prepared.passages, lambda: reader)
    return next(one for one in found if one.raw == "12%")


def test_what_the_reader_of_a_short_text_is_sure_of_is_given() -> None:
    found = share(NOTE, Told(source="Brezal Institute", sample_size="1,450", population="members", period="2022"))

    assert (found.source, found.sample_size) == ("Brezal Institute", 1450)
    assert {one.origin for one in found.origins if one.field in READ} == {"sentence"}
    assert found.population == "members"


def test_where_the_reader_is_not_sure_of_whom_the_grammar_says_it() -> None:
    text = "12% of the members called again."

    assert share(text, Told()).population == "the members"
    assert share(text, Told(population="the members")).population == "members"


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        ("los vecinos que usan la app", "vecinos que usan la app"),
        ("ecinos que usan la ap", "vecinos que usan la app"),
        ("vecinos que", "vecinos"),
        ("«vecinos", "vecinos"),
        ("los", None),
        ("de los vecinos", None),
        ("app.\nOtros vecinos", None),
    ],
)
def test_a_population_is_printed_by_whole_words(words: str, printed: str | None) -> None:
    text = "El 57 % de los vecinos que usan la app.\nOtros vecinos, los «vecinos de hoy»."
    at = text.index(words)

    assert phrase_at(text, Span(at, at + len(words))) == printed


def test_where_the_reader_is_sure_of_none_a_text_by_itself_has_none() -> None:
    found = share(NOTE, Told())

    assert (found.source, found.study, found.sample_size) == (None, None, None)


def test_where_the_publisher_is_known_the_chooser_fills_what_the_reader_leaves() -> None:
    found = share(NOTE, Told(source="Acme"), publisher="Brezal Institute")

    assert found.source == "Acme"
    assert found.sample_size == share(NOTE, Told(source="Brezal Institute"), publisher="Brezal Institute").sample_size


def test_a_document_of_too_many_figures_is_not_read_in_windows_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.studies.attributing.MOST_READ", 1)
    reader = Told(source="Brezal Institute")
    prepared = prepare(SourceFile.of("page", PAGE.encode(), TEXT, metadata=SourceMetadata.of("test")))
    reading = read_passages(prepared.document, prepared.passages, lambda: reader)

    assert reader.asked == []
    assert [said(note, Language.EN) for note in reading.notes] == [
        f"{len(reading.statistics)} figures are more than the 1 whose surroundings are read: whose they are is told by "
        "words and places alone"
    ]


def test_a_document_is_read_in_windows() -> None:
    """Once each: what stands around its figures, and their own paragraphs for whom they are of."""
    reader = Told(population="them")
    found = share(PAGE, reader)

    assert reader.asked == [PAGE, "Almost 61% were satisfied with the answer.", "Only 12% of them called again."]
    assert found.population == "them"
    assert {one.origin for one in found.origins if one.field == "population"} == {"sentence"}
    reader.chance = 0.5
    assert share(PAGE, reader).population is None


RIVALS = PAGE.replace("# How", "# Acme and how").replace("Nobody waits", "According to Acme, Nobody waits")


def test_reader_and_chooser_speak_together_of_a_document() -> None:
    """Whom both name is given; who is no candidate is not."""
    assert share(RIVALS, Told(source="Brezal Institute")).source == "Brezal Institute"
    assert share(RIVALS, Told(source="Nobody waits")).source != "Nobody waits"


def test_what_no_window_says_is_left_to_chooser_and_grammar() -> None:
    """As by a model that reads no figures."""
    long = PAGE.replace("Only 12% of them", "Only 12% of the members")

    assert share(long, Told()) == next(one for one in read_of(long) if one.raw == "12%")


def read_of(text: str) -> tuple[Statistic, ...]:
    prepared = prepare(SourceFile.of("note", text.encode(), TEXT, metadata=SourceMetadata.of("test")))
    return read_figures(prepared.document, prepared.passages)
