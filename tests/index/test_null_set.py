"""The null set: what is shipped is what the model makes of its questions, and how near a question comes to it."""

import json
from collections.abc import Sequence
from importlib import resources

import numpy as np
import pytest

from index.model import bundled
from index.model.token_space import TokenMeans, TokenQuery, TokenSpace
from index.search.meaning import Meaning, MeaningFinder, NullSet, encoded_null_set, nearness, null_set, shipped_null_set
from index.search.query_vectors import Question
from kb.records.document import Span
from kb.records.ports import ModelStamp
from kb.records.search import Why
from tests.fakes import FakeEmbedder

UNITS = np.eye(8, dtype=np.float32)


def asking(vector: int | None, tokens: TokenQuery | None = None) -> Question:
    return Question("NPS", None if vector is None else UNITS[vector], tokens, 0.5, ("nps",), 10, None)


def test_the_level_is_the_mean_of_the_five_nearest() -> None:
    """Six questions, one of them the question itself, four at right angles, one opposite."""
    nulls = NullSet(np.stack([UNITS[0], UNITS[1], UNITS[2], UNITS[3], UNITS[4], -UNITS[0]]))

    assert nulls.level(asking(0), None) == pytest.approx(0.2)
    assert nulls.level(asking(None), None) is None


def test_nearness_is_that_of_a_search_by_meaning() -> None:
    """Passage and sentence half and half; tokens count twice as much as those together."""
    one, half = np.array([0.4], np.float32), np.array([0.2], np.float32)

    assert nearness(one, half, None).tolist() == pytest.approx([0.3])
    assert nearness(one, half, np.array([0.9], np.float32)).tolist() == pytest.approx([0.7])


def test_another_model_makes_its_own() -> None:
    """A hundred questions in each language, as that model reads them."""
    found = null_set(FakeEmbedder())

    assert (len(found.vectors), found.tokens) == (200, ())
    assert shipped_null_set(ModelStamp("other", "1", 8)) is None


def test_questions_are_distinct_and_in_both_languages() -> None:
    """No question twice; every form of question is there in either language."""
    rows = json.loads(resources.files("index").joinpath("data", "null_questions.json").read_text(encoding="utf-8"))
    for code, forms in (
        ("en", ("What", "Why", "How many", "How much", "Who", "When", "Which", "List", "Where")),
        ("es", ("¿Qué", "¿Por qué", "¿Cuántos", "¿Cuánto", "¿Quién", "¿Cuándo", "¿Cómo", "Enumera", "¿Dónde")),
    ):
        texts = [row[code] for row in rows]

        assert len(texts) == len(set(texts)) == 100
        assert [form for form in forms if not any(text.startswith(form) for text in texts)] == []


class OnePassage:
    """A source of tokens that has those of key 1 alone."""

    def token_blobs(self, keys: Sequence[int]) -> dict[int, bytes]:
        return {key: bytes([127, 0]) for key in keys if key == 1}


class TwoTokens(FakeEmbedder):
    """An embedder that says which word each token of a question belongs to."""

    def question_words(self, text: str) -> tuple[str, ...]:
        return ("Fast", "2022")

    def passage_words(self, text: str) -> tuple[str, ...]:
        return ("quick",)


def why(cosine: float) -> Why:
    return Why(cosine, cosine, (), 0.0, Span(0, 1))


def space_of_two() -> TokenSpace:
    zero = np.zeros(2, np.float32)
    return TokenSpace(np.eye(2, dtype=np.float32), TokenMeans(zero, zero), TokenMeans(zero, zero), zero)


def test_without_a_model_nothing_is_meant() -> None:
    """Neither without an embedder nor for a question of words alone."""
    assert MeaningFinder(None, None, None).find(asking(0), {1: why(0.5)}) == Meaning()
    assert MeaningFinder(FakeEmbedder(), None, None).find(asking(None), {1: why(0.5)}) == Meaning()


def test_margins_are_over_the_null_set() -> None:
    """Without tokens the cosines alone are compared; every passage has its own margin."""
    embedder = FakeEmbedder()
    question = Question("NPS", embedder.encode_queries(["NPS"])[0], None, 0.5, ("nps",), 10, None)
    level = null_set(embedder).level(question, None)
    found = MeaningFinder(embedder, None, None).find(question, {1: why(0.5), 2: why(0.25)})

    assert level is not None
    assert found.margins == pytest.approx({1: 0.5 - level, 2: 0.25 - level})
    assert found.likeness == {}


def test_words_read_alike() -> None:
    """The most alike token of the passage for each word of the question; figures are left out; a base in which a
    passage has no tokens tells of none."""
    tokens = TokenQuery(np.array([[0.8, 0.6], [1, 0]], np.float32), np.array([0.5, 0.5], np.float32))
    embedder = TwoTokens()
    question = Question("Fast 2022", embedder.encode_queries(["NPS"])[0], tokens, 0.5, (), 10, None)
    finder = MeaningFinder(embedder, OnePassage(), space_of_two())

    assert finder.find(question, {1: why(0.5)}).likeness == {1: {"fast": pytest.approx(0.8)}}
    assert finder.find(question, {1: why(0.5), 2: why(0.4)}).likeness == {}


@pytest.mark.model
def test_what_is_shipped_is_what_the_model_makes() -> None:
    """The shipped vectors and tokens are those of ``python -m bench.fit_language_data``."""
    from index.model.query_engine import load_query_engine

    shipped, made = shipped_null_set(bundled.stamp()), encoded_null_set(load_query_engine())

    assert shipped is not None
    assert float(np.sum(shipped.vectors * made.vectors, axis=1).min()) > 0.999
    assert [len(one) for one in made.tokens] == [len(one) for one in shipped.tokens]
