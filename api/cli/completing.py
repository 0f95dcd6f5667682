"""The words that a shell offers while an option is typed: closed vocabularies only, so that no base is opened.

Bash, zsh and fish ask through ``_KB_COMPLETE``; ``kb --install-completion`` sets that up.
"""

from collections.abc import Callable, Iterable

from ingest.text.clean import RULE_NAMES
from kb.citing.citation_words import Style
from kb.records.language import Language
from kb.records.operation import Scope
from kb.records.source import RECORD_FIELDS
from kb.records.statistic import Kind
from kb.records.topics import SubTopic, Topic

_Complete = Callable[[str], list[str]]


def one_of(words: Iterable[str]) -> _Complete:
    """What offers those of the words that begin as it was typed."""
    known = tuple(words)

    def complete(incomplete: str) -> list[str]:
        return [word for word in known if word.startswith(incomplete.lower())]

    return complete


topics = one_of(topic.value for topic in Topic)
subtopics = one_of(subtopic.value for subtopic in SubTopic)
languages = one_of(language.value for language in Language)
wordings = one_of((Language.ES.value, Language.EN.value))
kinds = one_of(kind.value for kind in Kind)
styles = one_of(style.value for style in Style)
scopes = one_of(scope.value for scope in Scope)
exports = one_of(("documents", "passages", "statistics", "answer"))
cleaning_rules = one_of(("all", "none", *RULE_NAMES))
export_formats = one_of(("jsonl", "md", "docx", "xlsx", "csv"))
record_fields = one_of(RECORD_FIELDS)
