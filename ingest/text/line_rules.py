"""Furniture that one block betrays by its own words, in Spanish and English.

Owns the patterns and the name of the rule each stands for. Every pattern is anchored, bounded and
limited in length: a sentence of an article that only mentions a cookie or a comment must stay.
Refuses to know what stands before or after.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LineRule:
    """A rule: its name in the ledger, the pattern a whole block must match, and how long the block may be."""

    name: str
    pattern: re.Pattern[str]
    max_chars: int


def _rule(name: str, max_chars: int, *alternatives: str) -> LineRule:
    return LineRule(name, re.compile(rf"(?:{'|'.join(alternatives)})$", re.I), max_chars)


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
        rf"illustration|picture|cover image|imagen de portada)(?:\s(?:credits?|courtesy|source))?\s?(?:by|:|"
        rf"de:|por|source|credits?|courtesy of|cortes[íi]a de|©|via|v[íi]a)\s{_REST}",
        r"(?:photo|image|imagen|foto)\s(?:de|from|via|by)\s.{2,60}\s(?:on|en|v[íi]a|via|from|/)\s(?:unsplash|"
        r"pixabay|pexels|freepik|flickr|shutterstock|getty|istock).{0,60}",
        rf"(?:cr[ée]ditos?|credits?)(?:\s(?:de\s(?:la\s)?)?(?:photo|foto|imagen|image|fotograf[íi]a))?\s?:\s{_REST}",
        rf"(?:fuente|source)(?:s)?\s(?:de\s(?:la\s)?|of\s(?:the\s)?)?(?:foto|imagen|photo|image)\s?:?\s{_REST}",
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
        r"(?:\d{1,4}|no|sin|ning[úu]n)\s(?:comentarios?|comments?|respuestas?|replies|responses?)(?:\s(?:en|"
        r"on|to|a)\s.{0,120}|\syet)?\.?",
        r"(?:comentarios?|comments?|responder|reply|comentar)(?:\s?\(\d{1,4}\)|\s(?:cerrados|closed|"
        r"desactivados|are closed))?\s?:?",
        r"(?:please enable javascript to view the )?comments powered by.{0,60}",
        r"(?:tu|su) (?:direcci[óo]n de )?correo electr[óo]nico no (?:ser[áa]|se) public.{0,120}",
        r"(?:los )?campos (?:obligatorios|necesarios|requeridos).{0,60}",
        r"your e-?mail address will not be published.{0,80}",
        r"required fields are marked.{0,20}",
        r"guarda(?:r)? mi nombre, correo.{0,120}|save my name, e-?mail.{0,120}",
        r"(?:publicar|enviar|post|submit) (?:el |un )?comment?(?:ario)?",
    ),
    _rule(
        "share_bar",
        160,
        rf"(?:comp[áa]rte(?:lo|r|la)?|share)(?:\s(?:this|esto|este|esta|en|on|via|por|it|con|with|la|the|el|"
        rf"art[íi]culo|noticia|entrada|post|article|story|page|tus|tu|redes|sociales|amigos|"
        rf"friends))*\s?:?(?:\s?[|,·/]?\s?{_NETWORK}){{0,10}}",
        rf"{_NETWORK}(?:\s?[|,·/]?\s?{_NETWORK}){{1,10}}",
        r"tweet(?:ear)?|twittear|me gusta(?:\s\d+)?|like this:?|(?:like|pin it|whatsapp|facebook|linkedin|google\+)",
    ),
    _rule(
        "newsletter",
        220,
        rf"(?:suscr[íi]b(?:ete|ase|irse|ete ahora)|subscribe|sign up|reg[íi]strate|ap[úu]ntate|"
        rf"inscr[íi]bete)(?:\b{_REST})?",
        rf"(?:recibe|reciba|get|receive)\s.{{0,80}}(?:newsletter|bolet[íi]n|inbox|bandeja de entrada|correo|"
        rf"e-?mail){_REST}",
        rf"(?:our|nuestra|nuestro|join (?:our|the)|[úu]nete a (?:nuestra|nuestro))\s?(?:weekly |"
        rf"monthly )?(?:newsletter|bolet[íi]n|mailing list)(?:\s{_REST})?",
        r"newsletter|bolet[íi]n(?: de noticias| informativo)?",
    ),
    _rule(
        "cookie_notice",
        700,
        r"(?:(?:este|esta|nuestro|nuestra|el|la)\s(?:sitio|p[áa]gina|web|portal)|utilizamos|usamos|"
        r"we (?:and our partners )?use|(?:this|our) (?:web\s?)?site uses?|al (?:continuar|navegar|hacer clic)|"
        r"by (?:continuing|clicking|using)|si (?:contin[úu]a|sigue)s?)\b.{0,400}\bcookies?\b.{0,400}",
        r"(?:pol[íi]tica|aviso|configuraci[óo]n|preferencias|ajustes) de cookies|cookies? (?:policy|settings|"
        r"preferences|notice)",
        r"(?:aceptar|accept|rechazar|reject|acepto|permitir|allow|gestionar|manage)(?:\s(?:todas|all|las|"
        r"todo))*\s(?:las\s)?cookies",
    ),
    _rule(
        "part_links",
        120,
        r"(?:ver|lee(?:r)?|vea|read|see|go to|ir a)\s(?:la\s|the\s)?part(?:e|s)?s?\s\d{1,2}(?:\s?(?:,|y|and|&|"
        r"e)\s?(?:la\s)?(?:parte?\s)?\d{1,2}){0,8}(?:\s(?:aquí|here))?\.?",
        r"(?:parte?|part)\s\d{1,2}(?:\s?[|/,·]\s?(?:parte?|part)\s\d{1,2}){1,10}",
    ),
    _rule("series_line", 60, r"[–—\-*(\[\s]*parte?\s\d{1,2}\s(?:de|of)\s\d{1,2}[–—\-*)\].\s]*"),
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
        rf"like us|nuestras? (?:noticias|redes|novedades)|our (?:news|"
        rf"updates))\b.{{0,180}}\b{_NETWORK}\b.{{0,80}}",
        r"(?:s[íi]guenos|follow us|s[íi]guenos en redes(?: sociales)?|redes sociales|social media links):?",
    ),
    _rule(
        "legal_footer",
        260,
        r"(?:©|\(c\)|copyright)\s.{0,240}",
        r".{0,160}(?:all rights reserved|todos los derechos reservados|derechos reservados)\b.{0,80}",
        r"(?:powered by|published with|built with|desarrollado (?:por|con)|dise[ñn]ado por|theme by|"
        r"creado con)\s.{0,80}",
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
    _rule(
        "reading_time",
        80,
        r"(?:tiempo de lectura|reading time|lectura)\s?:?\s?\d{1,3}\s?min.{0,20}",
        r"\d{1,3}\s?(?:min|minutes?|minutos?)\.?\s(?:read|de lectura|lectura)",
        r"(?:vistas|visitas|views|lecturas)\s?:?\s?[\d.,]{1,9}|[\d.,]{1,9}\s(?:vistas|visitas|views)",
    ),
    _rule(
        "image_slug",
        120,
        r"[a-z0-9]+(?:[-_][a-z0-9]+){2,}(?:\.(?:jpe?g|png|gif|webp|svg))?",
        r"\S{1,110}\.(?:jpe?g|png|gif|webp|svg)",
    ),
    _rule("bare_address", 500, r"https?://\S+", r"www\.\S+\.\S+"),
    _rule("template_markup", 600, r"\{[:%{].{0,590}\}", r"\[/?[a-z_]{3,30}(?:\s[^\]]{0,300})?\]"),
    _rule("lone_marks", 60, r"[\W_]+"),
)


def line_rule(text: str) -> str | None:
    """The name of the first rule that the whole block matches, or null."""
    flat = " ".join(text.split())
    return next((rule.name for rule in LINE_RULES if len(flat) <= rule.max_chars and rule.pattern.match(flat)), None)
