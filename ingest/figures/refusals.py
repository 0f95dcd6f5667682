"""Why a number is not a figure: years and dates, labels and lists, scales, idioms, examples, announcements.

Each rule is one function from a quantity in its sentence to a reason or null. Rather one
figure too few than one that says nothing about the world.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from ingest.figures.nouns import (
    COUNTRY_NOUNS,
    LIST_NOUNS,
    MEASURED_NOUNS,
    MONTHS,
    NAME_STARTS,
    RANK_LABELS,
    SECTION_LABELS,
)
from ingest.figures.quantities import Line, Quantity
from ingest.figures.scan import lower_at, word_set
from ingest.figures.units import SINGULAR_TIME
from kb.statistic import Comparator, Kind


@dataclass(frozen=True, slots=True)
class Setting:
    """What a sentence is like as a whole; ``lower`` is its text in lower case."""

    lower: str
    scale: bool
    formula: bool
    hypothetical: tuple[int, int] | None
    instruction: bool
    finding: bool
    average: bool


_SCALE = re.compile(
    r"\b(?:escalas?|scales?|detractors?|detractores|promoters?|promotores|passives?|pasivos|"
    r"likert|very likely|muy probable|muy satisfech[oa]s?|very satisfied|scores? (?:results? )?can be|range from|rangos?|"
    r"a number (?:between|from)|un número (?:entre|del?)|valor entre|puntuación (?:del?|entre) (?:0|1)|puntúan? (?:del?|entre|con)|"
    r"otorgaron una calificación|normally a (?:good|great)|is (?:usually|considered|normally) (?:a )?(?:good|bad|great|excellent)|"
    r"se considera (?:un |una )?(?:buen[oa]?|mal[oa]?|excelente)|expressed (?:in|as) a percentage|se expresa(?:n)? (?:en|como))\b"
)
_SCALE_WORD = re.compile(r"\b(?:escalas?|scales?|likert)\b")
_FORMULA = re.compile(
    r"\b(?:multiply|multiplied by 100|divide|divided by|subtract|subtracting|dividing|multiplying|dividir|divide|dividido|"
    r"multiplica(?:r|do|ndo)? por (?:100|cien)|restar|resta|restando|fórmula|formula|se calcula|is calculated|"
    r"calculated by|calculate)\b|[÷×]|\d\s?[*/]\s?\d{2,}\s?=|="
)
_HYPOTHETICAL = re.compile(
    r"\b(?:imagin[ae]|imaginemos|imagínate|imaginad|supongamos|supón|supongo|suppose|let[’']s say|let us say|"
    r"pongamos|say you|digamos que|hypothetical|hipotétic[oa]|for example,? if|por ejemplo,? si|for instance,? if|"
    r"assuming|suponiendo|you[’']d have|you would have|tendrías|obtendrías|would be \d|sería del? \d|worked example)\b"
)
_IF = re.compile(
    r"(?:^|[,;:(]\s*(?:so,?\s+|and\s+|y\s+|but\s+)?|^\W*(?:so|thus|then|entonces|así,?|and|but|y|pero),?\s+)(?:if|si|when you|cuando tienes)\s"
)
_INSTRUCTION = re.compile(
    r"^\W*(?:\d{1,2}[.)]\s*)?(?:start|begin|aim|use|choose|try|limit|keep|make|set|ask|consider|focus|pick|select|"
    r"give|send|offer|ensure|add|create|include|plan|avoid|never|always|don[’']t|do not|schedule|wait|take|track|"
    r"test|target|respond|reply|reach|get|provide|invest|allow|let|build|write|identify|define|"
    r"empiece|empieza|comienza|comience|elige|elija|usa|use|limita|limite|procura|procure|intenta|intente|asegúrate|"
    r"asegúrese|apunta|define|defina|establece|establezca|ofrece|ofrezca|evita|evite|responde|responda|"
    r"envía|envíe|pregunta|pregunte|incluye|incluya|haz|haga|no (?:uses|pongas|envíes|dejes)|crea|cree|añade|"
    r"selecciona|seleccione|prueba|pruebe|céntrate|divide|invierte|dedica|dedique|reserva|mide|mida)\b"
)
_ADVICE = re.compile(
    r"\b(?:should|must|need to|needs to|recommend(?:ed|s)?|recommendation|ideally|ought to|we suggest|best to|"
    r"deber[ií]as?|debes?|deberían|deben|debe|recomend(?:amos|able|ado|aciones)|recomienda|conviene|aconseja(?:mos|ble)?|"
    r"lo ideal|idealmente|hay que|tienes que|tiene que)\b"
)
_FINDING = re.compile(
    r"%|\b(?:percent|per cent|por ciento|surveys?|surveyed|study|studies|reports?|research|respondents|"
    r"according to|found|reveal(?:s|ed)|shows?|showed|discovered|analy[sz]ed|interviewed|polled|"
    r"encuestas?|encuestad[oa]s|estudios?|informes?|según|de acuerdo|reveló|revela|muestra|mostró|muestran|descubrió|"
    r"investigación|analizó|analizaron|entrevist(?:ó|aron|ados)|sondeo|datos|cifras|respondents|participantes|"
    r"responded|answered|received|average|averaged)\b"
)
_AVERAGE = re.compile(
    r"\b(?:averag(?:e|es|ed|ing)|means? of|medians?|typically|on average|promedio|media|medio|mediana|promedian|"
    r"number of|número de|takes?|per (?:day|week|month|year|customer|person)|cada (?:mes|día|año|semana)|al (?:mes|día|año)|"
    r"a (?:day|week|month|year)|diari[oa]s?|diariamente|mensual(?:es|mente)?|anuales)\b"
)


def setting_of(text: str) -> Setting:
    """What kind of sentence this is."""
    lower = text.lower()
    finding = bool(_FINDING.search(lower))
    return Setting(
        lower,
        bool(_SCALE.search(lower)),
        bool(_FORMULA.search(lower)),
        _hypothetical_range(lower),
        bool(_INSTRUCTION.search(lower)) or bool(_ADVICE.search(lower)),
        finding,
        bool(_AVERAGE.search(lower)),
    )


def _hypothetical_range(lower: str) -> tuple[int, int] | None:
    """The characters of the sentence that suppose something, or null."""
    match = _HYPOTHETICAL.search(lower)
    if match is not None:
        return 0, len(lower)
    opening = _IF.search(lower)
    if opening is None:
        return None
    comma = lower.find(",", opening.end())
    end = comma if comma > 0 else len(lower)
    return opening.start(), end


_Rule = Callable[[Line, Quantity, Comparator, Setting], str | None]


def refuse(line: Line, found: Quantity, comparator: Comparator, setting: Setting) -> str | None:
    """The reason why this quantity is not a figure, or null when it is one."""
    for rule in _RULES:
        reason = rule(line, found, comparator, setting)
        if reason is not None:
            return reason
    return None


def _around(line: Line, found: Quantity) -> tuple[str, str, str, str]:
    tokens = line.tokens
    return (
        lower_at(tokens, found.first - 2),
        lower_at(tokens, found.first - 1),
        lower_at(tokens, found.stop),
        lower_at(tokens, found.stop + 1),
    )


def _code(line: Line, found: Quantity, comparator: Comparator, setting: Setting) -> str | None:
    """B2B, COVID-19, ISO 9001, 24/7, URLs, phones: digits that are part of a name, a code or an address."""
    tokens = line.tokens
    if found.form != "digits":
        return None
    first, last = tokens[found.first], tokens[found.stop - 1]
    before = tokens[found.first - 1] if found.first else None
    after = tokens[found.stop] if found.stop < len(tokens) else None
    if first.glued and before is not None and before.kind in "wn":
        return "name_or_code"
    if after is not None and after.glued and after.kind in "wn" and last.kind == "n":
        return "time_of_day" if after.lower in ("am", "pm", "h", "hrs") else "name_or_code"
    if _in_chain(line, found):
        return (
            "phone" if sum(token.kind == "n" for token in tokens[found.first : found.first + 6]) > 1 else "name_or_code"
        )
    if first.glued and before is not None and before.text in "-_/.@#&?=" and found.first >= 2:
        if before.glued and tokens[found.first - 2].kind == "w" and found.kind in (Kind.COUNT, Kind.DURATION):
            return "name_or_code"
        if before.text in "/_@=.?&" and found.kind is not Kind.PERCENT:
            return "name_or_code"
    if before is not None and before.lower in NAME_STARTS and found.kind in (Kind.COUNT, Kind.DURATION):
        return "name_or_code"
    return "too_long" if len(last.text) > 20 else None


def _in_chain(line: Line, found: Quantity) -> bool:
    """Whether the digits stand in a chain like 1-844-555 or 93 123 45 67 or +34 …"""
    tokens = line.tokens
    if lower_at(tokens, found.first - 1) == "+" and found.kind is Kind.COUNT:
        following = tokens[found.stop] if found.stop < len(tokens) else None
        return following is not None and following.kind == "n"
    groups, place = 0, found.first
    while (
        place < len(tokens) and place < found.first + 8 and (tokens[place].kind == "n" or tokens[place].text in "-().")
    ):
        if tokens[place].kind == "n" and tokens[place].text.isdigit():
            groups += 1
        place += 1
    dashed = groups >= 3 or (groups >= 2 and lower_at(tokens, place).isalpha() and lower_at(tokens, place - 1) == "-")
    return dashed and found.kind is Kind.COUNT


_CLOCK = word_set("a.m p.m am pm h hrs hs")
_YEAR_LEADS = (
    word_set(
        "in en since desde para for by until hasta de del of from año year during durante fiscal el la late early "
        "circa report informe and y to a al mid enero ©"
    )
    | MONTHS
)


def _year_or_date(line: Line, found: Quantity, comparator: Comparator, setting: Setting) -> str | None:
    tokens = line.tokens
    before2, before, after, after2 = _around(line, found)
    if found.form != "digits" or found.kind not in (Kind.COUNT, Kind.RATIO, Kind.FRACTION):
        return None
    first = tokens[found.first]
    if (
        after == ":"
        and found.stop + 1 < len(tokens)
        and tokens[found.stop].glued
        and after2.isdigit()
        and (tokens[found.stop + 1].glued)
    ):
        return "time_of_day"
    if before == ":" and first.glued and before2.isdigit():
        return "time_of_day"
    if after in ("am", "pm", "a.m", "p.m") or (after in ("a", "p") and after2 == "."):
        return "time_of_day"
    if _is_date(line, found):
        return "date"
    return "year" if _is_year(line, found, before, after) else None


def _is_date(line: Line, found: Quantity) -> bool:
    before2, before, after, after2 = _around(line, found)
    value = line.tokens[found.first].text
    if value.count(".") == 2 or value.count(",") == 2:
        return len(value) <= 10 and not re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", value)
    if (after in ("/", "-") and after2.isdigit()) or (before in ("/", "-") and before2.isdigit()):
        return _slashed(line, found)
    if not (value.isdigit() and len(value) <= 2 and 1 <= int(value) <= 31):
        return False
    if after == "de" and after2 in MONTHS and after2 not in ("may",):
        return True
    if after in MONTHS or (before in MONTHS and before != "may") or (before == "." and before2 in MONTHS):
        return True
    return after in ("st", "nd", "rd", "th")


def _slashed(line: Line, found: Quantity) -> bool:
    """30/09/2022, 2022-09-30, 9/30/22: three groups with the same sign."""
    tokens = line.tokens
    start = found.first
    while start >= 2 and tokens[start - 1].text in "/-" and tokens[start - 2].kind == "n":
        start -= 2
    groups = [tokens[start].text]
    while start + 2 < len(tokens) and tokens[start + 1].text in "/-" and tokens[start + 2].kind == "n":
        start += 2
        groups.append(tokens[start].text)
    return len(groups) == 3 or any(_yearlike(group) for group in groups)


def _yearlike(text: str) -> bool:
    return len(text) == 4 and text.isdigit() and 1900 <= int(text) <= 2100


def _is_year(line: Line, found: Quantity, before: str, after: str) -> bool:
    text = line.tokens[found.first].text
    if not (found.plain and _yearlike(text)) or found.bare - found.first > 3:
        return False
    if found.high is not None:
        return _yearlike(line.tokens[found.bare - 1].text)
    if found.bare != found.stop:
        return False
    if before in _YEAR_LEADS or after not in MEASURED_NOUNS:
        return not (after in MEASURED_NOUNS and text.endswith("00") and before in ("de", "of", "a", "entre"))
    return not text.endswith(("00", "50")) and before not in ("some", "unos", "unas", "than", "surveyed", "entre")


def _label(line: Line, found: Quantity, comparator: Comparator, setting: Setting) -> str | None:
    """List numbers at the start of a line, "Parte 3 de 3", "Step 1", "p. 12"."""
    tokens = line.tokens
    before2, before, after, after2 = _around(line, found)
    if found.form == "digits" and found.kind is Kind.COUNT and found.plain:
        lead = found.first - (1 if before in ("#", "(", "[", "-", "•", "*", "–") else 0)
        if lead <= 1 and (lead == 0 or not tokens[0].text.isalnum()):
            if after in (".", ")", "º", "°", "-", "–", ":", "]", "/") and _small(found, 100):
                return "list_number"
            if before == "#" or found.stop >= len(tokens):
                return "list_number"
        if (
            after == ")"
            and before != "("
            and _small(found, 30)
            and "(" not in [t.text for t in tokens[max(0, found.first - 8) : found.first]]
        ):
            return "list_number"
        if before == "(" and after == ")" and _small(found, 30):
            return "list_number"
    if found.kind in (Kind.COUNT, Kind.RATIO) and found.unit is None:
        label = before2 if before == "." else before
        if label in SECTION_LABELS and (found.plain or found.form == "words") and after not in ("%",):
            if not (label in MEASURED_NOUNS and after in MEASURED_NOUNS):
                return "part_or_section_number"
        if label in ("n", "no", "nº", "núm", "número", "number", "#") and found.kind is Kind.COUNT:
            return "part_or_section_number"
    return None


def _small(found: Quantity, limit: int) -> bool:
    return found.value is not None and found.value <= limit


def _idiom(line: Line, found: Quantity, comparator: Comparator, setting: Setting) -> str | None:
    before2, before, after, after2 = _around(line, found)
    if (
        found.kind is Kind.PERCENT
        and found.value is not None
        and found.value in (Decimal(1), Decimal("1.1"), Decimal(10))
    ):
        if (
            before in ("al", "a", "un")
            and found.value == 1
            and comparator is Comparator.EXACT
            and after not in ("de", "en")
        ):
            return "idiom"
        if (
            after
            not in (
                "of",
                "de",
                "del",
                "en",
                "in",
                "more",
                "más",
                "increase",
                ",",
                ".",
                "(",
                ")",
                "",
                "y",
                "and",
                "growth",
                "say",
                "said",
            )
            and comparator is Comparator.EXACT
        ):
            return "idiom"
    if found.kind is Kind.RATIO and (before2, before) == ("all", "in"):
        return "idiom"
    return None


_OPEN_INTERVAL = word_set("between entre from de del under over above below -")


def _scale(line: Line, found: Quantity, comparator: Comparator, setting: Setting) -> str | None:
    """ "0-10 scale", "del 1 al 10", "a score between 30 and 70 is great", "from 0% to 100%"."""
    before2, before, after, after2 = _around(line, found)
    ends = {found.value, found.high}
    if (
        found.high is not None
        and found.value in (0, 1)
        and found.high in (3, 5, 7, 10, 100)
        and (before in ("del", "de", "from", "a", "the", "entre", "between") or setting.scale)
        and found.kind in (Kind.COUNT, Kind.SCORE, Kind.PERCENT)
    ):
        return "scale"
    if not setting.scale:
        return None
    if found.kind in (Kind.COUNT, Kind.SCORE) and (found.value is None or abs(found.value) <= 100):
        return "scale"
    if found.kind is Kind.PERCENT and (Decimal(0) in ends or (Decimal(1) in ends and before in ("a", "al", "to"))):
        return "scale"
    return None


def _supposed(line: Line, found: Quantity, comparator: Comparator, setting: Setting) -> str | None:
    if setting.formula and found.kind in (Kind.COUNT, Kind.PERCENT, Kind.SCORE, Kind.MULTIPLIER):
        return "formula"
    if setting.hypothetical is None:
        return None
    start = line.tokens[found.first].start
    return "hypothetical" if setting.hypothetical[0] <= start < setting.hypothetical[1] else None


_ORDINAL_IDIOM = word_set("one uno una un zero cero 1")


def _pronoun(line: Line, found: Quantity, comparator: Comparator, setting: Setting) -> str | None:
    if found.kind is not Kind.COUNT or found.form != "words" or found.high is not None:
        return None
    word = line.tokens[found.first].lower
    alone = found.bare - found.first == 1
    return "pronoun_or_ordinal" if alone and word in _ORDINAL_IDIOM else None


_SEGMENT = word_set("aged ages age edades edad entre years-old mayores menores older")


def _segment(line: Line, found: Quantity, comparator: Comparator, setting: Setting) -> str | None:
    """ "las de 1 a 9 empleados", "aged 18 to 34", "entre 18 y 35 años"."""
    tokens = line.tokens
    before2, before, after, after2 = _around(line, found)
    if found.kind is Kind.DURATION and found.unit == "years":
        ages = {
            "age",
            "aged",
            "ages",
            "edad",
            "edades",
            "old",
            "mayores",
            "menores",
            "adultos",
            "jóvenes",
            "older",
            "younger",
        }
        near = {lower_at(tokens, place) for place in range(found.first - 5, found.first)}
        if near & ages or after in ("old", "olds", "-") or (after, after2) == ("de", "edad"):
            return "segment_definition"
        if found.high is not None and 14 <= (found.value or 0) <= 65 and (found.high or 0) - (found.value or 0) >= 5:
            return "segment_definition"
    if (found.kind is Kind.COUNT and found.plain and before in ("aged", "ages", "age")) or (
        found.kind is Kind.COUNT and before2 in ("aged", "ages") and before in ("between", "from", "over", "under")
    ):
        return "segment_definition"
    if (
        found.high is not None
        and found.kind is Kind.COUNT
        and after in ("empleados", "employees", "trabajadores")
        and (
            before2
            in (
                "las",
                "los",
                "empresas",
                "compañías",
                "companies",
                "businesses",
                "organizations",
                "those",
                "con",
                "with",
            )
            or before in ("las", "los", "with", "con", "having")
        )
    ):
        return "segment_definition"
    return None


_WINDOW_BEFORE = word_set(
    "últimos últimas ultimos ultimas pasados pasadas próximos próximas proximos siguientes primeros primeras last "
    "past next previous coming recent first following every each cada hace tras posteriores anteriores final "
    "another"
)
_WINDOW_AFTER = word_set(
    "ago atrás later earlier timeframe period window trial plan warranty strategy before old span después antes "
    "history horizon roadmap study program programme course project survey session sessions anniversary forecast"
)
_TIME_METRIC = re.compile(
    r"\b(?:wait(?:ing|s|ed)?|respon[sd]\w{0,5}|repl(?:y|ies)|answer\w{0,3}|resolution|resolv\w{0,4}|handle|handling|takes?|took|"
    r"spen[dt]\w{0,3}|tiempos?|espera\w{0,3}|resp[uo]\w{0,6}|tard\w{1,4}|dedica\w{0,3}|resoluci\w{0,3}|resolver|time|hold|load\w{0,4}|"
    r"dura\w{0,4}|lasts?|lifespan|diari\w{0,5})\b"
)


def _window(line: Line, found: Quantity, comparator: Comparator, setting: Setting) -> str | None:
    if found.kind is not Kind.DURATION:
        return None
    tokens = line.tokens
    before = [lower_at(tokens, found.first - step) for step in (1, 2, 3)]
    after, after2 = lower_at(tokens, found.stop), lower_at(tokens, found.stop + 1)
    if _WINDOW_BEFORE.intersection(before) or after in _WINDOW_AFTER or (after == "-" and after2 in ("old", "long")):
        return "time_window"
    experience = {lower_at(tokens, found.stop + step) for step in range(3)}
    if experience & {"experience", "experiencia", "trayectoria", "historia", "business", "experiences"} and (
        lower_at(tokens, found.stop) in ("of", "de", "in", "'", "’")
    ):
        return "company_history"
    last = tokens[found.stop - 1].lower
    adjective = last in SINGULAR_TIME and found.value != 1 and not _TIME_METRIC.search(setting.lower)
    if adjective or (found.value == 24 and found.unit == "hours" and comparator is Comparator.EXACT):
        return "time_window"
    if comparator is not Comparator.EXACT or setting.average or found.note:
        return None
    if _TIME_METRIC.search(setting.lower) or (found.form == "digits" and not found.plain):
        return None
    return "time_window"


def _announced(line: Line, found: Quantity, comparator: Comparator, setting: Setting) -> str | None:
    """Announced lists ("five trends"), small bare counts, advice."""
    if found.kind not in (Kind.COUNT, Kind.DURATION, Kind.MULTIPLIER):
        return None
    if setting.instruction and not setting.finding and found.kind is not Kind.MULTIPLIER:
        return "recommendation"
    if found.kind is Kind.MULTIPLIER:
        return _frequency(line, found, setting)
    if found.kind is Kind.DURATION:
        return None
    nouns = _noun_phrase(line, found)
    hedged = comparator not in (Comparator.EXACT,)
    if (
        nouns & LIST_NOUNS
        and not nouns & MEASURED_NOUNS
        and _small(found, 101)
        and not ((hedged and setting.finding) or (found.form == "digits" and not found.plain))
    ):
        return "list_count"
    return _small_count(line, found, nouns, hedged, setting)


def _noun_phrase(line: Line, found: Quantity) -> set[str]:
    """The lower-case words of the noun phrase after the number: up to five, not past a sign or a verb-like stop."""
    words: set[str] = set()
    for token in line.tokens[found.stop : found.stop + 5]:
        if token.kind != "w":
            if token.text in "-–’'":
                continue
            break
        if token.lower in _PHRASE_STOPS and words:
            break
        words.add(token.lower)
    return words


_PHRASE_STOPS = word_set(
    "y o and or que that who which en in para for to a con with por by is are was were es son fue have has had "
    "tienen will can se from at on their como"
)


def _small_count(line: Line, found: Quantity, nouns: set[str], hedged: bool, setting: Setting) -> str | None:
    if not nouns and found.form == "words":
        return None if hedged and setting.finding else "pronoun_or_ordinal"
    if not nouns:
        return _bare(line, found, hedged, setting)
    if (found.form == "digits" and not found.plain) or found.form == "vague":
        return None
    if found.value is None or found.value > 10:
        return _big_plain(line, found, nouns)
    if setting.average or (found.form == "digits" and hedged and nouns & MEASURED_NOUNS):
        return None
    if hedged and (setting.finding or nouns & MEASURED_NOUNS):
        return None
    if nouns & COUNTRY_NOUNS and setting.finding:
        return None
    if nouns & MEASURED_NOUNS and setting.finding and found.form == "digits":
        return None
    return "small_count"


def _big_plain(line: Line, found: Quantity, nouns: set[str]) -> str | None:
    before = line.tokens[found.first - 1] if found.first else None
    if nouns & MEASURED_NOUNS or before is None or before.kind != "w":
        return None
    if before.text[0].isupper() and found.first > 1 and not before.text.isupper() and found.plain:
        return "name_or_code"
    return None


def _bare(line: Line, found: Quantity, hedged: bool, setting: Setting) -> str | None:
    """A number with no noun: kept when decimals, an average or a hedge say that something was measured."""
    if found.form == "digits" and not found.plain and (setting.finding or setting.average or hedged):
        return None
    if (setting.average or (hedged and setting.finding)) and found.value is not None and not _small(found, 1):
        return None
    return "bare_number"


_FACTOR_AFTER = word_set(
    "más mas mayor mayores menos menor menores superior superiores mejor mejores peor tanto tan el la lo los las "
    "su sus por inferior que probables more less higher greater larger bigger better worse faster the as likelier "
    "lower fewer its their his her longer cheaper slower over what that likely"
)


def _frequency(line: Line, found: Quantity, setting: Setting) -> str | None:
    if found.unit != "times":
        return None
    after, after2 = lower_at(line.tokens, found.stop), lower_at(line.tokens, found.stop + 1)
    if found.value is not None and found.value == 1:
        return "idiom"
    if found.form == "digits" and not found.plain:
        return None
    if after in ("por", "the", "la", "el", "over") and after2 in (
        "semana",
        "día",
        "mes",
        "año",
        "hora",
        "week",
        "day",
        "past",
        "last",
        "course",
        "next",
    ):
        return "frequency"
    if after in _FACTOR_AFTER or (after and after.endswith("er") and line.language.value == "en"):
        return None
    return "frequency"


def _rank(line: Line, found: Quantity, comparator: Comparator, setting: Setting) -> str | None:
    return None


_RULES: tuple[_Rule, ...] = (
    _code,
    _year_or_date,
    _label,
    _idiom,
    _pronoun,
    _supposed,
    _scale,
    _segment,
    _window,
    _announced,
)
__all__ = ["RANK_LABELS", "Setting", "refuse", "setting_of"]
