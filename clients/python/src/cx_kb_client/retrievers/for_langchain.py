"""A LangChain retriever: ``pip install 'cx-kb-client[langchain]'``."""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForRetrieverRun, CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field

from cx_kb_client import AsyncClient, Client, models
from cx_kb_client.retrievers.hit_fields import fields_of


class KnowledgeBaseRetriever(BaseRetriever):
    """Passages as documents, best first; ``filters`` are those of ``Client.search``. Without ``waiting`` an
    asynchronous call runs the plain client in a thread."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    client: Client
    waiting: AsyncClient | None = None
    limit: int = 10
    filters: dict[str, Any] = Field(default_factory=dict)

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return _documents(self.client.search(query, limit=self.limit, **self.filters))

    async def _aget_relevant_documents(
        self, query: str, *, run_manager: AsyncCallbackManagerForRetrieverRun
    ) -> list[Document]:
        if self.waiting is None:
            return await super()._aget_relevant_documents(query, run_manager=run_manager)  # type: ignore[no-any-return]
        return _documents(await self.waiting.search(query, limit=self.limit, **self.filters))


def _documents(found: models.SearchResponse) -> list[Document]:
    return [Document(id=hit.passage.id, page_content=hit.passage.text, metadata=fields_of(hit)) for hit in found.hits]
