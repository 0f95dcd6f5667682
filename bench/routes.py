"""How each route grows with the base: p50 and p95 over HTTP, side by side for both engines.

    python -m bench.routes BASE [--sizes 1000,10000] [--rounds 20] [--store postgresql://USER@HOST:PORT/DATABASE]

BASE is a base of real documents. Bases of each size are made of its passages, ten to a document, words of one length
in each changed round and vectors turned a little at random; with ``--store`` (for one size) each is also copied into
that database, which has to be empty. A server in a process of its own answers each route in turn; then ``kb ingest``
takes in one more document, and its seconds and most memory are printed, beside those in an empty base.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import numpy as np

from bench.clients import document as made_document
from bench.output import say
from bench.serving import KB, ROOT, Running, serving
from index.search import lexical
from ingest.repeats.duplicates import fingerprint
from kb.outside.processes import python_environment
from kb.records.document import Block, BlockKind, Document, LanguageShare, Passage, Place, Span, document_id, passage_id
from kb.records.language import Language
from kb.records.ports import PassageVectors
from kb.store import Entry, PassageIndexing, Store, writing
from kb.store.moving import move

_PASSAGES = 10
_WORD = re.compile(r"[a-záéíóúüñ]+")
# Documents a transaction.
_AT_ONCE = 200
_TURNED = 0.35
_QUESTIONS = (
    "customer loyalty after complaints",
    "empatía en la atención al cliente",
    "NPS 2023",
    "tiempo de respuesta",
)


def main(argv: list[str]) -> int:
    """Make, serve, ask and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("base", type=Path)
    parser.add_argument("--sizes", default="1000,10000")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--store", help="the address of an empty database")
    asked = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="kb-routes-") as folder:
        _ingested("SQLite, an empty base", Path(folder) / "base")
    for size in map(int, asked.sizes.split(",")):
        with tempfile.TemporaryDirectory(prefix="kb-routes-") as folder:
            base = Path(folder) / "base"
            started = time.perf_counter()
            grow(asked.base, base, size)
            say(f"{size} documents, {size * _PASSAGES} passages: made in {time.perf_counter() - started:.0f} s")
            _say_size("SQLite", size, sum(path.stat().st_size for path in base.rglob("*") if path.is_file()))
            _measure("SQLite", base, asked.rounds)
            _ingested("SQLite", base)
            if asked.store:
                from kb.store.postgresql.opening import open_postgresql

                local = Path(folder) / "local"
                source, target = Store.open(base), open_postgresql(asked.store, local, create=True)
                started = time.perf_counter()
                move(source, target)
                say(f"copied and compared in {time.perf_counter() - started:.0f} s")
                (held,) = target._connections.read().execute("SELECT pg_database_size(current_database())").fetchone()
                _say_size("PostgreSQL", size, held)
                source.close()
                with _set(asked.store, local):
                    _measure("PostgreSQL", local, asked.rounds, open_postgresql(asked.store, local))
                    _ingested("PostgreSQL", local)
                target.close()
    return 0


def _say_size(engine: str, size: int, held: int) -> None:
    say(f"  {engine}: {held / 2**20:.0f} MB, {held / (size * _PASSAGES) / 1000:.1f} kB a passage")


def grow(real: Path, folder: Path, size: int) -> None:
    """A base of so many documents made of the passages of a real one."""
    source, made = Store.open(real), Store.open(folder, create=True)
    stamp, keys = source.stamp(), list(source.vector_keys())
    if stamp is None:
        raise SystemExit(f"{real} holds no documents")
    made.claim(stamp)
    passages, vectors = list(source.passages(keys).values()), source.vectors(keys)
    sentences, tokens = source.sentence_vectors_of(keys), source.token_blobs(keys)
    words = [(lexical.plain(one.text), lexical.analyse(one.text, one.language)) for one in passages]
    random = np.random.default_rng(size)
    for start in range(0, size, _AT_ONCE):
        with made._connections.write() as connection:
            for number in range(start, min(size, start + _AT_ONCE)):
                chosen = random.permutation(len(passages))[:_PASSAGES].tolist()
                document, spans = _document(number, [_changed_round(passages[one].text, random) for one in chosen])
                own, indexing = [], []
                for one, span in zip(chosen, spans, strict=True):
                    own.append(_moved(passages[one], document, span))
                    noise = random.normal(size=stamp.dimension).astype(np.float32)
                    turned = vectors[one] + _TURNED * noise / np.linalg.norm(noise)
                    unit = turned / np.linalg.norm(turned)
                    made_of = PassageVectors(unit, sentences[keys[one]], tokens[keys[one]])
                    indexing.append(PassageIndexing(made_of, *words[one]))
                kept = fingerprint(document)
                writing.add_entry(connection, Entry(document, tuple(own), tuple(indexing), (), "1", kept))
                writing.bump_version(connection, only_added=True)
                original = folder / "originals" / document.sha256[:2] / document.sha256
                original.parent.mkdir(mode=0o700, exist_ok=True)
                original.write_bytes(document.text.encode())
    source.close()
    made.close()


def _changed_round(text: str, random: np.random.Generator) -> str:
    """The text with its words in the places of others that are as long: each sentence stays where it is."""
    found = list(_WORD.finditer(text))
    by_length: dict[int, list[str]] = {}
    for one in found:
        by_length.setdefault(len(one[0]), []).append(one[0])
    for words in by_length.values():
        random.shuffle(words)
    parts, at = [], 0
    for one in found:
        parts += [text[at : one.start()], by_length[len(one[0])].pop()]
        at = one.end()
    return "".join([*parts, text[at:]])


def _document(number: int, texts: list[str]) -> tuple[Document, list[Span]]:
    text = "\n\n".join([*texts, str(number)])
    spans, start = [], 0
    for one in texts:
        spans.append(Span(start, start + len(one)))
        start += len(one) + 2
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    blocks = tuple(Block(span, BlockKind.PARAGRAPH, 0, Place(line=place)) for place, span in enumerate(spans, start=1))
    year, mix = str(2000 + number % 25), (LanguageShare(Language.EN, 1.0),)
    name = f"made/{number:06}.txt"
    about = ("Publisher", year, None, "text/plain", sha256, text, blocks, mix)
    return Document(document_id(sha256), name, f"Document {number}", ("An Author",), *about), spans


def _moved(passage: Passage, document: Document, span: Span) -> Passage:
    sentences = tuple(one.shifted(span.start - passage.span.start) for one in passage.sentences)
    text = span.cut(document.text)
    identity = passage_id(document.id, span, text)
    return replace(passage, id=identity, document_id=document.id, span=span, text=text, sentences=sentences)


@contextmanager
def _set(store: str, base: Path) -> Iterator[None]:
    os.environ |= {"KB_STORE": store, "KB_BASE": str(base)}
    try:
        yield
    finally:
        del os.environ["KB_STORE"], os.environ["KB_BASE"]


def _ingested(engine: str, base: Path) -> None:
    """Print what it takes to ingest one document, from the start of the program to its end."""
    # Another one each time: that of a base came along into its copy.
    made = made_document(7, sum(map(ord, engine)))
    with tempfile.TemporaryDirectory(prefix="kb-routes-new-") as folder:
        path = Path(folder) / f"{made['id']}.txt"
        path.write_text(made["text"], encoding="utf-8")
        place = () if "KB_STORE" in os.environ else ("--base", str(base))
        started = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 - our own program
            [*KB, "ingest", str(path), *place], cwd=ROOT, env=python_environment(), stdout=subprocess.DEVNULL
        )
        _, code, used = os.wait4(process.pid, 0)
        taken = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(code)
    say(
        f"  {engine}: one document ingested in {taken:.1f} s ({used.ru_utime + used.ru_stime:.1f} s of a processor), "
        f"{used.ru_maxrss / 1024:.0f} MB, exit {process.returncode}"
    )


def _measure(engine: str, base: Path, rounds: int, other: Store | None = None) -> None:
    with serving(base, other) as server, httpx.Client(base_url=server.address, timeout=120) as client:
        say(f"{engine}: ready after {server.ready_after:.1f} s, {server.megabytes()[0]:.0f} MB")
        for name, seconds in _asked(client, server, rounds).items():
            ordered = sorted(1000 * one for one in seconds)
            p50, p95 = ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
            say(f"  {engine:<11} {name:<34} p50 {p50:8.1f} ms  p95 {p95:8.1f} ms")


def _asked(client: httpx.Client, server: Running, rounds: int) -> dict[str, list[float]]:
    listed = client.get("/v1/documents", params={"limit": 50}).json()
    one = listed["documents"][7]
    document = one.get("id") or one["document"]["id"]
    found = client.get("/v1/search", params={"q": _QUESTIONS[0]}).json()["hits"][0]["passage"]["id"]
    ways: dict[str, tuple[str, dict[str, str | int]]] = {
        "documents?limit=50": ("/v1/documents", {"limit": 50}),
        "documents, next page": ("/v1/documents", {"limit": 50, "cursor": str(listed.get("next") or "")}),
        "documents/ID": (f"/v1/documents/{document}", {}),
        "passages/ID": (f"/v1/passages/{found}", {}),
        "topics": ("/v1/topics", {}),
        "coverage": ("/v1/coverage", {}),
        "statistics?limit=20": ("/v1/statistics", {"limit": 20}),
        "search": ("/v1/search", {"q": ""}),
        "search, one year": ("/v1/search", {"q": "", "year_from": 2020, "year_to": 2020}),
        "search, a language and a topic": ("/v1/search", {"q": "", "language": "es", "topic": "empathy"}),
        "answers": ("/v1/answers", {}),
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(rounds + 1):
        question = f"{_QUESTIONS[turn % len(_QUESTIONS)]} {turn}"
        for name, (path, values) in ways.items():
            started = time.perf_counter()
            if name == "answers":
                response = client.post(path, json={"question": question})
            else:
                response = client.get(
                    path, params={key: question if key == "q" else one for key, one in values.items()}
                )
            response.raise_for_status()
            if turn:  # the first reads everything for the first time
                taken[name].append(time.perf_counter() - started)
    return taken


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
