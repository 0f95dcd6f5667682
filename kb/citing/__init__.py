"""Citations of documents in APA, MLA, Chicago, BibTeX, RIS and CSL-JSON, in Spanish and English wording."""

from kb.citing.citation_words import Style, parse_style
from kb.citing.exchange import of_source
from kb.citing.formatting import as_cited_in, footnote, format_reference, in_text, quote_with_citation
from kb.citing.reference import Reference

__all__ = [
    "Reference",
    "Style",
    "as_cited_in",
    "footnote",
    "format_reference",
    "in_text",
    "of_source",
    "parse_style",
    "quote_with_citation",
]
