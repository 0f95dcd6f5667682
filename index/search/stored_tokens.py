"""The packed tokens of passages as a base keeps them, looked at before anything is counted by them.

Owns that one which was cut is told, not read. Knows no ranking.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from kb.store.tables import columns


class TokenSource(Protocol):
    """Where the packed tokens of passages come from."""

    def token_blobs(self, keys: Sequence[int]) -> dict[int, bytes]:
        """The bytes that ``encode_passages_with_tokens`` gave for these passages; without any, left out or empty."""
        ...


class WholeTokens:
    """The packed tokens of passages, each looked at as it is read: BaseError for one that is cut."""

    def __init__(self, source: TokenSource, kept: int) -> None:
        self._source = source
        self._kept = kept

    def token_blobs(self, keys: Sequence[int]) -> dict[int, bytes]:
        """The bytes of these passages; without any, left out or empty."""
        found = self._source.token_blobs(keys)
        for key, blob in found.items():
            if len(blob) % self._kept:
                reason = f"are no tokens of {self._kept} bytes"
                raise columns.VECTORS["tokens"].damaged(key, reason)
        return found
