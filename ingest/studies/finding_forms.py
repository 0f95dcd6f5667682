"""How a name stands as that of who found: before "found that", after a quotation, in brackets.

Each function is one form, from a name in its sentence to whether it has it. Knows nothing of figures.
"""

from __future__ import annotations

from ingest.studies.orgs import Name, is_organisation
from ingest.studies.study_forms import verb_after
from ingest.studies.study_words import ASSERTS, FIGURES, FOUND, PUTS, SAYS, STUDY_NOUNS
from kb.words.lexicon import words_of
from kb.words.tokens import Token, lower_at

_LOOSE = words_of("verb_of_finding_loose")
_OURS = frozenset(["our", "my", "nuestros", "nuestras", "nuestro", "nuestra"])
_SHARES = words_of("percent")
_TITLES = words_of("firm_title")
_ONCE = ("once", "also", "recently", "later")


def finds(tokens: list[Token], name: Name) -> bool:
    """ "X found that", of two verbs the second: "X reviewed 3,000 chats and found that"; not "destaca con un 9 %"."""
    place = verb_after(tokens, name, FOUND)
    if place is not None:
        return not (tokens[place].lower in _LOOSE and lower_at(tokens, place + 1) in ("con", "por", "en"))
    near = range(name.stop + 2, min(name.stop + 9, len(tokens) - 1))
    return any(
        tokens[at - 1].lower in ("y", "and") and tokens[at].lower in FOUND and tokens[at + 1].lower in ("que", "that")
        for at in near
    )


def is_owned(tokens: list[Token], name: Name) -> bool:
    """ "our Non-Members reported": people of the author's."""
    return lower_at(tokens, name.first - 1) in _OURS


def is_population(tokens: list[Token], name: Name) -> bool:
    """ "52% of France’s shoppers report": whom a share is of did not measure it."""
    article = lower_at(tokens, name.first - 1) in ("the", "el", "la", "los", "las", "all")
    of = name.first - 1 - article
    if lower_at(tokens, of) not in ("of", "de", "del"):
        return False
    before = tokens[of - 1] if of else None
    return before is not None and (before.text == "%" or before.lower in _SHARES)


def is_title(tokens: list[Token], name: Name) -> bool:
    """ "«Estudio de Ahorro Móvil 2022»": what a study is called, in quotation marks, is not who made it."""
    start = name.first
    while start and tokens[start - 1].text not in '«“"' and name.first - start < 5:
        start -= 1
    quoted = start and tokens[start - 1].text in '«“"' and start < name.first
    closes = any(lower_at(tokens, name.stop + step) in ("»", "”", '"') for step in range(3))
    return bool(quoted) and closes and not STUDY_NOUNS.isdisjoint(token.lower for token in tokens[start : name.first])


def puts_figure(tokens: list[Token], name: Name) -> bool:
    """ "X puts the figure at", "X, for its part, places it", "X lo sitúa en", "X cifra en"."""
    place = verb_after(tokens, name, PUTS | {"lo", "la"})
    if place is None:
        return False
    clitic = tokens[place].lower in ("lo", "la")
    place += clitic
    if lower_at(tokens, place) not in PUTS:
        return False
    after, beyond = lower_at(tokens, place + 1), lower_at(tokens, place + 2)
    return clitic or after in ("it", "this", "that", "en") or (after in ("the", "la", "el") and beyond in FIGURES)


def is_quoted(tokens: list[Token], name: Name) -> bool:
    """ "…, says McKinsey", "…, McKinsey says.": one word or a body, for two words may be a person."""
    if " " in name.text and not is_organisation(name.text):
        return False
    if _asserts(tokens, name):
        return True
    stop = name.stop + (lower_at(tokens, name.stop) in _ONCE)
    article = lower_at(tokens, name.first - 1) in ("the", "el", "la")
    before = [lower_at(tokens, name.first - article - step) for step in (1, 2)]
    if before[0] in SAYS and before[1] in (",", "”", "»", '"'):
        return lower_at(tokens, name.stop) in ("", ".")
    return before[0] == "," and lower_at(tokens, stop) in SAYS and lower_at(tokens, stop + 1) in ("", ".")


def _asserts(tokens: list[Token], name: Name) -> bool:
    """ "La CNMC afirma que", "the Bank of Spain says that": a body or an abbreviation, for a name may be a person's."""
    verb = lower_at(tokens, name.stop)
    if not (verb in SAYS or verb in ASSERTS) or lower_at(tokens, name.stop + 1) in (",", ".", ":", ""):
        return False
    titled = lower_at(tokens, name.first - 1) in _TITLES
    return titled or is_organisation(name.text) or (name.text.isupper() and len(name.text) >= 3)


def in_brackets(tokens: list[Token], name: Name) -> bool:
    """ "… a bad experience. (Zendesk)", "(Gartner, 2019)": only the name, its year and a title in the brackets."""
    place = name.first - 1
    if lower_at(tokens, place) in ("the", "via", "vía"):
        place -= 1
    if lower_at(tokens, place) not in ("(", "["):
        return False
    before = tokens[place - 1] if place else None
    if before is not None and before.kind == "w" and before.text[0].isupper() and name.text.isupper():
        return False  # "Customer Satisfaction (CSAT)"
    close = next((at for at in range(name.stop, name.stop + 4) if lower_at(tokens, at) == ")"), len(tokens))
    if lower_at(tokens, close + 1) == "." and lower_at(tokens, close + 2) in ("-", "–", "—"):
        return False  # "Ávila, 5 oct (NORTEPRESS).-": a news agency's dateline
    if name.text.isupper() and len(name.text) <= 5 and before is not None and before.kind == "w":
        return False
    return all(
        token.kind != "w" or token.text[0].isupper() or token.glued for token in _until_bracket(tokens, name.stop)
    )


def _until_bracket(tokens: list[Token], place: int) -> list[Token]:
    inside: list[Token] = []
    while place < len(tokens) and tokens[place].text not in ")]" and len(inside) < 12:
        inside.append(tokens[place])
        place += 1
    return inside
