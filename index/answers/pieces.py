"""What the finding of evidence hands on: pieces of passages, evidence made of them, findings made of that.

Records only; no scores are made here.
"""

from dataclasses import dataclass

from index.search.searcher import Scored
from kb.records.answer import Difference, FindingKind
from kb.records.document import Document, Passage, Span
from kb.records.statistic import Statistic


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters of a passage that are quoted; ``span`` counts in its document's text."""

    passage: Passage
    span: Span


@dataclass(frozen=True, slots=True)
class Evidence:
    """What may answer, from one document: a stretch of a passage, or the announcement and items of a list.

    ``fits`` says whether it has the figure or the list asked for, ``missing`` what the question names and the
    document lacks (words of the question, or a message for what has no word there), ``wording`` the share (0 to 1) of
    the question's telling words that its passage has.
    ``statistics`` are the figures inside its pieces, ``margin`` how much nearer its passage comes to the question than
    the null set does (null without a model), ``items`` how many things a list has, ``chance`` the probability (0 to 1)
    that its best sentence answers, as a judge says (null where none did).
    """

    scored: Scored
    document: Document
    pieces: tuple[Piece, ...]
    score: float
    fits: bool
    missing: tuple[str, ...]
    wording: float
    kind: FindingKind
    statistics: tuple[Statistic, ...] = ()
    margin: float | None = None
    items: int | None = None
    chance: float | None = None

    @property
    def passage(self) -> Passage:
        """The passage of its first piece."""
        return self.pieces[0].passage

    @property
    def span(self) -> Span:
        """The span of its first piece."""
        return self.pieces[0].span

    @property
    def text(self) -> str:
        """Its quotes, one a line."""
        return "\n".join(piece.span.cut(self.document.text) for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class FoundFinding:
    """One finding: the evidence that says it, best first, how many independent sources that makes, what differs from
    findings on the same subject with other figures, and how many further sources those have."""

    evidence: tuple[Evidence, ...]
    sources: int
    differs: tuple[Difference, ...] = ()
    against: int = 0
