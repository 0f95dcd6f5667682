"""The names of all cleaning rules, as they stand in the ledger of a document and are given to keep what they take out.

Names only: what a rule does is decided where it stands. A test compares them with the rules themselves.
"""

from __future__ import annotations

RULE_NAMES = (
    "address", "aside", "bare_address", "breadcrumb", "byline", "comments", "contents", "dialog", "follow_us",
    "footer", "form", "hidden", "legal_footer", "line_number", "link_card", "link_line", "lone_marks", "navigation",
    "newsletter", "note_mark", "outside_main_text", "photo_credit", "postal_address", "previous_next", "read_more",
    "repeated_title", "running_header_or_footer", "share_bar", "signature", "site_header", "skip_link", "sounds",
    "stray_link", "unsure_recognition",
)  # fmt: skip
