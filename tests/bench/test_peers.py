"""The page and the picture of the comparison, from figures that are known."""

import json
from pathlib import Path

from bench.output import write
from bench.peer_task import Result
from bench.peers import Compared, Encoding, Measured
from bench.plots import draw_peers
from bench.report import data_of, peers_text
from index.evaluate.measures import Figures, MixedFigures
from kb.records.language import Language

MIXED = MixedFigures(2, 0.5, 0.25, 1.0, 1.0, 0.75, None, 0.48)
FIGURES = Figures({Language.ES: MIXED, Language.EN: MIXED}, {}, 0.8, None)


def ran(name: str, build_s: float, query_s: float) -> Measured:
    result = Result(1.0, build_s, None, [query_s, query_s], {}, 512.4, 0.0, ["10 added"] if name == "ours" else [])
    return Measured(name, result, FIGURES, 1.25, 300)


COMPARED = Compared(
    "set",
    10,
    4,
    (
        ran("ours", 2.0, 0.005),
        Measured("sentence-transformers + FAISS flat", None, None, None, None, "No module named 'faiss'"),
        ran("txtai dense", 10.0, 0.02),
    ),
    (6.0, 9.0),
    "",
    Encoding(70.0, 20.0, 9, 1, 0.99951, 0.9999),
)


def test_the_page_has_rows_ratios_and_reasons() -> None:
    lines = peers_text(COMPARED).splitlines()

    for line in (
        "| ours | 5.0 | 2.0 | 5.0 | 5.0 | 1.25 | 512 | 300 |",
        "| sentence-transformers + FAISS flat | did not run: No module named 'faiss' | – | – | – | – | – | – |",
        "Ours over HTTP, `/v1/search` on loopback with twenty hits a page: p50 6.0 ms, p95 9.0 ms.",
        "| txtai dense | .500 / .500 | .750 / .750 | – / – | .480 / .480 | .800 |",
        "| text to searchable, ours / txtai dense | 5.0 × | 8 × |",
        "| `/v1/search` p50 / txtai's in-process p50 | 0.30 | 0.33 |",
        "| bulk encoding, ours / sentence-transformers fp32 | 3.50 × (70.0 against 20.0 passages/s) | 3.5 × |",
        "| least cosine between the two | 0.99951 (mean 0.9999, 9 passages) | ≥ 0.999 |",
        "- Ours ingests texts as documents: 10 added.",
    ):
        assert line in lines


def test_the_figures_are_written_as_json_and_drawn(tmp_path: Path) -> None:
    write(tmp_path, "peers", peers_text(COMPARED), data_of(COMPARED))
    draw_peers(COMPARED, tmp_path)

    kept = json.loads((tmp_path / "peers.json").read_text(encoding="utf-8"))
    assert kept["systems"][1] == {
        "name": "sentence-transformers + FAISS flat",
        "reason": "No module named 'faiss'",
    }
    assert kept["v1_search_ms"] == [6.0, 9.0]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["peers.json", "peers.md", "peers.svg"]
