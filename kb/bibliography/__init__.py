"""Citations of documents in APA, MLA, Chicago, BibTeX, RIS and CSL-JSON, in Spanish and English wording."""

from kb.bibliography.formatting import format_reference, in_text, quote_with_citation
from kb.bibliography.reference import Reference
from kb.bibliography.wording import Style, parse_style

__all__ = ["Reference", "Style", "format_reference", "in_text", "parse_style", "quote_with_citation"]
