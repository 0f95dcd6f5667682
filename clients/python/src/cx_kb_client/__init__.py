"""A client of the HTTP API of a knowledge base: ``Client``, and ``AsyncClient`` to await; errors are ``Problem``."""

from cx_kb_client import models
from cx_kb_client.asking import OMIT, Problem
from cx_kb_client.client import AsyncClient, Client

__all__ = ["OMIT", "AsyncClient", "Client", "Problem", "models"]
