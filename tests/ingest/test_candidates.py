"""Whoever may have measured: names, the studies that are theirs, and how many of them a document may hold."""

from __future__ import annotations

import gc
import time

import pytest

from ingest.readers.signatures import TEXT
from ingest.sources.sources import SourceFile
from ingest.studies.candidates import Candidate, organisations
from ingest.studies.discourse import Discourse
from ingest.text.prepare import prepare

MADE = [
    ("The Patience Index, published by Hollis Wray, is out. The Patience Index says 40% left.", "Hollis Wray"),
    ("Según el Radar del Comprador 2023 de Nubora, el 40 % se fue. El Radar del Comprador cita a pocos.", "Nubora"),
    ("We read Calix's 2024 Service Outlook with care. The Service Outlook says 40% left.", "Calix"),
    ("El 40 % se fue (Barómetro Centros, Grupo Pampa, 2022). El Barómetro Centros es anual.", "Grupo Pampa"),
    pytest.param(
        "El 40 % se fue (Encuesta de Centros, Grupo Pampa, 2022). La Encuesta de Centros es anual.",
        "Grupo Pampa",
        marks=pytest.mark.xfail(strict=True, reason="a name does not begin with an ordinary word for a study"),
    ),
]
NOT_MADE = [
    "The Patience Index says 40% left. Hollis Wray disagrees.",
    "Nubora leyó el Radar del Comprador con Grupo Pampa.",
]


def offered(text: str) -> list[Candidate]:
    prepared = prepare(SourceFile.of("page", text.encode(), TEXT))
    sentences = [(span.start, span.cut(prepared.document.text)) for one in prepared.passages for span in one.sentences]
    return organisations(Discourse(prepared.document, sentences, {}))


@pytest.mark.parametrize(("text", "maker"), MADE)
def test_who_names_a_study_names_its_maker(text: str, maker: str) -> None:
    """One candidate for both, by the name of who made it, with every mention."""
    (one,) = offered(text)

    assert one.value == maker
    assert len(one.mentions) == 3


@pytest.mark.parametrize("text", NOT_MADE)
def test_a_study_beside_a_name_is_not_yet_its(text: str) -> None:
    assert len(offered(text)) > 1


def test_no_name_is_lost_where_makers_are_studies_of_others() -> None:
    """A chain: what cannot join its maker stays for itself."""
    text = "We read the Alba Index (Brisa Index) and the Brisa Index (Corvo Group). The Alba Index says 40% left."

    assert {one.value for one in offered(text)} == {"Alba Index", "Corvo Group"}


def test_a_directory_of_names_is_read_in_linear_time() -> None:
    """Names that share words with thousands of others."""
    seconds = []
    for count in (2000, 6000):
        text = "".join(f"The Alpha{number} Index (Beta{number} Group) says 5% left. " for number in range(count))
        prepared = prepare(SourceFile.of("page", text.encode(), TEXT))
        spans = [(span.start, span.cut(prepared.document.text)) for one in prepared.passages for span in one.sentences]
        discourse = Discourse(prepared.document, spans, {})
        assert len(discourse.lines) == count
        gc.collect()
        gc.freeze()  # what else is on the heap is not walked over while the clock runs
        started = time.thread_time()
        assert len(organisations(discourse)) == count
        seconds.append(time.thread_time() - started)
        gc.unfreeze()

    assert seconds[1] < 6 * seconds[0]
