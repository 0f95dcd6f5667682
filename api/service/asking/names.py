"""The names in a request: strings become enum members; for one that is not known, the nearest is told."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TypeVar

from api.service.asking.paging import Order, SortColumn
from kb.records.document import parse_language
from kb.records.errors import InputError, member_of, nearest
from kb.records.language import Language
from kb.records.messages import say
from kb.records.statistic import Kind
from kb.records.topics import STAGES, SubTopic, Topic, as_key, parse_subtopic, parse_topic

_Named = TypeVar("_Named")


def parse_kind(name: str) -> Kind:
    """The kind of this name; InputError, naming the nearest, for any other."""
    return member_of(Kind, name.strip().lower(), say("kind", name=name), "is_not_a_kind_of_statistic")


def read_topic(name: str, own: Collection[str] = ()) -> Topic:
    """The topic of this name; InputError, naming the nearest by its name or a label of it or of ``own``."""
    names = {spelling: topic.value for topic in Topic for spelling in (topic.value, topic.label_es, topic.label_en)}
    return _parsed(parse_topic, name, names | {mine: mine for mine in own})


def read_subtopics(written: str) -> frozenset[SubTopic]:
    """The sub-topic of this name, or the maturity stages of a range: "nps", "stage:defined", "stage:3",
    "stage:defined..optimised", "stage:2..". InputError, naming the nearest, for any other."""
    key = as_key(written)
    if key.startswith("stage:"):
        first, dots, last = key.removeprefix("stage:").partition("..")
        low = _stage(first) if first or not dots else 1
        high = (_stage(last) if last else len(STAGES)) if dots else low
        check_order("stages", low, high)
        return frozenset(STAGES[low - 1 : high])
    names = {name: one.value for one in SubTopic for name in (one.value, one.label_es.lower(), one.label_en.lower())}
    return frozenset({_parsed(parse_subtopic, written, names)})


def _stage(name: str) -> int:
    """The rank of a stage by its name or number."""
    ranks = {stage.value.removeprefix("stage:"): rank for rank, stage in enumerate(STAGES, start=1)}
    ranks |= {str(rank): rank for rank in ranks.values()}
    if name not in ranks:
        known = {stage.value.removeprefix("stage:"): stage.value for stage in STAGES}
        raise InputError(say("stage", name=name), say("is_not_known"), nearest(name, known))
    return ranks[name]


def read_language(code: str) -> Language:
    """The language with this code; InputError, naming the nearest by its code or name, for any other."""
    return _language(code, Language)


def read_wording(code: str) -> Language:
    """Spanish or English, for the words around quotes; InputError, naming the nearest, for any other language."""
    language = _language(code, (Language.ES, Language.EN))
    if language is Language.OTHER:
        raise InputError(say("language_named", code=code), say("has_no_wording_here"), say("use_es_or_en"))
    return language


def _language(code: str, offered: Iterable[Language]) -> Language:
    return _parsed(parse_language, code, {spelling: one.value for one in offered for spelling in _spellings(one)})


def _parsed(parse: Callable[[str], _Named], name: str, known: Mapping[str, str]) -> _Named:
    """What a name is parsed to; InputError with the nearest of the names that are known, each with what it stands
    for."""
    try:
        return parse(name)
    except InputError as error:
        raise InputError(error.thing, error.reason, nearest(name.strip().lower(), known)) from None


def read_order(name: str) -> Order:
    """The order of this column ("value"; "-value" for descending); InputError, naming the nearest, for any other."""
    key = name.strip().lower()
    return Order(member_of(SortColumn, key.removeprefix("-"), say("field", field=name)), key.startswith("-"))


def _spellings(language: Language) -> tuple[str, ...]:
    native = {Language.ES: ("español", "castellano"), Language.EN: ("english",)}.get(language, ())
    return (language.value, language.facts.name_es, language.facts.name_en.lower(), *native)


def check_order(what: str, low: float | None, high: float | None) -> None:
    """InputError for two ends the wrong way round; null is no end."""
    if low is not None and high is not None and low > high:
        raise InputError(
            say("from_low_to_high", what=what, low=low, high=high), say("are_the_wrong_way_round"), say("swap_them")
        )
