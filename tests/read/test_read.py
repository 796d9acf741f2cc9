"""Bytes to clean text."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gonggo.errors import UnreadableError
from gonggo.read.files import from_bytes
from gonggo.read.html import from_fragment
from gonggo.read.normalize import normalize_text


def test_euc_kr_declared_means_cp949():
    page = '<html><meta charset="euc-kr"><body><p>뷁 공고</p></body></html>'.encode("cp949")
    reading = from_bytes(page, name="a.html")
    assert reading.charset == "cp949"
    assert "뷁 공고" in reading.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("가람시가 밝혔다.이 사업은", "가람시가 밝혔다. 이 사업은"),
        ("다짐했다.△나래 △다솜", "다짐했다. △나래 △다솜"),
        ("누리집 나다.kr", "누리집 나다.kr"),
        ("`가람 AI 사업` 공모", "'가람 AI 사업' 공모"),
    ],
)
def test_sentences_stand_apart_and_accents_are_quotation_marks(text, expected):
    assert normalize_text(text) == expected


def test_binary_is_unreadable():
    with pytest.raises(UnreadableError):
        from_bytes(b"\x89PNG\0\0")


def test_table_rows_keep_cells_in_order():
    html = "<table><tr><th>구분</th><th>금액</th></tr><tr><td>최대<br>4.5억</td><td>○ 하나<br>○ 둘</td></tr></table>"
    assert from_fragment(html).text.split("\n") == ["|구분|금액|", "|최대 4.5억|○ 하나<br>○ 둘|"]


def test_inline_elements_do_not_break_lines():
    assert from_fragment("<p>사업 <b>공고</b> 안내</p><p>끝</p>").text.split("\n")[0] == "사업 공고 안내"


def test_spam_line_inside_a_sentence_goes():
    reading = from_bytes("까지는 아직 거리가 있\n알라딘릴게임 다는 지적도 나온다.".encode(), name="a.txt")
    assert reading.text == "까지는 아직 거리가 있다는 지적도 나온다."
    assert reading.removed[0].quote == "알라딘릴게임"


@pytest.mark.parametrize("line", ["바다이야기 사건은 사회 문제가 됐다.", "경찰은 릴게임 업체를 단속했다."])
def test_honest_text_stays(line):
    assert from_bytes(f"어제였다.\n{line}".encode(), name="a.txt").text.endswith(line)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.html", "a.mhtml", None]))
def test_any_bytes_are_read_or_refused(content, name):
    with contextlib.suppress(UnreadableError):
        assert isinstance(from_bytes(content, name=name).text, str)


def test_an_announcement_inside_a_form_is_read_and_a_form_for_searching_is_not():
    text = "□ 지원대상: 관내 중소기업 " * 12
    search = "<form action='/s'><label>통합검색</label><input name='q'><button>검색</button></form>"
    view = f"<form name='view'><input type='hidden' name='no'><table><tr><td>{text}</td></tr></table></form>"
    assert "지원대상" in from_fragment(view).text
    whole = f"<html><body>{search}<div id='contents'>{view}</div></body></html>"
    page = from_bytes(whole.encode(), name="page.html").text
    assert "지원대상" in page
    assert "통합검색" not in page


@pytest.mark.parametrize(
    ("apart", "together"),
    [
        ("접 수 기 간", "접수기간"),
        ("□ 접  수  기  간 : 2026. 12. 11.까지", "□ 접수기간 : 2026. 12. 11.까지"),
        ("1. 사 업 목 적", "1. 사업목적"),
        ("|구 분|지 원 내 용|", "|구분|지원내용|"),
        ("(전 담 기 관) 창원산업진흥원", "(전담기관) 창원산업진흥원"),
        ("2026년 참여기업 모 집 공 고", "2026년 참여기업 모집공고"),
        ("부 산 광 역 시 장", "부산광역시장"),
        ("그 중 한 곳을 고른다", "그 중 한 곳을 고른다"),
        ("이 중 두 곳은 올해 더 한다", "이 중 두 곳은 올해 더 한다"),
    ],
)
def test_syllables_set_apart_are_put_together_where_they_are_a_label(apart, together):
    assert from_bytes(f"첫 줄입니다.\n{apart}\n끝 줄입니다.".encode(), name="a.txt").text.split("\n")[1] == together


def test_a_table_in_a_plain_text_is_read_as_one_of_a_page():
    text = (
        "공고\n\n<table>\n<tr><th>분야</th><th>규모</th></tr>\n<tr><td rowspan='2'>가람</td><td>5개사</td></tr>\n"
        "<tr><td>\n<strong>2팀</strong><br>\n</td></tr>\n</table>\n끝 <table 없음"
    )
    assert (
        from_bytes(text.encode(), name="공고.md").text
        == "공고\n\n|분야|규모|\n|가람|5개사|\n|가람|2팀|\n\n끝 <table 없음"
    )


def test_a_plain_text_with_tables_nested_without_end_stays_as_it_is():
    nested = "<table><tr><td>" * 300 + "가람" + "</td></tr></table>" * 300
    text = from_bytes(f"공고\n{nested}\n<table><tr><td>나루</td><td>5</td></tr></table>".encode(), name="공고.md").text
    assert text.count("<table>") == 300 and "|나루|5|" in text


@pytest.mark.parametrize("name", ["공고.md", "공고.html"], ids=["text", "page"])
def test_after_a_table_whose_inner_table_is_not_closed_the_next_one_is_read(name):
    broken = "<table><tr><td>가람</td><td><table><tr><td>안</td><td>3</td></tr></td></tr></table>"
    following = "<table><tr><th>분야</th><th>규모</th></tr><tr><td>나루</td><td>5개사</td></tr></table>"
    text = from_bytes(f"<p>공고\n{broken}\n{following}\n끝".encode(), name=name).text
    assert "|나루|5개사|" in text
    assert "<table" not in text and "|가람|" in text


def test_a_cell_that_is_ended_twice_ends_no_table():
    inner = "<table><tr><td>안</td></td><td>3</td></tr></table>"
    text = from_fragment(f"<table><tr><td>가람</td><td>{inner}</td></tr></table>").text
    assert (
        text
        == from_fragment(f"<table><tr><td>가람</td><td>{inner}</td></tr></table>".replace("</td></td>", "</td>")).text
    )


def test_a_table_that_is_never_closed_in_a_plain_text_leaves_the_next_one_readable():
    text = from_bytes(
        "공고 <table> 참고\n<table><tr><td>나루</td><td>5</td></tr></table>\n끝".encode(), name="공고.md"
    ).text
    assert "|나루|5|" in text and "끝" in text


def test_what_a_table_in_a_plain_text_replaced_is_removed():
    table = "<table><tr><td>구분</td><td>당초</td><td>변경</td></tr><tr><td>마감</td><td>5. 1.</td><td>5. 8.</td></tr></table>"
    reading = from_bytes(f"변경 공고\n{table}\n".encode(), name="공고.txt")
    assert "5. 1." not in reading.text
    assert [removed.quote for removed in reading.removed] == ["5. 1."]
