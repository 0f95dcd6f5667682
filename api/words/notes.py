"""What a search says of itself, in Spanish: the index writes its notes in English, whoever asked.

Owns the wording only; a note that has none here stays English. Reasons inside a note are put into Spanish too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from kb.records.language import Language

# The more particular of two patterns that fit stands first.
NOTES: dict[str, str] = {
    "the embedding model cannot be loaded: words only": "no se puede cargar el modelo: solo por palabras",
    "the base was built with {} ({}), the model set is {} ({}), and models never mix: words only": (
        "la base se creó con {} ({}), el modelo configurado es {} ({}) y no se mezclan: solo por palabras"
    ),
    "the vector index is being made anew ({}): words only until it is there": (
        "el índice de vectores se está rehaciendo ({}): solo por palabras hasta que esté listo"
    ),
    "the vectors of the base cannot be read ({}): words only; check it with kb doctor": (
        "no se pueden leer los vectores de la base ({}): solo por palabras; revísela con kb doctor"
    ),
    "the word index cannot be read ({}): meaning only; check it with kb doctor": (
        "no se puede leer el índice de palabras ({}): solo por significado; revíselo con kb doctor"
    ),
    "{}: words only; make it anew with kb index": "{}: solo por palabras; rehágalo con kb index",
    "{}: words only": "{}: solo por palabras",
    "the vector index was made anew: {}": "se rehízo el índice de vectores: {}",
    "the vector index was made with {}, not {}": "el índice de vectores se hizo con {}, no con {}",
    "there was no vector index yet": "todavía no había índice de vectores",
    "the pointer to the vector index was damaged": "la referencia al índice de vectores estaba dañada",
    "the file of the vector index was missing": "faltaba el archivo del índice de vectores",
    "the file of the vector index was damaged": "el archivo del índice de vectores estaba dañado",
    "the file of the vector index was in an unknown format": (
        "el archivo del índice de vectores tenía un formato desconocido"
    ),
    "the vector index had another dimension": "el índice de vectores tenía otra dimensión",
    "no embedding model is loaded": "no hay ningún modelo cargado",
    "no passage fulfils the filters": "ningún pasaje cumple los filtros",
    "the base holds no passages yet": "la base aún no tiene pasajes",
    "{} passages in {} are too few for a mean of their own; the general one counts for {}": (
        "{} pasajes en {} son demasiado pocos para una media propia; la general cuenta por {}"
    ),
    "could not be read ({})": "no se pudo leer ({})",
    **{language.facts.name_en: language.facts.name_es for language in Language},
}


def in_language(notes: Iterable[str], language: Language) -> tuple[str, ...]:
    """The notes in Spanish or in English."""
    return tuple(_said(note) if language is Language.ES else note for note in notes)


def _said(note: str) -> str:
    if note in NOTES:
        return NOTES[note]
    for pattern, spanish in _patterns():
        match = pattern.fullmatch(note)
        if match:
            return spanish.format(*map(_said, match.groups()))
    return note


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile(re.escape(english).replace(r"\{\}", "(.{1,300}?)"), re.DOTALL), spanish)
        for english, spanish in NOTES.items()
        if "{}" in english
    )
