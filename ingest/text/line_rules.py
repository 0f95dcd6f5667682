"""Furniture that one block betrays by its own words, in Spanish and English.

Owns the patterns and the name of the rule each stands for. Every pattern is anchored, bounded and
limited in length, and stands here because it took furniture and no text on pages that it was not written for
(docs/evaluate.md). A block with a figure, or a sentence that says something, is never taken.
Refuses to know what stands before or after.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.records.prose import is_prose


@dataclass(frozen=True, slots=True)
class LineRule:
    """A rule: its name in the ledger, the pattern a whole block must match, and how long the block may be.

    ``fixed`` rules spell out the whole line, its numbers too ("3 comments", "© 2024"); any other takes no block that
    holds a digit or reads as a sentence.
    """

    name: str
    pattern: re.Pattern[str]
    max_chars: int
    fixed: bool = False

    def takes(self, line: str) -> bool:
        """Whether the rule takes a block, given on one line."""
        if len(line) > self.max_chars or not self.pattern.match(line):
            return False
        return self.fixed or not (is_prose(line) or any(map(str.isdigit, line)))


def _rule(name: str, max_chars: int, *alternatives: str) -> LineRule:
    return LineRule(name, re.compile(rf"(?:{'|'.join(alternatives)})$", re.I), max_chars)


def _fixed(name: str, max_chars: int, *alternatives: str) -> LineRule:
    return LineRule(name, re.compile(rf"(?:{'|'.join(alternatives)})$", re.I), max_chars, fixed=True)


_NETWORK = (
    r"(?:facebook|twitter|x|linkedin|instagram|whatsapp|youtube|pinterest|tiktok|telegram|google\s?\+|e-?mail|"
    r"correo|reddit|tumblr|print|imprimir|rss|copiar enlace|copy link)"
)
_REST = r".{0,400}"

LINE_RULES = (
    _rule(
        "photo_credit",
        200,
        rf"[\[(]?(?:photos?|fotos?|fotograf[íi]as?|im[áa]gen(?:es)?|images?|pictures?|ilustraci[óo]n|"
        rf"illustration|picture|cover image|imagen de portada)(?:\s(?:credits?|courtesy))?\s?(?:by|:|"
        rf"de:|por|credits?|courtesy of|cortes[íi]a de|©|via|v[íi]a)\s{_REST}",
        r"(?:photo|image|imagen|foto)\s(?:de|from|via|by)\s.{2,60}\s(?:on|en|v[íi]a|via|from|/)\s(?:unsplash|"
        r"pixabay|pexels|freepik|flickr|shutterstock|getty|istock).{0,60}",
        rf"(?:cr[ée]ditos?|credits?)(?:\s(?:de\s(?:la\s)?)?(?:photo|foto|imagen|image|fotograf[íi]a))?\s?:\s{_REST}",
        r"\(?(?:c\)|©)\s?(?:imagen|foto|image|photo)\b.{0,200}",
        r".{2,60}(?:/|,\s)(?:istock|thinkstock|shutterstock|getty images|unsplash|pixabay|freepik|"
        r"pexels)(?:(?:/|,\s?).{2,30})?\.?",
    ),
    _rule(
        "comments",
        140,
        r"(?:deja|dejar|escribe|escribir|a[ñn]ade|agrega|publica(?:r)?)\s(?:un|tu|una|su)\s(?:comentario|"
        r"respuesta|opini[óo]n)(?:\s.{0,60})?",
        r"(?:leave|post|add|write)\s(?:a|your)\s(?:comment|reply|response)(?:\s.{0,60})?",
    ),
    _fixed(
        "comments",
        120,
        r"(?:\d{1,4}|no|sin|ning[úu]n)\s(?:comentarios?|comments?)(?:\syet)?\.?",
        r"(?:comentarios|comments)\s?\(\d{1,4}\)\s?:?",
        r"(?:responder|reply|comentar)(?:\s?\(\d{1,4}\))?\s?:?",
        r"(?:comentarios|comments)\s(?:cerrados|closed|desactivados|are closed)\.?",
        r"(?:please enable javascript to view the )?comments powered by disqus\.?",
        r"(?:tu|su) (?:direcci[óo]n de )?correo electr[óo]nico no (?:ser[áa] publicad[oa]|se publicar[áa])\.?",
        r"your e-?mail address will not be published\.?(?:\srequired fields are marked.{0,4})?",
        r"(?:publicar|enviar|post|submit) (?:el |un )?comment?(?:ario)?",
    ),
    _rule(
        "share_bar",
        160,
        rf"(?:comp[áa]rte(?:lo|r|la)?|share)(?:\s(?:this|esto|este|esta|en|on|via|por|it|con|with|la|the|el|"
        rf"art[íi]culo|noticia|entrada|post|article|story|page|tus|tu|redes|sociales|amigos|"
        rf"friends))*\s?:?(?:\s?[|,·/]?\s?{_NETWORK}){{0,10}}",
        rf"{_NETWORK}(?:\s?[|,·/]?\s?{_NETWORK}){{1,10}}",
        r"tweet(?:ear)?|twittear|me gusta|like this:?|(?:like|pin it|whatsapp|facebook|linkedin|google\+)",
    ),
    _rule(
        "newsletter",
        220,
        rf"(?:suscr[íi]bete|suscr[íi]base|subscribe|sign up|reg[íi]strate|ap[úu]ntate|inscr[íi]bete)"
        rf"(?:\s(?:a|al|to|for|now|today|here|ahora|hoy|aqu[íi]|gratis|free|para|en|with|con|by)\b{_REST})?",
        rf"(?:recibe|reciba|get|receive)\s.{{0,80}}(?:newsletter|bolet[íi]n|inbox|bandeja de entrada|correo|"
        rf"e-?mail){_REST}",
        r"(?:join (?:our|the)|[úu]nete a nuestr[oa]|our|nuestr[oa])\s(?:weekly |monthly )?"
        r"(?:newsletter|bolet[íi]n|mailing list)",
        r"newsletter|bolet[íi]n(?: de noticias| informativo)?",
    ),
    _rule(
        "previous_next",
        120,
        r"[«‹<←\s]*(?:anterior|siguiente|previous|next|prev|volver|back|atr[áa]s)(?:\s(?:post|article|"
        r"art[íi]culo|entrada|publicaci[óo]n|page|p[áa]gina|story|noticia))?[»›>→:\s]*",
        r"(?:entrada|publicaci[óo]n|art[íi]culo|post|p[áa]gina|noticia)s?\s(?:anterior|siguiente|"
        r"m[áa]s antiguas?|m[áa]s recientes?)(?:es)?\s?:?.{0,80}",
        r"(?:previous|next|older|newer) (?:post|article|entry|entries|page|story)s?\s?:?.{0,80}",
        r"[«‹←]\s.{2,110}|.{2,110}\s[»›→]",
        r"(?:volver|back|ir|return) (?:a|al|to)(?: la| the)? (?:inicio|blog|home|top|listado|"
        r"p[áa]gina principal|arriba|index)",
    ),
    _rule(
        "read_more",
        200,
        r"(?:leer|lee|read|seguir leyendo|continue reading|continuar leyendo|saber|learn|see|ver)\s?(?:m[áa]s|"
        r"more|the full (?:story|article)|el art[íi]culo completo)?\s?(?:\.{3}|…|»|→|>)",
        r"(?:leer|read|ver|see|saber|conoce|learn) (?:m[áa]s|more|todo|all)|seguir leyendo|continue reading|"
        r"continuar leyendo",
        r"(?:lee|leer|lea|read|mira|ver|vea|te puede interesar|tambi[ée]n te puede interesar|te recomendamos|"
        r"see|related|relacionad[oa]s?|m[áa]s informaci[óo]n en|recomendad[oa])(?:\s(?:tambi[ée]n|also|"
        r"adem[áa]s|next|more))?\s?:\s.{3,180}",
    ),
    _rule(
        "follow_us",
        260,
        rf"(?:s[íi]gue(?:nos|me)|follow (?:us|me)|find us|encu[ée]ntranos|con[ée]ctate|[úu]nete|join us|"
        rf"like us)\b.{{0,180}}\b{_NETWORK}\b.{{0,80}}",
        r"(?:s[íi]guenos|follow us|s[íi]guenos en redes(?: sociales)?|redes sociales|social media links):?",
    ),
    _fixed("bare_address", 500, r"https?://\S+", r"www\.\S+\.\S+"),
    _fixed(
        "legal_footer",
        260,
        r"(?:©|\(c\)|copyright)\s?(?:©\s)?(?:[^.!?%]{0,60}\s)?(?:19|20)\d\d\b[^!?%]{0,180}",
        r"(?:©|\(c\)|copyright)\s[^.!?%\d]{2,80}\.?",
        r"[^.!?%]{0,80}\b(?:all rights reserved|todos los derechos reservados|derechos reservados)\b[^!?%]{0,80}",
    ),
    _rule(
        "legal_footer",
        260,
        r"(?:powered by|published with|built with|theme by)\s.{0,80}",
        r"(?:aviso legal|pol[íi]tica de privacidad|privacy policy|terms(?: of (?:use|service)| (?:and|"
        r"&) conditions)|t[ée]rminos y condiciones|legal notice|contacto|contact(?: us)?|sitemap|"
        r"mapa del sitio|sobre nosotros|about us)(?:\s?[|·/-]\s?.{0,120})?",
    ),
    _rule(
        "skip_link",
        60,
        r"(?:ir|saltar|skip|jump) (?:al|a|to)(?: la| the)? (?:contenido|content|navegaci[óo]n|navigation|"
        r"main)(?: principal| content)?",
        r"(?:mostrar|ocultar|toggle|abrir|cerrar|open|close|show|hide) (?:la )?(?:navegaci[óo]n|navigation|"
        r"men[úu]|menu|search|b[úu]squeda)",
        r"men[úu]|menu|buscar|search|search for:|buscar:|iniciar sesi[óo]n|log ?in|sign in|inicio|home|canal rss|rss",
    ),
    _rule("lone_marks", 60, r"[\W_]+"),
)


def line_rule(text: str) -> str | None:
    """The name of the first rule that the whole block matches, or null."""
    flat = " ".join(text.split())
    return next((rule.name for rule in LINE_RULES if rule.takes(flat)), None)
