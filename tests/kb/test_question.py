"""What questions ask for, as data: kind, purpose, names, years, lists, what is set aside, which rate."""

import pytest

from kb.question import Purpose, Wanted, read_question

KINDS = [
    ("What share of customers would leave?", Wanted.SHARE, Purpose.PLAIN),
    ("¿Qué porcentaje de clientes se iría?", Wanted.SHARE, Purpose.PLAIN),
    ("How much more likely are they to buy?", Wanted.FACTOR, Purpose.PLAIN),
    ("¿Cuánto más probable es que compren?", Wanted.FACTOR, Purpose.PLAIN),
    ("How many channels do they offer?", Wanted.NUMBER, Purpose.PLAIN),
    ("How much does a licence cost?", Wanted.MONEY, Purpose.PLAIN),
    ("¿Cuánto gastó la empresa en encuestas?", Wanted.MONEY, Purpose.PLAIN),
    ("How long did the study take?", Wanted.TIME, Purpose.PLAIN),
    ("Which phases does maturity go through?", Wanted.LIST, Purpose.PLAIN),
    ("¿Qué métricas son esenciales?", Wanted.LIST, Purpose.PLAIN),
    ("What is churn?", Wanted.TEXT, Purpose.DEFINITION),
    ("¿Qué se entiende por esfuerzo?", Wanted.TEXT, Purpose.DEFINITION),
    ("¿Por qué una tasa más baja no es mala noticia?", Wanted.TEXT, Purpose.REASON),
    ("Who ran the survey and how many people answered?", Wanted.TEXT, Purpose.PERSON),
    ("In which year was it published?", Wanted.TEXT, Purpose.YEAR),
    ("What is the difference between effort and satisfaction?", Wanted.TEXT, Purpose.PLAIN),
]


@pytest.mark.parametrize(("question", "wanted", "purpose"), KINDS)
def test_kind_of_answer(question: str, wanted: Wanted, purpose: Purpose) -> None:
    """Each question asks for its kind of answer, in either language."""
    reading = read_question(question)

    assert (wanted, purpose) == (reading.wanted, reading.purpose)


@pytest.mark.parametrize(
    ("question", "names", "years"),
    [
        ("How many people did Dixon, Freeman and Toman study?", ("Dixon", "Freeman", "Toman"), ()),
        ("What did Federal Student Aid answer in 2014?", ("Federal Student Aid",), (2014,)),
        ("What does Salesforce's report say?", ("Salesforce",), ()),
        ("¿Qué es la empatía?", (), ()),
    ],
)
def test_names_and_years(question: str, names: tuple[str, ...], years: tuple[int, ...]) -> None:
    """Capitals that follow one another are one name; a possessive and the opening capital are none."""
    reading = read_question(question)

    assert (names, years) == (reading.names, reading.years)


def test_list_of_counted_things() -> None:
    """A list question says how many things it wants, and what they may be called in both languages."""
    reading = read_question("Which six phases are there?")

    assert (
        reading.count,
        reading.things,
    ) == (6, ("phases", "stages", "levels", "steps", "fases", "etapas", "niveles", "pasos", "estadios"))


@pytest.mark.parametrize(
    ("question", "beyond"),
    [
        ("¿Qué consultoras, además de Gallup, lo midieron?", ("Gallup",)),
        ("Which agencies besides Federal Student Aid and USA.gov answered?", ("Federal Student Aid", "USA.gov")),
        ("¿Qué tiendas además de Krispy Kreme destacan en el estudio de InMoment?", ("Krispy Kreme",)),
        ("What did Gallup measure?", ()),
    ],
)
def test_what_is_set_aside(question: str, beyond: tuple[str, ...]) -> None:
    """Only the names that follow "besides" are set aside, not those of the rest of the question."""
    assert beyond == read_question(question).beyond


@pytest.mark.parametrize(
    ("question", "measure"),
    [
        ("What was the response rate of the survey?", "response"),
        ("¿Cuál fue la tasa de respuesta?", "respuesta"),
        ("What rate did they reach?", None),
    ],
)
def test_which_rate(question: str, measure: str | None) -> None:
    """A rate is named by the word beside it."""
    assert measure == read_question(question).measure
