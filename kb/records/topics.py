"""The closed vocabulary of topics and sub-topics, with labels in both languages.

Knows nothing of how a topic is assigned.
"""

import re
from dataclasses import dataclass
from enum import Enum

from kb.records.errors import InputError, member_of
from kb.records.language import Language
from kb.records.messages import say


class Topic(Enum):
    """The five topics; a passage has none, one or several."""

    METRICS = "metrics"
    MATURITY = "maturity"
    EMPATHY = "empathy"
    SOCIAL_MEDIA = "social_media"
    TECHNOLOGY_GAP = "technology_gap"

    @property
    def label_es(self) -> str:
        """The Spanish label."""
        return _LABELS[self][0]

    @property
    def label_en(self) -> str:
        """The English label."""
        return _LABELS[self][1]


_LABELS = {
    Topic.METRICS: ("métricas", "metrics"),
    Topic.MATURITY: ("madurez", "maturity"),
    Topic.EMPATHY: ("empatía", "empathy"),
    Topic.SOCIAL_MEDIA: ("redes sociales", "social media"),
    Topic.TECHNOLOGY_GAP: ("brecha tecnológica", "technology gap"),
}


class SubTopic(Enum):
    """What people search by inside the topics: measures, maturity stages and variables, ways of listening."""

    NPS = "nps"
    CSAT = "csat"
    CES = "ces"
    FCR = "fcr"
    CHURN = "churn"
    LOYALTY = "loyalty"
    EMPLOYEE_ENGAGEMENT = "employee_engagement"
    KPI = "kpi"
    VOICE_OF_CUSTOMER = "voice_of_customer"
    PERSONAS = "personas"
    JOURNEY_MAPS = "journey_maps"
    STAGE_INITIAL = "stage:initial"
    STAGE_CONTROLLED = "stage:controlled"
    STAGE_DEFINED = "stage:defined"
    STAGE_STRATEGIC = "stage:strategic"
    STAGE_OPTIMISED = "stage:optimised"
    STAGE_DISRUPTIVE = "stage:disruptive"
    VARIABLE_RESPONSIBILITIES = "variable:responsibilities"
    VARIABLE_KPIS = "variable:kpis"
    VARIABLE_JOURNEY_ANALYSIS = "variable:journey_analysis"
    VARIABLE_CRO = "variable:cro"
    VARIABLE_PERSONALISATION = "variable:personalisation"
    VARIABLE_INTEGRATION = "variable:integration"
    VARIABLE_TOOLS = "variable:tools"

    @property
    def label_es(self) -> str:
        """The Spanish label."""
        return _SUBTOPICS[self][0]

    @property
    def label_en(self) -> str:
        """The English label."""
        return _SUBTOPICS[self][1]

    @property
    def homes(self) -> tuple[Topic, ...]:
        """The topics it belongs under, the first one first."""
        return _SUBTOPICS[self][2]


STAGES = (
    SubTopic.STAGE_INITIAL,
    SubTopic.STAGE_CONTROLLED,
    SubTopic.STAGE_DEFINED,
    SubTopic.STAGE_STRATEGIC,
    SubTopic.STAGE_OPTIMISED,
    SubTopic.STAGE_DISRUPTIVE,
)

_MEASURED = (Topic.METRICS, Topic.MATURITY)
_CAPABLE = (Topic.MATURITY,)
_SUBTOPICS = {
    SubTopic.NPS: ("NPS", "NPS", _MEASURED),
    SubTopic.CSAT: ("CSAT", "CSAT", _MEASURED),
    SubTopic.CES: ("CES", "CES", _MEASURED),
    SubTopic.FCR: ("resolución en el primer contacto (FCR)", "first contact resolution (FCR)", _MEASURED),
    SubTopic.CHURN: ("abandono y retención", "churn and retention", _MEASURED),
    SubTopic.LOYALTY: ("programas de fidelización", "loyalty programmes", _MEASURED),
    SubTopic.EMPLOYEE_ENGAGEMENT: ("compromiso de los empleados", "employee engagement", _MEASURED),
    SubTopic.KPI: ("indicadores clave (KPI)", "key indicators (KPI)", _MEASURED),
    SubTopic.VOICE_OF_CUSTOMER: ("voz del cliente", "voice of the customer", (Topic.METRICS, Topic.EMPATHY)),
    SubTopic.PERSONAS: ("perfiles de cliente (personas)", "personas", (Topic.EMPATHY, Topic.MATURITY)),
    SubTopic.JOURNEY_MAPS: (
        "mapas del recorrido del cliente",
        "journey maps",
        (Topic.EMPATHY, Topic.METRICS, Topic.MATURITY),
    ),
    SubTopic.STAGE_INITIAL: ("fase 1: inicial", "stage 1: initial", _CAPABLE),
    SubTopic.STAGE_CONTROLLED: ("fase 2: controlada", "stage 2: controlled", _CAPABLE),
    SubTopic.STAGE_DEFINED: ("fase 3: definida", "stage 3: defined", _CAPABLE),
    SubTopic.STAGE_STRATEGIC: ("fase 4: estratégica", "stage 4: strategic", _CAPABLE),
    SubTopic.STAGE_OPTIMISED: ("fase 5: optimizada", "stage 5: optimised", _CAPABLE),
    SubTopic.STAGE_DISRUPTIVE: ("fase 6: disruptiva", "stage 6: disruptive", _CAPABLE),
    SubTopic.VARIABLE_RESPONSIBILITIES: ("responsabilidades", "responsibilities", _CAPABLE),
    SubTopic.VARIABLE_KPIS: ("KPI como variable de madurez", "KPIs as a maturity variable", _CAPABLE),
    SubTopic.VARIABLE_JOURNEY_ANALYSIS: ("análisis del recorrido", "journey analysis", _CAPABLE),
    SubTopic.VARIABLE_CRO: ("optimización de la conversión (CRO)", "conversion optimisation (CRO)", _CAPABLE),
    SubTopic.VARIABLE_PERSONALISATION: ("personalización", "personalisation", _CAPABLE),
    SubTopic.VARIABLE_INTEGRATION: ("integración", "integration", _CAPABLE),
    SubTopic.VARIABLE_TOOLS: ("herramientas", "tools", _CAPABLE),
}


# Of the topics given with less, in cross-validation 58 in a hundred are right; of the others 90.
UNSURE_BELOW = 0.65


@dataclass(frozen=True, slots=True)
class TopicCount:
    """How many passages have a topic, how many of them with a probability under ``UNSURE_BELOW``, and in how many
    documents they stand."""

    passages: int
    unsure: int
    documents: int


@dataclass(frozen=True, slots=True)
class TopicAssignment:
    """A topic given to a passage: a calibrated probability (0 to 1) and what speaks for it.

    ``evidence`` holds the one or two sentences of the passage that carry the topic, verbatim.
    ``subtopics`` are values of the sub-topic vocabulary ("nps", "stage:initial"). ``example`` is the text of the
    labelled passage of the topic that is nearest in meaning; null where none is near, or no model was used.
    """

    topic: Topic
    score: float
    evidence: tuple[str, ...]
    subtopics: tuple[str, ...] = ()
    example: str | None = None


def as_key(name: str) -> str:
    """A name as topics are kept and asked for by: lower case, words joined by "_"."""
    return name.strip().lower().replace(" ", "_").replace("-", "_")


def parse_topic(name: str) -> Topic:
    """The topic of this name ("social media", "social_media", "social-media"); else InputError."""
    return member_of(Topic, as_key(name), say("topic", name=name), "is_not_one_of_the_five")


def parse_subtopic(name: str) -> SubTopic:
    """The sub-topic of this name ("nps", "stage:initial", "Journey maps"); else InputError."""
    return member_of(SubTopic, as_key(name), say("sub_topic", name=name))


_MAX_NAME = 60


_BETWEEN = re.compile(r"[\s_-]{1,60}")


_TAKEN = frozenset(one.value for one in (*Topic, *SubTopic))


@dataclass(frozen=True, slots=True)
class Example:
    """A text that is about the topic, in its language."""

    language: Language
    text: str


@dataclass(frozen=True, slots=True)
class OwnTopic:
    """A user's topic: its name, its definition, at least three examples. The definition counts as one more."""

    name: str
    definition: Example
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class OwnTopicAssignment:
    """A user's topic given to a passage. The score (0.5 to 1) ranks; it is not a calibrated probability."""

    name: str
    score: float
    evidence: tuple[str, ...]


def own_topic_name(written: str) -> str:
    """The name as it is stored and filtered by: lower case, words joined by "_".

    Raises InputError for an empty or long one, and for the name of one of the five or of a sub-topic.

    >>> own_topic_name(" Mi tema ")
    'mi_tema'
    """
    name = _BETWEEN.sub("_", written.strip().lower())
    if not name or len(name) > _MAX_NAME:
        raise InputError(
            say("topic", name=written[:80]), say("has_an_empty_name") if not name else say("has_too_long_a_name")
        )
    if name in _TAKEN:
        raise InputError(say("topic", name=written), say("has_the_name_of_a_topic"), say("choose_another_name"))
    return name
