"""The words that change what a sentence claims: negations, hedges, number words and units.

Owns closed lists in both languages, written as the folded keys of ``kb.quotes.quote_tokens``.
Knows nothing of quotes or texts.
"""

from __future__ import annotations


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


NEGATIONS = _words(
    "no not never nunca jamás sin without hardly scarcely barely apenas ni nor neither none nobody nothing nowhere "
    "cannot nadie nada ningún ninguno ninguna ningunos ningunas tampoco rarely seldom except salvo excepto lejos "
    "imposible impossible falta lack lacks lacking fail fails failed false falso rara raramente"
)

# Prefixes that turn a word into its contrary ("likely"/"unlikely", "satisfecho"/"insatisfecho").
NEGATIVE_PREFIXES = ("un", "in", "im", "il", "ir", "non", "dis", "des", "mis", "anti", "de")

# Hedges: dropping one makes a claim stronger than its source. Each is a sequence of token keys.
_HEDGE_PHRASES = (
    "up to|as many as|as much as|as few as|as little as|at most|at least|no more than|no less than|no fewer than|"
    "almost|nearly|close to|around|about|approximately|approx|roughly|some|circa|an estimated|estimated|"
    "over|more than|less than|fewer than|under|above|below|well over|just over|just under|just|only|merely|"
    "barely|hardly|scarcely|virtually|practically|likely|probably|possibly|perhaps|maybe|reportedly|allegedly|"
    "may|might|could|can|would|should|often|sometimes|usually|generally|typically|mostly|mainly|partly|partially|"
    "seems to|seem to|appears to|appear to|tends to|tend to|suggests|in part|"
    "hasta|casi|cerca de|alrededor de|en torno a|en torno al|aproximadamente|aprox|unos|unas|como mucho|"
    "como máximo|como mínimo|al menos|por lo menos|a lo sumo|cuando menos|más de|menos de|más del|menos del|"
    "cerca del|alrededor del|poco más de|poco menos de|algo más de|algo menos de|por encima de|por encima del|"
    "por debajo de|por debajo del|solo|sólo|solamente|únicamente|tan solo|tan sólo|apenas|meramente|"
    "prácticamente|virtualmente|probablemente|posiblemente|quizá|quizás|tal vez|puede|pueden|podría|podrían|"
    "puede que|debería|deberían|suele|suelen|parece|parecen|supuestamente|presuntamente|estimado|estimada|"
    "a menudo|a veces|generalmente|normalmente|habitualmente|en parte|parcialmente|principalmente|"
    "prácticamente el|no más de|no menos de|mayores de|mayor de|menores de|menor de"
)
HEDGES = tuple(tuple(phrase.split()) for phrase in _HEDGE_PHRASES.split("|"))

# Hedges that bear on any words, not only on a figure: left out before a quote they change its claim too.
ADVERB_HEDGES = _words(
    "only merely almost nearly barely hardly scarcely virtually practically possibly perhaps maybe probably allegedly "
    "reportedly may might could solo sólo solamente únicamente casi apenas prácticamente virtualmente probablemente "
    "posiblemente quizá quizás podría podrían supuestamente presuntamente"
)

# "se estima que", "it is believed that": what follows is not asserted.
DOUBTS = _words(
    "estima estiman calcula calculan cree creen creemos espera esperan supone suponen prevé prevén posible probable "
    "dudoso parece dice dicen estimated estimates believed believe believes expected expects supposed assumed thought "
    "think likely possible probable doubtful seems appears claims claimed says predicted predicts forecast "
    "unlikely improbable claim idea notion argument mito bulo myth duda dudan doubt doubts"
)

# What takes back the claim that follows, or that an ellipsis leaves out: it is rejected, or no longer done.
DISBELIEFS = _words(
    "reject rejects rejected deny denies denied refute refutes refuted debunk debunks debunked dispute disputes "
    "disputed myth stop stops stopped cease ceases ceased avoid avoids avoided refuse refuses refused rechaza rechazan "
    "rechazó rechazaron niega niegan negó negaron desmiente desmienten desmintió desmintieron refuta refutan refutó "
    "refutaron mito bulo evita evitan evitó evitaron"
)

# They do so before "de" only: "dejaron de medir", but "deja claro que".
_LEAVINGS = _words("deja dejan dejó dejaron dejar")

# Under which condition a claim holds.
CONDITIONS = _words("if unless si whether")

# Denials that come after their verb ("no contratar a nadie", "they change nothing").
LATE_NEGATIONS = _words("nadie nada nunca jamás ninguno ninguna nobody nothing none never nowhere not")

# "Most customers leave" is not "customers leave".
QUANTIFIERS = _words(
    "most many some few several certain half majority minority mayoría minoría mitad muchos muchas algunos "
    "algunas pocos pocas varios varias ciertos ciertas tercio tercios cuartos"
)
PARTITIVES = _words("of de del among entre")

# What may come after a clause and take some of it back ("customers leave sometimes", "… unless they are heard").
AFTERTHOUGHTS = _words(
    "sometimes maybe perhaps probably possibly partly rarely seldom unless except if quizá quizás probablemente "
    "posiblemente parcialmente salvo excepto raramente si without sin"
)

# A denial in name only.
IDIOMS = (("sin", "embargo"), ("no", "obstante"), ("sin", "duda"), ("no", "doubt"), ("nada", "más"), ("not", "least"))

HEDGE_WORDS = frozenset(word for phrase in HEDGES for word in phrase) - _words(
    "a an as to of de del el en the in no por tal vez que can well part parte lo tan como"
)

NUMBER_WORDS = _words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety half halves third thirds quarter quarters "
    "fourth fourths fifth fifths tenth tenths twice double doubled doubles triple tripled triples quadruple dozen "
    "dozens once cero un uno una dos tres cuatro cinco seis siete ocho nueve diez doce trece catorce quince "
    "dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco "
    "veintiséis veintisiete veintiocho veintinueve treinta cuarenta cincuenta sesenta setenta ochenta noventa mitad "
    "medio media tercio tercios tercera tercer cuarto cuartos cuarta cuartas quinto quintos quinta décimo décima "
    "doble dobla duplica duplicado duplicó triple triplica triplicado triplicó cuádruple docena docenas "
    "primero primera segundo segunda first second"
) - _words("un una one once uno")

SCALES = _words(
    "hundred hundreds thousand thousands million millions billion billions trillion trillions cien ciento cientos "
    "doscientos doscientas trescientos trescientas cuatrocientos quinientos quinientas seiscientos setecientos "
    "ochocientos novecientos mil miles millar millares millón millones billón billones millardo millardos trillón "
    "trillones k m mm mn bn tn b"
)

UNITS = _words(
    "% ‰ percent percentage points point pp pps puntos punto porcentual porcentuales porciento x times vez veces fold "
    "$ € £ ¥ usd eur mxn euro euros dollar dollars dólar dólares peso pesos pound pounds libra libras cents céntimos "
    "centavos"
)

# A figure goes on over these words, so a quote may not end before them or begin after them.
JOINERS_AFTER = (
    ("per", "cent"),
    ("por", "ciento"),
    ("por", "cien"),
    ("por", "mil"),
    ("out", "of"),
    ("de", "cada"),
    ("of", "every"),
    ("or", "more"),
    ("or", "less"),
    ("or", "fewer"),
    ("or", "so"),
    ("o", "más"),
    ("o", "menos"),
    ("more",),
    ("less",),
    ("fewer",),
    ("higher",),
    ("lower",),
    ("más",),
    ("menos",),
    ("at", "most"),
    ("at", "least"),
    ("at", "best"),
    ("como", "máximo"),
    ("como", "mínimo"),
    ("como", "mucho"),
    ("más", "o", "menos"),
    ("more", "or", "less"),
    ("al", "menos"),
    ("a", "lo", "sumo"),
    ("aproximadamente",),
    ("approximately",),
)
JOINERS_BEFORE = (
    ("out", "of"),
    ("de", "cada"),
    ("of", "every"),
    ("-",),
    ("to",),
    ("a",),
    ("y",),
    ("and",),
    ("o",),
    ("or",),
    ("in",),
    ("por",),
    ("per",),
    ("/",),
)
DETERMINERS = _words("a an the el la los las un una unos unas lo al del of de que entre between")
CLAUSE_WORDS = _words(
    "but pero sino and y e because porque although aunque though while mientras whereas however instead"
)


def is_negation(key: str) -> bool:
    """Whether the word denies: a listed negation, or an English contraction in n't."""
    return key in NEGATIONS or key.endswith("n't")


def denials(keys: tuple[str, ...]) -> list[str]:
    """The negations among these words in order, without those of idioms ("sin embargo")."""
    return [key for index, key in enumerate(keys) if is_negation(key) and tuple(keys[index : index + 2]) not in IDIOMS]


def disbeliefs(keys: tuple[str, ...]) -> list[str]:
    """The words among these that take back what they speak of ("rejected", "dejaron de")."""
    left = [key for index, key in enumerate(keys) if key in _LEAVINGS and keys[index + 1 : index + 2] == ("de",)]
    return [key for key in keys if key in DISBELIEFS] + left


def is_year(key: str) -> bool:
    """Whether the number is most likely a year."""
    return len(key) == 4 and key.isdigit() and key[:2] in ("19", "20")


def is_figure(key: str) -> bool:
    """Whether the token is a number in digits or words, a scale word or a fraction."""
    return key[:1].isdigit() or key[1:2].isdigit() or key in NUMBER_WORDS or key in SCALES


def is_unit(key: str) -> bool:
    """Whether the token says what a number counts in: percent, points, times, currency."""
    return key in UNITS


def are_contraries(first: str, second: str) -> bool:
    """Whether one word is the other with a negative prefix ("likely", "unlikely")."""
    short, long = sorted((first, second), key=len)
    return len(short) > 3 and any(long == prefix + short for prefix in NEGATIVE_PREFIXES)
