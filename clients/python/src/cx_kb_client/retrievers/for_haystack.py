"""A Haystack component: ``pip install 'cx-kb-client[haystack]'``.

Haystack reads it out of a pipeline's file when ``allowed_modules`` names this module.
"""

from __future__ import annotations

from typing import Any

from haystack import Document, component, default_from_dict, default_to_dict
from haystack.utils import Secret

from cx_kb_client import Client
from cx_kb_client.retrievers.hit_fields import fields_of

_KEY = Secret.from_env_var("KB_KEY", strict=False)


@component
class KnowledgeBaseRetriever:
    """Passages as documents, best first; ``filters`` are those of ``Client.search``. The key comes from ``KB_KEY``."""

    def __init__(
        self,
        url: str = "http://127.0.0.1:8000",
        key: Secret = _KEY,
        limit: int = 10,
        filters: dict[str, Any] | None = None,
    ) -> None:
        self.url = url
        self.key = key
        self.limit = limit
        self.filters = filters or {}
        self._client = Client(url, key.resolve_value())

    @component.output_types(documents=list[Document])
    def run(self, query: str) -> dict[str, list[Document]]:
        """The passages that answer a question, as documents with what is known of their sources."""
        found = self._client.search(query, limit=self.limit, **self.filters)
        return {
            "documents": [
                Document(id=hit.passage.id, content=hit.passage.text, meta=fields_of(hit), score=hit.score)
                for hit in found.hits
            ]
        }

    def to_dict(self) -> dict[str, Any]:
        """As Haystack writes a component into a pipeline's file; Haystack refuses a key given as a token there."""
        written: dict[str, Any] = default_to_dict(
            self, url=self.url, key=self.key.to_dict(), limit=self.limit, filters=self.filters
        )
        return written

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> KnowledgeBaseRetriever:
        """The component of a pipeline's file."""
        given = data["init_parameters"]
        made: KnowledgeBaseRetriever = default_from_dict(
            cls, {**data, "init_parameters": {**given, "key": Secret.from_dict(given["key"])}}
        )
        return made
