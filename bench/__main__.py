"""Every comparison in one command: python -m bench [all|peers|growth] [--sizes 1000,10000] [--out docs/bench]

``peers`` sets us beside plain sentence-transformers with FAISS and txtai; ``growth`` takes the kinds of vector index to
a million. Tables (Markdown and JSON) and plots (SVG) are written as soon as each part is done.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from bench import growth, peers, plots, report
from bench.conversion import CACHE, ensure_folder
from bench.corpora import ROOT, every_text
from bench.index_kinds import NAMES
from bench.output import say, write
from bench.real_vectors import read_or_encode
from index.model import bundled
from index.model.loading import load_encoder


def main(argv: list[str]) -> int:
    """Run what is asked, write what was measured."""
    asked = _arguments().parse_args(argv)
    started = time.perf_counter()
    if asked.part in ("all", "peers"):
        _peers(asked)
    if asked.part in ("all", "growth"):
        _growth(asked)
    say(f"done in {(time.perf_counter() - started) / 60:.1f} minutes")
    return 0


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("part", nargs="?", choices=("all", "peers", "growth"), default="all")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "bench", help="where tables and plots go")
    parser.add_argument("--cache", type=Path, default=CACHE, help="where the model and real vectors are kept")
    parser.add_argument("--peers", default=str(ROOT / ".venv-peers" / "bin" / "python"), help="the peers' Python")
    parser.add_argument("--questions", type=int, default=300, help="pairs of questions for the peers")
    parser.add_argument("--sizes", type=_sizes, default=growth.SIZES, help="numbers of vectors, with commas")
    parser.add_argument("--kinds", type=_kinds, default=tuple(NAMES), help=f"of {', '.join(NAMES)}, with commas")
    return parser


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(int(each.replace("_", "")) for each in text.split(","))


def _kinds(text: str) -> tuple[str, ...]:
    chosen = tuple(text.split(","))
    unknown = [each for each in chosen if each not in NAMES]
    if unknown:
        raise argparse.ArgumentTypeError(f"no kind is called {unknown[0]!r}")
    return chosen


def _peers(asked: argparse.Namespace) -> None:
    say("peers: the model, the passages and the questions are the same for all")
    model = ensure_folder(asked.cache, lambda what, share: None)
    compared = peers.measure(model, asked.peers, asked.questions)
    text = report.peers_text(compared)
    say("\n" + text + "\n")
    write(asked.out, "peers", text, report.data_of(compared))
    plots.draw_peers(compared, asked.out)


def _growth(asked: argparse.Namespace) -> None:
    say("growth: reading the real vectors; the first time they are encoded, about two minutes")
    real = read_or_encode(every_text(), load_encoder(bundled.NAME), asked.cache)
    grown = growth.measure(real, asked.sizes, asked.kinds)
    text = report.growth_text(grown)
    say("\n" + text + "\n")
    write(asked.out, "growth", text, report.data_of(grown))
    plots.draw_growth(grown, asked.out)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
