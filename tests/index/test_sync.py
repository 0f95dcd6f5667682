"""The derived index follows the store, survives damage, and says what it did."""

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index.vectors import generations
from index.vectors.growing import Growth
from index.vectors.sync import IndexKeeper, SyncReport
from kb.records.errors import BaseError
from kb.records.language import Language
from kb.records.ports import FloatArray, ModelStamp


class FakeVectors:
    """A VectorSource over a dict; the vector of a key is told by the key."""

    def __init__(self, languages: dict[int, Language], dimension: int = 3) -> None:
        self.languages = dict(languages)
        self.changes = 1
        self.dimension = dimension
        self.read: list[int] = []
        self.rewritings = 0
        self.name, self.factor = "fake", 1
        self.broken = False
        self.asked_after: list[int] = []

    def version(self) -> int:
        return self.changes

    def stamp(self) -> ModelStamp | None:
        return ModelStamp(self.name, "1", self.dimension) if self.languages else None

    def rewritten(self) -> int:
        return self.rewritings

    def vector_keys(self, after: int = 0) -> dict[int, Language]:
        self.asked_after.append(after)
        return {key: language for key, language in self.languages.items() if key > after}

    def vectors(self, keys: Sequence[int]) -> FloatArray:
        if self.broken and self.read:
            raise BaseError("base", "could not be read", "Check it")
        self.read += keys
        return np.array([[key * self.factor] * self.dimension for key in keys], np.float32).reshape(-1, self.dimension)

    def change(self, add: dict[int, Language], remove: Sequence[int] = ()) -> None:
        self.rewritings += any(key <= max(self.languages, default=0) for key in [*remove, *add])
        for key in remove:
            del self.languages[key]
        self.languages |= add
        self.changes += 1


@pytest.fixture
def source() -> FakeVectors:
    return FakeVectors({1: Language.ES, 2: Language.EN, 3: Language.ES})


def test_a_first_start_builds_and_says_why(source: FakeVectors, tmp_path: Path) -> None:
    keeper = IndexKeeper(source, tmp_path)

    assert SyncReport(3, 0, saved=True, rebuilt="there was no vector index yet") == keeper.last_report
    assert source.languages == keeper.index.keys()


def test_a_second_start_reads_no_vector(source: FakeVectors, tmp_path: Path) -> None:
    IndexKeeper(source, tmp_path)
    source.read.clear()

    keeper = IndexKeeper(source, tmp_path)

    assert SyncReport(0, 0, saved=False) == keeper.last_report
    assert source.read == []
    assert source.languages == keeper.index.keys()


def test_a_base_that_only_grows_is_not_compared_whole(source: FakeVectors, tmp_path: Path) -> None:
    """Every key is asked for once; then those beyond the highest, until something that was there has changed."""
    keeper = IndexKeeper(source, tmp_path)
    source.asked_after.clear()

    for add, remove, report in [
        ({4: Language.EN}, (), SyncReport(1, 0, saved=False)),
        ({}, (), SyncReport(0, 0, saved=False)),
        ({5: Language.ES, 6: Language.EN}, (), SyncReport(2, 0, saved=False)),
        ({7: Language.EN}, [5], SyncReport(1, 1, saved=False)),
        ({8: Language.ES}, (), SyncReport(1, 0, saved=False)),
    ]:
        source.change(add, remove)
        assert keeper.refresh() == report
        assert keeper.index.keys() == source.languages

    assert source.asked_after == [3, 4, 4, 0, 7]


def test_what_a_failed_reading_left_is_not_added_twice(source: FakeVectors, tmp_path: Path) -> None:
    """The second of two batches cannot be read once; the next change finds what is there and what is not."""
    keeper = IndexKeeper(source, tmp_path, background=True)
    assert keeper.settle(5)
    source.broken = True
    source.read.clear()
    source.change(dict.fromkeys(range(100, 5101), Language.ES))
    assert keeper.refresh() == SyncReport(0, 0, saved=False)
    source.broken = False

    source.change({5101: Language.ES})
    keeper.refresh()

    assert keeper.index.keys() == source.languages
    assert keeper.index.count(Language.ES) == 5004


def test_vectors_of_another_model_are_never_kept_under_its_name(source: FakeVectors, tmp_path: Path) -> None:
    """A base that is embedded anew with a model of the same dimension while it is open."""
    keeper = IndexKeeper(source, tmp_path)
    source.name, source.factor = "other", 7
    source.change({})
    keeper.refresh()

    assert keeper.index.vectors(Language.ES, [1, 3]).tolist() == [[7, 7, 7], [21, 21, 21]]
    assert IndexKeeper(source, tmp_path).index.vectors(Language.EN, [2]).tolist() == [[14, 14, 14]]


def test_a_vector_that_goes_between_two_looks_fails_no_search(source: FakeVectors, tmp_path: Path) -> None:
    """In its place stands the mean of the others."""
    index = IndexKeeper(source, tmp_path).index
    index.remove([3])

    assert index.vectors(Language.ES, [3, 1]).tolist() == [[1, 1, 1], [1, 1, 1]]


def test_a_start_behind_the_store_reads_what_differs(source: FakeVectors, tmp_path: Path) -> None:
    IndexKeeper(source, tmp_path)
    source.read.clear()
    source.change({4: Language.EN}, remove=[1])

    keeper = IndexKeeper(source, tmp_path)

    assert SyncReport(1, 1, saved=False) == keeper.last_report
    assert source.read == [4]
    assert source.languages == keeper.index.keys()


def test_refresh_follows_the_store(source: FakeVectors, tmp_path: Path) -> None:
    keeper = IndexKeeper(source, tmp_path)
    before = keeper.revision

    assert keeper.refresh() is None
    source.change({9: Language.EN}, remove=[2])

    assert SyncReport(1, 1, saved=False) == keeper.refresh()
    assert source.languages == keeper.index.keys()
    assert keeper.revision == before + 1


def test_many_changes_write_a_new_generation(source: FakeVectors, tmp_path: Path) -> None:
    keeper = IndexKeeper(source, tmp_path)
    source.change(dict.fromkeys(range(100, 611), Language.ES))

    assert SyncReport(511, 0, saved=False) == keeper.refresh()

    source.change({611: Language.ES})

    assert SyncReport(1, 0, saved=True) == keeper.refresh()
    assert len(list(tmp_path.glob("*.vectors"))) == 1


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        ("byte", "the file of the vector index was damaged"),
        ("file", "the file of the vector index was missing"),
        ("pointer", "the pointer to the vector index was damaged"),
        ("model", "the vector index was made with other, not fake"),
    ],
)
def test_damage_is_found_and_mended(source: FakeVectors, tmp_path: Path, damage: str, reason: str) -> None:
    IndexKeeper(source, tmp_path)
    file = next(tmp_path.glob("*.vectors"))
    pointer = tmp_path / generations.POINTER
    if damage == "byte":
        data = bytearray(file.read_bytes())
        data[len(data) // 2] ^= 1
        file.write_bytes(data)
    elif damage == "file":
        file.unlink()
    elif damage == "pointer":
        pointer.write_text("{")
    else:
        pointer.write_text(pointer.read_text().replace('"fake"', '"other"'))

    keeper = IndexKeeper(source, tmp_path)

    assert SyncReport(3, 0, saved=True, rebuilt=reason) == keeper.last_report
    assert source.languages == keeper.index.keys()
    assert IndexKeeper(source, tmp_path).last_report == SyncReport(0, 0, saved=False)


def test_every_damaged_byte_is_found(source: FakeVectors, tmp_path: Path) -> None:
    IndexKeeper(source, tmp_path)
    file = next(tmp_path.glob("*.vectors"))
    whole = file.read_bytes()
    for place in range(len(whole)):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 0x10]) + whole[place + 1 :])

        assert generations.load(tmp_path) == generations.Unusable("the file of the vector index was damaged")


def test_an_empty_base_has_an_empty_index(tmp_path: Path) -> None:
    keeper = IndexKeeper(FakeVectors({}), tmp_path)

    assert keeper.index.languages() == []
    assert list(tmp_path.iterdir()) == []


def test_a_base_that_was_empty_grows(tmp_path: Path) -> None:
    source = FakeVectors({})
    keeper = IndexKeeper(source, tmp_path)
    source.change({1: Language.ES})
    keeper.refresh()

    assert keeper.index.keys() == {1: Language.ES}


def test_a_folder_that_cannot_be_written_costs_nothing(source: FakeVectors, tmp_path: Path) -> None:
    blocked = tmp_path / "a file"
    blocked.write_text("")

    keeper = IndexKeeper(source, blocked)

    assert SyncReport(3, 0, saved=False, rebuilt="the pointer to the vector index was damaged") == keeper.last_report
    assert source.languages == keeper.index.keys()


class SlowVectors(FakeVectors):
    """Vectors that come when they are let go."""

    def __init__(self, languages: dict[int, Language]) -> None:
        super().__init__(languages)
        self.go = threading.Event()

    def vectors(self, keys: Sequence[int]) -> FloatArray:
        self.go.wait(10)
        return super().vectors(keys)


def test_a_server_says_that_its_index_is_being_made(tmp_path: Path) -> None:
    """Until the thread is done the index is empty and flagged; then it is whole, and changes are followed."""
    source = SlowVectors({1: Language.ES, 2: Language.EN})
    keeper = IndexKeeper(source, tmp_path, background=True)

    assert keeper.index.keys() == {}
    assert keeper.fault == (
        "the vector index is being made anew (there was no vector index yet): words only until it is there"
    )
    assert keeper.refresh() is None
    assert not keeper.settle(0)

    source.go.set()
    assert keeper.settle(10)

    assert [keeper.fault, keeper.mended] == [None, None]
    assert SyncReport(2, 0, saved=True, rebuilt="there was no vector index yet") == keeper.last_report
    assert source.languages == keeper.index.keys()
    source.change({3: Language.ES})
    keeper.refresh()
    assert source.languages == keeper.index.keys()


def test_a_whole_index_is_opened_at_once_by_a_server_too(source: FakeVectors, tmp_path: Path) -> None:
    """A thread is for what takes long."""
    IndexKeeper(source, tmp_path)

    keeper = IndexKeeper(source, tmp_path, background=True)

    assert keeper.fault is None
    assert source.languages == keeper.index.keys()


def test_a_command_says_what_it_mended(source: FakeVectors, tmp_path: Path) -> None:
    """Damage is told once; a first index is none."""
    assert IndexKeeper(source, tmp_path).mended is None
    next(tmp_path.glob("*.vectors")).write_bytes(b"short")

    mended = IndexKeeper(source, tmp_path).mended

    assert mended == "the vector index was made anew: the file of the vector index was damaged"
    assert IndexKeeper(source, tmp_path).mended is None


def test_a_large_base_leaves_it_to_its_own_command(source: FakeVectors, tmp_path: Path) -> None:
    """Words answer, nothing is read or written, and the message names the command."""
    keeper = IndexKeeper(source, tmp_path, waited_for=2)

    assert keeper.fault == "there was no vector index yet: words only; make it anew with kb index"
    assert (source.read, keeper.index.keys(), keeper.refresh()) == ([], {}, None)
    assert list(tmp_path.iterdir()) == []
    assert IndexKeeper(source, tmp_path, waited_for=3).fault is None


def test_vectors_that_cannot_be_read_are_a_fault(source: FakeVectors, tmp_path: Path) -> None:
    """A vector of another length than the model's is no crash."""

    class Short(FakeVectors):
        def stamp(self) -> ModelStamp | None:
            return ModelStamp("fake", "1", 9)

    faulty = IndexKeeper(Short(source.languages), tmp_path)

    assert faulty.fault is not None
    assert faulty.fault.startswith("the vectors of the base cannot be read (vectors of shape (2, 3)")
    assert faulty.fault.endswith("words only; check it with kb doctor")


def test_a_language_that_grows_large_says_so_and_stays_equal(tmp_path: Path) -> None:
    """Small sizes stand for large ones: the index changes kind, follows the store, and opens again as it was."""
    growth = Growth(large_from=300)
    source = FakeVectors(dict.fromkeys(range(1, 300), Language.ES))
    keeper = IndexKeeper(source, tmp_path, growth=growth)
    source.change({300: Language.ES, 301: Language.EN})

    said = ("Spanish: the large index was made, for 300 vectors are many",)
    assert SyncReport(2, 0, saved=True, regrown=said) == keeper.refresh()
    assert source.languages == keeper.index.keys()

    source.change({302: Language.ES}, remove=[7])

    assert SyncReport(1, 1, saved=False) == keeper.refresh()
    again = IndexKeeper(source, tmp_path, growth=growth)
    assert SyncReport(1, 1, saved=False) == again.last_report
    assert source.languages == keeper.index.keys() == again.index.keys()
    query = np.ones(3, np.float32)
    for index in (keeper.index, again.index):
        assert index.search(Language.ES, query, 3).keys.tolist() == [302, 300, 299]
        assert index.search(Language.ES, query, 3, np.array([5, 7, 9], np.int64)).keys.tolist() == [9, 5]


def test_a_damaged_large_index_is_made_anew(tmp_path: Path) -> None:
    growth = Growth(large_from=100)
    source = FakeVectors(dict.fromkeys(range(1, 200), Language.ES))
    IndexKeeper(source, tmp_path, growth=growth)
    file = next(tmp_path.glob("*.vectors"))
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)

    keeper = IndexKeeper(source, tmp_path, growth=growth)

    said = ("Spanish: the large index was made, for 199 vectors are many",)
    why = "the file of the vector index was damaged"
    assert SyncReport(199, 0, saved=True, rebuilt=why, regrown=said) == keeper.last_report
    assert source.languages == keeper.index.keys()
