"""Source, study and year of a figure: from its sentence, its paragraph, or the one study a document is about.

The article's own publisher and authors are never taken for a source. What is not said stays null.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property

from ingest.figures.attribution import Attribution, read_attributions
from kb.document import Document, FieldOrigin

_ANAPHORA = re.compile(
    r"\b(?:(?:el|este|dicho|ese|del|al) (?:mismo )?(?:estudio|informe|reporte|sondeo|análisis|documento)|(?:la|esta|dicha) "
    r"(?:misma )?(?:encuesta|investigación)|encuestad[oa]s|los (?:resultados|datos|participantes|hallazgos)|"
    r"nuestr[oa]s? (?:investigación|estudio|encuesta|modelo|análisis)|líderes consultados|"
    r"(?:the|this|same|our) (?:same )?(?:study|survey|report|research|poll|analysis|findings|data|results)|respondents|"
    r"those surveyed|surveyed|participants)\b",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"^\W*(?:that[’']s|this is|these (?:are|figures|numbers)|así lo|esto es|estos datos|those (?:are|figures))", re.I
)
_IN_YEAR = re.compile(
    r"\b(?:in|during|en|durante|since|year|año|of|de|del|for)\s(?:el\s|late\s|early\s|20\d\d\sand\s)?((?:19[89]|20[0-4])\d)\b(?![-/.,]\d)",
    re.I,
)
_FUTURE = re.compile(r"\b(?:by|para|hacia|until|para el|for|antes de|before)\s(?:el\s)?$", re.I)
_DATED_URL = re.compile(r"https?://[^\s]{0,300}?/((?:19[89]|20[0-4])\d)[-/](?:0[1-9]|1[0-2])")
_YEAR = re.compile(r"\b((?:19[89]|20[0-4])\d)\b")
_LEAD_CHARS = 2500


@dataclass(frozen=True, slots=True)
class Provenance:
    """Source, study and year with where each was found."""

    source: str | None
    study: str | None
    year: int | None
    origins: tuple[FieldOrigin, ...]


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A sentence of the document: where it starts, its paragraph, its text and attributions."""

    start: int
    paragraph: int
    text: str
    attributions: tuple[Attribution, ...]


class ProvenanceReader:
    """Answers who measured a figure, for the sentences of one document (start offset and text, in order)."""

    def __init__(self, document: Document, sentences: list[tuple[int, str]]) -> None:
        self._document = document
        self._sentences = sentences
        self._starts = [start for start, _ in sentences]

    @cached_property
    def _ordinary(self) -> frozenset[str]:
        return frozenset(re.findall(r"(?<![^\W\d_])[a-záéíóúüñ]{2,}", self._document.text))

    @cached_property
    def _spoken(self) -> list[_Spoken]:
        text = self._document.text
        spoken: list[_Spoken] = []
        paragraph, last = 0, 0
        for start, sentence in self._sentences:
            paragraph += "\n" in text[last:start]
            last = start
            spoken.append(_Spoken(start, paragraph, sentence, tuple(self._attributions(sentence))))
        return spoken

    def _attributions(self, sentence: str) -> list[Attribution]:
        return read_attributions(sentence[:2000], self._ordinary)

    @cached_property
    def _main(self) -> tuple[Attribution, int] | None:
        """The one study the document is about, and where it is introduced; null when there are several or none."""
        strong = [(one, spoken.start) for spoken in self._spoken for one in spoken.attributions if one.strong]
        title = read_attributions(self._document.title, self._ordinary) if self._document.title else []
        leads = [(one, -1) for one in title] + [pair for pair in strong if pair[1] < _LEAD_CHARS]
        if not leads:
            return None
        counts = Counter(_key(one.source) for one, _ in strong)
        main, start = leads[0]
        own = sum(count for key, count in counts.items() if _same(key, _key(main.source)))
        anaphora = sum(1 for one in self._spoken if not one.attributions and _ANAPHORA.search(one.text))
        if own < 0.6 * sum(counts.values()) or own + anaphora < 2 or (anaphora < 1 and own < 3):
            return None
        return main, start

    def of(self, start: int, inside: int) -> Provenance:
        """The provenance of the figure at ``inside`` (characters into it) of the sentence that starts at ``start``."""
        index = bisect_right(self._starts, start) - 1
        spoken = self._spoken[index]
        found, origin = self._source_of(index, inside)
        year, year_origin = self._year_of(index, found, origin)
        origins = []
        if found is not None:
            origins.append(FieldOrigin("source", origin))
            if found.study:
                origins.append(FieldOrigin("study", origin))
        if year is not None:
            origins.append(FieldOrigin("year", year_origin))
        del spoken
        return Provenance(found.source if found else None, found.study if found else None, year, tuple(origins))

    def _source_of(self, index: int, inside: int) -> tuple[Attribution | None, str]:
        spoken = self._spoken[index]
        if spoken.attributions:
            before = [one for one in spoken.attributions if one.start <= inside]
            return (before[-1] if before else spoken.attributions[0]), "sentence"
        if index + 1 < len(self._spoken):
            after = self._spoken[index + 1]
            if after.attributions and after.paragraph == spoken.paragraph and _BACK.search(after.text):
                return after.attributions[0], "document: next sentence"
        for earlier in reversed(self._spoken[max(0, index - 6) : index]):
            if earlier.paragraph != spoken.paragraph:
                break
            if earlier.attributions:
                return earlier.attributions[-1], "document: previous sentence"
        if self._main is not None and self._main[1] <= spoken.start:
            return self._main[0], "document: main study" if self._main[1] >= 0 else "document: headline"
        return self._by_anaphora(index)

    def _by_anaphora(self, index: int) -> tuple[Attribution | None, str]:
        spoken = self._spoken[index]
        if not _ANAPHORA.search(spoken.text):
            return None, ""
        for earlier in reversed(self._spoken[max(0, index - 12) : index]):
            strong = [one for one in earlier.attributions if one.strong]
            if strong and spoken.paragraph - earlier.paragraph <= 3:
                return strong[-1], "document: previous paragraph"
        return None, ""

    def _year_of(self, index: int, found: Attribution | None, origin: str) -> tuple[int | None, str]:
        spoken = self._spoken[index]
        stated = _stated_year(spoken.text)
        if stated is not None:
            return stated, "sentence"
        if found is not None and found.year is not None:
            return found.year, origin
        if (index and found is None) or origin == "document: previous sentence":
            earlier = self._spoken[index - 1]
            if earlier.paragraph == spoken.paragraph and _stated_year(earlier.text) is not None:
                return _stated_year(earlier.text), "document: previous sentence"
        if self._main is not None and found is not None and _same(_key(found.source), _key(self._main[0].source)):
            return self._study_year(self._main)
        return None, ""

    def _study_year(self, main: tuple[Attribution, int]) -> tuple[int | None, str]:
        if main[0].year is not None:
            return main[0].year, "document: main study"
        if self._document.title and (match := _YEAR.search(self._document.title)):
            return int(match.group(1)), "document: headline"
        if self._document.year is not None:
            return self._document.year, "document: published"
        match = _DATED_URL.search(self._document.url or "") or _DATED_URL.search(self._document.text[:600])
        return (int(match.group(1)), "document: address") if match else (None, "")


def _stated_year(text: str) -> int | None:
    """The year the sentence gives its figures ("In 2014, …", "en 2021"); a future or a target ("by 2025") is none."""
    for match in _IN_YEAR.finditer(text):
        lead = match.group().lower()
        if lead.startswith(("for", "de ", "of ")) and not text[: match.start()].strip() == "":
            continue
        return int(match.group(1))
    return None


def _key(source: str) -> str:
    return " ".join(source.lower().split())


def _same(first: str, second: str) -> bool:
    """Whether two source names share a whole word that is no link."""
    words = {word for word in re.findall(r"\w+", first) if len(word) > 2}
    return bool(
        words & {word for word in re.findall(r"\w+", second) if len(word) > 2} - {"the", "and", "del", "los", "las"}
    )


def with_origin(provenance: Provenance, field: str, origin: str) -> Provenance:
    """The provenance with one more origin."""
    return replace(provenance, origins=(*provenance.origins, FieldOrigin(field, origin)))
