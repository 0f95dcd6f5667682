"""The words that stand between a study and who made it: nouns of studies, verbs of finding and making, leads.

Tables only.
"""

from __future__ import annotations

from ingest.figures.scan import word_set

STUDY_NOUNS = word_set(
    "study studies survey surveys report reports research poll polls analysis whitepaper paper index findings "
    "data figures statistics researchers analysts investigation benchmark insights barometer stats review estudio "
    "estudios encuesta encuestas informe informes reporte reportes investigación investigaciones análisis datos "
    "cifras sondeo sondeos barómetro índice estadísticas analistas investigadores estimaciones previsiones "
    "resultados publicación expertos documento"
)
"""Nouns of studies and of who makes them."""
SPANISH_STUDIES = word_set(
    "estudio estudios encuesta encuestas informe informes investigación análisis datos cifras sondeo"
)
"""Those that follow no name in Spanish: "Marketing tiene cuatro encuestas" is no study of Marketing."""
TEAMS = word_set(
    "team researchers scientists economists academics scholars equipo investigadores científicos académicos"
)
"""People who study somewhere: "a team at the University of Leeds"."""
COUNTED = word_set(
    "two three four five six seven eight nine ten dos tres cuatro cinco seis siete ocho nueve diez their"
)
"""What parts a name from surveys that it only counts."""
NAMED_AFTER = word_set("estudio informe encuesta reporte barómetro índice study survey report")
"""Nouns that the name or title of a study follows."""
LEADS = (
    ("según",), ("de", "acuerdo", "con"), ("de", "acuerdo", "a"), ("de", "acuerdo", "al"), ("fuente", ":"),
    ("basado", "en"), ("basada", "en"), ("basándose", "en"), ("based", "on"), ("according", "to"), ("as", "per"),
    ("source", ":"), ("per",), ("con", "base", "en"), ("conforme", "a"), ("tal", "como", "señala"), ("como", "indica"),
    ("como", "señala"), ("cited", "by"), ("citing",), ("fuentes", ":"), ("sources", ":"), ("reported", "by"),
    ("a", "juicio", "de"),
)  # fmt: skip
"""What leads to a source."""
REPORT_TITLES = word_set("state future voice pulse")
"""Words that open the title of a report: "State of …"."""
LEAD_LAST = frozenset(lead[-1] for lead in LEADS)
"""The last words of the leads."""
BY = word_set("by from de del por of")
"""Between a study and who made it."""
MADE = word_set(
    "consultados consultadas encuestados encuestadas entrevistados surveyed interviewed polled "
    "conducted published released commissioned carried performed run done produced compiled undertaken conducida "
    "conducido realizada realizado realizados elaborada elaborado elaborados publicada publicado publicados hecha "
    "hecho encargada encargado desarrollada desarrollado llevada llevado presentada presentado dirigida dirigido "
    "recopilados recogidos"
)
"""Participles of making a study."""
FOUND = word_set(
    "found finds reports reported reveals revealed shows showed discovered discovers states stated estimates "
    "estimated predicts predicted notes noted suggests suggested concluded concludes indicates indicated claims "
    "claimed surveyed polled interviewed forecasts projects determined uncovered analyzed analysed highlights "
    "confirmed confirms identified calculated calculates evaluated asked measured reveló revela revelan revelaron "
    "encontró encuentra descubrió descubre mostró muestra muestran señala señaló señalan indica indicó indican "
    "estima estimó calcula calculó predice prevé concluyó concluye demostró demuestra reporta reportó apunta "
    "arroja arrojó entrevistó encuestó analizó destaca destacó sostiene confirma confirmó evidencia evidenció "
    "detalla determinó constató consultó identificó pronostica estiman calculan evaluó preguntó halló hallaron halla "
    "hallan expects encuestaron entrevistaron analizaron consultaron preguntaron midió midieron examinó examinaron "
    "examined tracked concluyen concluyeron descubrieron indicaron señalaron estimaron calcularon asks puntualiza"
)
"""Verbs of finding."""
MAKES = word_set(
    "conducted released published launched commissioned condujo realizó publicó lanzó presentó elaboró llevó hizo "
    "presenta publica lanza realiza unveiled announced anunció dio issued completed ran surveyed encargó carried"
)
"""Verbs of making a study."""
ASSERTS = word_set("afirma afirman afirmó afirmaron asegura aseguran aseguró aseguraron said argues warns advierte")
"""Verbs of asserting, of which the same holds."""
SPONSORS = word_set("sponsored funded patrocinó financió did made hizo")
"""Verbs of paying for a study, or making it, that stand in a relative clause of the study."""
NONE_MADE = word_set("no not never ningún ninguna ni")
"""What says that no study was made."""
SAYS = word_set("says said say dice dijo")
"""Verbs of saying, which people do too."""
PUTS = word_set("puts put places placed sitúa situó cifra cifró eleva")
"""Verbs that set a figure: "puts it at"."""
FIGURES = word_set("figure number share total rate percentage proportion cost cifra porcentaje dato")
"""Nouns of figures, which such a verb sets."""
AUXILIARIES = word_set("has have also recently just ha han también recientemente que had was quien which")
"""What may stand between a name and its verb."""
BREAKS = word_set("que that is are and y to a es con with in en whether if si when cuando como how los las") | FOUND
"""What parts a name from a later study noun."""
NO_YEAR_LEADS = word_set("by until hasta hacia customers")
"""What leads to a year that is none of a study's."""
STOPS = frozenset(";.!?")
"""Signs that end a clause for good."""
REACH = 9
"""How many tokens a lead may stand before its name."""
