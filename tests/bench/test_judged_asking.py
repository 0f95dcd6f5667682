"""What is kept of the judged questions asked."""

from bench.judged_asking import Listener
from index.answers.judging.judge import EvidenceJudgement
from tests.index.test_judging import CASE


def test_a_question_for_which_nothing_is_judged_has_not_the_case_of_the_one_before() -> None:
    listener = Listener()

    assert listener.judge(CASE) == EvidenceJudgement(1.0, ((1.0, 1.0), (1.0,)))
    assert (listener.taken(), listener.taken()) == (CASE, None)
