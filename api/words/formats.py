"""Numbers, shares and dates as each language writes them: "1.234,5", "87 %" with a no-break space, "30 de mayo".

Owns notation only; which words stand beside a number is the table of strings', and figures are those of ``kb.numbers``.
"""

from __future__ import annotations

import re
from decimal import Decimal

from kb.records.language import Language

_NO_BREAK = "\u00a0"
_MONTHS = {
    Language.ES: "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    Language.EN: "January February March April May June July August September October November December",
}
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def number(value: Decimal | int, language: Language) -> str:
    """A number with the marks of the language, without zeros at its end: 4760000 as "4.760.000" or "4,760,000"."""
    facts = language.facts
    whole, _, decimals = f"{value:,f}".partition(".")
    decimals = decimals.rstrip("0")
    grouped = whole.replace(",", facts.thousands_mark)
    return grouped + (facts.decimal_mark + decimals if decimals else "")


def percent(share: Decimal, language: Language) -> str:
    """A share as a percentage: 0.875 as "87,5 %" (no-break space) or "87.5%"."""
    mark = f"{_NO_BREAK}%" if language is Language.ES else "%"
    return number(share * 100, language) + mark


def day(published: str | None, language: Language) -> str | None:
    """A date of any precision in words: "30 de septiembre de 2022", "September 2022", "2022"; null if not a date."""
    match = _DATE.match(published or "")
    if not match:
        return None
    year, month, date = match.groups()
    names = _MONTHS.get(language, _MONTHS[Language.EN]).split()
    if month is None or not 1 <= int(month) <= 12:
        return year
    name = names[int(month) - 1]
    if language is Language.ES:
        return f"{int(date)} de {name} de {year}" if date else f"{name} de {year}"
    return f"{int(date)} {name} {year}" if date else f"{name} {year}"
