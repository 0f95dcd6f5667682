"""What every engine keeps of the server's own records: jobs once each, replies, keys, saved searches, webhooks."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kb.records.errors import InputError, NotFoundError, TakenError
from kb.records.operation import Job, JobFile, JobState, Key, SavedSearch, Scope, Webhook
from kb.records.search import Filters
from kb.store import Store
from kb.store.operation.replies import KeptReply
from tests.kb.contract.conftest import Open
from tests.kb.making import make_document, make_entry

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def job(number: int) -> Job:
    return Job(f"j{number}", JobState.QUEUED, NOW, 1)


def test_a_job_goes_its_way(store: Store) -> None:
    """Taken, told of, put off, finished; the oldest first, those that were cut off last."""
    for number in (1, 2, 3):
        store.jobs.queue(job(number), "key:k1")
    first = store.jobs.take(NOW)
    store.jobs.put_back(cut_off=True)
    second = store.jobs.take(NOW, but=["j3"])
    assert first is not None
    assert second is not None
    store.jobs.begin("j2", "reading", "a.txt")
    store.jobs.note("j2", JobFile("a.txt", "added"))
    ended = store.jobs.finish("j2", NOW)

    assert (first.id, second.id) == ("j1", "j2")
    assert (ended.state, ended.files, ended.read) == (JobState.DONE, (JobFile("a.txt", "added"),), 1)
    assert store.jobs.get("j1").cut_off == ("",)
    assert [one.id for one in store.jobs.newest(2)] == ["j3", "j2"]
    assert store.jobs.ids_in_state(JobState.QUEUED) == ["j1", "j3"]
    assert [one.id for one in (store.jobs.take(NOW), store.jobs.take(NOW)) if one] == ["j3", "j1"]
    assert store.jobs.take(NOW) is None
    assert (store.jobs.total(), store.jobs.count(JobState.RUNNING)) == (3, 2)
    assert store.jobs.caller_of("j3") == "key:k1"
    assert store.jobs.put_off("j3", "full").waiting == "full"
    with pytest.raises(NotFoundError):
        store.jobs.get("j9")


def test_no_two_take_one_job(open_base: Open) -> None:
    """Three programs that take at once: each job has one of them, and none waits for what another holds."""
    stores = [open_base() for _ in range(3)]
    for number in range(60):
        stores[0].jobs.queue(job(number), "me")
    taken: list[str] = []

    def take(store: Store) -> None:
        while (found := store.jobs.take(NOW)) is not None:
            taken.append(found.id)

    threads = [threading.Thread(target=take, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(taken) == sorted(f"j{number}" for number in range(60))


def test_a_worker_keeps_what_it_holds_and_a_dead_one_loses_it(open_base: Open) -> None:
    """Until its time ends nobody takes its job; then another does, and what the first one says is refused."""
    store, other = open_base(), open_base()
    dead, alive = store.jobs.of("dead"), other.jobs.of("alive")
    store.jobs.queue(job(1), "me")
    taken = dead.take(NOW)
    dead.begin("j1", "reading", "a.txt")

    before = alive.take(NOW)
    with store._connections.write() as connection:
        connection.execute("UPDATE jobs SET held_until = held_until - 31")
    dead.renew()
    renewed = alive.take(NOW)
    with store._connections.write() as connection:
        connection.execute("UPDATE jobs SET held_until = held_until - 31")
    again = alive.take(NOW)

    assert taken is not None
    assert again is not None
    assert (before, renewed) == (None, None)
    assert (again.id, again.attempt, again.cut_off) == ("j1", 2, ("a.txt",))
    for late in (
        lambda: dead.note("j1", JobFile("a.txt", "added")),
        lambda: dead.begin("j1", "writing", "a.txt"),
        lambda: dead.finish("j1", NOW),
        lambda: dead.put_off("j1", "full"),
        lambda: dead.hold("j1"),
    ):
        with pytest.raises(TakenError, match="is another worker's by now"):
            late()
    assert (dead.put_back(), store.jobs.get("j1").files) == (0, ())
    assert alive.note("j1", JobFile("a.txt", "added")).files == (JobFile("a.txt", "added"),)
    assert alive.put_back() == 1
    with pytest.raises(TakenError):
        alive.finish("j1", NOW)


def test_a_row_that_is_no_job_is_set_aside(store: Store) -> None:
    """The next one is taken, and the row stays as it is for whoever looks."""
    store.jobs.queue(job(1), "me")
    store.jobs.queue(job(2), "me")
    with store._connections.write() as connection:
        connection.execute("UPDATE jobs SET record = ? WHERE id = ?", ("{ñ", "j1"))

    taken = store.jobs.take(NOW)
    (aside,) = store.jobs.set_aside()

    assert taken is not None
    assert taken.id == "j2"
    assert (aside.id, aside.record) == ("j1", "{ñ".encode())


def test_a_request_that_is_repeated_does_nothing_twice(store: Store) -> None:
    """The earlier reply comes back, and nothing is written."""
    reply = KeptReply("me", "name", "hash", 202, '{"job":"j1"}', NOW)

    assert store.jobs.queue(job(1), "me", reply) is None
    assert store.jobs.queue(job(2), "me", replace(reply, body="other")) == reply
    assert store.jobs.total() == 1
    assert store.jobs.reply("me", "name") == reply
    store.jobs.forget_replies(NOW + timedelta(seconds=1))
    assert store.jobs.reply("me", "name") is None


def test_keys(store: Store) -> None:
    """Found by the hash of their secret, ended at once, handed over."""
    key = Key("k1", "newsroom", frozenset({Scope.READ}), NOW)
    store.keys.add(key, "0" * 64)
    successor = replace(key, id="k2", created=NOW + timedelta(days=1))
    old = store.keys.rotate("k1", successor, "1" * 64, NOW + timedelta(days=2))

    assert store.keys.find("1" * 64) == successor
    assert store.keys.find("2" * 64) is None
    assert [one.id for one in store.keys.all()] == ["k1", "k2"]
    assert old.expires == NOW + timedelta(days=2)
    assert store.keys.revoke("k2", NOW + timedelta(days=3)).revoked == NOW + timedelta(days=3)
    with pytest.raises(InputError, match="no longer live"):
        store.keys.rotate("k2", replace(successor, id="k3", created=NOW + timedelta(days=4)), "3" * 64, NOW)
    with pytest.raises(NotFoundError):
        store.keys.get("k9")


def test_saved_searches_and_who_is_told(store: Store) -> None:
    """By id or name, in order; a webhook goes with its search, and a job that ends is told of."""
    search = SavedSearch("s1", "lealtad", NOW, "lealtad", Filters())
    store.saved_searches.add(search)
    hook = Webhook("w1", "https://example.org/", NOW, "s1")
    store.webhooks.add(hook, "secret", store.saved_searches.newest())
    store.webhooks.add(replace(hook, id="w2", search_id=None), "other", 0)
    store.add(make_entry(make_document("a.txt", "one text")), b"one text")
    store.jobs.queue(job(1), "me")
    store.jobs.finish("j1", NOW)
    due = store.webhooks.due(NOW)
    store.webhooks.write_body(due[0].delivery, "{}", 7)

    assert (store.saved_searches.get("s1"), store.saved_searches.get("lealtad")) == (search, search)
    assert store.saved_searches.newest() > 0
    assert [(one.webhook.id, one.secret, one.told, one.body) for one in due] == [
        ("w1", "secret", 0, None),
        ("w2", "other", 0, None),
    ]
    assert store.webhooks.due(NOW)[0].told == 7
    assert store.webhooks.due(NOW - timedelta(seconds=1)) == []
    with pytest.raises(InputError, match="is there already"):
        store.saved_searches.add(replace(search, id="s2"))
    assert store.saved_searches.look("s1", 5).seen == 5
    store.saved_searches.remove("lealtad")
    assert [one.id for one in store.webhooks.all()] == ["w2"]
