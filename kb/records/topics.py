"""The closed vocabulary of topics and sub-topics, with labels in both languages.

Knows nothing of how a topic is assigned.
"""

import re
from dataclasses import dataclass
from enum import Enum

from kb.records.errors import InputError, member_of
from kb.records.language import Language
from kb.records.messages import say
from kb.records.tables import rows_of


class _Labelled(Enum):
    """A closed vocabulary with labels in both languages: ``kb/data/topics.tsv``."""

    @property
    def label_es(self) -> str:
        """The Spanish label."""
        return _ROWS[self.value][0]

    @property
    def label_en(self) -> str:
        """The English label."""
        return _ROWS[self.value][1]

    def label(self, language: Language) -> str:
        """The Spanish label or, for any other language, the English one."""
        return self.label_es if language is Language.ES else self.label_en


class Topic(_Labelled):
    """The five topics; a passage has none, one or several."""

    METRICS = "metrics"
    MATURITY = "maturity"
    EMPATHY = "empathy"
    SOCIAL_MEDIA = "social_media"
    TECHNOLOGY_GAP = "technology_gap"


class SubTopic(_Labelled):
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
    def homes(self) -> tuple[Topic, ...]:
        """The topics it belongs under, the first one first."""
        return tuple(map(Topic, _ROWS[self.value][2].split()))


_ROWS = {name: labels for name, *labels in rows_of("kb", "topics.tsv", "name", "es", "en", "homes")}
STAGES = tuple(one for one in SubTopic if one.value.startswith("stage:"))


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
