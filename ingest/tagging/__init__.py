"""Topics of passages with their score and evidence: a lexicon of the field and a trained head over meaning."""

from ingest.tagging.agreement import Agreement, agreement
from ingest.tagging.applying import retag, to_tag
from ingest.tagging.coverage import coverage
from ingest.tagging.head import TopicHead
from ingest.tagging.own import LabelledPassage, OwnTopicTagger, read_own_topics, read_passages, shipped_passages
from ingest.tagging.tagger import Tagger, TextToTag
from ingest.tagging.training import Trained, first_of, train, train_on_vectors

__all__ = [
    "Agreement",
    "LabelledPassage",
    "OwnTopicTagger",
    "Tagger",
    "TextToTag",
    "TopicHead",
    "Trained",
    "agreement",
    "coverage",
    "first_of",
    "read_own_topics",
    "read_passages",
    "retag",
    "shipped_passages",
    "to_tag",
    "train",
    "train_on_vectors",
]
