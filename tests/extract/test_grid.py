"""The heads of a figure in a table: drawn with lines, set apart by spaces, or with bars."""

import pytest

from gonggo.extract.doc import Doc
from gonggo.extract.relations import grid
from gonggo.extract.relations.grid import Heads

DRAWN = """업종별 AI 활용률
┏━━━━━┳━━━━━┳━━━━━┓
┃ 업종 ┃ 2024년 ┃ 2025년 ┃
┣━━━━━╋━━━━━╋━━━━━┫
┃ 기계 ┃ 8.1% ┃ 11.4% ┃
┃ 섬유 ┃ 3.2% ┃ 4.9% ┃
┗━━━━━┻━━━━━┻━━━━━┛
"""
SPACED = """가람시 기업이 답했다.

업종별 AI 활용률
업종      2024년(%)   2025년(%)
기계      8.1%        11.4%
섬유      3.2%        4.9%
"""
FLAT = """가람시 기업이 답했다.

업종별 AI 활용률
업종 2024년 2025년
기계 공업 8.1% 11.4%
섬유 3.2% 4.9%
식품 - 5.5%
"""
BARRED = """업종별 AI 활용률
|업종|2024년|2025년|
|---|---|---|
|기계|8.1%|11.4%|
|섬유|3.2%|4.9%|
"""


def heads(text, figure, before=""):
    return grid.heads(Doc("x", before + text), (before + text).index(figure))


@pytest.mark.parametrize("text", [DRAWN, FLAT, BARRED])
@pytest.mark.parametrize(("figure", "row", "column"), [("11.4%", "기계", "2025년"), ("3.2%", "섬유", "2024년")])
def test_a_figure_of_a_table_stands_under_its_head_and_beside_its_label(text, figure, row, column):
    text = text.replace("기계 공업", "기계")
    expected = Heads(row, column, "업종별 AI 활용률")
    assert heads(text, figure) == heads(text, figure, "가람시가 조사했다.\n\n") == expected


@pytest.mark.parametrize(("figure", "row", "column"), [("8.1%", "기계", "2024년(%)"), ("4.9%", "섬유", "2025년(%)")])
def test_columns_may_be_set_apart_by_spaces(figure, row, column):
    assert heads(SPACED, figure) == Heads(row, column, "업종별 AI 활용률")


def test_cells_of_columns_set_apart_by_spaces_may_hold_words():
    text = "지원 실적\n시군      2024년       2025년\n가람시    기업 12곳    기업 30곳\n나래군    기업 5곳     없음\n"
    for before in ("", "가람도가 지원했다.\n"):
        assert heads(text, "30곳", before) == Heads("가람시", "2025년", "지원 실적")
        assert heads(text, "5곳", before) == Heads("나래군", "2024년", "지원 실적")


def test_a_label_may_be_of_several_words_and_a_cell_may_be_a_dash():
    assert heads(FLAT, "8.1%") == Heads("기계 공업", "2024년", "업종별 AI 활용률")
    assert heads(FLAT, "5.5%") == Heads("식품", "2025년", "업종별 AI 활용률")


@pytest.mark.parametrize(
    "text",
    [
        "가람시 기업의 AI 활용률은 11.4%다.",
        "기계 8.1% 11.4%\n섬유 3.2% 4.9%\n",
        "업종 2024년\n기계 8.1% 11.4%\n",
        "업종 12 13\n기계 8.1% 11.4%\n",
        "업종      12       13\n기계      8.1%     11.4%\n",
        "┃ 기계 ┃ 8.1% ┃ 11.4% ┃\n",
    ],
    ids=["prose", "no heads", "too few heads", "figures above", "figures above, wide", "one row"],
)
def test_where_no_names_of_columns_stand_above_there_are_no_heads(text):
    assert heads(text, "11.4%") is None


def test_the_label_of_a_row_has_no_heads_itself():
    assert heads(SPACED, "섬유") is heads(FLAT, "식품") is None
    assert heads(BARRED, "섬유").row == heads(DRAWN, "섬유").row == ""


def test_a_line_above_a_table_that_is_too_long_is_no_caption():
    long = "업종별로 본 가람시 소재 종사자 다섯 사람 이상 기업의 인공지능 활용률과 그 추이를 보인 표"
    assert len(long) > 44
    for text in (DRAWN, FLAT, BARRED):
        headers = heads(text.replace("업종별 AI 활용률", long), "11.4%")
        assert headers is not None and headers.caption == ""


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("합계", True),
        (" 총 계 ", True),
        ("소계(A)", True),
        ("총사업비", True),
        ("전체", True),
        ("계약", False),
        ("설계", False),
    ],
)
def test_what_a_sum_of_the_others_is_called(head, expected):
    assert grid.sums_up(head) is expected


def test_a_row_of_years_is_the_head_of_a_table_whose_rows_end_with_a_remark():
    text = "국비 반영 내역\n사업명 2025 2026 비고\n검사 실증 - 4,100 신규\n선별 개발 3,900 4,800 계속\n"
    assert heads(text, "4,800") == Heads("선별 개발", "2026", "국비 반영 내역")
