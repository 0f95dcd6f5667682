"""Topics of passages with their score and evidence: a lexicon of the field and a trained head over meaning."""

from ingest.tagging.tagger import Tagger

__all__ = ["Tagger"]
