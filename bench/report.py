"""The figures of a run as Markdown: tables, the ratios that are asked for, and what they were taken on."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from bench.growth import FILTER, Grown, Row
from bench.growth_one import RECALL
from bench.index_kinds import COMPARED, NAMES
from bench.output import machine, table
from bench.peers import Compared, Measured, quantile_ms
from bench.real_vectors import QUANTILES
from kb.records.language import Language

_ASKED_SEARCHABLE, _ASKED_QUERY, _ASKED_ENCODING, _ASKED_COSINE = 8.0, 1 / 3, 3.5, 0.999


def peers_text(compared: Compared) -> str:
    """The page of the comparison."""
    return "\n\n".join(
        [
            "# Ours and the peers",
            f"{machine()} Written by `make bench`.",
            f"Data: {compared.data}, {compared.passages} passages and {compared.questions} questions in Spanish and "
            "English, all systems with the same multilingual-e5-small and the e5 prompts, each in a process of its "
            "own, one after the other. Loading the model is not counted in building; memory is the most that the "
            "process held.",
            "## Speed and memory",
            _speed(compared),
            _http(compared),
            "## Quality",
            _quality(compared),
            "## Ratios",
            _ratios(compared),
            *_notes(compared),
        ]
    )


def growth_text(grown: Grown) -> str:
    """The page of the growth."""
    sizes = sorted({row.size for row in grown.rows})
    parts = [
        "# How vector indexes grow",
        f"{machine()} Written by `make bench`. ![growth](growth.svg)",
        f"{grown.real:,} real vectors ({grown.source}); past them each vector is a real one moved: as far as real ones "
        "stand from their nearest neighbours (the cosine is drawn from that distribution), in a direction mixed of "
        "those in which neighbours lie. Half of each size is Spanish, half English; a query asks both, with "
        f"{grown.questions} real questions. Every kind but Flat ranks its best {COMPARED} by the vectors in SQLite, "
        "and that is in its time. Effort is the cheapest of a ladder that reaches recall@10 "
        f"{RECALL} against comparing all, or the most there is. The filter lets {FILTER:.0%} of the keys through. "
        "Asked at 1,000,000: p95 25 ms, recall@10 .99, both with the filter too, and 700 MB of index.",
    ]
    for size in sizes:
        parts += [f"## {size:,} vectors", _growth_table([row for row in grown.rows if row.size == size])]
    return "\n\n".join([*parts, "## How alike the vectors are to real ones", _likeness(grown)])


def data_of(measured: Compared | Grown) -> dict[str, Any]:
    """The figures for JSON; rankings and single latencies are left out."""
    if isinstance(measured, Grown):
        return asdict(measured)
    systems = [_system_data(one) for one in measured.systems]
    encoding = None if measured.encoding is None else asdict(measured.encoding)
    return {
        "data": measured.data,
        "passages": measured.passages,
        "questions": measured.questions,
        "systems": systems,
        "v1_search_ms": measured.http,
        "encoding": encoding,
    }


def _speed(compared: Compared) -> str:
    head = ["system", "passages/s", "build s", "query p50 ms", "query p95 ms", "cold start s", "memory MB", "cold MB"]
    rows: list[list[object]] = []
    for one in compared.systems:
        if one.result is None:
            rows.append([one.name, f"did not run: {one.reason}", *[None] * 6])
            continue
        result = one.result
        rate = f"{compared.passages / result.build_s:.1f}"
        p50, p95 = quantile_ms(result.query_s, 0.5), quantile_ms(result.query_s, 0.95)
        memory = f"{result.rss_mb:.0f}"
        rows.append([one.name, rate, f"{result.build_s:.1f}", p50, p95, one.cold_s, memory, one.cold_mb])
    return table(head, rows)


def _http(compared: Compared) -> str:
    if compared.http is None:
        return f"`/v1/search` on loopback was not measured: {compared.http_notes}"
    p50, p95 = compared.http
    return f"Ours over HTTP, `/v1/search` on loopback with twenty hits a page: p50 {p50} ms, p95 {p95} ms."


def _quality(compared: Compared) -> str:
    head = [
        "system",
        "hit@1 en / es",
        "both@2 en / es",
        "both@10 en / es",
        "other language in ten en / es",
        "overlap@10",
    ]
    rows: list[list[object]] = []
    for one in compared.systems:
        if one.figures is None:
            rows.append([one.name, *[None] * 5])
            continue
        mixed = one.figures.mixed
        pairs = [
            _pair(mixed, lambda each: each.hit_at_1),
            _pair(mixed, lambda each: each.both_at_2),
            _pair(mixed, lambda each: each.both_at_10),
            _pair(mixed, lambda each: each.other_share),
        ]
        rows.append([one.name, *pairs, _share(one.figures.overlap_at_10)])
    return table(head, rows)


def _pair(mixed: Any, value: Any) -> str:
    found = [_share(value(mixed[language])) if language in mixed else "–" for language in (Language.EN, Language.ES)]
    return " / ".join(found)


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}".replace("0.", ".", 1)


def _ratios(compared: Compared) -> str:
    ours, txtai = compared.systems[0].result, compared.systems[2].result
    rows: list[list[object]] = []
    if ours is not None and txtai is not None:
        searchable = txtai.build_s / ours.build_s
        rows.append(["text to searchable, ours / txtai dense", f"{searchable:.1f} ×", f"{_ASKED_SEARCHABLE:.0f} ×"])
        theirs = quantile_ms(txtai.query_s, 0.5)
        own = quantile_ms(ours.query_s, 0.5)
        rows.append(["search in process p50, ours / txtai dense", f"{own / theirs:.2f}", None])
        if compared.http is not None:
            rows.append(
                ["`/v1/search` p50 / txtai's in-process p50", f"{compared.http[0] / theirs:.2f}", f"{_ASKED_QUERY:.2f}"]
            )
    if compared.encoding is not None:
        one = compared.encoding
        faster = one.ours_a_second / one.plain_a_second
        rates = f"{one.ours_a_second} against {one.plain_a_second} passages/s"
        rows.append(
            ["bulk encoding, ours / sentence-transformers fp32", f"{faster:.2f} × ({rates})", f"{_ASKED_ENCODING} ×"]
        )
        least = f"{one.least_cosine} (mean {one.mean_cosine}, {one.compared} passages)"
        rows.append(["least cosine between the two", least, f"≥ {_ASKED_COSINE}"])
    return table(["measure", "figure", "asked"], rows)


def _notes(compared: Compared) -> list[str]:
    notes = [note for one in compared.systems if one.result is not None for note in one.result.notes if note]
    lines = [f"- Ours ingests texts as documents: {note}." for note in notes]
    if compared.encoding is not None and compared.encoding.longer:
        lines.append(
            f"- {compared.encoding.longer} passages are longer than the model reads at once; sentence-transformers "
            "cuts them off, ours reads them in windows: they are left out of the cosine."
        )
    lines.append(
        "- haiku.rag is not in the table: every release needs Python 3.12 or newer, this project runs on 3.11."
    )
    return ["## Notes", "\n".join(lines)]


def _growth_table(rows: list[Row]) -> str:
    head = [
        "index",
        "build s",
        "index MB",
        "memory MB",
        "p50 ms",
        "p95 ms",
        "recall@10",
        "p50 filtered",
        "p95 filtered",
        "recall@10 filtered",
        "effort",
    ]
    lines: list[list[object]] = []
    for row in rows:
        found = row.figures
        if found is None:
            lines.append([NAMES[row.kind], row.reason, *[None] * 9])
            continue
        effort = found["setting"]
        if found["setting_filtered"] != effort:
            effort += f"; filtered {found['setting_filtered']}"
        fields = (
            "build_s",
            "index_mb",
            "memory_mb",
            "p50_ms",
            "p95_ms",
            "recall",
            "filtered_p50_ms",
            "filtered_p95_ms",
        )
        lines.append([NAMES[row.kind], *(found[field] for field in fields), found["filtered_recall"], effort])
    return table(head, lines)


def _likeness(grown: Grown) -> str:
    head = [
        "vectors",
        "language",
        *(f"real, {share:.0%}" for share in QUANTILES),
        *(f"here, {share:.0%}" for share in QUANTILES),
    ]
    rows: list[list[object]] = [
        [f"{size:,}", code, *one.real, *one.made] for size, by in grown.likeness.items() for code, one in by.items()
    ]
    return f"Quantiles of the cosine between a centred vector and its nearest neighbour.\n\n{table(head, rows)}"


def _system_data(one: Measured) -> dict[str, Any]:
    if one.result is None:
        return {"name": one.name, "reason": one.reason}
    result = one.result
    return {
        "name": one.name,
        "load_s": round(result.load_s, 2),
        "build_s": round(result.build_s, 2),
        "query_p50_ms": quantile_ms(result.query_s, 0.5),
        "query_p95_ms": quantile_ms(result.query_s, 0.95),
        "memory_mb": round(result.rss_mb),
        "children_mb": round(result.children_mb),
        "cold_s": one.cold_s,
        "cold_mb": one.cold_mb,
        "quality": None
        if one.figures is None
        else {
            **{language.value: asdict(each) for language, each in one.figures.mixed.items()},
            "overlap_at_10": one.figures.overlap_at_10,
            "peer": one.figures.peer,
        },
    }
