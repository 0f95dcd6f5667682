"""The words that the model reads alike: to the digit on fake tokens, and with the real model across languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.cli.wiring import Wiring
from api.settings import Settings
from index.evaluate.judged import JudgedText
from index.evaluate.retrieval import MemoryBase
from index.model import bundled
from index.model.loading import load_encoder
from index.model.parity import prior_means
from index.model.token_space import load_token_space
from index.model.vocabulary import Vocabulary
from index.search.glossary import Glossary
from index.search.searcher import Searcher
from index.search.tokens_met import AskedWords, tokens_met
from index.vectors.sync import IndexKeeper
from kb.records.language import Language
from kb.records.ports import Embedder, FloatArray
from kb.records.search import Query
from tests.index.test_searcher import halves

ES, EN = Language.ES, Language.EN


@dataclass(frozen=True)
class TokenRows:
    """Tokens as units, and the word that each is a part of."""

    vectors: FloatArray
    words: Sequence[str]


def rows(**words: tuple[float, float]) -> TokenRows:
    """Tokens on the circle, one a word; a name like ``first_2`` is a further token of ``first``."""
    return TokenRows(np.array(list(words.values()), np.float32), [name.partition("_")[0] for name in words])


CASES: list[tuple[str, TokenRows, TokenRows, list[str]]] = [
    ("the nearest, both ways", rows(staff=(1, 0)), rows(plantilla=(0.9, 0.436), lluvia=(0, 1)), ["staff ≈ plantilla"]),
    ("not near enough", rows(staff=(1, 0)), rows(lluvia=(0.5, 0.866)), []),
    ("forms of one word say it by themselves", rows(customers=(1, 0)), rows(Customer=(1, 0)), []),
    ("a figure is met by itself", rows(porcentaje=(1, 0)), TokenRows(np.eye(1, 2, dtype=np.float32), ["78"]), []),
    ("little words say nothing", rows(staff=(1, 0)), rows(para=(1, 0), lluvia=(0, 1)), []),
    ("a word has one partner", rows(staff=(1, 0), crew=(0.8, 0.6)), rows(plantilla=(1, 0)), ["staff ≈ plantilla"]),
    (
        "the surest first",
        rows(staff=(0.95, 0.312), rain=(0, 1)),
        rows(plantilla=(1, 0), lluvia=(0, 1)),
        ["rain ≈ lluvia", "staff ≈ plantilla"],
    ),
    (
        "a word is as sure as its less sure direction",
        rows(staff=(1, 0)),
        rows(plan=(1, 0), plan_2=(0, 1)),
        [],
    ),
    ("words that cannot be told apart", TokenRows(np.eye(2, dtype=np.float32), ()), rows(plan=(1, 0)), []),
    ("nothing", TokenRows(np.zeros((0, 2), np.float32), ()), TokenRows(np.zeros((0, 2), np.float32), ()), []),
]


@pytest.mark.parametrize(("asked", "standing", "pairs"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_pairs(asked: TokenRows, standing: TokenRows, pairs: list[str]) -> None:
    """Each case by its reason."""
    met = tokens_met(AskedWords.of(asked.vectors, asked.words), standing.vectors, lambda: standing.words)

    assert pairs == met


PIECES = bundled.Pieces((("<s>", 0.0), ("▁a", -1.0), ("a", -2.0), ("añ", -3.0), ("ñ", -4.0), ("漢", -5.0)), 0, 0, 0, 0)


@given(st.lists(st.text("▁añ漢x", max_size=8), max_size=5))
def test_the_vocabulary_finds_what_a_table_finds(words: list[str]) -> None:
    """Every part of every word that is a piece, and nothing else."""
    table = {piece: place for place, (piece, _) in enumerate(PIECES.pieces)}
    expected = [
        [
            [(end, table[word[start:end]]) for end in range(start + 1, len(word) + 1) if word[start:end] in table]
            for start in range(len(word))
        ]
        for word in words
    ]

    assert expected == Vocabulary(PIECES).parts(words)


def test_pieces_come_back_as_they_were() -> None:
    """Packed and unpacked."""
    assert PIECES.pieces[3] == ("añ", -3.0)
    assert PIECES.offsets.tolist() == [0, 3, 7, 8, 11, 13, 16]


MEETINGS = [
    ("loyalty points", ES, "Los puntos del club se cambian por regalos.", "points ≈ puntos"),
    ("mapas del viaje", EN, "Draw maps of the trip before you change the shop.", "mapas ≈ maps"),
    ("precio del billete", EN, "The ticket costs more at night.", "precio ≈ costs"),
    ("shipping delays", ES, "Los retrasos del envío molestan a todos.", "delays ≈ retrasos"),
]


@pytest.fixture(scope="module", params=[False, True], ids=["command", "server"])
def asking(request: pytest.FixtureRequest) -> Embedder:
    """What encodes questions on the command line, and in a server."""
    return Wiring(Settings()).question_embedder(serving=request.param)


@pytest.mark.model
@pytest.mark.parametrize(("question", "language", "text", "pair"), MEETINGS)
def test_words_meet_across_languages(
    tmp_path: Path, asking: Embedder, question: str, language: Language, text: str, pair: str
) -> None:
    """No list of words knows these pairs; the model does, and the passage has the word that is named."""
    base = MemoryBase([JudgedText("one", language, text)], load_encoder(bundled.NAME), halves)
    space = load_token_space(asking.stamp)
    keeper = IndexKeeper(base, tmp_path)
    searcher = Searcher(base, keeper, asking, prior_means(asking), Glossary([]), tokens=base, space=space)

    [found] = searcher.explained(question, searcher.search(Query(question)))

    assert any(pair in one for one in found.why.meanings), found.why.meanings
    for one in found.why.meanings:
        said, met = one.split(" ≈ ")
        assert said in question
        assert met in text
    assert searcher.search(Query(question))[0].why.meanings == ()
