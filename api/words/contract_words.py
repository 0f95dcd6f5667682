"""The words of the contract: an id and a summary for every operation, a description for every parameter and property.

Owns the reading of ``api/data/contract.tsv``, in which ``*`` stands for every schema that has no row of its own. The
contract itself speaks English; its page says in Spanish too what each route does.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from kb.outside.strings import rows_of

_COLUMNS = ("schema", "name", "description", "spanish")


@cache
def contract_words() -> Mapping[tuple[str, str], str]:
    """Schema (or ``operation``, ``tag``, ``parameter``, ``*``) and name to its words."""
    return {(schema, name): text for schema, name, text, _ in rows_of("api", "contract.tsv", *_COLUMNS)}


@cache
def spanish_summaries() -> Mapping[str, str]:
    """What each route does, in Spanish, by its method and path ("GET /v1/search")."""
    rows = rows_of("api", "contract.tsv", *_COLUMNS)
    return {name: spanish for schema, name, _, spanish in rows if schema == "operation"}
