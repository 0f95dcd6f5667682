"""The one study that a document is about, such as a press release is: its figures are that study's.

Null where a document names several, or none. Looks at names and their places only.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice

from ingest.studies.attribution import Attribution, read_attributions
from ingest.studies.orgs import same_name
from ingest.studies.tellings import Tellings
from kb.records.document import Document

_LEAD_CHARS = 1600
# A study called new where it is introduced is as old as the document.
_FRESH = re.compile(
    r"\b(?:recientes?|nuev[oa]s?|últim[oa]s?|recent(?:ly)?|new|latest|this year|este año)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class MainStudy:
    """The study a document is about, where it is introduced (-1: headline), whether its date is the document's, and
    whether the whole document tells it: a headline or a sentence introduces it as the news."""

    attribution: Attribution
    start: int
    dated: bool
    whole: bool


def main_study(document: Document, tellings: Tellings) -> MainStudy | None:
    """The one study the document is about; null when there are several or none."""
    strong = [(one, spoken.start) for spoken in tellings.sentences for one in spoken.attributions if one.strong]
    title = read_attributions(document.title, tellings.ordinary) if document.title else []
    leads = [(one, -1) for one in title if one.strong] + [pair for pair in strong if pair[1] < _LEAD_CHARS]
    leads = [pair for pair in leads if not pair[0].printer]
    if not leads:
        return None
    counts = Counter(one.source for one, _ in strong)
    main, start = leads[0]
    own = sum(count for source, count in counts.items() if same_name(source, main.source))
    if own < 0.6 * sum(counts.values()):
        return None
    pointing = (one for one in tellings.sentences if not one.attributions and one.points_back)
    back = sum(1 for _ in islice(pointing, 2))
    if back < 1 and not (start < 0 or main.made):
        return None
    made = start < 0 or any(one.made and same_name(one.source, main.source) for one, _ in strong)
    introduced = next((one.text for one in tellings.sentences if one.start == start), "")
    fresh = back >= 2 and _FRESH.search(introduced) is not None
    return MainStudy(main, start, dated=made or fresh, whole=made or fresh)
