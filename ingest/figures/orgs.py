"""Names as they stand in a sentence: runs of capitalised words, cleaned of articles, years and ordinary words.

Knows which capitalised words are no names. Knows nothing of figures or studies.
"""

from __future__ import annotations

from dataclasses import dataclass

from ingest.figures.scan import Token, lower_at, word_set

_ORDINARY = word_set(
    "the a an this that these those our their its his her in on at as for with from by to of and or but if when "
    "while more most many some all only nearly almost about around over half one two three four five six seven "
    "eight nine ten customers consumers companies people brands organizations organisations businesses employees "
    "marketers leaders retailers shoppers users respondents participants study studies survey surveys report "
    "reports research data results findings analysts experts researchers today according also however meanwhile "
    "additionally furthermore customer experience digital recent new latest annual global state according we they "
    "it he she you i what how why another other each every both such there here now then yet years same first "
    "second third cx nps csat ces ai roi kpi kpis buyers millennials americans agents executives managers in- "
    "depth despite since because although though el la los las un una unos unas este esta estos estas ese esa su "
    "sus nuestro nuestra según de del en con por para y o pero si cuando mientras más menos todos todas sólo solo "
    "casi cerca además asimismo también así aunque hoy clientes consumidores empresas personas marcas "
    "organizaciones compañías empleados usuarios estudio estudios encuesta encuestas informe informes "
    "investigación datos resultados analistas expertos experiencia cliente nuestros entre durante desde hasta "
    "tras ante esto eso lo al se no ya es son fue han ha hay cada otro otra otros otras dicho gracias respecto "
    "actualmente basado basada january february march april may june july august september october november "
    "december enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre internet "
    "covid b2b b2c ceo cmo cio cfo crm saas usa eua ee eeuu uu us uk latam américa latina europa estados unidos "
    "españa méxico chile colombia argentina brasil perú ecuador uruguay venezuela united states europe america "
    "spain mexico monday tuesday thursday friday lunes martes jueves viernes source fuente figure tabla gráfico "
    "note nota photo foto image part parte ver see instagram facebook twitter whatsapp tiktok youtube seo it ti "
    "rrss pyme pymes me net promoter score effort satisfaction voz voice total online covid-19 nearly roughly "
    "approximately reporte análisis analysis conclusion conclusión importantly similarly likewise finally indeed "
    "overall moreover nuestras mis mi tu tus sin sobre como donde dónde qué quién cómo no sí la"
)
_LINKS = word_set("& of de del y and e for + the la los las el")
_STUDY_WORDS = word_set(
    "survey study report research index poll encuesta estudio informe reporte barómetro barometer review análisis"
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name at tokens ``first`` to ``stop``; ``study`` when it ends like a study ("… Report 2017")."""

    first: int
    stop: int
    text: str
    study: bool = False
    year: int | None = None


def find_names(tokens: list[Token], text: str, ordinary: frozenset[str]) -> list[Name]:
    """The names of a sentence in order; ``ordinary`` are words the document also writes in lower case."""
    names: list[Name] = []
    index = 0
    while index < len(tokens):
        if not _capital(tokens[index]):
            index += 1
            continue
        stop = _run_end(tokens, index)
        name = _clean(tokens, index, stop, text, ordinary)
        if name is not None:
            names.append(name)
        index = stop
    return names


def _capital(token: Token) -> bool:
    return token.kind == "w" and (token.text[0].isupper() or any(letter.isupper() for letter in token.text[1:]))


def _run_end(tokens: list[Token], index: int) -> int:
    """The token after the run of capitalised words that starts here (at most 12 tokens)."""
    stop = index + 1
    while stop < len(tokens) and stop - index < 12:
        step = _step(tokens, stop)
        if not step:
            break
        stop += step
    return stop


def _step(tokens: list[Token], stop: int) -> int:
    """How many tokens continue the name here: a capitalised word, glued signs, or links before one."""
    token = tokens[stop]
    if _capital(token) or (token.kind == "n" and (token.glued or _yearlike(token.text))):
        return 1
    following = tokens[stop + 1] if stop + 1 < len(tokens) else None
    if token.kind == "p":
        glued = token.glued and following is not None and following.glued and following.kind in "wn"
        amp = token.text == "&" and following is not None and _capital(following)
        return 1 if (glued and token.text in "-.&+’'/") or amp else 0
    if token.lower not in _LINKS or following is None:
        return 0
    if _capital(following):
        return 1
    beyond = tokens[stop + 2] if stop + 2 < len(tokens) else None
    return 2 if following.lower in _LINKS and beyond is not None and _capital(beyond) else 0


def _yearlike(text: str) -> bool:
    return len(text) == 4 and text.isdigit() and "1990" <= text <= "2049"


def _clean(tokens: list[Token], first: int, stop: int, text: str, ordinary: frozenset[str]) -> Name | None:
    year = next((int(token.text) for token in tokens[first:stop] if _yearlike(token.text)), None)
    while first < stop and (_is_plain(tokens, first, ordinary) or tokens[first].kind != "w"):
        first += 1
    while stop > first and (
        tokens[stop - 1].kind == "p" or _yearlike(tokens[stop - 1].text) or tokens[stop - 1].lower in _LINKS
    ):
        stop -= 1
    if first >= stop or all(token.lower in _ORDINARY or token.kind != "w" for token in tokens[first:stop]):
        return None
    words = text[tokens[first].start : tokens[stop - 1].end]
    for tail in ("'s", "’s", "'S", "’S"):
        words = words.removesuffix(tail)
    if len(words) < 2:
        return None
    return Name(first, stop, words.strip(), tokens[stop - 1].lower in _STUDY_WORDS, year)


def _is_plain(tokens: list[Token], index: int, ordinary: frozenset[str]) -> bool:
    """Whether the first word of a run is only capitalised because it opens the sentence, or is an ordinary word."""
    token = tokens[index]
    if token.text.isupper() and len(token.text) > 1 and token.lower not in _ORDINARY:
        return False
    if lower_at(tokens, index + 1) in ("state", "of") and token.lower == "state":
        return False
    opens = index == 0 or tokens[index - 1].text in '“"«(¿¡‘–—-•*:'
    return token.lower in _ORDINARY or (opens and token.lower in ordinary)
