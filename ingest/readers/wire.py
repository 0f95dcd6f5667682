"""An extract as JSON and back, for the pipe between the program and the reader's own process.

Owns the format. JSON and not pickle: what comes out of a process that read a hostile file is data, never code.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from ingest.readers.extract import Extract, RawBlock
from ingest.readers.mail.mime import Attachment
from ingest.readers.properties.metadata import SourceMetadata
from kb.records.document import BlockKind, Box, FieldOrigin, Place
from kb.records.messages import restored, stored
from kb.records.ports import PagePicture


def extract_to_json(extract: Extract) -> str:
    """The extract as one JSON object."""
    blocks = [
        [block.text, block.kind.value, block.level, _place_to_list(block.place), block.furniture]
        for block in extract.blocks
    ]
    metadata = {**asdict(extract.metadata), "notes": [stored(note) for note in extract.metadata.notes]}
    notes = [stored(note) for note in extract.notes]
    return json.dumps({"blocks": blocks, "metadata": metadata, "media_type": extract.media_type, "notes": notes})


def attachments_to_json(attached: Sequence[Attachment]) -> str:
    """Attachments as a JSON list of names and bytes in base 64."""
    return json.dumps([[one.name, base64.b64encode(one.data).decode("ascii")] for one in attached])


def attachments_from_json(text: str | bytes) -> tuple[Attachment, ...]:
    """The attachments that were written; ValueError or TypeError for anything else."""
    pairs = json.loads(text)
    if not isinstance(pairs, list):
        raise TypeError(pairs)
    return tuple(Attachment(name, base64.b64decode(data, validate=True)) for name, data in pairs)


def picture_to_json(picture: PagePicture) -> str:
    """A drawn page as JSON, its bytes in base 64."""
    return json.dumps({**asdict(picture), "png": base64.b64encode(picture.png).decode("ascii")})


def picture_from_json(text: str | bytes) -> PagePicture:
    """The page that ``picture_to_json`` wrote; ValueError or KeyError for anything else."""
    fields = json.loads(text)
    return PagePicture(
        png=base64.b64decode(fields["png"], validate=True),
        left=float(fields["left"]),
        bottom=float(fields["bottom"]),
        width=float(fields["width"]),
        height=float(fields["height"]),
        turned=bool(fields["turned"]),
        pages=int(fields["pages"]),
    )


def extract_from_json(text: str | bytes) -> Extract:
    """The extract that was written; raises ValueError, KeyError or TypeError when it is not one."""
    fields = json.loads(text)
    blocks = tuple(
        RawBlock(content, BlockKind(kind), level, _place_from_list(place), furniture)
        for content, kind, level, place, furniture in fields["blocks"]
    )
    return Extract(blocks, _metadata(fields["metadata"]), fields["media_type"], tuple(map(restored, fields["notes"])))


def _place_to_list(place: Place) -> list[Any]:
    boxes = [[box.page, box.left, box.bottom, box.right, box.top] for box in place.boxes]
    counted = (place.page_label, place.slide, place.cell, place.time, place.recognised)
    return [place.page, boxes, place.element, place.paragraph, place.line, place.part, *counted]


def _place_from_list(values: list[Any]) -> Place:
    page, boxes, element, paragraph, line, part, label, slide, cell, time, recognised = values
    drawn = tuple(Box(*box) for box in boxes)
    counted = {"page_label": label, "slide": slide, "cell": cell, "time": time, "recognised": recognised}
    return Place(page, drawn, element, paragraph, line, part, **counted)


def _metadata(fields: dict[str, Any]) -> SourceMetadata:
    origins = tuple(FieldOrigin(**origin) for origin in fields["origins"])
    lists = {"authors": tuple(fields["authors"]), "notes": tuple(map(restored, fields["notes"]))}
    return SourceMetadata(**{**fields, **lists, "origins": origins})
