"""What every engine keeps of documents: whole or not at all, by source and version, found and gone together."""

from __future__ import annotations

import random
import struct
import threading
from dataclasses import replace

import numpy as np
import pytest

from kb.records.document import Document
from kb.records.errors import ChangedError, InputError, ModelError, NotFoundError
from kb.records.file_format import FileFormat
from kb.records.language import Language
from kb.records.ports import ModelStamp
from kb.records.search import Filters, WordQuery
from kb.records.source import Claim, KnownPlace, KnownSource
from kb.records.topics import Example, OwnTopic, SubTopic, Topic, TopicAssignment, TopicCount
from kb.store import Store, StoredFailure, StoredFingerprint
from kb.store.disk import word_memory
from tests.kb.bm25 import weighed
from tests.kb.contract.conftest import Open
from tests.kb.making import STAMP, make_document, make_entry

CLAIM = Claim(KnownSource("/a/ñandú.txt", "ñandú.txt", None), "/a/ñandú.txt", "/a/ñandú.txt", "/a/nandu.txt")


def add(store: Store, name: str, text: str, **about: object) -> str:
    """The id of a new document with this text."""
    document = make_document(name, text, version=store.next_version(name))
    document = replace(document, **about)  # type: ignore[arg-type]
    store.add(make_entry(document, topics=(Topic.METRICS,)), text.encode())
    return document.id


def test_an_empty_base_answers(store: Store) -> None:
    assert store.counts() == {"documents": 0, "passages": 0, "statistics": 0}
    assert (store.version(), store.rewritten(), store.stamp()) == (0, 0, STAMP)
    assert (store.documents(), store.years(), store.topic_cells(), store.vector_keys()) == ([], [], {}, {})
    assert [len(found([])) for found in (store.documents_with, store.facts_of, store.names_of, store.sizes)] == [0] * 4
    assert store.vectors([]).shape == (0, 4)
    assert store.word_search(WordQuery(("words",), ("word",)), Language.EN, 5) == []
    with pytest.raises(NotFoundError, match="is not in this base"):
        store.document("d0")


def test_what_was_added_is_read_as_it_was(store: Store) -> None:
    """Every field of the records, the vectors, the original; lone marks, quotes and ends of lines too."""
    text = "Ñandú \"and\" 'so' \\ on %s {x}\n\u2028\U0001f600 \u0301 end"
    document = replace(make_document("ñandú.txt", text), title="T", authors=("A", "B"), publisher="P'ub")
    document = replace(document, published="2023-05")
    entry = make_entry(document, language=Language.ES, topics=(Topic.EMPATHY, Topic.METRICS))
    entry = replace(entry, fingerprint=StoredFingerprint(document.id, document.sha256, "0" * 64, b"\0\1\2\3", "1 2"))
    store.add(entry, b"\0\xff original", CLAIM)
    keys = list(store.vector_keys())

    assert store.document(document.id) == document
    assert store.passages_of(document.id) == list(entry.passages)
    assert store.passages(keys) == dict(zip(keys, entry.passages, strict=True))
    assert np.array_equal(store.vectors(keys[::-1]), np.stack([one.vectors.passage for one in entry.indexing[::-1]]))
    assert entry.fingerprint is not None
    assert store.fingerprints_like(entry.fingerprint, []) == [entry.fingerprint]
    assert store.facts_of([document.id])[document.id].reference.title == "T"
    assert store.known("ñandú.txt") == (document.sha256, "1")
    assert store.sources.known_as("/a/ñandú.txt") == CLAIM.source
    assert store.sources.is_written(CLAIM)
    assert store.years() == [2023]
    assert store.topic_cells() == {
        (Topic.EMPATHY, Language.ES, 2023): TopicCount(2, 0, 1),
        (Topic.METRICS, Language.ES, 2023): TopicCount(2, 0, 1),
    }


def test_every_engine_weighs_words_alike(store: Store) -> None:
    """To the last bit, those that came later, those of a filter and equal ones too: each of them is what BM25 gives."""
    chance = random.Random(6)  # noqa: S311 - words, not a secret
    texts: list[str] = []
    for number in range(3):
        lines = [" ".join(chance.choices("abcde", (9, 6, 4, 2, 1), k=chance.randint(1, 9))) for _ in range(20)]
        texts += lines
        add(store, f"{number}.txt", "\n".join(lines))
        rows = [(key, text, text) for key, text in zip(store.vector_keys(), texts, strict=True)]
        even = np.array([key for key, *_ in rows if key % 2 == 0], np.int64)
        for words in (
            WordQuery(("a",), ("e",)),
            WordQuery(("d", "nowhere", "b"), ("c", "d")),
            WordQuery(("e",), ("x",)),
        ):
            for limit in (3, 99):
                for among in (None, even):
                    found = store.word_search(words, Language.EN, limit, among)
                    assert found == weighed(rows, words, limit, among)


def test_words_that_are_read_ahead(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The named ones and the commonest but some: found as before they were read, and not asked for again."""
    monkeypatch.setattr(word_memory, "_RARE", 4)
    for number in range(3):
        document = make_document(f"{number}.txt", "\n".join(("all many few", "all many all", "all")[: number + 1]))
        store.add(make_entry(document), document.text.encode())
    words = WordQuery(("all", "few", "nowhere"), ("few",))
    expected = store.word_search(words, Language.EN, 9)
    store._words._passages.clear()

    store.read_ahead(Language.EN, ["few", "nowhere"], {"many"})
    store.read_ahead(Language.ES, ["few"], ())

    held = store._words._passages[Language.EN].held
    assert list(dict.fromkeys(word for _, word in reversed(held))) == ["few", "nowhere", "all"]
    monkeypatch.setattr(store._connections.words, "met", None)
    monkeypatch.setattr(store._connections.words, "counts", None)
    assert store.word_search(words, Language.EN, 9) == expected


def test_a_new_version_takes_the_place_of_the_old(store: Store) -> None:
    """The old one stays readable under its id, and nothing finds it."""
    old = add(store, "a.txt", "the old words\nmore of it")
    new = add(store, "a.txt", "the new words")

    assert [document.id for document in store.documents()] == [new]
    assert [(one.id, one.version) for one in store.documents(all_versions=True)] == [(old, 1), (new, 2)]
    assert [passage.text for passage in store.passages_of(old)] == ["the old words", "more of it"]
    assert [passage.text for passage in store.passages(list(store.vector_keys())).values()] == ["the new words"]
    assert store.word_search(WordQuery(("old",), ("old",)), Language.EN, 5) == []
    assert (store.version(), store.rewritten()) == (2, 1)


def prints(document: Document, words: str, *hashes: int) -> StoredFingerprint:
    runs = struct.pack(f"<{len(hashes)}I", *hashes)
    return StoredFingerprint(document.id, document.sha256, words * 64, runs, "")


def test_what_says_the_same_is_looked_up(store: Store) -> None:
    """By bytes, by words, by two hashes of the sample at least; no old version, no repeat, nothing that was removed."""
    names = ("bytes", "words", "near", "one", "repeat", "gone")
    made = {name: make_document(name, f"text of {name}") for name in names}
    old, new = make_document("again", "text of then"), make_document("again", "text of now", version=2)
    asked = prints(make_document("asked", "text"), "a", *range(100))
    known = {
        "bytes": prints(made["bytes"], "b"),
        "words": prints(made["words"], "a"),
        "near": prints(made["near"], "c", 7, 2**32 - 1, 4_000_000_000, 9),
        "one": prints(made["one"], "d", 7, 1000),
        "repeat": prints(made["repeat"], "a", *range(50)),
        "gone": prints(made["gone"], "a", *range(50)),
    }
    asked = replace(asked, sha256=made["bytes"].sha256)
    made["repeat"] = replace(made["repeat"], duplicate_of=made["near"].id)
    for name, document in made.items():
        store.add(replace(make_entry(document), fingerprint=known[name]), name.encode())
    store.add(replace(make_entry(old), fingerprint=prints(old, "a", *range(50))), b"then")
    store.add(replace(make_entry(new), fingerprint=prints(new, "e", 500)), b"now")
    store.remove(made["gone"].id)

    assert store.fingerprints_like(asked, range(100)) == [known["bytes"], known["near"], known["words"]]
    assert store.fingerprints_like(replace(asked, sha256="f" * 64, words_key="9" * 64), []) == []


def test_a_removal_takes_everything(store: Store) -> None:
    """Passages, words, vectors, original; what repeated it repeats nothing."""
    first = add(store, "a.txt", "one text")
    second = add(store, "b.txt", "one text again", duplicate_of=first)
    sha256 = store.document(first).sha256
    before = store.repeats()

    store.remove(first)

    assert before == {second: first}
    assert (store.repeats(), store.document_ids()) == ({}, [second])
    assert [store.passages([key])[key].document_id for key in store.vector_keys()] == [second]
    with pytest.raises(NotFoundError):
        store.original(sha256)


def test_what_fails_in_the_middle_leaves_nothing(store: Store) -> None:
    """A passage whose id is taken ends the transaction; the base is as before."""
    add(store, "a.txt", "one text")
    other = make_entry(make_document("b.txt", "another text"))
    taken = replace(other.passages[0], id=store.passages_of(store.documents()[0].id)[0].id)
    before = store.version(), store.counts()

    with pytest.raises(Exception, match="passages"):
        store.add(replace(other, passages=(taken,)), b"another text")

    assert (store.version(), store.counts()) == before
    assert store.word_search(WordQuery(("another",), ("another",)), Language.EN, 5) == []
    add(store, "b.txt", "another text")
    assert store.counts()["documents"] == 2


def test_another_source_of_the_same_bytes(store: Store) -> None:
    """An alias is known, named, and takes the document over when its source goes."""
    document = add(store, "a.txt", "one text")
    store.add_alias("b.txt", document, Claim(KnownSource("/b", "b.txt", "key:k"), "/b", "/b", "/b"))

    assert store.names_of([document]) == {document: ["b.txt"]}
    assert store.current_of("b.txt") == document
    assert store.known("b.txt") == (store.document(document).sha256, "1")
    assert store.sources.places_of("b.txt") == [KnownPlace("/b", "/b", "b.txt")]
    add(store, "a.txt", "a new text")
    assert store.document(document).source_id == "b.txt"
    assert store.is_current(document)
    assert store.forget_place(KnownPlace("/b", "/b", "b.txt"))
    with pytest.raises(NotFoundError):
        store.document(document)


def test_two_runs_bring_the_same_bytes_at_once(open_base: Open) -> None:
    """Neither knew of the other: both sources are there afterwards, as the third that had the bytes before."""
    first, second = open_base(), open_base()
    first.claim(STAMP)
    one, other = make_document("a.txt", "one text"), make_document("b.txt", "one text")
    first.add(make_entry(one), b"one text")
    first.add_alias("c.txt", one.id)

    second.add(make_entry(other), b"one text")
    names = ("a.txt", "b.txt", "c.txt")
    found = [second.current_of(name) for name in names]
    first.add(make_entry(one), b"one text")

    assert found == [one.id] * 3
    assert [second.current_of(name) for name in names] == [one.id] * 3
    assert second.names_of([one.id]) == {one.id: ["b.txt", "c.txt"]}


def test_names_are_in_the_order_of_their_bytes(store: Store) -> None:
    """Pages of a list are the same on every engine."""
    names = ["ñ.txt", "a.txt", "B.txt", "a/b.txt", "á.txt", "a-b.txt", "Z.txt", "_.txt"]
    for number, name in enumerate(names):
        add(store, name, f"text {number}")

    listed = [document.source_id for document in store.documents()]

    assert listed == sorted(names, key=str.encode)
    assert [document.source_id for document in store.documents(limit=3, offset=2)] == listed[2:5]
    assert store.documents(limit=0) == []
    below = [name for name, _ in store.sources.of_unknown_place("a")]
    assert below == ["a/b.txt"]


FILTERS = [
    (Filters(topics=frozenset({Topic.EMPATHY})), [2]),
    (Filters(topics=frozenset({Topic.EMPATHY}), own_topics=frozenset({"rain"})), [2]),
    (Filters(languages=frozenset({Language.ES})), [1]),
    (Filters(languages=frozenset(Language)), [1, 2, 3]),
    (Filters(year_from=2021), [2]),
    (Filters(year_to=2020), [1]),
    (Filters(sources=frozenset({"COMISIÓN"})), [1]),
    (Filters(sources=frozenset({"100%_\\"})), []),
    (Filters(sources=frozenset({"b.txt", "c.t"})), [2, 3]),
    (Filters(formats=frozenset({FileFormat.PDF})), [3]),
    (Filters(added_after=1), [2, 3]),
    (Filters(has_statistic=True), []),
    (Filters(has_statistic=False, year_from=1), [1, 2]),
    (Filters(subtopics=frozenset({SubTopic.NPS})), []),
]


@pytest.mark.parametrize(("filters", "expected"), FILTERS)
def test_filters(store: Store, filters: Filters, expected: list[int]) -> None:
    """Each of them narrows keys and words alike."""
    documents = [
        ({"publisher": "La Comisión", "published": "2020"}, Language.ES, Topic.METRICS),
        ({"published": "2021-02"}, Language.EN, Topic.EMPATHY),
        ({"media_type": "application/pdf"}, Language.EN, Topic.METRICS),
    ]
    for name, (about, language, topic) in zip("abc", documents, strict=True):
        document = replace(make_document(f"{name}.txt", f"words {name}"), **about)  # type: ignore[arg-type]
        store.add(make_entry(document, language=language, topics=(topic,)), document.text.encode())
    first = min(store.vector_keys())
    if filters.added_after is not None:
        filters = replace(filters, added_after=first)

    keys = store.keys_matching(filters)
    met = [store.word_search(WordQuery(("words",), ("word",)), language, 9, keys) for language in Language]

    assert keys is not None
    assert [int(key) - first + 1 for key in keys] == expected
    assert sorted(key - first + 1 for found in met for key, _ in found) == expected


def test_rare_words_count_more_and_long_passages_less(store: Store) -> None:
    """BM25 with the numbers of FTS5, whichever engine works them out; no text is syntax."""
    long = "words and words of a long passage without it"
    texts = ["effort", "effort effort words", long, "at&t 'quoted\\ words", "words"]
    for number, text in enumerate(texts):
        add(store, f"{number}.txt", text)
    first = min(store.vector_keys())

    def met(*words: str, limit: int = 9) -> list[tuple[int, float]]:
        found = store.word_search(WordQuery(words, words), Language.EN, limit)
        return [(key - first, round(score, 5)) for key, score in found]

    assert met("effort") == [(1, 0.95696), (0, 0.94617)]
    assert met("effort", "words", limit=3) == [(1, 0.95696), (0, 0.94617), (4, 0.0)]
    assert met("at&t") == [(3, 2.30832)]
    assert met("nothing", "'", "\\", '"', "a:b", "!", "&", "|") == []


def test_a_correction_of_what_changed_meanwhile_is_refused(store: Store) -> None:
    document = store.document(add(store, "a.txt", "one text"))
    store.correct(replace(document, title="Right"), None, document.revision)

    assert store.document(document.id).title == "Right"
    with pytest.raises(ChangedError):
        store.correct(replace(document, title="Other"), None, document.revision + 1)


def test_failures_and_claims(store: Store) -> None:
    """The last word on each source stands until it is in."""
    store.note_failure(StoredFailure("a.txt", "/a", "read", "is empty", None), CLAIM)
    store.note_failure(StoredFailure("a.txt", "/a", "read", "is no text", "Look at it"))
    before = store.failures()
    add(store, "a.txt", "one text")

    assert before == [StoredFailure("a.txt", "/a", "read", "is no text", "Look at it")]
    assert store.failures() == []


def test_another_model_is_refused_and_all_vectors_are_replaced_at_once(store: Store) -> None:
    add(store, "a.txt", "one\ntwo")
    other = ModelStamp("other", "1" * 16, 4)
    made = {key: make_entry(make_document("x", "x")).indexing[0].vectors for key in store.vector_keys()}

    with pytest.raises(ModelError):
        store.claim(other)
    with pytest.raises(ValueError, match="1 passages have no new vector"):
        store.restamp(other, dict(list(made.items())[:1]))
    assert store.stamp() == STAMP
    store.restamp(other, made)

    assert store.stamp() == other
    assert np.array_equal(store.vectors(list(made)), np.eye(4, dtype=np.float32)[[0, 0]])


def test_an_original_that_is_put_back(store: Store) -> None:
    """Only bytes that a document has."""
    add(store, "a.txt", "one text")

    store.put_back_original(b"one text")
    with pytest.raises(InputError, match="belongs to no document"):
        store.put_back_original(b"other bytes")

    sha256 = store.documents()[0].sha256
    assert (store.original(sha256), store.fault_of_original(sha256)) == (b"one text", None)
    assert store.fault_of_original("0" * 64) == "is not kept in this base"


def test_labels_are_replaced_together(store: Store) -> None:
    """Records, counts and own topics; not when the base changed since they were given."""
    add(store, "a.txt", "one\ntwo")
    keys = list(store.vector_keys())
    nps = TopicAssignment(Topic.METRICS, 0.4, ("x",), subtopics=("nps",))
    after = {key: replace(one, topics=(nps,)) for key, one in store.passages(keys).items()}
    rain = OwnTopic("rain", Example(Language.EN, "it rains"), ())

    store.tagging.replace(after, "v2", [rain], since=store.version())
    store.tagging.replace(after, "v3", [rain], since=store.version())
    with pytest.raises(Exception, match="changed while its topics were given"):
        store.tagging.replace(after, "v4", [], since=store.version() - 1)

    assert store.tagging.versions() == {"v3": 1}
    assert store.tagging.subtopic_counts() == {SubTopic.NPS: 2}
    assert store.tagging.own_topics() == (rain,)
    assert store.topic_cells() == {(Topic.METRICS, Language.EN, None): TopicCount(2, 2, 1)}
    (facts, _) = store.tagging.facts()
    assert (facts.topics, facts.unsure) == (frozenset({Topic.METRICS}), frozenset({Topic.METRICS}))


def test_programs_that_write_at_once_lose_nothing(open_base: Open) -> None:
    """Four writers, each a program of its own: every document is there, and a reader that asks for what has higher keys
    than it saw misses none."""
    stores = [open_base() for _ in range(5)]
    stores[0].claim(STAMP)
    seen: dict[int, Language] = {}
    done = threading.Event()

    def write(number: int) -> None:
        for turn in range(6):
            add(stores[number], f"{number}-{turn}.txt", f"text {number} {turn}\nmore {number} {turn}")

    def look() -> None:
        while not done.is_set():
            seen.update(stores[4].vector_keys(after=max(seen, default=0)))

    writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    reader = threading.Thread(target=look)
    for thread in (*writers, reader):
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    reader.join()
    seen.update(stores[4].vector_keys(after=max(seen, default=0)))

    assert stores[4].counts() == {"documents": 24, "passages": 48, "statistics": 0}
    assert seen == stores[4].vector_keys()


def test_a_snapshot_is_one_moment(open_base: Open) -> None:
    store, other = open_base(), open_base()
    store.claim(STAMP)
    add(store, "a.txt", "one text")

    with store._connections.snapshot():
        before = store.counts()
        add(other, "b.txt", "another text")
        during = store.counts()

    assert before == during == {"documents": 1, "passages": 1, "statistics": 0}
    assert store.counts()["documents"] == 2


def found_by_source(store: Store, source: str) -> list[int]:
    keys = store.keys_matching(Filters(sources=frozenset([source])))
    assert keys is not None
    return [int(key) for key in keys]


def test_names_are_found_as_they_are_written(store: Store) -> None:
    """With and without accents and capitals, letters that are two when they are folded, and final sigma."""
    add(store, "a.txt", "one", publisher="COMISIÓN Nacional ΟΡΓΑΝΙΣΜΌΣ")
    add(store, "b.txt", "two", publisher="Gießen 50%_\\ STRASSE")

    asked = (
        "comision",
        "COMISIÓN",
        "comisión",
        "οργανισμός",
        "ΟΡΓΑΝΙΣΜΌΣ",
        "Gießen",
        "giessen",
        "straße",
        "50%_\\",
        "5%",
    )

    assert [found_by_source(store, one) for one in asked] == [[1]] * 5 + [[2]] * 4 + [[]]


def test_what_no_text_can_hold_is_not_found(store: Store) -> None:
    """NUL in an id or a filter is no fault of the base, and no filter for everything."""
    add(store, "a.txt", "one", publisher="P")

    assert [found_by_source(store, one) for one in ("\0", "P\0", "a\0.txt")] == [[], [], []]
    assert (store.known("a.txt\0"), store.documents_with(["\0"]), store.next_version("\0")) == (None, {}, 1)
    with pytest.raises(NotFoundError, match="is not in this base"):
        store.document("d\0")
