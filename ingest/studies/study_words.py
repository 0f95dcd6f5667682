"""The words that stand between a study and who made it: nouns of studies, verbs of finding and making, leads.

Tables only.
"""

from __future__ import annotations

from kb.words.lexicon import lexicon, words_of

CARRIES = words_of("carrier_verb")
"""Verbs of who only carries what another found: "según publica"."""
STUDY_NOUNS = words_of("study_study_nouns")
"""Nouns of studies and of who makes them."""
SPANISH_STUDIES = words_of("study_spanish_studies")
"""Those that follow no name in Spanish: "Marketing tiene cuatro encuestas" is no study of Marketing."""
TEAMS = words_of("study_teams")
"""People who study somewhere: "a team at the University of Leeds"."""
COUNTED = words_of("study_counted")
"""What parts a name from surveys that it only counts."""
NAMED_AFTER = words_of("study_named_after")
"""Nouns that the name or title of a study follows."""
TITLE_NOUNS = words_of("name_study_words") | words_of("study_title_noun")
"""Nouns that the names of studies are made with: "Barómetro", "Outlook"."""
LEADS = lexicon().phrases("study_lead")
"""What leads to a source."""
REPORT_TITLES = words_of("study_report_titles")
"""Words that open the title of a report: "State of …"."""
BY = words_of("study_by")
"""Between a study and who made it."""
MADE = words_of("study_made")
"""Participles of making a study."""
FOUND = words_of("study_found")
"""Verbs of finding."""
MAKES = words_of("study_makes")
"""Verbs of making a study."""
ASSERTS = words_of("study_asserts")
"""Verbs of asserting, of which the same holds."""
SPONSORS = words_of("study_sponsors")
"""Verbs of paying for a study, or making it, that stand in a relative clause of the study."""
NONE_MADE = words_of("study_none_made")
"""What says that no study was made."""
SAYS = words_of("study_says")
"""Verbs of saying, which people do too."""
PUTS = words_of("study_puts")
"""Verbs that set a figure: "puts it at"."""
FIGURES = words_of("study_figures")
"""Nouns of figures, which such a verb sets."""
AUXILIARIES = words_of("study_auxiliaries")
"""What may stand between a name and its verb."""
BREAKS = words_of("study_breaks") | FOUND
"""What parts a name from a later study noun."""
NO_YEAR_LEADS = words_of("study_no_year_leads")
"""What leads to a year that is none of a study's."""
STOPS = frozenset(";.!?")
"""Signs that end a clause for good."""
REACH = 9
"""How many tokens a lead may stand before its name."""
