"""What ingestion says of a file, in the visitor's language: reasons and hints that an upload can meet.

Owns the Spanish of those sentences only. One that has no Spanish here stays English, and says so by its language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from api.words.messages import translated
from kb.records.errors import KnowledgeBaseError
from kb.records.job import JobFile
from kb.records.language import Language

_PIECE = "(.{1,400}?)"


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence and the language that it is in."""

    text: str
    language: Language


@dataclass(frozen=True, slots=True)
class ReportWords:
    """What is wrong with a file, what to do about it, and what of it was left unread; null where nothing is said."""

    reason: Said | None
    hint: Said | None
    note: Said | None = None


def report_words(said: JobFile | KnowledgeBaseError, language: Language) -> ReportWords:
    """The words of a line of a report, or of an error, in this language where they are known in it."""
    if isinstance(said, JobFile):
        return ReportWords(*(_in(text, language) for text in (said.reason, said.hint, said.note)))
    thing, reason = _in(said.thing, language), _in(said.reason, language)
    if thing is None or reason is None:
        return ReportWords(reason, _in(said.hint, language))
    both = Said(f"{thing.text} {reason.text}", language if thing.language is reason.language else Language.EN)
    return ReportWords(both, _in(said.hint, language))


def _in(text: str | None, language: Language) -> Said | None:
    if not text:
        return None
    known = translated(text, language) or (_spanish(text) if language is Language.ES else None)
    return Said(known or text, language if known else Language.EN)


def _spanish(text: str) -> str | None:
    if text in SPANISH:
        return SPANISH[text]
    for pattern, spanish in _patterns():
        match = pattern.fullmatch(text)
        if match:
            return spanish.format(*(SPANISH.get(piece, piece) for piece in match.groups()))
    return None


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Those with places for values; the most definite first."""
    rows = sorted(SPANISH.items(), key=lambda row: -len(row[0]))
    return tuple(
        (re.compile(re.escape(english).replace(r"\{\}", _PIECE), re.DOTALL), spanish)
        for english, spanish in rows
        if "{}" in english
    )


SPANISH: dict[str, str] = {
    # formats
    "is {}, which is not read": "es {}, que no se lee",
    "an old or password-protected Office file": "un archivo de Office antiguo o con contraseña",
    "a rich-text file (RTF)": "un archivo de texto enriquecido (RTF)",
    "an image": "una imagen",
    "a gzip archive": "un archivo comprimido gzip",
    "a 7z archive": "un archivo comprimido 7z",
    "a RAR archive": "un archivo comprimido RAR",
    "a database": "una base de datos",
    "a program": "un programa",
    "plain text": "texto sin formato",
    "an HTML page": "una página HTML",
    "a PDF": "un PDF",
    "a Word document (DOCX)": "un documento de Word (DOCX)",
    "an EPUB book": "un libro EPUB",
    "a ZIP archive": "un archivo ZIP",
    "JSON lines": "líneas JSON",
    "is a binary file of an unknown format": "es un archivo binario de formato desconocido",
    "is wrongly named: the name says {}, the content is {}": "tiene un nombre equivocado: según el nombre es {}; "
    "según el contenido, {}",
    "files ending in .{} are not read": "los archivos terminados en .{} no se leen",
    "hidden file": "archivo oculto",
    "has the media type {}, which is not read": "es del tipo {}, que no se lee",
    "Rename it to end in .{} if the content is right": "Si el contenido es correcto, póngale la terminación .{}",
    "Save it as DOCX without a password": "Guárdelo como DOCX sin contraseña",
    "Save it as DOCX or plain text": "Guárdelo como DOCX o como texto sin formato",
    "Save it as text, Markdown, HTML, PDF or DOCX": "Guárdelo como texto, Markdown, HTML, PDF o DOCX",
    "an e-mail (EML)": "un correo (EML)",
    "a saved page (MHTML)": "una página guardada (MHTML)",
    "a web archive of Safari": "una página guardada en Safari",
    "an OpenDocument text (ODT)": "un texto de OpenDocument (ODT)",
    "an OpenDocument presentation (ODP)": "una presentación de OpenDocument (ODP)",
    "a table (CSV)": "una tabla (CSV)",
    "a table (TSV)": "una tabla (TSV)",
    "a spreadsheet (XLSX)": "una hoja de cálculo (XLSX)",
    "a slide deck (PPTX)": "una presentación (PPTX)",
    "an Outlook message (MSG)": "un mensaje de Outlook (MSG)",
    "Save it as DOCX or ODT": "Guárdelo como DOCX u ODT",
    "Save it as DOCX": "Guárdelo como DOCX",
    "Save it as XLSX or CSV": "Guárdelo como XLSX o CSV",
    "Save it as XLSX": "Guárdelo como XLSX",
    "Save it as ODP or PDF": "Guárdelo como ODP o PDF",
    "Save it as .eml": "Guárdelo como .eml",
    "Save the mails that matter as .eml": "Guarde como .eml los correos que importen",
    "Save its text as .txt": "Guarde su texto como .txt",
    "Save it as PDF, DOCX or text": "Guárdelo como PDF, DOCX o texto",
    "Save it as EPUB, PDF or text": "Guárdelo como EPUB, PDF o texto",
    "Transcribe it and ingest the text": "Transcríbalo y añada el texto",
    "It holds no text to read": "No contiene texto que leer",
    "is an e-mail without text in its body": "es un correo sin texto en su cuerpo",
    "Its attachments are read by themselves": "Sus archivos adjuntos se leen aparte",
    "nests mails more than {} deep": "contiene correos anidados a más de {} niveles",
    "Save the inner mails as files of their own": "Guarde los correos de dentro como archivos aparte",
    "is an archive inside a mail": "es un archivo comprimido dentro de un correo",
    "Save it by itself and ingest that": "Guárdelo aparte y añádalo",
    "has more than {} parts": "tiene más de {} partes",
    "has too many lines ({}) in {} parts": "tiene demasiadas líneas ({}) en {} partes",
    "has an endless header": "tiene una cabecera interminable",
    "Save the parts that matter as files of their own": "Guarde como archivos aparte las partes que importen",
    "holds no page": "no contiene ninguna página",
    "is a damaged web archive": "es una página guardada que está dañada",
    "Open the page again and save it as HTML": "Vuelva a abrir la página y guárdela como HTML",
    "declares entities, which no office file does": "declara entidades, cosa que no hace ningún archivo de oficina",
    "Open it and save it again": "Ábralo y guárdelo de nuevo",
    "holds more than {} cells": "contiene más de {} celdas",
    "Save what matters as a sheet of its own": "Guarde lo que importe en una hoja aparte",
    "is a spreadsheet without values": "es una hoja de cálculo sin valores",
    "Open it, let it calculate, and save it again": "Ábralo, deje que calcule y guárdelo de nuevo",
    "hidden sheets were not read: {}": "no se leyeron hojas ocultas: {}",
    "{} formulas were saved without their value: open it, let it calculate, and save it again": (
        "{} fórmulas se guardaron sin su valor: ábralo, deje que calcule y guárdelo de nuevo"
    ),
    "cannot be read as a table ({})": "no se puede leer como tabla ({})",
    "Save it again as CSV with quotes around texts": "Guárdelo de nuevo como CSV con los textos entre comillas",
    "is an OpenDocument text without text": "es un texto de OpenDocument vacío",
    "is an OpenDocument presentation without text": "es una presentación de OpenDocument sin texto",
    "is an OpenDocument text that is damaged ({})": "es un texto de OpenDocument dañado ({})",
    "is an OpenDocument presentation that is damaged ({})": "es una presentación de OpenDocument dañada ({})",
    "is a spreadsheet that is damaged ({})": "es una hoja de cálculo dañada ({})",
    "Save it in a format read": "Guárdelo en un formato que se lea",
    "Export it as PDF or text": "Expórtelo como PDF o texto",
    "Export its texts as JSON lines": "Exporte sus textos como líneas JSON",
    "Unpack it, or pack it as ZIP": "Descomprímalo o comprímalo como ZIP",
    "Leave it out": "Déjelo fuera",
    "Check the file, or leave it out": "Compruebe el archivo o déjelo fuera",
    # damage, locks and size
    "is damaged: not valid {} at byte {}": "está dañado: no es {} válido en el byte {}",
    "crashed its reader or needs more than {} MB": "hizo fallar a su lector o necesita más de {} MB",
    "Ingest it again; the system may have been short of memory": "Ingiéralo de nuevo; quizá faltó memoria",
    "Install the program again, then ingest the file again": "Instale de nuevo el programa e ingiera el archivo",
    "Send it again by itself, or split it into parts": "Envíelo de nuevo solo o divídalo en partes",
    "Leave the file out, or save it again as plain text": "Déjelo fuera o guárdelo de nuevo como texto sin formato",
    "nests more than {} elements, deeper than can be read whole": "anida más de {} elementos: no se puede leer entero",
    "is encrypted": "está cifrado",
    "is an encrypted PDF": "es un PDF cifrado",
    "Save it without a password": "Guárdelo sin contraseña",
    "is locked (DRM)": "está protegido (DRM)",
    "Ingest a copy without a lock": "Añada una copia sin protección",
    "is a damaged PDF ({})": "es un PDF dañado ({})",
    "Fetch the file again or print it to PDF": "Vuelva a descargarlo o imprímalo como PDF",
    "Print it to PDF again": "Imprímalo de nuevo como PDF",
    "is a damaged Word document ({})": "es un documento de Word dañado ({})",
    "Open and save it again in Word": "Ábralo y guárdelo de nuevo en Word",
    "Save it again in Word": "Guárdelo de nuevo en Word",
    "Fetch or save the file again": "Vuelva a descargar o a guardar el archivo",
    "is a damaged EPUB ({})": "es un EPUB dañado ({})",
    "Fetch the file again": "Vuelva a descargar el archivo",
    "is a damaged archive ({})": "es un archivo comprimido dañado ({})",
    "Fetch or pack the file again": "Vuelva a descargar o a comprimir el archivo",
    "Pack it again": "Comprímalo de nuevo",
    "is an archive inside an archive": "es un archivo comprimido dentro de otro",
    "Unpack it and ingest the folder": "Descomprímalo y añada los archivos",
    "holds no files": "no contiene archivos",
    "holds more than {} files": "contiene más de {} archivos",
    "unpacks to more than {} MB": "ocupa más de {} MB una vez descomprimido",
    "unpacks to more than {} MB of text": "ocupa más de {} MB de texto una vez descomprimido",
    "Split the archive": "Divida el archivo comprimido",
    "is larger than {} MB": "ocupa más de {} MB",
    "has more than {} pages": "tiene más de {} páginas",
    "has over {} characters on page {}": "tiene más de {} caracteres en la página {}",
    "holds more than {} blocks or {} characters": "contiene más de {} bloques o {} caracteres",
    "Split it into parts": "Divídalo en partes",
    "Split the document": "Divida el documento",
    "Split the book": "Divida el libro",
    "its reader did not start (it ended with {})": "su lector no arrancó (terminó con {})",
    "its reader was ended from outside {} times (signal {})": "su lector fue terminado desde fuera {} veces (señal {})",
    "was not ingested: the program ended {} times at it": "no se ingirió: el programa terminó {} veces con él",
    "was not read within {} s": "no se pudo leer en {} s",
    "needs more than {} MB to be read": "necesita más de {} MB para leerse",
    "cannot be read ({})": "no se puede leer ({})",
    # nothing to read
    "holds no text": "no contiene texto",
    "holds no text (a page drawn by scripts, or empty)": "no contiene texto (página dibujada por programas, o vacía)",
    "Save the page as it is displayed": "Guarde la página tal como se ve",
    "is not readable as HTML ({})": "no se puede leer como HTML ({})",
    "Save the page again": "Guarde la página de nuevo",
    "Save the page as text or PDF": "Guarde la página como texto o PDF",
    "is a Word document without text": "es un documento de Word sin texto",
    "If it holds scans, run text recognition (OCR)": "Si contiene imágenes de texto, pase un reconocimiento (OCR)",
    "is an EPUB without text": "es un EPUB sin texto",
    "If its pages are pictures, run text recognition (OCR)": "Si son imágenes, pase un reconocimiento (OCR)",
    "has {} pages and no text: a scan or pictures": "tiene {} páginas y ningún texto: es un escaneo o son imágenes",
    "holds nothing but furniture (menus, notices, links)": "solo contiene menús, avisos y enlaces",
    "Check the file; --keep all keeps every block": "Compruebe el archivo; kb ingest --keep all conserva cada bloque",
    "has no pages": "no tiene páginas",
    "Run text recognition (OCR) on it and ingest the result": "Pase un reconocimiento (OCR) y añada el resultado",
    "Run text recognition (OCR) and ingest the text": "Pase un reconocimiento de texto (OCR) y añada el texto",
    "Save the file again as UTF-8": "Guarde el archivo de nuevo como UTF-8",
    # JSON lines
    "none of its {} lines is a document": "ninguna de sus {} líneas es un documento",
    "its id {} stands on an earlier line too": "su identificador {} ya está en una línea anterior",
    "Give every document an id of its own": "Dé a cada documento un identificador propio",
    "published {} is not a date": "la fecha de publicación {} no es una fecha",
    "Write it as 2022, 2022-09 or 2022-09-30": "Escríbala como 2022, 2022-09 o 2022-09-30",
    "stands in the archive twice": "está dos veces en el archivo comprimido",
    "Pack it again, each file under its own name": "Comprímalo de nuevo, cada archivo con un nombre propio",
    # whose a document is
    "was brought by somebody else, and this key may replace only what it sent itself": (
        "lo aportó otra persona, y esta clave solo puede sustituir lo que ella misma envió"
    ),
    "another run took its name meanwhile": "otra tarea ocupó su nombre mientras tanto",
    "is taken for a new version of the document of this name, whose place the base did not keep": (
        "se toma por una nueva versión del documento de este nombre, cuyo lugar la base no guardaba"
    ),
    "Send it under another id, or with an admin key": "Envíelo con otro identificador o con una clave admin",
    "Ingest it again": "Añádalo de nuevo",
    # the page's own
    "is no longer kept": "ya no se conserva",
}
