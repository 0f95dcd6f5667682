"""Bad and honest quotes made of the lexicon itself: every word that changes a figure or a claim, cut, swapped, put in.

Each row of the classes below is set into plain sentences of its language where it stands in life: before a figure,
behind it, before a clause, behind it. So a row is tested on the day it is added. Owns the sentences; judges nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from index.evaluate.quotes.mutations import Mutation
from kb.records.document import Span
from kb.records.language import Language
from kb.words.lexicon import LexiconRow, lexicon

_BOTH = (Language.ES, Language.EN)
_CLAUSES = {"governor", "cue_denied", "cue_supposed", "cue_target", "cue_obligation"}
_FIGURE_HEDGES = {"hedge", "hedge_verb"}
_NUMBERS = {"number", "vague"}
_SCALES = {"scale", "money_scale", "glued_scale", "group"}
_UNITS = {"percent", "currency_word", "currency_code", "time", "point"}
_FACTORS = {"factor", "double", "part_word", "twice"}

# Where a word stands: before a figure, behind it, before a clause, behind it; as a number, a scale or unit, a factor.
_FIGURE_BEFORE = {
    Language.ES: (
        "La memoria llegó en mayo. En total {} 47 tiendas cerraron en Soria. Lo firma la red.",
        "El aviso dejó {} 380 quejas en la oficina. Nada más se publicó.",
        "Hubo {} 5.400 llamadas en junio.",
    ),
    Language.EN: (
        "The yearbook came out in May. In all {} 47 shops closed in Leeds. The chain signed it.",
        "The notice left {} 380 complaints at the desk. It ends there.",
        "There were {} 5,400 calls in June.",
    ),
}
_FIGURE_AFTER = {
    Language.ES: ("En Soria cerraron 47 tiendas {} durante el año.", "La red perdió 380 {}. La lista es larga."),
    Language.EN: ("In Leeds they closed 47 shops {} during the year.", "The chain lost 380 {}. The list is long."),
}
_CLAUSE_BEFORE = {
    Language.ES: (
        "La memoria llegó en mayo. {} 47 tiendas cerraron en Soria. Lo firma la red.",
        "{} 380 clientes llamaron a la oficina.",
        "La red {} el 62 % de los pedidos llega a tiempo.",
    ),
    Language.EN: (
        "The yearbook came out in May. {} 47 shops closed in Leeds. The chain signed it.",
        "{} 380 customers called the desk.",
        "The chain {} 62% of orders arrive in time.",
    ),
}
_CLAUSE_AFTER = {
    Language.ES: (
        "En Soria cerraron 47 tiendas, {}. Lo firma la red.",
        "La red atendió 380 quejas {}. La lista es larga.",
    ),
    Language.EN: (
        "In Leeds 47 shops closed, {}. The chain signed it.",
        "The chain took 380 complaints {}. The list is long.",
    ),
}
_AS_NUMBER = {
    Language.ES: ("En Soria cerraron dos mil {} tiendas.", "La red contó ciento {} quejas en mayo."),
    Language.EN: ("In Leeds they closed two thousand {} shops.", "The chain counted one hundred {} complaints in May."),
}
_AS_UNIT = {
    Language.ES: ("La red perdió 38 {} en mayo. La lista es larga.", "El alza fue de 4 {} según la memoria."),
    Language.EN: ("The chain lost 38 {} in May. The list is long.", "The rise was of 4 {} in the yearbook."),
}
_AS_FACTOR = {
    Language.ES: ("Las quejas de mayo {} las 470 de abril.", "Fue {} de los 380 clientes de Soria."),
    Language.EN: ("The complaints of May {} the 470 of April.", "It was {} of the 380 customers of Leeds."),
}
_NEXT = {Language.ES: "En Jaca abrieron 25 oficinas.", Language.EN: "In York 25 desks opened."}
_SAYS = {Language.ES: "Según la memoria, ", Language.EN: "According to the yearbook, "}
_THAT = {Language.ES: "que", Language.EN: "that"}


@dataclass(frozen=True, slots=True)
class LexiconQuote:
    """A text and a quote said to be of it, made with a row of the lexicon."""

    source: str
    mutation: Mutation


def lexicon_quotes() -> Iterator[LexiconQuote]:
    """Every bad and honest quote of every row, in the order of the table."""
    for row in lexicon().entries:
        for language in _BOTH:
            if row.language in (language.value, "*"):
                yield from _of_row(row, language)


def _of_row(row: LexiconRow, language: Language) -> Iterator[LexiconQuote]:
    other = _OTHERS.get((row.cls, language), "")
    for frame, before in _frames(row, language):
        yield from _made(row, language, frame, before, other if other.casefold() != row.form.casefold() else "")


def _first_forms() -> dict[tuple[str, Language], str]:
    """A row of each class and language, to put in the place of another."""
    forms: dict[tuple[str, Language], str] = {}
    for row in lexicon().entries:
        for language in _BOTH:
            if row.language in (language.value, "*"):
                forms.setdefault((row.cls, language), row.form.removesuffix("*"))
    return forms


_OTHERS = _first_forms()
_ARTICLES = lexicon().words("article")


def _frames(row: LexiconRow, language: Language) -> Iterator[tuple[str, bool]]:
    """The sentences a row is set into, and whether what follows its place is what it bears on."""
    if row.cls in _CLAUSES and row.effect != "nothing":
        behind = row.place == "after"
        yield from ((frame, not behind) for frame in (_CLAUSE_AFTER if behind else _CLAUSE_BEFORE)[language])
    elif row.cls in _FIGURE_HEDGES and (row.cls == "hedge" or not row.effect.startswith("/")):
        if row.place != "after":
            yield from ((frame, True) for frame in _FIGURE_BEFORE[language])
        if row.place in ("after", "both"):
            yield from ((frame, False) for frame in _FIGURE_AFTER[language])
    elif row.cls in _NUMBERS and row.form not in _ARTICLES:
        yield from ((frame, True) for frame in _AS_NUMBER[language])
    elif row.cls in _SCALES | _UNITS:
        yield from ((frame, False) for frame in _AS_UNIT[language])
    elif row.cls in _FACTORS:
        yield from ((frame, True) for frame in _AS_FACTOR[language])


def _made(row: LexiconRow, language: Language, frame: str, before: bool, other: str) -> Iterator[LexiconQuote]:
    form = _joined(row, language, before, frame)
    head, tail = frame.split("{}")
    text = frame.format(form)
    sentence_head = head.rpartition(". ")[2]
    sentence_tail = tail.partition(". ")[0].rstrip(".")
    said = f"{sentence_head}{form}{sentence_tail}"
    place = Span(len(head) - len(sentence_head), len(head) + len(form) + len(sentence_tail))
    kinds = [("lexicon_out", f"{sentence_head.rstrip()}{sentence_tail}" if sentence_head else sentence_tail.strip())]
    kinds.append(("lexicon_ellipsis", f"{sentence_head}[…]{sentence_tail}"))
    cut = sentence_tail.strip() if before else sentence_head.rstrip(" ,")
    kinds.append(("lexicon_cut", cut))
    if other and other.casefold() != form.casefold():
        kinds.append(("lexicon_swapped", f"{sentence_head}{other}{sentence_tail}"))
    for kind, quote in kinds:
        yield LexiconQuote(text, Mutation(f"{kind}_{row.cls}", False, language, row.form, place, quote.strip()))
    bare = frame.format("").replace("  ", " ").replace(" .", ".").replace(" ,", ",")
    for quote in (said, f"{sentence_head}[{form}]{sentence_tail}"):
        put_in = Mutation(f"lexicon_put_in_{row.cls}", False, language, row.form, Span(0, len(bare)), quote.strip())
        yield LexiconQuote(bare, put_in)
    yield from _honest(row, language, text, said, place)


def _honest(row: LexiconRow, language: Language, text: str, said: str, place: Span) -> Iterator[LexiconQuote]:
    """The sentence whole, behind who says it, and the next sentence, which the row does not govern."""
    yield LexiconQuote(text, Mutation(f"lexicon_whole_{row.cls}", True, language, row.form, place, said))
    told = f"{_SAYS[language]}{said}."
    yield LexiconQuote(told, Mutation(f"lexicon_told_{row.cls}", True, language, row.form, Span(0, len(told)), said))
    after = f"{said}. {_NEXT[language]}"
    beyond = Span(len(said) + 2, len(after))
    yield LexiconQuote(after, Mutation(f"lexicon_next_{row.cls}", True, language, row.form, beyond, _NEXT[language]))


def _joined(row: LexiconRow, language: Language, before: bool, frame: str) -> str:
    """The form as it stands in life: "ends in that" before a clause, without the star of a beginning."""
    form = row.form.removesuffix("*").replace(" .", ".").replace(" ,", ",")
    opens = frame.startswith("{}") or ". {}" in frame
    clause = row.cls in _CLAUSES and before and row.value != "next"
    if clause and not form.endswith((" que", " that", " si", " if", " whether", " de")) and opens:
        form = f"{form} {_THAT[language]}"
    return form[:1].upper() + form[1:] if opens else form
