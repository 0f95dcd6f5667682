"""An address as a QR code that a telephone reads from paper: the one module that imports segno."""

import io
from dataclasses import dataclass

# Some 25 quotes in one address. At the width below longer ones would be wider than a hand; the code holds 2,953 bytes.
MOST_BYTES = 1_000
# Of a square of the code on paper: cameras of telephones part squares from about .33 mm on.
_SQUARE_MM, _LEAST_MM = 0.45, 28.0
_BORDER = 4


@dataclass(frozen=True, slots=True)
class QrCode:
    """The code as a picture (PNG) and as SVG for HTML, with the white around it; ``width`` in millimetres on paper."""

    png: bytes
    svg: str
    width: float


def qr_code(address: str) -> QrCode | None:
    """The code of an address; null for none, and for one of more than MOST_BYTES."""
    if not 0 < len(address.encode()) <= MOST_BYTES:
        return None
    # Here, because only a dossier that others can check has one.
    import segno

    made = segno.make_qr(address, error="l")
    picture = io.BytesIO()
    made.save(picture, kind="png", scale=8, border=_BORDER)
    squares, _ = made.symbol_size(border=_BORDER)
    svg = made.svg_inline(border=_BORDER, svgclass="code", omitsize=True, light="#fff")
    return QrCode(picture.getvalue(), svg, max(_LEAST_MM, squares * _SQUARE_MM))
