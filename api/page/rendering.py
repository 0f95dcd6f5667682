"""Records to pages: the one template environment, always escaping, and the headers of every page.

Owns Jinja2 and the content policy; refuses to know what a page is about. An undefined name in a
template is an error, so a page is whole or it is not sent.
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from api.http.auth import KEY_COOKIE
from api.page.assets import edition, pack
from api.page.marks import carrying_sentences
from api.page.visitor import Visitor, remember, visitor_of
from api.words import formats
from api.words.wording import InterfaceWording
from kb.numbers import format_statistic
from kb.records.language import Language
from kb.records.topics import SubTopic, Topic

# htmx is told not to add its own style element and not to evaluate text, so no "unsafe-" is needed.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_SUBTOPICS = {subtopic.value: subtopic for subtopic in SubTopic}


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates; every text that is put into one is escaped."""
    made = Environment(
        loader=PackageLoader("api.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(Language=Language, Topic=Topic)
    return made


def is_fragment(request: Request) -> bool:
    """Whether a script asks for the part of the page that changes, not for the whole."""
    return request.headers.get("hx-request") == "true" and request.headers.get("hx-history-restore-request") != "true"


def render(
    request: Request,
    template: str,
    context: dict[str, Any],
    *,
    twin: str | None = None,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """The template with this context as a page; ``twin`` is the address of the same facts as JSON."""
    visitor = visitor_of(request)
    text = environment().get_template(template).render(**_frame(request, visitor), twin=twin, **context)
    response = HTMLResponse(text, status, dict(headers or {}))
    response.headers["Content-Security-Policy"] = POLICY
    # With "no-referrer" browsers would not say which page sent a form, and the gate wants to know.
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Vary"] = "HX-Request, Cookie, Accept-Language, Accept-Encoding"
    response.headers["Cache-Control"] = "private, no-cache"
    remember(request, response, visitor)
    pack(request, response)
    return response


def _frame(request: Request, visitor: Visitor) -> dict[str, Any]:
    """What every template can use: the words, the formats and the addresses of the frame around the page."""
    language = visitor.language
    return {
        "t": InterfaceWording(language),
        "ui": language,
        "other_ui": visitor.other_language,
        "theme": visitor.theme,
        "path": request.url.path,
        "switch_language": _with(request, "ui", visitor.other_language.value),
        "switch_theme": {name: _with(request, "theme", name) for name in ("light", "dark")},
        "edition": edition(),
        "signed_in": KEY_COOKIE in request.cookies,
        "number": lambda value: formats.number(value, language),
        "percent": lambda share: formats.percent(Decimal(f"{share:.3f}"), language),
        "amount": lambda statistic: format_statistic(statistic, language),
        "measured_when": lambda one: formats.measured_when(one, language),
        "day": lambda published: formats.day(published, language),
        "topic_label": lambda topic: topic.label(language),
        "style_label": lambda style: style.label(language),
        "subtopic_label": lambda name: _subtopic_label(name, language),
        "carrying": carrying_sentences,
        "language_name": lambda one: one.facts.name_es if language is Language.ES else one.facts.name_en,
    }


def _subtopic_label(name: str, language: Language) -> str:
    return _SUBTOPICS[name].label(language) if name in _SUBTOPICS else name


def _with(request: Request, name: str, value: str) -> str:
    kept = [(key, text) for key, text in request.query_params.multi_items() if key != name]
    return f"{request.url.path}?{urlencode([*kept, (name, value)])}"
