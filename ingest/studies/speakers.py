"""People who speak for an organisation: "said Ana Ruiz, director of Acme", "Acme social media manager Jo Doe said".

Gives the organisation, never the person, as the source. Knows nothing of studies.
"""

from __future__ import annotations

from ingest.studies.orgs import Name
from kb.words.lexicon import words_of
from kb.words.tokens import Token, lower_at

_ROLES = words_of("speaker_roles")
_SPEECH = words_of("speaker_speech")
_TELLS = _SPEECH | words_of("speaker_tells")
_OF = words_of("speaker_of")


def employer_of(tokens: list[Token], name: Name, names: list[Name]) -> str | None:
    """The organisation of a person from the role that follows ("Ana Ruiz, directora de Acme"); null without a role."""
    if (owner := _owner(tokens, name, names)) is not None:
        return owner
    if lower_at(tokens, name.stop) not in (",", "("):
        return None
    end = min(name.stop + 18, len(tokens))
    near = range(name.stop + 1, min(name.stop + 10, end))
    roles = [place for place in near if tokens[place].lower in _ROLES and not _is_firm(tokens, place)]
    if not roles:
        return None
    inside = [other for other in names if roles[0] <= other.stop and name.stop < other.first < end]
    for other in inside:
        if lower_at(tokens, other.first - 1) in _OF or lower_at(tokens, other.first - 2) in _OF:
            return other.text
    # "Digital Engagement Strategist for FSA" is one run of capitals: the name after its last link.
    return next((tail for other in inside if (tail := _after_link(other.text)) is not None), None)


def is_role(name: Name) -> bool:
    """ "HR Director", "Chief Executive": what somebody is, and nobody's name."""
    return name.text.rsplit(maxsplit=1)[-1].lower() in _ROLES


def _is_firm(tokens: list[Token], place: int) -> bool:
    """ "Northbridge, la consultora de Dublín" is a firm; "Ana Ruiz, consultora de Acme" is a person."""
    return tokens[place].lower == "consultora" and lower_at(tokens, place - 1) in ("la", "una", "firma", "empresa")


def _owner(tokens: list[Token], name: Name, names: list[Name]) -> str | None:
    """The organisation whose person this is: "Bain's Fred Reichheld found that"; null for a title."""
    if name.study or len(name.text.split()) != 2 or lower_at(tokens, name.stop) not in _TELLS:
        return None
    return next((other.text for other in names if other.stop == name.first and _owns(tokens[other.stop - 1])), None)


def _owns(token: Token) -> bool:
    return token.lower.endswith(("'s", "’s"))


def _after_link(text: str) -> str | None:
    words = text.split()
    for place in range(len(words) - 2, 0, -1):
        if words[place].lower() in ("of", "at", "for", "de", "en", "del", "from", "para"):
            return " ".join(words[place + 1 :])
    return None


def speaks(tokens: list[Token], name: Name) -> bool:
    """Whether a verb of speech stands beside the name: "said Ana Ruiz", "Ana Ruiz explained"."""
    near = [lower_at(tokens, place) for place in (name.first - 2, name.first - 1, name.stop, name.stop + 1)]
    return bool(_SPEECH.intersection(near)) or any(
        token.lower in _SPEECH for token in tokens[name.stop : min(name.stop + 22, len(tokens))]
    )
