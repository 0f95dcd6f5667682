"""Words that begin, end, link or make no names, for the reading of names: tables only."""

from __future__ import annotations

import re

from ingest.figures.scan import word_set

# Never begin or end a name.
FUNCTION = word_set(
    "the a an this that these those our their its his her in on at as for with from by to of and or but if when "
    "while more most many some all only nearly almost about around over half according also however meanwhile it "
    "he she we they you i what how why another other each every both such there here now then yet despite since "
    "because el la los las un una unos unas este esta estos estas ese esa su sus nuestro nuestra según de del en "
    "con por para y o pero si cuando mientras más menos todos todas sólo solo casi cerca además asimismo también "
    "así aunque hoy entre durante desde hasta tras ante esto eso lo al se no ya es son fue han ha hay cada otro "
    "otra otros otras dicho firm analyst latest recent new annual firma consultora empresa compañía sin sobre "
    "como nuestros nuestras additionally furthermore finally indeed overall moreover importantly similarly "
    "likewise source fuente ver see respecto actualmente gracias basado basada roughly approximately although "
    "though"
)
# May stand in a name, but are none by themselves.
GENERIC = word_set(
    "customers consumers companies people brands organizations organisations businesses employees marketers "
    "leaders retailers shoppers users respondents participants study studies survey surveys report reports "
    "research data results findings analysts experts researchers today customer experience digital global state "
    "years year same one two three four five six seven eight nine ten first second third cx nps csat ces ai roi "
    "kpi kpis buyers millennials americans american agents executives managers in-depth clientes consumidores "
    "empresas personas marcas organizaciones compañías empleados usuarios estudio estudios encuesta encuestas "
    "informe informes investigación datos resultados analistas expertos experiencia cliente internet covid b2b "
    "b2c ceo cmo cio cfo crm saas usa eua ee eeuu uu us uk latam américa latina europa estados unidos españa "
    "méxico chile colombia argentina brasil perú ecuador uruguay venezuela united states europe america spain "
    "mexico monday tuesday thursday friday lunes martes jueves viernes figure tabla gráfico note nota photo foto "
    "image part parte instagram facebook twitter whatsapp tiktok youtube seo it ti rrss pyme pymes me net "
    "promoter score effort satisfaction voz voice total online reporte análisis analysis conclusion conclusión "
    "mis mi tu tus donde dónde qué quién cómo sí service servicio ia ml ux ex api pr germany france italy china "
    "india japan singapore canada australia england ireland brazil alemania francia italia portugal japón "
    "singapur canadá reino unido bolivia guatemala panamá paraguay cuba norteamérica latinoamérica "
    "latinoamericano hispanoamérica asia áfrica africa north south norte sur consultoría argentino spain's black "
    "index índice rating ratings annual anual latin latino latina latinos american european europea europeo europeos "
    "spanish mexican mexicano mexicana british canadian german french italian chinese indian japanese australian "
    "brazilian chilean chileno chilena colombian colombiano colombiana argentine argentina peruvian peruano asian "
    "african irish dutch swiss swedish korean russian western eastern northern southern central hispanic iberian "
    "nordic middle east west gulf madrid barcelona sevilla valencia london paris berlin dublin dublín bogotá medellín "
    "lima "
    "santiago quito caracas buenos aires monterrey guadalajara londres york angeles francisco chicago boston "
    "california texas florida toronto sydney tokyo centroamérica iberoamérica eurozone eurozona commonwealth "
    "navidad christmas english spanish español inglés internet web expertos avanzados principiantes"
)
# Ordinary words that open a sentence before a study noun or a verb of finding.
OPENERS = word_set(
    "early late recent latest previous past further future online mobile global national local independent academic "
    "internal external quarterly monthly weekly daily similar separate initial industry market government official "
    "public private scientific several numerous various different certain such next last high low new old big small "
    "good bad best worst better worse marketing sales service services support finance management technology "
    "software media news business retail banking insurance health education travel tourism telecom energy utilities "
    "loyalty trust empathy churn quality speed price prices value growth revenue costs cost profit time access "
    "training feedback email chat phone voice video text bots chatbots automation utility banks airlines hotels "
    "hospitals shops stores brands firms teams agents leaders managers patients guests nuevo nueva nuevos nuevas "
    "reciente recientes diversos diversas varios varias numerosos numerosas múltiples distintos distintas algunos "
    "algunas último última últimos últimas primero primera primeros primeras mejor peor gran grandes buenos malos "
    "ventas servicio servicios soporte finanzas gestión tecnología medios noticias negocio banca seguros salud "
    "educación turismo energía lealtad fidelidad confianza empatía calidad rapidez precio precios valor crecimiento "
    "ingresos costes costos tiempo acceso formación correo chat teléfono voz vídeo texto automatización bancos "
    "aerolíneas hoteles hospitales tiendas marcas equipos agentes líderes directivos pacientes so allí ahí aquí "
    "luego quienes quien alguien nadie nada algo once doce thereafter elsewhere nobody somebody everyone someone "
    "switching rival rivals grocer retailer retailers analysts economists"
)
CODE = re.compile(r"[A-Z]\d{1,3}|[BC]2[BCGE]|I[AT]|TI|U\.?S\.?A?\.?|U\.?K\.?|EE")
LINKS = word_set("& of de del y and e for + the la los las el")
WIDE_LINKS = LINKS | {"en", "con", "para", "in", "on", "a", "al"}
# Words that only the names of organisations hold.
BODIES = word_set(
    "association institute university council federation bank commission agency office ministry department bureau "
    "society foundation center centre chamber union observatory authority school college committee research group "
    "consulting consultants partners analytics insights labs technologies software systems solutions media company "
    "corporation corp inc ltd llc digital marketing services network forum alliance board consultores asociación "
    "instituto universidad consejo federación banco comisión agencia oficina ministerio departamento sociedad "
    "fundación centro cámara unión observatorio autoridad escuela colegio comité grupo confederación organización "
    "organization organisation red superintendencia secretaría servicio dirección tribunal patronato"
)
STUDY_WORDS = word_set("survey study report index poll encuesta estudio informe reporte barómetro barometer análisis")
WORDS = re.compile(r"\w+")
NO_NAMES = frozenset(["the", "and", "del", "los", "las", "for", "group", "inc"])
JOURNALS = word_set("journal revista annals proceedings review")
# Endings of the words that open a sentence and are no name by themselves: "Surprisingly", "Conectado", "Según".
OPENER_ENDS = (
    "ly", "ing", "ness", "ment", "mente", "ando", "endo", "ado", "ada", "ados", "adas", "ido", "ida", "idos", "idas",
    "ción", "sión", "ciones", "siones", "dad", "dades", "tions", "tion", "ers", "ies",
)  # fmt: skip
OPENING_SIGNS = "“\"«(¿¡‘–—-•*:'[●"
