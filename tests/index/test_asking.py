"""What is asked, whatever people write around it."""

import pytest

from index.answers.question import Wanted, asked_in, read_question
from index.answers.question_things import names_written, set_aside
from index.evaluate.manners import in_manners
from index.search.glossary import Glossary

QUESTION = "¿Qué porcentaje de viajeros vuelve a la misma línea?"


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Hola, ¿qué es el NPS?", "¿Qué es el NPS?"),
        ("Hola equipo. Preparo un taller. ¿Qué es el NPS? ¡Gracias!", "¿Qué es el NPS?"),
        ("Hi team, quick one: why do guests leave?", "Why do guests leave?"),
        ("I am preparing a talk. Which queues annoy guests?", "Which queues annoy guests?"),
        ("Pregunta: ¿por qué se van? Gracias de antemano.", "¿Por qué se van?"),
        ("Good morning, I would like to know: what share leaves", "what share leaves"),
        ("WHY DO GUESTS LEAVE", "why do guests leave"),
        ("HOLA, ¿QUÉ ES EL CES?", "¿Qué es el ces?"),
        ("¿Cuántos puntos subió? ¿Y en cuánto tiempo?", "¿Cuántos puntos subió? ¿Y en cuánto tiempo?"),
        ("team engagement levels", "team engagement levels"),
        ("buenas prácticas de escucha", "buenas prácticas de escucha"),
        ("¿Qué pasó en St. Louis vs. Chicago?", "¿Qué pasó en St. Louis vs. Chicago?"),
        ("Buenas tardes, me gustaría saber qué hoteles destacan?", "¿Qué hoteles destacan?"),
        ("¿qué es el nps?", "¿Qué es el nps?"),
        ("Hi, iPhone users leave why?", "iPhone users leave why?"),
        ("hola profe, entre chat y correo, ¿dónde esperan?", "profe, entre chat y correo, ¿dónde esperan?"),
        ("Hola", "Hola"),
        ("what\x00 is\u200b NPS", "what  is  NPS"),
    ],
)
def test_asked_in(text: str, asked: str) -> None:
    """The question stays; words that only look like a greeting or a label stay too."""
    assert asked == asked_in(text)


@pytest.mark.parametrize("manner", ["greeting", "context", "thanks", "label", "polite", "all", "capitals"])
def test_a_manner_changes_nothing_of_the_reading(manner: str) -> None:
    """The same question in another manner is read as it stands, but for what all capitals took."""
    plain, put = (read_question(text) for text in (QUESTION, in_manners(QUESTION, Glossary([]))[manner]))

    assert plain == put


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("share of questions robots answer", Wanted.SHARE),
        ("% de clientes que vuelve", Wanted.SHARE),
        ("porcentaje clientes vuelve", Wanted.SHARE),
        ("percentage customers returning", Wanted.SHARE),
        ("¿Qué percentage de clientes vuelve?", Wanted.SHARE),
        ("What porcentaje of guests returns?", Wanted.SHARE),
        ("share your view of robots", Wanted.TEXT),
        ("¿Cuántos puntos subió y en cuánto tiempo?", Wanted.NUMBER),
        ("How long do customers wait and how many leave?", Wanted.TIME),
    ],
)
def test_keywords_and_two_questions(question: str, wanted: Wanted) -> None:
    """Keywords ask for a figure as a question does; of two things the first decides."""
    assert wanted is read_question(question).wanted


def test_names_are_told_by_how_texts_write_them() -> None:
    """A name in small letters is one, an ordinary word with a capital is none, and two words may be one name."""
    texts = ["Many banks trust Krispy Kreme, said the bank.", "People at Krispy Kreme use WhatsApp."]

    assert names_written("Banks on whatsapp", ("Banks",), texts) == ("WhatsApp",)
    assert names_written("besides krispy kreme who", (), texts) == ("Krispy Kreme",)
    assert set_aside("who besides krispy kreme", ("Krispy Kreme",)) == ("Krispy Kreme",)
    assert names_written("what does Zentro say", ("Zentro",), texts) == ("Zentro",)
    assert names_written("what do people think", (), ["A report by Customer Think."]) == ()
