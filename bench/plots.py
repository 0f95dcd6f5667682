"""Pictures of the tables: how indexes and routes grow, and the systems side by side. SVG; owns matplotlib."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt

from bench.growth import Grown, Row
from bench.index_kinds import NAMES
from bench.output import say
from bench.peers import Compared, quantile_ms
from kb.records.language import Language

# Okabe and Ito's colours, told apart by everybody; the markers do without colour.
_STYLES = {
    "flat": ("#000000", "o"),
    "large": ("#D55E00", "s"),
    "ivf-sq8": ("#0072B2", "^"),
    "ivf-fp16": ("#56B4E9", "v"),
    "hnsw-sq8": ("#009E73", "D"),
}
# What is asked of a million, drawn as a line.
_ASKED = {"p95_ms": 25.0, "filtered_p95_ms": 25.0, "recall": 0.99, "filtered_recall": 0.99, "index_mb": 700.0}
_PANELS = (
    ("p95_ms", "query, p95 (ms)"),
    ("filtered_p95_ms", "query with a 5 % filter, p95 (ms)"),
    ("recall", "recall@10"),
    ("filtered_recall", "recall@10 with a 5 % filter"),
    ("index_mb", "index (MB)"),
    ("build_s", "building (s)"),
)


def draw_growth(grown: Grown, folder: Path) -> None:
    """``growth.svg``: six panels over the number of vectors."""
    figure, axes = plt.subplots(3, 2, figsize=(11, 12), layout="constrained")
    for axis, (field, title) in zip(axes.flat, _PANELS, strict=True):
        for kind, (colour, marker) in _STYLES.items():
            _line(axis, [row for row in grown.rows if row.kind == kind], field, colour, marker)
        if field in _ASKED:
            axis.axhline(_ASKED[field], color="#999999", linestyle="--", linewidth=1, label="asked at 1,000,000")
        axis.set_xscale("log")
        if "recall" not in field:
            axis.set_yscale("log")
        axis.set_title(title, fontsize=10)
        axis.set_xlabel("vectors")
        axis.grid(True, alpha=0.3)
    axes.flat[0].legend(fontsize=8)
    figure.suptitle(f"Real vectors ({grown.real:,}) multiplied with noise: {grown.source}", fontsize=10)
    _save(figure, folder, "growth")


def draw_peers(compared: Compared, folder: Path) -> None:
    """``peers.svg``: speed, latency, both@2 and memory of each system."""
    ran = [one for one in compared.systems if one.result is not None and one.figures is not None]
    panels: tuple[tuple[str, Callable[[Any], float]], ...] = (
        ("text to searchable (passages/s)", lambda one: compared.passages / one.result.build_s),
        ("query, p50 (ms)", lambda one: quantile_ms(one.result.query_s, 0.5)),
        ("both@2, mean of es and en", lambda one: _both(one.figures.mixed)),
        ("memory (MB)", lambda one: one.result.rss_mb),
    )
    figure, axes = plt.subplots(2, 2, figsize=(11, 6), layout="constrained")
    names = [one.name.replace(" + ", "\n+ ") for one in ran]
    for axis, (title, value) in zip(axes.flat, panels, strict=True):
        values = [value(one) for one in ran]
        bars = axis.barh(names, values, color=["#D55E00", *["#0072B2"] * (len(ran) - 1)])
        axis.bar_label(bars, fmt="%.3g", padding=3, fontsize=8)
        axis.invert_yaxis()
        axis.margins(x=0.15)
        axis.set_title(title, fontsize=10)
        axis.tick_params(labelsize=8)
    figure.suptitle(f"{compared.data}: {compared.passages} passages, {compared.questions} questions", fontsize=10)
    _save(figure, folder, "peers")


def draw_routes(kept: Mapping[str, Any], folder: Path) -> None:
    """``routes.svg``: p50 and p95 of each route over the number of documents, a line an engine."""
    names = list(dict.fromkeys(name for one in kept.values() for name in one["ms"]))
    figure, axes = plt.subplots(-(-len(names) // 4), 4, figsize=(13, 14), layout="constrained", sharex=True)
    for axis in axes.flat[len(names) :]:
        axis.set_axis_off()
    for axis, name in zip(axes.flat, names, strict=False):
        for engine, colour, marker in (("SQLite", "#0072B2", "o"), ("PostgreSQL", "#D55E00", "s")):
            columns = {int(one.split()[1].replace(",", "")): kept[one]["ms"] for one in kept if one.startswith(engine)}
            points = [(size, *columns[size][name]) for size in sorted(columns) if name in columns[size]]
            for nth, (which, dashes, filled) in enumerate((("p50", "--", "white"), ("p95", "-", colour)), start=1):
                style = {"color": colour, "marker": marker, "markersize": 5, "markerfacecolor": filled}
                values = [one[0] for one in points], [one[nth] for one in points]
                axis.plot(*values, dashes, label=f"{engine}, {which}", **style)
        axis.set_xscale("log")
        axis.set_ylim(bottom=0)
        axis.set_title(name, fontsize=9)
        axis.grid(True, alpha=0.3)
    axes.flat[0].legend(fontsize=7, handlelength=4)
    figure.suptitle("Milliseconds over HTTP by the number of documents", fontsize=10)
    _save(figure, folder, "routes")


def _both(mixed: Any) -> float:
    values = [mixed[language].both_at_2 or 0.0 for language in Language if language in mixed]
    return sum(values) / max(len(values), 1)


def _line(axis: Any, rows: list[Row], field: str, colour: str, marker: str) -> None:
    points = [(row.size, row.figures[field]) for row in rows if row.figures is not None]
    if points:
        sizes, values = zip(*points, strict=True)
        floor = [max(value, 0.01) for value in values]
        axis.plot(sizes, floor, color=colour, marker=marker, markersize=5, label=NAMES[rows[0].kind])


def _save(figure: Any, folder: Path, name: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    # No date and fixed ids: the same figures give the same file.
    with mpl.rc_context({"svg.hashsalt": "bench"}):
        figure.savefig(folder / f"{name}.svg", metadata={"Date": None})
    plt.close(figure)
    say(f"written: {folder / name}.svg")
