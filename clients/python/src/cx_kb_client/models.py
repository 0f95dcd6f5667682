"""What the server gives and takes; generated from its contract, not to be edited."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """A record; members that this client does not know are passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True)


# Servers to come may know more values.
BlockKind: TypeAlias = Literal["heading", "paragraph", "list_item", "quote", "table_row", "caption"] | str

# Servers to come may know more values.
ClaimPart: TypeAlias = Literal["value", "unit", "hedge", "direction", "denial", "year", "source", "population"] | str

# Servers to come may know more values.
Comparator: TypeAlias = (
    Literal["exact", "about", "almost", "more_than", "less_than", "at_least", "at_most", "up_to", "range"] | str
)

# Servers to come may know more values.
DeliveryState: TypeAlias = Literal["waiting", "delivered", "failed", "empty"] | str

# Servers to come may know more values.
Direction: TypeAlias = Literal["increase", "decrease"] | str

# Servers to come may know more values.
DraftVerdict: TypeAlias = (
    Literal[
        "supported",
        "other_hedge",
        "other_unit",
        "other_direction",
        "other_year",
        "other_source",
        "other_population",
        "denied",
        "contradicted",
        "not_found",
    ]
    | str
)

# Servers to come may know more values.
Event: TypeAlias = Literal["job.finished", "search.matched"] | str

# Servers to come may know more values.
FigureChange: TypeAlias = (
    Literal[
        "year_lost",
        "year_changed",
        "hedge_lost",
        "hedge_changed",
        "source_lost",
        "source_changed",
        "population_lost",
        "population_widened",
        "population_changed",
        "sample_lost",
        "sample_changed",
        "value_changed",
    ]
    | str
)

# Servers to come may know more values.
FileFormat: TypeAlias = (
    Literal[
        "pdf",
        "html",
        "docx",
        "epub",
        "md",
        "txt",
        "eml",
        "mhtml",
        "webarchive",
        "odt",
        "odp",
        "csv",
        "tsv",
        "xlsx",
        "pptx",
        "rtf",
        "msg",
        "vtt",
        "srt",
        "png",
        "jpg",
        "tif",
    ]
    | str
)

# Servers to come may know more values.
FindingKind: TypeAlias = Literal["text", "figure", "list"] | str

# Servers to come may know more values.
Granularity: TypeAlias = Literal["day", "month", "quarter", "half", "season", "year"] | str

# Servers to come may know more values.
JobState: TypeAlias = Literal["queued", "running", "done", "failed", "cancelled"] | str

# Servers to come may know more values.
Kind: TypeAlias = (
    Literal["percent", "fraction", "ratio", "multiplier", "count", "currency", "score", "rank", "duration"] | str
)

# Servers to come may know more values.
Language: TypeAlias = Literal["es", "en", "other"] | str

# Servers to come may know more values.
Seal: TypeAlias = Literal["intact", "edited", "absent"] | str

# Servers to come may know more values.
SourceState: TypeAlias = Literal["confirmed", "name_only", "excerpt", "hash_mismatch", "missing"] | str

# Servers to come may know more values.
Status: TypeAlias = Literal["answered", "no_evidence"] | str

# Servers to come may know more values.
Style: TypeAlias = Literal["apa", "mla", "chicago", "chicago-author-date", "bibtex", "ris", "csl-json"] | str

# Servers to come may know more values.
Topic: TypeAlias = Literal["metrics", "maturity", "empathy", "social_media", "technology_gap"] | str

# Servers to come may know more values.
Verdict: TypeAlias = (
    Literal["exact", "normalised", "misattributed", "number_changed", "negation_changed", "unclear", "not_found"] | str
)


class Analysis(Record):
    """Topics, statistics and sentences of a text, whether or not it is in a base; all spans count code points
    of ``text`` as it was given. ``note`` says what could not be done in full (topics from words alone,
    say), else null.
    """

    # The id that was sent, or one made of the text.
    id: str
    # The language: es, en or other.
    language: Language
    # The topics it was given.
    topics: list[TopicAssignment]
    # The figures in it.
    statistics: list[Statistic]
    # The sentences, in order.
    sentences: list[Span]
    # Numbers in the text that are no figures, each with the reason.
    rejected: list[RejectedNumber] = []
    # A remark; null where there is none.
    note: str | None = None


class Answer(Record):
    """A cited answer; ``related`` holds near hits, which may not answer. ``text`` and ``statements`` are
    always the sources' own words. ``notes`` are said beside them, in ``language``: that a list has another
    number of things than was asked for, that no source in a language answers, how a word was read.
    ``judge`` names what judged the evidence, and what was wrong with a judge that failed; empty in answers
    of before.
    """

    # The question as it was asked.
    question: str
    # The language: es, en or other.
    language: Language
    # "answered", or "no_evidence" where the base does not hold the answer.
    status: Status
    # The whole answer as text: the statements with their citation marks.
    text: str
    # The findings, in order; every line of each is a quote.
    statements: list[Statement]
    # The quotes with their documents and places, by number.
    citations: list[Citation]
    # Passages that are near but do not answer.
    related: list[Hit] = []
    # What is to be known beside the answer, in plain words: what was not done in full, which language is
    # silent, how a word was read.
    notes: list[str] = []
    # Who judged the evidence: the bundled judge, another by name, or the weights alone with the reason.
    judge: str = ""


class Attempt(Record):
    """One try: when, the status that came back or the reason why none did, and the milliseconds it took."""

    # When it was tried, in ISO 8601 and UTC.
    at: str
    # The HTTP status that came back; null where none did.
    status: int | None
    # Why, in plain words; null where there is nothing to say.
    reason: str | None
    # How long it took.
    milliseconds: int


class Block(Record):
    """A block of the canonical text: its span, what it is, and where it stands in the original. ``level`` is
    1 to 6 for headings, the nesting depth (from 1) for list items, else 0.
    """

    # Where it stands in the document's text, in Unicode code points.
    span: Span
    # What the block of the original is.
    kind: BlockKind
    # 1 to 6 for a heading, the depth from 1 for a list item, otherwise 0.
    level: int
    # Where it stands in the original file.
    place: Place


class Box(Record):
    """A rectangle on a PDF page, in points from the lower left corner."""

    # The page, counted from 1.
    page: int
    # The left edge, in points.
    left: float
    # The lower edge, in points from the bottom of the page.
    bottom: float
    # The right edge, in points.
    right: float
    # The upper edge, in points from the bottom of the page.
    top: float


class BriefHit(Record):
    """A hit as the sentence that matched, and where it is from."""

    # The position among the hits, from 1.
    rank: int
    # The id of the passage.
    passage_id: str
    # The words of the source, verbatim.
    quote: str
    # The language: es, en or other.
    language: Language
    # The title; null where none is known.
    title: str | None
    # Who published it; null where that is not known.
    publisher: str | None
    # The date of publication in ISO 8601, as precise as it is known ("2022", "2022-09-30"); null where it is
    # not.
    published: str | None


class BriefResponse(Record):
    """A page of hits in their short form."""

    # How many passages fulfil the filters; all were compared with the question. Null where the search was
    # degraded.
    searched: int | None
    # How many hits can be paged through.
    total: int
    # The passages found, best first.
    hits: list[BriefHit]
    # The cursor of the next page; null on the last one.
    next: str | None
    # What was not done in full, in plain words; empty when everything was.
    notes: list[str] = []


class CheckedDraft(Record):
    """The figures of a draft in order; ``unchecked`` counts those beyond the first 60. ``sentences`` are
    those without figures, which are checked as quotes only.
    """

    # The language: es, en or other.
    language: Language
    # The figures of the draft, in order, each with its verdict.
    figures: list[CheckedFigure]
    # How many figures were not checked because the draft has too many.
    unchecked: int
    # The sentences without a figure, each checked as a quote.
    sentences: list[CheckedSentence] = []


class CheckedFigure(Record):
    """A figure of the draft, what was found of it, and the citation that says so. ``evidence`` is the
    statistic of the base, null where nothing was found or the source only denies it; ``citation`` the
    sentence, of a figure not found the nearest one (``nearest``), null where nothing is near; ``differs``
    names each part that the source says otherwise, in its words. ``mine`` and ``theirs`` are the differing
    characters of ``figure.quote`` and of ``citation.quote``.
    """

    # The figure.
    figure: Statistic
    # What the base says of the figure.
    finding: DraftVerdict
    # The figure in the base that it was compared with; null where none was found.
    evidence: Statistic | None = None
    # The sentence of the source that says so, or the nearest one; null where nothing is near.
    citation: Citation | None = None
    # Each part of the claim that the source says otherwise.
    differs: list[ClaimDifference] = []
    # The characters of the draft's sentence that differ.
    mine: list[Span] = []
    # The characters of the source's sentence that differ.
    theirs: list[Span] = []
    # Whether the citation is only the nearest thing found.
    nearest: bool = False


class CheckedSentence(Record):
    """A sentence of the draft without a figure: a quote of the base with its citation, or unchecked (null)."""

    # Where it stands in the draft, in Unicode code points.
    span: Span
    # The text, as plain Unicode.
    text: str
    # The citation, where the sentence is a quote of the base; null where it was not found.
    citation: Citation | None


class Citation(Record):
    """A quote and where it stands: ``document.text[span] == quote``, in the source with this SHA-256.
    ``number`` is the mark in an answer, counted from 1. ``permalink`` is a path on the server.
    ``headings`` are those that it stands under, the highest first, without the title of the document: they
    may name whom it is about.
    """

    # The number of the citation, counted from 1.
    number: int
    # The document it comes from.
    document: DocumentReference
    # The id of the passage.
    passage_id: str
    # The words of the source, verbatim.
    quote: str
    # Where it stands in the document's text, in Unicode code points.
    span: Span
    # The SHA-256 of the original bytes, in hexadecimal.
    sha256: str
    # The path on this server that opens the quote in its place.
    permalink: str
    # Where it stands in the original file; several where it crosses pages or blocks.
    places: list[Place] = []
    # The headings that the quote stands under, outermost first.
    headings: list[str] = []


class CitationsResponse(Record):
    """Citations in the order in which they were asked for."""

    # The citation style.
    style: Style
    # The language: es, en or other.
    language: Language
    # The citations, in the order asked for.
    citations: list[FormattedCitation]


class CitedStatistic(Record):
    """A statistic and the citation of its sentence; ``also_in`` are the other places that state the same
    figure. ``score`` says how near it is to the words asked for (higher is nearer), null where none were;
    ``attribution`` who measured it, of how many and whom, when, and who repeats it, null where the
    measurer is not known; ``sources`` how many documents state it, reprints and translations counted once;
    ``reported_by`` who repeats the figure of another (the document's publisher, else its title), null
    where the document is the measurer's own or no measurer is known.
    """

    # The figure.
    statistic: Statistic
    # The sentence it comes from, with its document and its place.
    citation: Citation
    # Other places that state the same figure.
    also_in: list[FigurePlace] = []
    # The figure as a sentence to copy, in both languages.
    sentence: CopyReady | None = None
    # How near it is to the words asked for; null where none were.
    score: float | None = None
    # Who measured it, of how many and whom, when, and who repeats it, in a line of each language.
    attribution: CopyReady | None = None
    # How many documents state it; reprints and translations count once.
    sources: int = 1
    # Who repeats the figure of another: the document's publisher, else its title; null where the document is
    # the measurer's own, or no measurer is known.
    reported_by: str | None = None


class ClaimDifference(Record):
    """The part that differs and what the source says of it, in its own words ("2021", "PwC", "hasta")."""

    # The part of the claim that differs.
    part: ClaimPart
    # What the source says of it, in its own words.
    theirs: str


class ClaimPlace(Record):
    """A place that states a figure, with its citation and what it tells otherwise than the first place."""

    # The figure.
    statistic: Statistic
    # The sentence it comes from, with its document and its place.
    citation: Citation
    # What it tells otherwise than the first place; empty for the first.
    changes: list[FigureChange]


class CopyReady(Record):
    """A statistic as a sentence to copy, its number and words around the quote Spanish or English; the quote
    is never translated, and what is not known is not said.
    """

    # The sentence to copy, in Spanish.
    es: str
    # The sentence to copy, in English.
    en: str


class Correction(Record):
    """What changed in a record at a time (UTC). ``by`` is who did it ("operator", "key:k…"), ``origin`` where
    the new values come from ("corrected by hand", "sidecar", "BibTeX" …).
    """

    # When it was corrected, in ISO 8601 and UTC.
    at: str
    # Who corrected it ("operator", "key:k…").
    by: str
    # Where the new values come from ("corrected by hand", "sidecar", "BibTeX" …).
    origin: str
    # Each field that changed, as it was and as it is.
    changes: list[FieldChange]


class CoverageCell(Record):
    """Passages of one topic, language and year (null: documents without a date). ``unsure`` of them have the
    topic with a probability under .65; all stand in so many ``documents``.
    """

    # The topic.
    topic: Topic
    # The language: es, en or other.
    language: Language
    # The year; null where none is known.
    year: int | None
    # How many passages there are.
    passages: int
    # How many of them have the topic with a probability under 0.65.
    unsure: int
    # In how many documents they stand.
    documents: int


class DeliveriesResponse(Record):
    """What was sent to a webhook, newest first, with every try."""

    # The webhook.
    webhook: WebhookLine
    # What was sent, newest first.
    deliveries: list[Delivery]


class Delivery(Record):
    """A message to a webhook, with every try so far; ``due`` is when the next one comes, null when none does."""

    # The id of this record; it does not change.
    id: str
    # The webhook it is for.
    webhook_id: str
    # What the webhook is told of.
    event: Event
    # When it was created, in ISO 8601 and UTC.
    created: str
    # The job it tells of.
    job_id: str
    # Where it stands.
    state: DeliveryState = "waiting"
    # When the next try is made; null where none is.
    due: str | None = None
    # Every try so far, oldest first.
    attempts: list[Attempt] = []


class Difference(Record):
    """What a finding has other than the statement ``statement`` (counted from 1) on the same subject.
    ``field`` is "value", "year", "population" or "source"; ``here`` and ``there`` are as the texts say,
    null where a text does not say.
    """

    # The number of the statement, counted from 1.
    statement: int
    # "value", "year", "population" or "source".
    field: str
    # What this finding says; null where it does not say.
    here: str | None
    # What the other statement says; null where it does not say.
    there: str | None


class Document(Record):
    """One version of one source, as canonical text with its metadata. Unknown fields are null. ``id`` comes
    from the SHA-256 of the original bytes; ``source_id`` is the name given by whoever sent it;
    ``published`` is an ISO 8601 date of any precision ("2022", "2022-09-30"). ``duplicate_of`` is the id
    of the document that this one repeats, ``translation_of`` of the one that says the same in another
    language (which of the two was written first is not known). ``corrections`` are the changes of its
    record since it was read, the oldest first.
    """

    # The id of this record; it does not change.
    id: str
    # The name that its sender gave it: a path, an address or an id of their own.
    source_id: str
    # The title; null where none is known.
    title: str | None
    # The authors, as "First Last" or the name of an organisation; empty where none is known.
    authors: list[str]
    # Who published it; null where that is not known.
    publisher: str | None
    # The date of publication in ISO 8601, as precise as it is known ("2022", "2022-09-30"); null where it is
    # not.
    published: str | None
    # The address it was published at; null where there is none.
    url: str | None
    # The media type of the original file.
    media_type: str
    # The SHA-256 of the original bytes, in hexadecimal.
    sha256: str
    # The canonical text; all offsets count in it.
    text: str
    # The headings, paragraphs, list items and tables of the text, in order.
    blocks: list[Block]
    # How much of the document is in each language.
    language_mix: list[LanguageShare]
    # The series that versions of one publication share; null where there is none.
    series: str | None = None
    # The version of this source, counted from 1.
    version: int = 1
    # The id of the document whose text it repeats; null where it repeats none.
    duplicate_of: str | None = None
    # The id of the document that says the same in another language; null where there is none.
    translation_of: str | None = None
    # What cleaning took out, with the rule that did so.
    removed: list[RemovedBlock] = []
    # Where each field of the record was found.
    origins: list[FieldOrigin] = []
    # Every correction of its record, oldest first.
    corrections: list[Correction] = []


class DocumentBody(Record):
    """A document as text, with what its sender knows of it."""

    # The title; null where none is known.
    title: str | None = None
    # The authors; null where you do not know them.
    authors: list[str] | None = None
    # Who published it; null where that is not known.
    publisher: str | None = None
    # The date of publication in ISO 8601, as precise as it is known ("2022", "2022-09-30"); null where it is
    # not.
    published: str | None = None
    # The address it was published at; null where there is none.
    url: str | None = None
    # The series that versions of one publication share; null where there is none.
    series: str | None = None
    # A name of your own for the document; sent again under it, a changed text becomes a new version.
    id: str
    # The text, as plain Unicode.
    text: str


class DocumentLine(Record):
    """A document in a list."""

    # The document by what names it.
    document: DocumentReference
    # The media type of the original file.
    media_type: str
    # The SHA-256 of the original bytes, in hexadecimal.
    sha256: str
    # How much of the document is in each language.
    language_mix: list[LanguageShare]
    # The version of this source, counted from 1.
    version: int
    # Whether this is the newest version.
    current: bool
    # The id of the document whose text it repeats; null where it repeats none.
    duplicate_of: str | None
    # How many passages it has.
    passages: int
    # How many figures it has.
    statistics: int
    # How many blocks cleaning took out.
    removed: int
    # The length of its text in characters.
    characters: int
    # Other names under which the same file was sent.
    also_named: list[str]


class DocumentReference(Record):
    """What a reader needs to recognise a document; unknown fields are null, ``inferred`` names those nothing
    states.
    """

    # The id of this record; it does not change.
    id: str
    # The name that its sender gave it: a path, an address or an id of their own.
    source_id: str
    # The title; null where none is known.
    title: str | None
    # The authors, as "First Last" or the name of an organisation; empty where none is known.
    authors: list[str]
    # Who published it; null where that is not known.
    publisher: str | None
    # The date of publication in ISO 8601, as precise as it is known ("2022", "2022-09-30"); null where it is
    # not.
    published: str | None
    # The address it was published at; null where there is none.
    url: str | None
    # The fields of the record that nothing states; references mark them.
    inferred: list[str] = []


class DocumentResponse(Record):
    """A document with its text, what was removed from it, and its passages."""

    # The document, whole.
    document: Document
    # Whether this is the newest version.
    current: bool
    # The passages of the document, in order.
    passages: list[Passage]
    # What cleaning took out, with the rule that did so.
    removed: list[RemovedBlock]


class DocumentsResponse(Record):
    """The current documents of the base, by source, or a page of them with the cursor of the next."""

    # The documents, by source id.
    documents: list[DocumentLine]
    # How many there are in all, over every page.
    total: int
    # The cursor of the next page; null on the last one.
    next: str | None = None


class DossierEntry(Record):
    """A quote to print: its citation, note, and reference written beside a quote, in a footnote, as RIS and
    as BibTeX. ``ris`` and ``bibtex`` are the one record of its source. ``link`` opens the quote where
    others reach the base; empty where they do not. ``source`` is the document as it stands in a list of
    works, ``figures`` the statistics inside the quote, ``opens`` the address of its document, "" as
    ``link``. ``theme`` is what its passage is about ("" where that is not known), null where quotes stand
    in the order in which they came.
    """

    # The quote with its document and its place.
    citation: Citation
    # The language: es, en or other.
    language: Language
    # Your note to it; empty where there is none.
    note: str
    # The short reference to stand beside the quote.
    beside: str
    # The reference for the list at the end.
    reference: str
    # The reference as RIS.
    ris: str
    # The reference as BibTeX.
    bibtex: str
    # The address that opens the quote in its place; empty where others do not reach the base.
    link: str
    # The document as it stands in a list of works.
    source: str = ""
    # The figures inside the quote.
    figures: list[Statistic] = []
    # The short address of the document where others reach the base; empty where they do not.
    opens: str = ""
    # What its passage is about, in words; empty where that is not known.
    theme: str | None = None


class FacetCount(Record):
    """A value of a facet and how many hits have it."""

    # The value.
    value: str
    # How many have it.
    count: int


class FieldChange(Record):
    """A field of a record as it was and as it is from then on; null, or no names, where it is not known."""

    # The field meant.
    field: str
    # What it was; null, or no names, where that was not known.
    before: str | list[str] | None
    # What it is from then on; null, or no names, where that is not known.
    after: str | list[str] | None


class FieldOrigin(Record):
    """Where a metadata field came from ("json-ld", "front matter", "sidecar", "byline on the page")."""

    # The field meant.
    field: str
    # Where the field was found.
    origin: str


class FigureHistory(Record):
    """A figure through the base. ``places`` are all that state it, the measurer's own document first, else
    the one published first; ``differing`` are figures of another value that measure the same, with what
    differs.
    """

    # The id that was asked for.
    statistic_id: str
    # Every place that states the figure: the measurer's own document first, else the one published first.
    places: list[ClaimPlace]
    # Figures of another value that measure the same, with what differs.
    differing: list[ClaimPlace]


class FigurePlace(Record):
    """Another place that states the same figure: its own record's id, its words and the citation of its
    sentence.
    """

    # The id of the same figure in that place.
    statistic_id: str
    # The figure as it stands in the text, with its hedge and its unit.
    raw: str
    # The language: es, en or other.
    language: Language
    # The sentence it comes from, with its document and its place.
    citation: Citation


class FilterBody(Record):
    """Filters of a question."""

    # Only this topic, one of the five or your own (several).
    topic: list[str] = []
    # Only es, en or other (several times).
    language: list[str] = []
    # Published in this year or later.
    year_from: int | None = None
    # Published in this year or earlier.
    year_to: int | None = None
    # Only sources or publishers with this in the name.
    source: list[str] = []
    # Only passages with (or without) a statistic.
    has_statistic: bool | None = None
    # Only this sub-topic: nps, journey_maps, stage:3, stage:2..4 (several).
    subtopic: list[str] = []
    # Only originals of a format: pdf, html, docx, eml, xlsx … (several).
    format: list[str] = []


class Finding(Record):
    """What stands behind a statement: how many independent sources say it (reprints counted once), in which
    languages, with which figures, how it differs from statements before it on the same subject, and how
    many further sources (``against``) say another figure there.
    """

    # Sentences, a sentence with a figure, or a list.
    kind: FindingKind
    # How many independent sources say it; reprints count once.
    sources: int
    # The languages in which it is said.
    languages: list[Language]
    # The figures in it.
    statistics: list[Statistic] = []
    # How it differs from other statements on the same subject.
    differs: list[Difference] = []
    # How many further sources say another figure of the same subject.
    against: int = 0


class FormattedCitation(Record):
    """A citation of a passage, a statistic or a document. ``quote`` and ``passage_id`` are null for a whole
    document; ``in_text`` is null for file formats (BibTeX, RIS, CSL-JSON), and names who measured a figure
    that the document repeats, as the style asks. ``current`` is false for a version or a reading that a
    newer one has replaced; ``corrected`` is when the record was last corrected, null if never.
    """

    # The id that was asked for.
    id: str
    # The document it comes from.
    document: DocumentReference
    # The id of the passage; null for a whole document.
    passage_id: str | None
    # The words cited; null for a whole document.
    quote: str | None
    # The entry for the list of references.
    entry: str
    # The short form for the running text; null for BibTeX, RIS and CSL-JSON.
    in_text: str | None
    # The quote followed by its short reference; null where there is no quote.
    with_quote: str | None
    # The path on this server that opens the quote in its place.
    permalink: str | None
    # Whether this is the newest version.
    current: bool = True
    # When the record of the document was last corrected; null if never.
    corrected: str | None = None


class Hit(Record):
    """A passage found, ranked from 1, with its score (higher is better) and its citation."""

    # The position among the hits, from 1.
    rank: int
    # How well it fits; higher is better.
    score: float
    # Why it was found.
    why: Why
    # The passage.
    passage: Passage
    # The document it comes from.
    document: DocumentReference
    # The sentence that fits best, with its document and its place.
    citation: Citation
    # Other documents that have the same text.
    also_in: list[DocumentReference] = []


class InfoResponse(Record):
    """What this server is and holds: enough to know what may be asked of it."""

    # The version of the contract; of its first number nothing is ever taken away.
    version: str
    # The version of the program that runs.
    program: str
    # Whether the base cannot be written here.
    read_only: bool
    # The model whose vectors the base holds; null while it is empty.
    model: str | None
    # The languages that passages can be in.
    languages: list[Language]
    # The five topics.
    topics: list[Topic]
    # The topics of your own, by name.
    own_topics: list[str]
    # The file formats that can be filtered by.
    formats: list[FileFormat]
    # How many documents, passages and statistics the base holds.
    counts: dict[str, int]


class Job(Record):
    """An ingestion. ``total`` counts what was sent; archives, JSON lines and feeds may give more ``files``
    than that. ``attempt`` counts how often it was started; ``error`` says why the whole job failed, else
    null. ``stage`` is what is being done ("fetching", "reading", "embedding", "writing") and
    ``working_on`` to which source; null when nothing is. ``cut_off`` names the source that was being
    ingested each time that the job was cut off, "" where none was. ``read`` counts the sources that this
    attempt began to read: they are embedded and written together, later. ``waiting`` says why a queued job
    that was started once is started later again, else null. ``cancelling`` is true once somebody asked for
    its end: what was read by then goes in, nothing more is begun.
    """

    # The id of this record; it does not change.
    id: str
    # Where it stands.
    state: JobState
    # When it was created, in ISO 8601 and UTC.
    created: str
    # How many files or addresses were sent; archives and feeds may give more.
    total: int
    # When it was started; null before that.
    started: str | None = None
    # When it ended; null before that.
    finished: str | None = None
    # How often it was started.
    attempt: int = 0
    # What became of each file so far.
    files: list[JobFile] = []
    # Why the whole job failed; null where it did not.
    error: str | None = None
    # What is being done ("fetching", "reading", "embedding", "writing"); null when nothing is.
    stage: str | None = None
    # The source being ingested; null when there is none.
    working_on: str | None = None
    # The source being ingested each time the job was cut off; "" where none was.
    cut_off: list[str] = []
    # Why a job waits to be started again; null where it does not.
    waiting: str | None = None
    # How many sources this attempt has begun to read; they are embedded and written together, later.
    read: int = 0
    # Whether its end was asked for: what was read by then goes in, nothing more is begun.
    cancelling: bool = False


class JobFile(Record):
    """One file of a job: ``outcome`` is added, updated, unchanged, repaired, duplicate, skipped or failed,
    with the reason. ``note`` says what of it was left unread, ``look_at`` whether that is so much that a
    person should compare it with the original.
    """

    # The name that its sender gave it: a path, an address or an id of their own.
    source_id: str
    # added, updated, unchanged, repaired, duplicate, skipped or failed.
    outcome: str
    # The id of the document; null while there is none.
    document_id: str | None = None
    # How many passages came of it.
    passages: int = 0
    # How many figures came of it.
    statistics: int = 0
    # The id of the document whose text it repeats; null where it repeats none.
    duplicate_of: str | None = None
    # At what the file failed or was left out ("fetch", "read", "refused" …); null where it was not.
    stage: str | None = None
    # Why, in plain words; null where there is nothing to say.
    reason: str | None = None
    # What to do next, in the caller's language; null where there is nothing to do.
    hint: str | None = None
    # What of the file was left unread; null where nothing was.
    note: str | None = None
    # Whether so much was left unread that a person should compare it with the original.
    look_at: bool = False


class JobsResponse(Record):
    """A page of the jobs, newest first, with the cursor of the next."""

    # The jobs, newest first.
    jobs: list[Job]
    # How many there are in all, over every page.
    total: int
    # The cursor of the next page; null on the last one.
    next: str | None


class JudgedQuote(Record):
    """A citation of the answer with its judgement and the state of its source. ``sound`` says whether the
    quote stands at its stated place in a source that is not known to be another one.
    """

    # The number of the citation, counted from 1.
    number: int
    # The words of the source, verbatim.
    quote: str
    # The name that its sender gave it: a path, an address or an id of their own.
    source_id: str
    # The verdict on the quote.
    judgement: Judgement
    # Whether the source at hand is the one that was quoted.
    source: SourceState
    # Whether the quote stands at its stated place in a source that is not known to be another one.
    sound: bool = False


class Judgement(Record):
    """A verdict, the place it rests on, and why. ``span_found`` counts in the judged text, or in the other
    text named by ``found_in`` when the quote is misattributed. For a changed quote it is the nearest
    place; null where nothing is near. ``said_by`` are the words of its sentence, cut from an accepted
    quote, that say who claims it ("Según la dirección,").
    """

    # How the quote stands to its source.
    verdict: Verdict
    # Where it, or the nearest thing to it, stands; null where nothing is near.
    span_found: Span | None
    # Why, in plain words; null where there is nothing to say.
    reason: str
    # The document it was found in when that is another one; null otherwise.
    found_in: str | None = None
    # The words of the sentence, cut from the quote, that say who claims it; null where there are none.
    said_by: str | None = None


class KnownBody(Record):
    """What a sender knows of a document."""

    # The title; null where none is known.
    title: str | None = None
    # The authors; null where you do not know them.
    authors: list[str] | None = None
    # Who published it; null where that is not known.
    publisher: str | None = None
    # The date of publication in ISO 8601, as precise as it is known ("2022", "2022-09-30"); null where it is
    # not.
    published: str | None = None
    # The address it was published at; null where there is none.
    url: str | None = None
    # The series that versions of one publication share; null where there is none.
    series: str | None = None


class LanguageShare(Record):
    """The share (0 to 1) of a document's characters that stand in a language."""

    # The language: es, en or other.
    language: Language
    # The share of the characters, 0 to 1.
    share: float


class NewHitsResponse(Record):
    """A page of new hits, in the order in which they were added. ``until`` marks them as seen when it is sent
    back.
    """

    # The saved search.
    search: SavedSearchLine
    # How many there are in all, over every page.
    total: int
    # The passages that came in, in the order in which they did.
    hits: list[Hit]
    # The cursor of the next page; null on the last one.
    next: str | None
    # Send this back to mark everything up to here as seen.
    until: str
    # What was not done in full, in plain words; empty when everything was.
    notes: list[str] = []


class NewWebhook(Record):
    """A webhook and the secret that signs what is sent to it, shown this once."""

    # The webhook.
    webhook: WebhookLine
    # The secret that signs the messages. It is shown this once.
    secret: str


class OwnTopicAssignment(Record):
    """A user's topic given to a passage. The score (0.5 to 1) ranks; it is not a calibrated probability."""

    # The name.
    name: str
    # From 0.5 to 1; it ranks and is no probability.
    score: float
    # The sentences that speak for it, verbatim.
    evidence: list[str]


class Passage(Record):
    """A piece of a document that can be found, read and cited by itself. ``sentences`` are spans of the
    document's text inside ``span``, in order; ``other_spans`` are other places of the document where the
    same text stands (pull quotes).
    """

    # The id of this record; it does not change.
    id: str
    # The id of the document; null while there is none.
    document_id: str
    # Where it stands in the document's text, in Unicode code points.
    span: Span
    # The text, as plain Unicode.
    text: str
    # The language: es, en or other.
    language: Language
    # The headings above the passage, outermost first.
    heading_path: list[str] = []
    # The sentences, in order.
    sentences: list[Span] = []
    # The topics it was given.
    topics: list[TopicAssignment] = []
    # Other places of the document where the same text stands.
    other_spans: list[Span] = []
    # The topics of your own that it was given.
    own_topics: list[OwnTopicAssignment] = []


class PassageResponse(Record):
    """A passage, its document, where it stands in the original, whether that version is the newest, and when
    the record of the document was last corrected (null if never).
    """

    # The passage.
    passage: Passage
    # The document it comes from.
    document: DocumentReference
    # Where it stands in the original file; several where it crosses pages or blocks.
    places: list[Place]
    # The whole passage as a citation.
    citation: Citation
    # Whether this is the newest version.
    current: bool
    # When the record of the document was last corrected; null if never.
    corrected: str | None = None


class Period(Record):
    """When a figure was measured, or is expected. ``start`` and ``end`` are the first and last day, month or
    year, both of them inside, as ISO 8601 writes them ("2022-03", "2022"): a quarter or half by its
    months, a season by its year alone. ``quote`` are its words and ``span`` where they stand in the
    document's text; both are null where only the document's data say when, and the span where the words
    are the title's. ``target`` says that the figure is a forecast for then.
    """

    # The first day, month or year of it, as ISO 8601 writes it ("2022-03").
    start: str
    # The last day, month or year of it.
    end: str
    # How finely it is known: day, month, quarter, half, season or year.
    granularity: Granularity
    # Its words; null where only the document's data say when.
    quote: str | None = None
    # Where its words stand in the document's text; null where they are the title's, or there are none.
    span: Span | None = None
    # Whether the figure is a forecast for then.
    target: bool = False


class Place(Record):
    """Where a block stands in the original file; what does not apply is null. ``page``, ``paragraph`` and
    ``line`` count from 1. ``element`` is an XPath in HTML or EPUB. ``part`` is the member file inside an
    archive (EPUB, ZIP) or the part of a mail ("1.2"). ``slide`` counts from 1, ``cell`` is the first cell
    of a row with its sheet ("Datos!B7"). ``fragment`` ("#:~:text=…") takes a browser to the words on a web
    page; it is made where a place is asked for and not kept. ``page_label`` is the number printed on the
    page ("15", "xii") where it is another than ``page``, which counts the pages of the file. ``time`` is
    that of a recording, from its beginning ("0:12:31"). ``recognised`` says that the text was read off a
    picture (OCR).
    """

    # The page of the file, counted from 1; null where there are no pages.
    page: int | None = None
    # The rectangles on the page.
    boxes: list[Box] = []
    # The XPath of the element in HTML or EPUB.
    element: str | None = None
    # The paragraph, counted from 1.
    paragraph: int | None = None
    # The line, counted from 1.
    line: int | None = None
    # The file inside an archive, or the part of a mail.
    part: str | None = None
    # The end of an address ("#:~:text=…") that takes a browser to the words.
    fragment: str | None = None
    # The number printed on the page where it is another than `page`.
    page_label: str | None = None
    # The slide, counted from 1.
    slide: int | None = None
    # The first cell of the row, with its sheet ("Datos!B7").
    cell: str | None = None
    # The time in a recording ("0:12:31").
    time: str | None = None
    # Whether the text was read off a picture (OCR).
    recognised: bool = False


class ProblemFacts(Record):
    """What a problem code means, in both languages."""

    # The stable code of the problem; programs should decide by it.
    code: str
    # The HTTP status it comes with.
    status: int
    # What is wrong, in English.
    title_en: str
    # What is wrong, in Spanish.
    title_es: str
    # What to do, in English.
    hint_en: str
    # What to do, in Spanish.
    hint_es: str


class RecordResponse(Record):
    """The record of a document, how often it was corrected (``revision``), and its history, the oldest first."""

    # The document by what names it.
    document: DocumentReference
    # The series that versions of one publication share; null where there is none.
    series: str | None
    # How often the record was corrected.
    revision: int
    # Every correction, oldest first.
    corrections: list[Correction]
    # Where each field of the record was found.
    origins: list[FieldOrigin]


class RejectedNumber(Record):
    """A number in a text that is not a figure, and why ("year", "list_number", "idiom" …)."""

    # Where it stands in the text that was sent, in Unicode code points.
    span: Span
    # The number as it stands in the text.
    raw: str
    # Why it is no figure: "year", "list_number", "idiom" …
    reason: str


class RemovedBlock(Record):
    """A block that cleaning took out: its text, the rule that did it, and its place in the original."""

    # The text, as plain Unicode.
    text: str
    # The rule that took it out.
    rule: str
    # Where it stands in the original file.
    place: Place


class Report(Record):
    """What became of a saved answer: each quote, the state of its seal, and what else is wrong with it."""

    # The verdict on each quote.
    quotes: list[JudgedQuote]
    # Whether the file is as it was saved.
    seal: Seal
    # What else is wrong with the answer.
    problems: list[str]


class SavedSearchLine(Record):
    """A saved search as it is shown, its filters in the words of a request."""

    # The id of this record; it does not change.
    id: str
    # The name.
    name: str
    # When it was created, in ISO 8601 and UTC.
    created: str
    # The words looked for; null for everything that passes the filters.
    text: str | None
    # The filters it is narrowed by.
    filters: FilterBody


class SearchResponse(Record):
    """A page of hits. ``searched`` counts the passages that fulfil the filters, all compared with the
    question (null where the search was degraded), ``total`` the nearest of them, which can be paged
    through; ``next`` is the cursor of the next page or null; ``notes`` say what was not done in full.
    ``degraded`` is true where the search did with less than all it has (without its model, or while its
    index is made anew); the first note then says why.
    """

    # The question or words that were looked for.
    query: str
    # The language: es, en or other.
    language: Language
    # How many passages fulfil the filters; all were compared with the question. Null where the search was
    # degraded.
    searched: int | None
    # How many hits can be paged through.
    total: int
    # The passages found, best first.
    hits: list[Hit]
    # How many hits each value of a filter would leave, by filter.
    facets: dict[str, list[FacetCount]]
    # The cursor of the next page; null on the last one.
    next: str | None
    # What was not done in full, in plain words; empty when everything was.
    notes: list[str] = []
    # Whether the search did with less than all it has; the first note says why.
    degraded: bool = False


class SelectedResponse(Record):
    """A page of hits, each with the members that were asked for, in the places that they have in a whole hit."""

    # How many passages fulfil the filters; all were compared with the question. Null where the search was
    # degraded.
    searched: int | None
    # How many hits can be paged through.
    total: int
    # The passages found, best first: of each the fields asked for, in the places that they have in a whole
    # hit.
    hits: list[dict[str, Any]]
    # The cursor of the next page; null on the last one.
    next: str | None
    # What was not done in full, in plain words; empty when everything was.
    notes: list[str]


class Span(Record):
    """A half-open range of code points, ``0 <= start <= end``."""

    # The first code point, counted from 0.
    start: int
    # The code point after the last.
    end: int


class Statement(Record):
    """Sentences of an answer, verbatim from their sources, and the numbers of their citations. ``text`` is
    the quote; the items of a list, and the same finding in the other language, follow it line by line.
    Every line is a citation's quote.
    """

    # The quote; the items of a list, and the same finding in the other language, follow line by line.
    text: str
    # The numbers of its citations.
    citations: list[int]
    # What stands behind it; null where that is not known.
    finding: Finding | None = None


class Statistic(Record):
    """One figure of one passage. ``span`` covers ``raw`` in the document's text, and ``quote_span`` covers
    ``quote`` (the sentence). ``value`` is a percentage or share as a fraction (87 % is 0.87), a multiplier
    as a factor, a plain number otherwise; null when the marks are ambiguous, and then ``note`` says why
    (it also says where a text was too long to be read to its end). ``high`` is the upper end of a range.
    ``source`` is the organisation that measured, ``period`` when, and ``year`` the year that it lies in.
    ``origins`` says where each of subject, population, sample_size, source, study, period and year was
    found ("sentence", "document: headline", "document: previous paragraph").
    """

    # The id of this record; it does not change.
    id: str
    # The id of the passage.
    passage_id: str
    # Where it stands in the document's text, in Unicode code points.
    span: Span
    # The figure as it stands in the text, with its hedge and its unit.
    raw: str
    # The value as a decimal number: a percentage as a fraction ("0.87" is 87 %), a multiplier as a factor;
    # null when the text is ambiguous, and then `note` says why.
    value: str | None
    # The upper end of a range; null otherwise.
    high: str | None
    # What kind it is.
    kind: Kind
    # The unit or currency; null where there is none.
    unit: str | None
    # The hedge: exact, about, almost, more_than, less_than, at_least, at_most, up_to or range.
    comparator: Comparator
    # Whether the sentence calls it a rise or a fall; null where it does neither.
    direction: Direction | None
    # What the figure measures; null where the sentence does not say.
    subject: str | None
    # Of whom or what it is a share or measure; null where the text does not say.
    population: str | None
    # How many were asked or measured; null where the text does not say.
    sample_size: int | None
    # The organisation that measured; null where the text does not say.
    source: str | None
    # The name of the study; null where the text does not say.
    study: str | None
    # The year it was measured, from its period; null where the text does not say, and of a forecast.
    year: int | None
    # The whole sentence, verbatim.
    quote: str
    # Where the sentence stands in the document's text.
    quote_span: Span
    # The language: es, en or other.
    language: Language
    # The topics it was given.
    topics: list[Topic] = []
    # Where each field was found.
    origins: list[FieldOrigin] = []
    # A remark; null where there is none.
    note: str | None = None
    # When it was measured, or is expected; null where the text does not say.
    period: Period | None = None


class StatisticsResponse(Record):
    """A page of statistics with their citations. ``total`` counts figures: one that stands in several places
    is one.
    """

    # The figures, each with its citation.
    statistics: list[CitedStatistic]
    # How many figures there are; one that stands in several places counts once.
    total: int
    # How many hits each value of a filter would leave, by filter.
    facets: dict[str, list[FacetCount]]
    # The cursor of the next page; null on the last one.
    next: str | None


class TopicAssignment(Record):
    """A topic given to a passage: a calibrated probability (0 to 1) and what speaks for it. ``evidence``
    holds the one or two sentences of the passage that carry the topic, verbatim. ``subtopics`` are values
    of the sub-topic vocabulary ("nps", "stage:initial"). ``example`` is the text of the labelled passage
    of the topic that is nearest in meaning; null where none is near, or no model was used.
    """

    # The topic.
    topic: Topic
    # The calibrated probability, 0 to 1.
    score: float
    # The sentences that speak for it, verbatim.
    evidence: list[str]
    # The sub-topics, such as "nps" or "stage:initial".
    subtopics: list[str] = []
    # The nearest labelled passage of the topic; null where none is near.
    example: str | None = None


class TopicLine(Record):
    """A topic with its labels and how many passages have it."""

    # The topic.
    topic: Topic
    # The name in Spanish.
    label_es: str
    # The name in English.
    label_en: str
    # How many passages have it.
    passages: int


class VerifyResponse(Record):
    """Whether every quote of an answer is sound, and the judgement of each; ``notes`` say what was not looked
    at.
    """

    # Whether every quote is sound.
    ok: bool
    # The verdict on each quote.
    report: Report
    # What was not done in full, in plain words; empty when everything was.
    notes: list[str] = []


class WebhookLine(Record):
    """A webhook as it is shown: never with its secret."""

    # The id of this record; it does not change.
    id: str
    # The address that messages are sent to by POST.
    url: str
    # When it was created, in ISO 8601 and UTC.
    created: str
    # What the webhook is told of.
    event: Event
    # The saved search it is told of; null for ended jobs.
    search_id: str | None


class Why(Record):
    """Why a passage was found: the parts of its score, the words met, and the sentence that matched.
    ``words`` are written as they stand in the passage; across languages as "esfuerzo ≈ effort".
    ``meanings`` are pairs of that form that no word list knows: words that the model reads alike, the
    surest first.
    """

    # How near the passage is in meaning.
    vector: float
    # How near its best sentence is in meaning.
    sentence: float
    # The words met, as they stand in the passage; across languages as "esfuerzo ≈ effort".
    words: list[str]
    # How well the words fit.
    word_score: float
    # Where the best sentence stands.
    sentence_span: Span
    # Pairs of words that the model reads alike, the surest first.
    meanings: list[str] = []
