"""What note-taking programs add to Markdown, written as they show it: links between notes, embeds, hidden comments.

Owns the marks of Obsidian, most of which other wikis and static sites share. Every line stays at its number.
"""

from __future__ import annotations

import re

# Not after a digit: "100%% of them" is a slip of a person's, no comment. None goes past the next that opens.
_COMMENT = re.compile(r"(?<![\d%])%%(?!%)((?:(?!%%).){0,20000})%%(?!%)", re.S)
# "[[1]](address)" is a link of Markdown whose text has brackets.
_LINK = re.compile(r"(!?)\[\[([^\[\]|\n]{1,400})(?:\|([^\[\]\n]{0,400}))?\]\](?!\()")
_HIGHLIGHT = re.compile(r"==(?=[^\s=])([^=\n]{1,1000})(?<=\S)==(?!=)")
_CALLOUT = re.compile(r"^([ \t]{0,8}(?:>[ \t]?){1,8})\[![\w-]{1,40}\][+-]?[ \t]*(.*)$", re.M)
_TASK = re.compile(r"^([ \t>]{0,40}(?:[-*+]|\d{1,9}[.)])[ \t]+)\[[ xX/-]\][ \t]+", re.M)
_BLOCK_ID = re.compile(r"(?<=\S)[ \t]\^[A-Za-z0-9-]{1,60}[ \t]*$", re.M)
_NOTE_MARK = re.compile(r"\[\^[^\]\s]{1,60}\](:[ \t]+)?")


def without_wiki_marks(text: str) -> str:
    """The text as a reader of the notes sees it: a link by its name, no comment, no embed, no mark of a box."""
    plain = _COMMENT.sub(lambda found: "\n" * found[1].count("\n"), text) if "%%" in text else text
    plain = _LINK.sub(_shown, plain)
    # The title of a box is a paragraph of its own.
    plain = _CALLOUT.sub(lambda found: f"{found[1]}{found[2]}</p><p>" if found[2] else found[1], plain)
    plain = _BLOCK_ID.sub("", _TASK.sub(r"\1", plain))
    return _NOTE_MARK.sub("", _HIGHLIGHT.sub(r"\1", plain))


def link_names(text: str) -> str:
    """A field of front matter with the links in it by their names: "[[Ana Pérez]]" is a person."""
    return _LINK.sub(_shown, text)


def _shown(found: re.Match[str]) -> str:
    embedded, target, alias = found.groups()
    return "" if embedded else alias or target.strip("#^ ").replace("#", " > ")
