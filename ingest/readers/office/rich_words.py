"""What the words of control of rich text stand for: characters, code pages, groups that are text or are none.

Owns the tables (RTF 1.9.1). Refuses to know where in a file a word stands.
"""

from __future__ import annotations

CODE_PAGES = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850", "ansi": "cp1252"}
CHARSETS = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gbk", 136: "big5", 161: "cp1253", 162: "cp1254", 163: "cp1258",
    177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
CHARACTERS = {
    "tab": " ", "line": " ", "softline": " ", "~": "\u00a0", "_": "‑", "emdash": "—", "endash": "–", "lquote": "‘",
    "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•", "emspace": " ", "enspace": " ", "qmspace": " ",
    "nestcell": " ", "nestrow": " ", "\\": "\\", "{": "{", "}": "}",
}  # fmt: skip
ENDS = frozenset(("par", "sect", "page", "column", "\n", "\r", "\r\n"))
# Groups whose text is a text of its own, told after the paragraph, and those whose text stands on every page.
APART = frozenset(("footnote", "shptxt", "dptxbxtext"))
BESIDE = frozenset(("header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf"))
# Groups marked as to be passed over by those who do not know them; what they hold is text.
PASSED = frozenset(("shpinst", "do", "ud", "nesttableprops"))
_NOT_TEXT_WORDS = (
    "colortbl stylesheet fonttbl info pict objdata fldinst datafield listtext pntext sp upr filetbl revtbl listtable "
    "listoverridetable rsidtbl generator themedata colorschememapping latentstyles datastore xmlnstbl mmathPr template "
    "bkmkstart bkmkend annotation atnid atnauthor atndate atnref xe tc rxe txe comment doccomm operator nonshppict "
    "ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn shprslt nonesttables"
)
NOT_TEXT = frozenset(_NOT_TEXT_WORDS.split())


def code_page(number: int) -> str:
    """The codec of a code page by its number; that of Western Europe for one that is not known."""
    name = {65001: "utf-8", 10000: "mac_roman"}.get(number, f"cp{number}")
    try:
        "".encode(name)
    except LookupError:
        return "cp1252"
    return name
