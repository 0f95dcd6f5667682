"""The samples are what samples/README.md says: every format and language, marked, rebuilt byte for byte.

Reads the files as text, with no reader of the project: what is tested here is the material itself.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ARTICLES = ROOT / "samples" / "articles"
SOURCES = ROOT / "samples" / "sources"
CP1252 = "es-escuchar-antes-de-automatizar.txt"


@dataclass(frozen=True, slots=True)
class Question:
    """A line of questions.jsonl; file and quote are null where the samples hold no answer."""

    question: str
    language: str
    file: str | None
    quote: str | None
    kind: str


def read_questions() -> list[Question]:
    lines = (Path(__file__).parent / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [Question(**json.loads(line)) for line in lines]


QUESTIONS = read_questions()
ANSWERABLE = [question for question in QUESTIONS if question.quote is not None]
NAMES = sorted(path.name for path in ARTICLES.iterdir())


def plain_text(name: str) -> str:
    """What a person reads in a sample; PDF and DOCX are read from the source they are built from."""
    path = ARTICLES / name
    if path.suffix in {".pdf", ".docx"}:
        return (SOURCES / f"{path.stem}.md").read_text(encoding="utf-8").replace("&shy;", "")
    text = path.read_text(encoding="cp1252" if name == CP1252 else "utf-8")
    return unescape(re.sub(r"<[^<>]{1,400}>", "", text)) if path.suffix == ".html" else text


@pytest.mark.parametrize("case", ANSWERABLE, ids=lambda case: case.question)
def test_the_quote_stands_in_its_file(case: Question) -> None:
    assert case.file is not None
    assert case.quote is not None

    assert case.quote in plain_text(case.file)


def test_a_quote_stands_in_no_other_file() -> None:
    """The reprint aside, a question has one place to be answered from."""
    own = [name for name in NAMES if "reprint" not in name]

    places = {case.quote: [name for name in own if str(case.quote) in plain_text(name)] for case in ANSWERABLE}

    assert {case.quote: [case.file] for case in ANSWERABLE} == places


def test_questions_go_both_ways_and_some_have_no_answer() -> None:
    crossing = Counter((q.language, str(q.file)[:2]) for q in ANSWERABLE if not str(q.file).startswith("mix"))
    unanswerable = [q for q in QUESTIONS if q.quote is None]

    assert crossing == {("en", "es"): 12, ("es", "en"): 12}
    assert Counter(q.language for q in unanswerable) == {"es": 4, "en": 4}
    assert {(None, "unanswerable")} == {(q.file, q.kind) for q in unanswerable}


def test_every_format_in_every_language() -> None:
    found = Counter((name.partition("-")[0], Path(name).suffix) for name in NAMES)

    assert found == {
        ("en", ".docx"): 1,
        ("en", ".html"): 2,
        ("en", ".md"): 3,
        ("en", ".pdf"): 1,
        ("en", ".txt"): 1,
        ("es", ".docx"): 1,
        ("es", ".html"): 2,
        ("es", ".md"): 1,
        ("es", ".pdf"): 1,
        ("es", ".txt"): 1,
        ("mix", ".html"): 1,
        ("mix", ".md"): 1,
        ("mix", ".pdf"): 1,
        ("mix", ".txt"): 1,
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_says_that_it_is_one(name: str) -> None:
    marks = {"es": ["Texto de muestra del proyecto"], "en": ["Sample text of this project"]}
    expected = marks.get(name.partition("-")[0], marks["es"] + marks["en"])

    text = plain_text(name)

    assert [mark for mark in expected if mark not in text] == []


def test_the_text_files_are_in_two_encodings() -> None:
    raw = {path.name: path.read_bytes() for path in ARTICLES.glob("*.txt")}

    with pytest.raises(UnicodeDecodeError):
        raw[CP1252].decode("utf-8")
    assert "“I had to call again.”" in raw["en-first-contact-resolution.txt"].decode("utf-8")


def test_the_readme_names_every_sample() -> None:
    listed = re.findall(r"^\| `([^`]+)`", (ROOT / "samples" / "README.md").read_text(encoding="utf-8"), re.M)

    assert sorted(listed) == NAMES


def test_building_again_gives_the_committed_bytes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(ROOT / "samples" / "build.py"), str(tmp_path)], check=True, capture_output=True)

    built = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    assert built == {name: (ARTICLES / name).read_bytes() for name in built}
    assert sorted(path.stem for path in SOURCES.iterdir()) == sorted(Path(name).stem for name in built)
