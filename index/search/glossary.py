"""The bilingual glossary of the field: words that mean the same in Spanish and English.

Owns ``data/glossary.json`` and gives, for the words of a question, what they are called in the
other language. Knows nothing of scores.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

from index.search.lexical import stem_of, words_of
from kb.records.language import Language

_PAIR = (Language.ES, Language.EN)


@dataclass(frozen=True, slots=True)
class Equivalent:
    """Words of a question and a term of the glossary that means the same in the passages' language."""

    said: tuple[str, ...]
    meant: tuple[str, ...]


class Glossary:
    """Terms of one or more words, by their stems, to terms of the other language."""

    def __init__(self, rows: Sequence[Mapping[Language, Sequence[str]]]) -> None:
        self._terms: dict[Language, dict[tuple[str, ...], list[tuple[str, ...]]]] = {lang: {} for lang in _PAIR}
        for row in rows:
            self._enter(row, Language.ES, Language.EN)
            self._enter(row, Language.EN, Language.ES)
        self._longest = max((len(key) for terms in self._terms.values() for key in terms), default=0)

    @classmethod
    def shipped(cls) -> Glossary:
        """The glossary of the project."""
        text = resources.files("index").joinpath("data", "glossary.json").read_text(encoding="utf-8")
        return cls([{Language(code): terms for code, terms in row.items()} for row in json.loads(text)])

    def _enter(self, row: Mapping[Language, Sequence[str]], source: Language, target: Language) -> None:
        meant = [tuple(words_of(term)) for term in row[target]]
        for term in row[source]:
            key = tuple(stem_of(word, source) for word in words_of(term))
            known = self._terms[source].setdefault(key, [])
            known.extend(words for words in meant if words not in known)

    def words(self, language: Language) -> list[str]:
        """The distinct folded words of all its terms in a language, in alphabetical order."""
        if language not in _PAIR:
            return []
        other = _PAIR[1 - _PAIR.index(language)]
        return sorted({word for terms in self._terms[other].values() for term in terms for word in term})

    def equivalents(self, words: Sequence[str], target: Language) -> list[Equivalent]:
        """What the folded ``words`` of a question are called in ``target``; longer terms before shorter ones.

        The words are read in the other language of the pair; a word of a longer term that was met
        is not looked up again by itself ("customer effort" is not also "effort").
        """
        if target not in _PAIR:
            return []
        source = _PAIR[1 - _PAIR.index(target)]
        stems = [stem_of(word, source) for word in words]
        found: list[Equivalent] = []
        used: set[int] = set()
        for size in range(min(self._longest, len(words)), 0, -1):
            for start in range(len(words) - size + 1):
                places = set(range(start, start + size))
                terms = [] if used & places else self._terms[source].get(tuple(stems[start : start + size]), [])
                if terms:
                    used |= places
                    found.extend(Equivalent(tuple(words[start : start + size]), meant) for meant in terms)
        return found


def expansion(equivalents: Iterable[Equivalent]) -> list[str]:
    """The distinct words of the equivalents, in order."""
    return list(dict.fromkeys(word for equivalent in equivalents for word in equivalent.meant))
