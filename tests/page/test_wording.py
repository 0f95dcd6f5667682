"""The table of interface strings: nothing untranslated, nothing unused, no words in the templates."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from api.http.problems import STATUS
from api.page.views.basket_view import FORMATS
from api.service.asking.paging import SortColumn
from api.service.draft_check import DraftVerdict
from api.words.wording import LANGUAGES, InterfaceWording, table
from kb.records.file_format import FileFormat
from kb.records.language import Language
from kb.records.statistic import Comparator, Direction, Kind

ES, EN = Language.ES, Language.EN
TEMPLATES = sorted((Path(__file__).parents[2] / "api" / "page" / "templates").glob("*.html"))
TERMINAL = [
    Path(__file__).parents[2] / "api" / "cli" / name
    for name in ("shown/answer_shown.py", "shown/figures_shown.py", "commands/asking.py")
]
GLOSSARY = Path(__file__).parents[2] / "docs" / "words.md"
MESSAGES = Path(__file__).parents[2] / "kb" / "data" / "messages.tsv"
# Names, and words that the two languages share.
SAME = {
    "coverage.gap", "coverage.total", "original.title", "column.sample_size", "export.markdown",
    "export.ris", "export.bibtex",
    "filetype.pdf", "filetype.docx", "filetype.md",
    "home.question_es_1", "home.question_en_1", "home.question_es_2", "home.question_en_2",
}  # fmt: skip
_FIELD = re.compile(r"\{(\w+)\}")


def forms(key: str, language: Language) -> tuple[str, ...]:
    words = table()[key][language]
    return words if isinstance(words, tuple) else (words,)


@pytest.mark.parametrize("key", sorted(table()))
def test_every_string_stands_in_both_languages(key: str) -> None:
    """The same fields and forms, no empty text, and no English left in the Spanish."""
    spanish, english = forms(key, ES), forms(key, EN)

    assert len(spanish) == len(english)
    assert all(text.strip() for text in (*spanish, *english)) or key == "format.percent"
    assert {*_FIELD.findall(" ".join(spanish))} == {*_FIELD.findall(" ".join(english))}
    assert (spanish == english) == (key in SAME)


@pytest.mark.parametrize("key", sorted(table()))
def test_each_language_keeps_its_own_marks(key: str) -> None:
    """Comillas «» and opening ¿ in Spanish, “ ” in English; never the typewriter's quotes or three full stops."""
    spanish, english = " ".join(forms(key, ES)), " ".join(forms(key, EN))

    assert not re.search(r"[\"“”]|\.\.\.", spanish)
    assert not re.search(r"[\"«»]|\.\.\.", english)
    assert spanish.count("¿") == spanish.count("?") or key.startswith("home.question_en")
    assert not re.search(r"\d %", spanish)


def used_keys() -> tuple[set[str], set[str]]:
    """The keys that templates and the terminal name whole, and the beginnings of those they put together."""
    texts = [path.read_text("utf-8") for path in (*TEMPLATES, *TERMINAL)]
    names = {name for text in texts for name in re.findall(r"[\"']([a-z]+\.[\w.-]*)[\"'{]", text)}
    beginnings = {name for name in names if name.endswith((".", "_"))}
    return names - beginnings, beginnings


def test_every_key_of_the_templates_is_in_the_table_and_the_other_way_round() -> None:
    whole, beginnings = used_keys()
    in_code = {"original.not_marked", "original.too_long"}
    files = {name for name in whole if name.endswith(".html")}

    assert sorted(whole - files - set(table())) == []
    unused = [key for key in table() if key not in whole | in_code and not key.startswith(tuple(beginnings))]
    assert unused == []


@pytest.mark.parametrize(
    ("prefix", "names"),
    [
        ("kind.", [one.value for one in Kind]),
        ("comparator.", [one.value for one in Comparator]),
        ("direction.", [one.value for one in Direction]),
        ("column.", [one.value for one in SortColumn]),
        ("finding.", [one.value for one in DraftVerdict]),
        ("export.", list(FORMATS)),
        ("filetype.", [one.value for one in FileFormat]),
        ("error.", [code for _, code in STATUS.values()]),
        ("error.", [f"{code}_more" for _, code in STATUS.values()]),
    ],
)
def test_every_member_of_an_enum_has_its_words(prefix: str, names: list[str]) -> None:
    assert [name for name in names if prefix + name not in table()] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_hold_no_words_of_their_own(path: Path) -> None:
    """What is left of a template without its tags and expressions has no letter in it; nor have its labels."""
    bare = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL)
    labels = re.findall(r"(?:aria-label|title|placeholder|alt)=\"([^\"]*)\"", bare)
    outside = re.sub(r"<[^>]*>", "", bare, flags=re.DOTALL)

    assert re.findall(r"[^\W\d_]+", outside.replace("/cite?passage=&start=&end=", "")) == []
    assert [label for label in labels if re.search(r"[^\W\d_]", label)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_never_switch_escaping_off(path: Path) -> None:
    assert not re.search(r"\|\s*safe|autoescape|Markup", path.read_text("utf-8"))


def test_one_word_stands_for_a_thing() -> None:
    """No text of the page and no message has a Spanish word that the glossary leaves out."""
    rows = re.findall(r"^\|[^|]+\|[^|]+\|[^|]+\| ([^|]+) \|$", GLOSSARY.read_text("utf-8"), re.MULTILINE)[1:]
    left_out = [word for row in rows for word in row.split(", ")]
    messages = [line.split("\t")[2] for line in MESSAGES.read_text("utf-8").splitlines()[1:]]
    texts = [*(text for key in table() for text in forms(key, ES)), *messages]

    assert len(left_out) > 5
    assert [(word, text) for word in left_out for text in texts if re.search(rf"\b{word}", text, re.IGNORECASE)] == []


def test_number_chooses_singular_or_plural() -> None:
    assert [InterfaceWording(ES)("search.count", n=n) for n in (1, 2)] == [
        "El pasaje más cercano",
        "Los 2 pasajes más cercanos",
    ]
    assert InterfaceWording(ES)("search.count", n=1234, shown="1.234") == "Los 1.234 pasajes más cercanos"


def test_unknown_words_and_missing_fields_are_errors() -> None:
    with pytest.raises(KeyError):
        InterfaceWording(ES)("no.such.key")
    with pytest.raises(KeyError):
        InterfaceWording(EN)("reader.back")
    assert {ES, EN} == set(LANGUAGES)
