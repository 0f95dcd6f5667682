"""A statistic as a sentence to copy: the number in the language's format, the quote as it stands, who says so.

APA's form for what one work says of another ("Gartner, 2021, as cited in Smith, 2022") keeps the one who measured
apart from the one who repeats it. Owns this wording; invents nothing: a part that is not known is left out.
"""

from collections.abc import Sequence
from functools import lru_cache

from api.service.schemas import CopyReady
from api.words.formats import measured_when
from kb.citing import Reference, Style, as_cited_in, in_text
from kb.citing.citation_words import requoted
from kb.numbers import format_statistic
from kb.records.language import Language
from kb.records.search import Citation, DocumentReference
from kb.records.statistic import Kind, Statistic

_TOLD_IN = {Language.ES: "citado en", Language.EN: "cited in"}
_SAMPLE = {Language.ES: "muestra de", Language.EN: "sample of"}


def copy_ready(statistic: Statistic, citation: Citation) -> CopyReady:
    """The sentence in both languages."""
    return CopyReady(
        sentence(statistic, citation, Language.ES),
        sentence(statistic, citation, Language.EN),
    )


def attributions(statistic: Statistic, citation: Citation) -> CopyReady | None:
    """Who measured it, of how many and whom, and when, in both languages; null where the measurer is not known."""
    if statistic.source is None:
        return None
    return CopyReady(*(_attribution(statistic, citation, language) for language in (Language.ES, Language.EN)))


def measured(statistics: Sequence[Statistic], told: str, language: Language) -> tuple[str, ...]:
    """A line for each measurement behind these figures, as far as it is known: "37 %, 40 %: Gartner, muestra de 1.200,
    2021". None for a figure of which ``told``, the words beside it, say all of that, or of which nothing is known, nor
    for the number asked itself."""
    lines: dict[str, list[str]] = {}
    asked = {one.sample_size for one in statistics}
    for one in statistics:
        if one.kind is Kind.COUNT and one.value in asked:
            continue
        size = None if one.sample_size is None else _number(one.sample_size, one.language)
        parts = (one.source, _study(one, language), _sample(one, language), measured_when(one, language))
        own = (one.source, one.study, size, None if one.year is None else str(one.year))
        if not all(said in told for said in own if said):
            lines.setdefault(", ".join(filter(None, parts)), []).append(" ".join(one.raw.split()))
    return tuple(f"{', '.join(dict.fromkeys(figures))}: {behind}" for behind, figures in lines.items())


def _attribution(statistic: Statistic, citation: Citation, language: Language) -> str:
    """ "Gartner, «Voces», muestra de 1.200, «los clientes», 2021; citado en Pérez, 2022": quotes in marks."""
    population = None if statistic.population is None else language.facts.quoted(statistic.population)
    when = measured_when(statistic, language)
    parts = (statistic.source, _study(statistic, language), _sample(statistic, language), population, when)
    told = (
        ""
        if is_author(statistic.source or "", citation.document)
        else f"; {_TOLD_IN[language]} {_reported(citation, language)}"
    )
    return ", ".join(part for part in parts if part) + told


def _study(statistic: Statistic, language: Language) -> str | None:
    study = statistic.study
    return None if study is None or study == statistic.source else language.facts.quoted(study)


def _sample(statistic: Statistic, language: Language) -> str | None:
    size = statistic.sample_size
    return None if size is None else f"{_SAMPLE[language]} {_number(size, language)}"


def _number(size: int, language: Language) -> str:
    return f"{size:,}".replace(",", language.facts.thousands_mark)


def sentence(statistic: Statistic, citation: Citation, language: Language) -> str:
    """ "87 %: «El 87 % de los clientes …» (Gartner, 2021, como se citó en Pérez, 2022, p. 3)." """
    quote = language.facts.quoted(requoted(" ".join(statistic.quote.split()), language))
    shown = format_statistic(statistic, language)
    opening = shown[:1].upper() + shown[1:]
    return f"{opening}: {quote} ({_credit(statistic, citation, language)})."


def _credit(statistic: Statistic, citation: Citation, language: Language) -> str:
    reference = Reference.of(citation.document, citation.places)
    if statistic.source is None or is_author(statistic.source, citation.document):
        return _bare(_beside(reference, language))
    return _bare(_secondary(statistic.source, statistic.year, reference, language))


def _reported(citation: Citation, language: Language) -> str:
    """The document that has the figure, as it is named beside a text."""
    return _bare(_beside(Reference.of(citation.document, citation.places), language))


def _bare(cited: str) -> str:
    return cited.removeprefix("(").removesuffix(")")


@lru_cache(maxsize=1024)
def _beside(reference: Reference, language: Language) -> str:
    return in_text(reference, Style.APA, language)


@lru_cache(maxsize=1024)
def _secondary(measured: str, year: int | None, reference: Reference, language: Language) -> str:
    return as_cited_in(measured, year, reference, Style.APA, language)


def is_author(source: str, document: DocumentReference) -> bool:
    """Whether the document is the measurer's own: then it is not cited in another's work."""
    return source.casefold() in {name.casefold() for name in (*document.authors, document.publisher or "")}


def reported_by(statistic: Statistic, document: DocumentReference) -> str | None:
    """Who repeats the figure: the publisher of the document, else its title; null where it is the measurer's own, and
    where nobody is said to have measured."""
    if statistic.source is None or is_author(statistic.source, document):
        return None
    return document.publisher or document.title
