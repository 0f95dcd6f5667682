"""How many bad quotes the verifier accepts and how many honest ones it refuses, by language and kind."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.evaluate.quotes.bad_quotes import BaseText, Mutation, mutations
from index.evaluate.quotes.lexicon_quotes import LexiconQuote
from kb.quotes.judge import judge
from kb.quotes.verdict import Verdict
from kb.records.language import Language


@dataclass(frozen=True, slots=True)
class KindFigures:
    """One kind of mutation in one language: how many quotes were tried and how many accepted."""

    language: Language
    honest: bool
    kind: str
    tried: int
    accepted: int


@dataclass(frozen=True, slots=True)
class VerifyFigures:
    """The figures of the mutation suite, and the quotes that were judged wrongly."""

    rows: tuple[KindFigures, ...]
    wrong: tuple[Mutation, ...]

    @property
    def bad_quotes_accepted(self) -> str:
        """Of how many that were tried."""
        return f"{self.bad_accepted()} of {self.tried(False)}"

    @property
    def honest_quotes_refused(self) -> str:
        """Their share, and how many were tried."""
        return f"{self.honest_refused():.3f} of {self.tried(True)}"

    def tried(self, honest: bool, language: Language | None = None) -> int:
        """How many honest, or bad, quotes were tried (in one language, or in both)."""
        return sum(row.tried for row in self._rows(honest, language))

    def bad_accepted(self, language: Language | None = None) -> int:
        """How many bad quotes were accepted; 0 is the aim."""
        return sum(row.accepted for row in self._rows(False, language))

    def honest_refused(self, language: Language | None = None) -> float:
        """The share (0 to 1) of honest quotes that were refused; 0.05 is the most allowed."""
        rows = self._rows(True, language)
        tried = sum(row.tried for row in rows)
        return (tried - sum(row.accepted for row in rows)) / tried if tried else 0.0

    def _rows(self, honest: bool, language: Language | None) -> list[KindFigures]:
        return [row for row in self.rows if row.honest is honest and language in (None, row.language)]


def evaluate_verify(texts: Sequence[BaseText], made: Iterable[LexiconQuote] = ()) -> VerifyFigures:
    """The figures over every mutation of these texts, each quote judged knowing all the other texts.

    ``made`` are quotes of the lexicon, each judged against its own text.
    """
    tried: Counter[tuple[str, bool, str]] = Counter()
    accepted: Counter[tuple[str, bool, str]] = Counter()
    wrong = []
    for mutation, verdict in _judged(texts, made):
        key = (mutation.language.value, mutation.honest, mutation.kind)
        tried[key] += 1
        accepted[key] += verdict.accepted
        if verdict.accepted is not mutation.honest:
            wrong.append(mutation)
    rows = (
        KindFigures(Language(language), honest, kind, tried[language, honest, kind], accepted[language, honest, kind])
        for language, honest, kind in sorted(tried)
    )
    return VerifyFigures(tuple(rows), tuple(wrong))


def _judged(texts: Sequence[BaseText], made: Iterable[LexiconQuote]) -> Iterator[tuple[Mutation, Verdict]]:
    canonical = {text.name: text.text for text in texts}
    for mutation in mutations(texts):
        others = {name: text for name, text in canonical.items() if name != mutation.name}
        yield mutation, judge(mutation.quote, mutation.span, canonical[mutation.name], others).verdict
    for one in made:
        yield one.mutation, judge(one.mutation.quote, one.mutation.span, one.source, {}).verdict
