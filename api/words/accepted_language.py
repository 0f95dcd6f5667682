"""Which language a caller reads best, by the Accept-Language header of a request."""

from __future__ import annotations

import re

from kb.records.language import Language


def accepted_language(header: str | None) -> Language:
    """Spanish or English, whichever an Accept-Language header likes better; English when it likes neither."""
    best, liking = Language.EN, 0.0
    for part in (header or "").split(",")[:20]:
        tag, _, parameters = part.strip().partition(";")
        code = tag.strip().lower().partition("-")[0]
        if code not in ("es", "en"):
            continue
        weight = quality(parameters)
        if weight > liking:
            best, liking = Language(code), weight
    return best


def quality(text: str) -> float:
    """The weight in the parameters of a member of an Accept header; 1 where none can be read."""
    match = re.fullmatch(r"\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*", text)
    return float(match[1]) if match else 1.0
