"""Money as Korean writes it, and the part each sum plays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gonggo.extract import money
from gonggo.extract.doc import Doc


def roles(text, kind="article"):
    return {entry["krw"]: entry["role"] for entry in money.find(Doc("x", text), kind)}


@given(st.integers(1, 9_999), st.integers(0, 9_999))
def test_eok_and_man_round_trip(eok, man):
    text = f"{eok:,}억 {man}만원" if man else f"{eok}억원"
    assert money.parse(text) == eok * 10**8 + man * 10**4


@given(st.integers(1, 999), st.integers(1, 9_999))
def test_jo_and_eok_round_trip(jo, eok):
    assert money.parse(f"{jo}조 {eok:,}억원") == jo * 10**12 + eok * 10**8


@given(st.integers(1, 99_999))
def test_tables_units_round_trip(number):
    assert money.parse(f"{number:,}백만원") == number * 10**6
    assert money.parse(f"{number * 10:,}천원") == number * 10**4


@pytest.mark.parametrize(
    ("text", "krw"),
    [
        ("7천만원", 70_000_000),
        ("28억5천만원", 2_850_000_000),
        ("1억8500만원", 185_000_000),
        ("1조 2천억", 1_200_000_000_000),
        ("151.4억", 15_140_000_000),
        ("2,000백만원", 2_000_000_000),
        ("500천원", 500_000),
        ("3백만원", 3_000_000),
    ],
)
def test_written_forms(text, krw):
    assert money.parse(text) == krw


def test_a_purse_without_a_unit_takes_that_of_the_total():
    assert roles("사업비 64억 원(국비 40, 시비 16, 자부담 8)을 들인다.") == {
        6_400_000_000: "total",
        4_000_000_000: "national",
        1_600_000_000: "local",
        800_000_000: "private",
    }


@pytest.mark.parametrize(
    ("text", "krw", "role"),
    [
        ("기업당 최대 3천만 원을 준다.", 30_000_000, "award_ceiling"),
        ("과제당 2억 원 이내로 지원한다.", 200_000_000, "award_ceiling"),
        ("기업당 평균 4천만 원을 받았다.", 40_000_000, "award_amount"),
        ("연간 예산은 12억 원이다.", 1_200_000_000, "annual"),
        ("총 80억 원을 투입한다.", 8_000_000_000, "total"),
        ("민자 30억 원이 더해진다.", 3_000_000_000, "private"),
        ("경제효과는 700억 원으로 보인다.", 70_000_000_000, "other"),
        ("1,200백만원 이내/년", 1_200_000_000, "annual"),
    ],
)
def test_roles_by_context(text, krw, role):
    assert roles(text)[krw] == role


def test_both_ends_of_a_range():
    assert roles("기업당 평균 지원액은 6천만~9천만원이다.") == {60_000_000: "award_amount", 90_000_000: "award_amount"}


@pytest.mark.parametrize(
    "text",
    [
        "50억 달러(약 7조원)를 투자한다.",
        "최근 매출액 3억원 이상 기업",
        "세계 시장은 382조원 규모로 성장할 전망이다.",
        "자본금 5억원 이상",
    ],
)
def test_sums_that_fund_nothing(text):
    assert roles(text) == {}


def test_a_table_says_its_unit_over_the_column_or_over_itself():
    by_head = "|분야|예산(백만원)|\n|---|---|\n|제조|300|\n|의료|1,200|\n"
    assert set(roles(by_head, "announcement")) == {300_000_000, 1_200_000_000}
    by_caption = "(단위 : 천원)\n\n|상|상금|인원|\n|---|---|---|\n|대상|3,000|1|\n|합계|4,500|9|\n"
    assert roles(by_caption, "announcement") == {3_000_000: "award_amount", 4_500_000: "total"}


def test_sections_of_terms_and_examples_yield_no_sums():
    text = (
        "□ 지원금액 : 기업당 최대 1억원\n□ 유의사항\n - 3천만원 이상 장비는 심의 대상\n"
        "|가정 예시|\n|---|\n|총 10억원 중 정부지원금 5억원|\n"
    )
    assert roles(text, "announcement") == {100_000_000: "award_ceiling"}


def test_a_table_whose_row_says_the_unit_gives_each_purse_of_its_columns():
    text = (
        "부산 항만물류 AI 실증 지원사업 참여기업 모집 공고\n○ 지원규모: 4개 과제\n\n|구분|합계|국비|시비|자부담|\n"
        "|사업비(단위: 백만원)|800|400|250|150|\n|비율|100%|50%|31%|19%|"
    )
    assert roles(text, "announcement") == {
        800_000_000: "total",
        400_000_000: "national",
        250_000_000: "local",
        150_000_000: "private",
    }
