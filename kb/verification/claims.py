"""The words that carry a claim in either language, in classes that both languages share.

Owns closed lists, written as folded keys (no accents): numbers in words, bounds of figures, measures, modals,
absolutes, attributions, directions. Knows nothing of sentences or quotes.
"""

from __future__ import annotations


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


def _classes(rows: dict[str, str]) -> dict[str, str]:
    return {word: name for name, listed in rows.items() for word in listed.split()}


# Numbers in words to their value; ordinals and "one" are left out: "uno de los dos" says no figure.
NUMBER_VALUES = _classes(
    {
        "2": "two dos",
        "3": "three tres",
        "4": "four cuatro",
        "5": "five cinco",
        "6": "six seis",
        "7": "seven siete",
        "8": "eight ocho",
        "9": "nine nueve",
        "10": "ten diez",
        "11": "eleven",
        "12": "twelve doce dozen dozens docena docenas",
        "13": "thirteen trece",
        "14": "fourteen catorce",
        "15": "fifteen quince",
        "16": "sixteen dieciseis",
        "17": "seventeen diecisiete",
        "18": "eighteen dieciocho",
        "19": "nineteen diecinueve",
        "20": "twenty veinte",
        "21": "veintiuno veintiun veintiuna",
        "22": "veintidos",
        "23": "veintitres",
        "24": "veinticuatro",
        "25": "veinticinco",
        "26": "veintiseis",
        "27": "veintisiete",
        "28": "veintiocho",
        "29": "veintinueve",
        "30": "thirty treinta",
        "40": "forty cuarenta",
        "50": "fifty cincuenta",
        "60": "sixty sesenta",
        "70": "seventy setenta",
        "80": "eighty ochenta",
        "90": "ninety noventa",
        "100": "hundred cien ciento cientos hundreds",
        "1000": "thousand thousands mil miles",
        "1e6": "million millions millon millones",
        "1e9": "billion billions",
        "1e12": "trillion trillions billon billones",
        "1/2": "half halves mitad",
        "1/3": "third thirds tercio tercios terceras",
        "1/4": "quarter quarters fourths cuarto cuartos cuartas",
        "1/5": "fifths quinto quintos quintas",
        "1/10": "tenths decimo decimos decimas",
        "x2": "twice double doubled doubles doubling doble dobla duplica duplican duplicado duplico duplicar",
        "x3": "triple tripled triples tripling triplica triplican triplicado triplico triplicar",
        "x4": "quadruple quadrupled cuadruple cuadruplica",
    }
)

# What a hedge before or after a figure says of it; the keys are those of ``wording.HEDGES``.
BOUNDS = {
    phrase: name
    for name, listed in {
        "most": "up to|as many as|as much as|at most|no more than|hasta|como mucho|como máximo|a lo sumo|no más de",
        "least": "at least|no less than|no fewer than|as few as|as little as|al menos|por lo menos|como mínimo|"
        "cuando menos|no menos de|or more|o más",
        "over": "more than|over|above|well over|just over|más de|más del|por encima de|por encima del|poco más de|"
        "algo más de|mayores de|mayor de",
        "under": "less than|fewer than|under|below|just under|menos de|menos del|por debajo de|por debajo del|"
        "poco menos de|algo menos de|menores de|menor de|or less|or fewer|o menos",
        "almost": "almost|nearly|close to|virtually|practically|casi|cerca de|cerca del|prácticamente|"
        "prácticamente el|virtualmente",
        "about": "around|about|approximately|approx|roughly|some|circa|an estimated|estimated|alrededor de|"
        "alrededor del|en torno a|en torno al|aproximadamente|aprox|unos|unas|estimado|estimada|more or less|"
        "más o menos|or so",
        "only": "just|only|merely|barely|hardly|scarcely|solo|sólo|solamente|únicamente|tan solo|tan sólo|apenas|"
        "meramente",
    }.items()
    for phrase in listed.split("|")
}

# What a figure counts in, where the two languages share it.
MEASURES = _classes(
    {
        "USD": "$ usd dollar dollars dolar dolares",
        "EUR": "€ eur euro euros",
        "GBP": "£ gbp pound pounds libra libras",
        "minute": "minute minutes minuto minutos",
        "hour": "hour hours hora horas",
        "day": "day days dia dias",
        "week": "week weeks semana semanas",
        "month": "month months mes meses",
        "year": "year years ano anos",
    }
)

# Without one of these a claim is plain fact.
MODALS = _words(
    "may might could can would should must ought need needs likely probably possibly perhaps maybe seems seem appears "
    "appear tends tend suggests suggest often sometimes usually generally typically mostly mainly partly expected "
    "estimated believe believes think thinks puede pueden podria podrian deberia deberian debe deben necesita "
    "necesitan probablemente posiblemente quiza quizas parece parecen suele suelen tiende tienden sugiere sugieren "
    "menudo veces generalmente normalmente habitualmente principalmente parcialmente cree creen estima estiman"
)
DUTIES = _words("must should ought need needs debe deben deberia deberian necesita necesitan obligatorio mandatory")
# They claim more than any sentence that has none of them.
ABSOLUTES = _words(
    "all every everyone everybody everything always entirely completely fully guarantee guarantees guaranteed prove "
    "proves proven proof undeniable undoubtedly certainly definitely inevitably todo todos todas siempre cada "
    "totalmente completamente garantiza garantizan garantizado demuestra demuestran demostrado innegable "
    "indudablemente ciertamente inevitablemente"
)
QUANTITIES = _classes(
    {
        "most": "most majority mayoria",
        "some": "some algunos algunas several varios varias",
        "many": "many muchos muchas numerous numerosos numerosas",
        "few": "few pocos pocas minority minoria",
    }
)
# Somebody is said to have found or said it.
ATTRIBUTIONS = _words(
    "according says said say states stated reports reported report study studies survey surveys research researchers "
    "found finds hallo hallaron experts expert analysts segun dice dicen afirma afirman asegura aseguran senala "
    "senalan indica indican informe informes estudio estudios encuesta encuestas investigacion investigadores expertos "
    "experto analistas revela revelan reveals revealed published publico publicado concludes concluye"
)
# Somebody only said it ("87 % said they deliver").
REPORTS = _words("say says said claim claims claimed dice dicen dijo dijeron afirma afirman afirmo afirmaron")
RESTRICTIONS = _words("only solely merely exclusively solo solamente unicamente exclusivamente")
# Keys with their accents: "si" is a condition, "sí" is none.
CONDITIONS = _words("if unless when whenever provided si cuando salvo excepto except")
# Pairs of contraries: one that no quote says, where its contrary is said, turns the claim round.
DIRECTIONS = tuple(
    (_words(one), _words(other))
    for one, other in (
        (
            "increase increases increased increasing rise rises rose risen grow grows grew grown growth raise raises "
            "raised gain gains gained aumenta aumentan aumento aumentar aumentado aumentaron sube suben subio subir "
            "subieron crecieron crece crecen crecio crecer crecimiento incrementa incrementan incremento gana ganan",
            "decrease decreases decreased decreasing fall falls fell fallen drop drops dropped decline declines "
            "declined reduce reduces reduced reduction lower lowers lowered lose loses lost shrink shrinks disminuye "
            "disminuyen disminuyo disminuir baja bajan bajo bajar bajaron cae caen cayo caer cayeron "
            "redujeron perdieron reduce reducen redujo reducir "
            "reduccion pierde pierden perder descenso",
        ),
        ("more higher greater mas mayor mayores superior above over", "less lower fewer menos menor menores inferior"),
        ("better best improve improves improved mejor mejores mejora mejoran mejoro", "worse worst worsen worsens "
         "worsened peor peores empeora empeoran empeoro"),
        ("before antes", "after despues tras"),
        ("first primero primera", "last ultimo ultima"),
        ("easy easier facil faciles", "hard harder difficult dificil dificiles"),
        ("success succeed succeeds exito", "failure fail fails failed fracaso fracasa fracasan"),
        ("strong stronger fuerte", "weak weaker debil"),
    )
)  # fmt: skip

# A sentence may open with these though no quote has them; any other new word there may be a name.
OPENERS = _words(
    "the a an this that these those in on at for to of from by with as when while where what which who how why if it "
    "its they their he she we you there here both each and but or so yet also then thus more most many some few "
    "several such one two three according overall today now "
    "el la los las un una unos unas lo este esta estos estas ese esa esos esas esto eso en a al de del por para con "
    "como cuando mientras donde que quien cual si se su sus ellos ellas hay ademas tambien asi y o pero mas muchos "
    "muchas algunos algunas varios varias cada uno dos tres segun hoy ahora sin no "
    "up nearly almost about around over once hasta casi nobody nadie however even although though aunque sino"
)
# Nouns of the field that may open a sentence too: they are no names.
COMMON_NOUNS = _words(
    "customer customers client clients company companies firm firms business businesses employee employees people "
    "organisation organisations organization organizations brand brands consumer consumers user users marketers "
    "experience service cliente clientes empresa empresas compania companias empleado empleados personas marca marcas "
    "consumidor consumidores usuario usuarios organizacion organizaciones experiencia servicio"
)

# Function words by which the language of a short sentence is told; none is a word of the other language.
SPANISH = _words(
    "el la los las de del que en un una por para con se su sus al es son como mas lo y pero esta este entre segun sin "
    "sobre cuando hay muy tambien cuanto cuanta cuantos cuantas cual cuales quien quienes donde porque fue ser han "
    "desde hasta tras nos les si aunque mientras puede pueden ni nunca siempre todos todas cada ningun ninguna"
)
ENGLISH = _words(
    "the of and to in is are that for with as on by it its from at this these an be was were have has their they but "
    "not more which when than can who how what why where did does do after before our we you your will would if or so "
    "there while about into many much should because may might only never always most every each"
)
FUNCTION_WORDS = SPANISH | ENGLISH | OPENERS
