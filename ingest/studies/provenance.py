"""Source, study and period of a figure: from its sentence, its paragraph, or the one study a document is about.

The article's own publisher and authors are never taken for a source. What is not said stays null.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from ingest.studies.attribution import Attribution, Form
from ingest.studies.main_study import MainStudy, main_study
from ingest.studies.orgs import is_organisation, same_name
from ingest.studies.study_words import STUDY_NOUNS
from ingest.studies.tellings import Telling, Tellings
from ingest.studies.when.periods import (
    NamedPeriod,
    named_periods,
    period_of_figure,
    placed_at,
    publication_of,
    published_year,
    whole_year,
)
from kb.records.document import Document, FieldOrigin
from kb.records.statistic import Period
from kb.words.tokens import Token, tokenize

_BACK = re.compile(
    r"^\W*(?:that[’']s|this is|these (?:are|figures|numbers|findings)|así lo|esto es|est[eao]s? (?:datos?|"
    r"resultados|cifras)|"
    r"those (?:are|figures)|según|fuente|source)",
    re.I,
)
_HEADLINE_CHARS = 700
"""A study introduced this early also covers the headline before it."""
_REACH = 2
"""Paragraphs from where a study is spoken of to figures that are still its own."""
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Provenance:
    """Source, study and period with where each was found."""

    source: str | None
    study: str | None
    period: Period | None
    origins: tuple[FieldOrigin, ...]


class ProvenanceReader:
    """Answers who measured a figure, for the sentences of one document (start offset and text, in order)."""

    def __init__(
        self, document: Document, sentences: list[tuple[int, str]], tokens: dict[int, list[Token]] | None = None
    ) -> None:
        self._document = document
        self._tellings = Tellings(document, sentences, tokens if tokens is not None else {})
        self._starts = [start for start, _ in sentences]
        self._tokens = tokens if tokens is not None else {}
        self._published = publication_of(document)
        self._periods: dict[int, list[NamedPeriod]] = {}
        self._known: dict[tuple[int, Attribution | None, Period | None], Provenance] = {}

    @cached_property
    def _main(self) -> MainStudy | None:
        """The one study of a bare text; of documents whose publisher is known two in three of such studies were wrong
        (``kb evaluate attribution``), and there the trained choice decides (``attributing``)."""
        return main_study(self._document, self._tellings) if self._document.publisher is None else None

    def of(self, start: int, inside: int) -> Provenance:
        """The provenance of the figure at ``inside`` (characters into it) of the sentence that starts at ``start``."""
        index = bisect_right(self._starts, start) - 1
        said = self._tellings.sentences[index].attributions
        text = self._tellings.sentences[index].text
        chosen = _nearest(said, inside) if said else None
        if chosen is not None and ";" in text[inside : chosen.start]:
            chosen = None  # "44% do so here; a World Bank paper puts the region at 52%"
        stated = self._stated(index, inside)
        key = index, chosen, stated
        if key not in self._known:
            self._known[key] = self._read(index, chosen, stated)
        return self._known[key]

    def _periods_of(self, index: int) -> list[NamedPeriod]:
        if index not in self._periods:
            spoken = self._tellings.sentences[index]
            tokens = self._tokens.get(spoken.start) or tokenize(spoken.text[:2000])
            self._periods[index] = named_periods(spoken.text, tokens, self._published)
        return self._periods[index]

    def _stated(self, index: int, inside: int | None = None) -> Period | None:
        """The period that a sentence sets its figure in, with its span in the document."""
        spoken = self._tellings.sentences[index]
        one = period_of_figure(spoken.text, self._periods_of(index), inside)
        return None if one is None else placed_at(one.period, spoken.start)

    def _in_year(self, index: int, year: int) -> Period:
        """The year of a study, with its words where the sentence names it."""
        named = (one.period for one in self._periods_of(index) if one.period.year == year)
        period = next(named, whole_year(year))
        return placed_at(period, self._tellings.sentences[index].start)

    def _read(self, index: int, chosen: Attribution | None, stated: Period | None) -> Provenance:
        found, origin = (chosen, "sentence") if chosen is not None else self._source_around(index)
        period, period_origin = self._period_of(index, found, origin, stated)
        origins = []
        if found is not None:
            origins.append(FieldOrigin("source", origin))
            if found.study:
                origins.append(FieldOrigin("study", origin))
        if period is not None:
            origins += [FieldOrigin(field, period_origin) for field in ("period", "year")]
        return Provenance(found.source if found else None, found.study if found else None, period, tuple(origins))

    def _source_around(self, index: int) -> tuple[Attribution | None, str]:
        spoken = self._tellings.sentences[index]
        after = self._after(index)
        if after is not None:
            return after, "document: next sentence"
        strangers = [spoken.stranger] if spoken.stranger else []
        for earlier in reversed(self._tellings.sentences[max(0, index - 6) : index]):
            if earlier.paragraph != spoken.paragraph or earlier.only_brackets:
                break
            if earlier.attributions:
                last = earlier.attributions[-1]
                return (last, "document: previous sentence") if _of_one(strangers, last) else (None, "")
            strangers += [earlier.stranger] if earlier.stranger else []
        main = self._main
        if strangers and (main is None or not _of_one(strangers, main.attribution)):
            return None, ""
        if main is not None and self._covers(main, index):
            return main.attribution, "document: main study" if main.start >= 0 else "document: headline"
        found, origin = self._by_anaphora(index)
        return (found, origin) if found is not None else self._by_paragraph(index)

    def _covers(self, main: MainStudy, index: int) -> bool:
        """Whether the document's study reaches this sentence: news all of it, another where it is still spoken of."""
        spoken = self._tellings.sentences[index]
        if main.start > spoken.start:
            return main.start < _HEADLINE_CHARS
        first = main.attribution.source.split()[0]
        if first in spoken.text and first in _WORDS.findall(spoken.text) and not is_organisation(first):
            return True
        if main.whole or self._by_anaphora(index)[0] is not None or spoken.points_back:
            return True
        near = self._tellings.sentences[max(0, index - 24) : index]
        named = (one.attributions and same_name(one.attributions[-1].source, main.attribution.source) for one in near)
        told = [one.paragraph for one, mine in zip(near, named, strict=True) if mine or one.points_back]
        return bool(told) and spoken.paragraph - told[-1] <= _REACH

    def _after(self, index: int) -> Attribution | None:
        """The source that follows: "(Zendesk)" after a sentence or two, "That's according to Gartner"."""
        spoken = self._tellings.sentences[index]
        for later in self._tellings.sentences[index + 1 : index + 3]:
            if later.paragraph != spoken.paragraph:
                return None
            if later.only_brackets:
                return later.attributions[0]
            if later.attributions:
                return later.attributions[0] if _BACK.search(later.text) else None
        return None

    def _by_paragraph(self, index: int) -> tuple[Attribution | None, str]:
        """The study that an earlier sentence of the paragraph points back to: "The report blames … 31% of them"."""
        for place in range(index - 1, max(-1, index - 4), -1):
            earlier = self._tellings.sentences[place]
            if earlier.paragraph != self._tellings.sentences[index].paragraph or earlier.attributions:
                break
            if earlier.points_back:
                return self._by_anaphora(place)
        return None, ""

    def _by_anaphora(self, index: int) -> tuple[Attribution | None, str]:
        spoken = self._tellings.sentences[index]
        if not spoken.points_back:
            return None, ""
        for earlier in reversed(self._tellings.sentences[max(0, index - 12) : index]):
            strong = [one for one in earlier.attributions if one.strong]
            if strong and spoken.paragraph - earlier.paragraph <= 3:
                return strong[-1], "document: previous paragraph"
        return None, ""

    def _period_of(
        self, index: int, found: Attribution | None, origin: str, stated: Period | None
    ) -> tuple[Period | None, str]:
        spoken = self._tellings.sentences[index]
        if stated is not None and not (stated.target and found is not None and found.year is not None):
            return stated, "sentence"
        if found is not None and origin == "sentence" and found.year is not None:
            return self._in_year(index, found.year), origin
        if found is not None and found.year is not None:
            return whole_year(found.year), origin
        earlier = self._tellings.sentences[index - 1] if index else None
        if earlier is not None and earlier.paragraph == spoken.paragraph and origin != "sentence":
            previous = self._stated(index - 1)
            if previous is not None and _tells_study(earlier) and not _starts_anew(spoken.text):
                return previous, "document: previous sentence"
        main = self._main
        if main is not None and main.dated and found is not None and same_name(found.source, main.attribution.source):
            if main.attribution.year is not None:
                return whole_year(main.attribution.year), "document: main study"
            year, place = published_year(self._document)
            return (None if year is None else whole_year(year)), place
        return None, ""


def _nearest(attributions: tuple[Attribution, ...], inside: int) -> Attribution:
    """The last attribution before the figure, else the first after it; a study before a mere speaker."""
    sure = [one for one in attributions if one.form is not Form.SPEAKER] or list(attributions)
    before = [one for one in sure if one.start <= inside]
    return before[-1] if before else sure[0]


def _of_one(strangers: list[str], one: Attribution) -> bool:
    """Whether all whom the sentences between turn to are that source itself."""
    return all(same_name(stranger, one.source) for stranger in strangers)


def _tells_study(spoken: Telling) -> bool:
    """Whether a sentence speaks of a study, so that its year is that of what follows."""
    return bool(spoken.attributions) or not STUDY_NOUNS.isdisjoint(_WORDS.findall(spoken.text.lower()))


_ANEW = re.compile(
    r"^\W*(?:on the (?:final|last|first)|in (?:january|february|march|april|may|june))|"
    r"\b(?:hoy|today|nowadays|now|currently|actualmente|ahora)\b",
    re.IGNORECASE,
)


def _starts_anew(text: str) -> bool:
    """Whether the sentence tells of another time than the one before: today, or a month or week of its own."""
    return _ANEW.search(text) is not None
