"""How many of the figures found for a query are about it, and how many of those about it are found.

    python -m bench.figure_queries [--base FOLDER] [-v]

Makes a base of the bundled samples and of the judged documents that ``bench/judged/figure_queries.jsonl`` names, asks
its queries and prints the mean share of figures found that are about the query (``about`` or ``near`` it; one without
any such figure has 1 when nothing is found, else 0) and the mean share of those ``about`` it that were found. Figures
of the samples are not judged and not counted. ``--base`` keeps or takes the base, ``-v`` prints a line a query.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from api.cli.wiring import Wiring
from api.settings import Settings
from bench.output import say
from index.search.figure_finding import FigureFinder
from ingest.sources.sources import find_sources
from kb.records.search import StatisticQuery
from kb.store import Store

ROOT = Path(__file__).parents[1]
JUDGED = ROOT / "bench" / "judged"


@dataclass(frozen=True, slots=True)
class FigureQuery:
    """A query with the sentences (document, sentence) of the figures about it, and of those that may come too."""

    query: str
    about: frozenset[tuple[str, str]]
    near: frozenset[tuple[str, str]]


def main() -> None:
    """Print the two shares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path)
    parser.add_argument("-v", "--verbose", action="store_true")
    options = parser.parse_args()
    queries = _queries()
    judged = {document for one in queries for document, _ in one.about | one.near}
    with tempfile.TemporaryDirectory() as scratch:
        wiring = Wiring(Settings(), options.base or Path(scratch) / "base")
        if not (options.base and options.base.exists()):
            _fill(wiring, judged, Path(scratch))
        store = wiring.store()
        finder = FigureFinder(store, cache(lambda: wiring.searcher(store)))
        scores = [_score(store, finder, judged, one, options.verbose) for one in queries]
    precisions = [precision for precision, _ in scores]
    recalls = [recall for _, recall in scores if recall is not None]
    say(f"{len(queries)} queries: precision {_mean(precisions):.3f}, recall {_mean(recalls):.3f}")


def _queries() -> list[FigureQuery]:
    rows = [json.loads(line) for line in (JUDGED / "figure_queries.jsonl").read_text(encoding="utf-8").splitlines()]
    return [FigureQuery(row["query"], _keys(row["about"]), _keys(row["near"])) for row in rows]


def _keys(pairs: list[list[str]]) -> frozenset[tuple[str, str]]:
    return frozenset((document, _letters(sentence)) for document, sentence in pairs)


def _letters(sentence: str) -> str:
    """A sentence as it may be compared: the letters and digits, whatever the breaks and marks."""
    return "".join(character for character in sentence if character.isalnum())


def _fill(wiring: Wiring, documents: set[str], scratch: Path) -> None:
    pages = [line for path in sorted(JUDGED.glob("pages-*.jsonl")) for line in path.read_text("utf-8").splitlines()]
    kept = scratch / "judged.jsonl"
    kept.write_text("\n".join(line for line in pages if json.loads(line)["id"] in documents), "utf-8")
    wiring.pipeline(create=True).run(find_sources([ROOT / "samples" / "articles", kept]))


def _score(
    store: Store, finder: FigureFinder, judged: set[str], asked: FigureQuery, verbose: bool
) -> tuple[float, float | None]:
    """The precision, and the recall where there is anything to find."""
    names = {document.id: document.source_id for document in store.documents()}
    found = [
        figure for one in finder.find(StatisticQuery(text=asked.query)) for figure in (one.statistic, *one.also_in)
    ]
    homes = store.homes_of(sorted({one.passage_id for one in found}))
    places = {(names[homes[one.passage_id][1]], _letters(one.quote)) for one in found}
    counted = {place for place in places if place[0] in judged}
    right = {place for place in counted if _among(place, asked.about | asked.near)}
    met = {place for place in asked.about if _among(place, counted)}
    precision = len(right) / len(counted) if counted else float(not asked.about)
    recall = len(met) / len(asked.about) if asked.about else None
    if verbose:
        say(f"{precision:.2f} {'-' if recall is None else f'{recall:.2f}'} {len(counted):3} {asked.query}")
        for place in sorted(counted - right):
            say(f"    {place[0]} {place[1][:110]}")
    return precision, recall


def _among(place: tuple[str, str], places: frozenset[tuple[str, str]] | set[tuple[str, str]]) -> bool:
    """Whether the sentence is one of these, or a piece of one, or holds one."""
    document, letters = place
    return any(name == document and (letters in other or other in letters) for name, other in places)


def _mean(shares: list[float]) -> float:
    return sum(shares) / max(1, len(shares))


if __name__ == "__main__":
    main()
