"""Bad and honest quotes made of the lexicon itself: every word that changes a figure or a claim, cut, swapped, put in.

Each row of the classes below is set into plain sentences of its language where it stands in life: before a figure,
behind it, before a clause, behind it. So a row is tested on the day it is added. The sentences stand in
``index/data/quote_words.json``. Judges nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from index.evaluate.quotes.bad_quotes import Mutation, quote_words
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
        yield from (
            (frame, not behind) for frame in quote_words("clause_after" if behind else "clause_before", language)
        )
    elif row.cls in _FIGURE_HEDGES and (row.cls == "hedge" or not row.effect.startswith("/")):
        if row.place != "after":
            yield from ((frame, True) for frame in quote_words("figure_before", language))
        if row.place in ("after", "both"):
            yield from ((frame, False) for frame in quote_words("figure_after", language))
    elif row.cls in _NUMBERS and row.form not in _ARTICLES:
        yield from ((frame, True) for frame in quote_words("as_number", language))
    elif row.cls in _SCALES | _UNITS:
        yield from ((frame, False) for frame in quote_words("as_unit", language))
    elif row.cls in _FACTORS:
        yield from ((frame, True) for frame in quote_words("as_factor", language))


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
    told = f"{quote_words('says', language)[0]}{said}."
    yield LexiconQuote(told, Mutation(f"lexicon_told_{row.cls}", True, language, row.form, Span(0, len(told)), said))
    following = quote_words("next", language)[0]
    after = f"{said}. {following}"
    beyond = Span(len(said) + 2, len(after))
    yield LexiconQuote(after, Mutation(f"lexicon_next_{row.cls}", True, language, row.form, beyond, following))


def _joined(row: LexiconRow, language: Language, before: bool, frame: str) -> str:
    """The form as it stands in life: "ends in that" before a clause, without the star of a beginning."""
    form = row.form.removesuffix("*").replace(" .", ".").replace(" ,", ",")
    opens = frame.startswith("{}") or ". {}" in frame
    clause = row.cls in _CLAUSES and before and row.value != "next"
    if clause and not form.endswith((" que", " that", " si", " if", " whether", " de")) and opens:
        form = f"{form} {quote_words('that', language)[0]}"
    return form[:1].upper() + form[1:] if opens else form
