"""A stand-in for Tesseract, which is a program of its own and not everywhere: it prints a table as that does."""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image, ImageDraw

# A title, a paragraph whose lines the program takes for two, and a stain of which it is not sure.
ROWS = [
    (1, 1, 1, 1, 1, 100, 100, 90, 30, 96, "Informe"),
    (1, 2, 1, 1, 1, 100, 240, 60, 30, 95, "Repite"),
    (1, 2, 1, 1, 2, 170, 240, 60, 30, 95, "el"),
    (1, 2, 2, 1, 1, 100, 280, 60, 30, 95, "62"),
    (1, 2, 2, 1, 2, 170, 280, 60, 30, 95, "%."),
    (1, 3, 1, 1, 1, 900, 900, 60, 30, 12, "~w;|"),
]


def stand_in_at(folder: Path) -> Path:
    """A folder for ``PATH`` with a program that prints ROWS for any picture, and knows the languages that its file
    ``languages`` names."""
    program = folder / "bin" / "tesseract"
    program.parent.mkdir()
    (program.parent / "languages").write_text("spa eng osd")
    rows = "\n".join("\t".join(map(str, (5, *row))) for row in ROWS)
    program.write_text(
        f"#!{sys.executable} -S\nimport sys\n"
        f"languages = open({str(program.parent / 'languages')!r}).read().split()\n"
        "if '--list-langs' in sys.argv:\n    print('Languages:', *languages, sep='\\n')\n    sys.exit()\n"
        "if b'broken' in sys.stdin.buffer.read():\n    sys.exit('Error in pixReadMem')\n"
        f"print('level\\tpage_num\\n' + {rows!r})\n"
    )
    program.chmod(0o755)
    return program.parent


def picture(*lines: str) -> bytes:
    """A PNG of these lines."""
    drawn = Image.new("L", (1200, 800), 255)
    for number, line in enumerate(lines):
        ImageDraw.Draw(drawn).text((80, 80 + 90 * number), line, fill=0, font_size=44)
    made = io.BytesIO()
    drawn.save(made, "PNG")
    return made.getvalue()
