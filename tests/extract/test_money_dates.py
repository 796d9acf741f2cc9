"""Money and dates come back as they were written."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gonggo.extract import money
from gonggo.extract.dates import scan


@given(st.integers(1, 9_999), st.integers(0, 9_999))
def test_eok_and_man_round_trip(eok, man):
    text = f"{eok:,}억 {man}만원" if man else f"{eok}억원"
    assert money.parse(text) == eok * 10**8 + man * 10**4


@pytest.mark.parametrize(
    ("text", "krw"),
    [("7천만원", 7 * 10**7), ("50백만원", 5 * 10**7), ("21.85억", 2185 * 10**6), ("150,000천원", 15 * 10**7)],
)
def test_written_forms(text, krw):
    assert money.parse(text) == krw


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_dates_round_trip(day):
    for text in (
        day.isoformat(),
        f"{day:%Y}. {day.month}. {day.day}.",
        f"’{day:%y}.{day.month}.{day.day}",
        f"{day:%Y}년 {day.month}월 {day.day}일",
    ):
        assert [hit.value for hit in scan(text)] == [day.isoformat()]
