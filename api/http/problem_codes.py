"""The codes that a problem can have: the status of each, with its title and its general hint in Spanish and in English.

A code is stable within v1: programs look at it, people read the words.
"""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel

from kb.records.language import Language


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


class Problem(BaseModel):
    """An RFC 9457 problem: ``code`` is stable, title, detail and hint are in the caller's language (es or en)."""

    type: str
    title: str
    status: int
    code: str
    detail: str | None = None
    hint: str | None = None
    errors: list[dict[str, str]] | None = None


class ProblemFacts(BaseModel):
    """What a problem code means, in both languages."""

    code: str
    status: int
    title_en: str
    title_es: str
    hint_en: str
    hint_es: str


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
    "changed_meanwhile": CodeFacts(
        409,
        "The record was changed meanwhile",
        "La ficha cambió entretanto",
        "Read it again and send the correction with its new revision",
        "Léala de nuevo y envíe la corrección con su nueva revisión",
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
    "not_yours": CodeFacts(
        403,
        "This was sent by somebody else",
        "Esto lo envió otra persona",
        "Use an admin key, or send a document under another id",
        "Use una clave admin o envíe el documento con otro identificador",
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
    "too_many_connections": CodeFacts(
        503,
        "Too many connections are open",
        "Hay demasiadas conexiones abiertas",
        "Close those that are not needed, and try again",
        "Cierre las que no necesite e inténtelo de nuevo",
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
    "disk_full": CodeFacts(
        503,
        "The disk of the base is full",
        "El disco de la base está lleno",
        "Nothing of this request was kept: send it again once the operator has made room",
        "No se guardó nada de esta petición: envíela de nuevo cuando el operador haya hecho sitio",
    ),
    "read_only": CodeFacts(
        403,
        "The base is read-only",
        "La base es de solo lectura",
        "Search and read as always; changes go to a server that can write its base",
        "Busque y lea como siempre; los cambios van a un servidor que pueda escribir en su base",
    ),
    "network_off": CodeFacts(
        403,
        "This server fetches no addresses",
        "Este servidor no descarga direcciones",
        "Send the page as a file; the operator can allow fetching with KB_NETWORK=1",
        "Envíe la página como archivo; el operador puede permitir las descargas con KB_NETWORK=1",
    ),
    "jobs_stopped": CodeFacts(
        503,
        "What is sent does not go into the base",
        "Lo que se envía no entra en la base",
        "Nothing that was acknowledged is lost; the operator has to look into the server's log",
        "No se pierde nada de lo confirmado; el operador tiene que mirar el registro del servidor",
    ),
    "model_unavailable": CodeFacts(
        503,
        "The model cannot be used",
        "El modelo no se puede usar",
        "The operator has to set KB_MODEL right",
        "El operador tiene que ajustar KB_MODEL",
    ),
}
