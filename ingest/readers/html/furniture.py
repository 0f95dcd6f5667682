"""What the markup of a page says is not its text: menus, boxes, bars, comments.

Owns the tags, roles and class words of furniture and the rule each stands for. Refuses to read words
of the text itself: that is cleaning's.
"""

from __future__ import annotations

import re
from itertools import pairwise

from lxml import etree

_TAGS = {
    "nav": "navigation",
    "aside": "aside",
    "footer": "footer",
    "form": "form",
    "dialog": "dialog",
    "address": "address",
}
_ROLES = {
    "navigation": "navigation",
    "banner": "site_header",
    "contentinfo": "footer",
    "complementary": "aside",
    "search": "form",
    "dialog": "dialog",
    "alertdialog": "dialog",
    "menu": "navigation",
    "menubar": "navigation",
    "tablist": "navigation",
}
_CLASS_WORDS = {
    "cookie_notice": "cookie cookies consent gdpr onetrust cookiebar cookieconsent avisocookies",
    "newsletter": "newsletter subscribe subscription suscripcion suscribete signup mailchimp mailinglist boletin optin",
    "share_bar": "share sharing shares social socials compartir sharedaddy addtoany addthis shareaholic sharebar",
    "comments": "comments comment respond disqus comentarios comentario commentlist commentform replies",
    "breadcrumb": "breadcrumb breadcrumbs migas crumbs yoastbreadcrumb",
    "teasers": "related recommended recomendados relacionados relacionadas relatedposts morefrom teaser teasers "
    "readnext "
    "recirculation outbrain taboola readmore leermas trending mostread popular",
    "navigation": "nav navbar navigation menu submenu sidebar toc widget widgets skip",
    "pagination": "pagination pager prevnext postnav postnavigation nextprev",
    "byline": "byline postmeta entrymeta articlemeta dateline authorbox authorbio metadata postinfo",
    "tags": "tags taglist posttags tagcloud",
    "advertisement": "ad ads advert advertisement adsense publicidad sponsored banner promo",
    "photo_credit": "credit photocredit imagecredit",
    "dialog": "modal popup lightbox overlay",
    "hidden_text": "sronly visuallyhidden screenreadertext",
    "footer": "footer sitefooter pagefooter copyright",
}
_RULE_OF = {word: rule for rule, words in _CLASS_WORDS.items() for word in words.split()}
_WORD = re.compile(r"[A-Za-z][a-z0-9]*|[0-9]+")
_NEVER = frozenset({"html", "body", "main", "article", "h1", "p", "li", "td", "th", "tr", "tbody"})
# An element with more than this share of the page's characters holds the article, whatever its class says.
_MAX_SHARE = 0.5


def furniture_of(element: etree._Element, tag: str, total_chars: int) -> str | None:
    """The rule by which an element's own tag, role or class marks it as furniture, or null."""
    rule = _TAGS.get(tag) or _ROLES.get(element.get("role", "").lower())
    if tag in ("html", "body", "main", "article"):
        return None
    if rule is None and tag == "header":
        rule = _header_rule(element)
    rule = rule or ("hidden" if element.get("hidden") is not None else None)
    rule = rule or (None if tag in _NEVER else _class_rule(element))
    if rule and _chars(element) <= _MAX_SHARE * total_chars:
        return None if _holds_title(element, tag) or (rule == "byline" and _holds_prose(element)) else rule
    return None


def _holds_title(element: etree._Element, tag: str) -> bool:
    return tag not in _TAGS and element.find(".//h1") is not None


def _header_rule(element: etree._Element) -> str | None:
    """A header outside the article belongs to the site; one with the page's title does not."""
    inside = any(parent.tag in ("article", "main", "section") for parent in element.iterancestors())
    return None if inside or element.find(".//h1") is not None else "site_header"


def _class_rule(element: etree._Element) -> str | None:
    for value in (element.get("class"), element.get("id")):
        for name in (value or "").split()[:12]:
            words = [word.lower() for word in _WORD.findall(name[:80])]
            rule = _RULE_OF.get("".join(words)) or _last_word_rule(words)
            if rule:
                return rule
    return None


def _last_word_rule(words: list[str]) -> str | None:
    """The rule of a compound class: "post-share" and "share-buttons", but not "comments-open" or "has-sidebar"."""
    if not words or words[0] in _STATES:
        return None
    pairs = ("".join(pair) for pair in pairwise(words))
    tail = words[-1] if words[-1] not in ("open", "closed") else ""
    candidates = (*pairs, tail, words[0] if words[-1] in _PARTS else "")
    return next((_RULE_OF[word] for word in candidates if word in _RULE_OF), None)


# Openings that describe a state ("comments-open", "has-sidebar") or name a page builder ("elementor-widget").
_STATES = frozenset(("has", "with", "no", "is", "page", "single", "without", "elementor", "wp", "et", "vc"))
_PARTS_NAMES = (
    "buttons button bar box list links icons icon wrapper wrap container section area form block widget items "
    "item inner panel group content title header holder footer body text banner notice popup col row"
)
_PARTS = frozenset(_PARTS_NAMES.split())


def _chars(element: etree._Element) -> int:
    return sum(len(text) for text in element.itertext())


def _holds_prose(element: etree._Element) -> bool:
    """Whether a line classed as a byline is in fact a sentence, such as a standfirst."""
    text = " ".join(" ".join(map(str, element.itertext())).split())
    return len(text.split()) >= 8 and text.endswith((".", "?", "!"))
