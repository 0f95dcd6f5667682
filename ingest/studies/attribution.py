"""Who is said to have measured, in one sentence: names beside study nouns, "según", "found that", in brackets.

Gives attributions with the study's year where it stands beside the name. What a document as a
whole says is put together elsewhere (``provenance``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from ingest.studies.finding_forms import finds, in_brackets, is_owned, is_population, is_quoted, is_title, puts_figure
from ingest.studies.orgs import Name, expansion, find_names
from ingest.studies.speakers import employer_of, is_role, speaks
from ingest.studies.study_forms import (
    after_sign,
    before_study,
    is_subject,
    led,
    maker_of,
    makes_study,
    of_study,
    owned_title,
    sponsors_study,
    study_title,
    verb_after,
    year_beside,
)
from ingest.studies.study_words import FOUND, MADE, MAKES
from ingest.studies.when.periods import tells_future
from kb.words.tokens import Token, lower_at, tokenize


class Form(Enum):
    """How a sentence names its source, the surest first."""

    STUDY = "study"
    FINDING = "finding"
    BRACKET = "bracket"
    SPEAKER = "speaker"


@dataclass(frozen=True, slots=True)
class Attribution:
    """A source named in a sentence, at character ``start``; ``made`` when the sentence introduces its study."""

    source: str
    study: str | None
    year: int | None
    form: Form
    start: int
    made: bool = False
    printer: bool = False
    """Whether only its name says that it studies ("… Research", "… Review"): then no document is about its study."""

    @property
    def strong(self) -> bool:
        """Whether a study noun or "según" stands with the name."""
        return self.form is Form.STUDY


def read_attributions(
    text: str,
    ordinary: frozenset[str],
    people: dict[str, str] | None = None,
    tokens: list[Token] | None = None,
    names: list[Name] | None = None,
    surnames: frozenset[str] = frozenset(),
) -> list[Attribution]:
    """The attributions of one sentence in order of place; several names of one study are one, joined with " / ".

    ``people`` maps surnames to the organisations that the document gave them; a single name among ``surnames`` that
    only says something is a person.
    """
    tokens = tokenize(text) if tokens is None else tokens
    names = find_names(tokens, text, ordinary) if names is None else names
    if not names:
        return []
    found: list[Attribution] = []
    covered, future = -1, tells_future(text)
    for place, name in enumerate(names):
        one = _attribution(tokens, name, names, people or {}, future) if name.first > covered else None
        if one is None or (one.source in surnames and one.form is Form.FINDING and is_quoted(tokens, name)):
            continue
        found.append(one)
        maker = maker_of(tokens, name, names)
        covered = max(covered, maker.stop - 1 if maker else _covered(tokens, name, names[place + 1 : place + 2]))
    return _joined(found, tokens)


def _attribution(
    tokens: list[Token], name: Name, names: list[Name], people: dict[str, str], future: bool
) -> Attribution | None:
    form = _form(tokens, name)
    employer = employer_of(tokens, name, names) or people.get(name.text.split()[-1])
    if form is None and employer is not None and (speaks(tokens, name) or name.text.split()[-1] in people):
        form = Form.SPEAKER
    if form is None:
        return None
    maker = maker_of(tokens, name, names) if employer is None else None
    if maker is not None:
        year = name.year or year_beside(tokens, name, future)
        return Attribution(maker.text, name.text, year, Form.STUDY, tokens[name.first].start, True)
    short = expansion(tokens, name)
    source = employer or (f"{name.text} ({short})" if short else name.text)
    made = name.study or makes_study(tokens, name)
    title = owned_title(tokens, name, names)
    study = name.text if name.study else study_title(tokens, name, names) or (title.text if made and title else None)
    year = name.year or year_beside(tokens, name, future)
    if year is None and title is not None:
        year = title.year or year_beside(tokens, title, future)
    printer = name.studies and not (made or led(tokens, name) or of_study(tokens, name))
    return Attribution(source, study, year, form, tokens[name.first].start, made, printer)


def _form(tokens: list[Token], name: Name) -> Form | None:
    if is_owned(tokens, name) or is_population(tokens, name) or is_role(name):
        return None
    if is_title(tokens, name):
        return None
    if led(tokens, name) or of_study(tokens, name) or before_study(tokens, name) or makes_study(tokens, name):
        return Form.STUDY
    if sponsors_study(tokens, name):
        return Form.STUDY
    if finds(tokens, name) and not is_subject(tokens, name):
        return Form.FINDING
    if lower_at(tokens, name.first - 1) in FOUND and lower_at(tokens, name.first - 2) in (",", "”", "»", '"', "según"):
        return Form.FINDING  # "…, prevé Gartner"
    if puts_figure(tokens, name) or is_quoted(tokens, name):
        return Form.FINDING
    return Form.BRACKET if in_brackets(tokens, name) else None


def _covered(tokens: list[Token], name: Name, following: list[Name]) -> int:
    """The last token of this attribution: of its apposition ("X, compañía de Y, calcula") or its study's title."""
    place = name.stop
    if expansion(tokens, name):
        return place + 2
    if lower_at(tokens, place) == "," and verb_after(tokens, name, FOUND | MAKES) is not None:
        return after_sign(tokens, place + 1, ",") - 1
    title = owned_title(tokens, name, following)
    if title is not None:
        return title.stop - 1
    for other in following:
        if other.study and 0 <= other.first - place <= 3 and tokens[place - 1].lower.endswith(("'s", "’s")):
            return other.stop - 1
    return name.stop - 1


def _joined(found: list[Attribution], tokens: list[Token]) -> list[Attribution]:
    """Two organisations of one study ("conducida por Acquia y realizada por Regina Corso") become one attribution."""
    if len(found) != 2 or not (found[0].strong and found[1].strong) or found[0].source == found[1].source:
        return found
    first, second = found
    between = [token.lower for token in tokens if first.start < token.start < second.start]
    if len(between) <= 12 and MADE.intersection(between) and {"y", "and"}.intersection(between):
        source = f"{first.source} / {second.source}"
        return [replace(first, source=source, study=first.study or second.study, year=first.year or second.year)]
    return found
