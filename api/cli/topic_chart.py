"""Coverage as a heat map in a file: the one module that imports matplotlib. Knows no base and no terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from matplotlib import colormaps, rc_context, rcdefaults
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from kb.errors import InputError
from kb.language import Language
from kb.topics import Topic

if TYPE_CHECKING:
    from ingest.tagging.coverage import Coverage

# Even steps of lightness for every kind of colour vision, and in grey (Nuñez, Anderton and Renslow 2018).
_COLOURS = "cividis_r"
_CELL, _LEFT, _AROUND = 0.62, 3.4, 1.6
_LANGUAGES = (Language.ES, Language.EN)
_TITLE = "Pasajes por tema, lengua y año\nPassages by topic, language and year"
_UNDATED = "sin año\nundated"


def draw_coverage(found: Coverage, path: Path) -> None:
    """Write the heat map as PNG or SVG, by the end of the name: topics and languages down, years across.

    Every number stands in its cell, so colour is never needed; a gap is a hatched cell. The same coverage gives
    the same file. Raises InputError when the file cannot be written.
    """
    with rc_context():
        rcdefaults()  # not what a matplotlibrc says that lies in the current folder
        _draw(found, path)


def _draw(found: Coverage, path: Path) -> None:
    rows = [(topic, language) for topic in Topic for language in _LANGUAGES]
    columns = _columns(found)
    counted = {(cell.topic, cell.language, cell.year): cell.passages for cell in found.cells}
    numbers = [[counted.get((topic, language, year), 0) for year in columns] for topic, language in rows]
    figure = Figure((_LEFT + _CELL * max(len(columns), 4), _AROUND + _CELL * len(rows) * 0.62), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    _draw_cells(axes, numbers)
    axes.set_yticks(range(len(rows)), [f"{topic.label_es} / {topic.label_en} · {lang.value}" for topic, lang in rows])
    axes.set_xticks(range(len(columns)), [_UNDATED if year is None else str(year) for year in columns])
    axes.tick_params(length=0)
    figure.suptitle(_TITLE, x=0.01, ha="left", fontsize=11)
    figure.supxlabel("rayado: sin pasajes / hatched: no passages", x=0.01, ha="left", fontsize=9)
    for place in range(2, len(rows), 2):
        axes.axhline(place - 0.5, color="black", linewidth=0.8)
    _save(figure, path)


def _columns(found: Coverage) -> list[int | None]:
    years = [cell.year for cell in found.cells if cell.year is not None]
    known: list[int | None] = list(range(min(years), max(years) + 1)) if years else []
    return [*known, None] if not known or any(cell.year is None for cell in found.cells) else known


def _draw_cells(axes: Axes, numbers: list[list[int]]) -> None:
    most = max((number for row in numbers for number in row), default=0) or 1
    colours = colormaps[_COLOURS]
    for y, row in enumerate(numbers):
        for x, number in enumerate(row):
            fill = colours(number / most) if number else "white"
            hatch = None if number else "////"
            axes.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=fill, edgecolor="grey", hatch=hatch, lw=0.4))
            if number:
                dark = number / most > 0.5
                axes.text(x, y, str(number), ha="center", va="center", color="white" if dark else "black", fontsize=9)
    axes.set_xlim(-0.5, len(numbers[0]) - 0.5)
    axes.set_ylim(len(numbers) - 0.5, -0.5)


def _save(figure: Figure, path: Path) -> None:
    # No date and a fixed salt: the same coverage gives the same bytes. Text stays text in SVG.
    with rc_context({"svg.hashsalt": "coverage", "svg.fonttype": "none"}):
        metadata = {"Date": None} if path.suffix.lower() == ".svg" else {"Software": None}
        try:
            figure.savefig(path, dpi=150, metadata=metadata)
        except OSError as error:
            raise InputError(str(path), f"cannot be written ({error.strerror})", "Choose another --chart") from error
