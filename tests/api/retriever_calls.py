"""The retrievers in their own frameworks, on a server with the small corpus: ``python retriever_calls.py URL KEY``
in an environment with the three and without the product; prints what each found.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import Any

from cx_kb_client import AsyncClient, Client
from cx_kb_client.retrievers import for_haystack, for_langchain, for_llama_index

QUESTION = "customer effort"
ASKED: dict[str, Any] = {"limit": 2, "filters": {"language": ["en", "es"]}}


def langchain(url: str, key: str) -> list[list[str]]:
    """Invoked plainly and awaited, in a chain of its own language."""
    from langchain_core.runnables import RunnableLambda

    async def awaited() -> Any:
        async with AsyncClient(url, key) as waiting:
            return await for_langchain.KnowledgeBaseRetriever(client=client, waiting=waiting, **ASKED).ainvoke(QUESTION)

    with Client(url, key) as client:
        retriever = for_langchain.KnowledgeBaseRetriever(client=client, **ASKED)
        chain = retriever | RunnableLambda(lambda documents: documents)
        found = [chain.invoke(QUESTION), asyncio.run(awaited()), asyncio.run(retriever.ainvoke(QUESTION))]
    return [[one.metadata["passage_id"], one.page_content, one.metadata["title"]] for some in found for one in some]


def llama_index(url: str, key: str) -> list[list[str]]:
    """Retrieved as a query engine does."""
    with Client(url, key) as client:
        found = for_llama_index.KnowledgeBaseRetriever(client, **ASKED).retrieve(QUESTION)
    return [[one.node.node_id, one.node.get_content(), one.node.metadata["title"]] for one in found]


def haystack(url: str, key: str) -> list[list[str]]:
    """In a pipeline that was written to text and read back; the key is not in the text."""
    from haystack import Pipeline

    os.environ["KB_KEY"] = key
    pipeline = Pipeline()
    pipeline.add_component("base", for_haystack.KnowledgeBaseRetriever(url, **ASKED))
    written = pipeline.dumps()
    if key in written:
        raise AssertionError(written)
    again = Pipeline.loads(written, allowed_modules=[for_haystack.__name__]).run({"base": {"query": QUESTION}})
    return [[one.id, one.content, one.meta["title"]] for one in again["base"]["documents"]]


if __name__ == "__main__":
    made = {one.__name__: one(*sys.argv[1:3]) for one in (langchain, llama_index, haystack)}
    sys.stdout.write(json.dumps(made))
