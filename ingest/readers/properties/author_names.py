"""Which strings given for authors name a person or a body; roles, accounts, slugs and addresses do not.

Owns the words. Rather no author than a wrong one: what is refused leaves the field to the next place that has it.
"""

from __future__ import annotations

import re

from kb.citing.reference import is_given_name

_LEAD = re.compile(r"(?:por|by|escrito por|written by|texto(?: de)?:?|autor(?:es|a)?:|authors?:)\s+", re.I)
_ADDRESS = re.compile(r"@(?=\S)|https?:|www\.|/")
# "jgarcia", "maria-lopez", "user_12", "j.garcia": an account or a slug; a name has a capital.
_ACCOUNT = re.compile(r"[^\sA-ZÁÉÍÓÚÑÜ]+|\S*[_\d]\S*|[\w]+(?:-[\w]+){2,}")
_ROLE_WORDS = (
    "admin administrator administrador administradora author autor autora editor editora editors editores editorial "
    "redacción redaccion redactor redactora staff team equipo webmaster guest invitado invitada user usuario anonymous "
    "anónimo anonimo contributor colaborador colaboradora content contenido contenidos marketing prensa press "
    "comunicación comunicacion communications blog newsroom news noticias desk web default unknown desconocido owner "
    "root support soporte director directora manager ceo cmo cto cfo cco vp president presidente presidenta founder "
    "fundador fundadora analyst analista consultant consultor consultora specialist especialista journalist periodista "
    "writer chief head officer senior junior jefe jefa responsable gerente online digital site sitio página page "
    "microsoft ms office windows pc hp test nobody none null"
)
# Words of _ROLE_WORDS that are a person's post: with one at its end, or before what it is of, a text names nobody.
_POST_WORDS = (
    "ceo cmo cto cfo cco vp president presidente presidenta founder fundador fundadora analyst analista consultant "
    "consultor consultora specialist especialista journalist periodista manager director directora officer writer "
    "editor editora gerente responsable jefe jefa head chief senior junior"
)
_JOINING_WORDS = "de del la el los las the of y and e & at en for para por our nuestro post posts by"
_ROLES = frozenset(_ROLE_WORDS.split())
_POSTS = frozenset(_POST_WORDS.split())
_JOINERS = frozenset(_JOINING_WORDS.split())
_WORD = re.compile(r"[\w&'’.-]+")
# Of names with single blanks. A post stands behind a bar, a dash or in brackets as well as behind a comma.
_SPLIT = re.compile(
    r" ?; ?| ?[|·] ?| [–—-] | ?\((?=[^()]*\)$)|\)$| ?, ?(?=[^ ,]{1,60} \S)| (?:y|and|&) (?=\S{1,60} \S)"
)
_MAX_CHARS = 90


def named_authors(names: tuple[str, ...]) -> tuple[str, ...]:
    """The persons and bodies among the strings, in order, each by itself and without "by"; none where none is named.

    >>> named_authors(("By Ana Gil and Luis Ruiz", "admin", "jgarcia", "Marketing Manager"))
    ('Ana Gil', 'Luis Ruiz')
    """
    single = (
        part.strip(" ,;|") for name in names for part in _SPLIT.split(_LEAD.sub("", " ".join(name.split()), count=1))
    )
    return tuple(dict.fromkeys(part for part in single if _is_name(part)))


def _is_name(name: str) -> bool:
    if not 1 < len(name) <= _MAX_CHARS or _ADDRESS.search(name) or _ACCOUNT.fullmatch(name):
        return False
    words = [word.lower().strip(".") for word in _WORD.findall(name)]
    if not words or all(word in _ROLES or word in _JOINERS for word in words):
        return False
    return is_given_name(words[0]) or not ({words[0], words[-1]} & _POSTS)
