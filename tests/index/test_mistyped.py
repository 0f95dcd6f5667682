"""Slips of typing are mended by the words of the passages found, and by nothing else."""

import pytest

from index.answers.missing import mended
from kb.records.language import Language

TEXTS = (("Contact and commitment explain satisfaction.", Language.EN), ("La satisfacción se mide.", Language.ES))


@pytest.mark.parametrize(
    ("question", "read_as", "words"),
    [
        ("What explains satisfcation?", "What explains satisfaction?", ("satisfaction",)),
        ("¿Se mide la satisfacicón?", "¿Se mide la satisfacción?", ("satisfacción",)),
        ("What explains comitment?", "What explains commitment?", ("commitment",)),
        ("What explains commmitment?", "What explains commitment?", ("commitment",)),
        ("What is in the contract?", "What is in the contract?", ()),
        ("Satisfaccion y commitment", "Satisfaccion y commitment", ()),
        ("Who explains it?", "Who explains it?", ()),
    ],
)
def test_mended(question: str, read_as: str, words: tuple[str, ...]) -> None:
    """Accents are no slip, and a letter more or less may make another word."""
    assert mended(question, TEXTS) == (read_as, words)
