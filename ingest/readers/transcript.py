"""Transcripts (VTT, SRT) to paragraphs of whole sentences: who speaks, and at what time.

Owns what a cue is (WebVTT; SubRip has no standard and writes the same), and when a paragraph of speech ends. Refuses
colours, positions and styles.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import unescape

from ingest.readers.encodings import decode_noted
from ingest.readers.extract import Extract, RawBlock, normal_text, one_line
from ingest.readers.properties.metadata import SourceMetadata
from kb.records.document import BlockKind, Place
from kb.records.errors import SourceError
from kb.records.file_format import FileFormat
from kb.records.messages import say

_CLOCK = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})"
_TIMES = re.compile(rf"[ \t]*{_CLOCK}[ \t]*-->[ \t]*{_CLOCK}(?:[ \t][^\n]{{0,300}})?")
_VOICE = re.compile(r"<v(?:\.[^\s>]{0,80})?[ \t]+([^<>]{1,120})>")
_TAG = re.compile(r"</?[A-Za-z0-9:.][^<>]{0,200}>|\{\\[^{}]{0,200}\}")
# "ANA GIL: …", "Speaker 2: …", with the marks that subtitles for the deaf put before a change of speaker.
_SPEAKER = re.compile(r"(?:>>|[-–—])?\s*([A-ZÁÉÍÓÚÑÜ][\w.'’ -]{0,40}?)\s?:\s+(?=\S)")
_CHANGE = re.compile(r"(?:>>+|[-–—])\s*(?=\S)")
_SOUND = re.compile(r"(?:[\[(♪♫*][^\])♪♫*]{0,200}[\])♪♫*]|[♪♫\s]+)+$")
_SENTENCE_END = re.compile(r"[.!?…][\"'»”’)\]]*$")
# A speaker who says nothing for this long has ended what was being said.
_SILENCE_SECONDS = 2.0
# Long enough for a thought, short enough that its time still leads to it: half a minute of speech.
_MAX_CHARS = 500
_MOMENT_SECONDS = 0.05
SOUNDS = "sounds"


@dataclass(frozen=True, slots=True)
class _Cue:
    """Words from ``start`` to ``end`` (seconds). ``opens`` says that they begin a turn; ``voice`` who is marked up."""

    start: float
    end: float
    voice: str | None
    text: str
    opens: bool = False


def read_transcript(data: bytes, name: str, form: FileFormat) -> Extract:
    """The paragraphs of a transcript (VTT, SRT); raises SourceError where no line has the times of a cue."""
    decoded = decode_noted(data, name)
    cues = list(_without_repeats(_cues(normal_text(decoded.text))))
    if not cues:
        raise SourceError(name, say("holds_no_cue"), say("export_it_again_as_vtt_or_srt"))
    return Extract(tuple(map(_block, _turned(cues))), SourceMetadata(), form.media_type, decoded.notes)


def _cues(text: str) -> Iterator[_Cue]:
    """The cues in the order of the file; what stands before the times of a cue is its number, a note or a style."""
    times: tuple[float, float] | None = None
    lines: list[str] = []
    for line in [*text.splitlines(), ""]:
        found = _TIMES.fullmatch(line)
        if not found and line.strip():
            lines.append(line)
            continue
        if found and lines and lines[-1].strip().isdigit():
            lines.pop()  # the number of a cue that follows without a blank line
        if times and lines:
            yield from _said(times, lines)
        if found or lines:
            times = _seconds(found.groups()) if found else None
        lines = []


def _seconds(clock: tuple[str | None, ...]) -> tuple[float, float]:
    start, end = (
        int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(f"{seconds}.{fraction}")
        for hours, minutes, seconds, fraction in (clock[:4], clock[4:])
    )
    return start, end


def _said(times: tuple[float, float], lines: list[str]) -> Iterator[_Cue]:
    """What a cue holds: one person's words, or those of several, a line or a marked voice each."""
    first, *voices = _VOICE.split("\n".join(lines))
    yield from _turns(times, None, first)
    for voice, words in zip(voices[::2], voices[1::2], strict=True):
        yield from _turns(times, one_line(unescape(voice)), words)


def _turns(times: tuple[float, float], voice: str | None, words: str) -> Iterator[_Cue]:
    text, opens = "", False
    for line in filter(None, (one_line(unescape(_TAG.sub("", line))) for line in words.split("\n"))):
        mark = _CHANGE.match(line)
        if mark or _SPEAKER.match(line):
            if text:
                yield _Cue(*times, voice, text, opens)
            text, opens = "", True
        text = f"{text} {line[mark.end() :] if mark else line}".strip()
    if text:
        yield _Cue(*times, voice, text, opens)


def _without_repeats(cues: Iterator[_Cue]) -> Iterator[_Cue]:
    """The cues without the words that they show again: live captions roll the last line up over the next one.

    What is said again after a moment, however short, is said again.
    """
    shown, end = "", 0.0
    for cue in cues:
        again = shown if cue.start - end < _MOMENT_SECONDS else ""
        end = max(end, cue.end)
        if again and (cue.text == again or again.endswith(f" {cue.text}")):
            continue
        shown = cue.text[len(again) + 1 :] if again and cue.text.startswith(f"{again} ") else cue.text
        yield replace(cue, text=shown)


def _turned(cues: list[_Cue]) -> Iterator[_Cue]:
    """Cues put together to sentences and these to paragraphs: until another speaks, or a silence, or half a minute."""
    said: _Cue | None = None
    for cue in cues:
        if said is None or _is_apart(said, cue):
            if said is not None:
                yield said
            said = cue
        else:
            said = replace(said, text=f"{said.text} {cue.text}", end=cue.end)
    if said is not None:
        yield said


def _is_apart(said: _Cue, cue: _Cue) -> bool:
    ended = _SENTENCE_END.search(said.text) is not None
    silence = cue.start - said.end > (_SILENCE_SECONDS if ended else 3 * _SILENCE_SECONDS)
    is_sound = bool(_SOUND.fullmatch(cue.text) or _SOUND.fullmatch(said.text))
    return cue.opens or cue.voice != said.voice or silence or is_sound or (ended and len(said.text) > _MAX_CHARS)


def _block(said: _Cue) -> RawBlock:
    place = Place(time=_clock(said.start))
    if _SOUND.fullmatch(said.text):
        return RawBlock(said.text, BlockKind.PARAGRAPH, 0, place, SOUNDS)
    return RawBlock(f"{said.voice}: {said.text}" if said.voice else said.text, BlockKind.PARAGRAPH, 0, place)


def _clock(seconds: float) -> str:
    """The time from the beginning as hours, minutes and seconds ("0:12:31")."""
    whole = int(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
