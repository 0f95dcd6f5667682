"""A period in words, as each language writes it."""

from __future__ import annotations

import pytest

from api.words.formats import period
from kb.records.language import Language
from kb.records.statistic import Granularity, Period

CASES = [
    (Period("2022", "2022", Granularity.YEAR), "2022", "2022"),
    (Period("2019", "2021", Granularity.YEAR), "2019–2021", "2019–2021"),
    (Period("2022-03", "2022-06", Granularity.MONTH), "de marzo a junio de 2022", "March to June 2022"),
    (Period("2021-09", "2022-01", Granularity.MONTH), "de septiembre de 2021 a enero de 2022",
     "September 2021 to January 2022"),
    (Period("2019-05-06", "2019-06-28", Granularity.DAY), "del 6 de mayo al 28 de junio de 2019",
     "6 May to 28 June 2019"),
    (Period("2025-07-07", "2025-07-23", Granularity.DAY), "del 7 al 23 de julio de 2025", "7 to 23 July 2025"),
    (Period("2020-01", "2020-03", Granularity.QUARTER), "primer trimestre de 2020", "first quarter of 2020"),
    (Period("2019-07", "2019-12", Granularity.HALF), "segundo semestre de 2019", "second half of 2019"),
    (Period("2031", "2031", Granularity.YEAR, target=True), "previsión para 2031", "forecast for 2031"),
]  # fmt: skip


@pytest.mark.parametrize(("when", "es", "en"), CASES)
def test_a_period_in_words(when: Period, es: str, en: str) -> None:
    assert (period(when, Language.ES), period(when, Language.EN)) == (es, en)
