"""How near a sentence is in meaning to what is cited, from the vectors in the base. Knows no language model."""

from __future__ import annotations

from collections.abc import Sequence

from index.searcher import Searcher
from kb.citation import Citation
from kb.store import Store


def nearness(store: Store, searcher: Searcher, sentence: str, citations: Sequence[Citation]) -> float:
    """The highest cosine (-1 to 1) of the sentence with a sentence that is cited; -1 where none is in the base."""
    homes = store.homes_of([citation.passage_id for citation in citations])
    passages = store.passages([key for key, _ in homes.values()])
    cosines = searcher.sentence_scores(sentence, passages)
    near = [-1.0]
    for citation in citations:
        key, _ = homes.get(citation.passage_id, (None, ""))
        if key is None or key not in passages:
            continue
        rows = zip(passages[key].sentences, cosines[key], strict=False)
        near += [float(cosine) for span, cosine in rows if span.overlaps(citation.span)]
    return max(near)
