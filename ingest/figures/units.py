"""The words and signs that follow or lead a number and say what it measures, in both languages.

Tables only, and small lookups in them. Knows nothing of sentences or documents.
"""

from __future__ import annotations

from decimal import Decimal

from ingest.figures.scan import Token, lower_at, word_set, words_at
from kb.language import Language

_CENT, _POINT, _BASIS = Decimal("0.01"), "percentage points", "basis points"

# Longest first: "puntos porcentuales" before anything that starts with "puntos".
_PERCENT_WORDS: tuple[tuple[tuple[str, ...], str | None, Decimal], ...] = (
    (("%",), None, _CENT),
    (("por", "ciento"), None, _CENT),
    (("por", "cien"), None, _CENT),
    (("porciento",), None, _CENT),
    (("percent",), None, _CENT),
    (("per", "cent"), None, _CENT),
    (("pct",), None, _CENT),
    (("puntos", "porcentuales"), _POINT, _CENT),
    (("punto", "porcentual"), _POINT, _CENT),
    (("puntos", "de", "porcentaje"), _POINT, _CENT),
    (("percentage", "points"), _POINT, _CENT),
    (("percentage", "point"), _POINT, _CENT),
    (("-", "percentage", "-", "point"), _POINT, _CENT),
    (("-", "percentage", "point"), _POINT, _CENT),
    (("-", "percent"), None, _CENT),
    (("pp",), _POINT, _CENT),
    (("p", ".", "p", "."), _POINT, _CENT),
    (("puntos", "básicos"), _BASIS, Decimal("0.0001")),
    (("basis", "points"), _BASIS, Decimal("0.0001")),
    (("‰",), "per mille", Decimal("0.001")),
    (("por", "mil"), "per mille", Decimal("0.001")),
    (("por", "100"), None, _CENT),
    (("por", "1000"), "per mille", Decimal("0.001")),
    (("por", "1.000"), "per mille", Decimal("0.001")),
)
# "20 por 100 de los clientes" is a share; "20 por 100 cm" a size.
_AFTER_FIGURES = frozenset(["de", "del", "", ".", ",", ";", ")"])
_PERCENT_STARTS = frozenset(words[0] for words, _, _ in _PERCENT_WORDS)


def percent_at(tokens: list[Token], index: int) -> tuple[int, str | None, Decimal] | None:
    """The token after a percent sign or word, its unit (null for plain percent) and its factor; or null."""
    if lower_at(tokens, index) not in _PERCENT_STARTS:
        return None
    for words, unit, factor in _PERCENT_WORDS:
        if words_at(tokens, index, words):
            stop = index + len(words)
            if words[-1][0] == "1" and lower_at(tokens, stop) not in _AFTER_FIGURES:
                return None
            return stop, unit, factor
    return None


def _forms(unit: str, words: str) -> dict[str, str]:
    return dict.fromkeys(words.split(), unit)


TIME = {
    Language.ES: {
        **_forms("milliseconds", "milisegundo milisegundos"),
        **_forms("seconds", "segundos"),
        **_forms("minutes", "minuto minutos min"),
        **_forms("hours", "hora horas"),
        **_forms("days", "día días"),
        **_forms("weeks", "semana semanas"),
        **_forms("months", "mes meses"),
        **_forms("quarters", "trimestre trimestres"),
        **_forms("years", "año años"),
        **_forms("decades", "década décadas"),
    },
    Language.EN: {
        **_forms("milliseconds", "millisecond milliseconds ms"),
        **_forms("seconds", "second seconds secs"),
        **_forms("minutes", "minute minutes min mins"),
        **_forms("hours", "hour hours hr hrs"),
        **_forms("days", "day days"),
        **_forms("weeks", "week weeks"),
        **_forms("months", "month months"),
        **_forms("years", "year years yrs"),
        **_forms("decades", "decade decades"),
    },
}
TIME[Language.OTHER] = TIME[Language.EN]
SINGULAR_TIME = word_set("second minute hour day week month year decade")

SIGNS = {"$": "$", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₡": "CRC", "₲": "PYG", "₩": "KRW"}
CODES = word_set("USD EUR GBP MXN COP CLP ARS PEN BRL CAD AUD JPY CHF CNY UYU BOB DOP GTQ CRC INR")
DOLLAR_PREFIXES = {
    "us": "USD",
    "usd": "USD",
    "u": "USD",
    "au": "AUD",
    "a": "AUD",
    "ca": "CAD",
    "c": "CAD",
    "mx": "MXN",
    "mxn": "MXN",
    "r": "BRL",
    "cop": "COP",
    "ars": "ARS",
    "clp": "CLP",
    "rd": "DOP",
    "ar": "ARS",
    "hk": "HKD",
    "nz": "NZD",
}
MONEY_STARTS = frozenset(DOLLAR_PREFIXES) | {"s", "bs"}
"""Words that may stand before a sum: "US$ 5", "S/ 12.50", "Bs. 20"."""
CURRENCY_WORDS = {
    **_forms("USD", "dólar dólares dolar dolares dollar dollars usd mdd"),
    **_forms("EUR", "euro euros eur"),
    **_forms("GBP", "libra libras pound pounds gbp"),
    **_forms("pesos", "peso pesos mdp"),
    **_forms("JPY", "yen yenes"),
    **_forms("CNY", "yuan yuanes renminbi"),
    **_forms("BRL", "reales reais"),
    **_forms("PEN", "soles"),
    **_forms("INR", "rupees rupias"),
    **_forms("cents", "centavos céntimos cents"),
    **{code.lower(): code for code in CODES},
}


def currency_after(tokens: list[Token], index: int) -> tuple[int, str] | None:
    """The token after a currency name or sign at ``index`` ("€", "de dólares", "USD") and its unit; or null."""
    word = lower_at(tokens, index)
    if word in ("€", "£", "$", "¥"):
        following = lower_at(tokens, index + 1)
        # "100 $20 coupons": the sign belongs to the next number.
        if following.isdigit() and tokens[index + 1].glued:
            return None
        return index + 1, SIGNS[word]
    if word == "de" and lower_at(tokens, index + 1) in CURRENCY_WORDS:
        return index + 2, CURRENCY_WORDS[lower_at(tokens, index + 1)]
    if word == "us" and lower_at(tokens, index + 1) in ("dollars", "dollar"):
        return index + 2, "USD"
    if word in CURRENCY_WORDS:
        if word == "reales":
            return None
        return index + 1, CURRENCY_WORDS[word]
    return None


def currency_before(tokens: list[Token], index: int) -> tuple[int, str] | None:
    """The first token of the currency mark that starts at ``index`` is this one: the number's token and the unit."""
    token = tokens[index]
    if token.text in SIGNS:
        return index + 1, SIGNS[token.text]
    after = lower_at(tokens, index + 1)
    if token.text.upper() in CODES and token.text.isupper():
        if after in SIGNS:
            return index + 2, token.text
        return index + 1, token.text
    if token.text == "S" and after == "/" and tokens[index + 1].glued:
        return index + (3 if lower_at(tokens, index + 2) == "." else 2), "PEN"
    if token.text == "Bs":
        return index + (2 if after == "." else 1), "BOB"
    if after == "$" and token.lower in DOLLAR_PREFIXES and tokens[index + 1].glued:
        return index + 2, DOLLAR_PREFIXES[token.lower]
    return None
