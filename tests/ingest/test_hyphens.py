"""Words broken at the ends of lines."""

from __future__ import annotations

import pytest

from ingest.readers.pdf.lines import Hyphens

CASES = [
    (["la expe-", "riencia de cliente"], "la experiencia de cliente", "a broken word"),
    (["la experi\u00ad", "encia"], "la experiencia", "a soft hyphen"),
    (["la relación calidad-", "precio subió"], "la relación calidad-precio subió", "two words of the field"),
    (["el modelo físico-", "digital ganó"], "el modelo físico-digital ganó", "no Spanish word has such an accent"),
    (
        ["una venta on-", "line o una venta on-line"],
        "una venta on-line o una venta on-line",
        "elsewhere with its hyphen",
    ),
    (["un web-", "site; otro website"], "un website; otro website", "elsewhere without"),
    (["la entre-", "vista duró una hora"], "la entrevista duró una hora", "a beginning of many words"),
    (["state-of-the-", "art tools"], "state-of-the-art tools", "hyphens before the last one"),
    (["entre 2020-", "2023 creció"], "entre 2020-2023 creció", "numbers keep their hyphen"),
    (["Covid-", "19 cambió"], "Covid-19 cambió", "a word and a number"),
    (["B2B-", "SaaS vende"], "B2B-SaaS vende", "capital letters"),
    (["la banca -", "dice el informe"], "la banca - dice el informe", "a dash is no hyphen"),
]


@pytest.mark.parametrize(("lines", "text", "reason"), CASES)
def test_hyphens_at_line_ends_go_or_stay(lines: list[str], text: str, reason: str) -> None:
    """Only a hyphen that splits one word goes."""
    assert text == Hyphens(lines).joined(lines), reason
