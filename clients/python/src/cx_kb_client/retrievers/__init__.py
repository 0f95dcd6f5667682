"""Hits of a knowledge base as what LangChain, LlamaIndex and Haystack take; a module each, and its extra."""
