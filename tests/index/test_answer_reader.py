"""The reader of question and sentences: what a sentence sees, and what comes of it."""

from pathlib import Path

import numpy as np
import pytest

from index.answers.judging.fitted import shipped_reader
from index.model import bundled
from index.model.heads.answer_reader import AnswerReader, ReadText, read_texts, shipped_answer_reader
from index.model.vocabulary import UnigramTokenizer
from kb.records.errors import ModelError

pytestmark = pytest.mark.model

QUESTION = "¿Qué parte de los clientes se fue en 2023?"
SENTENCES = ("The survey was made in May.", "In 2023, 40 % of customers left.", "Nobody asked them why.")


@pytest.fixture(scope="module")
def tokenizer() -> UnigramTokenizer:
    return UnigramTokenizer(bundled.read_model(bundled.checked_weights()).pieces)


@pytest.fixture(scope="module")
def reader() -> AnswerReader:
    return shipped_reader()


def test_a_sentence_sees_the_question_and_all_sentences() -> None:
    seen = ReadText([0] * 5, np.array([0, 1, 2, 3, 4])).sees.astype(int).tolist()

    assert seen == [[1, 0, 0, 0, 0], [1, 1, 0, 0, 0], *[[1] * 5] * 3]


def test_sentences_that_are_too_many_are_read_in_several_texts(tokenizer: UnigramTokenizer) -> None:
    texts = list(read_texts(tokenizer, QUESTION, "Churn", SENTENCES * 2, room=25))

    assert [(first, text.sentences) for first, text in texts] == [(0, 3), (2, 3), (4, 2)]
    assert [first + text.sentences for first, text in texts][-1] == 6
    assert list(read_texts(tokenizer, QUESTION, "", ())) == []
    assert next(iter(read_texts(tokenizer, "", "", ("",))))[1].sentences == 1


def test_what_answers_is_likelier_in_either_language(reader: AnswerReader) -> None:
    for question in (QUESTION, "What share of customers left in 2023?"):
        odds = reader.log_odds(question, [("Churn", SENTENCES), ("", ()), ("Churn", SENTENCES[2:])])

        assert [len(one) for one in odds] == [3, 0, 1]
        assert odds[0].argmax() == 1
        assert np.isfinite(np.concatenate(odds)).all()


def test_long_passages_and_odd_texts_are_read(reader: AnswerReader) -> None:
    odds = reader.log_odds("x" * 100_000 + "\x00\ud800", [("\x00" * 9, SENTENCES * 30), ("", ("", " ", "a" * 9_000))])

    assert [len(one) for one in odds] == [90, 3]
    assert np.isfinite(np.concatenate(odds)).all()


def test_a_damaged_file_says_how_it_is_made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "answer_reader.npz").write_bytes(b"PK no archive")
    monkeypatch.setattr("index.model.heads.tuning.resources.files", lambda name: tmp_path)

    with pytest.raises(ModelError) as caught:
        shipped_answer_reader(bundled.read_model(bundled.checked_weights()))

    assert "bench.fit_answer_reader" in caught.value.hint
