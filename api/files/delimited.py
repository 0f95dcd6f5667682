"""Rows as CSV (RFC 4180): with the separators of Spanish or English spreadsheets. Knows no HTTP and no files."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import Enum

from kb.records.errors import InputError
from kb.records.messages import say

# Without this mark spreadsheets read a file in the system's own encoding and break the accents.
UTF8_MARK = "\ufeff"


class Separators(Enum):
    """What stands between cells and between units and decimals: "es" is ``;`` and ``,``, "en" is ``,`` and ``.``."""

    ES = "es"
    EN = "en"


def parse_separators(name: str) -> Separators:
    """The separators of this name; InputError for any other."""
    try:
        return Separators(name.strip().lower())
    except ValueError:
        raise InputError(say("separators", name=name), say("are_not_known"), say("use_es_or_en_separators")) from None


def delimited(rows: Sequence[Mapping[str, Cell]], separators: Separators = Separators.EN) -> str:
    """The rows as CSV text under a line of their names; nothing when there are no rows."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";" if separators is Separators.ES else ",")
    if rows:
        writer.writerow(rows[0].keys())
    for row in rows:
        writer.writerow([_shown(cell, separators) for cell in row.values()])
    return out.getvalue()


def _shown(cell: Cell, separators: Separators) -> str | int | None:
    if isinstance(cell, str):
        return safe_text(cell)
    if isinstance(cell, Decimal | float):
        plain = f"{cell:f}" if isinstance(cell, Decimal) else repr(cell)
        return plain.replace(".", ",") if separators is Separators.ES else plain
    return cell


Cell = str | int | float | Decimal | None


_NUMBER = re.compile(r"[-+]?\d{1,30}(?:[.,]\d{1,30})?")


# Whatever stands before it that nobody sees: spaces, marks without width and of direction.
_RUNS = re.compile(r"[\t\r\n]|[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]*[=+\-@|＝＋－＠]")


def safe_text(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula; a plain number stays as it is."""
    if not _RUNS.match(text) or _NUMBER.fullmatch(text):
        return text
    return f"'{text}"
