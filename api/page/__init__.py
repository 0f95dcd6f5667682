"""The bilingual web page: rendered on the server, its state in the address, its facts from the service."""

from api.page.mounting import mount

__all__ = ["mount"]
