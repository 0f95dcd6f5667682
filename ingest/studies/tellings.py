"""The sentences of a document with whom each of them names: its sources, or a stranger that it turns to.

Knows the people and the abbreviations that the document explains elsewhere. Carries nothing from sentence to sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from ingest.studies.attribution import Attribution, Form, read_attributions
from ingest.studies.orgs import Name, find_names, is_organisation
from ingest.studies.speakers import employer_of
from kb.records.document import Document
from kb.words.lexicon import words_of
from kb.words.tokens import Token, lower_at, tokenize

OWN = "own voice"
"""The stranger of a sentence about the author's own firm."""

_OWN = re.compile(
    r"^.{0,24}\b(?:(?:our|my)(?: own)? (?:company|firm|business|clients?|customers?|teams?|agents?|staff)|"
    r"(?:nuestr[oa]s?|mis?)(?: propi[oa]s?)? (?:empresa|compañía|clientes?|equipos?|agentes|centro|negocio))\b",
    re.IGNORECASE,
)
# What an organisation does; what a brand scores in somebody's study ("USAA scored 81 %") is not here.
_DOES = words_of("stranger_does")
_BEFORE = words_of("stranger_before")
_SEGMENTS = words_of("stranger_segments")
_PARTS = (("for", "its"), ("on", "the"), ("por", "su"), ("en", "cambio"), ("in", "turn"), ("meanwhile",), ("however",))
_NETWORKS = words_of("stranger_networks")
_ANAPHORA = re.compile(
    r"\b(?:(?:el|este|dicho|ese|del|al) (?:mismo )?(?:estudio|informe|reporte|sondeo|análisis)|(?:la|esta|dicha) "
    r"(?:misma )?(?:encuesta|investigación)|encuestad[oa]s|los (?:resultados|participantes|hallazgos)|"
    r"nuestr[oa]s? (?:investigación|estudio|encuesta|modelo|análisis)|(?:líderes|personas|"
    r"empresas) (?:consultad|encuestad)[oa]s|"
    r"(?:the|this|same|our) (?:same )?(?:study|survey|report|research|poll|findings)|respondents|"
    r"the (?:firm|consultancy|institute|agency|researchers|authors|pollster|group) (?:also )?(?:polled|surveyed|"
    r"interviewed|asked|found|examined|analy[sz]ed|estimates?|expects?|concludes?|says?)|"
    r"(?:la|el|los) (?:firma|consultora|instituto|agencia|autores|investigadores|encuestadora) (?:también )?(?:"
    r"encuestó|entrevistó|preguntó|halló|analizó|analizaron|hallaron|calculan?|estiman?|prevén?|concluyen?|señalan?|afirman?)|"
    r"those surveyed|(?:were|of those) surveyed|survey participants)\b",
    re.IGNORECASE,
)
# Without one of these the pattern cannot match, and looking for them is quick.
_HINTS = (
    "estudio", "informe", "report", "sondeo", "análisis", "encuest", "investiga", "resultados", "participant",
    "hallazgos", "nuestro", "nuestra", "consult", "study", "survey", "research", "poll", "findings", "respondents",
    "the firm", "firma", "institut", "agenc", "author", "autores", "the group",
)  # fmt: skip
_FIRST = re.compile(r"[^\W\d_]+")
_CAPITALS = re.compile(r"[A-ZÁÉÍÓÚÑ][a-záéíóúñ]{1,20}(?: [A-ZÁÉÍÓÚÑ][a-záéíóúñ]{1,20}){2,7}")


@dataclass(frozen=True, slots=True)
class Telling:
    """A sentence of the document: where it starts, its paragraph, its text and attributions."""

    start: int
    paragraph: int
    text: str
    attributions: tuple[Attribution, ...]
    stranger: str | None = None
    """Whom it turns to when it names no source: another organisation, or the author's own."""

    @property
    def points_back(self) -> bool:
        """Whether it speaks of a study as one already named ("el estudio", "respondents")."""
        lower = self.text.lower()
        return any(hint in lower for hint in _HINTS) and _ANAPHORA.search(lower) is not None

    @property
    def only_brackets(self) -> bool:
        """Whether it is nothing but a source in brackets."""
        return self.text[:1] in "([" and any(one.form is Form.BRACKET for one in self.attributions)


def _is_nameless(sentence: str, ordinary: frozenset[str]) -> bool:
    """Whether no capital stands in a sentence but that of an ordinary first word: then it is not worth its tokens."""
    rest = sentence[1:]
    if rest != rest.lower():
        return False
    first = _FIRST.match(sentence)
    return first is not None and first[0].lower() in ordinary


class Tellings:
    """The sentences of one document (start offset and text, in order); their tokens where they are known."""

    def __init__(self, document: Document, sentences: list[tuple[int, str]], tokens: dict[int, list[Token]]) -> None:
        self._document = document
        self._texts = sentences
        self._tokens = tokens

    @cached_property
    def ordinary(self) -> frozenset[str]:
        """The words that the document also writes in lower case."""
        return frozenset(re.findall(r"(?<![^\W\d_])[a-záéíóúüñ]{2,40}", self._document.text))

    @cached_property
    def _named(self) -> list[tuple[list[Token], list[Name]]]:
        """Each sentence's tokens and names."""
        named: list[tuple[list[Token], list[Name]]] = []
        for start, sentence in self._texts:
            if start not in self._tokens and _is_nameless(sentence, self.ordinary):
                named.append(([], []))
                continue
            tokens = self._tokens.get(start) or tokenize(sentence[:2000])
            named.append((tokens, find_names(tokens, sentence, self.ordinary)))
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
    def _surnames(self) -> frozenset[str]:
        """The last words of names of two or three words, of which many are people's."""
        several = (name.text.split() for _, names in self._named for name in names if name.text.count(" ") in (1, 2))
        return frozenset(words[-1] for words in several if not is_organisation(" ".join(words)))

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
    def sentences(self) -> list[Telling]:
        """The sentences in order."""
        return list(self._speak())

    def _speak(self) -> Iterator[Telling]:
        text, paragraph, last = self._document.text, 0, 0
        for (start, sentence), (tokens, names) in zip(self._texts, self._named, strict=True):
            paragraph += "\n" in text[last:start]
            last = start
            found = read_attributions(sentence, self.ordinary, self._people, tokens, names, self._surnames)
            stranger = None if found else _stranger_of(sentence, tokens, names)
            yield Telling(start, paragraph, sentence, tuple(self._expanded(one) for one in found), stranger)


def _stranger_of(text: str, tokens: list[Token], names: list[Name]) -> str | None:
    """The organisation that the sentence is about, ``OWN`` for the author's own, or null when it names none."""
    if _OWN.search(text[:120]):
        return OWN
    if tokens and tokens[0].lower in _NETWORKS and lower_at(tokens, 1) in _DOES:
        return tokens[0].text
    first = names[0] if names else None
    if first is None or first.first > 7 or _SEGMENTS.intersection(first.text.lower().split()):
        return None
    before = [token.lower for token in tokens[: first.first]]
    if before == ["at"]:
        return first.text
    return first.text if set(before) <= _BEFORE and _acts(tokens, first.stop) else None


def _acts(tokens: list[Token], place: int) -> bool:
    """Whether the name's own verb follows, past "for its part," and "lo"."""
    if lower_at(tokens, place) == ",":
        after = (lower_at(tokens, place + 1), lower_at(tokens, place + 2))
        return any(after[: len(part)] == part for part in _PARTS)
    if lower_at(tokens, place) in ("lo", "la", "also", "también", "ya", "now"):
        place += 1
    return lower_at(tokens, place) in _DOES
