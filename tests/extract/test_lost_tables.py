"""Tables that have lost their lines: cells one to a line, or with bars between them only."""

import pytest

from gonggo.extract import lost_tables, money, quantities
from gonggo.extract.doc import Doc
from gonggo.extract.layout import read
from gonggo.read.boilerplate import strip_boilerplate

BY_YEARS = """총사업비는 아래와 같음
구분
계
2027년
2028년
국비
30억원
10억원
20억원
군비
12억원
6억원
6억원
"""
TRACKS = """2. 지원규모

연번
과제명
과제 수
과제당 지원액
(백만원)
예산
(백만원)
1
굴 양식장 수온 예보
3
400 이내
1,200
2
옥수수 수확 로봇
5
200 이내
(연 100)
1,000
합계

8

2,200

3. 신청방법
"""
ACROSS = """구분
A. 산림형
B. 어촌형
대상
임업인 단체
어촌계
국비
5억원
3억원
지원 수
4개 단체
2개 어촌계

"""
BARRED = """2. 선정 결과

순위|기업|과제|지원금(천원)
1|솔빛이엔지|배추 결구 판정|90,000
2|한별로직스|선박 도장 검사|70,000
계|||160,000

3. 문의
"""


def cells(text):
    return {(block.row, block.column): block.text for block in read(text).blocks if block.column}


def test_each_value_has_the_heads_of_its_row_and_column():
    assert cells(BY_YEARS)["군비", "2028년"] == "6억원"
    assert cells(BY_YEARS)["국비", "계"] == "30억원"
    assert cells(BARRED)["선박 도장 검사", "지원금(천원)"] == "70,000"


def test_what_is_in_brackets_below_a_head_belongs_to_it():
    assert "1,200" in {text for (_, column), text in cells(TRACKS).items() if column == "예산 (백만원)"}


def test_the_sums_below_the_rows_stand_in_the_columns_that_they_are_the_sums_of():
    sums = {column: text for (row, column), text in cells(TRACKS).items() if row == "합계"}
    assert sums == {"과제 수": "8", "예산 (백만원)": "2,200"}


def test_values_of_one_kind_in_each_row_make_a_table_too():
    assert cells(ACROSS)["국비", "B. 어촌형"] == "3억원"


@pytest.mark.parametrize(
    "text",
    [
        "구분\n신청자격\n지원내용\n문의처\n제출서류\n유의사항\n접수방법\n기타\n",
        "지역\n경남\n전남\n2026년 3월\n접수 3건\n가\n나\n다\n",
        "구분\n금액\n국비\n10억원\n도비 5억원 별도\n20억원 이내이나 조정될 수 있으며 공고일 기준임\n시비\n미정\n",
        "작성자 김하늘 | 작성일 2026-03-01 | 조회 12\n본문 첫 줄이다.\n본문 둘째 줄이다.\n",
    ],
)
def test_lines_that_are_no_table(text):
    assert lost_tables.find(text) == {}


def test_money_and_counts_of_such_tables():
    doc = Doc("x", TRACKS)
    of = {amount.krw: amount.role for amount in money.find(doc, "announcement")}
    assert (of[400_000_000], of[200_000_000], of[1_200_000_000]) == ("award_ceiling", "award_ceiling", "total")
    counted = {(count.value, count.unit) for count in quantities.find(doc, "announcement")}
    assert counted == {(3, "projects"), (5, "projects"), (8, "projects")}


def test_a_purse_of_two_years_is_listed_for_each():
    amounts = [(entry.krw, entry.role) for entry in money.find(Doc("x", BY_YEARS), "announcement")]
    assert amounts.count((600_000_000, "local")) == 2


def test_the_letter_of_a_row_is_no_button():
    text = "구분\n가\n한우 발정 감지\n나\n젖소 착유 로봇\n끝."
    assert strip_boilerplate(text) == (text, [])
    assert strip_boilerplate("기사 제목\n가\n본문이다.\n끝.")[1] == ["가"]


def test_the_heads_of_every_year_may_span_the_same_two_columns():
    rows = (
        "(단위 : 억원)",
        "|품목 번호|총 기간|1차년도|2차년도|",
        "|기간|연구비|기간|연구비|",
        "|로봇-1|2년|2026.4.~2026.12.|9|2027.1.~2027.12.|11|",
    )
    text = "\n".join(rows)
    assert cells(text)["로봇-1", "연구비"] == "11"
    assert {block.column_group for block in read(text).blocks if block.text == "11"} == {"2차년도"}
    assert {entry.krw: entry.role for entry in money.find(Doc("x", text), "announcement")} == {
        900_000_000: "annual",
        1_100_000_000: "annual",
    }


def test_a_table_of_one_row_of_sums_is_read_below_its_unit():
    text = "가람 AI 양식 실증 지원사업 공고\n□ 사업비 내역\n(단위 : 백만원)\n구 분\n합 계\n국 비\n도 비\n금 액\n2,400\n1,500\n900\n※ 변경될 수 있음\n"
    read_amounts = {entry.krw // 1_000_000: entry.role for entry in money.find(Doc("x", text), "announcement")}
    assert read_amounts == {2400: "total", 1500: "national", 900: "local"}
