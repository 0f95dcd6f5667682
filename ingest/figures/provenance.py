"""Source, study and year of a figure: from its sentence, its paragraph, or the one study a document is about.

The article's own publisher and authors are never taken for a source. What is not said stays null.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice

from ingest.figures.attribution import STUDY_NOUNS, Attribution, Form, read_attributions
from ingest.figures.orgs import Name, find_names
from ingest.figures.scan import Token, tokenize
from ingest.figures.speakers import employer_of
from ingest.figures.strangers import stranger_of
from ingest.figures.years import published_year, stated_year
from kb.document import Document, FieldOrigin

_ANAPHORA = re.compile(
    r"\b(?:(?:el|este|dicho|ese|del|al) (?:mismo )?(?:estudio|informe|reporte|sondeo|análisis)|(?:la|esta|dicha) "
    r"(?:misma )?(?:encuesta|investigación)|encuestad[oa]s|los (?:resultados|participantes|hallazgos)|"
    r"nuestr[oa]s? (?:investigación|estudio|encuesta|modelo|análisis)|(?:líderes|personas|"
    r"empresas) (?:consultad|encuestad)[oa]s|"
    r"(?:the|this|same|our) (?:same )?(?:study|survey|report|research|poll|findings)|respondents|"
    r"those surveyed|(?:were|of those) surveyed|survey participants)\b",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"^\W*(?:that[’']s|this is|these (?:are|figures|numbers|findings)|así lo|esto es|estos? (?:datos?|"
    r"resultados|cifras)|"
    r"those (?:are|figures)|según|fuente|source)",
    re.I,
)
_CAPITALS = re.compile(r"[A-ZÁÉÍÓÚÑ][a-záéíóúñ]{1,20}(?: [A-ZÁÉÍÓÚÑ][a-záéíóúñ]{1,20}){2,7}")
_LEAD_CHARS = 1600
_HEADLINE_CHARS = 700
"""A study introduced this early also covers the headline before it."""
_WORDS = re.compile(r"\w+")
_NO_NAMES = frozenset(["the", "and", "del", "los", "las", "for", "group", "inc"])


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
    stranger: str | None = None
    """Whom it turns to when it names no source: another organisation, or the author's own."""

    @property
    def only_brackets(self) -> bool:
        """Whether it is nothing but a source in brackets."""
        return self.text[:1] in "([" and any(one.form is Form.BRACKET for one in self.attributions)


class ProvenanceReader:
    """Answers who measured a figure, for the sentences of one document (start offset and text, in order)."""

    def __init__(
        self, document: Document, sentences: list[tuple[int, str]], tokens: dict[int, list[Token]] | None = None
    ) -> None:
        self._tokens = tokens if tokens is not None else {}
        self._document = document
        self._sentences = sentences
        self._starts = [start for start, _ in sentences]
        self._known: dict[tuple[int, Attribution | None], Provenance] = {}

    @cached_property
    def _ordinary(self) -> frozenset[str]:
        return frozenset(re.findall(r"(?<![^\W\d_])[a-záéíóúüñ]{2,40}", self._document.text))

    @cached_property
    def _named(self) -> list[tuple[list[Token], list[Name]]]:
        """Each sentence's tokens and names."""
        named = []
        for start, sentence in self._sentences:
            tokens = self._tokens.get(start) or tokenize(sentence[:2000])
            named.append((tokens, find_names(tokens, sentence, self._ordinary)))
        return named

    @cached_property
    def _people(self) -> dict[str, str]:
        """Surnames of people to the organisation the document gives them."""
        people: dict[str, str] = {}
        for tokens, names in self._named:
            for name in names:
                employer = employer_of(tokens, name, names) if " " in name.text else None
                if employer is not None:
                    people.setdefault(name.text.split()[-1], employer)
        return people

    @cached_property
    def _expansions(self) -> dict[str, str]:
        """Abbreviations to the names in the document whose initials they are ("FSA": "Federal Student Aid")."""
        found: dict[str, str] = {}
        for match in _CAPITALS.finditer(self._document.text):
            words = match.group().split()
            for size in (3, 4, 5):
                for first in range(len(words) - size + 1):
                    part = words[first : first + size]
                    found.setdefault("".join(word[0] for word in part), " ".join(part))
        return found

    def _expanded(self, one: Attribution) -> Attribution:
        full = self._expansions.get(one.source) if one.source.isupper() and len(one.source) >= 3 else None
        return replace(one, source=f"{full} ({one.source})") if full else one

    @cached_property
    def _spoken(self) -> list[_Spoken]:
        return list(self._speak())

    def _speak(self) -> Iterator[_Spoken]:
        text, paragraph, last = self._document.text, 0, 0
        for (start, sentence), (tokens, names) in zip(self._sentences, self._named, strict=True):
            paragraph += "\n" in text[last:start]
            last = start
            found = read_attributions(sentence, self._ordinary, self._people, tokens, names)
            stranger = None if found else stranger_of(sentence, tokens, names)
            yield _Spoken(start, paragraph, sentence, tuple(self._expanded(one) for one in found), stranger)

    @cached_property
    def _main(self) -> _Main | None:
        """The one study the document is about; null when there are several or none."""
        strong = [(one, spoken.start) for spoken in self._spoken for one in spoken.attributions if one.strong]
        title = read_attributions(self._document.title, self._ordinary) if self._document.title else []
        leads = [(one, -1) for one in title if one.strong] + [pair for pair in strong if pair[1] < _LEAD_CHARS]
        if not leads:
            return None
        counts = Counter(one.source for one, _ in strong)
        main, start = leads[0]
        own = sum(count for source, count in counts.items() if same_name(source, main.source))
        if own < 0.6 * sum(counts.values()):
            return None
        pointing = (one for one in self._spoken if not one.attributions and _ANAPHORA.search(one.text))
        back = sum(1 for _ in islice(pointing, 2))
        if back < 1 and not (start < 0 or main.made):
            return None
        made = start < 0 or any(one.made and same_name(one.source, main.source) for one, _ in strong)
        return _Main(main, start, dated=back >= 2 or made)

    def of(self, start: int, inside: int) -> Provenance:
        """The provenance of the figure at ``inside`` (characters into it) of the sentence that starts at ``start``."""
        index = bisect_right(self._starts, start) - 1
        said = self._spoken[index].attributions
        chosen = _nearest(said, inside) if said else None
        if (index, chosen) not in self._known:
            self._known[index, chosen] = self._read(index, chosen)
        return self._known[index, chosen]

    def _read(self, index: int, chosen: Attribution | None) -> Provenance:
        found, origin = (chosen, "sentence") if chosen is not None else self._source_around(index)
        year, year_origin = self._year_of(index, found, origin)
        origins = []
        if found is not None:
            origins.append(FieldOrigin("source", origin))
            if found.study:
                origins.append(FieldOrigin("study", origin))
        if year is not None:
            origins.append(FieldOrigin("year", year_origin))
        return Provenance(found.source if found else None, found.study if found else None, year, tuple(origins))

    def _source_around(self, index: int) -> tuple[Attribution | None, str]:
        spoken = self._spoken[index]
        after = self._after(index)
        if after is not None:
            return after, "document: next sentence"
        strangers = [spoken.stranger] if spoken.stranger else []
        for earlier in reversed(self._spoken[max(0, index - 6) : index]):
            if earlier.paragraph != spoken.paragraph or earlier.only_brackets:
                break
            if earlier.attributions:
                last = earlier.attributions[-1]
                return (last, "document: previous sentence") if _of_one(strangers, last) else (None, "")
            strangers += [earlier.stranger] if earlier.stranger else []
        main = self._main
        if strangers and (main is None or not _of_one(strangers, main.attribution)):
            return None, ""
        if main is not None and (main.start <= spoken.start or main.start < _HEADLINE_CHARS):
            return main.attribution, "document: main study" if main.start >= 0 else "document: headline"
        return self._by_anaphora(index)

    def _after(self, index: int) -> Attribution | None:
        """The source that follows: "(Zendesk)" after a sentence or two, "That's according to Gartner"."""
        spoken = self._spoken[index]
        for later in self._spoken[index + 1 : index + 3]:
            if later.paragraph != spoken.paragraph:
                return None
            if later.only_brackets:
                return later.attributions[0]
            if later.attributions:
                return later.attributions[0] if _BACK.search(later.text) else None
        return None

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
        if found is not None and origin == "sentence" and found.year is not None:
            return found.year, origin
        stated = stated_year(spoken.text)
        if stated is not None:
            return stated, "sentence"
        if found is not None and found.year is not None:
            return found.year, origin
        earlier = self._spoken[index - 1] if index else None
        if earlier is not None and earlier.paragraph == spoken.paragraph and origin != "sentence":
            previous = stated_year(earlier.text)
            if previous is not None and _tells_study(earlier) and not _starts_anew(spoken.text):
                return previous, "document: previous sentence"
        main = self._main
        if main is not None and main.dated and found is not None and same_name(found.source, main.attribution.source):
            if main.attribution.year is not None:
                return main.attribution.year, "document: main study"
            return published_year(self._document)
        return None, ""


@dataclass(frozen=True, slots=True)
class _Main:
    """The study a document is about, where it is introduced (-1: headline), and whether its date is the document's."""

    attribution: Attribution
    start: int
    dated: bool


def _nearest(attributions: tuple[Attribution, ...], inside: int) -> Attribution:
    """The last attribution before the figure, else the first after it; a study before a mere speaker."""
    sure = [one for one in attributions if one.form is not Form.SPEAKER] or list(attributions)
    before = [one for one in sure if one.start <= inside]
    return before[-1] if before else sure[0]


def _of_one(strangers: list[str], one: Attribution) -> bool:
    """Whether all whom the sentences between turn to are that source itself."""
    return all(same_name(stranger, one.source) for stranger in strangers)


def _tells_study(spoken: _Spoken) -> bool:
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


def same_name(first: str, second: str) -> bool:
    """Whether two source names share a whole telling word ("Zendesk y ESG", "Enterprise Strategy Group (ESG)")."""
    mine = {word for word in _WORDS.findall(first.lower()) if len(word) > 2} - _NO_NAMES
    return bool(mine & ({word for word in _WORDS.findall(second.lower()) if len(word) > 2} - _NO_NAMES))
