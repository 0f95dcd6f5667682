"""The title and the year of a study, beside the name of who made it.

Gives what stands in the sentence; null rather than a year that is not the study's.
"""

from __future__ import annotations

from ingest.studies.orgs import Name, expansion
from ingest.studies.study_forms import makes_study
from ingest.studies.study_words import FOUND, NAMED_AFTER, NO_YEAR_LEADS, REPORT_TITLES, STUDY_NOUNS
from kb.words.tokens import Token, lower_at


def owned_title(tokens: list[Token], name: Name, names: list[Name]) -> Name | None:
    """The title after its owner: "Salesforce's State of the …", "Zendesk publicó su informe CX Trends"; or null."""
    if makes_study(tokens, name):
        near = (other for other in names if 1 < other.first - name.stop <= 5)
        return next((other for other in near if lower_at(tokens, other.first - 1) in NAMED_AFTER), None)
    if lower_at(tokens, name.stop) not in REPORT_TITLES:
        return None
    return next((other for other in names if 0 <= other.first - name.stop <= 3), None)


def study_title(tokens: list[Token], name: Name, names: list[Name]) -> str | None:
    """The title of the study beside its organisation ("Salesforce's State of Service report"), or null."""
    for other in names:
        near = 0 <= other.first - name.stop <= 3
        if near and (other.study or lower_at(tokens, other.stop) in STUDY_NOUNS):
            return other.text
    return None


def year_beside(tokens: list[Token], name: Name, future: bool) -> int | None:
    """The year near the name, in "a 2017 X report", "X (2021)", "X's 2020 survey"; in a forecast none after "in"."""
    not_leads = NO_YEAR_LEADS | {"in", "en", "para", "for"} if future else NO_YEAR_LEADS
    stop = name.stop + 3 if expansion(tokens, name) else name.stop
    end = stop + 5
    if len({token.text for token in tokens if _is_year(token)}) > 1:
        end = next((spot for spot in range(stop, end) if _is_figure(tokens, spot)), end)
    after = range(stop, end)
    for place in [*after, *range(name.first - 1, name.first - 9, -1)]:
        if not 0 <= place < len(tokens) or tokens[place].text in ";.!?":
            continue
        text = tokens[place].text
        if _is_year(tokens[place]):
            leads = NO_YEAR_LEADS if _is_told(lower_at(tokens, place - 2)) else not_leads
            return int(text) if lower_at(tokens, place - 1) not in leads else None
    return None


def _is_year(token: Token) -> bool:
    return len(token.text) == 4 and token.text.isdecimal() and "1990" <= token.text <= "2049"


def _is_figure(tokens: list[Token], place: int) -> bool:
    """Whether a number other than a year stands here: a year after it is that figure's."""
    return place < len(tokens) and tokens[place].kind == "n" and len(tokens[place].text) != 4


def _is_told(verb: str) -> bool:
    """Whether a verb tells that somebody found: the year after it is the study's, "calculó en 2019 que … volverá"."""
    return verb == "said" or (verb in FOUND and verb.endswith(("ó", "aron", "ieron", "ed", "found")))
