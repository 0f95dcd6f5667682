"""Writes an evidence pack: the same answer and sources give the same bytes.

Owns the layout of the pack and what goes in. Knows nothing of the store: documents and
originals are handed in.
"""

import hashlib
import json
import re
import zipfile
from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from kb.citing import Reference, Style, format_reference
from kb.records.answer import Answer
from kb.records.document import Document, Span
from kb.records.errors import InputError
from kb.records.messages import say
from kb.records.search import Citation
from kb.saved.parsing import SavedCitation, save_answer

PACK_VERSION = 1
MAX_PACK_BYTES = 1_000_000_000
# What is read into memory; originals are only hashed, piece by piece.
MAX_PART_BYTES = 50_000_000
MAX_KEPT_BYTES = 200_000_000
MAX_FILES = 10_000
# Characters kept on either side of a quote where a pack holds excerpts only.
EXCERPT_MARGIN = 600
REQUIRED = ("manifest.json", "answer.json", "SHA256SUMS", "quotes.json", "README.txt")
_BIBLIOGRAPHY = ("bibliography.txt", "bibliography.bib", "bibliography.ris", "bibliography.json")
# Names that lead to a file below the folder where a pack is unpacked, on any system.
_PLAIN = re.compile(r"[A-Za-z0-9][\w .-]{0,99}(?:/[A-Za-z0-9][\w .-]{0,99}){0,5}/?", re.ASCII)
_SOURCE = re.compile(r"(?:texts/[0-9a-f]{64}\.txt|originals/[0-9a-f]{64}\.[a-z0-9]{1,5})")


def digest(data: bytes) -> str:
    """The SHA-256 (hex) of these bytes."""
    return hashlib.sha256(data).hexdigest()


def is_plain(name: str) -> bool:
    """Whether a name can be unpacked without harm."""
    return _PLAIN.fullmatch(name) is not None


def is_part(name: str) -> bool:
    """Whether a pack has a file of this name."""
    return name in REQUIRED or name in _BIBLIOGRAPHY or _SOURCE.fullmatch(name) is not None


def text_name(sha256: str) -> str:
    """The name of the text of the original with this SHA-256."""
    return f"texts/{sha256}.txt"


def quote_place(citation: SavedCitation | Citation) -> dict[str, Any]:
    """What quotes.json says of where a quote stands, but for its pages and paragraphs."""
    span = citation.span
    return {
        "number": citation.number,
        "quote": citation.quote,
        "file": text_name(citation.sha256),
        "start": span.start if span else None,
        "end": span.end if span else None,
    }


_EPOCH = (1980, 1, 1, 0, 0, 0)
_EXTENSIONS = {
    "text/html": ".html",
    "application/pdf": ".pdf",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/epub+zip": ".epub",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}


def write_pack(
    answer: Answer,
    documents: Mapping[str, Document],
    originals: Mapping[str, bytes],
    target: Path,
    *,
    accessed: date | None = None,
    excerpts_only: bool = False,
) -> None:
    """Writes the pack of an answer to ``target``, replacing it whole or not at all.

    ``documents`` are by id and must hold every cited one, else InputError; ``originals`` are bytes by
    SHA-256, for those that may be passed on. ``excerpts_only`` keeps of each text what stands within
    EXCERPT_MARGIN characters of a quote.
    """
    cited = _cited(answer, documents)
    contents = _contents(answer, cited, originals, accessed, excerpts_only)
    sums = "".join(f"{digest(data)}  {name}\n" for name, data in sorted(contents.items()))
    contents["SHA256SUMS"] = sums.encode()
    partial = target.with_name(target.name + ".partial")
    try:
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for name in sorted(contents):
                archive.writestr(_entry(name), contents[name])
        partial.replace(target)
    except OSError:
        partial.unlink(missing_ok=True)
        raise


def _cited(answer: Answer, documents: Mapping[str, Document]) -> dict[str, Document]:
    """The cited documents by SHA-256, in the order of their first citation."""
    cited: dict[str, Document] = {}
    for citation in answer.citations:
        document = documents.get(citation.document.id)
        if document is None:
            raise InputError(say("document", document=citation.document.id), say("is_cited_but_was_not_given"))
        cited.setdefault(document.sha256, document)
    return cited


def _contents(
    answer: Answer,
    cited: Mapping[str, Document],
    originals: Mapping[str, bytes],
    accessed: date | None,
    excerpts_only: bool,
) -> dict[str, bytes]:
    contents = {"README.txt": (files("kb") / "data" / "pack_readme.txt").read_bytes()}
    texts = {document.id: document.text for document in cited.values()}
    contents["answer.json"] = _json(save_answer(answer, texts))
    contents["quotes.json"] = _json([_quote_row(citation) for citation in answer.citations])
    sources = []
    for sha256, document in cited.items():
        spans = [citation.span for citation in answer.citations if citation.document.id == document.id]
        text = _excerpts(document.text, spans) if excerpts_only else document.text
        contents[text_name(sha256)] = text.encode("utf-8", "surrogatepass")
        original = _original(document, originals)
        if original:
            contents[original[0]] = original[1]
        sources.append(_source_row(document, original[0] if original else None, text != document.text))
    contents["manifest.json"] = _json({"format": PACK_VERSION, "sources": sources})
    return contents | _bibliography(answer, cited, accessed)


def _original(document: Document, originals: Mapping[str, bytes]) -> tuple[str, bytes] | None:
    """The name and bytes of a document's original, if given; raises InputError when its hash is another."""
    data = originals.get(document.sha256)
    if data is None:
        return None
    if digest(data) != document.sha256:
        raise InputError(say("original_of", source_id=document.source_id), say("does_not_have_the_documents_sha"))
    return f"originals/{document.sha256}{_EXTENSIONS.get(document.media_type, '.bin')}", data


def _excerpts(text: str, spans: list[Span]) -> str:
    """The text with everything far from the spans replaced by line feeds, so that offsets hold."""
    kept = bytearray(len(text))
    for span in spans:
        low, high = max(0, span.start - EXCERPT_MARGIN), min(len(text), span.end + EXCERPT_MARGIN)
        kept[low:high] = b"\1" * (high - low)
    return "".join(mark if keep else "\n" for mark, keep in zip(text, kept, strict=True))


def _bibliography(answer: Answer, cited: Mapping[str, Document], accessed: date | None) -> dict[str, bytes]:
    first = {citation.document.id: citation.document for citation in reversed(answer.citations)}
    references = [Reference.of(first[document.id], (), accessed) for document in cited.values()]
    written = {
        style: [format_reference(reference, style, answer.language) for reference in references] for style in Style
    }
    items = [item for text in written[Style.CSL_JSON] for item in json.loads(text)]
    return {
        "bibliography.txt": "".join(f"{entry}\n" for entry in sorted(written[Style.APA])).encode(),
        "bibliography.bib": "\n\n".join([*written[Style.BIBTEX], ""]).encode(),
        "bibliography.ris": "".join(written[Style.RIS]).encode(),
        "bibliography.json": _json(items),
    }


def _quote_row(citation: Citation) -> dict[str, Any]:
    return {
        **quote_place(citation),
        "pages": sorted({place.page for place in citation.places if place.page is not None}),
        "paragraphs": sorted({place.paragraph for place in citation.places if place.paragraph is not None}),
    }


def _source_row(document: Document, original: str | None, excerpts: bool) -> dict[str, Any]:
    return {
        "sha256": document.sha256,
        "id": document.id,
        "source_id": document.source_id,
        "text": text_name(document.sha256),
        "original": original,
        "excerpts": excerpts,
    }


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode("utf-8", "surrogatepass")


def _entry(name: str) -> zipfile.ZipInfo:
    """A member with a fixed time and mode, so that the same content gives the same bytes."""
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3
    entry.external_attr = 0o600 << 16
    return entry
