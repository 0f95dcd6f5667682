"""A question in twelve manners, and what they lose."""

from index.evaluate.answers import GoldQuestion, GoldQuote
from index.evaluate.manners import evaluate_manners, in_manners
from index.search.glossary import Glossary
from kb.records.answer import Answer, Status
from kb.records.document import Span
from kb.records.language import Language
from kb.records.search import Citation, DocumentReference

TEXT = "One thing. Another thing."


def test_in_manners() -> None:
    """Frames by the question's language; capitals, marks, keywords and a typing error by rule."""
    put = in_manners("What is the satisfaction of the guests?", Glossary([]))

    assert put["greeting"] == "Hi team, quick one: What is the satisfaction of the guests?"
    assert put["polite"] == "Good morning, I would like to know: what is the satisfaction of the guests?"
    assert put["capitals"] == "WHAT IS THE SATISFACTION OF THE GUESTS?"
    assert put["unmarked"] == "what is the satisfaction of the guests"
    assert put["keywords"] == "satisfaction guests"
    assert put["mistyped"] == "What is the satisfcation of the guests?"
    assert len(put) == 12


def test_losses() -> None:
    """An answer that is right plain and refused in a manner is lost there."""

    def ask(question: str) -> Answer:
        if question.isupper():
            return Answer(question, Language.EN, Status.NO_EVIDENCE, "", (), ())
        reference = DocumentReference("d1", "folder/a.txt", None, (), None, None, None)
        citation = Citation(1, reference, "p1", TEXT[:10], Span(0, 10), "0" * 64, "/passages/p1")
        return Answer(question, Language.EN, Status.ANSWERED, "", (), (citation,))

    gold = (GoldQuestion("q1", "What is it?", (GoldQuote("a.txt", "One thing."),)),)
    figures = evaluate_manners(gold, ask, lambda _: TEXT, Glossary([]))

    assert figures.questions == 1
    assert figures.lost == 1 / 12
    assert [(one.manner, one.right, one.same) for one in figures.manners if one.lost] == [("capitals", 1, 0)]
