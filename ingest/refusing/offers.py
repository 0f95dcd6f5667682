"""Prices and discounts that somebody offers: list prices of plans, tickets and courses, coupons, taxes.

What people pay, spend or lose is a finding and stays. Reads the sentence only; each pattern is one alternation of
bounded pieces, so reading is linear.
"""

from __future__ import annotations

import re

# Without one of these no price is offered.
_HINT = re.compile(
    r"[$€£]|\beur|d[óo]lar|dollar|pesos|soles|\biva\b|\bvat\b|\bigv\b|billed|factura|annual b|pago anual"
)

_MONEY = (
    r"(?:us|mx|s/|r|c|a)?[$€£] ?\d|\d[\d.,]{0,12} ?(?:[$€£]|eur\b|usd\b|mxn\b|cop\b|clp\b|euros?\b|d[óo]lar(?:es)?\b|"
    r"dollars?\b|pounds?\b|pesos\b|soles\b)"
)
# What is sold at a price of its list.
_SOLD = (
    r"(?:plan(?:s|es)?|options?|opci[óo]n(?:es)?|editions?|edici[óo]n|ediciones|tiers?|packages?|paquetes?|"
    r"subscriptions?|suscripci[óo]n(?:es)?|licen[cs]es?|licencias?|tickets?|entradas?|passes|pases?|add-ons?|bundles?|"
    r"courses?|cursos?|workshops?|taller(?:es)?|webinars?|memberships?|membres[íi]as?|inscripci[óo]n(?:es)?|"
    r"registration|admission|rooms?|habitaciones|flights?|vuelos|fares?|menus?|menús?|software|apps?|plugins?|modules?|m[óo]dulos?|kits?|versions?|versi[óo]n(?:es)?)"
)
# The parts of a sentence that offers a price, in lower case.
_PRICED = re.compile(
    rf"(?<!each )(?<!cada )\b{_SOLD}(?: [\w.-]{{1,20}}){{0,3}} "
    rf"(?:(?:starts?|begins?|is priced|are priced|sells?|comienzan?|empiezan?|"
    rf"parten?|arrancan?) (?:at|from|for|en|desde|de)|costs?|cuestan?|vale|valen|from|desde|a partir de|por solo) "
    rf"(?:only |just |solo |los |unos )?(?:{_MONEY})|"
    rf"\b{_SOLD}(?: (?:[a-záéíóúñ]{{1,15}}|\d{{1,3}})){{0,3}}: ?(?:from |desde )?(?:{_MONEY})|"
    rf"^\W{{0,4}}(?:[\wáéíóúñ+-]{{1,20}} ?){{1,3}}(?:: | [–—-] )(?:from |desde |only |solo )?(?:{_MONEY})"
    r"[^.;]{0,14}?(?:/ ?|a |per |al |por )(?:mo\b|month|user|seat|agent|year|yr\b|mes|usuario|puesto|agente|año)|"
    rf"^\W{{0,4}}(?:pricing|prices?|precios?|tarifas?|cuota|fee): |"
    rf"\b(?:costs?|cuestan?|is|es de) (?:{_MONEY})[^.;]{{0,12}}? (?:per|por) (?:seat|puesto|licen[cs]e|licencia)\b|"
    r"\bper (?:user|seat|agent)(?:,| per| a| /|/) ?(?:month|year|mo\b)|"
    r"/ ?(?:user|seat|agent|usuario|agente|puesto) ?/ ?(?:mo\b|month|mes)|"
    r"\bpor (?:usuario|puesto|agente|asiento) (?:y|al|por) mes\b|\bbilled (?:annually|monthly|yearly)|"
    r"\bfacturación (?:anual|mensual)|\b(?:con|with) (?:el )?(?:pago anual|annual billing)|"
    r"\b(?:iva|vat|igv|itbis) (?:no )?(?:inclui|includ|exclu|aparte|del? \d)|"
    r"\b(?:plus|exclud\w{1,3}|includ\w{1,3}|más|sin|con) (?:el )?(?:\d{1,2} ?% )?(?:de )?(?:iva|vat|igv)\b"
)
# What tells that the price was measured, or moved.
_MEASURED = re.compile(
    r"\b(?:rose|risen|fell|fallen|grew|increased|dropped|jumped|climbed|subi[óe]r?o?n?|bajaron|bajó|aument\w{1,5}|"
    r"cay[óe]r?o?n?|spend|spent|pay|paid|pays|gast[aóo]\w{0,4}|pag[aóo]\w{0,3}|los[et]s?|perd\w{2,5}|"
    r"avera\w{2,5}|medi[oa]s?|promedi\w{1,3}|revenue|ingresos|ticket medio|most|mayoría|typical|"
    r"typically|up \d|down \d)\b"
)
_COUPON = re.compile(
    r"\b(?:code|código|cupón|coupon|checkout|promo|offer|oferta|ofrecemos|aprovech[ae]|consigu?e|obtén(?:ga)?|llévate|"
    r"get|use|until|hasta|termina|ends|hoy|today)\b"
)
_BUYS = re.compile(
    r"^\W{0,4}(?:add|get|buy|book|save|upgrade|subscribe|join|reserve|"
    r"añad[ae]|ahorr[ae]|compr[ae]|reserv[ae]|suscríbe(?:te|se)|contrat[ae]|llévate|consigue)\b"
)


def offers_price(lower: str) -> bool:
    """Whether a sentence in lower case offers something at a price of its list, and does not say that it was measured:
    "Plans start at $29", "Básico: 9,99 € al mes", "IVA del 21 % no incluido"."""
    return _HINT.search(lower) is not None and _PRICED.search(lower) is not None and _MEASURED.search(lower) is None


def calls_to_buy(lower: str) -> bool:
    """Whether it opens by telling the reader to buy: "Add a seat", "Ahorra un 20 %"."""
    return _BUYS.search(lower) is not None


def holds_coupon(lower: str) -> bool:
    """Whether it speaks of a code, an offer or its end, which makes a discount one that is offered."""
    return _COUPON.search(lower) is not None
