"""What a row says by its head row and its labels: moved columns, empty values, days of another kind."""

import pytest

from gonggo.errors import ChangedError
from gonggo.settings import load_settings
from gonggo.sources import columns
from gonggo.sources.catalogue import load_catalogue
from gonggo.sources.factory import make_adapter
from tests.sources.test_almost_right import board, page

HEAD = "<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>"
LINK = '<td><a href="?seq=7">제조AI 실증 공고</a></td>'


def read(labels, *cells):
    head = "".join(f"<th>{label}</th>" for label in labels)
    rows = "<tr>" + "".join(cell if cell.startswith("<td") else f"<td>{cell}</td>" for cell in cells) + "</tr>"
    return board().parse_list(page(HEAD.format(head, rows)), 1)


def test_a_moved_column_is_read_by_its_word_and_an_unknown_one_is_reported():
    listed = read(["작성일", "제목", "별점"], "2026.08.25", LINK, "5")
    assert listed.items[0].fields == {"posted_on": "2026-08-25"}
    assert any("별점" in notice for notice in listed.notices)


def eminwon(labels, *rows):
    """What the adapter of a board of 새올 reads from a table."""
    head = "".join(f"<th>{label}</th>" for label in labels)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>" for cells in rows)
    adapter = make_adapter(load_catalogue()["eminwon_iksan"], load_settings({"GONGGO_SOURCES": "live"}))
    return adapter.parse_list(page(HEAD.format(head, body)), 1)


CALL = '<a href="#" onclick="searchDetail(41801)">AI 실증 공고(~9.30.)</a>'


def test_a_board_of_a_city_is_read_by_its_head_row_too():
    listed = eminwon(
        ["번호", "게재종료일", "제목", "담당자", "담당부서", "등록일", "별점"],
        ["1", "2026-09-30", CALL, "경제정책과", "스마트산업팀", "2026-09-14", "5"],
    )
    assert listed.items[0].fields == {"posted_on": "2026-09-14", "department": "스마트산업팀"}
    assert any("별점" in notice for notice in listed.notices)


def test_a_board_of_a_city_without_a_head_row_takes_no_day_from_a_title():
    (item,) = eminwon([], ["1", CALL, "경제정책과", "2026-09-14"]).items
    assert item.fields == {"posted_on": "2026-09-14", "department": "경제정책과"}


ROW_CALL = "<tr onclick=\"searchDetail('{}')\"><td>1</td><td>가람시 공고 제2026-11호</td><td>인공지능 실증 공고(~9.30.)</td><td>경제과</td><td>2026-09-14</td></tr>"


@pytest.mark.parametrize(
    "head", ["", "<tr><th>번호</th><th>고시번호</th><th>제목</th><th>부서</th><th>등록일</th></tr>"]
)
@pytest.mark.parametrize("call", ["searchDetail('{}')", 'searchDetail( "{}" )', "searchDetail(this, '{}')"])
def test_a_row_of_a_city_that_is_a_link_itself_has_the_title_of_its_cell(head, call):
    adapter = make_adapter(load_catalogue()["eminwon_iksan"], load_settings({"GONGGO_SOURCES": "live"}))
    row = ROW_CALL.replace("searchDetail('{}')", call.format(41801).replace('"', "&quot;"))
    (item,) = adapter.parse_list(page(f"<table>{head}{row}</table>"), 1).items
    assert (item.native_id, item.title) == ("41801", "인공지능 실증 공고(~9.30.)")
    assert item.fields == {"posted_on": "2026-09-14", "department": "경제과"}


def test_rows_of_a_city_whose_calls_have_changed_are_not_taken_for_no_news():
    adapter = make_adapter(load_catalogue()["eminwon_iksan"], load_settings({"GONGGO_SOURCES": "live"}))
    with pytest.raises(ChangedError, match="none with an id"):
        adapter.parse_list(page(f"<table>{ROW_CALL.format('공고-A')}</table>"), 1)


def test_a_closing_day_or_a_window_is_no_day_of_posting():
    fields = (
        read(["번호", "제목", "마감일", "접수기간"], "1", LINK, '<td class="d">2026-08-28</td>', "").items[0].fields
    )
    assert fields == {"closes_at": "2026-08-28"}


def test_a_person_is_no_agency():
    assert "agency" not in read(["번호", "제목", "작성자"], "1", LINK, "부산테크노파크").items[0].fields


def test_the_day_of_posting_outweighs_the_days_of_the_notice():
    cell = LINK.replace("</td>", "<p>공고기간 : 2026.08.20 ~ 2026.09.10</p><p>작성일 : 2026.09.01</p></td>")
    assert read(["번호", "제목"], "1", cell).items[0].fields["posted_on"] == "2026-09-01"


def test_a_label_without_a_value_takes_none_from_the_next_cell():
    cell = LINK.replace("</td>", "<span>접수기간</span><p></p></td>")
    fields = read(["번호", "제목", "날짜", "조회"], "1", cell, "26.11.21", "100").items[0].fields
    assert fields == {"posted_on": "2026-11-21"}


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("접수기간 : 2026.08.26 ~ 2026.09.04 D-8\n조회 : 78", "2026.08.26 ~ 2026.09.04 D-8"),
        ("모집기간 :\n2026-09-01 ~ 2026-09-30\n11", "2026-09-01 ~ 2026-09-30"),
        ("접 수 기 간\n2026-07-27 09시\n~ 2026-12-31 18시\n담당자\n김", "2026-07-27 09시\n~ 2026-12-31 18시"),
    ],
)
def test_a_window_behind_its_label_ends_where_other_things_begin(text, period):
    assert columns.labelled_values(text)["period"] == period


def test_a_window_that_ends_before_it_begins_is_left_out_and_reported():
    good = "".join(f"<tr>{LINK.replace('seq=7', f'seq={n}')}<td>2026-09-01 ~ 2026-09-30</td></tr>" for n in (8, 9))
    bad = f"<tr>{LINK}<td>2026-09-30 ~ 2026-09-01</td></tr>"
    listed = board().parse_list(page(HEAD.format("<th>제목</th><th>접수기간</th>", good + bad)), 1)
    assert "closes_at" not in listed.items[2].fields
    assert any("before it begins" in notice for notice in listed.notices)


def test_every_word_of_a_column_has_one_meaning():
    assert columns.kind_of("접수 기간(마감)") == "period"
    assert columns.kind_of("교육기간") is None


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("소관부처·지자체", "agency"),
        ("접수ㆍ신청기간", "period"),
        ("등록일/조회", None),
        ("접수기간·상태", None),
        ("공고일/수정일", None),
    ],
)
def test_a_label_of_several_words_has_a_meaning_if_they_agree(label, kind):
    assert columns.kind_of(label) == kind
