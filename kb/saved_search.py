"""What a saved search is: words and filters under a name, and how far its owner has looked.

Knows neither how passages are found nor who asks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from kb.search import Filters

MAX_NAME = 100


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search to come back to. ``text`` null asks for everything that fulfils the filters.

    ``seen`` is the place in the base's order of addition up to which its hits were looked at; 0 is before all.
    """

    id: str
    name: str
    created: datetime
    text: str | None = None
    filters: Filters = field(default_factory=Filters)
    seen: int = 0
