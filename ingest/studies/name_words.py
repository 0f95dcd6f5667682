"""Words that begin, end, link or make no names, for the reading of names: tables only."""

from __future__ import annotations

import re

from kb.words.lexicon import words_of

# Never begin or end a name.
FUNCTION = words_of("name_function")
# May stand in a name, but are none by themselves.
GENERIC = words_of("name_generic")
# Ordinary words that open a sentence before a study noun or a verb of finding.
OPENERS = words_of("name_openers")
CODE = re.compile(r"[A-Z]\d{1,3}|[BC]2[BCGE]|I[AT]|TI|U\.?S\.?A?\.?|U\.?K\.?|EE")
LINKS = words_of("name_links")
WIDE_LINKS = LINKS | {"en", "con", "para", "in", "on", "a", "al"}
# Words that only the names of organisations hold.
BODIES = words_of("name_bodies")
STUDY_WORDS = words_of("name_study_words")
WORDS = re.compile(r"\w+")
NO_NAMES = frozenset(["the", "and", "del", "los", "las", "for", "group", "inc"])
JOURNALS = words_of("name_journals")
# Endings of the words that open a sentence and are no name by themselves: "Surprisingly", "Conectado", "Según".
OPENER_ENDS = tuple(words_of("opener_ending"))
OPENING_SIGNS = "“\"«(¿¡‘–—-•*:'[●"
