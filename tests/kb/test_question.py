"""What questions ask for, as data: kind, purpose, names, years, lists, what is set aside, which rate."""

import pytest

from index.answers.question import Purpose, Wanted, numbers_in, read_question

KINDS = [
    ("What share of customers would leave?", Wanted.SHARE, Purpose.PLAIN),
    ("¿Qué porcentaje de clientes se iría?", Wanted.SHARE, Purpose.PLAIN),
    ("How much more likely are they to buy?", Wanted.FACTOR, Purpose.PLAIN),
    ("¿Cuánto más probable es que compren?", Wanted.FACTOR, Purpose.PLAIN),
    ("How many channels do they offer?", Wanted.NUMBER, Purpose.PLAIN),
    ("What is the average salary of a manager?", Wanted.NUMBER, Purpose.PLAIN),
    ("¿Cuál es el tiempo de espera medio?", Wanted.NUMBER, Purpose.PLAIN),
    ("How much does a licence cost?", Wanted.MONEY, Purpose.PLAIN),
    ("¿Cuánto gastó la empresa en encuestas?", Wanted.MONEY, Purpose.PLAIN),
    ("How long did the study take?", Wanted.TIME, Purpose.PLAIN),
    ("Which phases does maturity go through?", Wanted.LIST, Purpose.PLAIN),
    ("¿Qué métricas son esenciales?", Wanted.LIST, Purpose.PLAIN),
    ("What is churn?", Wanted.TEXT, Purpose.DEFINITION),
    ("¿Qué se entiende por esfuerzo?", Wanted.TEXT, Purpose.DEFINITION),
    ("¿Por qué una tasa más baja no es mala noticia?", Wanted.TEXT, Purpose.REASON),
    ("How often is CSAT looked at?", Wanted.TEXT, Purpose.PLAIN),
    ("¿Cada cuánto se mira el CSAT?", Wanted.TEXT, Purpose.PLAIN),
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
        ("Explícame la brecha de Gartner", ("Gartner",), ()),
        ("Debo contestar en Twitter?", ("Twitter",), ()),
        ("Sirve WhatsApp para atender?", ("WhatsApp",), ()),
        ("Gallup engagement", ("Gallup",), ()),
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


@pytest.mark.parametrize(
    ("question", "figures"),
    [
        ("Who says that 87 percent of marketers deliver?", ("87",)),
        ("¿Quién dice que el 4,5 % se va?", ("4.5",)),
        ("¿De qué son los 5.500 millones?", ("5500",)),
        ("What is 2.3 times as likely in 2022?", ("2.3",)),
        ("Which 3 phases are there?", ()),
        ("What happened in 2022?", ()),
        ("What is the Q12?", ()),
    ],
)
def test_figures_that_a_question_states(question: str, figures: tuple[str, ...]) -> None:
    """Numbers with what they measure, in one spelling; counts, years and names are none."""
    assert figures == read_question(question).figures


def test_numbers_of_both_languages_are_spelt_alike() -> None:
    """Group marks go, the decimal mark is a point."""
    assert numbers_in("1.234.567, 4,5 %, 4.5% and 5\u00a0500") == {"1234567", "4.5", "5500"}


@pytest.mark.parametrize(
    ("question", "counted"),
    [
        ("How many branches closed?", "branches"),
        ("¿Cuántas sucursales cerraron?", "sucursales"),
        ("How many people answered?", None),
        ("¿Cuántos de ellos volvieron?", None),
        ("How much did it cost?", None),
    ],
)
def test_what_a_question_counts(question: str, counted: str | None) -> None:
    """The word after "how many", unless everybody calls it otherwise."""
    assert counted == read_question(question).counted


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Which software did the company use?", ("software",)),
        ("Which chatbot platform is the best?", ("chatbot", "platform")),
        ("What is the population of Centennial?", ("population",)),
        ("¿Qué universidad ofrece un máster?", ("universidad",)),
        ("¿Cuál es el salario medio de un director?", ("salario",)),
        ("¿Qué opinan los clientes?", ()),
        ("¿Por qué una tasa más baja no es mala noticia?", ()),
        ("La empresa que esconde su teléfono", ()),
        ("What marks the defined stage?", ()),
        ("What effect do silos have?", ()),
        ("¿Qué dos cifras conviene leer juntas?", ()),
        ("¿Qué es el NPS?", ()),
    ],
)
def test_the_thing_that_is_asked_for(question: str, asked: tuple[str, ...]) -> None:
    """A noun after the question word, or an attribute of something; not verbs, nor what is called in many ways."""
    assert asked == read_question(question).asked


@pytest.mark.parametrize(
    ("question", "by_name"),
    [
        ("Who invented NPS?", True),
        ("¿Quién lo propuso?", True),
        ("Quiénes escribieron el libro", True),
        ("Who should own CSAT?", False),
        ("¿Quién es el dueño de la experiencia?", False),
        ("How many people who asked were answered?", False),
    ],
)
def test_who_did_something(question: str, by_name: bool) -> None:
    """Only a name answers who did something; who owns something may be a team, or nobody."""
    assert by_name == read_question(question).by_name
