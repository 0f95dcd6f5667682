"""Late interaction: the tokenizer, the network in numpy, the packed tokens, and their score."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bench.reference import ReferenceEncoder
from index.model import bundled
from index.model.bundled_encoder import BundledEncoder
from index.model.prompts import prepared
from index.model.token_space import TokenMeans, TokenSpace, TokenStates, load_token_space, pooled
from index.model.vocabulary import UnigramTokenizer

NOTHING = np.zeros(3, np.float32)
YOUNG = [*map(chr, (0x32FF, *range(0xA7F2, 0xA7F5), 0xAB69, *range(0x10780, 0x107C0), *range(0x1FBF0, 0x1FBFA)))]
WEIGHTS = np.array([0, 0, 0, 0, 1, 3, 2], np.float32)  # ids 0 to 3 are marks
SPACE = TokenSpace(np.eye(3, 2, dtype=np.float32), TokenMeans(NOTHING, NOTHING), TokenMeans(NOTHING, NOTHING), WEIGHTS)
PIECES = bundled.Pieces(
    (("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁cli", -5.0), ("ente", -6.0), ("▁cliente", -9.0),
     ("s", -3.0), ("▁", -4.0), ("e", -9.0)),
    begin=0, end=2, pad=1, unknown=3,
)  # fmt: skip


def states(*rows: tuple[float, float, float]) -> np.ndarray:
    return np.array([(9, 9, 9)] * 3 + list(rows), np.float32)


def test_score_is_the_weighted_best_of_each_token() -> None:
    query = SPACE.query([0, 0, 0, 4, 5], states((1, 0, 7), (0, 1, 7)), 0.5)
    packed = [
        SPACE.pack([0, 0, 0, 6, 6], states((1, 0, 0), (0.6, 0.8, 0)), 0.5),
        SPACE.pack([0, 0, 0, 6], states((0, -1, 0)), 0.5),
        b"",
    ]

    assert SPACE.scores(query, packed).tolist() == pytest.approx([0.25 * 1 + 0.75 * 0.8, -0.75, 0], abs=0.01)


def test_marks_and_the_prompt_are_left_out() -> None:
    assert SPACE.telling([4, 4, 4, 5, 2, 6, 0]).tolist() == [3, 5]
    assert SPACE.telling([0, 4, 4, 2]).tolist() == [0, 1, 2, 3]


def test_a_token_takes_a_byte_a_direction() -> None:
    assert len(SPACE.pack([0, 0, 0, 4, 5, 2], states((1, 0, 0), (0, 1, 0), (1, 1, 1)), 1.0)) == 2 * SPACE.kept


def test_means_are_taken_off_by_the_share_of_each_language() -> None:
    means = TokenMeans(np.array([1, 0, 0], np.float32), np.array([0, 1, 0], np.float32))

    assert means.at(0.25).tolist() == [0.25, 0.75, 0]


@pytest.mark.parametrize(
    ("text", "expected", "reason"),
    [
        ("clientes", [0, 6, 7, 2], "-9 - 3 beats -5 - 6 - 3"),
        ("cliente", [0, 6, 2], "the whole word is likelier than its parts"),
        ("", [0, 2], "nothing"),
        ("x", [0, 8, 3, 2], "an unknown letter"),
        ("xyz", [0, 8, 3, 2], "unknown letters are one piece"),
    ],
)
def test_unigram(text: str, expected: list[int], reason: str) -> None:
    assert expected == UnigramTokenizer(PIECES).ids(text), reason


def test_pooled_is_the_unit_mean_over_all_windows() -> None:
    parts = [
        TokenStates([1, 2], np.array([[3, 0], [3, 0]], np.float32)),
        TokenStates([1], np.array([[0, 8]], np.float32)),
    ]

    assert pooled(parts).tolist() == pytest.approx([0.6, 0.8])


@pytest.mark.model
class TestBundled:
    # Letters and digits of Unicode 12.1 to 14 (YOUNG) are younger than the tables of the converted tokenizer,
    # which knows their forms of compatibility otherwise: they are one unknown piece here. Before "<mask>", its word for
    # a gap, that one drops the space.
    @given(text=st.text(st.characters(exclude_characters=YOUNG), max_size=60).filter(lambda text: "<mask>" not in text))
    @example("0\x85\x1b")
    @example("\x85 a\x85 \x1b")
    def test_tokenizer_equals_the_converted_one(
        self, encoder: ReferenceEncoder, query_engine: BundledEncoder, text: str
    ) -> None:
        clean = "query: " + prepared(text)
        converted = encoder._model.tokenizer(clean)["input_ids"]

        assert converted == query_engine._tokenizer.ids(clean)

    def test_both_runtimes_give_the_same_tokens(
        self, asking_encoder: ReferenceEncoder, query_engine: BundledEncoder
    ) -> None:
        text = "How much did customer effort fall after the new journey?"
        space = load_token_space(bundled.stamp())
        assert space is not None
        packed = query_engine.encode_passages_with_tokens(["Effort fell by a third.", "El esfuerzo bajó un tercio."])[1]
        ours, light = asking_encoder.encode_questions([text])[0], query_engine.encode_questions([text])[0]
        assert ours.tokens is not None
        assert light.tokens is not None

        assert ours.tokens.weights.tolist() == pytest.approx(light.tokens.weights.tolist())
        assert np.einsum("ij,ij->i", ours.tokens.vectors, light.tokens.vectors).min() > 0.99
        assert space.scores(ours.tokens, packed).tolist() == pytest.approx(
            space.scores(light.tokens, packed).tolist(), abs=0.01
        )

    def test_tokens_come_with_the_same_vectors(self, encoder: ReferenceEncoder) -> None:
        texts = ["Effort fell by a third.", "La lealtad creció. " * 200]

        with_tokens = encoder.encode_passages_with_tokens(texts)[0]

        assert np.einsum("ij,ij->i", with_tokens, encoder.encode_passages(texts)).min() > 0.999
