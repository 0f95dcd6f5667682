"""A stored number as a sheet shows it: with the per cent, the currency and the unit of its format, not rounded.

Owns what a format code says (ECMA-376 part 1, 18.8.31). Refuses to round: a figure is quoted as it is stored.
"""

from __future__ import annotations

import datetime
import re
from decimal import Decimal, InvalidOperation

_QUOTED = re.compile(r'"([^"]{0,60})"')
_CURRENCY = re.compile(r"\[\$([^\]-]{1,6})(?:-[^\]]{0,12})?\]")
_BRACKETED = re.compile(r"\[[^\]]{0,40}\]")
_FIRST_DIGIT = re.compile(r"[0#?]")
# Floats keep fifteen digits; what differs beyond them is no part of the figure (0.1 + 0.2).
_DIGITS = 15


def shown(value: object, code: str | None) -> str:
    """The text of a stored value: dates in ISO 8601, numbers in full with what their format puts around them."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ", "minutes")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, int | float):
        return _number(value, (code or "General").split(";")[0])
    return str(value)


def _number(value: float, code: str) -> str:
    bare = _QUOTED.sub("", code).replace("\\%", "")
    number = _decimal(value)
    if number is None:
        return str(value)
    if "%" in bare:
        return f"{_plain(number * 100)}%"
    before, after = _literals(code)
    return f"{before}{_plain(number)}{after}"


def _decimal(value: float) -> Decimal | None:
    try:
        number = Decimal(f"{value:.{_DIGITS}g}") if isinstance(value, float) else Decimal(value)
    except (InvalidOperation, OverflowError, ValueError):
        return None
    return number if number.is_finite() else None


def _plain(number: Decimal) -> str:
    """The number without an exponent and without zeros at its end."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _literals(code: str) -> tuple[str, str]:
    """What a format writes before and after the digits: signs of currency, units in quotes."""
    marked = _BRACKETED.sub("", _QUOTED.sub(lambda text: f"\0{text[1]}\1", _CURRENCY.sub("\0\\1\1", code)))
    digits = list(_FIRST_DIGIT.finditer(re.sub("\0[^\1]*\1", lambda text: "\2" * len(text[0]), marked)))
    if not digits:
        return "", ""
    return _written(marked[: digits[0].start()]), _written(marked[digits[-1].end() :])


def _written(code: str) -> str:
    """The literal text of a piece of a format code, without its marks of width and fill."""
    plain = re.sub(r"[_*].|[#,?.0-9\\+()-]", "", re.sub("\0([^\1]*)\1", lambda text: text[1], code))
    return plain if re.search(r"[^\W\d_]|[€$£¥%°]", plain) and "General" not in plain else ""
