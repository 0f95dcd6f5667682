"""Builds the binary sample articles (PDF, DOCX, cp1252 text) from samples/sources.

Run `python samples/build.py` to write samples/articles, or add a folder to write elsewhere. The output is
the same bytes on every run: dates are fixed, PDF streams and ZIP members are stored uncompressed, and nothing
depends on the clock, the locale or a system font. Knows nothing of the knowledge base.
"""

from __future__ import annotations

import io
import os
import re
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from html import escape, unescape
from pathlib import Path

HERE = Path(__file__).parent
PUBLISHER = "CX Knowledge Base samples"
MOMENT = datetime(2026, 11, 21, 9, 0, 0)
# reportlab reads this (2026-11-21 09:00 UTC) instead of the clock.
os.environ["SOURCE_DATE_EPOCH"] = "1795251600"

from docx import Document  # noqa: E402
from docx.enum.style import WD_STYLE_TYPE  # noqa: E402
from reportlab.lib import colors  # noqa: E402
from reportlab.lib.pagesizes import A4  # noqa: E402
from reportlab.lib.styles import ParagraphStyle  # noqa: E402
from reportlab.lib.units import cm  # noqa: E402
from reportlab.pdfgen.canvas import Canvas  # noqa: E402
from reportlab.platypus import (  # noqa: E402
    BaseDocTemplate,
    Flowable,
    Frame,
    FrameBreak,
    NextPageTemplate,
    PageTemplate,
    Paragraph,
    Table,
    TableStyle,
)


@dataclass(frozen=True, slots=True)
class Block:
    """A heading (level 1 or 2), paragraph, bullet or table of a source."""

    kind: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """A parsed source: the fields of its front matter and its blocks."""

    fields: dict[str, str]
    blocks: tuple[Block, ...]


def parse(source: str) -> Article:
    """The article of a source with front matter; soft hyphens are written `&shy;`."""
    _, front, body = source.split("---\n", 2)
    fields = dict(line.split(": ", 1) for line in front.splitlines())
    return Article(fields, tuple(_blocks(body)))


def _blocks(body: str) -> Iterator[Block]:
    for piece in re.split(r"\n{2,}", body.strip()):
        if piece.startswith("# "):
            yield Block("h1", piece[2:])
        elif piece.startswith("## "):
            yield Block("h2", piece[3:])
        elif piece.startswith("- "):
            yield from (Block("bullet", line[2:]) for line in piece.splitlines())
        elif piece.startswith("|"):
            lines = [line for line in piece.splitlines() if not line.startswith("|---")]
            yield Block("table", rows=tuple(tuple(c.strip() for c in line.strip("|").split("|")) for line in lines))
        else:
            yield Block("p", piece)


# ---- PDF


def _style(name: str, **options: object) -> ParagraphStyle:
    base = {"fontName": "Times-Roman", "fontSize": 12, "leading": 16, "spaceAfter": 6, "embeddedHyphenation": 1}
    return ParagraphStyle(name, **{**base, **options})


STYLES = {
    "p": _style("p", alignment=4, hyphenationMinWordLength=5),
    "h1": _style("h1", fontName="Helvetica-Bold", fontSize=17, leading=21, spaceAfter=10),
    "h2": _style(
        "h2", fontName="Helvetica-Bold", fontSize=11.5, leading=14, spaceBefore=8, spaceAfter=4, keepWithNext=1
    ),
    "bullet": _style("bullet", leftIndent=14, bulletIndent=4),
    "cell": _style("cell", fontName="Helvetica", fontSize=7.5, leading=9, spaceAfter=0),
}


def _markup(text: str) -> str:
    return escape(unescape(text), quote=False)


def _table(rows: tuple[tuple[str, ...], ...], width: float) -> Table:
    cells = [[Paragraph(_markup(cell), STYLES["cell"]) for cell in row] for row in rows]
    # The last column holds the longest text in every sample.
    shares = {4: (0.2, 0.11, 0.26, 0.43), 3: (0.24, 0.38, 0.38)}[len(rows[0])]
    table = Table(cells, colWidths=[width * share for share in shares], spaceBefore=6, spaceAfter=10)
    rules = [
        ("GRID", (0, 0), (-1, -1), 0.4, colors.grey),
        ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
    ]
    table.setStyle(TableStyle(rules))
    return table


def _flowables(article: Article, width: float) -> Iterator[Flowable]:
    for block in article.blocks:
        if block.kind == "table":
            yield _table(block.rows, width)
        elif block.kind == "bullet":
            yield Paragraph(_markup(block.text), STYLES["bullet"], bulletText="•")
        else:
            yield Paragraph(_markup(block.text), STYLES[block.kind])
        if block.kind == "h1" and article.fields.get("columns") == "2":
            yield NextPageTemplate("later")
            yield FrameBreak()


def _page_templates(article: Article) -> tuple[list[PageTemplate], float]:
    """The page templates and the width of a column in points."""
    width, height = A4
    left, foot, inner, body = 2 * cm, 2.2 * cm, width - 4 * cm, height - 4.6 * cm
    plain = {"leftPadding": 0, "rightPadding": 0, "topPadding": 0, "bottomPadding": 0}

    def furniture(canvas: Canvas, _: BaseDocTemplate) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawString(left, height - 1.3 * cm, article.fields["title"])
        canvas.drawRightString(width - left, height - 1.3 * cm, PUBLISHER)
        canvas.drawString(left, 1.2 * cm, article.fields["note"])
        canvas.drawRightString(width - left, 1.2 * cm, str(canvas.getPageNumber()))

    if article.fields.get("columns") != "2":
        return [PageTemplate("only", [Frame(left, foot, inner, body, **plain)], onPage=furniture)], inner
    # Wide margins, so that the study runs over three pages and its header and footer repeat.
    foot, body, gap, head = foot + 1.5 * cm, body - 2.8 * cm, 0.8 * cm, 1.2 * cm
    column = (inner - gap) / 2
    title = Frame(left, foot + body - head, inner, head, **plain)
    places = (left, left + column + gap)
    first = [title, *(Frame(x, foot, column, body - head, **plain) for x in places)]
    later = [Frame(x, foot, column, body, **plain) for x in places]
    templates = [PageTemplate("first", first, onPage=furniture), PageTemplate("later", later, onPage=furniture)]
    return templates, column


def pdf(article: Article) -> bytes:
    """The article as a PDF: running header and footer, one or two columns, WinAnsi text in standard fonts."""
    templates, width = _page_templates(article)
    buffer = io.BytesIO()
    fields = article.fields
    document = BaseDocTemplate(
        buffer,
        pagesize=A4,
        pageTemplates=templates,
        title=fields["title"],
        author="",
        subject=fields["note"],
        creator=PUBLISHER,
        lang={"es": "es", "en": "en"}.get(fields["language"]),
        invariant=1,
        pageCompression=0,
    )
    document.build(list(_flowables(article, width)))
    return buffer.getvalue()


# ---- DOCX


def _fixed_zip(data: bytes) -> bytes:
    """The same ZIP members, stored, in name order with the type list first, all with one date."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as new:
        for name in sorted(old.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            member = zipfile.ZipInfo(name, MOMENT.timetuple()[:6])
            member.create_system = 3
            member.external_attr = 0o644 << 16
            new.writestr(member, old.read(name))
    return out.getvalue()


def _slim(document: Document) -> None:
    """Takes out the parts of the default template that no sample uses (0.8 MB of table styles, a thumbnail)."""
    for style in [s for s in document.styles if s.type == WD_STYLE_TYPE.TABLE]:
        if style.name not in {"Normal Table", "Table Grid"}:
            style.delete()
    for relations in (document.part.rels, document.part.package.rels):
        for key, relation in list(relations.items()):
            if relation.reltype.endswith(("/stylesWithEffects", "/thumbnail", "/customXml")):
                del relations[key]


def docx(article: Article) -> bytes:
    """The article as a Word document with real heading, list and table styles."""
    document = Document()
    _slim(document)
    properties = document.core_properties
    properties.title, properties.author, properties.last_modified_by = article.fields["title"], "", ""
    properties.comments, properties.category = article.fields["note"], PUBLISHER
    properties.language, properties.revision = article.fields["language"], 1
    properties.created = properties.modified = MOMENT
    for block in article.blocks:
        text = unescape(block.text)
        if block.kind == "table":
            _word_table(document, block.rows)
        elif block.kind == "h1":
            document.add_heading(text, level=1)
        elif block.kind == "h2":
            document.add_heading(text, level=2)
        else:
            document.add_paragraph(text, style="List Bullet" if block.kind == "bullet" else None)
    document.sections[0].footer.paragraphs[0].text = f"{PUBLISHER} · {article.fields['note']}"
    buffer = io.BytesIO()
    document.save(buffer)
    return _fixed_zip(buffer.getvalue())


def _word_table(document: Document, rows: tuple[tuple[str, ...], ...]) -> None:
    table = document.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text


# ---- all of them


def build(source: Path) -> tuple[str, bytes]:
    """The file name and the bytes that a source becomes."""
    text = source.read_text(encoding="utf-8")
    if source.suffix == ".txt":
        return source.name, text.replace("\n", "\r\n").encode("cp1252")
    article = parse(text)
    kind = article.fields["format"]
    return f"{source.stem}.{kind}", {"pdf": pdf, "docx": docx}[kind](article)


def main(target: Path) -> None:
    """Writes every built article into `target` and names it."""
    target.mkdir(parents=True, exist_ok=True)
    for source in sorted((HERE / "sources").iterdir()):
        name, data = build(source)
        (target / name).write_bytes(data)
        print(f"{name}: {len(data)} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "articles")
