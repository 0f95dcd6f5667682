"""The names of all cleaning rules, as they stand in the ledger of a document and are given to keep what they take out.

Names only: what a rule does is decided where it stands. A test compares them with the rules themselves.
"""

from __future__ import annotations

RULE_NAMES = tuple(
    sorted(
        [
            "address",
            "advertisement",
            "aside",
            "bare_address",
            "between_furniture",
            "breadcrumb",
            "byline",
            "comments",
            "cookie_notice",
            "dialog",
            "follow_us",
            "footer",
            "form",
            "hidden",
            "hidden_text",
            "image_slug",
            "legal_footer",
            "link_card",
            "lone_marks",
            "navigation",
            "newsletter",
            "outside_main_text",
            "pagination",
            "part_links",
            "photo_credit",
            "postal_address",
            "previous_next",
            "read_more",
            "reading_time",
            "repeated_title",
            "running_header_or_footer",
            "series_line",
            "share_bar",
            "signature",
            "site_header",
            "skip_link",
            "stray_link",
            "tags",
            "teasers",
            "template_markup",
        ]
    )
)
