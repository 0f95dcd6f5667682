"""What a refused question asks that the nearest passages say nothing of, so that a near miss says what it missed.

Owns the words of this; whether a question is refused is decided elsewhere.
"""

import re
from collections.abc import Iterator, Sequence

from index.answers.asked_words import Asked, QuestionWording, wording_of
from index.answers.question import QuestionReading
from index.answers.relevance import FITTING, Evidence
from index.search.lexical import folded, words_of
from kb.records.language import Language
from kb.records.messages import say

# What is missing where a figure of a kind is asked for and no passage has one.
FIGURE = say("such_a_figure")
# Words that say what kind of answer is asked for, not what it is about.
_ASKING = (
    "many much share percentage percent proportion rate number far long often old tall average mean meant means is are "
    "difference kind sort name list tell explain example examples besides own "
    "porcentaje proporcion parte numero cuota tasa media promedio significa diferencia tipo nombre ejemplo ejemplos "
    "ademas segun cuanto cuanta cuantos cuantas debe deben puede pueden hacen hace tiene tienen hay"
)
_NO_SUBJECT = frozenset(_ASKING.split())
_NAMED = 4
# "vs", "x": nothing is asked about them.
_SHORTEST = 2
_WORD = re.compile(r"[^\W_]{2,60}")


def said_nothing_of(
    question: str, reading: QuestionReading, asked: Asked, evidence: Sequence[Evidence]
) -> tuple[str, ...]:
    """The question's words that no passage found has, as it writes them, at most four; ``FIGURE`` first where a figure
    is asked for and none of the passages has one.

    Only passages in the question's own language can tell that a word is missing: where the nearest is in another,
    no word is named.
    """
    figure = (FIGURE,) if reading.wanted in FITTING and not any(one.fits for one in evidence) else ()
    language = asked.language
    own = [one for one in evidence if one.passage.language is language]
    if language is Language.OTHER or not evidence or evidence[0].passage.language is not language:
        return figure
    met = asked.met([_wording(one) for one in own])
    # A name is the same in either language.
    named = {word for name in reading.names for word in words_of(name)}
    met |= {word: share for word, share in asked.met([_wording(one) for one in evidence]).items() if word in named}
    lacking = {word for word in asked.words if word not in met and word not in _NO_SUBJECT and not word.isdigit()}
    written = [word for word in _WORD.findall(question) if folded(word) in lacking and len(word) > _SHORTEST]
    return (*figure, *tuple(dict.fromkeys(written))[:_NAMED])


def as_written(question: str, missing: Sequence[str]) -> tuple[str, ...]:
    """What is missing, in the capitals of the question."""
    spelt = {folded(word): word for word in _WORD.findall(question)}
    return tuple(spelt.get(one, one) for one in missing)


def _wording(one: Evidence) -> QuestionWording:
    return wording_of("\n".join((one.text, one.passage.text, *one.passage.heading_path)), one.passage.language)


_TYPED = re.compile(r"[^\W\d_]{2,40}")
# In shorter words an exchange makes another word ("causal", "casual" are the shortest met).
_SHORTEST_MISTYPED = 7


def mended(question: str, texts: Sequence[tuple[str, Language]]) -> tuple[str, tuple[str, ...]]:
    """The question with its slips mended, and the words as they are read now; the same question and none without slips.

    >>> mended("How is satisfcation measured?", [("Satisfaction is measured.", Language.EN)])
    ('How is satisfaction measured?', ('satisfaction',))
    """
    wordings = [wording_of(text, language) for text, language in texts]
    strange = [
        word
        for word in dict.fromkeys(_TYPED.findall(question))
        if len(word) >= _SHORTEST_MISTYPED and not any(folded(word) in wording.words for wording in wordings)
    ]
    if not strange:
        return question, ()
    spelt = {folded(word): word.lower() for text, _ in texts for word in _TYPED.findall(text)}
    read: list[str] = []
    for word in strange:
        meant = sorted({spelt[one] for one in _slips(folded(word)) if one in spelt})
        if len(meant) == 1:
            question = re.sub(rf"\b{re.escape(word)}\b", meant[0], question)
            read += meant
    return question, tuple(read)


def _slips(word: str) -> Iterator[str]:
    """The word with each pair of neighbours exchanged, each letter doubled, and each double letter single."""
    for at in range(len(word) - 1):
        if word[at] == word[at + 1]:
            yield word[:at] + word[at + 1 :]
        else:
            yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    for at in range(len(word)):
        yield word[: at + 1] + word[at:]
