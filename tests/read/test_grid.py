"""Tables with spans: one grid for every format, and what a table itself says was changed."""

from __future__ import annotations

import time

import pytest

from gonggo.extract.record import extract
from gonggo.read.files import from_bytes
from gonggo.read.html import from_fragment
from gonggo.read.reading import Reading
from tests.read.office_files import Row, Wide, in_every_format, sheet

FORMATS = ("html", "hwp", "hwpx", "docx", "xlsx")
PURSES: list[Row] = [
    ["구분", "국비", "지방비"],
    [Wide("AI 실증", rows=2), "31억원", "13억원"],
    ["21억원", "9억원"],
    ["합계", Wide("74억원", columns=2)],
]


def read(rows: list[Row], kind: str) -> Reading:
    return from_bytes(in_every_format(rows)[kind], name=f"a.{kind}")


def rows_of(rows: list[Row], kind: str) -> list[str]:
    return [line for line in read(rows, kind).text.split("\n") if line.startswith("|")]


def roles(text: str) -> set[tuple[int, str]]:
    title = "창원시 제조 AI 실증 지원사업 참여기업 모집 공고"
    record = extract(
        f"{title}\n창원시는 인공지능 기업을 지원합니다.\n□ 사업비\n{text}", id="x", fields={"title": title}
    )
    return {(amount.krw // 10**6, amount.role) for amount in record.amounts}


def money(text: str) -> dict[int, str]:
    return dict(sorted(roles(text)))


@pytest.mark.parametrize("kind", FORMATS)
def test_a_cell_that_spans_rows_names_each_and_one_that_spans_columns_takes_both(kind):
    rows = rows_of(PURSES, kind)
    assert rows == ["|구분|국비|지방비|", "|AI 실증|31억원|13억원|", "|AI 실증|21억원|9억원|", "|합계|74억원||"]
    purses = {3100: "national", 1300: "local", 2100: "national", 900: "local", 7400: "total"}
    assert money("\n".join(rows)) == purses


@pytest.mark.parametrize("kind", FORMATS)
def test_heads_of_two_rows_are_known_in_every_format(kind):
    heads: list[Row] = [
        [Wide("과제", rows=2), Wide("사업비(백만원)", columns=2), Wide("비고", rows=2)],
        ["국비", "지방비"],
        ["실증", "1,300", "800", "신규"],
    ]
    assert money("\n".join(rows_of(heads, kind))) == {1300: "national", 800: "local"}


def test_empty_cells_of_a_sheet_keep_their_column():
    text = from_bytes(
        sheet([["구분", "국비", "지방비", "합계"], ["실증", None, 1300, 1300], ["교육", 2700, None, 2700]])
    ).text
    assert "|실증| |1300|1300|" in text
    krw_by_role = roles("(단위: 백만원)\n" + text.partition("\n")[2])
    assert krw_by_role == {(1300, "local"), (1300, "total"), (2700, "national"), (2700, "total")}


@pytest.mark.parametrize("kind", FORMATS)
def test_the_column_of_what_was_is_superseded_by_that_of_what_is(kind):
    reading = read(
        [
            ["구 분", "변 경 전", "변 경 후"],
            ["접수기간", "2026. 11. 23. ~ 2026. 12. 4. 18:00", "2026. 11. 23. ~ 2026. 12. 11. 15:00"],
            ["접수처", "창원시청 3층", "좌동"],
        ],
        kind,
    )
    assert "12. 4." not in reading.text and "2026. 12. 11. 15:00" in reading.text
    assert "창원시청 3층" in reading.text
    assert [passage.quote for passage in reading.removed if passage.kind == "superseded"] == [
        "2026. 11. 23. ~ 2026. 12. 4. 18:00"
    ]


@pytest.mark.parametrize(
    ("rows", "gone", "valid"),
    [
        ([["구분", "접수기간"], ["당초", "2026. 12. 4."], ["연장", "2026. 12. 11."]], "12. 4.", "12. 11."),
        ([["당초", "2026. 12. 4.", "변경", "2026. 12. 11."], ["문의", "기업지원과", "전화", "055-000-0000"]], "12. 4.", "기업지원과"),
        ([["사업", "당초 접수기간", "연장 접수기간"], ["실증", "2026. 11. 23. ~ 2026. 12. 4.", "~ 2026. 12. 11."]], "12. 4.", "2026. 11. 23. ~|"),
        ([["구분", Wide("당초", columns=2), Wide("변경", columns=2)], ["", "시작", "종료", "시작", "종료"],
          ["1차", "11. 2.", "12. 4.", "11. 9.", "12. 11."]], "12. 4.", "시작|종료|시작|종료"),
    ],
)  # fmt: skip
def test_other_forms_in_which_tables_state_a_change(rows, gone, valid):
    reading = read(rows, "html")
    assert gone not in reading.text and valid in reading.text
    assert any(gone in passage.quote for passage in reading.removed)


def test_companies_of_old_and_new_are_no_change():
    reading = read([["구분", "기존기업", "신규기업"], ["지원금", "1억원", "2억원"]], "html")
    assert "|지원금|1억원|2억원|" in reading.text and reading.removed == []


def test_rows_of_a_table_within_a_cell_stay_in_it_and_breaks_are_kept():
    inner = "<table><tr><th>시작</th><th>끝</th></tr><tr><td>11. 2.</td><td>12. 4.</td></tr></table>"
    text = from_fragment(
        f"<table><tbody><tr><th>접수<br>기간<td>{inner}<tr><th>대상<td>기업<br>기관</tbody></table>"
    ).text
    assert text.split("\n") == ["|접수 기간|/시작/끝/<br>/11. 2./12. 4./|", "|대상|기업 기관|"]


def test_absurd_spans_cost_nothing():
    cells = "<td rowspan=65534 colspan=9999>실증 과제</td><td rowspan=0>국비</td>"
    begin = time.process_time()
    text = from_fragment(f"<table>{f'<tr>{cells}</tr>' * 1_500}</table>").text
    assert time.process_time() - begin < 5
    assert len(text) < 3_000_000 and "실증 과제" in text
