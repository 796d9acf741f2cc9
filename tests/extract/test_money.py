"""Money as Korean writes it, and the part each sum plays."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gonggo.extract import money
from gonggo.extract.doc import Doc
from gonggo.extract.record import extract


def roles(text, kind="article"):
    return {entry.krw: entry.role for entry in money.find(Doc("x", text), kind)}


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
    ("text", "expected"),
    [
        ("국비와 시비 각각 30억 원을 들인다.", {"national", "local"}),
        ("지방비·민간부담금 각 46억7000만원이 든다.", {"local", "private"}),
        ("국비와 시비를 각각 30억 원과 20억 원 들인다.", {"national", "local"}),
        ("국비 30억 원을 각각 들인다.", {"national"}),
    ],
)
def test_each_of_two_sources_that_give_a_sum_each_has_it(text, expected):
    roles = [amount.role for amount in money.find(Doc("x", text))]
    assert len(roles) == len(expected) and set(roles) == expected


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


WRITTEN_SUMS = [
    ("5천5백만원", 55_000_000),
    ("5억6천7백만원", 567_000_000),
    ("10억2천3백4십만원", 1_023_400_000),
    ("기업당 최대 1억 5천", 150_000_000),
    ("기업당 최대 3천5백만", 35_000_000),
    ("1억 2,500 이내", 125_000_000),
    ("오천만 원 이내", 50_000_000),
    ("삼백만 원", 3_000_000),
    ("이천오백만 원", 25_000_000),
    ("삼억 오천만원", 350_000_000),
    ("백억원", 10_000_000_000),
    ("최대 천만원", 10_000_000),
    ("상금 백만원", 1_000_000),
    ("금 오천만원정(₩50,000,000)", 50_000_000),
    ("일금 오천만원정(￦50,000,000)", 50_000_000),
    ("일금삼천만원정", 30_000_000),
    ("금 일억이천삼백만원정", 123_000_000),
    ("금50,000,000원정", 50_000_000),
    ("₩50,000,000", 50_000_000),
    ("\\30,000,000", 30_000_000),
    ("KRW 50,000,000", 50_000_000),
    ("50,000,000 KRW", 50_000_000),
    ("기업당 최대 5000만 (총 20개사)", 50_000_000),
    ("팀당 500만 지원", 5_000_000),
    ("5.000만원", 50_000_000),
    ("1.500만원", 15_000_000),
    ("50.000천원", 50_000_000),
    ("12.000.000원", 12_000_000),
    ("2.5억", 250_000_000),
    ("15.5백만원", 15_500_000),
    ("1조 2,000억원", 1_200_000_000_000),
    ("총 1조 5천억 규모", 1_500_000_000_000),
    ("예산 2조 투입", 2_000_000_000_000),
    ("3백50만원", 3_500_000),
    ("1억5백만원", 105_000_000),
    ("1억 2,345만 6,789원", 123_456_789),
    ("20여억 원", 2_000_000_000),
    ("5천여만 원", 50_000_000),
    ("2억여 원", 200_000_000),
    ("5 천 만 원", 50_000_000),
    ("과제 5억원", 500_000_000),
    ("3억 천안시 지원", 300_000_000),
    ("5억 조성", 500_000_000),
    ("5억 장비 구축", 500_000_000),
    ("2026~2028년 5억원", 500_000_000),
]


@pytest.mark.parametrize(("text", "krw"), WRITTEN_SUMS)
def test_every_way_of_writing_a_sum_is_one_fact(text, krw):
    assert [entry.krw for entry in money.find(Doc("x", f"□ 지원금액 : {text}\n□ 문의 : 담당자"))] == [krw]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("1~2천억", 100_000_000_000, 200_000_000_000),
        ("1,000~2,000만원", 10_000_000, 20_000_000),
        ("3∼5억원", 300_000_000, 500_000_000),
        ("5천~1억원", 50_000_000, 100_000_000),
        ("5백~1천만원", 5_000_000, 10_000_000),
        ("500~2천만원", 5_000_000, 20_000_000),
        ("1~1억5천만원", 100_000_000, 150_000_000),
        ("1억 5천 ~ 2억원", 150_000_000, 200_000_000),
        ("5000만~1억", 50_000_000, 100_000_000),
        ("1천만원 내지 3천만원", 10_000_000, 30_000_000),
        ("1-2억원", 100_000_000, 200_000_000),
        ("10~20백만원", 10_000_000, 20_000_000),
    ],
)
def test_both_ends_of_a_range_have_its_unit_and_its_role(text, low, high):
    assert roles(f"과제당 {text} 이내로 지원한다.") == {low: "award_ceiling", high: "award_ceiling"}


def test_a_sum_that_falls_is_no_range():
    assert set(roles("올해 예산이 42억원에서 9억원으로 줄었다.")) == {4_200_000_000, 900_000_000}


@pytest.mark.parametrize(
    "text",
    [
        "제16조",
        "법 시행령 제16~17조",
        "제16조, 제17조 및 18조에 따른다",
        "예산회계법 제16조 및 제17조",
        "제2조 1항",
        "2조 1항",
        "2개조로 나눈다",
        "3조로 편성한다",
        "약 2억 장",
        "이미지 2억 장을 구축",
        "1억 건",
        "1억 건의 문서",
        "3천만 명",
        "3천만명이 이용",
        "지원 3만 명",
        "최대 100만 명",
        "700억 매개변수 모델",
        "70억 파라미터",
        "1조 토큰",
        "5천만 인구",
        "5천만 원어민",
        "5 억제제",
        "수천만원",
        "수십억 원",
        "만원의 행복",
        "(단위: 백만원)",
        "예산(백만원)",
        "US$ 5,000만",
        "5천만 달러",
        "1억 5천원",
        "50,00만원",
        "5.000억원",
        "010-1234-5678",
        "최대 3만 보급",
    ],
)
def test_what_is_no_sum_or_can_be_read_in_two_ways_is_none(text):
    assert list(money.scan(f"{text}\n")) == []


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("○ 지원예산(천원)\n\n|구분|국비|시비|\n|제조|30,000|20,000|", {30_000_000: "national", 20_000_000: "local"}),
        (
            "(단위 : 백만원)\n|구 분|국 비|지 방 비|민 간 부 담 금|합 계|\n|실증|40|30|20|90|",
            {40_000_000: "national", 30_000_000: "local", 20_000_000: "private", 90_000_000: "total"},
        ),
        (
            "○ 재원: 국 비 6억원, 도 비 3억원, 자 부 담 2억원\n",
            {600_000_000: "national", 300_000_000: "local", 200_000_000: "private"},
        ),
        ("(백만원)\n\n|과제|사업비|\n|---|---|\n|가|300|\n|나|450.5|", {300_000_000: "total", 450_500_000: "total"}),
        (
            "[단위: 억원]\n|구분|2026년|2027년|\n|국비|3|4|\n|과제 수|10|20|",
            {300_000_000: "national", 400_000_000: "national"},
        ),
        ("|항목|내용|\n|총사업비(백만원)|300|\n|참여인원(명)|40|", {300_000_000: "total"}),
        (
            "|분야|지원금(만원)|선정 수|\n|가|최대 3,000|5|\n|나|1,000~2,000|7|",
            {30_000_000: "award_ceiling", 10_000_000: "award_amount", 20_000_000: "award_amount"},
        ),
        (
            "○ 총사업비(백만원) : 500 (국비 300, 도비 200)\n",
            {500_000_000: "total", 300_000_000: "national", 200_000_000: "local"},
        ),
        ("(단위 : 천원, %)\n|구분|예산|비율|\n|국비|600,000|50|", {600_000_000: "national"}),
        ("|구분|5억원 이하|5억원 초과|\n|가점|5|3|", {500_000_000: "award_ceiling"}),
        ("|총사업비(백만원)|300|\n|국비(백만원)|200|", {300_000_000: "total", 200_000_000: "national"}),
        ("(단위: 1,000원)\n|구분|국비|시비|\n|제조|30,000|20,000|", {30_000_000: "national", 20_000_000: "local"}),
        ("(단위: 1,000,000원)\n|구분|국비|\n|제조|30|", {30_000_000: "national"}),
        ("(단위: 원)\n|구분|국비|시비|\n|제조|30,000|9,999|", {30_000: "national"}),
        ("(단위: 100만원)\n|구분|국비|\n|제조|30|", {30_000_000: "national"}),
        ("|구분|국비(천원)|시비(백만)|\n|제조|30,000|20|", {30_000_000: "national", 20_000_000: "local"}),
    ],
)
def test_labels_of_units_in_heads_captions_rows_and_lines(table, expected):
    assert roles("AI 실증 지원사업 참여기업 모집 공고\n" + table, "announcement") == expected


_THREE = {3_000_000_000: "national", 1_200_000_000: "local", 4_200_000_000: "total"}


@pytest.mark.parametrize(
    "table",
    [
        "|사업|국비|지방비|합계|\n|AI 바우처|30억원|12억원|42억원|",
        "|사업|국비|지방비|총사업비|\n|AI 바우처|30억원|12억원|42억원|",
        "□ 지원금액\n|사업|국비|지방비|계|\n|AI 바우처|30억원|12억원|42억원|",
        "(단위: 백만원)\n|사업|국비|지방비|합계|\n|AI 바우처|3,000|1,200|4,200|",
        "(단위: 억원)\n|사업|계|국비|지방|\n|AI 바우처|42|30|12|",
        "|사업|국비(백만원)|지방비(백만원)|합계(백만원)|\n|AI 바우처|3000|1200|4200|",
        "|사업|2026년 사업비|||\n|사업|계|국비|지방비|\n|AI 바우처|42억원|30억원|12억원|",
        "|국비|30억원|지방비|12억원|\n|총사업비|42억원|||",
        "|국비|30억원|\n|지방비|12억원|\n|합계|42억원|",
    ],
)
def test_a_label_over_the_rows_leaves_the_columns_their_purses_and_their_sum(table):
    assert roles("AI 바우처 지원사업 참여기업 모집 공고\n" + table, "announcement") == _THREE


@pytest.mark.parametrize("below", ["|사업|국비|지방비|", "| |국비|지방비|"])
def test_a_head_over_purses_alone_leaves_them_their_roles(below):
    table = f"|사업|재원||\n{below}\n|AI 바우처|30억원|12억원|"
    assert roles("AI 바우처 지원사업 공고\n" + table, "announcement") == {
        3_000_000_000: "national",
        1_200_000_000: "local",
    }


@pytest.mark.parametrize(
    ("head", "role"),
    [
        ("시군비", "local"),
        ("시·도비", "local"),
        ("지방", "local"),
        ("민간", "private"),
        ("민간부담금", "private"),
        ("기업부담금", "private"),
        ("자부담금", "private"),
        ("계", "total"),
    ],
)
def test_a_column_beside_national_money_says_whose_its_money_is(head, role):
    table = f"(단위: 백만원)\n|과제|국비|기간|비고|{head}|\n|AI 바우처|3,000|12개월|-|2,000|"
    assert roles("AI 바우처 지원사업 공고\n" + table, "announcement") == {
        3_000_000_000: "national",
        2_000_000_000: role,
    }


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("|구분|민간|공공|\n|지원금|3천만원|5천만원|", {30_000_000: "award_amount", 50_000_000: "award_amount"}),
        ("(단위: 백만원)\n|구분|민간|계|예산|\n|AI 바우처|10|20|500|", {500_000_000: "total"}),
        ("|총사업비|42억원|\n|지원금|기업당 최대 3천만원|", {4_200_000_000: "total", 30_000_000: "award_ceiling"}),
        (
            "|주관|부산시|재원|국비|\n|사업비|42억원|지원금|기업당 최대 3천만원|",
            {4_200_000_000: "total", 30_000_000: "award_ceiling"},
        ),
    ],
)
def test_words_that_name_a_purse_only_beside_one_name_none_elsewhere(table, expected):
    assert roles("AI 바우처 지원사업 공고\n" + table, "announcement") == expected


def test_a_purse_that_is_all_of_its_row_is_listed_with_the_total_of_the_row():
    table = "(단위: 백만원)\n|과제|국비|시비|합계|\n|진단| |1,300|1,300|\n|실증|2,600| |2,600|\n"
    result = money.find(Doc("x", "AI 진단 지원사업 공고\n" + table, {}), "announcement")
    assert [(each.krw, each.role) for each in result] == [
        (1_300_000_000, "local"),
        (1_300_000_000, "total"),
        (2_600_000_000, "national"),
        (2_600_000_000, "total"),
    ]


@given(st.text(alphabet="일이삼십백천만억조원0123456789,.~ 제여()₩정", max_size=60))
def test_any_mixture_of_figures_is_read_or_left(text):
    for amount in money.scan(text):
        assert 0 <= amount.start < amount.end <= len(text)
        assert amount.krw >= 10_000


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("가람시가 35억원, 대학이 나머지를 맡는다.", "local"),
        ("마친 이에게 20만 원을 준다.", "award_amount"),
        ("올해부터 2029년까지 모두 77억원을 쓴다.", "total"),
        ("회사 세 곳에 팔아 73억원의 매출을 올렸다.", "other"),
        ("운영에는 한 해 45억원이 든다.", "annual"),
    ],
)
def test_the_role_of_a_sum_in_prose(text, role):
    assert [entry.role for entry in money.find(Doc("x", text), "article")] == [role]


@pytest.mark.parametrize("text", ["월세 270만원짜리 방이다.", "태풍 피해가 96억 원이었다.", "한 대 값이 3억원이다."])
def test_losses_rents_and_prices_fund_nothing(text):
    assert money.find(Doc("x", text), "article") == []


def test_a_bare_number_beside_a_purse_is_never_cut():
    result = money.find(Doc("x", "2,800억원(국비 1,400억, 도비 700억)을 들인다."), "article")
    assert {entry.krw for entry in result} == {280_000_000_000, 140_000_000_000, 70_000_000_000}


@pytest.mark.parametrize(
    ("words", "sums"),
    [
        ("도비 1억8천만원, 시군비 1억8천만원", [180_000_000] * 2),
        ("도비 1.5억, 시비 1.5억", [150_000_000] * 2),
        ("지방비 2억원: 시비 2억원", [200_000_000]),
    ],
)
def test_what_province_and_city_pay_alike_is_two_sums(words, sums):
    record = extract(f"전북 AI 장비 도입 지원사업 공고\n□ 예산: 4억원({words})\n□ 신청: 2026. 3. 2. ~ 3. 20.\n", id="x")
    assert [entry.krw for entry in record.amounts if entry.role == "local"] == sums


def test_a_budget_named_behind_what_each_gets_is_the_whole():
    result = money.find(Doc("x", "업체당 100만원씩 300개사이며 예산은 3억원이다."), "announcement")
    assert [(entry.krw, entry.role) for entry in result] == [(1_000_000, "award_amount"), (300_000_000, "total")]


_PIECES = ("1", "20", "3,000", "2026", "1.5", "5.000", "50,00", ".", ",", " ", "여", "천", "억", "만", "원", "~", "-", "\n", "월",
           "KRW", "₩", "에서", "일", "백만", "가")  # fmt: skip


@given(st.lists(st.sampled_from(_PIECES), max_size=10).map("".join))
def test_a_number_that_is_passed_over_was_no_sum(text):
    passed_over = money._NO_SUM
    sums = list(money._written(text))
    try:
        money._NO_SUM = re.compile("(?!)(?P<n>)")
        assert list(money._written(text)) == sums
    finally:
        money._NO_SUM = passed_over
