"""The same question in twelve manners, and how many right answers each of them loses.

Owns how a question is put in another manner (greeting, capitals, keywords, a typing error …); the frames around it are
``index/data/manners.json``. Pure: the answering itself is handed in.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from index.answers.asked_words import language_of
from index.evaluate.answers import AnswerOutcome, GoldQuestion, outcome_of
from index.search.glossary import Glossary
from index.search.lexical import content_words, folded, words_of
from kb.records.answer import Answer
from kb.records.language import Language

_RIGHT = frozenset({"first", "cited", "refused"})
_WORD = re.compile(r"[^\W_]+(?:['’&][^\W_]+)*")
# Shorter words have too little left of them when two letters change places.
_SHORTEST_MISTYPED = 7


@dataclass(frozen=True, slots=True)
class MannerLosses:
    """What a manner does to the answers that were right in the plain one.

    ``right`` is how many those are, ``lost`` those that are wrong in this manner, and ``same`` how many of all
    questions have the same verdict and the same quotes as in the plain one.
    """

    manner: str
    right: int
    lost: tuple[AnswerOutcome, ...]
    same: int


@dataclass(frozen=True, slots=True)
class MannerFigures:
    """The losses a manner over ``questions`` questions."""

    questions: int
    manners: tuple[MannerLosses, ...]

    @property
    def lost(self) -> float | None:
        """The share (0 to 1) of right answers that is lost over all manners; null without any."""
        right = sum(one.right for one in self.manners)
        return sum(len(one.lost) for one in self.manners) / right if right else None


def in_manners(question: str, glossary: Glossary) -> dict[str, str]:
    """The question in each manner, by the manner's name.

    >>> in_manners("What is the NPS of a hotel?", Glossary([]))["unmarked"]
    'what is the nps of a hotel'
    """
    language = Language.ES if language_of(question) is Language.ES else Language.EN
    opening = re.sub(r"^[¿¡\s]+", "", question)
    opening = opening[:1].lower() + opening[1:]
    framed = {
        manner: frames[language.value].format(question=question, opening=opening)
        for manner, frames in _frames().items()
    }
    return framed | {
        "capitals": question.upper(),
        "small": question.lower(),
        "unmarked": " ".join(folded(question).translate(_MARKS).split()),
        "keywords": _keywords(question),
        "mixed": _mixed(question, glossary, Language.EN if language is Language.ES else Language.ES),
        "mistyped": _mistyped(question),
    }


def evaluate_manners(
    gold: Sequence[GoldQuestion], ask: Callable[[str], Answer], text_of: Callable[[str], str], glossary: Glossary
) -> MannerFigures:
    """The losses of ``ask`` over the gold; ``text_of`` gives the canonical text of a document id."""
    plain = [outcome_of(one, ask(one.question), text_of) for one in gold]
    put = [in_manners(one.question, glossary) for one in gold]
    figures = []
    for manner in put[0] if put else ():
        found = [outcome_of(one, ask(asked[manner]), text_of) for one, asked in zip(gold, put, strict=True)]
        pairs = list(zip(plain, found, strict=True))
        right = [(before, after) for before, after in pairs if before.verdict in _RIGHT]
        lost = tuple(after for _, after in right if after.verdict not in _RIGHT)
        same = sum((one.verdict, one.cited) == (other.verdict, other.cited) for one, other in pairs)
        figures.append(MannerLosses(manner, len(right), lost, same))
    return MannerFigures(len(gold), tuple(figures))


_ACCENTED = {"a": "[aá]", "e": "[eé]", "i": "[ií]", "o": "[oó]", "u": "[uúü]"}
_MARKS = {ord(mark): " " for mark in "¿?¡!.,;:“”«»\"'’()"}


@cache
def _frames() -> dict[str, dict[str, str]]:
    text = resources.files("index").joinpath("data", "manners.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def _keywords(question: str) -> str:
    telling = frozenset(content_words(question))
    return " ".join(word for word in _WORD.findall(question) if words_of(word) and words_of(word)[0] in telling)


def _mixed(question: str, glossary: Glossary, other: Language) -> str:
    """The question with the first term of the glossary in the other language."""
    for equivalent in glossary.equivalents(words_of(question), other):
        pattern = r"\W+".join(_accented(word) for word in equivalent.said)
        mixed = re.sub(rf"(?<!\w){pattern}(?!\w)", " ".join(equivalent.meant), question, count=1, flags=re.IGNORECASE)
        if mixed != question:
            return mixed
    return question


def _accented(word: str) -> str:
    """A pattern for a folded word however its accents are written."""
    return "".join(_ACCENTED.get(letter, re.escape(letter)) for letter in word)


def _mistyped(question: str) -> str:
    """The question with two letters exchanged in the middle of its longest word in small letters."""
    words = [match for match in _WORD.finditer(question) if match[0].islower() and match[0].isalpha()]
    longest = max(words, key=lambda match: len(match[0]), default=None)
    if longest is None or len(longest[0]) < _SHORTEST_MISTYPED:
        return question
    at = longest.start() + len(longest[0]) // 2
    while at < longest.end() - 2 and question[at] == question[at + 1]:
        at += 1
    return question[:at] + question[at + 1] + question[at] + question[at + 2 :]
