"""An example request in Spanish and one in English for every route: shown in the OpenAPI document, run by the tests.

Ids of documents are those of the bundled samples; ids of passages, statistics and jobs only show the form.
"""

import json
from dataclasses import dataclass, field
from importlib import resources
from typing import Any
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class ExampleRequest:
    """A request: what fills the path, the query string, and the JSON body (null for none)."""

    path: dict[str, str] = field(default_factory=dict)
    query: dict[str, str | int | float | bool] = field(default_factory=dict)
    body: Any = None


def _read() -> dict[tuple[str, str], dict[str, ExampleRequest]]:
    """The requests of ``api/data/examples.json`` by method and path, one a language; "both" stands for either."""
    rows = json.loads(resources.files("api").joinpath("data", "examples.json").read_text(encoding="utf-8"))
    examples = {}
    for route, pair in rows.items():
        method, _, path = route.partition(" ")
        given = {language: pair.get(language, pair.get("both", {})) for language in ("es", "en")}
        examples[method.lower(), path] = {language: ExampleRequest(**one) for language, one in given.items()}
    return examples


EXAMPLES = _read()


def curl(method: str, path: str, request: ExampleRequest) -> str:
    """The request as a curl command for a shell."""
    asked = f"?{urlencode(request.query)}" if request.query else ""
    address = f"http://127.0.0.1:8000{path.format_map(request.path)}{asked}"
    parts = ["curl", *([] if method == "get" else ["-X", method.upper()]), f"'{address}'"]
    if request.body is not None:
        body = json.dumps(request.body, ensure_ascii=False).replace("'", "’")
        parts += ["-H 'Content-Type: application/json'", f"-d '{body}'"]
    return " ".join(parts)
