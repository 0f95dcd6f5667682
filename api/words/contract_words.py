"""What each route does, in Spanish: the contract itself speaks English, its page both."""

from __future__ import annotations

TAGS = ("ask", "records", "export", "view", "check", "ingest", "watch", "operate")

SUMMARIES = {
    ("get", "/v1/search"): "Pasajes en ambas lenguas que responden a la pregunta o tratan de las palabras.",
    ("post", "/v1/answers"): "Una respuesta citada con frases de las fuentes, o «sin evidencia».",
    ("get", "/v1/statistics"): "Cifras con sus citas, por sentido o por número.",
    ("get", "/v1/passages/{passage_id}"): "Un pasaje, su documento y su lugar en el original.",
    ("get", "/v1/documents"): "Los documentos vigentes, por fuente.",
    ("get", "/v1/documents/{document_id}"): "Un documento con su texto, sus pasajes y lo que se le quitó.",
    ("get", "/v1/documents/{document_id}/record"): "Lo que se sabe de un documento, de dónde, y cada corrección.",
    ("patch", "/v1/documents/{document_id}"): "Corrige la ficha de un documento; lo que decía queda en su historial.",
    ("get", "/v1/documents/{document_id}/text"): "El texto canónico en el que se cuentan todas las posiciones.",
    ("get", "/v1/documents/{document_id}/original"): "Los bytes originales, siempre como archivo adjunto.",
    ("get", "/v1/topics"): "Los cinco temas y cuántos pasajes tiene cada uno.",
    ("get", "/v1/export"): "Todo lo pedido como archivo: documentos, pasajes o estadísticas.",
    ("get", "/v1/problems"): "Todos los códigos que puede tener un problema.",
    ("get", "/v1/problems/{code}"): "Qué significa un código de problema, en ambas lenguas.",
    ("get", "/v1/coverage"): "Cuántos pasajes hay por tema, lengua y año, también los huecos.",
    ("get", "/v1/basket"): "Lugares con notas, cada uno con su cita.",
    ("post", "/v1/drafts"): "Cada cifra de un texto, juzgada con las estadísticas de la base. El texto no se guarda.",
    ("post", "/v1/citations"): "Citas de pasajes, estadísticas o documentos en un estilo.",
    ("post", "/v1/verify"): "El juicio de cada cita de una respuesta, leída de nuevo en su fuente.",
    ("post", "/v1/analyze"): "Temas, cifras y frases de cualquier texto.",
    ("post", "/v1/documents"): "Recibe archivos o documentos en JSON; da el trabajo que los incorpora.",
    ("get", "/v1/jobs/{job_id}"): "Cómo va un trabajo y qué fue de cada archivo.",
    ("get", "/v1/jobs/{job_id}/events"): "El trabajo como eventos del servidor, hasta que termina.",
    ("delete", "/v1/documents/{document_id}"): "Elimina un documento con sus pasajes, cifras y original.",
    ("get", "/v1/searches"): "Las búsquedas guardadas de la base.",
    ("post", "/v1/searches"): "Guarda una búsqueda con un nombre propio.",
    ("delete", "/v1/searches/{search_id}"): "Elimina una búsqueda guardada y los webhooks que avisan de ella.",
    ("get", "/v1/searches/{search_id}/new"): "Lo que ha llegado desde la última mirada, por orden de llegada.",
    ("post", "/v1/searches/{search_id}/seen"): "Marca como visto hasta donde miró una página de novedades.",
    ("get", "/v1/webhooks"): "Los webhooks de la base, sin sus secretos.",
    ("post", "/v1/webhooks"): "Avisa a una dirección de cada trabajo terminado o de las novedades de una búsqueda.",
    ("delete", "/v1/webhooks/{webhook_id}"): "Elimina un webhook; lo que espera ya no se envía.",
    ("get", "/v1/webhooks/{webhook_id}/deliveries"): "Lo enviado a un webhook, con cada intento y su resultado.",
    ("get", "/healthz"): "Si el proceso responde.",
    ("get", "/readyz"): "Si se puede buscar en la base y cuánto contiene.",
    ("get", "/metrics"): "Recuentos para Prometheus.",
}
