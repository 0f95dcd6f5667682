"""How near sentences must be for "check my draft": judges 92 claims about the samples under every pair of limits.

    python -m bench.draft_limits [--base FOLDER]

The claims (tests/cases/draft_claims.json) are our own, 46 in each language: supported in other words, half of them by a
source in the other language; with a changed number; about other matters, near and far, with numbers that do stand in
the samples; and with another hedge. Without ``--base`` the samples are ingested first. Prints what the limits of the
program give, a table of the others, and the claims that are judged wrongly. A wrong verdict is worse than none: pairs
are ranked by false verdicts first (supported or contradicted where the truth is another), then by right ones.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

from api.cli.wiring import Wiring
from api.service.draft_check import NEAREST, DraftVerdict, Nearness, judged
from api.service.knowledge_base import KnowledgeBase, NearPassage
from api.settings import Settings
from ingest.sources.sources import find_sources
from kb.records.statistic import Statistic

ROOT = Path(__file__).parents[1]
CLAIMS = ROOT / "tests" / "cases" / "draft_claims.json"
MATTER = [round(0.26 + 0.02 * step, 2) for step in range(11)]
CLAIM = [round(0.31 + 0.03 * step, 2) for step in range(10)]


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim, what is true of it, its figure (null: not read as one) and the hits nearest to its sentence."""

    language: str
    text: str
    truth: DraftVerdict
    figure: Statistic | None
    hits: tuple[NearPassage, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """Of how many claims the verdict is right, and of how many it is false rather than missing."""

    right: int
    false: int


def claims_of(base: KnowledgeBase) -> list[Claim]:
    """The claims, read and searched once."""
    made = []
    for row in json.loads(CLAIMS.read_text(encoding="utf-8")):
        found = [one for one in base.analyze("claim", row["text"], None).statistics if row["figure"] in one.raw]
        figure = found[0] if found else None
        hits = tuple(base.near_passages(figure.quote, NEAREST)) if figure else ()
        made.append(Claim(row["language"], row["text"], DraftVerdict(row["finding"]), figure, hits))
    return made


def verdict(base: KnowledgeBase, claim: Claim, limits: Nearness) -> DraftVerdict:
    """What the program says of a claim under these limits."""
    return DraftVerdict.NOT_FOUND if claim.figure is None else judged(base, claim.figure, claim.hits, limits).finding


def score(base: KnowledgeBase, claims: list[Claim], limits: Nearness) -> Score:
    """How the verdicts of all claims are."""
    pairs = [(verdict(base, claim, limits), claim.truth) for claim in claims]
    right = sum(said is truth for said, truth in pairs)
    return Score(right, sum(said is not truth and said is not DraftVerdict.NOT_FOUND for said, truth in pairs))


def report(base: KnowledgeBase) -> list[str]:
    """The lines to print."""
    claims = claims_of(base)
    scores = {
        Nearness(matter, claim): score(base, claims, Nearness(matter, claim)) for matter in MATTER for claim in CLAIM
    }
    ranked = sorted(scores, key=lambda limits: (scores[limits].false, -scores[limits].right))
    lines = [f"{'matter':>6} {'claim':>6} {'right':>6} {'false':>6}   of {len(claims)}"]
    for limits in (Nearness(), *ranked[:12], *ranked[-3:]):
        found = scores.get(limits) or score(base, claims, limits)
        set_here = "   as set" if limits == Nearness() else ""
        lines.append(f"{limits.same_matter:6.2f} {limits.same_claim:6.2f} {found.right:6} {found.false:6}{set_here}")
    for language in ("es", "en"):
        for truth in DraftVerdict:
            own = [one for one in claims if one.language == language and one.truth is truth]
            right = sum(verdict(base, one, Nearness()) is truth for one in own)
            lines.append(f"{language} {truth.value:12} {right} of {len(own)}")
    for one in claims:
        said = verdict(base, one, Nearness())
        if said is not one.truth:
            near = max((score for hit in one.hits for score in hit.scores), default=0.0)
            lines.append(f"{one.truth.value} judged {said.value} (nearest {near:.2f}): {one.text}")
    return lines


def main() -> None:
    """Make or open the base, and print the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        wiring = Wiring(Settings(), asked.base or Path(folder) / "base")
        if asked.base is None:
            articles = sorted((ROOT / "samples" / "articles").iterdir())
            wiring.pipeline(create=True).run(find_sources(articles))
        print("\n".join(report(wiring.knowledge_base())))  # noqa: T201


if __name__ == "__main__":
    main()
