"""Rich text as Outlook packs it (MS-OXRTFCP), unpacked.

Owns the ring of 4096 bytes that references look back into. Refuses to know what the text says.
"""

from __future__ import annotations

import struct

_PACKED, _PLAIN = 0x75465A4C, 0x414C454D
_RING = 4096
# What every ring begins with (MS-OXRTFCP 2.1.3.1.1).
_BEGINNING = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans Serif"
    rb"SymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    + b"\r\n"
    + rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)


def decompressed(data: bytes) -> bytes:
    """The rich text of a stream; raises ValueError for one that is cut, or packed in another way.

    It is at most nine times as long as the stream: a byte of marks and sixteen of references make 8 x 17 bytes.
    """
    if len(data) < 16:
        raise ValueError("length")
    _, size, kind, _ = struct.unpack_from("<IIII", data)
    if kind == _PLAIN:
        return data[16 : 16 + size]
    if kind != _PACKED:
        raise ValueError("kind")
    ring, at = bytearray(_BEGINNING.ljust(_RING, b"\0")), len(_BEGINNING)
    made, place = bytearray(), 16
    while len(made) < size:
        marks = data[place]
        place += 1
        for bit in range(8):
            if not marks >> bit & 1:
                piece = data[place : place + 1]
                place += 1
                if not piece:
                    raise ValueError("end")
                made += piece
                ring[at] = piece[0]
                at = (at + 1) % _RING
                continue
            (reference,) = struct.unpack_from(">H", data, place)
            place += 2
            start = reference >> 4
            if start == at:
                return bytes(made)
            for step in range((reference & 15) + 2):
                letter = ring[(start + step) % _RING]
                made.append(letter)
                ring[at] = letter
                at = (at + 1) % _RING
    return bytes(made[:size])
