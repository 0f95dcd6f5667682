"""A typed client of the HTTP API: the records of ``kb``, iterators over cursors, retries."""

from api.client.calls import ApiProblem, Client

__all__ = ["ApiProblem", "Client"]
