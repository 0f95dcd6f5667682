"""How a text is put to an embedding model: the e5 prompts and the clean form every runtime gets.

One rule for all runtimes, so that a query read by one meets passages read by another. Knows no model.
"""

from __future__ import annotations

import unicodedata

QUERY_PROMPT = "query: "
PASSAGE_PROMPT = "passage: "


def prepared(text: str) -> str:
    """The text in NFC, without outer spaces, with NUL and lone surrogates as U+FFFD.

    >>> prepared("  An\\u0303o\\x00 ")
    'Año\\ufffd'
    """
    encodable = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace").replace("\x00", "\ufffd")
    return unicodedata.normalize("NFC", encodable).strip()
