"""What may be wrong with a sentence written anew from quotes, said in either language.

Owns the kinds of fault and their wording. Finds none itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from kb.language import Language
from kb.verification.verdict import Verdict

_MAX_WORDS = 60


class FaultKind(Enum):
    """A kind of fault: its verdict, and its wording in English and Spanish with {} for the words at fault."""

    FIGURE = (Verdict.NUMBER_CHANGED, "the figure {} is in none of the quotes", "la cifra {} no está en las citas")
    HEDGE = (Verdict.NUMBER_CHANGED, "the figure {} lost its hedge", "la cifra {} ha perdido su matiz")
    BOUND = (Verdict.NUMBER_CHANGED, "the figure {} got another hedge", "la cifra {} lleva otro matiz")
    MEASURE = (Verdict.NUMBER_CHANGED, "no quote counts in “{}”", "ninguna cita cuenta en «{}»")
    MOVED = (
        Verdict.NUMBER_CHANGED,
        "“{}” stands with other words than in the quotes",
        "«{}» va con otras palabras que en las citas",
    )
    NAME = (Verdict.NOT_FOUND, "the name “{}” is in none of the quotes", "el nombre «{}» no está en las citas")
    ATTRIBUTION = (Verdict.NOT_FOUND, "“{}” names a source that no quote names", "«{}» atribuye lo que ninguna cita")
    DENIED = (
        Verdict.NEGATION_CHANGED,
        "“{}” denies what no quote denies",
        "«{}» niega lo que ninguna cita niega",
    )
    AFFIRMED = (Verdict.NEGATION_CHANGED, "“{}” of the quotes was left out", "falta el «{}» de las citas")
    TURNED = (Verdict.NEGATION_CHANGED, "“{}” turns what the quotes say", "«{}» da la vuelta a las citas")
    CERTAINTY = (Verdict.NOT_FOUND, "the hedge “{}” of the quotes was left out", "falta el matiz «{}» de las citas")
    STRONGER = (Verdict.NOT_FOUND, "“{}” claims more than the quotes", "«{}» afirma más que las citas")
    QUOTED = (
        Verdict.NOT_FOUND,
        "the words in quotation marks “{}” stand in no quote",
        "las palabras entre comillas «{}» no están en las citas",
    )
    ADDED = (Verdict.NOT_FOUND, "“{}” is said by none of the quotes", "«{}» no lo dice ninguna cita")
    LEFT_OUT = (Verdict.NOT_FOUND, "“{}” of the quotes was left out", "falta «{}», que está en las citas")
    UNSUPPORTED = (
        Verdict.NOT_FOUND,
        "too many of its words are in none of the quotes",
        "demasiadas de sus palabras no están en las citas",
    )
    LONG = (Verdict.NOT_FOUND, "it is much longer than its quotes", "es mucho más larga que sus citas")
    MARKUP = (
        Verdict.NOT_FOUND,
        "it holds markup, an address or signs that are no plain text",
        "contiene marcas, una dirección o signos que no son texto",
    )
    UNMARKED = (Verdict.NOT_FOUND, "a sentence of it cites nothing", "una de sus frases no cita nada")
    UNKNOWN_MARK = (Verdict.NOT_FOUND, "there is no citation {}", "no existe la cita {}")
    MERGED = (Verdict.NOT_FOUND, "it merges findings", "mezcla hallazgos")
    MARKS_LOST = (Verdict.NOT_FOUND, "it left out the citation {}", "omite la cita {}")
    DISTANT = (Verdict.NOT_FOUND, "it is not near its quotes in meaning", "su sentido se aleja de las citas")
    OMITTED = (Verdict.NOT_FOUND, "the model left it out", "el modelo lo omitió")

    @property
    def verdict(self) -> Verdict:
        """The verdict of a fault of this kind."""
        return self.value[0]

    def wording(self, language: Language) -> str:
        """Its wording, with {} for the words at fault; English but for Spanish."""
        return self.value[2] if language is Language.ES else self.value[1]


@dataclass(frozen=True, slots=True)
class RewritingFault:
    """Why a rewritten sentence is refused; ``words`` are those at fault, cut to a few."""

    kind: FaultKind
    words: str = ""

    @property
    def verdict(self) -> Verdict:
        """The verdict of its kind."""
        return self.kind.verdict

    @property
    def reason(self) -> str:
        """The reason in English."""
        return self.said(Language.EN)

    def said(self, language: Language) -> str:
        """The reason in Spanish or English."""
        return self.kind.wording(language).format(self.words[:_MAX_WORDS])
