// Generated from the contract of the API, not to be edited.

import { Sender } from "./sending.js";

/** Servers to come may know more values. */
export type BlockKind = "heading" | "paragraph" | "list_item" | "quote" | "table_row" | "caption" | (string & {});

/** Servers to come may know more values. */
export type ClaimPart = "value" | "unit" | "hedge" | "direction" | "denial" | "year" | "source" | "population" | (string & {});

/** Servers to come may know more values. */
export type Comparator = "exact" | "about" | "almost" | "more_than" | "less_than" | "at_least" | "at_most" | "up_to" | "range" | (string & {});

/** Servers to come may know more values. */
export type DeliveryState = "waiting" | "delivered" | "failed" | "empty" | (string & {});

/** Servers to come may know more values. */
export type Direction = "increase" | "decrease" | (string & {});

/** Servers to come may know more values. */
export type DraftVerdict = "supported" | "other_hedge" | "other_unit" | "other_direction" | "other_year" | "other_source" | "other_population" | "denied" | "contradicted" | "not_found" | (string & {});

/** Servers to come may know more values. */
export type Event = "job.finished" | "search.matched" | (string & {});

/** Servers to come may know more values. */
export type FigureChange = "year_lost" | "year_changed" | "hedge_lost" | "hedge_changed" | "source_lost" | "source_changed" | "population_lost" | "population_widened" | "population_changed" | "sample_lost" | "sample_changed" | "value_changed" | (string & {});

/** Servers to come may know more values. */
export type FileFormat = "pdf" | "html" | "docx" | "epub" | "md" | "txt" | "eml" | "mhtml" | "webarchive" | "odt" | "odp" | "csv" | "tsv" | "xlsx" | "pptx" | "rtf" | "msg" | "vtt" | "srt" | "png" | "jpg" | "tif" | (string & {});

/** Servers to come may know more values. */
export type FindingKind = "text" | "figure" | "list" | (string & {});

/** Servers to come may know more values. */
export type Granularity = "day" | "month" | "quarter" | "half" | "season" | "year" | (string & {});

/** Servers to come may know more values. */
export type JobState = "queued" | "running" | "done" | "failed" | "cancelled" | (string & {});

/** Servers to come may know more values. */
export type Kind = "percent" | "fraction" | "ratio" | "multiplier" | "count" | "currency" | "score" | "rank" | "duration" | (string & {});

/** Servers to come may know more values. */
export type Language = "es" | "en" | "other" | (string & {});

/** Servers to come may know more values. */
export type Seal = "intact" | "edited" | "absent" | (string & {});

/** Servers to come may know more values. */
export type SourceState = "confirmed" | "name_only" | "excerpt" | "hash_mismatch" | "missing" | (string & {});

/** Servers to come may know more values. */
export type Status = "answered" | "no_evidence" | (string & {});

/** Servers to come may know more values. */
export type Style = "apa" | "mla" | "chicago" | "chicago-author-date" | "bibtex" | "ris" | "csl-json" | (string & {});

/** Servers to come may know more values. */
export type Topic = "metrics" | "maturity" | "empathy" | "social_media" | "technology_gap" | (string & {});

/** Servers to come may know more values. */
export type Verdict = "exact" | "normalised" | "misattributed" | "number_changed" | "negation_changed" | "unclear" | "not_found" | (string & {});

/** Topics, statistics and sentences of a text, whether or not it is in a base; all spans count code points of ``text`` as it was given. ``note`` says what could not be done in full (topics from words alone, say), else null. */
export interface Analysis {
  /** The id that was sent, or one made of the text. */
  id: string;
  /** The language: es, en or other. */
  language: Language;
  /** The topics it was given. */
  topics: TopicAssignment[];
  /** The figures in it. */
  statistics: Statistic[];
  /** The sentences, in order. */
  sentences: Span[];
  /** Numbers in the text that are no figures, each with the reason. */
  rejected: RejectedNumber[];
  /** A remark; null where there is none. */
  note: string | null;
}

/** A cited answer; ``related`` holds near hits, which may not answer. ``text`` and ``statements`` are always the sources' own words. ``notes`` are said beside them, in ``language``: that a list has another number of things than was asked for, that no source in a language answers, how a word was read. ``judge`` names what judged the evidence, and what was wrong with a judge that failed; empty in answers of before. */
export interface Answer {
  /** The question as it was asked. */
  question: string;
  /** The language: es, en or other. */
  language: Language;
  /** "answered", or "no_evidence" where the base does not hold the answer. */
  status: Status;
  /** The whole answer as text: the statements with their citation marks. */
  text: string;
  /** The findings, in order; every line of each is a quote. */
  statements: Statement[];
  /** The quotes with their documents and places, by number. */
  citations: Citation[];
  /** Passages that are near but do not answer. */
  related: Hit[];
  /** What is to be known beside the answer, in plain words: what was not done in full, which language is silent, how a word was read. */
  notes: string[];
  /** Who judged the evidence: the bundled judge, another by name, or the weights alone with the reason. */
  judge: string;
}

/** One try: when, the status that came back or the reason why none did, and the milliseconds it took. */
export interface Attempt {
  /** When it was tried, in ISO 8601 and UTC. */
  at: string;
  /** The HTTP status that came back; null where none did. */
  status: number | null;
  /** Why, in plain words; null where there is nothing to say. */
  reason: string | null;
  /** How long it took. */
  milliseconds: number;
}

/** A block of the canonical text: its span, what it is, and where it stands in the original. ``level`` is 1 to 6 for headings, the nesting depth (from 1) for list items, else 0. */
export interface Block {
  /** Where it stands in the document's text, in Unicode code points. */
  span: Span;
  /** What the block of the original is. */
  kind: BlockKind;
  /** 1 to 6 for a heading, the depth from 1 for a list item, otherwise 0. */
  level: number;
  /** Where it stands in the original file. */
  place: Place;
}

/** A rectangle on a PDF page, in points from the lower left corner. */
export interface Box {
  /** The page, counted from 1. */
  page: number;
  /** The left edge, in points. */
  left: number;
  /** The lower edge, in points from the bottom of the page. */
  bottom: number;
  /** The right edge, in points. */
  right: number;
  /** The upper edge, in points from the bottom of the page. */
  top: number;
}

/** A hit as the sentence that matched, and where it is from. */
export interface BriefHit {
  /** The position among the hits, from 1. */
  rank: number;
  /** The id of the passage. */
  passage_id: string;
  /** The words of the source, verbatim. */
  quote: string;
  /** The language: es, en or other. */
  language: Language;
  /** The title; null where none is known. */
  title: string | null;
  /** Who published it; null where that is not known. */
  publisher: string | null;
  /** The date of publication in ISO 8601, as precise as it is known ("2022", "2022-09-30"); null where it is not. */
  published: string | null;
}

/** A page of hits in their short form. */
export interface BriefResponse {
  /** How many passages fulfil the filters; all were compared with the question. Null where the search was degraded. */
  searched: number | null;
  /** How many hits can be paged through. */
  total: number;
  /** The passages found, best first. */
  hits: BriefHit[];
  /** The cursor of the next page; null on the last one. */
  next: string | null;
  /** What was not done in full, in plain words; empty when everything was. */
  notes: string[];
}

/** The figures of a draft in order; ``unchecked`` counts those beyond the first 60. ``sentences`` are those without figures, which are checked as quotes only. */
export interface CheckedDraft {
  /** The language: es, en or other. */
  language: Language;
  /** The figures of the draft, in order, each with its verdict. */
  figures: CheckedFigure[];
  /** How many figures were not checked because the draft has too many. */
  unchecked: number;
  /** The sentences without a figure, each checked as a quote. */
  sentences: CheckedSentence[];
}

/** A figure of the draft, what was found of it, and the citation that says so. ``evidence`` is the statistic of the base, null where nothing was found or the source only denies it; ``citation`` the sentence, of a figure not found the nearest one (``nearest``), null where nothing is near; ``differs`` names each part that the source says otherwise, in its words. ``mine`` and ``theirs`` are the differing characters of ``figure.quote`` and of ``citation.quote``. */
export interface CheckedFigure {
  /** The figure. */
  figure: Statistic;
  /** What the base says of the figure. */
  finding: DraftVerdict;
  /** The figure in the base that it was compared with; null where none was found. */
  evidence: Statistic | null;
  /** The sentence of the source that says so, or the nearest one; null where nothing is near. */
  citation: Citation | null;
  /** Each part of the claim that the source says otherwise. */
  differs: ClaimDifference[];
  /** The characters of the draft's sentence that differ. */
  mine: Span[];
  /** The characters of the source's sentence that differ. */
  theirs: Span[];
  /** Whether the citation is only the nearest thing found. */
  nearest: boolean;
}

/** A sentence of the draft without a figure: a quote of the base with its citation, or unchecked (null). */
export interface CheckedSentence {
  /** Where it stands in the draft, in Unicode code points. */
  span: Span;
  /** The text, as plain Unicode. */
  text: string;
  /** The citation, where the sentence is a quote of the base; null where it was not found. */
  citation: Citation | null;
}

/** A quote and where it stands: ``document.text[span] == quote``, in the source with this SHA-256. ``number`` is the mark in an answer, counted from 1. ``permalink`` is a path on the server. ``headings`` are those that it stands under, the highest first, without the title of the document: they may name whom it is about. */
export interface Citation {
  /** The number of the citation, counted from 1. */
  number: number;
  /** The document it comes from. */
  document: DocumentReference;
  /** The id of the passage. */
  passage_id: string;
  /** The words of the source, verbatim. */
  quote: string;
  /** Where it stands in the document's text, in Unicode code points. */
  span: Span;
  /** The SHA-256 of the original bytes, in hexadecimal. */
  sha256: string;
  /** The path on this server that opens the quote in its place. */
  permalink: string;
  /** Where it stands in the original file; several where it crosses pages or blocks. */
  places: Place[];
  /** The headings that the quote stands under, outermost first. */
  headings: string[];
}

/** Citations in the order in which they were asked for. */
export interface CitationsResponse {
  /** The citation style. */
  style: Style;
  /** The language: es, en or other. */
  language: Language;
  /** The citations, in the order asked for. */
  citations: FormattedCitation[];
}

/** A statistic and the citation of its sentence; ``also_in`` are the other places that state the same figure. ``score`` says how near it is to the words asked for (higher is nearer), null where none were; ``attribution`` who measured it, of how many and whom, when, and who repeats it, null where the measurer is not known; ``sources`` how many documents state it, reprints and translations counted once; ``reported_by`` who repeats the figure of another (the document's publisher, else its title), null where the document is the measurer's own or no measurer is known. */
export interface CitedStatistic {
  /** The figure. */
  statistic: Statistic;
  /** The sentence it comes from, with its document and its place. */
  citation: Citation;
  /** Other places that state the same figure. */
  also_in: FigurePlace[];
  /** The figure as a sentence to copy, in both languages. */
  sentence: CopyReady | null;
  /** How near it is to the words asked for; null where none were. */
  score: number | null;
  /** Who measured it, of how many and whom, when, and who repeats it, in a line of each language. */
  attribution: CopyReady | null;
  /** How many documents state it; reprints and translations count once. */
  sources: number;
  /** Who repeats the figure of another: the document's publisher, else its title; null where the document is the measurer's own, or no measurer is known. */
  reported_by: string | null;
}

/** The part that differs and what the source says of it, in its own words ("2021", "PwC", "hasta"). */
export interface ClaimDifference {
  /** The part of the claim that differs. */
  part: ClaimPart;
  /** What the source says of it, in its own words. */
  theirs: string;
}

/** A place that states a figure, with its citation and what it tells otherwise than the first place. */
export interface ClaimPlace {
  /** The figure. */
  statistic: Statistic;
  /** The sentence it comes from, with its document and its place. */
  citation: Citation;
  /** What it tells otherwise than the first place; empty for the first. */
  changes: FigureChange[];
}

/** A statistic as a sentence to copy, its number and words around the quote Spanish or English; the quote is never translated, and what is not known is not said. */
export interface CopyReady {
  /** The sentence to copy, in Spanish. */
  es: string;
  /** The sentence to copy, in English. */
  en: string;
}

/** What changed in a record at a time (UTC). ``by`` is who did it ("operator", "key:k…"), ``origin`` where the new values come from ("corrected by hand", "sidecar", "BibTeX" …). */
export interface Correction {
  /** When it was corrected, in ISO 8601 and UTC. */
  at: string;
  /** Who corrected it ("operator", "key:k…"). */
  by: string;
  /** Where the new values come from ("corrected by hand", "sidecar", "BibTeX" …). */
  origin: string;
  /** Each field that changed, as it was and as it is. */
  changes: FieldChange[];
}

/** Passages of one topic, language and year (null: documents without a date). ``unsure`` of them have the topic with a probability under .65; all stand in so many ``documents``. */
export interface CoverageCell {
  /** The topic. */
  topic: Topic;
  /** The language: es, en or other. */
  language: Language;
  /** The year; null where none is known. */
  year: number | null;
  /** How many passages there are. */
  passages: number;
  /** How many of them have the topic with a probability under 0.65. */
  unsure: number;
  /** In how many documents they stand. */
  documents: number;
}

/** What was sent to a webhook, newest first, with every try. */
export interface DeliveriesResponse {
  /** The webhook. */
  webhook: WebhookLine;
  /** What was sent, newest first. */
  deliveries: Delivery[];
}

/** A message to a webhook, with every try so far; ``due`` is when the next one comes, null when none does. */
export interface Delivery {
  /** The id of this record; it does not change. */
  id: string;
  /** The webhook it is for. */
  webhook_id: string;
  /** What the webhook is told of. */
  event: Event;
  /** When it was created, in ISO 8601 and UTC. */
  created: string;
  /** The job it tells of. */
  job_id: string;
  /** Where it stands. */
  state: DeliveryState;
  /** When the next try is made; null where none is. */
  due: string | null;
  /** Every try so far, oldest first. */
  attempts: Attempt[];
}

/** What a finding has other than the statement ``statement`` (counted from 1) on the same subject. ``field`` is "value", "year", "population" or "source"; ``here`` and ``there`` are as the texts say, null where a text does not say. */
export interface Difference {
  /** The number of the statement, counted from 1. */
  statement: number;
  /** "value", "year", "population" or "source". */
  field: string;
  /** What this finding says; null where it does not say. */
  here: string | null;
  /** What the other statement says; null where it does not say. */
  there: string | null;
}

/** One version of one source, as canonical text with its metadata. Unknown fields are null. ``id`` comes from the SHA-256 of the original bytes; ``source_id`` is the name given by whoever sent it; ``published`` is an ISO 8601 date of any precision ("2022", "2022-09-30"). ``duplicate_of`` is the id of the document that this one repeats, ``translation_of`` of the one that says the same in another language (which of the two was written first is not known). ``corrections`` are the changes of its record since it was read, the oldest first. */
export interface Document {
  /** The id of this record; it does not change. */
  id: string;
  /** The name that its sender gave it: a path, an address or an id of their own. */
  source_id: string;
  /** The title; null where none is known. */
  title: string | null;
  /** The authors, as "First Last" or the name of an organisation; empty where none is known. */
  authors: string[];
  /** Who published it; null where that is not known. */
  publisher: string | null;
  /** The date of publication in ISO 8601, as precise as it is known ("2022", "2022-09-30"); null where it is not. */
  published: string | null;
  /** The address it was published at; null where there is none. */
  url: string | null;
  /** The media type of the original file. */
  media_type: string;
  /** The SHA-256 of the original bytes, in hexadecimal. */
  sha256: string;
  /** The canonical text; all offsets count in it. */
  text: string;
  /** The headings, paragraphs, list items and tables of the text, in order. */
  blocks: Block[];
  /** How much of the document is in each language. */
  language_mix: LanguageShare[];
  /** The series that versions of one publication share; null where there is none. */
  series: string | null;
  /** The version of this source, counted from 1. */
  version: number;
  /** The id of the document whose text it repeats; null where it repeats none. */
  duplicate_of: string | null;
  /** The id of the document that says the same in another language; null where there is none. */
  translation_of: string | null;
  /** What cleaning took out, with the rule that did so. */
  removed: RemovedBlock[];
  /** Where each field of the record was found. */
  origins: FieldOrigin[];
  /** Every correction of its record, oldest first. */
  corrections: Correction[];
}

/** A document as text, with what its sender knows of it. */
export interface DocumentBody {
  /** The title; null where none is known. */
  title?: string | null;
  /** The authors; null where you do not know them. */
  authors?: string[] | null;
  /** Who published it; null where that is not known. */
  publisher?: string | null;
  /** The date of publication in ISO 8601, as precise as it is known ("2022", "2022-09-30"); null where it is not. */
  published?: string | null;
  /** The address it was published at; null where there is none. */
  url?: string | null;
  /** The series that versions of one publication share; null where there is none. */
  series?: string | null;
  /** A name of your own for the document; sent again under it, a changed text becomes a new version. */
  id: string;
  /** The text, as plain Unicode. */
  text: string;
}

/** A document in a list. */
export interface DocumentLine {
  /** The document by what names it. */
  document: DocumentReference;
  /** The media type of the original file. */
  media_type: string;
  /** The SHA-256 of the original bytes, in hexadecimal. */
  sha256: string;
  /** How much of the document is in each language. */
  language_mix: LanguageShare[];
  /** The version of this source, counted from 1. */
  version: number;
  /** Whether this is the newest version. */
  current: boolean;
  /** The id of the document whose text it repeats; null where it repeats none. */
  duplicate_of: string | null;
  /** How many passages it has. */
  passages: number;
  /** How many figures it has. */
  statistics: number;
  /** How many blocks cleaning took out. */
  removed: number;
  /** The length of its text in characters. */
  characters: number;
  /** Other names under which the same file was sent. */
  also_named: string[];
}

/** What a reader needs to recognise a document; unknown fields are null, ``inferred`` names those nothing states. */
export interface DocumentReference {
  /** The id of this record; it does not change. */
  id: string;
  /** The name that its sender gave it: a path, an address or an id of their own. */
  source_id: string;
  /** The title; null where none is known. */
  title: string | null;
  /** The authors, as "First Last" or the name of an organisation; empty where none is known. */
  authors: string[];
  /** Who published it; null where that is not known. */
  publisher: string | null;
  /** The date of publication in ISO 8601, as precise as it is known ("2022", "2022-09-30"); null where it is not. */
  published: string | null;
  /** The address it was published at; null where there is none. */
  url: string | null;
  /** The fields of the record that nothing states; references mark them. */
  inferred: string[];
}

/** A document with its text, what was removed from it, and its passages. */
export interface DocumentResponse {
  /** The document, whole. */
  document: Document;
  /** Whether this is the newest version. */
  current: boolean;
  /** The passages of the document, in order. */
  passages: Passage[];
  /** What cleaning took out, with the rule that did so. */
  removed: RemovedBlock[];
}

/** The current documents of the base, by source, or a page of them with the cursor of the next. */
export interface DocumentsResponse {
  /** The documents, by source id. */
  documents: DocumentLine[];
  /** How many there are in all, over every page. */
  total: number;
  /** The cursor of the next page; null on the last one. */
  next: string | null;
}

/** A quote to print: its citation, note, and reference written beside a quote, in a footnote, as RIS and as BibTeX. ``ris`` and ``bibtex`` are the one record of its source. ``link`` opens the quote where others reach the base; empty where they do not. ``source`` is the document as it stands in a list of works, ``figures`` the statistics inside the quote, ``opens`` the address of its document, "" as ``link``. ``theme`` is what its passage is about ("" where that is not known), null where quotes stand in the order in which they came. */
export interface DossierEntry {
  /** The quote with its document and its place. */
  citation: Citation;
  /** The language: es, en or other. */
  language: Language;
  /** Your note to it; empty where there is none. */
  note: string;
  /** The short reference to stand beside the quote. */
  beside: string;
  /** The reference for the list at the end. */
  reference: string;
  /** The reference as RIS. */
  ris: string;
  /** The reference as BibTeX. */
  bibtex: string;
  /** The address that opens the quote in its place; empty where others do not reach the base. */
  link: string;
  /** The document as it stands in a list of works. */
  source: string;
  /** The figures inside the quote. */
  figures: Statistic[];
  /** The short address of the document where others reach the base; empty where they do not. */
  opens: string;
  /** What its passage is about, in words; empty where that is not known. */
  theme: string | null;
}

/** A value of a facet and how many hits have it. */
export interface FacetCount {
  /** The value. */
  value: string;
  /** How many have it. */
  count: number;
}

/** A field of a record as it was and as it is from then on; null, or no names, where it is not known. */
export interface FieldChange {
  /** The field meant. */
  field: string;
  /** What it was; null, or no names, where that was not known. */
  before: string | string[] | null;
  /** What it is from then on; null, or no names, where that is not known. */
  after: string | string[] | null;
}

/** Where a metadata field came from ("json-ld", "front matter", "sidecar", "byline on the page"). */
export interface FieldOrigin {
  /** The field meant. */
  field: string;
  /** Where the field was found. */
  origin: string;
}

/** A figure through the base. ``places`` are all that state it, the measurer's own document first, else the one published first; ``differing`` are figures of another value that measure the same, with what differs. */
export interface FigureHistory {
  /** The id that was asked for. */
  statistic_id: string;
  /** Every place that states the figure: the measurer's own document first, else the one published first. */
  places: ClaimPlace[];
  /** Figures of another value that measure the same, with what differs. */
  differing: ClaimPlace[];
}

/** Another place that states the same figure: its own record's id, its words and the citation of its sentence. */
export interface FigurePlace {
  /** The id of the same figure in that place. */
  statistic_id: string;
  /** The figure as it stands in the text, with its hedge and its unit. */
  raw: string;
  /** The language: es, en or other. */
  language: Language;
  /** The sentence it comes from, with its document and its place. */
  citation: Citation;
}

/** Filters of a question. */
export interface FilterBody {
  /** Only this topic, one of the five or your own (several). */
  topic?: string[];
  /** Only es, en or other (several times). */
  language?: string[];
  /** Published in this year or later. */
  year_from?: number | null;
  /** Published in this year or earlier. */
  year_to?: number | null;
  /** Only sources or publishers with this in the name. */
  source?: string[];
  /** Only passages with (or without) a statistic. */
  has_statistic?: boolean | null;
  /** Only this sub-topic: nps, journey_maps, stage:3, stage:2..4 (several). */
  subtopic?: string[];
  /** Only originals of a format: pdf, html, docx, eml, xlsx … (several). */
  format?: string[];
}

/** What stands behind a statement: how many independent sources say it (reprints counted once), in which languages, with which figures, how it differs from statements before it on the same subject, and how many further sources (``against``) say another figure there. */
export interface Finding {
  /** Sentences, a sentence with a figure, or a list. */
  kind: FindingKind;
  /** How many independent sources say it; reprints count once. */
  sources: number;
  /** The languages in which it is said. */
  languages: Language[];
  /** The figures in it. */
  statistics: Statistic[];
  /** How it differs from other statements on the same subject. */
  differs: Difference[];
  /** How many further sources say another figure of the same subject. */
  against: number;
}

/** A citation of a passage, a statistic or a document. ``quote`` and ``passage_id`` are null for a whole document; ``in_text`` is null for file formats (BibTeX, RIS, CSL-JSON), and names who measured a figure that the document repeats, as the style asks. ``current`` is false for a version or a reading that a newer one has replaced; ``corrected`` is when the record was last corrected, null if never. */
export interface FormattedCitation {
  /** The id that was asked for. */
  id: string;
  /** The document it comes from. */
  document: DocumentReference;
  /** The id of the passage; null for a whole document. */
  passage_id: string | null;
  /** The words cited; null for a whole document. */
  quote: string | null;
  /** The entry for the list of references. */
  entry: string;
  /** The short form for the running text; null for BibTeX, RIS and CSL-JSON. */
  in_text: string | null;
  /** The quote followed by its short reference; null where there is no quote. */
  with_quote: string | null;
  /** The path on this server that opens the quote in its place. */
  permalink: string | null;
  /** Whether this is the newest version. */
  current: boolean;
  /** When the record of the document was last corrected; null if never. */
  corrected: string | null;
}

/** A passage found, ranked from 1, with its score (higher is better) and its citation. */
export interface Hit {
  /** The position among the hits, from 1. */
  rank: number;
  /** How well it fits; higher is better. */
  score: number;
  /** Why it was found. */
  why: Why;
  /** The passage. */
  passage: Passage;
  /** The document it comes from. */
  document: DocumentReference;
  /** The sentence that fits best, with its document and its place. */
  citation: Citation;
  /** Other documents that have the same text. */
  also_in: DocumentReference[];
}

/** What this server is and holds: enough to know what may be asked of it. */
export interface InfoResponse {
  /** The version of the contract; of its first number nothing is ever taken away. */
  version: string;
  /** The version of the program that runs. */
  program: string;
  /** Whether the base cannot be written here. */
  read_only: boolean;
  /** The model whose vectors the base holds; null while it is empty. */
  model: string | null;
  /** The languages that passages can be in. */
  languages: Language[];
  /** The five topics. */
  topics: Topic[];
  /** The topics of your own, by name. */
  own_topics: string[];
  /** The file formats that can be filtered by. */
  formats: FileFormat[];
  /** How many documents, passages and statistics the base holds. */
  counts: Record<string, number>;
}

/** An ingestion. ``total`` counts what was sent; archives, JSON lines and feeds may give more ``files`` than that. ``attempt`` counts how often it was started; ``error`` says why the whole job failed, else null. ``stage`` is what is being done ("fetching", "reading", "embedding", "writing") and ``working_on`` to which source; null when nothing is. ``cut_off`` names the source that was being ingested each time that the job was cut off, "" where none was. ``read`` counts the sources that this attempt began to read: they are embedded and written together, later. ``waiting`` says why a queued job that was started once is started later again, else null. ``cancelling`` is true once somebody asked for its end: what was read by then goes in, nothing more is begun. */
export interface Job {
  /** The id of this record; it does not change. */
  id: string;
  /** Where it stands. */
  state: JobState;
  /** When it was created, in ISO 8601 and UTC. */
  created: string;
  /** How many files or addresses were sent; archives and feeds may give more. */
  total: number;
  /** When it was started; null before that. */
  started: string | null;
  /** When it ended; null before that. */
  finished: string | null;
  /** How often it was started. */
  attempt: number;
  /** What became of each file so far. */
  files: JobFile[];
  /** Why the whole job failed; null where it did not. */
  error: string | null;
  /** What is being done ("fetching", "reading", "embedding", "writing"); null when nothing is. */
  stage: string | null;
  /** The source being ingested; null when there is none. */
  working_on: string | null;
  /** The source being ingested each time the job was cut off; "" where none was. */
  cut_off: string[];
  /** Why a job waits to be started again; null where it does not. */
  waiting: string | null;
  /** How many sources this attempt has begun to read; they are embedded and written together, later. */
  read: number;
  /** Whether its end was asked for: what was read by then goes in, nothing more is begun. */
  cancelling: boolean;
}

/** One file of a job: ``outcome`` is added, updated, unchanged, repaired, duplicate, skipped or failed, with the reason. ``note`` says what of it was left unread, ``look_at`` whether that is so much that a person should compare it with the original. */
export interface JobFile {
  /** The name that its sender gave it: a path, an address or an id of their own. */
  source_id: string;
  /** added, updated, unchanged, repaired, duplicate, skipped or failed. */
  outcome: string;
  /** The id of the document; null while there is none. */
  document_id: string | null;
  /** How many passages came of it. */
  passages: number;
  /** How many figures came of it. */
  statistics: number;
  /** The id of the document whose text it repeats; null where it repeats none. */
  duplicate_of: string | null;
  /** At what the file failed or was left out ("fetch", "read", "refused" …); null where it was not. */
  stage: string | null;
  /** Why, in plain words; null where there is nothing to say. */
  reason: string | null;
  /** What to do next, in the caller's language; null where there is nothing to do. */
  hint: string | null;
  /** What of the file was left unread; null where nothing was. */
  note: string | null;
  /** Whether so much was left unread that a person should compare it with the original. */
  look_at: boolean;
}

/** A page of the jobs, newest first, with the cursor of the next. */
export interface JobsResponse {
  /** The jobs, newest first. */
  jobs: Job[];
  /** How many there are in all, over every page. */
  total: number;
  /** The cursor of the next page; null on the last one. */
  next: string | null;
}

/** A citation of the answer with its judgement and the state of its source. ``sound`` says whether the quote stands at its stated place in a source that is not known to be another one. */
export interface JudgedQuote {
  /** The number of the citation, counted from 1. */
  number: number;
  /** The words of the source, verbatim. */
  quote: string;
  /** The name that its sender gave it: a path, an address or an id of their own. */
  source_id: string;
  /** The verdict on the quote. */
  judgement: Judgement;
  /** Whether the source at hand is the one that was quoted. */
  source: SourceState;
  /** Whether the quote stands at its stated place in a source that is not known to be another one. */
  sound: boolean;
}

/** A verdict, the place it rests on, and why. ``span_found`` counts in the judged text, or in the other text named by ``found_in`` when the quote is misattributed. For a changed quote it is the nearest place; null where nothing is near. ``said_by`` are the words of its sentence, cut from an accepted quote, that say who claims it ("Según la dirección,"). */
export interface Judgement {
  /** How the quote stands to its source. */
  verdict: Verdict;
  /** Where it, or the nearest thing to it, stands; null where nothing is near. */
  span_found: Span | null;
  /** Why, in plain words; null where there is nothing to say. */
  reason: string;
  /** The document it was found in when that is another one; null otherwise. */
  found_in: string | null;
  /** The words of the sentence, cut from the quote, that say who claims it; null where there are none. */
  said_by: string | null;
}

/** What a sender knows of a document. */
export interface KnownBody {
  /** The title; null where none is known. */
  title?: string | null;
  /** The authors; null where you do not know them. */
  authors?: string[] | null;
  /** Who published it; null where that is not known. */
  publisher?: string | null;
  /** The date of publication in ISO 8601, as precise as it is known ("2022", "2022-09-30"); null where it is not. */
  published?: string | null;
  /** The address it was published at; null where there is none. */
  url?: string | null;
  /** The series that versions of one publication share; null where there is none. */
  series?: string | null;
}

/** The share (0 to 1) of a document's characters that stand in a language. */
export interface LanguageShare {
  /** The language: es, en or other. */
  language: Language;
  /** The share of the characters, 0 to 1. */
  share: number;
}

/** A page of new hits, in the order in which they were added. ``until`` marks them as seen when it is sent back. */
export interface NewHitsResponse {
  /** The saved search. */
  search: SavedSearchLine;
  /** How many there are in all, over every page. */
  total: number;
  /** The passages that came in, in the order in which they did. */
  hits: Hit[];
  /** The cursor of the next page; null on the last one. */
  next: string | null;
  /** Send this back to mark everything up to here as seen. */
  until: string;
  /** What was not done in full, in plain words; empty when everything was. */
  notes: string[];
}

/** A webhook and the secret that signs what is sent to it, shown this once. */
export interface NewWebhook {
  /** The webhook. */
  webhook: WebhookLine;
  /** The secret that signs the messages. It is shown this once. */
  secret: string;
}

/** A user's topic given to a passage. The score (0.5 to 1) ranks; it is not a calibrated probability. */
export interface OwnTopicAssignment {
  /** The name. */
  name: string;
  /** From 0.5 to 1; it ranks and is no probability. */
  score: number;
  /** The sentences that speak for it, verbatim. */
  evidence: string[];
}

/** A piece of a document that can be found, read and cited by itself. ``sentences`` are spans of the document's text inside ``span``, in order; ``other_spans`` are other places of the document where the same text stands (pull quotes). */
export interface Passage {
  /** The id of this record; it does not change. */
  id: string;
  /** The id of the document; null while there is none. */
  document_id: string;
  /** Where it stands in the document's text, in Unicode code points. */
  span: Span;
  /** The text, as plain Unicode. */
  text: string;
  /** The language: es, en or other. */
  language: Language;
  /** The headings above the passage, outermost first. */
  heading_path: string[];
  /** The sentences, in order. */
  sentences: Span[];
  /** The topics it was given. */
  topics: TopicAssignment[];
  /** Other places of the document where the same text stands. */
  other_spans: Span[];
  /** The topics of your own that it was given. */
  own_topics: OwnTopicAssignment[];
}

/** A passage, its document, where it stands in the original, whether that version is the newest, and when the record of the document was last corrected (null if never). */
export interface PassageResponse {
  /** The passage. */
  passage: Passage;
  /** The document it comes from. */
  document: DocumentReference;
  /** Where it stands in the original file; several where it crosses pages or blocks. */
  places: Place[];
  /** The whole passage as a citation. */
  citation: Citation;
  /** Whether this is the newest version. */
  current: boolean;
  /** When the record of the document was last corrected; null if never. */
  corrected: string | null;
}

/** When a figure was measured, or is expected. ``start`` and ``end`` are the first and last day, month or year, both of them inside, as ISO 8601 writes them ("2022-03", "2022"): a quarter or half by its months, a season by its year alone. ``quote`` are its words and ``span`` where they stand in the document's text; both are null where only the document's data say when, and the span where the words are the title's. ``target`` says that the figure is a forecast for then. */
export interface Period {
  /** The first day, month or year of it, as ISO 8601 writes it ("2022-03"). */
  start: string;
  /** The last day, month or year of it. */
  end: string;
  /** How finely it is known: day, month, quarter, half, season or year. */
  granularity: Granularity;
  /** Its words; null where only the document's data say when. */
  quote: string | null;
  /** Where its words stand in the document's text; null where they are the title's, or there are none. */
  span: Span | null;
  /** Whether the figure is a forecast for then. */
  target: boolean;
}

/** Where a block stands in the original file; what does not apply is null. ``page``, ``paragraph`` and ``line`` count from 1. ``element`` is an XPath in HTML or EPUB. ``part`` is the member file inside an archive (EPUB, ZIP) or the part of a mail ("1.2"). ``slide`` counts from 1, ``cell`` is the first cell of a row with its sheet ("Datos!B7"). ``fragment`` ("#:~:text=…") takes a browser to the words on a web page; it is made where a place is asked for and not kept. ``page_label`` is the number printed on the page ("15", "xii") where it is another than ``page``, which counts the pages of the file. ``time`` is that of a recording, from its beginning ("0:12:31"). ``recognised`` says that the text was read off a picture (OCR). */
export interface Place {
  /** The page of the file, counted from 1; null where there are no pages. */
  page: number | null;
  /** The rectangles on the page. */
  boxes: Box[];
  /** The XPath of the element in HTML or EPUB. */
  element: string | null;
  /** The paragraph, counted from 1. */
  paragraph: number | null;
  /** The line, counted from 1. */
  line: number | null;
  /** The file inside an archive, or the part of a mail. */
  part: string | null;
  /** The end of an address ("#:~:text=…") that takes a browser to the words. */
  fragment: string | null;
  /** The number printed on the page where it is another than `page`. */
  page_label: string | null;
  /** The slide, counted from 1. */
  slide: number | null;
  /** The first cell of the row, with its sheet ("Datos!B7"). */
  cell: string | null;
  /** The time in a recording ("0:12:31"). */
  time: string | null;
  /** Whether the text was read off a picture (OCR). */
  recognised: boolean;
}

/** What a problem code means, in both languages. */
export interface ProblemFacts {
  /** The stable code of the problem; programs should decide by it. */
  code: string;
  /** The HTTP status it comes with. */
  status: number;
  /** What is wrong, in English. */
  title_en: string;
  /** What is wrong, in Spanish. */
  title_es: string;
  /** What to do, in English. */
  hint_en: string;
  /** What to do, in Spanish. */
  hint_es: string;
}

/** The record of a document, how often it was corrected (``revision``), and its history, the oldest first. */
export interface RecordResponse {
  /** The document by what names it. */
  document: DocumentReference;
  /** The series that versions of one publication share; null where there is none. */
  series: string | null;
  /** How often the record was corrected. */
  revision: number;
  /** Every correction, oldest first. */
  corrections: Correction[];
  /** Where each field of the record was found. */
  origins: FieldOrigin[];
}

/** A number in a text that is not a figure, and why ("year", "list_number", "idiom" …). */
export interface RejectedNumber {
  /** Where it stands in the text that was sent, in Unicode code points. */
  span: Span;
  /** The number as it stands in the text. */
  raw: string;
  /** Why it is no figure: "year", "list_number", "idiom" … */
  reason: string;
}

/** A block that cleaning took out: its text, the rule that did it, and its place in the original. */
export interface RemovedBlock {
  /** The text, as plain Unicode. */
  text: string;
  /** The rule that took it out. */
  rule: string;
  /** Where it stands in the original file. */
  place: Place;
}

/** What became of a saved answer: each quote, the state of its seal, and what else is wrong with it. */
export interface Report {
  /** The verdict on each quote. */
  quotes: JudgedQuote[];
  /** Whether the file is as it was saved. */
  seal: Seal;
  /** What else is wrong with the answer. */
  problems: string[];
}

/** A saved search as it is shown, its filters in the words of a request. */
export interface SavedSearchLine {
  /** The id of this record; it does not change. */
  id: string;
  /** The name. */
  name: string;
  /** When it was created, in ISO 8601 and UTC. */
  created: string;
  /** The words looked for; null for everything that passes the filters. */
  text: string | null;
  /** The filters it is narrowed by. */
  filters: FilterBody;
}

/** A page of hits. ``searched`` counts the passages that fulfil the filters, all compared with the question (null where the search was degraded), ``total`` the nearest of them, which can be paged through; ``next`` is the cursor of the next page or null; ``notes`` say what was not done in full. ``degraded`` is true where the search did with less than all it has (without its model, or while its index is made anew); the first note then says why. */
export interface SearchResponse {
  /** The question or words that were looked for. */
  query: string;
  /** The language: es, en or other. */
  language: Language;
  /** How many passages fulfil the filters; all were compared with the question. Null where the search was degraded. */
  searched: number | null;
  /** How many hits can be paged through. */
  total: number;
  /** The passages found, best first. */
  hits: Hit[];
  /** How many hits each value of a filter would leave, by filter. */
  facets: Record<string, FacetCount[]>;
  /** The cursor of the next page; null on the last one. */
  next: string | null;
  /** What was not done in full, in plain words; empty when everything was. */
  notes: string[];
  /** Whether the search did with less than all it has; the first note says why. */
  degraded: boolean;
}

/** A page of hits, each with the members that were asked for, in the places that they have in a whole hit. */
export interface SelectedResponse {
  /** How many passages fulfil the filters; all were compared with the question. Null where the search was degraded. */
  searched: number | null;
  /** How many hits can be paged through. */
  total: number;
  /** The passages found, best first: of each the fields asked for, in the places that they have in a whole hit. */
  hits: (Record<string, unknown>)[];
  /** The cursor of the next page; null on the last one. */
  next: string | null;
  /** What was not done in full, in plain words; empty when everything was. */
  notes: string[];
}

/** A half-open range of code points, ``0 <= start <= end``. */
export interface Span {
  /** The first code point, counted from 0. */
  start: number;
  /** The code point after the last. */
  end: number;
}

/** Sentences of an answer, verbatim from their sources, and the numbers of their citations. ``text`` is the quote; the items of a list, and the same finding in the other language, follow it line by line. Every line is a citation's quote. */
export interface Statement {
  /** The quote; the items of a list, and the same finding in the other language, follow line by line. */
  text: string;
  /** The numbers of its citations. */
  citations: number[];
  /** What stands behind it; null where that is not known. */
  finding: Finding | null;
}

/** One figure of one passage. ``span`` covers ``raw`` in the document's text, and ``quote_span`` covers ``quote`` (the sentence). ``value`` is a percentage or share as a fraction (87 % is 0.87), a multiplier as a factor, a plain number otherwise; null when the marks are ambiguous, and then ``note`` says why (it also says where a text was too long to be read to its end). ``high`` is the upper end of a range. ``source`` is the organisation that measured, ``period`` when, and ``year`` the year that it lies in. ``origins`` says where each of subject, population, sample_size, source, study, period and year was found ("sentence", "document: headline", "document: previous paragraph"). */
export interface Statistic {
  /** The id of this record; it does not change. */
  id: string;
  /** The id of the passage. */
  passage_id: string;
  /** Where it stands in the document's text, in Unicode code points. */
  span: Span;
  /** The figure as it stands in the text, with its hedge and its unit. */
  raw: string;
  /** The value as a decimal number: a percentage as a fraction ("0.87" is 87 %), a multiplier as a factor; null when the text is ambiguous, and then `note` says why. */
  value: string | null;
  /** The upper end of a range; null otherwise. */
  high: string | null;
  /** What kind it is. */
  kind: Kind;
  /** The unit or currency; null where there is none. */
  unit: string | null;
  /** The hedge: exact, about, almost, more_than, less_than, at_least, at_most, up_to or range. */
  comparator: Comparator;
  /** Whether the sentence calls it a rise or a fall; null where it does neither. */
  direction: Direction | null;
  /** What the figure measures; null where the sentence does not say. */
  subject: string | null;
  /** Of whom or what it is a share or measure; null where the text does not say. */
  population: string | null;
  /** How many were asked or measured; null where the text does not say. */
  sample_size: number | null;
  /** The organisation that measured; null where the text does not say. */
  source: string | null;
  /** The name of the study; null where the text does not say. */
  study: string | null;
  /** The year it was measured, from its period; null where the text does not say, and of a forecast. */
  year: number | null;
  /** The whole sentence, verbatim. */
  quote: string;
  /** Where the sentence stands in the document's text. */
  quote_span: Span;
  /** The language: es, en or other. */
  language: Language;
  /** The topics it was given. */
  topics: Topic[];
  /** Where each field was found. */
  origins: FieldOrigin[];
  /** A remark; null where there is none. */
  note: string | null;
  /** When it was measured, or is expected; null where the text does not say. */
  period: Period | null;
}

/** A page of statistics with their citations. ``total`` counts figures: one that stands in several places is one. */
export interface StatisticsResponse {
  /** The figures, each with its citation. */
  statistics: CitedStatistic[];
  /** How many figures there are; one that stands in several places counts once. */
  total: number;
  /** How many hits each value of a filter would leave, by filter. */
  facets: Record<string, FacetCount[]>;
  /** The cursor of the next page; null on the last one. */
  next: string | null;
}

/** A topic given to a passage: a calibrated probability (0 to 1) and what speaks for it. ``evidence`` holds the one or two sentences of the passage that carry the topic, verbatim. ``subtopics`` are values of the sub-topic vocabulary ("nps", "stage:initial"). ``example`` is the text of the labelled passage of the topic that is nearest in meaning; null where none is near, or no model was used. */
export interface TopicAssignment {
  /** The topic. */
  topic: Topic;
  /** The calibrated probability, 0 to 1. */
  score: number;
  /** The sentences that speak for it, verbatim. */
  evidence: string[];
  /** The sub-topics, such as "nps" or "stage:initial". */
  subtopics: string[];
  /** The nearest labelled passage of the topic; null where none is near. */
  example: string | null;
}

/** A topic with its labels and how many passages have it. */
export interface TopicLine {
  /** The topic. */
  topic: Topic;
  /** The name in Spanish. */
  label_es: string;
  /** The name in English. */
  label_en: string;
  /** How many passages have it. */
  passages: number;
}

/** Whether every quote of an answer is sound, and the judgement of each; ``notes`` say what was not looked at. */
export interface VerifyResponse {
  /** Whether every quote is sound. */
  ok: boolean;
  /** The verdict on each quote. */
  report: Report;
  /** What was not done in full, in plain words; empty when everything was. */
  notes: string[];
}

/** A webhook as it is shown: never with its secret. */
export interface WebhookLine {
  /** The id of this record; it does not change. */
  id: string;
  /** The address that messages are sent to by POST. */
  url: string;
  /** When it was created, in ISO 8601 and UTC. */
  created: string;
  /** What the webhook is told of. */
  event: Event;
  /** The saved search it is told of; null for ended jobs. */
  search_id: string | null;
}

/** Why a passage was found: the parts of its score, the words met, and the sentence that matched. ``words`` are written as they stand in the passage; across languages as "esfuerzo ≈ effort". ``meanings`` are pairs of that form that no word list knows: words that the model reads alike, the surest first. */
export interface Why {
  /** How near the passage is in meaning. */
  vector: number;
  /** How near its best sentence is in meaning. */
  sentence: number;
  /** The words met, as they stand in the passage; across languages as "esfuerzo ≈ effort". */
  words: string[];
  /** How well the words fit. */
  word_score: number;
  /** Where the best sentence stands. */
  sentence_span: Span;
  /** Pairs of words that the model reads alike, the surest first. */
  meanings: string[];
}

/** A server of a knowledge base; errors are `Problem`. */
export class Client extends Sender {  /** Passages in both languages that answer the question or are about the words. */
  search(q: string, options: { limit?: number; cursor?: string | null; topic?: string[]; language?: string[]; year_from?: number | null; year_to?: number | null; source?: string[]; has_statistic?: boolean | null; subtopic?: string[]; format?: string[]; } = {}): Promise<SearchResponse> {
    return this.record<SearchResponse>("GET", `/v1/search`, { query: { q: q, limit: options.limit, cursor: options.cursor, topic: options.topic, language: options.language, year_from: options.year_from, year_to: options.year_to, source: options.source, has_statistic: options.has_statistic, subtopic: options.subtopic, format: options.format } });
  }

  /** The hits of a search in their short form: the sentence, its language, and where it is from. */
  searchBrief(q: string, options: { limit?: number; cursor?: string | null; topic?: string[]; language?: string[]; year_from?: number | null; year_to?: number | null; source?: string[]; has_statistic?: boolean | null; subtopic?: string[]; format?: string[]; } = {}): Promise<BriefResponse> {
    return this.record<BriefResponse>("GET", `/v1/search/brief`, { query: { q: q, limit: options.limit, cursor: options.cursor, topic: options.topic, language: options.language, year_from: options.year_from, year_to: options.year_to, source: options.source, has_statistic: options.has_statistic, subtopic: options.subtopic, format: options.format } });
  }

  /** The hits of a search with the members that are named, and no others. */
  searchFields(q: string, fields: string, options: { limit?: number; cursor?: string | null; topic?: string[]; language?: string[]; year_from?: number | null; year_to?: number | null; source?: string[]; has_statistic?: boolean | null; subtopic?: string[]; format?: string[]; } = {}): Promise<SelectedResponse> {
    return this.record<SelectedResponse>("GET", `/v1/search/fields`, { query: { q: q, fields: fields, limit: options.limit, cursor: options.cursor, topic: options.topic, language: options.language, year_from: options.year_from, year_to: options.year_to, source: options.source, has_statistic: options.has_statistic, subtopic: options.subtopic, format: options.format } });
  }

  /** A cited answer in sentences of the sources, or "no evidence". */
  ask(question: string, options: { language?: string | null; filters?: FilterBody; } = {}): Promise<Answer> {
    return this.record<Answer>("POST", `/v1/answers`, { body: { question: question, language: options.language, filters: options.filters } });
  }

  /** Statistics with their citations, by meaning or by number; ``sort`` is a column, "-value" for descending. A figure that stands in several places comes once, with its other places. With words, figures too far from them are left out. ``separators`` of CSV: "en" is "," and 0.5, "es" is ";" and 0,5. */
  listStatistics(options: { q?: string | null; sort?: string | null; separators?: string | null; limit?: number; cursor?: string | null; kind?: string | null; topic?: string | null; subtopic?: string[]; language?: string | null; min?: number | null; max?: number | null; year_from?: number | null; year_to?: number | null; source?: string | null; has_sample_size?: boolean | null; } = {}): Promise<StatisticsResponse> {
    return this.record<StatisticsResponse>("GET", `/v1/statistics`, { query: { q: options.q, sort: options.sort, separators: options.separators, limit: options.limit, cursor: options.cursor, kind: options.kind, topic: options.topic, subtopic: options.subtopic, language: options.language, min: options.min, max: options.max, year_from: options.year_from, year_to: options.year_to, source: options.source, has_sample_size: options.has_sample_size } });
  }

  /** A passage, its document and its place in the original. */
  getPassage(passageId: string): Promise<PassageResponse> {
    return this.record<PassageResponse>("GET", `/v1/passages/${encodeURIComponent(passageId)}`);
  }

  /** Where a figure comes from: the places that state it, what each changed, and those that differ. */
  getHistory(statisticId: string): Promise<FigureHistory> {
    return this.record<FigureHistory>("GET", `/v1/statistics/${encodeURIComponent(statisticId)}/history`);
  }

  /** The current documents, by source; with ``source_id`` the one that was sent under this very name, or none. */
  listDocuments(options: { limit?: number; cursor?: string | null; source_id?: string | null; } = {}): Promise<DocumentsResponse> {
    return this.record<DocumentsResponse>("GET", `/v1/documents`, { query: { limit: options.limit, cursor: options.cursor, source_id: options.source_id } });
  }

  /** Take in files (multipart, field ``file``) or JSON documents; the job that ingests them. */
  addDocuments(documents: DocumentBody[], options: { idempotency_key?: string; } = {}): Promise<Job> {
    return this.record<Job>("POST", `/v1/documents`, { body: { documents: documents }, once: true, idempotencyKey: options.idempotency_key });
  }

  /** A document with its text, its passages and what was removed from it. */
  getDocument(documentId: string): Promise<DocumentResponse> {
    return this.record<DocumentResponse>("GET", `/v1/documents/${encodeURIComponent(documentId)}`);
  }

  /** Correct the record of a document: title, authors, publisher, date, address, series. Nothing is embedded again. What it was stays in the history, and citations made before say that it was corrected. A key corrects the documents that it brought, an administrator's every one. */
  correctRecord(documentId: string, options: { title?: string | null; authors?: string[] | null; publisher?: string | null; published?: string | null; url?: string | null; series?: string | null; revision?: number | null; } = {}): Promise<RecordResponse> {
    return this.record<RecordResponse>("PATCH", `/v1/documents/${encodeURIComponent(documentId)}`, { body: { title: options.title, authors: options.authors, publisher: options.publisher, published: options.published, url: options.url, series: options.series, revision: options.revision } });
  }

  /** Remove a document with its passages, statistics and original. */
  deleteDocument(documentId: string, options: { idempotency_key?: string; } = {}): Promise<void> {
    return this.nothing("DELETE", `/v1/documents/${encodeURIComponent(documentId)}`, { once: true, idempotencyKey: options.idempotency_key });
  }

  /** The record of a document without its text: what is known of it, from where, and every correction of it. */
  getRecord(documentId: string): Promise<RecordResponse> {
    return this.record<RecordResponse>("GET", `/v1/documents/${encodeURIComponent(documentId)}/record`);
  }

  /** The canonical text that all offsets count in. */
  getDocumentText(documentId: string): Promise<string> {
    return this.text("GET", `/v1/documents/${encodeURIComponent(documentId)}/text`);
  }

  /** The original bytes, always as a file to keep: a browser never shows them as a page of this server. */
  getDocumentOriginal(documentId: string): Promise<Uint8Array> {
    return this.bytes("GET", `/v1/documents/${encodeURIComponent(documentId)}/original`);
  }

  /** The five topics and how many passages have each. */
  listTopics(): Promise<TopicLine[]> {
    return this.record<TopicLine[]>("GET", `/v1/topics`);
  }

  /** Every code that a problem can have. */
  listProblems(): Promise<ProblemFacts[]> {
    return this.record<ProblemFacts[]>("GET", `/v1/problems`);
  }

  /** What a problem code means, in both languages; a browser is led to its entry on the page of the API. */
  getProblem(code: string): Promise<ProblemFacts> {
    return this.record<ProblemFacts>("GET", `/v1/problems/${encodeURIComponent(code)}`);
  }

  /** Documents, passages, statistics or the answer to a question (``what``), as jsonl, md, docx, html, xlsx or csv. Without ``what`` it is the passages that ``q`` finds, or without words every document, in the shape that ingestion takes. A parameter that does not belong to what is exported is refused. Words around the quotes follow Accept-Language. With ``originals`` the lines of documents hold their bytes, too. */
  export(options: { q?: string | null; what?: string | null; format?: string | null; sort?: string | null; limit?: number | null; style?: string | null; separators?: string | null; originals?: boolean; topic?: string[]; language?: string[]; year_from?: number | null; year_to?: number | null; source?: string[]; has_statistic?: boolean | null; subtopic?: string[]; file_format?: string[]; kind?: string | null; min?: number | null; max?: number | null; has_sample_size?: boolean | null; } = {}): Promise<Uint8Array> {
    return this.bytes("GET", `/v1/export`, { query: { q: options.q, what: options.what, format: options.format, sort: options.sort, limit: options.limit, style: options.style, separators: options.separators, originals: options.originals, topic: options.topic, language: options.language, year_from: options.year_from, year_to: options.year_to, source: options.source, has_statistic: options.has_statistic, subtopic: options.subtopic, file_format: options.file_format, kind: options.kind, min: options.min, max: options.max, has_sample_size: options.has_sample_size } });
  }

  /** How many passages there are by topic, language and year, the gaps too. */
  getCoverage(): Promise<CoverageCell[]> {
    return this.record<CoverageCell[]>("GET", `/v1/coverage`);
  }

  /** Places with notes ("p0123456789abcdef:10-90"), each with its quote and citation; 404 for one that is gone. */
  getBasket(options: { item?: string[]; note?: string[]; } = {}): Promise<DossierEntry[]> {
    return this.record<DossierEntry[]>("GET", `/v1/basket`, { query: { item: options.item, note: options.note } });
  }

  /** Each figure of a text judged against the statistics of the base. The text is not kept. */
  checkDraft(text: string): Promise<CheckedDraft> {
    return this.record<CheckedDraft>("POST", `/v1/drafts`, { body: { text: text } });
  }

  /** The saved searches of the base, oldest first. */
  listSearches(): Promise<SavedSearchLine[]> {
    return this.record<SavedSearchLine[]>("GET", `/v1/searches`);
  }

  /** Save a search under a name of its own. */
  saveSearch(name: string, options: { text?: string | null; filters?: FilterBody; from_now?: boolean; idempotency_key?: string; } = {}): Promise<SavedSearchLine> {
    return this.record<SavedSearchLine>("POST", `/v1/searches`, { body: { name: name, text: options.text, filters: options.filters, from_now: options.from_now }, once: true, idempotencyKey: options.idempotency_key });
  }

  /** Remove a saved search and the webhooks that are told of it. */
  deleteSearch(searchId: string, options: { idempotency_key?: string; } = {}): Promise<void> {
    return this.nothing("DELETE", `/v1/searches/${encodeURIComponent(searchId)}`, { once: true, idempotencyKey: options.idempotency_key });
  }

  /** The hits that came into the base since somebody looked, in that order; looking marks nothing. */
  listNewHits(searchId: string, options: { limit?: number; cursor?: string | null; } = {}): Promise<NewHitsResponse> {
    return this.record<NewHitsResponse>("GET", `/v1/searches/${encodeURIComponent(searchId)}/new`, { query: { limit: options.limit, cursor: options.cursor } });
  }

  /** Mark hits as seen, up to the ``until`` of a page of new hits. */
  markSeen(searchId: string, until: string): Promise<SavedSearchLine> {
    return this.record<SavedSearchLine>("POST", `/v1/searches/${encodeURIComponent(searchId)}/seen`, { body: { until: until } });
  }

  /** The webhooks of the base, oldest first, without their secrets. */
  listWebhooks(): Promise<WebhookLine[]> {
    return this.record<WebhookLine[]>("GET", `/v1/webhooks`);
  }

  /** Have an address told of every ended job, or of the new hits of a saved search; its secret is shown this once. */
  createWebhook(url: string, options: { search?: string | null; idempotency_key?: string; } = {}): Promise<NewWebhook> {
    return this.record<NewWebhook>("POST", `/v1/webhooks`, { body: { url: url, search: options.search }, once: true, idempotencyKey: options.idempotency_key });
  }

  /** Remove a webhook; what waits for it is not sent any more. */
  deleteWebhook(webhookId: string, options: { idempotency_key?: string; } = {}): Promise<void> {
    return this.nothing("DELETE", `/v1/webhooks/${encodeURIComponent(webhookId)}`, { once: true, idempotencyKey: options.idempotency_key });
  }

  /** What was sent to a webhook, newest first: every try with its status or the reason why there is none. */
  listDeliveries(webhookId: string, options: { limit?: number; } = {}): Promise<DeliveriesResponse> {
    return this.record<DeliveriesResponse>("GET", `/v1/webhooks/${encodeURIComponent(webhookId)}/deliveries`, { query: { limit: options.limit } });
  }

  /** Citations of passages, statistics or documents in a style: apa, mla, chicago, bibtex, ris, csl-json. */
  formatCitations(ids: string[], options: { style?: string; language?: string; accessed?: string | null; } = {}): Promise<CitationsResponse> {
    return this.record<CitationsResponse>("POST", `/v1/citations`, { body: { ids: ids, style: options.style, language: options.language, accessed: options.accessed } });
  }

  /** The judgement of every quote of an answer, as it was served or saved, read again in its source. */
  verifyAnswer(body: object): Promise<VerifyResponse> {
    return this.record<VerifyResponse>("POST", `/v1/verify`, { body });
  }

  /** Topics, statistics and sentences of any text. */
  analyzeText(text: string, options: { id?: string; language?: string | null; } = {}): Promise<Analysis> {
    return this.record<Analysis>("POST", `/v1/analyze`, { body: { id: options.id, text: text, language: options.language } });
  }

  /** The jobs, newest first, in the caller's language. */
  listJobs(options: { limit?: number; cursor?: string | null; } = {}): Promise<JobsResponse> {
    return this.record<JobsResponse>("GET", `/v1/jobs`, { query: { limit: options.limit, cursor: options.cursor } });
  }

  /** Where a job stands, and what became of each file so far, in the caller's language. */
  getJob(jobId: string): Promise<Job> {
    return this.record<Job>("GET", `/v1/jobs/${encodeURIComponent(jobId)}`);
  }

  /** End a job: one that waits at once, one that runs after the files it has read; what is in the base stays. A job that has ended stays as it is. */
  cancelJob(jobId: string): Promise<Job> {
    return this.record<Job>("POST", `/v1/jobs/${encodeURIComponent(jobId)}/cancel`);
  }

  /** The job as server-sent events (``event: job``) whenever it moves; the stream ends with the job. */
  streamJob(jobId: string): AsyncGenerator<Job> {
    return this.events<Job>("GET", `/v1/jobs/${encodeURIComponent(jobId)}/events`);
  }

  /** Take in addresses of pages, sitemaps and feeds; the job that fetches and ingests them. Only addresses on the open internet, and only where the operator allows fetching. */
  addUrls(urls: string[], options: { metadata?: Record<string, KnownBody>; idempotency_key?: string; } = {}): Promise<Job> {
    return this.record<Job>("POST", `/v1/ingest/urls`, { body: { urls: urls, metadata: options.metadata }, once: true, idempotencyKey: options.idempotency_key });
  }

  /** Whether the process answers. */
  checkHealth(): Promise<Record<string, string>> {
    return this.record<Record<string, string>>("GET", `/healthz`);
  }

  /** Whether the base can be searched and jobs are run, and how much is in it; ``read_only`` where it cannot be written. */
  checkReadiness(): Promise<Record<string, string | number | boolean>> {
    return this.record<Record<string, string | number | boolean>>("GET", `/readyz`);
  }

  /** What this server is and holds: its version, its model, and what may be asked for. */
  getInfo(): Promise<InfoResponse> {
    return this.record<InfoResponse>("GET", `/v1/info`);
  }

  /** Counts for Prometheus: requests and their time by route, the size of the base, jobs by state. */
  getMetrics(): Promise<string> {
    return this.text("GET", `/metrics`);
  }
}
