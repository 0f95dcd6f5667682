"""A LlamaIndex retriever: ``pip install 'cx-kb-client[llama-index]'``."""

from __future__ import annotations

from typing import Any

from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from cx_kb_client import Client
from cx_kb_client.retrievers.hit_fields import fields_of


class KnowledgeBaseRetriever(BaseRetriever):
    """Passages as nodes with their scores, best first; ``filters`` are those of ``Client.search``."""

    def __init__(self, client: Client, limit: int = 10, filters: dict[str, Any] | None = None) -> None:
        self._client = client
        self._limit = limit
        self._filters = filters or {}
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = self._client.search(query_bundle.query_str, limit=self._limit, **self._filters)
        return [
            NodeWithScore(
                node=TextNode(id_=hit.passage.id, text=hit.passage.text, metadata=fields_of(hit)), score=hit.score
            )
            for hit in found.hits
        ]
