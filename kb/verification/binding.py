"""The words that bind the telling words of a sentence to one another, in both languages, as folded keys.

Owns closed lists: what only binds, what doubts a verb, what a figure is compared or bounded by. Knows no sentences.
"""

from __future__ import annotations


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Words of three letters and more that only bind others.
GRAMMAR = _words(
    "who whom whose which that those these them they themselves itself himself herself been being had did does "
    "done doing was were has have having its his her him our ours your any one ones own per via yes too very just "
    "such against toward towards within upon onto into through while whereas because since until among between "
    "both either made make makes quien quienes cuyo cuya aquel aquella aquellos aquellas ello ella ese esa ante "
    "bajo hacia durante sido siendo fueron eran era estar estaba hace tiene tienen tener tenia haber habia habian "
    "ser estan este frente respecto mediante porque pues aun asi ambos ambas mismo misma mismos mismas solo "
    "solamente unicamente only not nor neither ningun ninguna ninguno nada nadie nunca jamas tampoco never none "
    "nobody nothing without sin even still yet puede pueden podria podrian could would should might may can must "
    "shall will debe deben deberia deberian suele suelen usually tend tends tiende tienden puedan pueda sea sean "
    "fuera fuese with dont doesnt por ciento percent cent mil million millones billion billones thousand hundred "
    "veces times casi almost nearly apenas barely hardly hasta about around approximately roughly aproximadamente "
    "unos unas alrededor cerca close least menos mas more most mayoria mayor fewer less poco pocos many muchos "
    "muchas some algunos algunas several varios varias few all todo todos toda todas every each cada other otro "
    "otra otros otras rest demas seems seem parece parecen order way mientras aunque although though unless salvo "
    "siempre always sino primero first tal tanto tan cuanto segun according embargo obstante ademas tambien "
    "however moreover also instead therefore thus hence asimismo igualmente respectively vez out"
)

# Verbs that the other language often has no word for ("stayed silent", "callaron"; "dar las gracias", "thank").
LIGHT = _words(
    "stay stays stayed keep keeps kept get gets got take takes took make makes made give gives gave given bring "
    "brings go goes went come comes came move moved run runs ran hold holds held pasa pasan paso pasaron queda "
    "quedan quedo quedaron da dan dio dieron daban toma toman tomo tomaron hace hacen hizo hicieron lleva llevan "
    "llevo llevaron hacer dar tomar llevar quedarse ponen pone puso pusieron"
)

# Verbs by which the next one is only possible, usual or due.
MODAL_VERBS = _words(
    "may might could can would should must tend tends puede pueden podria podrian deberia deberian debe deben "
    "suele suelen tiende tienden"
)

# "Every quarter" and "the last quarter" are a time, no fraction.
TIMES_OF = _words("every each last next this per first second fourth cada")
# What follows "every" or "cada" where it claims nothing of all: a number, a time.
TURNS = _words("hour hours day week month quarter year time hora dia semana mes trimestre ano vez")

# "Almost no customer reads it" is not "no customer reads it".
APPROXIMATORS = _words(
    "almost nearly virtually practically barely hardly scarcely casi apenas practicamente close cerca"
)

# Who only says a thing has not found it.
FOUND = _words("found finds find hallo hallaron halla hallan revealed reveals revela revelan shows showed")

# Articles, by language: "a" is one in English and a preposition in Spanish.
ARTICLES_EN = _words("the a an")
ARTICLES_ES = _words("el la los las lo un una unos unas")

# What may stand between a preposition and its figure.
HEDGING = _words("almost nearly about around only just casi solo unos apenas")

# What a change came from, went to, or went by.
ENDS_EN = {"from": "from", "since": "from", "to": "to", "until": "to", "till": "to", "by": "by"}
ENDS_EN |= {"before": "before", "after": "after"}
ENDS_ES = {"del": "from", "desde": "from", "de": "from", "a": "to", "al": "to", "hasta": "to", "en": "by"}
ENDS_ES |= {"tras": "after"}
# "antes de 2019", "a partir de 2019", "frente a 7.100": the word before the preposition says which end it is.
ENDS_BEFORE = {"antes": "before", "despues": "after", "partir": "from", "frente": ""}
# What a figure is more or less by ("20 % más").
COMPARED = {"more": _words("more higher mas"), "less": _words("less fewer lower menos")}
