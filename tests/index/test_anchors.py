"""What questions name, and the texts that have it: places in both languages, names word by word, years."""

import pytest

from index.answers.anchors import anchors_of, missing_from
from index.answers.question import read_question
from index.search.glossary import Glossary

CASES = [
    ("What share of Chilean companies use chat?", "La mayoría de las empresas de Chile usa el chat.", ()),
    ("What share of Chilean companies use chat?", "La mayoría de las empresas de España usa el chat.", ("chilean",)),
    ("¿Qué parte de los consumidores franceses compra?", "Half of French consumers buy.", ()),
    ("What did Net Promoter Score add?", "Net scores of promoters: the Promoter Score is net.", ()),
    ("¿Qué empresas son de nivel Experto?", "One in five were Experts.", ()),
    ("What does L'Estel sell?", "L’Estel vende queso.", ()),
    ("What does L’Estel sell?", "L'Estel sells cheese.", ()),
    ("How much did Mercadona invest?", "El mercado creció.", ("Mercadona",)),
    ("What was found in 2021?", "It was found in 2022.", ("2021",)),
    ("What is the customer experience of CX teams?", "Nothing of the kind.", ()),
]


@pytest.mark.parametrize(("question", "text", "missing"), CASES)
def test_missing(question: str, text: str, missing: tuple[str, ...]) -> None:
    """Exactly what the text does not name is missing, as the question writes it (places in small letters)."""
    anchors = anchors_of(question, read_question(question), Glossary.shipped())

    assert missing == missing_from(anchors, text)
