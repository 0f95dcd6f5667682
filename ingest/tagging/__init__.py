"""Topics of passages with their score and evidence: a lexicon of the field and a trained head over meaning."""

from ingest.tagging.head import TopicHead
from ingest.tagging.passages import LabelledPassage, parse_passages, read_passages, shipped_passages
from ingest.tagging.tagger import Tagger
from ingest.tagging.training import train, train_on_vectors

__all__ = [
    "LabelledPassage",
    "Tagger",
    "TopicHead",
    "parse_passages",
    "read_passages",
    "shipped_passages",
    "train",
    "train_on_vectors",
]
