"""Nouns that tell what a counted number is: list items that an author announces, people and things that a study counts.

Tables only. A list noun makes a small count an announcement ("five trends"); a measured noun can
make it a finding ("seven comments a month").
"""

from __future__ import annotations

from ingest.figures.scan import word_set

LIST_NOUNS = word_set(
    # Spanish
    "tendencia tendencias consejo consejos paso pasos razón razones motivo motivos forma formas manera maneras clave "
    "claves pilar pilares nivel niveles fase fases etapa etapas tipo tipos componente componentes elemento elementos "
    "aspecto aspectos tema temas punto enfoque enfoques métrica métricas parte partes pregunta estrategia "
    "estrategias táctica tácticas regla reglas principio principios error errores mito mitos ejemplo ejemplos idea "
    "ideas beneficio beneficios ventaja ventajas desventajas factor factores característica características "
    "dimensión dimensiones categoría categorías grupo grupos área áreas objetivo objetivos indicador indicadores "
    "variable variables recomendación recomendaciones conclusión conclusiones lección lecciones prácticas "
    "herramienta herramientas técnica técnicas reto retos desafío desafíos capítulo capítulos sección secciones bloque "
    "bloques ingrediente ingredientes preguntas opciones opción escenario escenarios sector sectores columna columnas "
    "mandamientos secretos hábitos pasos módulos módulo cosas cosa vías vía ejes eje frentes frente perfiles perfil "
    "modelos modelo criterios criterio trucos ámbitos ámbito mundos caras cara verdades momentos momento roles "
    "funciones función premisas tips insights kpis requisitos métodos método cuestiones cuestión puntos palabras "
    "segmentos segmento necesidades necesidad lados lado extremos líneas línea hitos emociones fuerzas capas "
    "escalones estadios estados aprendizajes acciones medidas soluciones respuestas vertientes entregas artículos "
    # English
    "trend trends tip tips step steps reason reasons way ways key keys pillar pillars level levels phase phases stage "
    "stages type types component components element elements aspect aspects topic topics theme themes approach "
    "approaches metric metrics part parts strategy strategies tactic tactics rule rules principle principles mistake "
    "mistakes myth myths example examples idea ideas benefit benefits advantage advantages factor factors "
    "characteristic characteristics dimension dimensions category categories group groups area areas goal goals "
    "objective objectives indicator indicators kpi variable recommendation lesson lessons practices practice "
    "tool tools technique techniques challenge challenges chapter chapters section sections block blocks ingredient "
    "ingredients option options scenario scenarios thing things question takeaways takeaway findings finding "
    "fundamentals essentials habits secrets facts fact ideas methods method pieces piece buckets bucket sides side "
    "dimensions attributes attribute criteria traits predictions prediction lessons layers layer drivers driver "
    "imperatives priorities priority points hacks roles role segments segment needs columns kinds kind forms form "
    "solutions solution actions action worlds words word letters sentences faces features feature "
    "statistics stats parties party guidelines quotes examples concepts concept cases models model "
    "directions purposes purpose uses modes mode flavors flavours qualities quality moments moment initiatives "
    "conversations systems-approach lanes"
)
"""Nouns of things that an author lists."""

MEASURED_NOUNS = word_set(
    # Spanish
    "persona personas encuestado encuestados encuestadas encuestas participantes respuestas consumidor consumidores "
    "cliente clientes "
    "usuario usuarios empresa empresas compañía compañías organización organizaciones marcas líderes directivos "
    "ejecutivos empleado empleados trabajadores profesionales compradores hogares ciudadanos países país mercados "
    "adultos entrevistas entrevistados interacciones llamadas mensajes tuits tweets comentarios visitas seguidores "
    "reseñas opiniones quejas reclamaciones tickets canales dispositivos transacciones compras pedidos ventas agentes "
    "responsables internautas jóvenes mujeres hombres pacientes estudiantes huéspedes pasajeros viajeros socios "
    "miembros suscriptores descargas sesiones consultas casos incidencias tiendas sucursales experiencias "
    "aplicaciones apps sistemas puestos empleos contactos tiendas proveedores plataformas ciudades millennials "
    "banco bancos aseguradora aseguradoras aerolínea aerolíneas operadora operadoras operador operadores hotel hoteles "
    "hospitales agencias minoristas cadenas envíos paquetes devoluciones abonados asegurados afiliados reclamos chats "
    "habitantes vehículos correos emails me-gusta "
    # English
    "people person respondent respondents participant participants consumer consumers customer customers user users "
    "company companies organization organizations organisation organisations brand brands leader leaders executive "
    "executives employee employees worker workers professional professionals buyer buyers shopper shoppers household "
    "households citizen citizens country countries market markets adult adults interview interviews interaction "
    "interactions call calls message messages tweet tweets comment comments like likes share shares visit visits "
    "visitors follower followers review reviews complaint complaints ticket tickets channel channels device devices "
    "transaction transactions purchase purchases order orders agent agents inquiries inquiry enquiries questions "
    "impressions views fans guests patients students passengers travelers members subscribers downloads sessions "
    "stores locations responses surveys marketers businesses firms retailers experiences experience systems system "
    "applications apps touchpoints touchpoint nations cities jobs leads emails clicks posts platforms vendors "
    "millennials americans residents veterans taxpayers callers clients conversations decision-makers managers "
    "friends others bank banks insurer insurers airline airlines carrier carriers "
    "operator operators hotel hotels branch branches agency agencies hospital hospitals contacts deliveries shipments"
)
"""Nouns of things that a study or an organisation counts."""

RESPONDENT_NOUNS = word_set(
    "personas encuestados encuestadas consumidores clientes usuarios empresas compañías organizaciones líderes "
    "directivos ejecutivos empleados trabajadores profesionales compradores hogares adultos entrevistas "
    "participantes entrevistados responsables internautas encuestas ciudadanos respuestas tuits tweets agentes "
    "comercializadores people respondents participants consumers customers users companies organizations "
    "organisations leaders executives employees workers professionals buyers shoppers households adults "
    "interviews businesses marketers managers responses surveys americans citizens agents tweets reviews adults"
)
"""Nouns of those who can be a study's sample."""

COUNTRY_NOUNS = word_set(
    "país países mercados country countries markets nations regiones regions sectores industries industrias "
    "ciudades cities"
)

SECTION_LABELS = word_set(
    "parte paso capítulo figura tabla gráfico gráfica cuadro fase nivel etapa página pág págs sección apartado "
    "anexo volumen vol núm tema módulo lección tomo artículo art versión día ronda grupo capa anejo entrega "
    "bloque punto consejo clave razón estrategia regla error ejercicio ejemplo pregunta caso línea opción "
    "tendencia part step chapter figure fig table chart exhibit phase level stage page pp section appendix annex "
    "volume issue module lesson article version day round tier layer strategy tip rule reason mistake exercise "
    "example question case line option trend unit week scenario key principle lesson season episode type category "
    "item floor suite room gate flight route channel group class grade hall piso planta sala aula local oficina "
    "puerta vuelo ruta temporada episodio tipo categoría"
)
"""Singular nouns whose number is a label ("Parte 3", "Step 1", "Figure 2")."""

RANK_LABELS = word_set("sitio puesto lugar posición ranking rank place position spot ranked ranks ranking puestos")

NAME_STARTS = word_set(
    "covid sars iso gpt chatgpt gpt- web industria industry windows iphone ipad android php python html css http "
    "ios formula fórmula fortune forbes sp agenda gen generación generation une mp drupal angular vue s&p ibex"
)
"""Words before a number that make it part of a name ("ISO 9001", "Web 2.0", "Fortune 500")."""

METRIC_NAMES = word_set(
    "nps csat ces fcr acsi aht asa clv ltv ltr kpi kpis roi cx cxi ux tmo inm isn enps osat sla arpu cltv ncss nss wom"
)
"""Abbreviations of metrics: a number after one is its value."""

REGION_CODES = frozenset(["US", "UK", "EU", "USA", "EE", "UU", "UE", "EEUU", "EUA", "USD", "EUR", "MXN", "COP", "CLP"])
"""Abbreviations of countries and currencies: a number after one may count."""

MONTHS = word_set(
    "enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre ene feb "
    "abr jun jul ago sept sep oct nov dic january february march april may june july august september october "
    "november december jan mar apr aug dec"
)
