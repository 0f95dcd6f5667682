"""The shipped tagger: what it gives, why, and that training reproduces it."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ingest.tagging import LabelledPassage, Tagger, TextToTag, TopicHead, read_passages, shipped_passages, train
from ingest.tagging.head import LANGUAGES, TOPICS, TunedLayer, rounded
from ingest.tagging.own import parse_passages
from ingest.tagging.training import first_of, fold_of, train_on_vectors
from kb.records.document import Span
from kb.records.errors import InputError, ModelError
from kb.records.language import Language
from kb.records.ports import FloatArray, ModelStamp
from kb.records.topics import Topic
from tests.fakes import FakeEmbedder

HEAD = Path(__file__).parents[2] / "ingest" / "data" / "topics_head.npz"
ES, EN = Language.ES, Language.EN


@pytest.fixture(scope="module")
def shipped() -> TopicHead:
    return TopicHead.from_bytes(HEAD.read_bytes())


@pytest.fixture(scope="module")
def tagger(shipped: TopicHead) -> Tagger:
    return Tagger.load(shipped.stamp)


def topics_of(tagger: Tagger, text: str, language: Language, heading: tuple[str, ...] = ()) -> set[Topic]:
    return {given.topic for given in tagger.tag([TextToTag(text, language, heading)])[0]}


def vectors_of(shipped: TopicHead, texts: list[str]) -> FloatArray:
    rows = [shipped.examples.texts.index(text) for text in texts]
    return shipped.examples.unit()[rows]


@pytest.mark.parametrize(
    ("text", "language", "topics"),
    [
        ("We send an NPS survey and a CSAT survey after each purchase.", EN, {Topic.METRICS}),
        ("Enviamos una encuesta de satisfacción y calculamos el NPS.", ES, {Topic.METRICS}),
        ("They answer complaints on Facebook and Twitter.", EN, {Topic.SOCIAL_MEDIA}),
        ("Contestan las quejas en Facebook y en las demás redes sociales.", ES, {Topic.SOCIAL_MEDIA}),
        ("Follow us on Twitter.", EN, set()),
        ("CES opens in Las Vegas with new gadgets.", EN, set()),
        ("El 40 % de los encuestados compra por internet.", ES, set()),
    ],
)
def test_words_alone_give_the_plain_cases(tagger: Tagger, text: str, language: Language, topics: set[Topic]) -> None:
    """Without vectors the lexicon's layer decides."""
    assert topics_of(tagger, text, language) == topics


def test_words_alone_show_the_sentence_that_has_them(tagger: Tagger) -> None:
    """The evidence is the sentence that has the words; no example can be near without a model."""
    text = "The hotel has two pools. Our NPS is 41."
    given = tagger.tag([TextToTag(text, EN, sentences=(Span(0, 24), Span(25, 39)))])[0][0]

    assert given.topic is Topic.METRICS
    assert (given.evidence, given.example) == (("Our NPS is 41.",), None)
    assert given.subtopics == ("nps",)


def test_meaning_names_the_nearest_example(tagger: Tagger, shipped: TopicHead) -> None:
    """A passage of the training set is nearest to itself."""
    row = next(row for row in shipped_passages() if row.tags == {Topic.METRICS} and row.language is ES)
    given = tagger.tag([TextToTag(row.text, ES)], vectors_of(shipped, [row.text]))[0][0]

    assert (given.topic, given.evidence, given.example) == (Topic.METRICS, (row.text,), row.text)


def test_the_sentence_that_carries_a_topic_is_found_by_leaving_it_out(tagger: Tagger, shipped: TopicHead) -> None:
    """Of a passage put together from two, the part that was labelled; vectors of sentences are asked for once."""
    rows = {row.id: row for row in shipped_passages()}
    about, beside = rows["en-002"], next(row for row in rows.values() if not row.tags and row.language is EN)
    text = f"{beside.text} {about.text}"
    spans = (Span(0, len(beside.text)), Span(len(beside.text) + 1, len(text)))
    parts = vectors_of(shipped, [beside.text, about.text])
    whole = parts.sum(axis=0, keepdims=True)
    asked: list[list[int]] = []

    def sentence_vectors(rows_asked: Sequence[int]) -> list[FloatArray]:
        asked.append(list(rows_asked))
        return [parts]

    given = tagger.tag(
        [TextToTag(text, EN, sentences=spans)],
        (whole / np.linalg.norm(whole)).astype(np.float32),
        sentence_vectors,
    )[0]

    assert [one.evidence for one in given if one.topic is Topic.METRICS] == [(about.text,)]
    assert asked == [[0]]


def test_a_stage_is_a_sub_topic_of_maturity(tagger: Tagger) -> None:
    """The name of a list item counts, with the words around it."""
    given = tagger.tag([TextToTag("Inicial: nadie es responsable y no hay presupuesto ni equipo.", ES)])[0]

    assert [(one.topic, one.subtopics) for one in given] == [(Topic.MATURITY, ("stage:initial",))]


@pytest.mark.parametrize("heading", ["Madurez y gobierno", "Empathy", "Redes sociales", "NPS"])
def test_a_heading_alone_never_decides(tagger: Tagger, heading: str) -> None:
    """Text of no topic stays so under any heading."""
    assert topics_of(tagger, "The hotel has two pools and a garden.", EN, (heading,)) == set()


def test_a_heading_lifts_the_odds_by_a_fixed_step(tagger: Tagger, shipped: TopicHead) -> None:
    """A unit of log-odds for the topic it names, as far as English stretches them; nothing for the others."""
    text = "Ask every visitor and keep the answers."
    plain = tagger.probabilities([TextToTag(text, EN)])[0].astype(float)
    headed = tagger.probabilities([TextToTag(text, EN, ("NPS",))])[0].astype(float)
    step = np.log(headed / (1 - headed)) - np.log(plain / (1 - plain))

    stretch = float(shipped.words.languages[LANGUAGES.index(EN), 0])

    assert step == pytest.approx([stretch, 0, 0, 0, 0], abs=2e-3)


def test_other_passages_of_the_document_lift_the_odds_by_their_share(tagger: Tagger, shipped: TopicHead) -> None:
    """Two units times the share that names the topic: of the passage's own document alone, and not counting itself."""
    asked, named = "Ask every visitor and keep the answers.", "The NPS fell."
    beside = {"all": [named, named], "half": [named, "It rained."], "none": ["It rained."], "alone": []}
    texts = [TextToTag(text, EN, document=name) for name, others in beside.items() for text in (asked, *others)]
    chances = tagger.probabilities([*texts, TextToTag(asked, EN)]).astype(float)
    odds = np.log(chances / (1 - chances))
    rows = {name: odds[next(row for row, one in enumerate(texts) if one.document == name)] for name in beside}

    stretch = float(shipped.words.languages[LANGUAGES.index(EN), 0])

    assert rows["all"] - odds[-1] == pytest.approx([2 * stretch, 0, 0, 0, 0], abs=2e-3)
    assert rows["half"] - odds[-1] == pytest.approx([stretch, 0, 0, 0, 0], abs=2e-3)
    assert rows["none"].tolist() == rows["alone"].tolist() == odds[-1].tolist()


def test_another_model_degrades_and_says_so(shipped: TopicHead) -> None:
    """Vectors of another model are not looked at."""
    other = Tagger.load(ModelStamp("other", "0", 384))
    given = other.tag([TextToTag("Our NPS is 41.", EN)], np.ones((1, 384), np.float32))[0][0]

    assert other.degraded is not None
    assert "kb topics train" in other.degraded
    assert given.example is None
    assert Tagger.load().degraded is not None
    assert Tagger.load(shipped.stamp).degraded is None


def test_vectors_of_topics_decide_with_the_others(tagger: Tagger, shipped: TopicHead) -> None:
    """Half of the log-odds each; the evidence is as before, and a head of one's own does without."""
    rows = shipped_passages()[:40]
    texts = [TextToTag(row.text, row.language) for row in rows]
    vectors = vectors_of(shipped, [row.text for row in rows])
    plain, both = tagger.probabilities(texts, vectors), tagger.probabilities(texts, vectors, vectors[::-1])
    other = Tagger.of(shipped)

    assert tagger.reads_topic_vectors
    assert np.abs(plain - both).max() > 0.05
    assert not other.reads_topic_vectors
    assert np.array_equal(other.probabilities(texts, vectors, vectors[::-1]), plain)
    for before, after in zip(tagger.tag(texts, vectors), tagger.tag(texts, vectors, None, vectors[::-1]), strict=True):
        kept = {one.topic: (one.evidence, one.example) for one in before}
        assert all(kept.get(one.topic, (one.evidence, one.example)) == (one.evidence, one.example) for one in after)


def test_the_decision_is_of_the_encoder_that_is_shipped() -> None:
    """The two files are made together."""
    root = Path(__file__).parents[2]
    tuned = TunedLayer.from_bytes((root / "ingest" / "data" / "topics_tuned.npz").read_bytes())
    changes = (root / "index" / "data" / "topic_encoder.npz").read_bytes()

    assert tuned.encoder == hashlib.sha256(changes).hexdigest()
    assert TunedLayer.from_bytes(tuned.to_bytes()).to_bytes() == tuned.to_bytes()
    with pytest.raises(ModelError, match=r"bench\.tune_topics"):
        TunedLayer.from_bytes(b"no file of arrays")


def test_single_and_batch_calls_agree(tagger: Tagger, shipped: TopicHead) -> None:
    """A passage gets the same topics alone as among others."""
    rows = shipped_passages()[::40]
    vectors = vectors_of(shipped, [row.text for row in rows])
    together = tagger.tag([TextToTag(r.text, r.language) for r in rows], vectors)
    alone = [tagger.tag([TextToTag(r.text, r.language)], vectors[i : i + 1])[0] for i, r in enumerate(rows)]

    assert [[(g.topic, g.subtopics) for g in row] for row in together] == [
        [(g.topic, g.subtopics) for g in row] for row in alone
    ]


def test_nothing_in_nothing_out(tagger: Tagger) -> None:
    """No passages, no topics."""
    assert tagger.tag([]) == []


def test_vectors_of_another_shape_are_refused(tagger: Tagger) -> None:
    """A passage never gets the topics of another."""
    with pytest.raises(InputError, match="shape"):
        tagger.tag([TextToTag("a", EN)], np.ones((2, 384), np.float32))


@pytest.mark.slow
def test_the_shipped_head_is_the_output_of_training(shipped: TopicHead) -> None:
    """Trained again on its own embeddings it comes out the same, to the rounding of other processors."""
    again = train_on_vectors(shipped_passages(), shipped.examples.unit(), shipped.stamp).head

    assert again.feature_names == shipped.feature_names
    assert again.examples.texts == shipped.examples.texts
    for one, other in ((again.meaning, shipped.meaning), (again.words, shipped.words)):
        np.testing.assert_allclose(one.weights, other.weights, atol=0.005)
        np.testing.assert_allclose(one.bias, other.bias, atol=0.005)


def test_training_twice_gives_the_same_bytes() -> None:
    """With an exact embedder and a part of the passages."""
    part = shipped_passages()[::3]
    first, second = (train(part, FakeEmbedder()).head.to_bytes() for _ in range(2))

    assert first == second
    assert TopicHead.from_bytes(first).to_bytes() == first


@pytest.mark.parametrize("damage", [b"", b"not a zip", HEAD.read_bytes()[:5000]])
def test_a_damaged_head_is_refused(damage: bytes) -> None:
    """With the command that makes a new one."""
    with pytest.raises(ModelError, match="kb topics train"):
        TopicHead.from_bytes(damage)


@pytest.mark.parametrize("damage", [None, b"", b"not a zip", HEAD.read_bytes()[:5000]])
def test_a_damaged_decision_is_refused(damage: bytes | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Not left out in silence; with the program that makes it, which training the head does not."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / HEAD.name).write_bytes(HEAD.read_bytes())
    if damage is not None:
        (tmp_path / "data" / "topics_tuned.npz").write_bytes(damage)
    monkeypatch.setattr("ingest.tagging.tagger.files", lambda name: tmp_path)

    with pytest.raises(ModelError, match=r"bench\.tune_topics"):
        Tagger.load()


def test_too_few_passages_are_refused() -> None:
    """The topic that lacks them is named."""
    with pytest.raises(InputError, match="metrics"):
        train([row for row in shipped_passages() if Topic.METRICS not in row.tags], FakeEmbedder())


def test_the_labelled_passages_are_balanced() -> None:
    """At least 3,400, neither language under two fifths, each topic and none of them well represented in both."""
    rows = shipped_passages()
    languages = Counter(row.language for row in rows)

    assert len(rows) >= 3400
    assert min(languages[ES], languages[EN]) > 0.4 * len(rows)
    for topic in TOPICS:
        assert all(sum(topic in row.tags and row.language is language for row in rows) >= 40 for language in (ES, EN))
    assert sum(not row.tags for row in rows) >= 0.25 * len(rows)


def test_no_passage_of_an_unseen_document_is_learned_from() -> None:
    """The third of the documents that measures the topics is chosen by the hash of their ids, and kept apart."""
    unseen = read_passages(Path(__file__).parents[2] / "bench" / "topics_unseen.jsonl")
    seen = {row.document for row in shipped_passages() if row.document is not None}

    def third(document: str | None) -> int:
        return int(hashlib.sha256((document or "").encode()).hexdigest(), 16) % 3

    assert {third(row.document) for row in unseen} == {0}
    assert {third(document) for document in seen} == {1, 2}


def test_a_document_stays_in_one_fold_and_is_taken_whole() -> None:
    """None of its passages is learned from while another is judged; a part of the passages cuts one at most."""
    rows = [row for row in shipped_passages() if row.document is not None]
    folds = {(row.document, fold_of(row)) for row in rows}
    documents = Counter(row.document for row in rows)
    part = Counter(rows[place].document for place in first_of(rows, 500))

    assert len(folds) == len(documents)
    assert {fold for _, fold in folds} == set(range(6))
    assert sum(part.values()) == 500
    assert sum(documents[name] != number for name, number in part.items()) <= 1


def test_what_heads_say_of_passages_they_were_kept_from_is_no_echo() -> None:
    """Labels given by chance are learned by heart, and not found again on the passages held out."""
    rows = [replace(row, tags=frozenset({TOPICS[place % 5]})) for place, row in enumerate(shipped_passages()[::4])]
    found = train(rows, FakeEmbedder()).held_out
    wanted = np.array([[topic in row.tags for topic in TOPICS] for row in rows])

    assert found.shape == (len(rows), 5)
    assert found[wanted].mean() == pytest.approx(found[~wanted].mean(), abs=0.05)


def test_rounded_vectors_keep_their_direction() -> None:
    """Within half a step of the largest number of the row; a row of nothing stays nothing."""
    assert rounded(np.array([[0.5, -0.25, 0.001], [0, 0, 0]], np.float32)).tolist() == [[127, -64, 0], [0, 0, 0]]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "JSON object"),
        ('{"id": "a", "lang": "en", "text": "T"}', "'tags'"),
        ('{"id": "a", "lang": "fr", "text": "T", "tags": []}', "'fr'"),
        ('{"id": "a", "lang": "en", "text": "T", "tags": ["weather"]}', "'weather'"),
        ('{"id": "ok", "lang": "en", "text": "T", "tags": []}', "repeats"),
    ],
)
def test_a_bad_line_is_named(line: str, reason: str) -> None:
    """The line number and what is wrong with it."""
    good = '{"id": "ok", "lang": "en", "text": "T", "tags": ["social media"], "heading": ["H"]}'

    with pytest.raises(InputError, match="line 2") as caught:
        parse_passages([good, line])
    assert reason in str(caught.value)


def test_passages_are_read_from_a_file(tmp_path: Path) -> None:
    """Heading, borderline and the single readers are optional."""
    path = tmp_path / "rows.jsonl"
    row = {"id": "a", "lang": "es", "text": "T", "tags": ["empathy"]}
    read = row | {"id": "b", "first": ["empathy"], "second": []}
    path.write_text(json.dumps(row) + "\n\n" + json.dumps(read), "utf-8")
    empathy = frozenset({Topic.EMPATHY})

    assert read_passages(path) == (
        LabelledPassage("a", ES, "T", empathy, frozenset()),
        LabelledPassage("b", ES, "T", empathy, frozenset(), readers=(empathy, frozenset())),
    )
    with pytest.raises(InputError, match="cannot be read"):
        read_passages(tmp_path / "absent.jsonl")
