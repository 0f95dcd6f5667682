"""What is said of a rewriting, in Spanish and English: why there is none, and whose sentences stand in it."""

from __future__ import annotations

from kb.answer import Rewriting
from kb.language import Language
from kb.ports import Outage, Reply

_OUTAGES = {
    Outage.UNSET: (
        "no language model is set (KB_REWRITE_URL and KB_REWRITE_MODEL)",
        "no hay ninguno configurado (KB_REWRITE_URL y KB_REWRITE_MODEL)",
    ),
    Outage.UNREACHABLE: ("its endpoint could not be reached", "no se pudo conectar con él"),
    Outage.SLOW: ("it did not answer in time", "no respondió a tiempo"),
    Outage.STATUS: ("its endpoint answered with status {}", "respondió con el estado {}"),
    Outage.REDIRECTED: (
        "its endpoint pointed to another address, which is not followed",
        "remitió a otra dirección, que no se sigue",
    ),
    Outage.NOT_CHAT: (
        "what its endpoint answered is not a chat completion",
        "lo que respondió no es una respuesta de chat",
    ),
    Outage.TOO_LARGE: ("its answer was too large", "su respuesta era demasiado grande"),
    Outage.CUT_SHORT: ("its answer broke off", "su respuesta se cortó"),
    Outage.EMPTY: ("its answer was empty", "su respuesta estaba vacía"),
}
_NOT_USED = {
    Language.EN: "The language model was not used: {}. The answer stands in the words of its sources.",
    Language.ES: "No se usó el modelo de lenguaje: {}. La respuesta está en palabras de sus fuentes.",
}
_USED = {
    Language.EN: "Sentences by the language model {}: {} of {}; the others are the words of the sources{}.",
    Language.ES: "Frases del modelo de lenguaje {}: {} de {}; las demás son palabras de las fuentes{}.",
}
_DROPPED = {
    Language.EN: "; {} of its sentences cited nothing and were left out",
    Language.ES: "; {} de sus frases no citaban nada y se han omitido",
}


def outage_note(reply: Reply, language: Language) -> str:
    """Why the model was not used."""
    spanish = language is Language.ES
    reason = _OUTAGES[reply.outage or Outage.EMPTY][spanish].format(reply.status)
    return _NOT_USED[Language.ES if spanish else Language.EN].format(reason)


def summary_note(rewriting: Rewriting, language: Language) -> str:
    """How many sentences are the model's, and what was left out."""
    told = Language.ES if language is Language.ES else Language.EN
    mine = sum(sentence.by_model for sentence in rewriting.sentences)
    dropped = _DROPPED[told].format(rewriting.dropped) if rewriting.dropped else ""
    return _USED[told].format(rewriting.model, mine, len(rewriting.sentences), dropped)
