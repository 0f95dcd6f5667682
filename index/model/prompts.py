"""How a text is put to an embedding model: the e5 prompts and the clean form every runtime gets.

One rule for all runtimes, so that a query read by one meets passages read by another. Knows no model.
"""

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


def normalised(text: str) -> str:
    """The text as the tokenizer of XLM-RoBERTa normalises it.

    Its map is NFKC but for 45 code points: controls vanish, separators and zero-width marks become
    spaces (compared code point by code point with the map in the bundled file). White space of any kind that
    ends the text then goes, as in its normaliser: U+0085 stands on its own elsewhere.

    >>> normalised("ﬁn  de\u200baño")
    'fin de año'
    """
    return " ".join(part for part in unicodedata.normalize("NFKC", text.translate(_MAP)).split(" ") if part).rstrip()


VANISHING = "\x01\x02\x03\x04\x05\x06\x07\x08\x0b" + "".join(map(chr, range(0x0E, 0x20))) + "\x7f\x8f\x9f"
SPACING = "\t\n\f\r\u1680\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u2581\ufeff\ufffd"
_MAP = str.maketrans(SPACING, " " * len(SPACING), VANISHING)
