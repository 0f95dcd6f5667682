"""What a question names, and whether a text has it: names, acronyms, places, years.

A place is the same in either language and as an adjective ("Chilean", "chilenos", "Chile"); an acronym is
the same as its long form in the glossary. Owns the matching; knows no scores.
"""

import json
import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from index.answers.question import QuestionReading
from index.search.glossary import Glossary
from index.search.lexical import folded, words_of
from kb.records.language import Language

# Names that say nothing about what is asked: every document of the field has them.
_EVERYWHERE = frozenset(
    ["cx", "cxm", "crm", "ai", "ia", "i", "customer", "experience", "cliente", "client", "experiencia"]
)

_ACRONYM = re.compile(r"[A-ZÁÉÍÓÚÑ]{3,6}")


@dataclass(frozen=True, slots=True)
class Anchor:
    """Something the question names: how it is written there, and every folded form that counts as it.

    ``parts`` are the forms of each of its words: a name that a text has word by word is met too.
    """

    written: str
    forms: tuple[str, ...]
    parts: tuple[tuple[str, ...], ...] = ()

    def stands_in(self, text: str) -> bool:
        """Whether a form stands in the folded ``text`` as whole words, in another number or gender, or spelt out."""
        if _any_form(self.forms, text) or (_ACRONYM.fullmatch(self.written) and _spelt_out(self.written).search(text)):
            return True
        return bool(self.parts) and all(_any_form(forms, text) for forms in self.parts)


def anchors_of(question: str, reading: QuestionReading, glossary: Glossary) -> tuple[Anchor, ...]:
    """The names, places and years of a question; general terms of the field are none."""
    places = _places_in(folded(question))
    taken = {word for place in places for form in place.forms for word in form.split()} | _EVERYWHERE
    names = [_anchor(name, taken, glossary) for name in reading.names]
    years = [Anchor(str(year), (str(year),)) for year in reading.years]
    return (*places, *(name for name in names if name), *years)


def _anchor(name: str, taken: Set[str], glossary: Glossary) -> Anchor | None:
    words = [word for word in name.split() if folded(word) not in taken]
    if not words:
        return None
    whole = name if len(words) == len(name.split()) else " ".join(words)
    parts = tuple(_forms(word, glossary) for word in words) if len(words) > 1 else ()
    return Anchor(whole, tuple(sorted({*_forms(name, glossary), *_forms(whole, glossary)})), parts)


def _any_form(forms: Sequence[str], text: str) -> bool:
    return any(re.search(_pattern(form), text) for form in forms)


@cache
def _pattern(form: str) -> str:
    """A form as whole words: "Experto" is met in "experts", an acronym only in its plural, a number only as it is."""
    if len(form) > 5 and form.isalpha():
        root = form.rstrip("s")
        root = root[:-1] if root[-1] in "aeo" else root
        return rf"(?<!\w){re.escape(root)}\w{{0,3}}(?!\w)"
    ending = 1 if form.isalpha() else 0
    return rf"(?<!\w){re.escape(form)}(?:['’]s|\w{{0,{ending}}})(?!\w)"


@cache
def _spelt_out(acronym: str) -> re.Pattern[str]:
    """The words that an acronym is the initials of, short ones between them passed over ("voice of the customer")."""
    words = [rf"{letter}\w*" for letter in folded(acronym)]
    return re.compile(r"(?<!\w)" + r"(?:\W+\w{1,3}){0,2}\W+".join(words))


def missing_from(anchors: Sequence[Anchor], *texts: str) -> tuple[str, ...]:
    """The anchors (as the question writes them) that stand in none of the texts."""
    return tuple(anchor.written for anchor in anchors if not any(anchor.stands_in(_kept(text)) for text in texts))


@lru_cache(maxsize=4096)
def _kept(text: str) -> str:
    """The folded text with one apostrophe, kept: the same documents are asked about in question after question."""
    return folded(text).replace("’", "'")


def _forms(name: str, glossary: Glossary) -> tuple[str, ...]:
    words = words_of(name)
    forms = {_kept(name), " ".join(words)}
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
