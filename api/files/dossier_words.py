"""The words of a dossier that are no quote, in both languages: headings, columns, counts.

Quotes and references bring their own words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from api.words.formats import day, number
from kb.citing import Style
from kb.records.errors import InputError
from kb.records.language import Language
from kb.records.messages import say


@dataclass(frozen=True, slots=True)
class Writing:
    """How a dossier is written: the style of its citations, the language of all that is no quote, its day.

    InputError for a style that is no prose.
    """

    style: Style
    language: Language
    today: date

    def __post_init__(self) -> None:
        if self.style.is_data:
            raise InputError(
                say("citation_style", style=self.style.value),
                say("has_no_form_for_a_footnote"),
                say("use_apa_mla_or_chicago"),
            )


@dataclass(frozen=True, slots=True)
class DossierWords:
    """The words in one language; a pair is singular and plural."""

    language: Language
    kind: str
    findings: str
    figures: str
    sources: str
    notes: str
    checking: str
    columns: tuple[str, ...]
    quotes: tuple[str, str]
    documents: tuple[str, str]
    from_: str
    in_language: str
    how: str
    how_to_check: str
    opens: str
    too_many: str
    other: str
    page: str
    names: Mapping[Language, str]
    searched: str

    def of_base(self, documents: int, passages: int) -> str:
        """How much the base holds."""
        return self.searched.format(documents=self._some(documents, self.documents), passages=self.number(passages))

    def dated(self, when: date | None) -> str:
        """The day in words, "" for none."""
        return (day(when.isoformat(), self.language) or "") if when else ""

    def in_the(self, language: Language) -> str:
        """ "In Spanish", as the head of a column."""
        words = f"{self.in_language} {self.names[language]}"
        return words[0].upper() + words[1:]

    def opened(self, address: str) -> str:
        """What the address that opens all quotes does."""
        return self.opens.format(host=urlsplit(address).netloc)

    def number(self, value: int | None) -> str:
        """A whole number with the language's marks, a dash for none."""
        return "–" if value is None else number(value, self.language)

    def lead(self, languages: Iterable[Language], documents: int) -> str:
        """How many quotes there are, of how many documents and in which languages, and what a quote is."""
        counted = Counter(languages)
        count = f"{self._some(counted.total(), self.quotes)} {self.from_} {self._some(documents, self.documents)}"
        told = ", ".join(
            f"{self.number(many)} {self.in_language} {self.names[one]}" for one, many in counted.most_common()
        )
        return f"{count} ({told}). {self.how}"

    def _some(self, count: int, words: tuple[str, str]) -> str:
        return f"{self.number(count)} {words[0] if count == 1 else words[1]}"


_WORDS = {
    Language.ES: DossierWords(
        Language.ES,
        kind="Dosier de evidencia",
        findings="Hallazgos",
        figures="Cifras",
        sources="Fuentes",
        notes="Notas",
        checking="Cómo se comprueba",
        columns=("Cifra", "De quiénes", "n", "Cuándo", "Quién lo midió", "Nota"),
        quotes=("cita", "citas"),
        documents=("documento", "documentos"),
        from_="de",
        in_language="en",
        how="Cada cita está tal como figura en su fuente; su nota al pie nombra el documento y el lugar.",
        how_to_check="Cada cita puede comprobarse, carácter por carácter, en el original con esta huella SHA-256:",
        opens="Todas las citas se abren en su lugar en {host}:",
        too_many="Son demasiadas para un código que se pueda leer: la dirección de cada una está en su nota.",
        other="Otros temas",
        page="Página",
        names={one: one.facts.name_es for one in Language},
        searched="Base consultada: {documents}, {passages} pasajes.",
    ),
    Language.EN: DossierWords(
        Language.EN,
        kind="Evidence dossier",
        findings="Findings",
        figures="Figures",
        sources="Sources",
        notes="Notes",
        checking="How to check it",
        columns=("Figure", "Of whom", "n", "When", "Who measured it", "Note"),
        quotes=("quote", "quotes"),
        documents=("document", "documents"),
        from_="from",
        in_language="in",
        how="Every quote stands as it does in its source; its footnote names the document and the place.",
        how_to_check="Every quote can be checked, character for character, in the original with this SHA-256:",
        opens="All quotes open in their places at {host}:",
        too_many="They are too many for a code that can be read: the address of each is in its note.",
        other="Other themes",
        page="Page",
        names={one: one.facts.name_en for one in Language},
        searched="Base searched: {documents}, {passages} passages.",
    ),
}


def words_of(language: Language) -> DossierWords:
    """The words in Spanish or in English."""
    return _WORDS[Language.ES if language is Language.ES else Language.EN]
