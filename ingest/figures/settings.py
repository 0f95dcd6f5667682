"""What a sentence is like as a whole: does it define a scale, suppose, instruct, or tell a finding?

Reads the sentence only; each pattern is one alternation of bounded pieces, so reading is linear.
"""

from __future__ import annotations

import re
from functools import cached_property

from ingest.figures.conditions import any_of, gives_example, opens_invention, supposed_range
from ingest.figures.offers import calls_to_buy, holds_coupon, offers_price

_SCALE = any_of(
    r"escalas?(?! (?:global|mundial|nacional|mayor))|scales?(?= (?:of|from|where|that|to|with)|[\s,.:;)]*$)|"
    r"-(?:point )?scale",
    r"\d (?:point )?scale|the scale|la escala|likert|detractors?|detractores|promoters|promotores|passives|pasivos",
    r"very likely|muy probable|muy satisfech[oa]s?|very satisfied|very unsatisfied|extremely likely|nada probable",
    r"can be somewhere|scores? (?:can |may )?(?:range|vary|go)s? (?:from|between)|(?:oscila|varía|van?|"
    r"ir) (?:de|del|desde|entre) (?:el )?-?\d",
    r"ratings? (?:of|from|between) [01]|(?:score|scores|puntuación|calificación) \(\d|a number (?:between|from)|"
    r"un número (?:entre|del?)|un valor (?:entre|del?)|una? (?:nota|puntuación|calificación) (?:del?|"
    r"entre) (?:el )?[01]\b",
    r"punt[uú]an? (?:del?|entre|con|su)|puntúe|puntuar|calificar(?:an)?|otorgaron una calificación|rated it|"
    r"rate (?:us|it|your)",
    r"(?:normally|usually|generally|typically|often)? ?(?:considered )?a (?:good|bad|great|poor|strong) (?:nps |"
    r"csat |ces )?score",
    r"(?:is|are) (?:usually |considered |normally |generally )(?:a |as )?(?:good|bad|great|excellent|poor)",
    r"se considera(?:n)? (?:un |una )?(?:buen[oa]?s?|mal[oa]?s?|excelentes?)|expressed (?:in|as) a percentage|"
    r"se expresan? (?:en|como)",
)
_FORMULA = any_of(
    r"multiply|multiplied by (?:100|a hundred)|dividing|subtract(?:ing|ed)?|divided by|divide (?:the|it|that|this|by)",
    r"dividir|dividido (?:por|entre)|divid[ea] (?:el|la|los|las|entre|por)|multiplic\w{1,8} por (?:100|cien)|"
    r"restar|restando|se restan?|resta (?:el|la|los)",
    r"fórmula|formula|se calculan?|is calculated|are calculated|calculated by|to calculate|calculate (?:the|your|it)",
)
_EQUATION = re.compile(r"[÷×]\s?\d|\d\s?[*]\s?\d|\)\s?[/x*]\s?\d|\d\s=\s|[a-záéíóúñ]{3,20}\s=\s\d")
_INSTRUCTION = re.compile(
    r"^\W{0,4}(?:(?:tip|step|rule|consejo|paso|regla)? ?\d{1,2}[.):]\s?)?"
    r"(?:start|begin|aim|use|choose|try|limit|keep|make|set|ask|consider|focus|pick|"
    r"select|give|send|"
    r"offer|ensure|add|create|include|plan|avoid|never|always|don[’']t|do not|schedule|wait|take|track|test|"
    r"target|respond|"
    r"reply|reach|get|provide|invest|allow|let|build|write|identify|define|"
    r"empiece|empieza|comienza|comience|elige|elija|usa|use|limita|limite|procura|procure|intenta|intente|"
    r"asegúrate|asegúrese|"
    r"apunta|define|defina|establece|establezca|ofrece|ofrezca|evita|evite|responde|responda|envía|envíe|"
    r"pregunta|pregunte|"
    r"incluye|incluya|haz|haga|no (?:uses|pongas|envíes|dejes)|crea|cree|añade|selecciona|seleccione|prueba|"
    r"pruebe|céntrate|"
    r"invierte|reserva|mide|mida|calcula|contesta|conteste)\b"
)
_ADVICE = any_of(
    r"should|must|recommend(?:ed|s|ation)?|ideally|ought to|we suggest|best to|best practice is|it[’']s best",
    r"deber[ií]as?|debes?|deberían|deben|debe|recomend(?:amos|able|ado|aciones)|recomienda|conviene|"
    r"aconsej(?:amos|able|a)",
    r"lo ideal|idealmente|hay que|tienes que|tiene que",
)
_FINDING = re.compile(
    r"\b(?:percent|per cent|por ciento|surveys?|surveyed|study|studies|reports?|reported|research|respondents|"
    r"according to|"
    r"found|reveal(?:s|ed)|shows?|showed|discovered|analy[sz]ed|interviewed|polled|encuestas?|encuestó|"
    r"encuestad[oa]s|estudios?|"
    r"informes?|según|de acuerdo|reveló|revela|muestras?|mostró|muestran|descubrió|investigación|analizó|analizaron|"
    r"entrevist(?:ó|aron|ados)|sondeo|datos|cifras|participantes|responded|answered|received|averaged?)\b"
)
# What tells the reader to reach a value; what it holds of the figure lies between it and the figure.
_TARGET = re.compile(
    r"\b(?:you (?:should|must|ought to)|your (?:goal|target|aim|objective)s? (?:should|must)|"
    r"the (?:goal|target|aim|objective) should|(?:el|su|tu) (?:objetivo|meta) (?:debe|debería)|"
    r"la meta (?:debe|debería)|deberías?(?= (?:mantener|lograr|responder|resolver|alcanzar|tener|apuntar)))\b|"
    r"^\W{0,4}(?:try to|aim (?:for|to)|strive (?:for|to)|shoot for|procur[ae]|intent[ae]|trat[ae] de|apunt[ae] a|"
    r"mant[eé]n(?:ga)?|keep(?! in mind)|limit[ae]?|haga|haz)\b"
)
_NEW_CLAUSE = re.compile(
    r"[:;,(—–]|\b(?:that|que|because|porque|since|pues|if|si|when|cuando|while|mientras|mind|cuenta|what|lo)\b|"
    r"\b(?:and|y)(?: el| un| about| nearly)?\s?$"
)
_BENCHMARK = re.compile(
    r"^\W{0,4}(?:an? |una? |any |cualquier )?(?:(?:good|great|excellent|healthy|bad|poor|strong|"
    r"world-class|buena?|mala?|"
    r"excelente) (?:[a-z]{2,12} ){0,3}?(?:scores?|rate|nps|csat|ces|fcr|rating|puntuación|tasa|"
    r"puntaje|índice)(?: score)? "
    r"(?:is|are|falls|lies|sits|would be|es|está|oscila) (?:typically |usually |generally )?"
    r"(?:between|above|over|around|anywhere|below|under|entre|por encima|\d)|"
    r"(?:nps |csat )?(?:scores?|nps|csat|puntuación|puntaje|índice) (?:of|de) \d{1,3}(?: (?:or|and|o) "
    r"(?:above|more|más|higher|mayor))? (?:is|are|es|son) (?:considered |de )?(?:world|clase))"
)
# A noun that begins the sentence like an order: "Wait times dropped", "Use of chat grew", "Target stores cut".
_NOUN_OPENS = re.compile(
    r"^\W{0,4}(?:wait|reply|target|use|test|track|offer|schedule|plan|get) "
    r"(?:times?|stores?|of|rates?|periods?|lengths?|levels?|queues?|scores?|prices?|sizes?)\b"
)
_CHANGED = re.compile(
    r"\b(?:dropped|fell|rose|grew|declined|climbed|shrank|averaged|jumped|decreased|slipped|tumbled|soared|"
    r"went (?:from|up|down)|bajó|bajaron|subió|subieron|cayó|cayeron|creció|crecieron|aumentó|"
    r"aumentaron|disminuyó|disminuyeron)\b"
)
_AVERAGE = any_of(
    r"averag(?:e|es|ed|ing)|means? of|medians?|typically|promedio|promedian|media|mediana|en general",
    r"(?:the|el) (?:total )?(?:number of|número de)|it takes|se necesitan|hacen falta|per (?:day|week|month|"
    r"year|customer|person|user)",
    r"cada (?:mes|día|año|semana)|al (?:mes|día|año)|a (?:day|week|month|year)|por (?:día|mes|semana|año|"
    r"persona|cliente)",
    r"diari[oa]s?|diariamente|mensual(?:es|mente)?|anuales|weekly|daily|monthly|yearly",
)

_TIME_METRIC = re.compile(
    r"\b(?:wait(?:ing|s|ed)?|respon[sd]\w{0,5}|repl(?:y|ies)|answer\w{0,3}|resolution|resolv\w{0,4}|handle|"
    r"handling|takes?|took|"
    r"spen[dt]\w{0,3}|tiempos?|espera\w{0,3}|resp[uo]\w{0,6}|tard\w{1,4}|dedica\w{0,3}|resoluci\w{0,3}|resolver|hold|"
    r"load\w{0,4}|dura\w{0,4}|duró|lasts?|lifespan|diari\w{0,5}|expect\w{0,3}|pasan?|faster|rápido|waste\w{0,2}|"
    r"pierden?|retras\w{1,3})\b"
)
# What happens to "you" in a story is nobody's measurement.
_ADDRESSED = re.compile(r"\byou(?:[’']\w{1,3})?\b")


class Setting:
    """The marks of a sentence, each looked for when a rule first asks."""

    def __init__(self, text: str) -> None:
        self._lower = text.lower()

    @cached_property
    def scale(self) -> bool:
        """Whether it defines or explains a scale."""
        return bool(_SCALE.search(self._lower))

    @cached_property
    def formula(self) -> bool:
        """Whether it tells how something is calculated."""
        return self.equation or bool(_FORMULA.search(self._lower))

    @cached_property
    def equation(self) -> bool:
        """Whether it holds an equation."""
        return bool(_EQUATION.search(self._lower))

    @cached_property
    def invented(self) -> bool:
        """Whether it opens an example that says of itself that it is invented."""
        return opens_invention(self._lower)

    @cached_property
    def supposed(self) -> tuple[int, int] | None:
        """The range of characters that a condition or an example governs."""
        return supposed_range(self._lower)

    @cached_property
    def instruction(self) -> bool:
        """Whether it tells the reader what to do."""
        return bool(self._ordered or _ADVICE.search(self._lower))

    @cached_property
    def _ordered(self) -> bool:
        """Whether it opens with an order, not with a noun that looks like one."""
        if _INSTRUCTION.search(self._lower) is None:
            return False
        return _NOUN_OPENS.search(self._lower) is None and _CHANGED.search(self._lower) is None

    @cached_property
    def benchmark(self) -> bool:
        """Whether it says which scores are good ones."""
        return _BENCHMARK.search(self._lower) is not None

    def targeted(self, place: int) -> bool:
        """Whether the figure at character ``place`` is what the reader is told to reach."""
        return any(
            match.end() <= place and _NEW_CLAUSE.search(self._lower, match.end(), place) is None
            for match in _TARGET.finditer(self._lower)
        )

    @cached_property
    def finding(self) -> bool:
        """Whether it speaks of what was found or measured, or gives a percentage."""
        return "%" in self._lower or self.reported

    @cached_property
    def reported(self) -> bool:
        """Whether words of it speak of what was found or measured."""
        return bool(_FINDING.search(self._lower))

    @cached_property
    def priced(self) -> bool:
        """Whether it offers something at a price of its list."""
        return not self.reported and offers_price(self._lower)

    @cached_property
    def buying(self) -> bool:
        """Whether it tells the reader to buy."""
        return not self.reported and calls_to_buy(self._lower)

    @cached_property
    def coupon(self) -> bool:
        """Whether a discount in it is one that is offered."""
        return holds_coupon(self._lower)

    @cached_property
    def exemplary(self) -> bool:
        """Whether it says "for example"."""
        return gives_example(self._lower)

    @cached_property
    def average(self) -> bool:
        """Whether it speaks of averages or rates."""
        return bool(_AVERAGE.search(self._lower))

    @cached_property
    def timed(self) -> bool:
        """Whether it speaks of how long something takes."""
        return bool(_TIME_METRIC.search(self._lower))

    @cached_property
    def addressed(self) -> bool:
        """Whether it tells the reader a story about "you"."""
        return bool(_ADDRESSED.search(self._lower))
