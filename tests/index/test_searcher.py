"""The searcher over exact fake vectors: equal languages, filters, reasons, bad input."""

import re
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.evaluate.judged import JudgedText
from index.evaluate.retrieval import MemoryBase
from index.search.evidence import as_written, words_met
from index.search.glossary import Equivalent, Glossary
from index.search.lexical import content_words
from index.search.searcher import MAX_QUERY_CHARACTERS, Scored, Searcher
from index.vectors.parts import Keys
from index.vectors.sync import IndexKeeper
from kb.records.document import Span
from kb.records.errors import BaseError, InputError
from kb.records.language import Language
from kb.records.ports import ModelStamp
from kb.records.search import Filters, Query, WordQuery
from kb.store import Store
from tests.fakes import FakeEmbedder, exact_prior

ES, EN = Language.ES, Language.EN
TEXTS = (
    JudgedText("es-effort", ES, "Hubo lluvia. El esfuerzo fue grande en 2023."),
    JudgedText("en-effort", EN, "The effort was high, says Zendesk."),
    JudgedText("es-churn", ES, "Perros y abandono."),
    JudgedText("en-churn", EN, "Dogs and churn."),
    JudgedText("es-dog", ES, "El perro ladra en el año nuevo."),
    JudgedText("en-rain", EN, "Rain, rain."),
)
GLOSSARY = Glossary([{ES: ["esfuerzo"], EN: ["effort"]}, {ES: ["abandono"], EN: ["churn", "customer churn"]}])


def halves(text: str) -> tuple[Span, ...]:
    """Sentences end at ". "."""
    cut = text.find(". ")
    return (Span(0, len(text)),) if cut < 0 else (Span(0, cut + 1), Span(cut + 2, len(text)))


def searcher_in(folder: Path, embedder: FakeEmbedder | None = None) -> Searcher:
    base = MemoryBase(TEXTS, FakeEmbedder(), halves)
    prior = exact_prior() if embedder else None
    return Searcher(base, IndexKeeper(base, folder), embedder, prior, GLOSSARY)


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    return searcher_in(tmp_path_factory.mktemp("index"), FakeEmbedder())


def ids(searcher: Searcher, text: str, limit: int = 10, filters: Filters | None = None) -> list[str]:
    found = searcher.search(Query(text, filters or Filters(), limit))
    return [TEXTS[scored.key - 1].id for scored in found]


def explained(searcher: Searcher, text: str) -> list[Scored]:
    return searcher.explained(text, searcher.search(Query(text)))


@pytest.mark.parametrize(
    ("question", "first_two"),
    [
        ("effort", {"es-effort", "en-effort"}),
        ("esfuerzo", {"es-effort", "en-effort"}),
        ("What about churn?", {"es-churn", "en-churn"}),
        ("¿Y el abandono?", {"es-churn", "en-churn"}),
    ],
)
def test_both_languages_come_first(searcher: Searcher, question: str, first_two: set[str]) -> None:
    assert first_two == set(ids(searcher, question, 2))


@pytest.mark.parametrize(("text", "first"), [("Zendesk", "en-effort"), ("2023", "es-effort"), ("AÑO", "es-dog")])
def test_names_and_figures_are_found_by_the_word(searcher: Searcher, text: str, first: str) -> None:
    assert first == ids(searcher, text)[0]


def test_enye_is_not_n(searcher: Searcher) -> None:
    found = {TEXTS[one.key - 1].id: one.why.words for one in explained(searcher, "ano")}

    assert found["es-dog"] == ()


def test_a_word_of_the_question_is_shown_as_it_was_written() -> None:
    """With its accents, which comparing takes off."""
    words = content_words("¿Cuánta energía?")

    met = words_met(
        "Energy for the journey", EN, words, [Equivalent(("energia",), ("energy",))], as_written("¿Cuánta energía?")
    )

    assert met == ("energía ≈ Energy",)


def test_the_reason_names_sentence_and_words(searcher: Searcher) -> None:
    found = {TEXTS[one.key - 1].id: one.why for one in explained(searcher, "Effort?")}

    assert found["es-effort"].sentence_span == Span(13, 44)
    assert found["es-effort"].words == ("Effort ≈ esfuerzo",)
    assert found["en-effort"].words == ("effort",)
    assert found["en-effort"].sentence == pytest.approx(1, abs=1e-3)
    assert found["es-effort"].vector == pytest.approx(0.5**0.5, abs=1e-3)


def test_filter_is_inside_the_search(searcher: Searcher) -> None:
    only_english = Filters(languages=frozenset({EN}))

    assert ids(searcher, "abandono", 10, only_english)[0] == "en-churn"
    assert {name[:2] for name in ids(searcher, "abandono", 10, only_english)} == {"en"}
    assert ids(searcher, "abandono", 10, Filters(languages=frozenset({Language.OTHER}))) == []


def test_ranking_is_the_same_every_time(searcher: Searcher, tmp_path: Path) -> None:
    again = searcher_in(tmp_path, FakeEmbedder())

    assert searcher.search(Query("customer")) == again.search(Query("customer"))


def test_small_bases_say_what_is_done_instead(searcher: Searcher) -> None:
    assert searcher.notes() == [
        "the passages in Spanish (3) are too few for a mean of their own; the general one counts for 92%",
        "the passages in English (3) are too few for a mean of their own; the general one counts for 92%",
    ]


def test_without_a_model_words_answer_and_say_so(tmp_path: Path) -> None:
    words_only = searcher_in(tmp_path)

    assert ids(words_only, "esfuerzo") == ["es-effort", "en-effort"]
    assert words_only.notes() == ["no embedding model is loaded: words only"]


UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")


@pytest.mark.parametrize("text", ["", "   ", "\n", "\xad", "\u200b \ufeff"])
def test_an_empty_query_is_refused(searcher: Searcher, text: str) -> None:
    with pytest.raises(InputError, match="is empty"):
        searcher.search(Query(text))


def test_a_document_is_not_a_query(searcher: Searcher) -> None:
    with pytest.raises(InputError, match="has 4001 characters, more than 4000"):
        searcher.search(Query("x" * (MAX_QUERY_CHARACTERS + 1)))


@given(st.text(min_size=1, max_size=200).filter(lambda text: UNSEEN.sub("", text).strip()))
def test_any_other_text_is_answered(searcher: Searcher, text: str) -> None:
    assert len(searcher.search(Query(text))) == len(TEXTS)


@pytest.mark.parametrize("text", ["😀", "\ud800", 'NEAR("a" b)*', "顧客体験", "a\x00b", "' OR 1=1 --"])
def test_odd_queries(searcher: Searcher, text: str) -> None:
    assert len(searcher.search(Query(text))) == len(TEXTS)


def test_models_never_mix(tmp_path: Path) -> None:
    """With another model than the base's the words alone answer, and it is said."""

    class Other(FakeEmbedder):
        stamp = ModelStamp("other", "2", FakeEmbedder.stamp.dimension)

    searcher = searcher_in(tmp_path, Other())
    ranking = searcher.ranked(Query("esfuerzo"))

    assert [TEXTS[one.key - 1].id for one in ranking.scored] == ["es-effort", "en-effort"]
    assert ranking.degraded == (
        "the base was built with fake (1), the model set is other (2), and models never mix: words only"
    )
    assert ranking.notes[0] == ranking.degraded
    assert searcher.sentence_scores("esfuerzo", {}) == {}


def test_a_filter_that_nothing_fulfils_says_so(searcher: Searcher) -> None:
    """An empty result has a reason."""
    ranking = searcher.ranked(Query("effort", Filters(languages=frozenset({Language.OTHER}))))

    assert ranking.scored == ()
    assert "no passage fulfils the filters" in ranking.notes
    assert ranking.degraded is None


def test_an_empty_base_says_that_it_is_empty(tmp_path: Path) -> None:
    """No crash and no silent nothing, with a model as without."""
    store = Store.open(tmp_path / "base", create=True)
    for embedder in (FakeEmbedder(), None):
        searcher = Searcher(store, IndexKeeper(store, tmp_path / "index"), embedder, exact_prior(), GLOSSARY)
        ranking = searcher.ranked(Query("effort"))

        assert ranking.scored == ()
        assert ranking.notes[-1] == "the base holds no passages yet"
    store.close()


def test_words_are_looked_up_for_what_is_shown(searcher: Searcher) -> None:
    """Everything else of a reason is there at once; explaining changes nothing but the words."""
    found = searcher.search(Query("effort"))

    assert {one.why.words for one in found} == {()}
    again = [replace(one, why=replace(one.why, words=())) for one in searcher.explained("effort", found)]
    assert again == found


def test_a_language_is_looked_into_without_a_list_of_its_keys(tmp_path: Path) -> None:
    """Which would be half of a base; what is found is the same, and that nothing is there is said all the same."""
    asked: list[Filters] = []

    class Asked(MemoryBase):
        def keys_matching(self, filters: Filters) -> Keys | None:
            asked.append(filters)
            return super().keys_matching(filters)

    base = Asked(TEXTS, FakeEmbedder(), halves)
    whole = Searcher(base, IndexKeeper(base, tmp_path), FakeEmbedder(), exact_prior(), GLOSSARY)

    found = whole.search(Query("effort", Filters(languages=frozenset({ES}))))
    assert [TEXTS[one.key - 1].id for one in found] == ["es-effort", "es-churn", "es-dog"]
    assert asked == []
    nothing = whole.ranked(Query("effort", Filters(languages=frozenset({Language.OTHER}))))
    assert (nothing.scored, nothing.notes[-1]) == ((), "no passage fulfils the filters")


def test_a_damaged_word_index_leaves_the_meaning(tmp_path: Path) -> None:
    """Answers in both languages still come first, flagged; without a model there is nothing left to answer with."""

    class NoWords(MemoryBase):
        def word_search(
            self, words: WordQuery, language: Language, limit: int, among: Keys | None = None
        ) -> list[tuple[int, float]]:
            raise BaseError("base", "could not be read (malformed)")

    base = NoWords(TEXTS, FakeEmbedder(), halves)
    whole = Searcher(base, IndexKeeper(base, tmp_path), FakeEmbedder(), exact_prior(), GLOSSARY)
    ranking = whole.ranked(Query("effort", limit=2))

    assert {TEXTS[one.key - 1].id for one in ranking.scored} == {"es-effort", "en-effort"}
    assert ranking.degraded == (
        "the word index cannot be read (could not be read (malformed)): meaning only; check it with kb doctor"
    )
    with pytest.raises(BaseError):
        Searcher(base, IndexKeeper(base, tmp_path), None, None, GLOSSARY).search(Query("effort"))


def test_the_words_of_the_field_are_read_before_anybody_asks(tmp_path: Path) -> None:
    """Each in its language, by a thread of its own; a word index that cannot be read is nobody's error there."""
    read: list[tuple[list[str], Language]] = []
    done = Event()

    class Read(MemoryBase):
        def read_ahead(self, language: Language, first: Collection[str], but: Collection[str]) -> None:
            read.append((list(first), language))
            if len(read) == len(Language):
                done.set()
            raise BaseError("base", "could not be read (malformed)")

    base = Read(TEXTS, FakeEmbedder(), halves)
    Searcher(base, IndexKeeper(base, tmp_path), FakeEmbedder(), exact_prior(), GLOSSARY).warm_up()

    assert done.wait(10)
    assert read[:2] == [
        (["abandono", "esfuerzo", "abandon", "esfuerz"], ES),
        (["churn", "customer", "effort", "churn", "custom", "effort"], EN),
    ]
    assert not any(words for words, _ in read[2:])
