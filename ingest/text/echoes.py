"""Which blocks of a document only repeat another: pull quotes, paragraphs printed twice.

Owns what counts as a repetition: every sentence stands, letter for letter, in one other block.
Refuses to know spans and passages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.text.sentences import sentence_spans
from kb.records.language import Language

_NOT_WORD = re.compile(r"\W+")
# Shorter repetitions ("Yes.", "Read on", a table's "n/a") are the language's, not the page's.
_MIN_LETTERS = 40


def find_echoes(texts: Sequence[str]) -> dict[int, int]:
    """For each text (by index) that repeats another, the index of that other, which repeats none itself.

    Of two equal texts the later one is the echo. Quotation marks, case and spacing do not count. Empty
    texts and short ones are never echoes. Linear in the length of all texts.
    """
    sentences = [_sentence_keys(text) for text in texts]
    holders: dict[str, list[int]] = {}
    for index in sorted(range(len(texts)), key=lambda index: (-len(sentences[index]), index)):
        for key in set(sentences[index]):
            holders.setdefault(key, []).append(index)
    echoes: dict[int, int] = {}
    for index, keys in enumerate(sentences):
        host = _host(index, keys, sentences, holders)
        if host is not None:
            echoes[index] = host
    return {echo: _last_host(host, echoes) for echo, host in echoes.items()}


def _sentence_keys(text: str) -> tuple[str, ...]:
    if len(text) < _MIN_LETTERS:
        return ()
    keys = (_NOT_WORD.sub("", span.cut(text)).casefold() for span in sentence_spans(text, Language.OTHER))
    return tuple(key for key in keys if key)


def _host(
    index: int, keys: tuple[str, ...], sentences: Sequence[tuple[str, ...]], holders: dict[str, list[int]]
) -> int | None:
    """The block with the most sentences that holds all of these, unless it is this one or a later equal."""
    if sum(map(len, keys)) < _MIN_LETTERS:
        return None
    host = holders[keys[0]][0]
    if host == index or not set(keys) <= set(sentences[host]):
        return None
    return host if len(sentences[host]) > len(keys) or host < index else None


def _last_host(host: int, echoes: dict[int, int]) -> int:
    while host in echoes:
        host = echoes[host]
    return host
