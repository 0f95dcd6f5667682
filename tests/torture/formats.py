"""Hostile bytes of every kind under the name of every format, through the process that reads originals."""

from __future__ import annotations

import io
import random
import resource
import time
import warnings
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from ingest.readers.isolate import IsolatedReader
from ingest.readers.signatures import media_type_of
from ingest.sources.sources import SourceFile
from ingest.text.prepare import prepare
from kb.records.errors import SourceError
from kb.records.file_format import FileFormat
from tests.ingest.hostile import LAUGHS, MEGA, Waits, packed
from tests.ingest.test_hostile import real_files
from tests.torture.rows import Limit, Row, Tally

_SECONDS, _MEGABYTES = "seconds of a file", "MB of the process that reads"
_LONG = 60_000
Make = Callable[[FileFormat], bytes]


def _sound(form: FileFormat) -> bytes:
    """A sound file of the format, or one that begins as it does."""
    for name, data in real_files():
        if Path(name).suffix.removeprefix(".") in (form.value, *form.endings):
            return data
    return "".join(form.marks[:1]).encode("latin-1") + b"\0" * 200


def _members(data: bytes) -> dict[str, bytes]:
    """What is in an archive; of any other file, itself under a name."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    except zipfile.BadZipFile:
        return {"content.xml": data}


def _each(change: Callable[[bytes], bytes]) -> Make:
    """A sound archive with every member changed; of another file, itself."""
    return lambda form: packed({name: change(data) for name, data in _members(_sound(form)).items()})


def _twice(form: FileFormat) -> bytes:
    """Every member is there twice, the second as noise."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, data in _members(_sound(form)).items():
            archive.writestr(name, data)
            archive.writestr(name, b"\0\xff" * 50)
    return out.getvalue()


def _false_sizes(form: FileFormat) -> bytes:
    """The directory of an archive says that its members are small."""
    data = bytearray(packed(dict.fromkeys([*_members(_sound(form))][:3], b" " * 64 * MEGA)))
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 24 : at + 28] = (10).to_bytes(4, "little")
        at = data.find(b"PK\x01\x02", at + 1)
    return bytes(data)


def _noise(form: FileFormat) -> bytes:
    return _sound(form)[:64] + random.Random(24).randbytes(MEGA)  # noqa: S311 - the same in every run


KINDS: dict[str, Make] = {
    "nothing": lambda form: b"",
    "one letter": lambda form: b"a",
    "zeros": lambda form: b"\0" * 4 * MEGA,
    "the beginning and noise": _noise,
    "the beginning alone": lambda form: _sound(form)[:40],
    "half of it": lambda form: _sound(form)[: len(_sound(form)) // 2],
    "without its end": lambda form: _sound(form)[:-30],
    "a hundred times": lambda form: _sound(form) * 100,
    "backwards": lambda form: _sound(form)[::-1],
    "beginning again in the middle": lambda form: _sound(form)[:500] + _sound(form),
    "every letter of another kind": lambda form: bytes(range(256)) * 4000,
    "opened without end": lambda form: _sound(form)[:200] + b"<a><{[(\"'" * _LONG,
    "elements in elements": lambda form: _sound(form)[:100] + b"<div>" * _LONG + b"x" + b"</div>" * _LONG,
    "brackets in brackets": lambda form: _sound(form)[:100] + b"{\\a" * _LONG + b"[" * _LONG,
    "one line without end": lambda form: _sound(form)[:200] + b"x" * 8 * MEGA,
    "lines without end": lambda form: _sound(form)[:200] + b"\n" * 4 * MEGA,
    "entities that multiply": lambda form: LAUGHS + b"<a>&a9;</a>" + _sound(form),
    "false letters of UTF-8": lambda form: _sound(form)[:300] + b"\xc3\x28\xed\xa0\x80\xff" * _LONG,
    "marks that turn writing": lambda form: _sound(form)[:300] + "\u202e\u2066\u200b\ufeff".encode() * _LONG,
    "said to be UTF-16": lambda form: b"\xff\xfe" + _sound(form),
    "packed again": lambda form: packed({"a": _sound(form)}),
    "deflated": lambda form: zlib.compress(_sound(form)),
    "members of spaces": _each(lambda data: b" " * 16 * MEGA),
    "members without an end": _each(lambda data: data[: len(data) // 2]),
    "members of entities": _each(lambda data: LAUGHS + b"<a>&a9;</a>"),
    "members in depth": _each(lambda data: b"<a>" * _LONG),
    "members with a wide table": _each(lambda data: b"<t>" + b"<r><c/></r>" * 4 * _LONG + b"</t>"),
    "members of nothing": _each(lambda data: b""),
    "members twice": _twice,
    "members that lie of their size": _false_sizes,
}
_TRIES = [(form, kind) for kind in KINDS for form in FileFormat]


def hostile(start: int, count: int, folder: Path) -> Tally:
    """S24: each ends with text or a reason and a next step, in time and memory; the reader reads the next one."""
    # In a process of its own, whose only child reads: the largest child is asked for at the end.
    with ProcessPoolExecutor(1, get_context("spawn")) as own:
        return own.submit(_read_all, start, count).result()


def _read_all(start: int, count: int) -> Tally:
    lost, seen, seconds = list[str](), Counter[str](), list[float]()
    with IsolatedReader() as reader, Waits() as waits:
        for form, kind in _TRIES[start : start + count]:
            data, name = KINDS[kind](form), f"a.{form.value}"
            waits.pop()
            began = time.monotonic()
            try:
                source = SourceFile.of(name, data, media_type_of(name, data))
                prepared = prepare(source, read=reader.read)
                seen["read"] += 1
                if not any(map(str.isalnum, prepared.document.text)):
                    lost.append(f"{form.value}, {kind}: read as nothing")
            except SourceError as error:
                seen["refused"] += 1
                if not (error.reason and error.hint) or "cannot be read (" in error.reason:
                    lost.append(f"{form.value}, {kind}: {error.reason} / {error.hint}"[:300])
            seconds.append(time.monotonic() - began - waits.pop())
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return Tally(count, lost, seen, {_SECONDS: seconds, _MEGABYTES: [peak]})


ROWS = (
    Row(
        "S24", "hostile files of every format", "each of 22 formats in 30 ways: text or a reason, in 20 s and 512 MB",
        "a file of a format, without the time for which others had the processor", len(_TRIES), 44, 66, hostile,
        (Limit(_SECONDS, 1, 20.0), Limit(_MEGABYTES, 1, 512.0)),
    ),
)  # fmt: skip
