"""Who a share is of: the noun phrase after "of", cut before its verb.

A verbatim piece of the sentence. A wrong piece is worse than none: what does not look like one noun phrase of people
or things is null.
"""

from __future__ import annotations

from collections.abc import Sequence

from kb.numbers.patterns import compiled, match
from kb.numbers.records import Line, Quantity
from kb.records.document import Span
from kb.records.language import Language
from kb.records.statistic import Kind
from kb.words.lexicon import words_of
from kb.words.tokens import Token, is_inside_word, lower_at, tokenize

_MAX_POPULATION_WORDS = 8
_NUMBERS = words_of("number")
_SHARE_ENDS = _NUMBERS | words_of("denominator") | words_of("percent") | {"mitad", "parte", "partes"}
_POINTS = words_of("point")
_TIMES = words_of("time_one")
_JOINERS = words_of("no_noun") | words_of("every") | words_of("number") | {"mil", "entre", "sobre", "cada"}
_FRONTS = frozenset(["de", "of", "among", "entre"])
_MAX_FRONT_WORDS = 18
_BULLETS = "-•*|–—☑"
_ONLY = frozenset(["solo", "sólo", "apenas", "only", "just", "casi", "fully"])
_AMONG = frozenset(["entre", "among"])
_MONTHS = words_of("month")
_LEADING = frozenset(["el", "un", "la", "los", "las", "a", "the"])
_RELATIVES = frozenset(["que", "who", "that"])
# What opens a phrase that names nobody by itself.
_NOBODY = frozenset(["what", "lo", "them", "ellos", "ellas"])
_OPEN = frozenset(["los", "las", "those"])
# Of a clause: what stands before its verb, what joins a second one to it, and signs inside words.
_BEFORE_VERBS = frozenset(["no", "se", "le", "les", "lo", "la", "ya", "nunca"])
_JOINING = frozenset(["y", "o", "ni", "and", "or"])
_INSIDE = "-’'&"
# Spanish endings of a finite verb in the past that no noun has.
_PAST = ("ó", "aron", "ieron", "aban", "ían")
_MAX_CLAUSE_WORDS = 16
# What narrows a population and holds a number of its own.
_RESTRICTIONS = {
    language: tuple(compiled(pattern) for pattern in patterns)
    for language, patterns in {
        Language.ES: (
            "con más|menos de N NOUN", "con al menos N NOUN", "con N o más NOUN", "con N NOUN",
            "de más|menos de N NOUN", "de entre N y|a N años", "entre N y N años", "de N a N años",
            "de N años o más", "mayores|menores de N años?",
        ),
        Language.EN: (
            "with over|under N NOUN", "with more|fewer|less than N NOUN", "with at least N NOUN", "with N NOUN",
            "aged? between? N to|and|-|– N", "aged N and|or over|older|above", "aged? under|over N", "aged N",
        ),
    }.items()
}  # fmt: skip
_RESTRICTIONS[Language.OTHER] = _RESTRICTIONS[Language.EN]
SHARES = (Kind.PERCENT, Kind.FRACTION, Kind.RATIO)
LINKS = {
    Language.ES: frozenset({"de", "del"}),
    Language.EN: frozenset({"of"}),
}
LINKS[Language.OTHER] = LINKS[Language.EN]
_THE = frozenset(["el", "la", "los", "las", "the"])
# "las | de 1 a 9 empleados": a restriction without whom it restricts.
_NO_OPENING = frozenset(["de", "del", "con", "en", "of", "with", "in"])
_ARTICLES = words_of("population_articles")
_ENDS = words_of("population_ends")
_MORE_ENDS = words_of("population_more_ends")
# What a share is of when it is of no people or things.
_NOTHING = words_of("population_nothing")
# Adjectives before "and", with their noun still to come.
_SIZES = words_of("population_sizes")
_LEADS_ON = words_of("population_leads_on")
_DETERMINERS = _ARTICLES | words_of("population_determiners")
_LINKING = words_of("population_linking")
_TRAILING = words_of("population_trailing")
_ADJECTIVES = tuple(words_of("adjective_ending"))
_CONDITIONAL = ("aría", "ería", "iría", "arían", "erían", "irían")
_QUALIFIES = words_of("population_qualifies")

_COUNTED = words_of("measured_noun")


def population_of(line: Line, found: Quantity) -> str | None:
    """Who the share is of, verbatim with its restriction ("los clientes", "Brits aged 30–44"), or null.

    It stands behind the share, behind a bracket that says the share again, before the bracket, or at the head of the
    sentence ("De los socios encuestados, el 48 %").
    """
    if found.kind not in SHARES or found.unit is not None:
        return None
    tokens = line.tokens
    whole = _whole_of(line, found)
    if whole is not None:
        return _phrase(line, whole)
    inner = tokens[found.first + 1] if found.stop > found.first + 2 else None
    if found.kind is Kind.RATIO and inner is not None and inner.kind == "w" and inner.lower not in _JOINERS:
        return inner.text if inner.lower not in _NOTHING else None  # "one buyer in eight"
    start = _past_bracket(tokens, found)
    linked = lower_at(tokens, start) in LINKS[line.language]
    if linked or found.kind is Kind.RATIO:
        phrase = _phrase(line, start + linked, bare=not linked)
        if phrase is not None:
            return phrase
    return _before_bracket(line, found) or _fronted(line, found) or _among(line, found)


def phrase_at(text: str, span: Span) -> str | None:
    """What of these words of a text is printed as a population: whole words of one line, without an article before
    them and what leads to something else behind them; null where no noun is left or they are a restriction alone."""
    start, stop = span.start, span.end
    while start and text[start - 1 : start + 1].isalnum():
        start -= 1
    while text[stop - 1 : stop + 1].isalnum() and stop < len(text):
        stop += 1
    tokens = tokenize(text[start:stop])
    first = next((at for at, one in enumerate(tokens) if one.kind != "p" and one.lower not in _THE), len(tokens))
    last = trimmed(tokens, first, len(tokens))
    if not has_content(tokens[first:last]) or tokens[first].lower in _NO_OPENING:
        return None
    phrase = text[start + tokens[first].start : start + tokens[last - 1].end]
    return phrase if "\n" not in phrase and phrase.count("(") == phrase.count(")") else None


def _whole_of(line: Line, found: Quantity) -> int | None:
    """Where the whole starts of which a ratio takes some: "38 of | the 51 organisations"."""
    for place in range(found.first, found.stop - 1):
        if line.tokens[place].lower in LINKS[line.language] and line.tokens[place + 1].lower in _DETERMINERS:
            return place + 1 if found.kind is Kind.RATIO else None
    return None


def _past_bracket(tokens: Sequence[Token], found: Quantity) -> int:
    """The token after the share, and after the brackets around it or behind it: "half (54%) of drivers"."""
    stop = found.whole[1]
    opened = lower_at(tokens, stop) == "("
    close = next((at for at in range(stop, stop + 7) if lower_at(tokens, at) == ")"), None)
    if close is None:
        return stop
    inside = [token.text for token in tokens[stop:close]]
    around = lower_at(tokens, found.whole[0] - 1) == "(" and close == stop
    return close + 1 if around or (opened and "%" in inside) else stop


def _phrase(line: Line, start: int, bare: bool = False) -> str | None:
    """The noun phrase of people or things at ``start``, with what restricts it; null when it is none."""
    tokens = line.tokens
    if lower_at(tokens, start) == "quienes" or (
        lower_at(tokens, start) in _OPEN and lower_at(tokens, start + 1) in _RELATIVES
    ):
        return _told_by_clause(line, start)
    end = _before_attached_verb(tokens, start, _noun_phrase_end(tokens, start), line.language)
    stop = trimmed(tokens, start, end)
    phrase = tokens[start:stop]
    if not has_content(phrase) or stop - start > _MAX_POPULATION_WORDS or _says_nothing(phrase):
        return None
    if bare and not _names_many(phrase, stop - start):
        return None  # "3 de cada 10 pagarían", "1 in 5 hangs up"
    end = _restricted(line, stop)
    if lower_at(tokens, end) in LINKS[line.language]:
        end = _past_link(line, end)
    if end == stop and lower_at(tokens, stop) in _RELATIVES:
        return None  # who they are is told by a clause whose end is not seen
    return line.text[tokens[start].start : tokens[end - 1].end]


def _restricted(line: Line, stop: int) -> int:
    """The end of what narrows the phrase: "con más de 10 empleados", "aged 30–44", "que usan la app"."""
    tokens = line.tokens
    for pattern in _RESTRICTIONS[line.language]:
        matched = match(tokens, stop, pattern, line.language)
        if matched is not None:
            return matched[0]
    return _clause_end(line, stop) if lower_at(tokens, stop) in _RELATIVES else stop


def _past_link(line: Line, link: int) -> int:
    """The end of what follows "de": "los contactos | de la quincena"; ``link`` where it is no noun phrase."""
    tokens = line.tokens
    end = _before_attached_verb(tokens, link + 1, _noun_phrase_end(tokens, link + 1), line.language)
    stop = trimmed(tokens, link + 1, end)
    return stop if has_content(tokens[link + 1 : stop]) else link


def _told_by_clause(line: Line, start: int) -> str | None:
    """ "quienes usan la app", "those who stayed": the clause says who; null where its end is not seen."""
    tokens = line.tokens
    opens = start + (lower_at(tokens, start + 1) in _RELATIVES)
    stop = _clause_end(line, opens)
    return line.text[tokens[start].start : tokens[stop - 1].end] if stop > opens else None


def _clause_end(line: Line, stop: int) -> int:
    """The end of the clause that a relative opens at ``stop``, before the verb of the sentence; ``stop`` where a sign
    comes first or no verb is seen."""
    tokens, spanish = line.tokens, line.language is Language.ES
    verb = stop + 1 + (lower_at(tokens, stop + 1) in _BEFORE_VERBS)
    for place in range(verb + 1, min(len(tokens), stop + _MAX_CLAUSE_WORDS)):
        token = tokens[place]
        if token.kind == "p" and token.text not in _INSIDE:
            return stop
        before = tokens[place - 1].lower
        second = before in _BEFORE_VERBS and tokens[place - 2].lower in _JOINING
        joins = token.lower in _JOINING or before in _JOINING or second
        if not joins and (token.lower in _ENDS or (spanish and token.lower.endswith(_PAST))):
            return trimmed(tokens, stop, place)
    return stop


def _before_bracket(line: Line, found: Quantity) -> str | None:
    """ "One in four drivers (26%) switch": what stands between the share before and the bracket."""
    tokens, opening = line.tokens, found.whole[0] - 1
    opening -= lower_at(tokens, opening) in ("el", "un", "the")
    if lower_at(tokens, opening) != "(" or lower_at(tokens, found.stop) != ")":
        return None
    for start in range(opening - 1, max(0, opening - 5), -1):
        if tokens[start].kind != "w":
            return None
        before = start - 1
        before -= lower_at(tokens, before) in LINKS[line.language]
        told = before >= 0 and (tokens[before].kind == "n" or tokens[before].lower in _SHARE_ENDS)
        if told and tokens[start].lower not in _POINTS and _names_many(tokens[start:opening], 1):
            return line.text[tokens[start].start : tokens[opening - 1].end]
    return None


def _fronted(line: Line, found: Quantity) -> str | None:
    """ "De los socios que usan la app, el 48 % repite", "Among drivers under 25, only 61%": the whole of what opens the
    clause; "Restaurants: 12%": what heads the line."""
    tokens, comma = line.tokens, found.whole[0] - 1
    while lower_at(tokens, comma) in _LEADING or lower_at(tokens, comma) in _ONLY:
        comma -= 1
    if comma < 1 or tokens[comma].text not in ",:":
        return None
    start = comma
    while start and comma - start < _MAX_FRONT_WORDS and _is_word(tokens, start - 1):
        start -= 1
    heads = tokens[comma].text == ":"
    start += tokens[start].kind == "p"  # a bullet
    if heads:
        opens = all(token.text in _BULLETS for token in tokens[:start])
    else:
        start = next((at for at in range(start, comma) if tokens[at].lower in _FRONTS), comma) + 1
        opens = start == 1 or (start > 1 and not _is_word(tokens, start - 2))
    phrase = tokens[start:comma]
    if (
        not opens
        or not has_content(phrase)
        or phrase[0].lower in _MONTHS
        or _says_nothing(phrase)
        or (heads and not _names_many(phrase[:3], 1))
    ):
        return None
    return line.text[tokens[start].start : tokens[comma - 1].end]


def _among(line: Line, found: Quantity) -> str | None:
    """ "Among caregivers it was 72 percent", "Entre los menores de 25, la frase … (43 %)": whom it is all of, up to
    its semicolon; null where it says from when to when."""
    tokens = line.tokens
    if any(token.text == ";" for token in tokens[: found.first]):
        return None
    if (
        lower_at(tokens, 0) not in _AMONG
        or lower_at(tokens, 1) in _MONTHS
        or (len(tokens) > 1 and tokens[1].kind == "n")
    ):
        return None
    stop = next((at for at in range(1, min(len(tokens), _MAX_FRONT_WORDS)) if not _is_word(tokens, at)), 0)
    if lower_at(tokens, stop) != ",":
        return _phrase(line, 1)
    phrase = tokens[1:stop]
    told = has_content(phrase) and not _says_nothing(phrase) and not any(token.kind == "n" for token in phrase[:1])
    return line.text[tokens[1].start : tokens[stop - 1].end] if told else None


def _is_word(tokens: Sequence[Token], place: int) -> bool:
    """Whether no sign that parts clauses stands here."""
    return tokens[place].kind != "p" or tokens[place].text in _INSIDE


def _says_nothing(phrase: Sequence[Token]) -> bool:
    """ "of the time", "del total", "of what they buy", "of them"."""
    words = [token.lower for token in phrase if token.lower not in _ARTICLES]
    return not words or words[0] in _NOBODY or words[0] in _TIMES or all(word in _NOTHING for word in words)


def _names_many(phrase: Sequence[Token], length: int) -> bool:
    """Whether words right after a ratio name those who are counted, in the plural and not by a verb alone."""
    if any(token.lower in _COUNTED for token in phrase):
        return True
    last = phrase[-1].lower
    return last.endswith("s") and len(last) > 4 and (length > 1 or not last.endswith(("ves", "gs", "ces")))


def _noun_phrase_end(tokens: Sequence[Token], start: int) -> int:
    """The token after the noun phrase: at a verb, an adverb, a number or a sign."""
    counted = start + 2 < len(tokens) and tokens[start].lower in _ARTICLES and tokens[start + 1].kind == "n"
    stop = start + 2 if counted else start  # "of the 350 stores"
    while stop < len(tokens) and stop - start <= _MAX_POPULATION_WORDS:
        token = tokens[stop]
        joins = token.lower in ("and", "y", "e") and tokens[stop - 1].lower in _SIZES
        counts = token.kind == "n" and not (stop > start and is_inside_word(tokens, stop))
        if not joins and (token.lower in _ENDS or token.lower in _MORE_ENDS or counts):
            break
        if token.kind == "p" and token.text not in "-’'&":
            break
        if has_content(tokens[start:stop]):
            if token.lower.endswith(_CONDITIONAL) and tokens[stop - 1].lower not in _DETERMINERS | _LINKING:
                break
            if token.lower.endswith(("mente", "ly")) and len(token.lower) > 5 and token.lower not in ("family", "only"):
                break
            if token.lower in _DETERMINERS and tokens[stop - 1].lower not in _LINKING:
                return _before_the_verb(tokens, start, stop)
        stop += 1
    return stop


def _before_attached_verb(tokens: Sequence[Token], start: int, stop: int, language: Language) -> int:
    """Before a verb right after a plural: "los usuarios | eligió", "callers | hang up"; else ``stop``."""
    for place in range(start, stop - 1):
        word, following = tokens[place], tokens[place + 1]
        led = place > start and tokens[place - 1].lower in _LEADS_ON and word.kind == "w"
        coded = language is Language.ES and place > start + 1 and is_inside_word(tokens, place - 1)
        plain = following.kind == "w" and following.lower not in _LINKING and following.text == following.lower
        if language is Language.ES and led and plain and not following.lower.endswith(_ADJECTIVES):
            return place + 1  # "los líderes de servicio | planea"
        if following.kind != "w" or following.lower in _LINKING or not (coded or _is_plural(word, language)):
            continue
        if language is Language.ES:
            more = following.lower.endswith("s") or following.text != following.lower
        else:
            more = following.lower in _COUNTED or following.lower in _QUALIFIES or following.lower.endswith("ing")
        if not more:
            return place + 1
    return stop


def _is_plural(token: Token, language: Language) -> bool:
    """Whether a word looks like a plural noun; in Spanish no verb of the third person ends like one."""
    lower = token.lower
    if (
        token.kind != "w"
        or lower in _ARTICLES
        or lower in _DETERMINERS
        or len(lower) < 4
        or lower.endswith(("’s", "'s"))
    ):
        return False
    if language is Language.ES:
        return lower.endswith("s")
    return lower == "people" or (lower.endswith("s") and not lower.endswith(("ss", "us", "is", "as")))


def _before_the_verb(tokens: Sequence[Token], start: int, determiner: int) -> int:
    """Before a determiner that no preposition leads stands a verb: "los consumidores | realiza una compra"."""
    verb = determiner - 1
    return verb if has_content(tokens[start:verb]) else determiner


def trimmed(tokens: Sequence[Token], start: int, stop: int) -> int:
    """The end without function words that lead to something else."""
    while stop > start and (tokens[stop - 1].lower in _TRAILING or tokens[stop - 1].kind == "p"):
        stop -= 1
    return stop


def has_content(tokens: Sequence[Token]) -> bool:
    """Whether a word stands there that is no article, preposition or number."""
    return any(
        token.kind == "w" and len(token.text) > 2 and token.lower not in _ARTICLES and token.lower not in _TRAILING
        for token in tokens
    )
