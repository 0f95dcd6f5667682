"""Evidence by hand, without a model: quoting, lists, grouping, deciding; then the five questions on the seeds."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from index.answers.anchors import anchors_of
from index.answers.answering import list_bonus
from index.answers.asked_words import Asked, coverage, rarity
from index.answers.composing.grouping import Vectors, grouped
from index.answers.composing.listing import announced_lists, is_headline, quotes_of
from index.answers.composing.quoting import best_position, distinct, says_more, window
from index.answers.deciding import Limits, asks_something, belongs, enough, lacking_of, qualifies
from index.answers.missing import as_written, said_nothing_of
from index.answers.question import read_question
from index.answers.relevance import AnswerCandidate, Evidence, Piece, Weighed
from index.search.glossary import Glossary
from index.search.searcher import Scored
from kb.records.answer import FindingKind, Status
from kb.records.document import Block, BlockKind, Document, Passage, Place, Span, passage_id
from kb.records.language import Language
from kb.records.messages import Message, say
from kb.records.search import Filters, Why
from kb.records.statistic import Comparator, Kind, Statistic
from kb.words.tokens import cognate_key, same_start
from tests.kb.making import make_document

WHY = read_question("Why does it matter?")
SHARE = read_question("What share of customers agree?")


def passage_of(document: Document, language: Language = Language.EN) -> Passage:
    spans, start = [], 0
    for sentence in document.text.split(" | "):
        spans.append(Span(start, start + len(sentence)))
        start += len(sentence) + 3
    whole = Span(0, len(document.text))
    made = passage_id(document.id, whole, document.text)
    return Passage(made, document.id, whole, document.text, language, sentences=tuple(spans))


def evidence_of(text: str, language: Language = Language.EN, score: float = 1.0, wording: float = 0.5) -> Evidence:
    document = make_document(f"{text[:12]}.txt", text)
    passage = passage_of(document, language)
    why = Why(0.5, 0.5, (), 0.0, passage.span)
    return Evidence(
        Scored(1, 0.5, why),
        document,
        (Piece(passage, passage.span),),
        score,
        False,
        (),
        wording,
        FindingKind.TEXT,
    )


def figure_of(text: str, value: str) -> Evidence:
    """A sentence with the share that it opens with."""
    made = evidence_of(text)
    said = Statistic(
        id=f"s{made.passage.id}", passage_id=made.passage.id, span=Span(0, 3), raw=text[:3], value=Decimal(value),
        high=None, kind=Kind.PERCENT, unit=None, comparator=Comparator.EXACT, direction=None, subject=None,
        population=None, sample_size=None, source=None, study=None, year=None, quote=text,
        quote_span=made.passage.span, language=Language.EN,
    )  # fmt: skip
    return replace(made, kind=FindingKind.FIGURE, statistics=(said,))


def weighed_of(text: str, *scores: float) -> Weighed:
    document = make_document("a.txt", text)
    passage = passage_of(document)
    scored = Scored(1, 0.5, Why(0.5, 0.5, (), 0.0, passage.span))
    return Weighed(AnswerCandidate(scored, passage, document, np.array(scores, np.float32), ()), scores)


@pytest.mark.parametrize(
    ("scores", "quoted"),
    [
        ((0.1, 0.9, 0.2), "Second."),
        ((0.8, 0.9, 0.2), "First. | Second."),
        ((0.8, 0.9, 0.8), "First. | Second. | They third."),
        ((0.1, 0.2, 0.9), "Second. | They third."),
    ],
)
def test_window(scores: tuple[float, ...], quoted: str) -> None:
    """Neighbours near in score are quoted too, and what "They" points back to."""
    weighed = weighed_of("First. | Second. | They third.", *scores)
    span = window(weighed, best_position(weighed, WHY), WHY, Limits())

    assert quoted == span.cut(weighed.candidate.document.text)


TITLED = "Effort and churn\n\nEffort drives churn. It costs money.\n\nThis is seen everywhere."


def titled(*scores: float) -> Weighed:
    """A plain text with a title, a paragraph of two sentences and another that points back."""
    document = make_document("a.txt", TITLED)
    parts = ("Effort and churn", "Effort drives churn.", "It costs money.", "This is seen everywhere.")
    spans = tuple(Span(TITLED.index(part), TITLED.index(part) + len(part)) for part in parts)
    whole = Span(0, len(TITLED))
    passage = Passage("p", document.id, whole, TITLED, Language.EN, sentences=spans)
    scored = Scored(1, 0.5, Why(0.5, 0.5, (), 0.0, whole))
    return Weighed(AnswerCandidate(scored, passage, document, np.array(scores, np.float32), ()), scores)


@pytest.mark.parametrize(
    ("scores", "quoted"),
    [
        ((0.9, 0.8, 0.1, 0.1), "Effort drives churn."),
        ((0.8, 0.9, 0.8, 0.8), "Effort drives churn. It costs money."),
        ((0.1, 0.1, 0.8, 0.9), "It costs money.\n\nThis is seen everywhere."),
    ],
)
def test_a_quote_holds_no_headline_and_no_other_paragraph(scores: tuple[float, ...], quoted: str) -> None:
    """Unless the sentence points back to it."""
    weighed = titled(*scores)

    assert quoted == window(weighed, best_position(weighed, WHY), WHY, Limits()).cut(TITLED)


@pytest.mark.parametrize(
    ("text", "kind", "headline"),
    [
        ("Effort and churn", BlockKind.PARAGRAPH, True),
        ("Effort drives churn.", BlockKind.PARAGRAPH, False),
        ("¿Qué mide el NPS?", BlockKind.HEADING, True),
        ("What does NPS measure?", BlockKind.PARAGRAPH, True),
        ("What does NPS measure?", BlockKind.LIST_ITEM, False),
        ("The average number of channels is 3.7", BlockKind.LIST_ITEM, False),
        ("8. Map your customer journey", BlockKind.LIST_ITEM, True),
        ("8. Map your customer journey.", BlockKind.LIST_ITEM, False),
        ("«Escuchar antes de automatizar»", BlockKind.PARAGRAPH, True),
        ("«Escuchar antes de automatizar.»", BlockKind.PARAGRAPH, False),
        (" ".join(["word"] * 21), BlockKind.PARAGRAPH, False),
    ],
)
def test_is_headline(text: str, kind: BlockKind, headline: bool) -> None:
    """A line of its own that ends without a mark or asks something; a point of a list is none."""
    document = make_document("a.txt", text)
    block = replace(document.blocks[0], kind=kind)

    assert headline == is_headline(replace(document, blocks=(block,)), Span(0, len(text)))


@pytest.mark.parametrize(
    ("score", "wording", "cosine", "kept"),
    [
        (0.95, 0.0, 0.0, True),
        (0.7, 0.4, 0.0, True),
        (0.7, 0.3, 0.5, True),
        (0.7, 0.3, 0.4, False),
        (0.55, 0.5, 0.5, False),
    ],
)
def test_a_further_finding_needs_more_than_a_word(score: float, wording: float, cosine: float, kept: bool) -> None:
    """It comes close, or has its share of the wording, or a sentence about as near as the best has."""
    best = evidence_of("Effort drives churn.")
    other = evidence_of("Other text.", score=score, wording=wording)
    why = replace(other.scored.why, sentence=cosine)

    assert kept == belongs(replace(other, scored=replace(other.scored, why=why)), best, Limits())


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("Who says that 87% of marketers agree?", ()),
        ("Who says that 78 percent of marketers agree?", ("78",)),
        ("¿Quién dice que el 4,5 % está de acuerdo?", ()),
        ("How many marketers agree?", ()),
        ("How many branches agree?", ("branches",)),
        ("¿Cuántas sucursales hay?", ()),
    ],
)
def test_what_a_question_states_or_counts_must_be_there(question: str, missing: tuple[str, ...]) -> None:
    """Another number answers nothing; a word can only be missed in a passage of the question's language."""
    text = "In 2022, 87 percent of marketers and 4.5% of users agreed."
    weighed = weighed_of(text, 1.0)
    reading, asked = read_question(question), Asked(question, Glossary.shipped())

    assert lacking_of(weighed.candidate, Span(0, len(text)), (), reading, asked, asked.language)[1] == missing


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("How does quantum computing explain the effort of customers?", ("quantum", "computing", "customers")),
        ("What share of the effort is explained?", (say("such_a_figure"),)),
        ("¿Cómo explica la computación cuántica el esfuerzo?", ()),
        ("What does EFFORT mean?", ()),
    ],
)
def test_a_near_miss_says_what_is_missing(question: str, missing: tuple[str, ...]) -> None:
    """As the question writes it, and only where passages in its language can tell."""
    asked = Asked(question, Glossary.shipped())
    evidence = [evidence_of("Effort explains churn.")]

    assert said_nothing_of(question, read_question(question), asked, evidence) == missing


def test_what_is_missing_keeps_its_capitals() -> None:
    """Places are matched folded and said as they were asked."""
    assert as_written("What is the capital of Perú?", ("peru", "Lima")) == ("Perú", "Lima")


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("3. Employee engagement", False),
        ("- Engaged employees (EE)", False),
        ("Employee engagement drives churn.", True),
        ("Employee engagement: 34", True),
    ],
)
def test_a_quote_of_the_question_s_own_words_says_nothing(text: str, more: bool) -> None:
    """A point of a list that only names what is asked about is no answer."""
    assert more == says_more(evidence_of(text), Asked("employee engagement", Glossary.shipped()))


@pytest.mark.parametrize(
    ("limit", "quoted"),
    [
        (700, "Two phases stand out:\n• First: it begins.\n• Second: it goes on."),
        (50, "Two phases stand out:\n• First: it begins."),
    ],
)
def test_a_quote_that_announces_brings_its_list(limit: int, quoted: str) -> None:
    """The points to the last, as far as the quote may grow; not what comes after them."""
    document = listed()
    spans = tuple(block.span for block in document.blocks)
    passage = Passage("p", document.id, Span(0, len(LISTED)), LISTED, Language.EN, sentences=spans)
    scored = Scored(1, 0.5, Why(0.5, 0.5, (), 0.0, spans[0]))
    scores = (0.9, 0.1, 0.1, 0.1)
    weighed = Weighed(AnswerCandidate(scored, passage, document, np.array(scores, np.float32), ()), scores)
    limits = replace(Limits(), characters=limit)

    assert quoted == window(weighed, 0, WHY, limits).cut(LISTED)


def test_overlapping_quotes_are_one() -> None:
    """The same characters are not quoted twice."""
    one = evidence_of("The same words here.")

    assert [one] == distinct([one, evidence_of("The same words here.", score=0.9)])


LISTED = "Two phases stand out:\n• First: it begins.\n• Second: it goes on.\nAfterwards, nothing."


def listed() -> Document:
    document = make_document("list.txt", LISTED)
    kinds = (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.LIST_ITEM, BlockKind.PARAGRAPH)
    blocks = tuple(
        Block(block.span, kind, 1 if kind is BlockKind.LIST_ITEM else 0, Place())
        for block, kind in zip(document.blocks, kinds, strict=True)
    )
    return Document(**{name: getattr(document, name) for name in document.__slots__} | {"blocks": blocks})


def test_list_across_passages_is_quoted_item_by_item() -> None:
    """An announced list that splitting parted is its announcement and each item, from its own passage."""
    document = listed()
    passages = [
        Passage(f"p{row}", document.id, block.span, block.span.cut(LISTED), Language.EN, sentences=(block.span,))
        for row, block in enumerate(document.blocks)
    ]
    (one,) = announced_lists(document, passages)
    quotes = quotes_of(one, passages, LISTED)

    assert [(passage.id, span.cut(LISTED)) for passage, span in quotes] == [
        ("p0", "Two phases stand out:"),
        ("p1", "• First: it begins."),
        ("p2", "• Second: it goes on."),
    ]


def test_short_list_in_one_passage_is_one_quote() -> None:
    """A list that stands whole in a passage is quoted as it stands."""
    document = listed()
    whole = Passage("p", document.id, Span(0, len(LISTED)), LISTED, Language.EN)
    (one,) = announced_lists(document, [whole])

    assert [span.cut(LISTED) for _, span in quotes_of(one, [whole], LISTED)] == [
        "Two phases stand out:\n• First: it begins.\n• Second: it goes on."
    ]


def test_list_of_other_things_gains_nothing() -> None:
    """Only a list that is called what was asked for is preferred, in either language."""
    question = "Which two phases are there?"
    reading, asked = read_question(question), Asked(question, Glossary.shipped())
    telling = rarity(asked.words, [])

    assert list_bonus("Dos fases de madurez", Language.ES, 2, reading, asked, telling) > 0.4
    assert list_bonus("Dos tiendas", Language.ES, 2, reading, asked, telling) == 0.0
    assert list_bonus("Tres fases de madurez", Language.ES, 3, reading, asked, telling) == pytest.approx(0.55)
    assert list_bonus("Fases\nTres palancas:", Language.ES, 3, reading, asked, telling) == 0.0


def test_translations_are_one_finding_and_reprints_one_source() -> None:
    """What two languages say alike is one finding of two sources; the same words again add none."""
    english, spanish = evidence_of("Effort drives churn."), evidence_of("El esfuerzo causa abandono.", Language.ES)
    again, other = evidence_of("Effort  drives churn."), evidence_of("Dogs bark.")
    one, two = np.eye(2, dtype=np.float32)
    vectors = Vectors(
        {found.passage.id: row[None, :] for found, row in ((english, one), (spanish, one), (again, one), (other, two))}
    )
    findings = grouped([english, spanish, again, other], vectors, figures=False, limit=5)

    assert [((english, spanish, again), 2), ((other,), 1)] == [(found.evidence, found.sources) for found in findings]


def test_sources_with_another_figure_are_counted_once() -> None:
    """Those of findings before and after it on its subject; a source that says both figures does not differ."""
    found = [
        figure_of("28% of the applications were integrated.", "0.28"),
        figure_of("29% of the applications were integrated.", "0.29"),
        figure_of("29%  of the applications were integrated.", "0.29"),
        figure_of("31% of the applications were integrated.", "0.31"),
    ]
    both = replace(found[3], document=found[0].document)
    alike = Vectors({one.passage.id: np.eye(2, dtype=np.float32)[:1] for one in found})

    findings = grouped([*found[:3], both], alike, figures=True, limit=5)

    assert [(one.sources, one.against) for one in findings] == [(1, 1), (1, 1), (1, 1)]
    assert [[each.statement for each in one.differs] for one in findings] == [[], [1], [1, 2]]


@pytest.mark.parametrize(
    ("question", "score", "wording", "answers"),
    [
        ("What is effort?", 0.5, 0.0, True),
        ("What is effort?", 0.3, 0.9, False),
        ("Do whales sing?", 0.47, 0.0, False),
        ("Do whales sing?", 0.47, 0.3, True),
        ("What did Gallup say of effort?", 0.5, 0.5, True),
        ("What did Gallup say of effort?", 0.9, 0.0, False),
    ],
)
def test_enough_by_words(question: str, score: float, wording: float, answers: bool) -> None:
    """Without a model the words decide, and a name alone is not enough."""
    best = evidence_of("Text.", score=score, wording=wording)

    assert answers == enough(best, [best], read_question(question), Limits())


@pytest.mark.parametrize(
    ("own", "nearest", "behind", "answers"),
    [
        (0.2, 0.2, 0.0, True),
        (0.09, 0.09, 0.0, False),
        (0.12, 0.2, 0.0, True),
        (0.05, 0.2, 0.0, False),
        (0.2, 0.2, 0.3, True),
        (0.2, 0.2, 0.4, False),
    ],
)
def test_enough_by_the_margin_over_the_null_set(own: float, nearest: float, behind: float, answers: bool) -> None:
    """Whatever the score: how much nearer the base comes than questions that it does not answer; and what answers may
    not lie far behind what lacks something."""
    best = replace(evidence_of("Text.", score=0.2), margin=own)
    first = replace(evidence_of("First.", score=0.2 + behind), margin=nearest)

    assert answers == enough(best, [first, best], read_question("What is effort?"), Limits())


@pytest.mark.parametrize(
    ("question", "asks"),
    [("?", False), ("¿…?", False), ("and of the", False), ("¿Y el de la?", False), ("NPS", True), ("¿En 2019?", True)],
)
def test_a_question_of_marks_and_function_words_asks_nothing(question: str, asks: bool) -> None:
    """Whatever search finds for it."""
    assert asks == asks_something(question, read_question(question))


def test_figure_question_needs_a_figure() -> None:
    """Without the figure that is asked for nothing qualifies."""
    many = evidence_of("Many agree.")

    assert (qualifies(many, SHARE, Limits()), qualifies(many, WHY, Limits())) == (False, True)


@pytest.mark.parametrize(("wording", "answers"), [(0.0, False), (0.1, True)])
def test_a_name_alone_answers_nothing(wording: float, answers: bool) -> None:
    """The passage must have something of what the question says beyond its names."""
    question = read_question("What did Gallup say of effort?")

    assert answers == qualifies(evidence_of("Gallup.", wording=wording), question, Limits())


@pytest.mark.parametrize(
    ("question", "likeness", "missing"),
    [
        ("Which software did the railway use?", {"software": 0.24}, ("software",)),
        ("Which software did the railway use?", {"software": 0.5}, ()),
        ("Which software did the railway use?", {}, ()),
        ("Which railway publishes a list?", {"railway": 0.3}, ()),
        ("¿Cuál es el salario medio de un director?", {"salario": 0.2}, ("salario",)),
        ("Which chatbot platform is it?", {"chatbot": 0.9, "platform": 0.3}, ()),
    ],
)
def test_the_thing_asked_for_must_be_spoken_of(
    question: str, likeness: dict[str, float], missing: tuple[str, ...]
) -> None:
    """By the word itself or by one that the model reads alike, in either language; without a model nothing is said."""
    text = "A railway company keeps a list of promises."
    one = replace(weighed_of(text, 1.0).candidate, likeness=likeness)
    reading, asked = read_question(question), Asked(question, Glossary.shipped())

    assert lacking_of(one, Span(0, len(text)), (), reading, asked, asked.language)[1] == missing


@pytest.mark.parametrize(
    ("question", "text", "missing"),
    [
        ("Who proposed the CES?", "It was proposed by Matthew Dixon.", ()),
        ("Who proposed the CES?", "Matthew Dixon proposed it.", ()),
        ("Who proposed the CES?", "The CES was proposed long ago.", (say("who_it_was"),)),
        ("¿Quién propuso el CES?", "Lo propuso PwC.", ()),
        ("Who should own the CES?", "The team that serves owns it.", ()),
    ],
)
def test_who_did_something_is_answered_by_a_name(question: str, text: str, missing: tuple[str, ...]) -> None:
    """Another one than those in the question; who should do something may be anybody."""
    reading, asked = read_question(question), Asked(question, Glossary.shipped())
    anchors = anchors_of(question, reading, Glossary.shipped())
    found = lacking_of(weighed_of(text, 1.0).candidate, Span(0, len(text)), anchors, reading, asked, asked.language)[1]

    assert tuple(one for one in found if isinstance(one, Message)) == missing


def test_a_word_read_alike_counts_as_met() -> None:
    """Not at all up to .40, as the word itself from .65; what stands there counts whole."""
    asked = Asked("Who works together there?", Glossary.shipped())

    assert asked.with_likeness({"works": 0.8}, {"works": 0.5, "together": 0.9, "there": 0.1}) == {
        "works": 0.8,
        "together": 1.0,
    }


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("initial", "inicial", True), ("strategic", "estrategica", True), ("technology", "tecnologia", True),
     ("contract", "contento", False), ("customer", "costumbre", False)],
)  # fmt: skip
def test_alike(one: str, other: str, same: bool) -> None:
    """Cognates are alike, chance likeness is not."""
    assert same == same_start(cognate_key(one), cognate_key(other))


def test_rare_words_count_more() -> None:
    """A word that one text has says more than one that all have."""
    weights = rarity(("rare", "common"), [{"rare": 1.0, "common": 1.0}, {"common": 1.0}, {"common": 1.0}])

    assert coverage({"rare": 1.0}, weights) > coverage({"common": 1.0}, weights) > 0


SEEDS = Path(__file__).resolve().parents[3] / "shared" / "seeds"
FIVE = [
    (
        "What share of customers had a digital interaction that led them to do something differently?",
        ("De hecho, un estudio de Gartner reveló que solo el 14%",),
    ),
    (
        "¿Qué porcentaje de los profesionales de marketing cree que ofrece experiencias atractivas?",
        ("Contradictions are present when a respondent is forced",),
    ),
    (
        "Which phases does customer experience management maturity go through?",
        ("Se destacan las siguientes fases en la escala de madurez :", "• Inicial: ", "• Controlado: ", "• Definido: ",
         "• Estratrégico: ", "• Optimizado: ", "• Disruptivo: "),
    ),
    (
        "¿Qué métricas son esenciales para medir la experiencia de cliente?",
        ("Estas son cinco métricas que son absolutamente esenciales para medir la CX:",),
    ),
    ("How tall is the Eiffel Tower?", ()),
]  # fmt: skip


@pytest.mark.model
@pytest.mark.slow
def test_five_questions_on_the_seeds(tmp_path: Path) -> None:
    """The first finding of each is the right one, quote by quote, and what is not there is refused."""
    if not SEEDS.is_dir():
        pytest.skip("the seed documents (../shared/seeds) are not beside the repository")
    from api.cli.wiring import Wiring
    from api.settings import Settings
    from ingest.sources.sources import find_sources

    wiring = Wiring(Settings(), tmp_path / "base")
    wiring.pipeline(create=True).run(find_sources([SEEDS]))
    knowledge_base = wiring.knowledge_base()
    for question, beginnings in FIVE:
        answer = knowledge_base.answer(question, None, Filters())
        numbers = answer.statements[0].citations if answer.statements else ()
        first = [citation for citation in answer.citations if citation.number in numbers]

        assert (Status.ANSWERED if beginnings else Status.NO_EVIDENCE) is answer.status, question
        assert len(beginnings) == len(first), question
        for beginning, citation in zip(beginnings, first, strict=True):
            assert citation.quote.startswith(beginning), question
            assert citation.quote == citation.span.cut(knowledge_base.records.document(citation.document.id).text)
