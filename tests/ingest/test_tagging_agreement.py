"""Kappa over every two readings of a passage, to the digit."""

from ingest.tagging import Agreement, LabelledPassage, agreement
from kb.records.language import Language
from kb.records.topics import Topic

NONE: frozenset[Topic] = frozenset()
METRICS = frozenset({Topic.METRICS})


def passage(name: str, borderline: frozenset[Topic], *readers: frozenset[Topic]) -> LabelledPassage:
    return LabelledPassage(name, Language.ES, "T", NONE, borderline, readers=readers)


def test_kappa_is_agreement_beyond_chance() -> None:
    """Of four pairs three agree, where chance would have two: (.75 - .5) / .5; a lone reader is no pair."""
    rows = (
        passage("a", NONE, METRICS, METRICS),
        passage("b", NONE, NONE, NONE),
        passage("c", METRICS, METRICS, NONE),
        passage("d", NONE, NONE, NONE),
        passage("e", NONE, METRICS),
    )
    # The first reader gives it to half, the second to a quarter: chance is .5 * .25 + .5 * .75 = .5.
    assert agreement(rows)[0] == Agreement(Topic.METRICS, 4, 0.5, 1.0)


def test_one_answer_for_all_has_no_kappa() -> None:
    """Null, not one; and three readers make three pairs."""
    assert agreement([passage("a", NONE, NONE, NONE, NONE)])[1] == Agreement(Topic.MATURITY, 3, None, None)
    assert agreement([])[0] == Agreement(Topic.METRICS, 0, None, None)
