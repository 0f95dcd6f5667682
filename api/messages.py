"""What a problem says, in Spanish and in English: a title and a hint for each code, and the details of our errors.

Owns the wording only. A detail that has no Spanish here stays English, and ``translated`` says so by null.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from kb.language import Language

# Longer values in a message would only repeat what the caller sent.
MAX_ECHO = 200


@dataclass(frozen=True, slots=True)
class CodeFacts:
    """A problem code: its status, and its title and general hint in both languages."""

    status: int
    title_en: str
    title_es: str
    hint_en: str
    hint_es: str

    def title(self, language: Language) -> str:
        """The title for people."""
        return self.title_es if language is Language.ES else self.title_en

    def hint(self, language: Language) -> str:
        """What to do when the error itself names nothing better."""
        return self.hint_es if language is Language.ES else self.hint_en


CODES: dict[str, CodeFacts] = {
    "invalid_input": CodeFacts(
        422,
        "The request cannot be understood",
        "No se entiende la petición",
        "See /openapi.json for what this route takes",
        "Consulte en /openapi.json lo que admite esta ruta",
    ),
    "malformed_body": CodeFacts(
        400,
        "The body cannot be read",
        "No se puede leer el cuerpo",
        "Send JSON in UTF-8, or multipart form data",
        "Envíe JSON en UTF-8 o un formulario multipart",
    ),
    "not_found": CodeFacts(
        404,
        "There is nothing here",
        "Aquí no hay nada",
        "Check the path and the id",
        "Compruebe la ruta y el identificador",
    ),
    "method_not_allowed": CodeFacts(
        405,
        "This route does not take that method",
        "Esta ruta no admite ese método",
        "See the Allow header",
        "Consulte la cabecera Allow",
    ),
    "too_slow": CodeFacts(
        408,
        "The body came too slowly",
        "El cuerpo llegó demasiado despacio",
        "Send it again, in smaller parts if need be",
        "Envíelo de nuevo, en partes menores si hace falta",
    ),
    "too_large": CodeFacts(
        413,
        "The body is too large",
        "El cuerpo es demasiado grande",
        "Split it into parts",
        "Divídalo en partes",
    ),
    "unsupported_media_type": CodeFacts(
        415,
        "This route does not take that content type",
        "Esta ruta no admite ese tipo de contenido",
        "Send application/json or multipart/form-data",
        "Envíe application/json o multipart/form-data",
    ),
    "unknown_host": CodeFacts(
        421,
        "This server does not answer to that name",
        "Este servidor no responde a ese nombre",
        "Call it by its address, as in http://127.0.0.1:8000",
        "Llámelo por su dirección, como en http://127.0.0.1:8000",
    ),
    "unreadable_source": CodeFacts(
        422,
        "The file cannot become a document",
        "El archivo no puede convertirse en documento",
        "Save it in a format that is read",
        "Guárdelo en un formato que se pueda leer",
    ),
    "idempotency_conflict": CodeFacts(
        422,
        "This Idempotency-Key was used for another request",
        "Esta Idempotency-Key ya se usó para otra petición",
        "Use a new key for a new request",
        "Use una clave nueva para cada petición nueva",
    ),
    "no_key": CodeFacts(
        401,
        "A key is needed",
        "Se necesita una clave",
        "Send it as Authorization: Bearer KEY; kb key create makes one",
        "Envíela como Authorization: Bearer CLAVE; kb key create crea una",
    ),
    "bad_key": CodeFacts(
        401,
        "The key opens nothing: it is unknown, expired or revoked",
        "La clave no abre nada: es desconocida, está caducada o revocada",
        "Ask for a new one: kb key create",
        "Pida una nueva: kb key create",
    ),
    "missing_scope": CodeFacts(
        403,
        "This key may not do that",
        "Esta clave no permite hacer eso",
        "Use a key with the scope named in x-scope of /openapi.json",
        "Use una clave con el permiso que indica x-scope en /openapi.json",
    ),
    "foreign_origin": CodeFacts(
        403,
        "Another site sent this request in your name",
        "Otro sitio envió esta petición en su nombre",
        "Send it from the page itself; programs send their key as Authorization: Bearer KEY",
        "Envíela desde la propia página; los programas envían su clave como Authorization: Bearer CLAVE",
    ),
    "rate_limited": CodeFacts(
        429,
        "Too many requests",
        "Demasiadas peticiones",
        "Wait as many seconds as Retry-After says",
        "Espere los segundos que indica Retry-After",
    ),
    "http_error": CodeFacts(
        400,
        "The request cannot be answered",
        "No se puede responder a la petición",
        "See /openapi.json",
        "Consulte /openapi.json",
    ),
    "internal_error": CodeFacts(
        500,
        "Something went wrong here",
        "Algo ha fallado aquí",
        "Tell the operator the number of the error",
        "Indique al operador el número del error",
    ),
    "base_unavailable": CodeFacts(
        503,
        "The base cannot be used now",
        "La base no se puede usar ahora",
        "Try again; the operator can run kb doctor",
        "Inténtelo de nuevo; el operador puede ejecutar kb doctor",
    ),
    "model_unavailable": CodeFacts(
        503,
        "The model cannot be used",
        "El modelo no se puede usar",
        "The operator has to set KB_MODEL right",
        "El operador tiene que ajustar KB_MODEL",
    ),
}

# What errors say, with {} for a value: things, reasons and hints alike. The test of problems walks every one
# that a request can meet.
PHRASES: dict[str, str] = {
    "query": "la consulta",
    "the query": "la consulta",
    "cursor": "el cursor",
    "saved answer": "la respuesta guardada",
    "topic {}": "el tema {}",
    "sub-topic {}": "el subtema {}",
    "language {}": "la lengua {}",
    "kind {}": "la clase {}",
    "limit {}": "el límite {}",
    "years {} to {}": "los años de {} a {}",
    "values {} to {}": "los valores de {} a {}",
    "parameter {}": "el parámetro {}",
    "field {}": "el campo {}",
    "citation style {}": "el estilo de cita {}",
    "id {}": "el identificador {}",
    "document {}": "el documento {}",
    "passage {}": "el pasaje {}",
    "statistic {}": "la estadística {}",
    "original {}": "el original {}",
    "job {}": "el trabajo {}",
    "saved search": "la búsqueda guardada",
    "saved search {}": "la búsqueda guardada {}",
    "webhook {}": "el webhook {}",
    "webhooks": "los webhooks",
    "address {}": "la dirección {}",
    "name": "el nombre",
    "key {}": "la clave {}",
    "problem {}": "el problema {}",
    "what {}": "what {}",
    "format {}": "el formato {}",
    "{} rows": "{} filas",
    "the upload": "el envío",
    "file {}": "el archivo {}",
    "is empty": "está vacío",
    "has neither words nor filters": "no tiene ni palabras ni filtros",
    "is there already": "ya existe",
    "are {} already": "ya son {}",
    "is not the address of a page": "no es una dirección",
    "its host {} is not found": "su servidor {} no se encuentra",
    "its host {} is not on the open internet ({})": "su servidor {} no está en la internet abierta ({})",
    "names no plain host": "no nombra un servidor",
    "the scheme {} is not read": "el esquema {} no se admite",
    "is missing": "falta",
    "is not one of the five": "no es uno de los cinco",
    "is not known": "no se conoce",
    "is not known here": "no se conoce aquí",
    "is not a kind of statistic": "no es una clase de estadística",
    "is not in this base": "no está en esta base",
    "is not kept in this base": "no se conserva en esta base",
    "is not between {} and {}": "no está entre {} y {}",
    "are the wrong way round": "están al revés",
    "does not belong to this list": "no pertenece a esta lista",
    "does not belong to an export of {}": "no corresponde a una exportación de {}",
    "can be given once in an export of statistics": "puede darse una vez en una exportación de estadísticas",
    "has no form for a footnote": "no tiene forma de nota al pie",
    "are more than the {} of a sheet": "son más que las {} de una hoja",
    "has {} characters, more than {}": "tiene {} caracteres, más de {}",
    "has no file": "no trae ningún archivo",
    "has {} files, more than {}": "trae {} archivos, más de {}",
    "has two files of this name": "trae dos archivos con este nombre",
    "is not a name for a document": "no es un nombre para un documento",
    "has no in-text form": "no tiene forma para citar en el texto",
    "has no {} in its {}": "no tiene {} en su {}",
    "has the unknown status {}": "tiene el estado desconocido {}",
    "has the unreadable format {}": "tiene el formato ilegible {}",
    "has the unreadable span {}": "tiene el intervalo ilegible {}",
    "has format {}, newer than {}, the newest this program reads": (
        "tiene el formato {}, más nuevo que {}, el último que lee este programa"
    ),
    "has a statement whose citations are not numbers": "tiene una afirmación cuyas citas no son números",
    "has a {} that is not text": "tiene un {} que no es texto",
    "has {} that are not objects": "tiene {} que no son objetos",
    "numbers two citations alike": "numera dos citas igual",
    "Ask with at least one word": "Pregunte con al menos una palabra",
    "Ask a shorter question": "Haga una pregunta más corta",
    "Ask again without a cursor": "Pregunte de nuevo sin cursor",
    "Did you mean {}?": "¿Quería decir {}?",
    "It was edited or truncated: save the answer again": "Se editó o se cortó: guarde la respuesta de nuevo",
    "List them: kb documents": "Vea la lista en GET /v1/documents",
    "List them: kb stats": "Vea la lista en GET /v1/statistics",
    "List them: kb key list": "Vea la lista con kb key list",
    "Save the answer again": "Guarde la respuesta de nuevo",
    "Search for it: kb search WORDS": "Búsquelo en GET /v1/search",
    "Send the documents again": "Envíe los documentos de nuevo",
    "Send them in parts": "Envíelos en partes",
    "Send at least one file": "Envíe al menos un archivo",
    "Swap them": "Intercámbielos",
    "Choose another name": "Elija otro nombre",
    "List them: kb saved list": "Vea la lista en GET /v1/searches",
    "List them: kb webhook list": "Vea la lista en GET /v1/webhooks",
    "Remove one: kb webhook delete ID": "Elimine uno: kb webhook delete ID",
    "Use an address on the open internet, or start the server with KB_WEBHOOK_PRIVATE=1": (
        "Use una dirección de la internet abierta o inicie el servidor con KB_WEBHOOK_PRIVATE=1"
    ),
    "Leave it out": "Quítelo",
    "Ask for documents as jsonl": "Pida documentos en jsonl",
    "Ask for passages with words": "Pida pasajes con palabras",
    "Export them as csv or jsonl": "Expórtelas en csv o jsonl",
    "Update the program: pip install --upgrade cx-knowledge-base": (
        "Actualice el programa: pip install --upgrade cx-knowledge-base"
    ),
    "Use apa, mla or chicago": "Use apa, mla o chicago",
    "Use one of: {}": "Use uno de: {}",
    "Use the id of a passage, a statistic or a document": (
        "Use el identificador de un pasaje, una estadística o un documento"
    ),
    "Write a question or some words": "Escriba una pregunta o algunas palabras",
    "Give it a plain name such as report.pdf": "Póngale un nombre sencillo, como informe.pdf",
    "stage {}": "la fase {}",
    "value {}": "el valor {}",
    "year {}": "el año {}",
    "setting {}": "el ajuste {}",
    "item {}": "el elemento {}",
    "separators {}": "los separadores {}",
    "basket": "la cesta",
    "draft": "el borrador",
    "note": "la nota",
    "cite": "la cita",
    "is not text in valid Unicode": "no es texto en Unicode válido",
    "is not a number": "no es un número",
    "is not a year": "no es un año",
    "is not a place": "no es un pasaje con su lugar",
    "is not a form": "no es un formulario",
    "is not part of the page": "no forma parte de la página",
    "is no longer kept": "ya no se conserva",
    "is not inside passage {}": "no está dentro del pasaje {}",
    "is longer than {} characters": "tiene más de {} caracteres",
    "is empty or longer than {} characters": "está vacío o tiene más de {} caracteres",
    "are not known": "no se conocen",
    "has {} citations, more than {}": "tiene {} citas, más de {}",
    "has more than {} places": "tiene más de {} pasajes",
    "has no form that can be shown in a frame": "no tiene una forma que pueda mostrarse en un marco",
    "has no pages that can be drawn": "no tiene páginas que puedan dibujarse",
    "has no wording here": "no tiene textos aquí",
    "names neither a passage nor a document": "no nombra ni un pasaje ni un documento",
    "Add it again from a search": "Añádalo de nuevo desde una búsqueda",
    "Check it in parts": "Compruébelo por partes",
    "Open it from a search": "Ábralo desde una búsqueda",
    "Paste some sentences": "Pegue algunas frases",
    "See docs/settings.md": "Consulte docs/settings.md",
    "Shorten it": "Acórtela",
    "Split it in two": "Divídala en dos",
    "Start the server with kb serve": "Inicie el servidor con kb serve",
    "Use es (; and 0,5) or en (, and 0.5)": "Use es (; y 0,5) o en (, y 0.5)",
    "Use es or en": "Use es o en",
    "Use the form of this page": "Use el formulario de esta página",
    "Write 50, 50 % or 0.5": "Escriba 50, 50 % o 0.5",
    "Write four digits": "Escriba cuatro cifras",
    "Write it in UTF-8": "Escríbalo en UTF-8",
    "Write it like 0.5": "Escríbalo así: 0.5",
    # what is wrong with a field
    "must be given": "debe darse",
    "must have at least {} characters": "debe tener al menos {} caracteres",
    "must have at most {} characters": "debe tener como máximo {} caracteres",
    "must have at least {} members": "debe tener al menos {} elementos",
    "must have at most {} members": "debe tener como máximo {} elementos",
    "must be a whole number": "debe ser un número entero",
    "must be a number": "debe ser un número",
    "must be at least {}": "debe ser al menos {}",
    "must be at most {}": "debe ser como máximo {}",
    "must be true or false": "debe ser true o false",
    "must be text in valid Unicode": "debe ser texto en Unicode válido",
    "must be a list": "debe ser una lista",
    "must be a JSON object": "debe ser un objeto JSON",
    "must be one of {}": "debe ser uno de {}",
    "is not a valid value": "no es un valor válido",
    "is not JSON": "no es JSON",
}


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile(re.escape(english).replace(r"\{\}", "(.{1,400}?)"), re.DOTALL), spanish)
        for english, spanish in PHRASES.items()
        if "{}" in english
    )


def translated(phrase: str, language: Language) -> str | None:
    """The phrase in this language; null when it is not in the table."""
    if language is not Language.ES or not phrase:
        return phrase
    if phrase in PHRASES:
        return PHRASES[phrase]
    for pattern, spanish in _patterns():
        match = pattern.fullmatch(phrase)
        if match:
            return spanish.format(*match.groups())
    return None


def shortened(phrase: str) -> str:
    """The phrase with its end cut off, and marked so, past ``MAX_ECHO`` characters."""
    return phrase if len(phrase) <= MAX_ECHO else f"{phrase[:MAX_ECHO]}…"


def accepted_language(header: str | None) -> Language:
    """Spanish or English, whichever an Accept-Language header likes better; English when it likes neither."""
    best, liking = Language.EN, 0.0
    for part in (header or "").split(",")[:20]:
        tag, _, parameters = part.strip().partition(";")
        code = tag.strip().lower().partition("-")[0]
        if code not in ("es", "en"):
            continue
        weight = quality(parameters)
        if weight > liking:
            best, liking = Language(code), weight
    return best


def quality(text: str) -> float:
    """The weight in the parameters of a member of an Accept header; 1 where none can be read."""
    match = re.fullmatch(r"\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*", text)
    return float(match[1]) if match else 1.0
