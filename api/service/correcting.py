"""The correction of a record: what a field may hold, and the record with it, written with its history.

Owns what is refused and why: a value goes into citations as it stands, so nothing is mended in silence. Knows no
door; files of records are ``ingest.sources``'.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Protocol

from api.service.schemas import RecordResponse
from kb.citing.reference import MAX_FIELD_CHARS, cleaned, is_loopback, read_date, safe_url
from kb.outside.strings import plain, whole
from kb.records.document import Document, Passage
from kb.records.errors import ChangedError, InputError
from kb.records.likeness import like
from kb.records.messages import Message, say
from kb.records.search import DocumentReference
from kb.records.source import RECORD_FIELDS, FieldValue
from kb.records.statistic import Statistic
from kb.store import Store

_MAX_AUTHORS = 200
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
# A report for next year is printed this year.
_YEARS_AHEAD = 1


class FigureReader(Protocol):
    """What reads figures; made of ingest's parts where the program is wired."""

    def figures_anew(
        self, before: Document, after: Document, passages: Sequence[Passage]
    ) -> tuple[Statistic, ...] | None:
        """The statistics of a document under its corrected record; null where they cannot be others than before."""
        ...


def corrected_record(
    store: Store,
    reader: FigureReader,
    document_id: str,
    fields: Mapping[str, object],
    by: str,
    revision: int | None,
    origin: str,
) -> RecordResponse:
    """The record with these fields, written; as it is where none of them differs. Errors as ``KnowledgeBase.correct``.

    Without ``revision`` a correction that somebody else makes meanwhile holds beside this one.
    """
    values = read_fields(fields, datetime.now(UTC).date())
    while True:
        document = store.document(document_id)
        made = document.corrected(values, datetime.now(UTC), by, origin)
        if made is document:  # a request that is repeated after its answer was lost, too
            return record_of(document)
        if revision is not None and revision != document.revision:
            raise _changed(document)
        try:
            figures = reader.figures_anew(document, made, store.passages_of(document.id))
            store.correct(made, figures, document.revision)
        except ChangedError:
            continue  # with a revision the next look refuses
        return record_of(made)


def record_of(document: Document) -> RecordResponse:
    """What is known of a document beside its text, with the history of it."""
    return like(RecordResponse, document, document=DocumentReference.of(document))


def read_fields(fields: Mapping[str, object], today: date) -> dict[str, FieldValue]:
    """The values of the fields of a record; InputError, naming the field, for one that it cannot have."""
    if not fields:
        raise InputError(say("the_correction"), say("names_no_field"), say("name_a_field_of_the_record"))
    for name in fields:
        if name not in RECORD_FIELDS:
            known = ", ".join(RECORD_FIELDS)
            raise InputError(say("field", field=name), say("is_not_known_here"), say("use_one_of", known=known))
    read: dict[str, Callable[[str, object], FieldValue]] = {"authors": _names, "url": _address}
    values = {name: read.get(name, _text)(name, value) for name, value in fields.items()}
    if (published := values.get("published")) is not None:
        _check_date(str(published), today)
    return values


def _text(name: str, value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise _refused(name, say("is_no_text"), say("write_it_as_text"))
    return _line(name, value)


def _names(name: str, value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, Iterable) or isinstance(value, str | Mapping):
        raise _refused(name, say("is_no_list_of_names"), say("write_one_name_each"))
    names = list(value)
    if len(names) > _MAX_AUTHORS:
        raise _refused(name, say("are_more_than", most=_MAX_AUTHORS), say("name_the_first_and_et_al"))
    lines = [_text(name, one) for one in names]
    return tuple(dict.fromkeys(line for line in lines if line))


def _line(name: str, text: str) -> str:
    """A text in one line as it will be cited; InputError where citing would have to change it."""
    line = " ".join(unicodedata.normalize("NFC", whole(text)).split())
    if not line:
        raise _refused(name, say("is_empty"), say("leave_it_out_or_say_unknown"))
    if plain(line) != line or "\ufffd" in line:
        raise _refused(name, say("has_control_characters"), say("write_it_as_it_is_printed"))
    if len(line) > MAX_FIELD_CHARS:
        raise _refused(name, say("is_longer_than_characters", most=MAX_FIELD_CHARS), say("shorten_it"))
    if cleaned(line) != line:
        raise _refused(name, say("has_markup_or_unseen_marks"), say("write_it_as_it_is_printed"))
    return line


def _address(name: str, value: object) -> str | None:
    line = _text(name, value)
    if line is None:
        return None
    address = safe_url(line)
    if address is None:
        raise _refused(name, say("is_no_web_address", url=line), say("write_it_with_https"))
    if is_loopback(address):
        raise _refused(name, say("is_an_address_of_this_machine", url=line), say("write_where_the_source_stands"))
    return address


def _check_date(published: str, today: date) -> None:
    day = read_date(published) if _DATE.fullmatch(published) else None
    if day is None:
        raise _refused("published", say("published_is_not_a_date", published=published), say("write_it_as_2022_09_30"))
    if day.year > today.year + _YEARS_AHEAD:
        raise _refused("published", say("lies_in_the_future", published=published), say("write_it_as_2022_09_30"))


def _refused(name: str, reason: Message, hint: Message) -> InputError:
    return InputError(say("field", field=name), reason, hint)


def _changed(document: Document) -> ChangedError:
    return ChangedError(
        say("document", document=document.id),
        say("its_record_was_corrected_meanwhile"),
        say("look_at_it_and_correct_it_again"),
    )
