"""The tagger and the figure reader for any text, without a base: what ``kb analyze`` and ``/v1/analyze`` give."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ingest.figures import read_passages
from ingest.pruning import figures_anew
from ingest.tagging import Tagger, to_tag
from ingest.text.normal_form import NormalForm
from ingest.text.prepare import Prepared, prepare_text
from kb.records.document import Document, Passage
from kb.records.language import Language
from kb.records.ports import Embedder, FloatArray, for_topics
from kb.records.statistic import Analysis, RejectedNumber, Statistic
from kb.records.topics import Topic, TopicAssignment


@dataclass(frozen=True, slots=True)
class AnalysisRequest:
    """A text with a name of the caller's choice; its language where the caller knows it."""

    id: str
    text: str
    language: Language | None = None


class Analyser:
    """Reads texts for topics and statistics. The embedder is asked for once, at the first text."""

    def __init__(self, embedder: Callable[[], Embedder], tagger: Callable[[Embedder], Tagger]) -> None:
        self._embedder = embedder
        self._make_tagger = tagger
        self._tagger: Tagger | None = None

    def analyse(self, text_id: str, text: str, language: Language | None) -> Analysis:
        """The analysis of one text."""
        return self.analyse_many([AnalysisRequest(text_id, text, language)])[0]

    def figures_anew(
        self, before: Document, after: Document, passages: Sequence[Passage]
    ) -> tuple[Statistic, ...] | None:
        """The statistics of a document under its corrected record; null where they cannot be others than before."""
        return figures_anew(before, after, passages, self._embedder)

    def analyse_many(self, requests: Sequence[AnalysisRequest]) -> list[Analysis]:
        """The analysis of each text; their passages are embedded together."""
        embedder = self._embedder()
        if self._tagger is None:
            self._tagger = self._make_tagger(embedder)
        forms = [NormalForm(request.text) for request in requests]
        prepared = [
            prepare_text(form.canonical, request.language) for form, request in zip(forms, requests, strict=True)
        ]
        texts = [passage.text for one in prepared for passage in one.passages]
        vectors, _, topics = for_topics(embedder, texts)
        analyses, start = [], 0
        for request, form, one in zip(requests, forms, prepared, strict=True):
            mine = slice(start, start := start + len(one.passages))
            read = vectors[mine], None if topics is None else topics[mine]
            analyses.append(_as_given(self._analysis(request, one, *read, self._tagger), form))
        return analyses

    def _analysis(
        self,
        request: AnalysisRequest,
        prepared: Prepared,
        vectors: FloatArray,
        topic_vectors: FloatArray | None,
        tagger: Tagger,
    ) -> Analysis:
        passages = prepared.passages
        tagged = tagger.tag(
            [to_tag(passage) for passage in passages],
            vectors,
            lambda rows: self._sentence_vectors([passages[row] for row in rows]),
            topic_vectors,
        )
        reading = read_passages(prepared.document, passages, self._embedder)
        return Analysis(
            request.id,
            request.language or _main_language(prepared),
            _merged(tagged),
            reading.statistics,
            tuple(span for passage in passages for span in passage.sentences),
            reading.rejected,
            "; ".join(note for note in (tagger.degraded, *reading.notes) if note) or None,
        )

    def _sentence_vectors(self, passages: Sequence[Passage]) -> list[FloatArray]:
        texts = [[span.shifted(-one.span.start).cut(one.text) for span in one.sentences] for one in passages]
        vectors = self._embedder().encode_passages([text for some in texts for text in some])
        ends = np.cumsum([len(some) for some in texts])
        return np.split(vectors, ends[:-1])


def _as_given(analysis: Analysis, form: NormalForm) -> Analysis:
    """The analysis of the canonical form with its spans, and the words in them, in the text as it was given."""
    if form.text == form.canonical:
        return analysis

    def given(statistic: Statistic) -> Statistic:
        span, quote = form.given(statistic.span), form.given(statistic.quote_span)
        return replace(statistic, span=span, raw=span.cut(form.text), quote_span=quote, quote=quote.cut(form.text))

    rejected = ((form.given(number.span), number.reason) for number in analysis.rejected)
    return replace(
        analysis,
        statistics=tuple(given(statistic) for statistic in analysis.statistics),
        sentences=tuple(form.given(sentence) for sentence in analysis.sentences),
        rejected=tuple(RejectedNumber(span, span.cut(form.text), reason) for span, reason in rejected),
    )


def _main_language(prepared: Prepared) -> Language:
    shares = prepared.document.language_mix
    return max(shares, key=lambda share: share.share).language if shares else Language.OTHER


def _merged(tagged: Sequence[tuple[TopicAssignment, ...]]) -> tuple[TopicAssignment, ...]:
    """Each topic once, with the assignment of the passage that is surest of it."""
    best: dict[Topic, TopicAssignment] = {}
    for assignment in (assignment for assignments in tagged for assignment in assignments):
        if assignment.topic not in best or assignment.score > best[assignment.topic].score:
            best[assignment.topic] = assignment
    return tuple(best[topic] for topic in Topic if topic in best)
