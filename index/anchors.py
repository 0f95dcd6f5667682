"""What a question names, and whether a text has it: names, acronyms, places, years.

A place is the same in either language and as an adjective ("Chilean", "chilenos", "Chile"); an acronym is
the same as its long form in the glossary. Owns the matching; knows no scores.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from index.glossary import Glossary
from index.lexical import folded, words_of
from kb.language import Language
from kb.question import QuestionReading

# Names that say nothing about what is asked: every document of the field has them.
_EVERYWHERE = frozenset(
    ["cx", "cxm", "crm", "ai", "ia", "i", "customer", "experience", "cliente", "client", "experiencia"]
)


@dataclass(frozen=True, slots=True)
class Anchor:
    """Something the question names: how it is written there, and every folded form that counts as it."""

    written: str
    forms: tuple[str, ...]

    def stands_in(self, text: str) -> bool:
        """Whether one of the forms stands in the folded ``text`` as whole words, or in the plural or feminine."""
        return any(
            re.search(rf"(?<!\w){re.escape(form)}(?:['’]s|\w{{0,{_ending(form)}}})(?!\w)", text) for form in self.forms
        )


def anchors_of(question: str, reading: QuestionReading, glossary: Glossary) -> tuple[Anchor, ...]:
    """The names, places and years of a question; general terms of the field are none."""
    places = _places_in(folded(question))
    taken = {word for place in places for form in place.forms for word in form.split()}
    names = [
        Anchor(name, _forms(name, glossary))
        for name in reading.names
        if folded(name) not in _EVERYWHERE and folded(name) not in taken
    ]
    years = [Anchor(str(year), (str(year),)) for year in reading.years]
    return (*places, *names, *years)


def _ending(form: str) -> int:
    """How many letters a form may grow by: "Expert" is met in "expertos", an acronym only in its plural."""
    return 2 if len(form) > 4 and form.isalpha() else 1 if form.isalpha() else 0


def missing_from(anchors: Sequence[Anchor], *texts: str) -> tuple[str, ...]:
    """The anchors (as the question writes them) that stand in none of the texts."""
    joined = folded("\n".join(texts))
    return tuple(anchor.written for anchor in anchors if not anchor.stands_in(joined))


def _forms(name: str, glossary: Glossary) -> tuple[str, ...]:
    words = words_of(name)
    forms = {folded(name), " ".join(words)}
    for language in (Language.ES, Language.EN):
        equivalents = glossary.equivalents(words, language)
        forms |= {" ".join(equivalent.meant) for equivalent in equivalents}
    return tuple(sorted(forms))


def _places_in(text: str) -> list[Anchor]:
    """The places a folded question names, longest first: what "Latin American" covers is not American too."""
    found = []
    by_length = sorted(((form, row) for row in _places() for form in row), key=lambda pair: (-len(pair[0]), pair[0]))
    for form, row in by_length:
        pattern = rf"(?<!\w){re.escape(form)}(?!\w)"
        if re.search(pattern, text):
            found.append(Anchor(form, row))
            text = re.sub(pattern, " ", text)
    return found


@cache
def _places() -> tuple[tuple[str, ...], ...]:
    data = resources.files("index").joinpath("data/places.json").read_text(encoding="utf-8")
    return tuple(tuple(folded(form) for form in row) for row in json.loads(data))
