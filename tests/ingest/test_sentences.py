"""Where sentences end, in both languages: specimens and laws."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.text.sentences import sentence_spans

CASES = [
    ("empty", "", []),
    ("only space", " \n\n ", []),
    ("marks alone", "...", ["..."]),
    ("states", "En EE. UU. La empresa crece. En EE.UU. los clientes compran.", 3),
    ("initials", "J. D. Power said it. D. Juan no.", ["J. D. Power said it.", "D. Juan no."]),
    ("company in the middle", "Acme Inc. said so. It rose.", ["Acme Inc. said so.", "It rose."]),
    ("company at the end", "We met Acme Inc. The firm grew.", ["We met Acme Inc.", "The firm grew."]),
    ("decimal comma", "Sube un 37,5 %. El resto no.", ["Sube un 37,5 %.", "El resto no."]),
    ("decimal point", "The score is 4.5 of 5. Good.", ["The score is 4.5 of 5.", "Good."]),
    ("numbered item", "1. Ofrece consejo. Nada más.", ["1. Ofrece consejo.", "Nada más."]),
    ("guillemets", "Dijo «Hola. Buenas». (Ver fig. 3.) Fin.", ["Dijo «Hola.", "Buenas».", "(Ver fig. 3.)", "Fin."]),
    ("quote then verb", "“Why?” he asked. “No!” Then he left.", ["“Why?” he asked.", "“No!”", "Then he left."]),
    ("glued", "It rose by 5%.The rest fell.", ["It rose by 5%.", "The rest fell."]),
    ("domain", "Por ejemplo, Amazon.com lidera.", ["Por ejemplo, Amazon.com lidera."]),
    ("inverted mark", "¿Por qué? ¡Porque sí! Bien.", ["¿Por qué?", "¡Porque sí!", "Bien."]),
    ("wrapped line", "El informe\nde la empresa.\nOtra cosa", ["El informe\nde la empresa.", "Otra cosa"]),
    ("bullet after a stop", "Uno es claro. * Dos también.", ["Uno es claro.", "* Dos también."]),
    ("example", "Véase p. ej. Gartner. Fin.", ["Véase p. ej. Gartner.", "Fin."]),
    ("numbered heading", "3.5. Método. Nada más.", ["3.5. Método.", "Nada más."]),
    ("line of contents", "Método . . . . . . 12 Anexos . . . . . 14", ["Método . . . . . . 12 Anexos . . . . . 14"]),
    ("footnote", "It grew.[12] Then not.", ["It grew.[12]", "Then not."]),
]


@pytest.mark.parametrize(("label", "text", "expected"), CASES, ids=[case[0] for case in CASES])
def test_sentences_end_where_a_reader_ends_them(label: str, text: str, expected: list[str] | int) -> None:
    """Specimens of both languages; a number asks for that many sentences."""
    sentences = [span.cut(text) for span in sentence_spans(text)]

    assert expected == (len(sentences) if isinstance(expected, int) else sentences)


@given(st.text(alphabet="aÁñ .!?…\n\r\t\u00a0\u2028«»“”\"'1)[]😀e\u0301", max_size=200))
def test_sentences_cover_all_visible_text_in_order(text: str) -> None:
    """No visible character is lost, none stands in two sentences, none starts or ends with space."""
    spans = sentence_spans(text)

    assert "".join(text.split()) == "".join("".join(span.cut(text).split()) for span in spans)
    assert all(span.cut(text) == span.cut(text).strip() for span in spans)
    assert all(first.end <= second.start for first, second in pairwise(spans))
