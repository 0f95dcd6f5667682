"""Who looks at the page: the language and the theme of the interface, from address, cookie and browser.

The address wins over the cookie, and the cookie over the browser. Knows no templates.
"""

from dataclasses import dataclass

from fastapi import Request, Response

from api.http.problems import language_of
from kb.records.language import Language

_LANGUAGE_COOKIE = "ui"
_THEME_COOKIE = "theme"
_THEMES = ("auto", "light", "dark")
_YEAR = 365 * 24 * 3600
_LANGUAGES = {"es": Language.ES, "en": Language.EN}


@dataclass(frozen=True, slots=True)
class Visitor:
    """The language of the interface and the theme ("auto" follows the system)."""

    language: Language
    theme: str

    @property
    def other_language(self) -> Language:
        """The language the interface can be switched to."""
        return Language.EN if self.language is Language.ES else Language.ES


def visitor_of(request: Request) -> Visitor:
    """The visitor who sent this request; English and "auto" where nothing is said."""
    asked = request.query_params.get("ui") or request.cookies.get(_LANGUAGE_COOKIE)
    language = _LANGUAGES.get(asked or "") or language_of(request)
    theme = request.query_params.get("theme") or request.cookies.get(_THEME_COOKIE) or "auto"
    return Visitor(language, theme if theme in _THEMES else "auto")


def remember(request: Request, response: Response, visitor: Visitor) -> None:
    """Keep in cookies what the address chose."""
    for name, value in ((_LANGUAGE_COOKIE, visitor.language.value), (_THEME_COOKIE, visitor.theme)):
        if name in request.query_params:
            response.set_cookie(name, value, max_age=_YEAR, samesite="lax", path="/")
