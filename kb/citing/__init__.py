"""Citations of documents in APA, MLA, Chicago, BibTeX, RIS and CSL-JSON, in Spanish and English wording."""

from kb.citing.citation_words import Style, parse_style
from kb.citing.formatting import format_reference, in_text, quote_with_citation
from kb.citing.reference import Reference

__all__ = ["Reference", "Style", "format_reference", "in_text", "parse_style", "quote_with_citation"]
