"""An answer with its findings rewritten by a language model, as far as each sentence is carried by its quotes.

The verifier decides, sentence by sentence; a finding whose sentences fail keeps its quotes. Knows no network.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from kb.answer import Answer, Rewriting, RewrittenSentence, Statement, Status
from kb.citation import Citation
from kb.composing import marked_quotes, marks_of
from kb.ports import ChatModel, Outage, Reply
from kb.rewriting.marked_sentences import MarkedSentence, marked_sentences
from kb.rewriting.notes import outage_note, summary_note
from kb.rewriting.request import instructions, material
from kb.verification.carrying import side_by_side
from kb.verification.rewriting import rewriting_fault
from kb.verification.rewriting_fault import FaultKind, RewritingFault

# How near (cosine of centred vectors) a sentence must be to quotes of the other language, whose words it cannot
# share: of 40 pairs of the parallel texts in index/data the least alike translation had .43, the most alike
# other text .34.
NEAR = 0.4
# Five findings are a page at most; a text of any length would be read for minutes.
MAX_TEXT = 20_000
# A finding is a sentence or two, a list one for each of its items.
_SENTENCES = 3
Nearness = Callable[[str, Sequence[Citation]], float]


def rewritten(answer: Answer, model: ChatModel | None, nearness: Nearness | None = None) -> Answer:
    """The answer with a rewriting and a note, or with the note of why there is none; else it stays as it is.

    ``nearness`` gives how near (-1 to 1) a sentence is to quotes of another language; without it only sentences
    in a language of their quotes are taken. An answer without evidence stays as it is.
    """
    if answer.status is not Status.ANSWERED:
        return answer
    reply = model.reply(instructions(answer), material(answer)) if model else Reply(outage=Outage.UNSET)
    if model is None or reply.outage is not None or not reply.text.strip():
        return replace(answer, note=outage_note(reply, answer.language))
    if len(reply.text) > MAX_TEXT:
        return replace(answer, note=outage_note(Reply(outage=Outage.TOO_LARGE), answer.language))
    found, unmarked = marked_sentences(reply.text)
    rewriting = _checked(answer, model.name, found, unmarked, nearness)
    return replace(answer, rewriting=rewriting, note=summary_note(rewriting, answer.language))


def _checked(
    answer: Answer, model: str, found: Sequence[MarkedSentence], unmarked: int, nearness: Nearness | None
) -> Rewriting:
    cited = {citation.number: citation for citation in answer.citations}
    sentences: list[RewrittenSentence] = []
    for number, statement in enumerate(answer.statements, start=1):
        mine = [one for one in found if set(one.citations) & set(statement.citations)]
        fault = _statement_fault(mine, statement, cited, nearness)
        if fault is None:
            sentences += [
                RewrittenSentence(f"{one.text} {marks_of(one.citations)}", one.citations, number, True) for one in mine
            ]
            continue
        quotes = marked_quotes([cited[one] for one in statement.citations])
        reason = fault.said(answer.language)
        sentences.append(RewrittenSentence(quotes, statement.citations, number, False, reason))
    unknown = sum(not set(one.citations) & cited.keys() for one in found)
    text = "\n".join(sentence.text for sentence in sentences)
    return Rewriting(model, text, tuple(sentences), unmarked + unknown)


def _statement_fault(
    mine: Sequence[MarkedSentence],
    statement: Statement,
    cited: Mapping[int, Citation],
    nearness: Nearness | None,
) -> RewritingFault | None:
    """The first fault of the sentences for a statement; a sentence must keep marks, and together all of them."""
    if not mine:
        return RewritingFault(FaultKind.OMITTED)
    if len(mine) > max(_SENTENCES, len(statement.citations)):
        return RewritingFault(FaultKind.LONG)
    for one in mine:
        fault = _mark_fault(one, statement, cited) or _sentence_fault(one, cited, nearness)
        if fault:
            return fault
    kept = {number for one in mine for number in one.citations}
    lost = [number for number in statement.citations if number not in kept]
    return RewritingFault(FaultKind.MARKS_LOST, marks_of(lost[:3])) if lost else None


def _mark_fault(one: MarkedSentence, statement: Statement, cited: Mapping[int, Citation]) -> RewritingFault | None:
    unknown = [number for number in one.citations if number not in cited]
    if unknown:
        return RewritingFault(FaultKind.UNKNOWN_MARK, marks_of(unknown[:1]))
    if not set(one.citations) <= set(statement.citations):
        return RewritingFault(FaultKind.MERGED)
    return None if one.alone else RewritingFault(FaultKind.UNMARKED)


def _sentence_fault(
    one: MarkedSentence, cited: Mapping[int, Citation], nearness: Nearness | None
) -> RewritingFault | None:
    citations = [cited[number] for number in one.citations]
    quotes = [citation.quote for citation in citations]
    fault = rewriting_fault(one.text, quotes)
    if fault or side_by_side(one.text, quotes).same_language:
        return fault
    near = nearness(one.text, citations) if nearness else -1.0
    return None if near >= NEAR else RewritingFault(FaultKind.DISTANT)
