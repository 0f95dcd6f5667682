"""Figures of a text: every statistic with what it says, and every other number with the reason why it is none."""

from ingest.figures.reading import FigureReading, read_figures, read_passages

__all__ = ["FigureReading", "read_figures", "read_passages"]
