"""What a figure says beside its value: population, subject, direction and the size of the sample.

Verbatim pieces of the sentence, bounded by its signs and function words; null when unclear.
"""

from __future__ import annotations

from ingest.figures.lines import Line, Quantity
from ingest.figures.nouns import RESPONDENT_NOUNS
from ingest.figures.scan import lower_at, word_set
from kb.language import Language
from kb.statistic import Direction, Kind

_LINKS = {
    Language.ES: frozenset({"de", "del"}),
    Language.EN: frozenset({"of"}),
}
_LINKS[Language.OTHER] = _LINKS[Language.EN]
_ARTICLES = word_set("the all los las el la nuestros nuestras todos todas our their sus its these those")
_ENDS = word_set(
    "que who that which say says said are is was were have has had believe believes feel feels think would will "
    "can do does use uses used prefer prefers expect expects want wants report reported reports agree agreed "
    "admit read trust opt hope hopes rate chose choose cite cites consider considers need needs plan plans now "
    "still also already son es era fue eran fueron ha han había tiene tienen tenía dice dicen afirma afirman "
    "asegura aseguran cree creen considera consideran prefiere prefieren espera esperan opina opinan utiliza "
    "utilizan usa usan está están quiere quieren puede pueden ya no se le les lo cuenta cuentan declara declaran "
    "reconoce reconocen admite admiten reciben permite permiten ofrece ofrecen respondió respondieron indicó "
    "indicaron señaló señalaron ofrecen experimentó ve ven abandona abandonan compra compran recomienda valora "
    "valoran busca buscan when if si cuando because porque but pero y and o or"
)
_RISE = (
    "aument",
    "increment",
    "crec",
    "sub",
    "mejor",
    "elev",
    "increas",
    "grew",
    "grow",
    "rose",
    "rise",
    "rising",
    "gain",
    "boost",
    "improv",
    "jump",
    "climb",
    "higher",
    "up",
    "uplift",
    "surge",
    "dispar",
    "expan",
)
_FALL = (
    "redu",
    "dismin",
    "baj",
    "cay",
    "caí",
    "caer",
    "descend",
    "descen",
    "declin",
    "decreas",
    "drop",
    "fell",
    "fall",
    "lower",
    "cut",
    "less",
    "loss",
    "lost",
    "perd",
    "pérd",
    "shrink",
    "shrank",
    "down",
    "recort",
    "menor",
)
_NO_RISE = word_set("sobre subject sub mejores upon improve-not subscribers suben-no uptime subir-no")


def population_of(line: Line, found: Quantity) -> str | None:
    """Who the share is of, verbatim ("los clientes", "American consumers"), or null."""
    if found.kind not in (Kind.PERCENT, Kind.FRACTION, Kind.RATIO):
        return None
    tokens, start = line.tokens, found.stop
    if lower_at(tokens, start) in _LINKS[line.language]:
        start += 1
    elif found.kind is not Kind.RATIO:
        return None
    stop = start
    while (
        stop < len(tokens)
        and stop - start < 9
        and tokens[stop].lower not in _ENDS
        and (tokens[stop].kind != "p" or tokens[stop].text in "-’'&")
    ):
        stop += 1
    if stop == start:
        return None
    words = line.text[tokens[start].start : tokens[stop - 1].end]
    return words if any(token.kind == "w" and token.lower not in _ARTICLES for token in tokens[start:stop]) else None


def subject_of(line: Line, found: Quantity) -> str | None:
    """What the figure is of: the words from it to the end of its clause, verbatim, at most 160 characters; or null."""
    tokens, start = line.tokens, found.stop
    stop = start
    while (
        stop < len(tokens)
        and not (tokens[stop].text in ",;:.!?()" and stop > start)
        and tokens[stop].end - tokens[start].start <= MAX_SUBJECT_CHARS
    ):
        stop += 1
    if stop - start < 2 or tokens[start].text in ",;:.!?()":
        return _before(line, found)
    return line.text[tokens[start].start : tokens[stop - 1].end]


def _before(line: Line, found: Quantity) -> str | None:
    tokens, start = line.tokens, found.first
    while (
        start
        and tokens[start - 1].text not in ",;:.!?()"
        and tokens[found.first].start - tokens[start - 1].start < MAX_SUBJECT_CHARS
    ):
        start -= 1
    if found.first - start < 2:
        return None
    return line.text[tokens[start].start : tokens[found.first - 1].end]


def direction_of(line: Line, found: Quantity) -> Direction | None:
    """Whether the figure itself is said to be a rise or a fall, from the words around it; or null."""
    if found.kind not in (Kind.PERCENT, Kind.MULTIPLIER, Kind.FRACTION, Kind.CURRENCY, Kind.SCORE, Kind.COUNT):
        return None
    near = [lower_at(line.tokens, found.first - step) for step in range(1, 5)]
    near += [lower_at(line.tokens, found.stop + step) for step in range(2)]
    for word in near:
        if word in _NO_RISE or not word:
            continue
        if any(word.startswith(stem) if len(stem) > 2 else word == stem for stem in _FALL):
            return Direction.DECREASE
        if any(word.startswith(stem) if len(stem) > 3 else word == stem for stem in _RISE):
            return Direction.INCREASE
    return None


def sample_of(line: Line, found: Quantity) -> int | None:
    """The sample size this count states ("una muestra de 5.500 consumidores", "surveyed 1,000 adults"), or null."""
    if found.kind is not Kind.COUNT or found.value is None or found.value < 20 or found.high is not None:
        return None
    if found.value != found.value.to_integral_value():
        return None
    around = {lower_at(line.tokens, found.first - step) for step in range(1, 9)}
    after = {lower_at(line.tokens, found.stop + step) for step in range(4)}
    asked = around & _ASKED or after & _RESPONDED
    if asked and (after & RESPONDENT_NOUNS or around & {"muestra", "sample"} or after & _RESPONDED):
        return int(found.value.to_integral_value(rounding="ROUND_DOWN"))
    return None


_ASKED = word_set(
    "muestra sample surveyed surveying survey encuesta encuestó encuestaron entrevistó entrevistaron encuestados "
    "interviewed interviews polled polling entrevistas participaron encuestas encuestar entre among consultó"
)
_RESPONDED = word_set(
    "respondents encuestados entrevistados participantes encuestas respondent participants encuestadas"
)
MAX_SUBJECT_CHARS = 160
