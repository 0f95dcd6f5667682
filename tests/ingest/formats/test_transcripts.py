"""Transcripts (VTT, SRT): cues joined to sentences, who speaks, at what time."""

from __future__ import annotations

import pytest

from ingest.readers.dispatch import read_document
from ingest.readers.extract import RawBlock
from ingest.readers.signatures import media_type_of
from kb.records.document import BlockKind, Place
from kb.records.errors import SourceError
from kb.records.file_format import FileFormat

VTT, SRT = FileFormat.VTT.media_type, FileFormat.SRT.media_type


def said(text: str, media_type: str) -> list[tuple[str | None, str]]:
    blocks = read_document(text.encode(), media_type, "a").blocks
    return [(one.place.time, one.text) for one in blocks if one.furniture is None]


def test_cues_of_one_voice_are_one_text() -> None:
    """Notes, styles, tags and settings are no text; music is, but apart."""
    text = (
        "WEBVTT Entrevista\n\nSTYLE\n::cue {color: red}\n\nNOTE 3 % de ruido\n\nintro\n"
        "00:01.000 --> 00:03.000 align:start\n<v Ana Gil>El 62 % de los &lt;clientes&gt;\n\n"
        "00:03.100 --> 00:05.000\n<v Ana Gil>repite su <i>problema</i>.\n\n"
        "00:05.000 --> 00:08.000\n<v.loud Luis>¿De verdad? <v Ana Gil>Sí.</v>\n\n"
        "1:00:20.000 --> 1:00:22.000\n[Música]\n"
    )

    extract = read_document(text.encode(), media_type_of("a.vtt", text.encode()), "a.vtt")

    assert extract.blocks == (
        RawBlock(
            "Ana Gil: El 62 % de los <clientes> repite su problema.", BlockKind.PARAGRAPH, 0, Place(time="0:00:01")
        ),
        RawBlock("Luis: ¿De verdad?", BlockKind.PARAGRAPH, 0, Place(time="0:00:05")),
        RawBlock("Ana Gil: Sí.", BlockKind.PARAGRAPH, 0, Place(time="0:00:05")),
        RawBlock("[Música]", BlockKind.PARAGRAPH, 0, Place(time="1:00:20"), "sounds"),
    )


def test_subtitles_begin_a_paragraph_where_another_speaks() -> None:
    """Names before a colon and dashes; a cue without a blank line before it; numbers are no text."""
    text = (
        "1\r\n00:00:01,000 --> 00:00:03,000\r\nANA: Most customers\r\nrepeat themselves.\r\n2\r\n"
        "00:00:03,000 --> 00:00:05,000\r\n- Really?\r\n- Yes, {\\an8}sixty-two percent\r\n\r\n"
        "3\r\n00:00:05,100 --> 00:00:06,000\r\nof them.\r\n"
    )

    assert said(text, SRT) == [
        ("0:00:01", "ANA: Most customers repeat themselves."),
        ("0:00:03", "Really?"),
        ("0:00:03", "Yes, sixty-two percent of them."),
    ]


def test_a_silence_or_half_a_minute_ends_a_paragraph_at_a_sentence() -> None:
    cue = "{}\n00:{:02}:{:02}.000 --> 00:{:02}:{:02}.900\n{}\n\n"
    sentence = "Una frase que dura lo que dura el tiempo de decirla sin prisa alguna."
    cues = [cue.format(number, 0, number * 2, 0, number * 2 + 1, sentence) for number in range(10)]
    late = cue.format(99, 5, 0, 5, 2, "Mucho después.")

    found = said("WEBVTT\n\n" + "".join(cues) + late, VTT)

    assert [time for time, _ in found] == ["0:00:00", "0:00:16", "0:05:00"]
    assert " ".join(text for _, text in found).count(sentence) == 10


def test_lines_that_live_captions_roll_up_are_said_once() -> None:
    """Each cue shows the line before it again."""
    text = (
        "WEBVTT\n\n00:01.000 --> 00:02.000\nel cliente\n\n00:02.000 --> 00:02.010\nel cliente\n\n"
        "00:02.010 --> 00:03.000\nel cliente\nrepite el 62 %\n\n"
        "00:03.000 --> 00:04.000\nrepite el 62 %\nde las veces.\n"
    )

    assert said(text, VTT) == [("0:00:01", "el cliente repite el 62 % de las veces.")]


@pytest.mark.parametrize("text", ["WEBVTT\n\nNOTE nada\n", "1\n00:00 -> 00:01\nhola\n", "hola"])
def test_a_file_without_a_cue_is_refused(text: str) -> None:
    with pytest.raises(SourceError, match="holds no line with the times") as caught:
        read_document(text.encode(), SRT, "a.srt")
    assert caught.value.hint == "Export it again as VTT or SRT"
