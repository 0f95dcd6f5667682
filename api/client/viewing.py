"""The part of the client that gives as records what the page shows: coverage, a basket, the judgements of a draft.

The records are the page's own; they are loaded when they are first asked for, for they bring the page with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from api.client.sending import RequestSender, read_as

if TYPE_CHECKING:
    from api.files.dossier import DossierEntry
    from api.service.coverage import CoverageCell
    from api.service.draft_check import CheckedDraft


class Viewing:
    """Methods of ``Client``; what sends is handed in."""

    _sender: RequestSender

    def coverage(self) -> tuple[CoverageCell, ...]:
        """Passages by topic, language and year, the gaps too."""
        from api.service.coverage import CoverageCell

        return read_as(tuple[CoverageCell, ...], self._sender.send("GET", "/v1/coverage"))

    def basket(self, places: Mapping[str, str]) -> tuple[DossierEntry, ...]:
        """The quote and citation of each place ("p0123456789abcdef:10-90"), which is given with its note or ""."""
        from api.files.dossier import DossierEntry

        asked = {"item": list(places), "note": list(places.values())}
        return read_as(tuple[DossierEntry, ...], self._sender.send("GET", "/v1/basket", params=asked))

    def check_draft(self, text: str) -> CheckedDraft:
        """Each figure of a text judged against the statistics of the base."""
        from api.service.draft_check import CheckedDraft

        return read_as(CheckedDraft, self._sender.send("POST", "/v1/drafts", json={"text": text}))
