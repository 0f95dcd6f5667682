"""Who measured a figure, when, and how many were asked, chosen from the whole document by the trained chooser.

What the grammar of the sentences gives is one of its features: it is kept where nothing else is sure and the chooser
does not find it unlikely. A choice below its threshold is null. Each field given says where it stands. Of a short text
the bundled encoder also reads of whom a figure is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from ingest.studies.candidates import Candidate, Mention, organisations, telling
from ingest.studies.choosing.chooser import AGAIN, SHORT, chances_of, shipped
from ingest.studies.choosing.mentions import last_up_to, next_after
from ingest.studies.choosing.places import FigureStanding, Places
from ingest.studies.choosing.wording import SignWeights, known
from ingest.studies.discourse import Discourse, where_found
from ingest.studies.figure_windows import SIZE, windows
from ingest.studies.offered import periods, sizes
from ingest.studies.populations import phrase_at
from kb.records.document import FieldOrigin, Span
from kb.records.messages import say
from kb.records.ports import FigureWordReader, FigureWords, FloatArray
from kb.records.statistic import Period, Statistic

CANDIDATES: dict[str, Callable[[Discourse], list[Candidate]]] = {
    "source": organisations,
    "period": periods,
    "sample_size": sizes,
}
READ = ("source", "population", "sample_size")
"""What the reader of short texts says better than the chooser and the grammar; of periods the chooser says more."""
_READERS_SHARE = 0.4
"""The reader's part in the chance of a source or sample size of a document, the rest is the chooser's: each alone is
less often right where it is sure than both together."""
_WINDOWS_SHARE = 0.23
"""Of the chance of whom a figure of a document is: the window's part where it says the same as the figure's paragraph
by itself, the rest is the paragraph's."""
_SURE = {"source": 0.55, "sample_size": 0.6, "population": 0.77}
"""The chance from which they are given of a document. Of hands not learned from no more sources are wrong than by the
chooser alone."""
_WORD = re.compile(r"\w+")
_ORIGINS = ("sentence", "document: next sentence", "document: previous sentence", "document: previous paragraph")
_TOGETHER = {
    "source": ("source", "study"),
    "period": ("period", "year"),
    "sample_size": ("sample_size",),
    "population": ("population",),
}
COLUMN = "document: heading of the column"
"""Where the year of a table's column is found; no other is chosen for its figures."""
MAX_PAIRS = 40_000
"""Figures times candidates, and mentions in the line of each figure, weighed in a document; a directory of names has
more, keeps its nulls and says so. The most take about 6 s."""

MOST_READ = 1_000
"""Figures of a document that is read in windows, some 30 s of a processor then; of one with more the chooser and the
grammar alone say whose they are."""
FEWEST_LINES = 6
"""Title, headings and sentences of a document; what has fewer is a short text, whose choice is its own. Nine in ten of
the documents learned from have more, and nearly none of the paragraphs."""
_UNLIKELY = 0.1
"""Below this probability what the grammar gave is dropped. At half of it a fiftieth more of the figures of
``attribution_fresh_unseen`` (es) had a wrong source; at twice, .05 and .11 fewer of the real articles a right one. None
kept gives more right and fewer wrong sources of texts that were written to learn from, and loses most of real ones."""


def attributed(
    statistics: Sequence[Statistic], discourse: Discourse, embedder: Callable[[], object] | None = None
) -> tuple[list[Statistic], tuple[str, ...]]:
    """The statistics with the source, period and sample size that the chooser is sure of, null where it is sure of
    none, and a note for each field that was left as the grammar read it where the document names too many (MAX_PAIRS).

    A text of fewer than FEWEST_LINES has a choice of its own; what an ``embedder`` that reads figures is sure of in
    it goes before. Of a longer one it reads windows: the chooser is as sure as both together, and of whom a figure is
    the reader says where it is sure.
    """
    if not statistics:
        return list(statistics), ()
    notes: list[str] = []
    places, done = Places(discourse), list(statistics)
    figures = [FigureStanding.of(one, discourse) for one in statistics]
    document, short = discourse.document, len(discourse.lines) < FEWEST_LINES
    looks, size = shipped(), SHORT if short else ""
    reader = embedder() if embedder is not None else None
    read: Sequence[Mapping[str, FigureWords] | None] = [None] * len(figures)
    if isinstance(reader, FigureWordReader):
        spans = tuple(one.span for one in statistics)
        whole = reader.figure_words([(document.text, spans)])[0] if short else None
        if short:
            read = whole or read
        elif len(spans) > MOST_READ:
            notes.append(say("too_many_figures_to_read", figures=len(spans), most=MOST_READ))
        else:
            read = _by_windows(reader, discourse, spans)
    alone = short and read[0] is not None and document.title is None and document.publisher is None
    for field in CANDIDATES:
        if alone and field in READ:
            continue
        candidates = CANDIDATES[field](discourse)
        if not candidates:
            continue
        if pairs_of(figures, candidates) > MAX_PAIRS:
            notes.append(_left_open(field, figures, candidates))
            continue
        weights = known()[field]
        rows = np.vstack([
            np.array(weighed(field, one, figure, places, candidates, weights), dtype=np.float32)
            for one, figure in zip(statistics, figures, strict=True)
        ])  # fmt: skip
        again = looks[size + AGAIN + field]
        odds = chances_of(looks[size + field], again, rows, len(candidates))
        for number, (mine, told) in enumerate(zip(odds, read, strict=True)):
            if FieldOrigin(field, COLUMN) in done[number].origins or _is_a_sample(field, done[number]):
                continue
            words = None if short or told is None or field not in READ else told.get(field)
            said = None if words is None else _said(field, words, discourse)
            chances = mine if said is None else _with_reader(mine, candidates, *said)
            best = int(chances.argmax())
            if chances[best] >= (again.threshold if said is None else _SURE[field]):
                done[number] = _given(done[number], field, candidates[best], discourse, figures[number])
            elif not _is_likely(getattr(statistics[number], field), candidates, mine):
                done[number] = _without(done[number], field)
    done = [
        one if words is None else _as_read(one, figure, words, discourse, short, alone)
        for one, figure, words in zip(done, figures, read, strict=True)
    ]
    return done, tuple(notes)


def _by_windows(
    reader: FigureWordReader, discourse: Discourse, figures: Sequence[Span]
) -> list[Mapping[str, FigureWords]]:
    """Of each figure what is read in a window of the document, with spans of its text; of whom it is in its own
    paragraph, where that is read best, surer where the window says the same."""
    text, sentences = discourse.document.text, [line.start for line in discourse.lines]
    found: list[dict[str, FigureWords]] = [{} for _ in figures]
    for size in (SIZE, 0):
        made = windows(discourse.document, sentences, figures, size)
        asked = [(one.text(text), tuple(one.of(figures[number]) for number in one.figures)) for one in made]
        for window, told in zip(made, reader.figure_words(asked), strict=True):
            for number, words in zip(window.figures, told or [{}] * len(window.figures), strict=True):
                placed = {field: window.back(one.span, text) for field, one in words.items()}
                mine = {field: replace(words[field], span=span) for field, span in placed.items() if span is not None}
                found[number] = mine if size else _with_paragraph(found[number], mine, text)
    return list(found)


def _with_paragraph(
    around: Mapping[str, FigureWords], own: Mapping[str, FigureWords], text: str
) -> dict[str, FigureWords]:
    """What is read in a window with the population that is read in the paragraph, as sure as both are of it."""
    first, second = own.get("population"), around.get("population")
    kept = {field: words for field, words in around.items() if field != "population"}
    if first is None:
        return kept
    words, others = (set(_WORD.findall("" if one is None else one.span.cut(text).lower())) for one in (first, second))
    agree = 2 * len(words & others) >= max(len(words), len(others))
    chance = _WINDOWS_SHARE * second.chance if second is not None and agree else 0.0
    return kept | {"population": replace(first, chance=(1 - _WINDOWS_SHARE) * first.chance + chance)}


def _with_reader(odds: FloatArray, candidates: Sequence[Candidate], said: Candidate, chance: float) -> FloatArray:
    """The chances of candidates where the reader of windows has its share in them."""
    agrees = np.array([_is(said.value, one.value) for one in candidates], np.float32)
    return (1 - _READERS_SHARE) * odds + _READERS_SHARE * chance * agrees


def _said(field: str, words: FigureWords, discourse: Discourse) -> tuple[Candidate, float] | None:
    """What words of the text say, where they stand and the chance that they do; null where that is nothing."""
    text, span = discourse.document.text, words.span
    said = " ".join(span.cut(text).split())
    line = discourse.index_of(span.start)
    at = span.start - discourse.lines[line].start
    value: str | int | None = said
    if field == "sample_size":
        value = int(re.sub(r"\D", "", said) or 0)
    elif field == "population":
        value = phrase_at(text, span)
    return (Candidate(value, (Mention(line, at, at + len(said)),), ()), words.chance) if value else None


def _as_read(
    statistic: Statistic,
    figure: FigureStanding,
    words: Mapping[str, FigureWords],
    discourse: Discourse,
    short: bool,
    alone: bool,
) -> Statistic:
    """The statistic with what these words of the text are: in a ``short`` one whose it is, of whom, of how many, in a
    document of whom alone. Where they speak ``alone`` a field without words is null."""
    for field in READ if short else ("population",):
        told = words.get(field)
        if _is_a_sample(field, statistic):
            continue
        if told is None or not (told.sure if short else told.chance >= _SURE[field]):
            statistic = _without(statistic, field) if alone and field != "population" else statistic
            continue
        said = _said(field, told, discourse)
        if said is not None:
            statistic = _given(statistic, field, said[0], discourse, figure)
    return statistic


def _is_a_sample(field: str, statistic: Statistic) -> bool:
    """Whether the figure itself is what the grammar gave as how many were asked: no judged figure is one."""
    return field == "sample_size" and statistic.value is not None and statistic.sample_size == statistic.value


def pairs_of(figures: Sequence[FigureStanding], candidates: Sequence[Candidate]) -> int:
    """How much there is to weigh: each figure with each candidate, and with each mention in its line."""
    told = Counter(mention.line for one in candidates for mention in one.mentions)
    return len(figures) * len(candidates) + sum(told[figure.line] for figure in figures)


def _left_open(field: str, figures: Sequence[FigureStanding], candidates: Sequence[Candidate]) -> str:
    places, count = sum(len(one.mentions) for one in candidates), len(candidates)
    return say("too_many_names_to_choose_from", field=field, figures=len(figures), count=count, places=places)


def weighed(
    field: str,
    statistic: Statistic,
    figure: FigureStanding,
    places: Places,
    candidates: Sequence[Candidate],
    weights: SignWeights,
) -> list[list[float]]:
    """A row of features a candidate: the figure's, the pair's, and whether the grammar of the sentences gave it;
    ``weights`` are those of the signs around a mention."""
    given = getattr(statistic, field)
    origin = next((one.origin for one in statistic.origins if one.field == field), "")
    told = [float(given is not None), float(_ORIGINS.index(origin)) if origin in _ORIGINS else -1.0]
    own = [*places.figure(figure), *told]
    pairs = places.pairs(figure, candidates, weights)
    return [[*own, *pair, float(_is(given, one.value))] for pair, one in zip(pairs, candidates, strict=True)]


def _is(given: str | int | Period | None, value: str | int | Period) -> bool:
    """Whether a candidate is what the grammar gave: the same stretch of time or number, or a name within the other."""
    if isinstance(given, Period) and isinstance(value, Period):
        return (given.start, given.end) == (value.start, value.end)
    if not isinstance(given, str) or not isinstance(value, str):
        return given == value
    mine, theirs = telling(given), telling(value)
    return bool(mine) and bool(theirs) and (mine <= theirs or theirs <= mine)


def _is_likely(given: str | int | Period | None, candidates: Sequence[Candidate], odds: FloatArray) -> bool:
    """Whether what the grammar gave is no unlikely one of the candidates."""
    return any(_is(given, one.value) and chance >= _UNLIKELY for one, chance in zip(candidates, odds, strict=True))


def _given(
    statistic: Statistic, field: str, choice: Candidate, discourse: Discourse, figure: FigureStanding
) -> Statistic:
    """The statistic with this choice for a field and where it was found; of an organisation also its study, of a period
    its year."""
    if field != "population" and _is(getattr(statistic, field), choice.value):
        return statistic
    bare, together = _without(statistic, field), _TOGETHER[field]
    made = together[:1] if field == "source" and choice.study is None else together
    where = _where(choice, discourse, figure)
    origins = (*bare.origins, *(FieldOrigin(one, where) for one in made))
    if isinstance(choice.value, Period):
        return replace(bare, period=choice.value, year=choice.value.year, origins=origins)
    if isinstance(choice.value, int):
        return replace(bare, sample_size=choice.value, origins=origins)
    if field == "population":
        return replace(bare, population=choice.value, origins=origins)
    return replace(bare, source=choice.value, study=choice.study, origins=origins)


def _without(statistic: Statistic, field: str) -> Statistic:
    """The statistic without a field and what goes with it: a source's study, a period's year."""
    dropped = _TOGETHER[field]
    origins = tuple(one for one in statistic.origins if one.field not in dropped)
    bare = replace(statistic, origins=origins)
    if field == "source":
        return replace(bare, source=None, study=None)
    if field == "population":
        return replace(bare, population=None)
    return replace(bare, period=None, year=None) if field == "period" else replace(bare, sample_size=None)


def _where(choice: Candidate, discourse: Discourse, figure: FigureStanding) -> str:
    """In words of the record: the sentence, an earlier or later one, the headline, a note, or the document's data."""
    near = (last_up_to(choice.mentions, figure.line), next_after(choice.mentions, figure.line))
    lines = [one.line for one in near if one is not None]
    if not lines:
        return "document: metadata"
    return where_found(discourse, figure.line, min(lines, key=lambda line: (abs(line - figure.line), line)))
