"""Furniture that only its surroundings betray: breadcrumbs, bylines, repeated titles, addresses, signatures, link
cards.

Owns the rules over the sequence of blocks. Refuses to take anything that reads like prose, and anything because of
what stands above it: what follows "Artículos relacionados" may be the rest of a report.
"""

import re
from collections.abc import Iterator, Sequence

from ingest.readers.extract import RawBlock

_TOP_BLOCKS = 8
_CARD_BLOCKS = 8
_MAX_BYLINE_CHARS = 160
_CRUMB_START = re.compile(r"(?:inicio|home|portada|est[áa]s? (?:aqu[íi]|en)|you are here|p[áa]gina principal)\b", re.I)
_CRUMBS = re.compile(r"[^.!?>»›|]{2,60}(?:\s?[>»›]\s?[^.!?>»›|]{2,90}){1,6}$")
_CRUMB_SLASHES = re.compile(r"(?:inicio|home|portada)(?:\s?[/|·]\s?[^.!?/|]{2,90}){1,6}$", re.I)
_ADDRESS = re.compile(
    r"(?:(?:c/|calle|av\.|avda\.?|avenida|paseo|p[ºo]\.?|plaza|carrer|rambla|gran v[íi]a|carretera)\s.{3,80}\d.{0,80}"
    r"|[^.!?:%]{3,60}\s\d{1,5},?\s(?:[^.!?:%]{0,40}\s)?\d{5}\b[^.!?:%]{0,60}"
    r"|\d{1,5}\s[A-Z][^.!?:%]{2,50}\s(?:street|st|avenue|ave|road|rd|blvd|boulevard|drive|dr|lane|suite|"
    r"floor)\b.{0,80}"
    r"|\d{5}\s[A-ZÁÉÍÓÚÑ][^.!?:%\d]{2,40}"
    r"|(?:tel|tel[ée]fono|phone|fax|m[óo]vil|whatsapp)\.?\s?:?\s?\+?[\d\s().-]{7,25}"
    r"|(?:e-?mail|correo)?\s?:?\s?[\w.+-]{1,60}@[\w-]{1,60}\.[\w.]{2,20})$",
    re.I,
)
_CITY = re.compile(r"[A-ZÁÉÍÓÚÑ][\w\s.'áéíóúñ-]{2,40},\s[A-ZÁÉÍÓÚÑ][\w\s.áéíóúñ]{2,40}$")
_INITIALS = re.compile(r"[A-ZÁÉÍÓÚÑ]{2,4}$")
# "Example Powers - Streamline your communications": a company's name and its motto close the page.
_TAGLINE = re.compile(r"(?:[A-ZÁÉÍÓÚÑ][\w&.'’áéíóúñ]{0,30}\s){1,4}[-–—|·]\s[A-ZÁÉÍÓÚÑ][^.!?:%\d]{8,70}[^.!?:%\d\s]$")
_BYLINE = re.compile(
    r"(?:[Pp]or|POR|[Bb]y|BY|[Ee]scrito por|[Ww]ritten by|[Aa]utor(?:es|a)?:|[Aa]uthors?:)\s"
    r"((?:[A-ZÁÉÍÓÚÑ][\w.'’áéíóúñ-]{0,30}(?:\s(?:de|del|la|van|von|y|and|&)){0,2}(?:,?\s|$)){2,12})$"
)
_LINK_TAIL = re.compile(r"\]\([^)\s]{0,500}\)?$")

Found = dict[int, str]


def region_rules(blocks: Sequence[RawBlock], by_line: Found) -> Found:
    """The rule for each block (by index) that its surroundings show to be furniture; ``by_line`` is known already."""
    found = dict(by_line)
    for rule in (_link_cards, _top_of_page, _addresses, _signature):
        found |= {index: name for index, name in rule(blocks, found) if index not in found}
    return found


def _byline_names(text: str) -> tuple[str, ...]:
    """The names in a line that is nothing but a byline ("por Ana Ruiz y Luis Gil"), else none."""
    match = _BYLINE.match(" ".join(text.split())) if len(text) <= _MAX_BYLINE_CHARS else None
    return tuple(re.split(r"(?<!\s)(?:\s*,\s*|\s+(?:y|and|&)\s+)", match.group(1).strip())) if match else ()


def _link_cards(blocks: Sequence[RawBlock], found: Found) -> Iterator[tuple[int, str]]:
    """A Markdown link left open over several blocks: "[", a few lines, "](/address)"."""
    start = None
    for index, block in enumerate(blocks):
        if block.text.strip() in ("[", "[!["):
            start = index
        elif start is not None and index - start <= _CARD_BLOCKS and _LINK_TAIL.match(block.text.strip()):
            yield from ((inner, "link_card") for inner in range(start, index + 1))
            start = None
    for index, block in enumerate(blocks):
        if _LINK_TAIL.match(block.text.strip()):
            yield index, "link_card"


def _top_of_page(blocks: Sequence[RawBlock], found: Found) -> Iterator[tuple[int, str]]:
    top = [index for index in range(min(_TOP_BLOCKS, len(blocks))) if index not in found]
    for index in top:
        if _is_breadcrumb(blocks, index):
            yield index, "breadcrumb"
        elif _byline_names(blocks[index].text):
            yield index, "byline"
    yield from _repeated_title(blocks, [index for index in top if not _is_breadcrumb(blocks, index)])


def _is_breadcrumb(blocks: Sequence[RawBlock], index: int) -> bool:
    text = blocks[index].text
    if len(text) > 250 or text.endswith((".", "!", "…")):
        return False
    if _CRUMBS.match(text) or _CRUMB_SLASHES.match(text):
        return True
    near = [block.text for block in blocks[index + 1 : index + 4]]
    return bool(_CRUMB_START.match(text)) and any(len(title) > 10 and text.endswith(title) for title in near)


def _repeated_title(blocks: Sequence[RawBlock], top: list[int]) -> Iterator[tuple[int, str]]:
    """A headline printed twice at the top: short lines above the first are the site's, the second goes."""
    for position, index in enumerate(top):
        repeats = [later for later in top[position + 1 :] if _same(blocks[index], blocks[later])]
        if repeats and len(blocks[index].text) > 12:
            yield from ((later, "repeated_title") for later in repeats)
            yield from ((above, "site_header") for above in top[:position] if _is_label(blocks[above]))
            return


def _same(first: RawBlock, second: RawBlock) -> bool:
    return first.text.casefold() == second.text.casefold()


def _is_label(block: RawBlock) -> bool:
    """Whether a block is a few words rather than a sentence."""
    return len(block.text) <= 60 and not block.text.rstrip("\"'”’»)").endswith((".", "!", "?", ":", "…"))


def _addresses(blocks: Sequence[RawBlock], found: Found) -> Iterator[tuple[int, str]]:
    """Postal lines at the end of the text."""
    tail = range(max(0, len(blocks) - 10), len(blocks))
    for index in tail:
        text = blocks[index].text.strip()
        if len(text) <= 120 and _ADDRESS.match(text):
            yield index, "postal_address"
            if index + 1 < len(blocks) and _CITY.match(blocks[index + 1].text.strip()):
                yield index + 1, "postal_address"


def _signature(blocks: Sequence[RawBlock], found: Found) -> Iterator[tuple[int, str]]:
    """The last block, where it is the initials of who wrote it or a company's motto."""
    index = max((index for index in range(len(blocks)) if index not in found), default=0)
    text = blocks[index].text.strip() if index else ""
    if _INITIALS.match(text) or (len(text) <= 90 and _TAGLINE.match(text)):
        yield index, "signature"
