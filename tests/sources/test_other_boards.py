"""Boards of a known product that look different: heads, orders of columns, scripts, links and dates of other sites."""

import time

import pytest

from gonggo.errors import ChangedError
from gonggo.model import Listed
from gonggo.settings import load_settings
from gonggo.sources import list_assertions
from gonggo.sources.adapter import Page
from gonggo.sources.attachments import plain_call
from gonggo.sources.catalogue import load_catalogue
from gonggo.sources.factory import make_adapter
from tests.sources.mutations import TODAY
from tests.sources.test_almost_right import HOME, adapter_of, page

LIVE = load_settings({"GONGGO_SOURCES": "live"})
LINK = '<a href="?seq={}">제조AI 실증 {}</a>'


def table(*rows, head="", cell="td"):
    """A table of which ``{link}`` in a cell is the link of its row."""
    labels = f"<tr>{''.join(f'<{cell}>{label}</{cell}>' for label in head)}</tr>" if head else ""
    cells = (
        "".join(f"<td>{text.replace('{link}', LINK.format(number, number))}</td>" for text in row)
        for number, row in enumerate(rows, 1)
    )
    return f"<table>{labels}{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"


def board(columns=None, title="a", **fields):
    rules = {"url": HOME + "list", "rows": "tr", "id": {"select": "a", "attribute": "href", "pattern": r"seq=(\d+)"}}
    expect = {"rows_per_page_min": 1, "stale_after_days": 30, **({"columns": columns} if columns else {})}
    return adapter_of("html_board", {**rules, "title": title, "fields": fields}, {"body": ".view"}, expect=expect)


CARDS = adapter_of(
    "html_board",
    {"url": HOME, "rows": "li", "id": {"select": "a", "attribute": "href", "pattern": r"seq=(\d+)"},
     "title": "a", "fields": {"posted_on": ":self"}},
    {"body": ".view"},
)  # fmt: skip


def fields_of(adapter, markup):
    return [item.fields for item in adapter.parse_list(page(markup), 1).items]


MOVED = ["접수중", "2026-09-30", "{link}", "1"]


@pytest.mark.parametrize("cell", ["td", "th"])
@pytest.mark.parametrize("above", ["", "<tr><th colspan=4>사업공고</th></tr>"])
def test_labels_in_cells_of_any_kind_name_the_columns(cell, above):
    markup = table(MOVED, head=["상태", "마감일", "제목", "번호"], cell=cell).replace("<table>", f"<table>{above}")
    positions = {"closes_at": "td:nth-of-type(3)", "status": "td:nth-of-type(4)"}
    assert fields_of(board(4, **positions), markup) == [{"closes_at": "2026-09-30", "status": "접수중"}]


@pytest.mark.parametrize("row", [["1", "{link}", "진행중", "첨부"], ["공지", "{link}", "담당자", "등록"]])
def test_a_row_of_a_post_is_no_head_row(row):
    markup = table(row, row, ["3", "{link}", "마감", "첨부"])
    assert len(board(4, status="td:nth-of-type(3)").parse_list(page(markup), 1).items) == 3


def test_a_day_of_application_beside_a_last_day_is_the_first_one():
    head = ["번호", "제목", "접수일", "마감일"]
    (fields,) = fields_of(board(), table(["1", "{link}", "2026-09-15", "2026-10-08"], head=head))
    assert fields == {"opens_at": "2026-09-15", "closes_at": "2026-10-08"}
    (fields,) = fields_of(board(), table(["1", "{link}", "2026-09-15 ~ 2026-10-08"], head=["번호", "제목", "접수일"]))
    assert (fields["opens_at"], fields["closes_at"]) == ("2026-09-15", "2026-10-08")


def test_a_title_by_position_moves_with_the_column_that_the_head_row_names():
    adapter = board(4, title="td:nth-of-type(2)", posted_on="td:nth-of-type(4)")
    markup = table(["1", "2026-09-14", "{link}", "7"], head=["번호", "등록일", "공고명", "조회수"])
    (item,) = adapter.parse_list(page(markup), 1).items
    assert (item.title, item.fields) == ("제조AI 실증 1", {"posted_on": "2026-09-14"})


def test_of_two_columns_that_may_be_titles_the_one_of_the_site_counts_and_else_the_one_with_the_link():
    head = ["번호", "사업명", "제목", "작성일"]
    by_site = board(4, title="td:nth-of-type(3)").parse_list(page(table(["1", "기술혁신", "{link}", ""], head=head)), 1)
    assert by_site.items[0].title == "제조AI 실증 1"
    moved = table(["기술혁신", "{link}", "1", ""], head=["사업명", "제목", "번호", "작성일"])
    assert board(4, title="td:nth-of-type(3)").parse_list(page(moved), 1).items[0].title == "제조AI 실증 1"


@pytest.mark.parametrize(
    "head",
    [["번호", "조회", "제목", "구분"], ["번호", "별점", "제목", "구분", "작성일"], ["번호", "첨부", "제목", "구분"]],
)
def test_a_position_counts_only_where_the_table_is_as_it_was_described(head):
    row = ["1", "97", "{link}", "사업화", "2026-09-14"][: len(head)]
    (fields,) = fields_of(board(4, category="td:nth-of-type(2)"), table(row, head=head))
    assert fields.get("category") in (None, "사업화")


@pytest.mark.parametrize(
    ("day", "read"),
    [
        ("26-09-14", "2026-09-14"),
        ("2026/9/14", "2026-09-14"),
        ("2026년 9월 14일", "2026-09-14"),
        ("20260914", "2026-09-14"),
        ("1/2", None),
        ("062-12-3456", None),
        ("제2026-12호", None),
    ],
)
@pytest.mark.parametrize("as_table", [True, False])
def test_a_day_of_posting_in_a_row_without_labels_is_found_in_any_spelling(day, read, as_table):
    link = LINK.format(1, "2026.01.02 행사").replace("제조AI", "2026. 1. 3. 제조AI")
    cells = ["1", link, "2026-08-01 ~ 2026-08-31", day]
    markup = "".join(f"<td>{cell}</td>" for cell in cells) if as_table else "".join(f"<i>{cell}</i>" for cell in cells)
    adapter = board(posted_on=":self") if as_table else CARDS
    (fields,) = fields_of(adapter, f"<table><tr>{markup}</tr></table>" if as_table else f"<ul><li>{markup}</li></ul>")
    assert fields.get("posted_on") == read


@pytest.mark.parametrize(
    ("card", "day"),
    [
        ("<a href='?seq=1'><strong>제조AI 실증</strong><span>2026.09.14</span></a>", "2026-09-14"),
        ("<a href='?seq=1'><em>26-09-14</em>제조AI 실증</a>", "2026-09-14"),
        ("<a href='?seq=1'>제조AI 실증</a><span>마감 2026-10-08</span><span>2026-09-14</span>", "2026-09-14"),
        ("<a href='?seq=1'>제조AI 실증</a><span>2026-10-08 까지</span>", None),
        ("<a href='?seq=1'>제조AI 실증</a><span>2026-09-15</span><span>~</span><span>2026-10-08</span>", None),
        ("<a href='?seq=1'>제조AI 실증</a><span>교육일 2026-10-08</span>", None),
    ],
)
def test_the_day_of_a_card_is_no_part_of_its_title_and_no_other_day(card, day):
    (item,) = CARDS.parse_list(page(f"<ul><li>{card}</li></ul>"), 1).items
    assert (item.title, item.fields.get("posted_on")) == ("제조AI 실증", day)


def test_a_day_within_a_title_is_part_of_it():
    card = "<li><a href='?seq=1'>제조AI 설명회(<b>2026.09.14</b>) 안내</a></li>"
    assert CARDS.parse_list(page(f"<ul>{card}</ul>"), 1).items[0].title == "제조AI 설명회( 2026.09.14 ) 안내"


@pytest.mark.parametrize(
    "call",
    [
        "fn_egov_inqire_notice('{}', 'BBSMSTR_1')",
        'fn_egov_inqire_notice("{}","BBSMSTR_1")',
        "fn_egov_inqire_notice( &quot;{}&quot; , &quot;BBSMSTR_1&quot; ); return false;",
        "javascript:fn_egov_inqire_notice ('{}')",
    ],
)
@pytest.mark.parametrize("attribute", ["onclick", "href"])
def test_the_call_of_a_row_is_found_in_any_spelling_and_attribute(call, attribute):
    quote = "'" if '"' in call else '"'
    rows = (
        f"<tr>{'<td></td>' * 2}<td><a {attribute}={quote}{call.format(number)}{quote}>제조AI 실증 {number}</a></td>"
        f"{'<td></td>' * 4}<td>2026-09-1{number}</td><td></td></tr>"
        for number in (1, 2)
    )
    markup = f'<table class="tablelist"><tbody>{"".join(rows)}</tbody></table>'
    items = make_adapter(load_catalogue()["dgtp"], LIVE).parse_list(page(markup), 1).items
    assert [(item.native_id, item.title) for item in items] == [("1", "제조AI 실증 1"), ("2", "제조AI 실증 2")]


@pytest.mark.parametrize(
    "script", ["location.href='{}'; return false;", 'window.open( "{}" )', "location.replace('{}')"]
)
def test_a_link_behind_a_script_leads_where_the_script_does(script):
    onclick = script.format("view?seq=7&page=2").replace('"', "&quot;")
    rules = {"url": HOME + "list", "rows": "tr", "id": {"select": "a", "attribute": "onclick", "pattern": r"seq=(\d+)"}}
    adapter = adapter_of("html_board", {**rules, "title": "a"}, {"body": ".view"})
    row = f'<tr><td><a href="#none" onclick="{onclick}">제조AI 실증</a></td></tr>'
    (item,) = adapter.parse_list(page(f"<table>{row}</table>"), 1).items
    assert item.url == HOME + "view?seq=7"
    with pytest.raises(ChangedError, match="no link"):
        adapter.parse_list(page(f"<table>{row.replace(onclick, 'view(7, &quot;seq=7&quot;)')}</table>"), 1)


def test_an_id_that_was_cut_out_of_a_script_with_its_quotes_is_none():
    rules = {"url": HOME, "rows": "tr", "id": {"select": "a", "attribute": "href", "pattern": "/view/([^/]+)"}}
    adapter = adapter_of("html_board", {**rules, "title": "a"}, {"url": HOME + "{id}", "body": ".view"})
    with pytest.raises(ChangedError, match="none has an id"):
        adapter.parse_list(page("<table><tr><td><a onclick=\"go('/view/7'); return\">공고</a></td></tr></table>"), 1)


def test_an_address_that_was_escaped_twice_is_one():
    row = '<table><tr><td><a href="view?board=1&amp;amp;seq=7">제조AI 실증</a></td></tr></table>'
    (item,) = board().parse_list(page(row), 1).items
    assert item.url == HOME + "view?board=1&seq=7"


def test_the_id_is_in_the_link_that_the_pattern_fits():
    row = '<tr><td><a href="/apply">신청</a></td><td><a href="view?seq=7">제조AI 실증</a></td></tr>'
    adapter = board(title="td:nth-of-type(2) a", columns=2)
    (item,) = adapter.parse_list(page(f"<table>{row}</table>"), 1).items
    assert (item.native_id, item.title) == ("7", "제조AI 실증")


def test_a_table_that_fills_no_field_by_position_any_more_is_reported():
    rows = [[str(number), "97", "{link}", "사업화", "신규"] for number in range(1, 5)]
    adapter = board(4, category="td:nth-of-type(2)")
    listed = adapter.parse_list(page(table(*rows, head=["번호", "조회", "제목", "내용", "비고"])), 1)
    with pytest.raises(ChangedError, match="'category' is empty"):
        list_assertions.check_list_page(adapter.site, listed, 1, TODAY, HOME)


ABOUT = """<body><div id=menu><dl><dt>등록일</dt><dd>2020-01-01</dd></dl></div><div class=board>
<table><tr><th>제목</th><td>제조AI 실증 지원사업 참여기업 모집 공고</td></tr><tr><th>등록일</th><td>26-09-14 17:44</td>
<th>조회</th><td>2026</td></tr><tr><th>접수기간</th><td>2026-09-15 ~ 2026-10-08 D-10</td></tr></table>
<div class=view><p>공고합니다.</p><dl><dt>접수기간</dt><dd>2026-11-01 ~ 2026-11-30</dd></dl></div></div>
<table><thead><tr><th>제목</th><th>작성일</th></tr></thead><tr><td>다른 공고</td><td>2025-01-01</td></tr></table></body>"""


def detail_of(markup, title="제조AI 실증 지원사업", **fields):
    return board().parse_detail(page(markup), Listed("made", "7", title, HOME, fields))


def test_dates_beside_labels_around_the_text_fill_what_the_row_lacks():
    stated = {"opens_at": "2026-09-15", "closes_at": "2026-10-08"}
    assert {**detail_of(ABOUT).fields, "period": ""} == {"posted_on": "2026-09-14", "period": "", **stated}
    assert detail_of(ABOUT, posted_on="2026-09-13", closes_at="2026-10-09").fields == {}


@pytest.mark.parametrize(
    "markup",
    [
        "<dl><dt>작성일</dt><dd>2026-09-14</dd></dl>",
        "<p>작성일 : 2026.09.14</p>",
        "<span>작성일</span><strong>26-09-14 17:44</strong>",
        "<div><b>등록일</b> 2026. 9. 14.</div>",
        "<ul><li><strong>공고기간</strong><span>2026-09-14 ~ 2026-09-30</span></li></ul>",
    ],
)
def test_a_label_and_its_value_stand_in_many_elements(markup):
    text = f"<div>{markup}<div class=view>공고합니다.</div></div>"
    assert detail_of(text).fields.get("posted_on") == "2026-09-14"


def test_the_nearest_labels_count():
    about = "<ul><li>접수일 : 2026-09-15</li><li>마감일 : 2026-10-08</li></ul><div class=view>공고합니다.</div>"
    promoted = "<aside><b>접수기간</b><span>2026-11-01 ~ 2026-11-30</span><b>작성일</b><span>2026-08-01</span></aside>"
    markup = f"<div>{promoted}<div>{about}</div></div>"
    assert detail_of(markup).fields == {"opens_at": "2026-09-15", "closes_at": "2026-10-08"}


@pytest.mark.parametrize(
    "markup",
    [
        "<dl><dt>작성일</dt><dd>2026-09-14</dd><dt>작성일</dt><dd>2026-09-12</dd></dl>",
        "<dl><dt>작성일</dt><dd>관리자</dd></dl>",
        "<dl><dt>작성일</dt><dt>2026-09-14</dt></dl>",
        "<dl><dt>교육일</dt><dd>2026-09-14</dd></dl>",
        "<dl><dt>작성일</dt><dd>2026-09-14 설명회에서 정한 날짜</dd></dl>",
        "<dl><dt>작성일</dt><dd>2036-09-14</dd></dl>",
    ],
)
def test_what_is_not_surely_a_date_of_the_announcement_is_left_out(markup):
    assert detail_of(f"<div>{markup}<div class=view>공고합니다.</div></div>").fields == {}


@pytest.mark.parametrize("mark", ["..", "...", "…"])
def test_a_title_that_the_list_cuts_off_is_whole_in_its_page(mark):
    assert detail_of(ABOUT, f"제조AI 실증 지원사업 참{mark}").title == "제조AI 실증 지원사업 참여기업 모집 공고"
    assert detail_of(ABOUT, f"스마트공장 구축 지원{mark}").title == f"스마트공장 구축 지원{mark}"
    labelled = "<p>제 목 : 제조AI 실증 지원사업 참여기업 모집 공고</p><div class=view>공고합니다.</div>"
    assert detail_of(labelled, f"제조AI 실증 지원사업{mark}").title == "제조AI 실증 지원사업 참여기업 모집 공고"


def test_a_cut_title_of_several_posts_stays_cut():
    others = "<ul><li>제조AI 실증 지원사업 참여기업 모집(1차)</li><li>제조AI 실증 지원사업 참여기업 모집(2차)</li></ul>"
    assert (
        detail_of(f"{others}<div class=view>공고합니다.</div>", "제조AI 실증 지원사업..").title
        == "제조AI 실증 지원사업.."
    )
    inside = "<div class=view><p>제조AI 실증 지원사업의 참여기업을 모집합니다.</p></div>"
    assert detail_of(inside, "제조AI 실증 지원사업..").title == "제조AI 실증 지원사업.."


@pytest.mark.parametrize("head", ["", "<tr><th>번호</th><th>제목</th><th>첨부</th><th>등록일</th></tr>"])
def test_a_row_that_lacks_the_attribute_with_its_title_has_the_title_that_it_shows(head):
    adapter = make_adapter(load_catalogue()["mss_busan"], LIVE)
    row = (
        "<tr onclick=\"doBbsFView('256','{0}','1','{0}')\"><td>{0}</td><td><a href='#'>제조AI 실증 {0}</a></td><td></td>"
        "<td>2026.09.1{0}</td><td>12</td><td></td></tr>"
    )
    head = head.replace("</tr>", "<th>조회</th><th></th></tr>")
    items = adapter.parse_list(page(f"<table>{head}{row.format(1)}{row.format(2)}</table>"), 1).items
    assert [item.title for item in items] == ["제조AI 실증 1", "제조AI 실증 2"]


def test_a_table_beside_the_text_belongs_to_the_announcement():
    adapter = make_adapter(load_catalogue()["gntp"], LIVE)
    markup = (
        '<table class="de-biz-table"><tr><td>지원내용1</td><td>지원프로그램 : 시제품제작</td></tr></table>'
        '<div class="detail-contents">신청서를 내 주십시오.</div>'
    )
    html = adapter.parse_detail(Page(HOME, 200, {}, markup.encode()), Listed("gntp", "1", "공고", HOME)).html
    assert html.index("지원프로그램 : 시제품제작") < html.index("신청서를 내 주십시오.")


@pytest.mark.parametrize(
    "markup",
    [
        "<span>" * 200 + "작성일 " * 50_000 + "</span>" * 200 + "<div class=view>공고합니다.</div>",
        "<p>작성일</p>" * 20_000 + "<div class=view>공고합니다.</div>",
    ],
)
def test_a_page_made_of_labels_takes_no_longer_than_another(markup):
    begin = time.process_time()
    detail_of(f"<div>{markup}</div>", f"제조AI 실증{'.' * 100_000} {' ' * 100_000}x..")
    plain_call(f"go{' ' * 200_000}'1'")
    assert time.process_time() - begin < 3


def card(inside):
    return f"<ul><li><a href='?seq=7'>{inside}</a></li></ul>"


@pytest.mark.parametrize(
    "inside",
    [
        "<i><span class='subject searchItem'>제조AI 실증 참여기업 모집 <em><span class='hiddenTxt'>첨부파일 있음</span></em></span>"
        "<span class=src><em>2026.09.14</em><em>조회수 12</em></span><span class=writer><em>홍길동</em></span></i>",
        "<span class=cate>지원사업 안내</span><p class=tit>제조AI 실증 참여기업 모집</p><p class=sub_tit>도내 중소기업 20곳</p>"
        "<span>2026.09.14</span>",
        "<h3>제조AI 실증 참여기업 모집</h3><p>도내 중소기업이 인공지능을 쓰도록 돕는다.</p><span>2026.09.14</span>",
    ],
    ids=["subject", "tit", "heading"],
)
def test_a_link_around_a_card_has_the_title_that_it_marks(inside):
    (item,) = CARDS.parse_list(page(card(inside)), 1).items
    assert (item.title, item.fields["posted_on"]) == ("제조AI 실증 참여기업 모집", "2026-09-14")


@pytest.mark.parametrize(
    "inside",
    [
        "<span class=tit>제조AI 실증</span> 참여기업 모집",
        "<b class=sub_tit>제조AI 실증</b> <span>참여기업 모집</span>",
        "<span class=title>[공고]</span><span>제조AI 실증 참여기업 모집</span>",
    ],
)
def test_a_marked_part_of_a_title_is_not_all_of_it(inside):
    (item,) = CARDS.parse_list(page(card(inside)), 1).items
    assert item.title.endswith("제조AI 실증 참여기업 모집")


@pytest.mark.parametrize(
    "inside",
    [
        '<a href="?seq=7" title="제조AI 현장실증 참여기업 모집 공고">제조AI 현장실증 참여기..</a>',
        '<a href="?seq=7" title="제조AI 현장실증 참여기업 모집 공고 에 대한 글내용 보기.">제조AI 현장실증 참여기업 …</a>',
        '<a href="?seq=7"><img alt="제조AI 현장실증 참여기업 모집 공고 이미지">제조AI 현장실증 참...</a>',
        '<a href="?seq=7" title="제조AI 현장실증 참여기업 모집 공고(새창열림)">제조AI 현장실증 참여기업 모집...</a>',
    ],
)
def test_a_title_that_is_cut_off_is_whole_if_its_link_says_it_whole(inside):
    (item,) = CARDS.parse_list(page(f"<ul><li>{inside}</li></ul>"), 1).items
    assert item.title == "제조AI 현장실증 참여기업 모집 공고"


@pytest.mark.parametrize("said", ["게시글 상세 열람", "제조AI 현장실증 참여기업 …", ""])
def test_a_title_that_is_cut_off_stays_so_if_its_link_says_something_else(said):
    (item,) = CARDS.parse_list(
        page(f'<ul><li><a href="?seq=7" title="{said}">제조AI 현장실증 참여...</a></li></ul>'), 1
    ).items
    assert item.title == "제조AI 현장실증 참여..."


def test_a_copy_for_phones_and_marks_of_urgency_are_no_part_of_a_title():
    copy = "<p class=mobile_con><span></span> 2026-09-14 | 홍길동 | 제조AI 실증 참여기업 모집</p> 제조AI 실증 참여기업 모집"
    urgent = "<span class=badge>긴급</span>&nbsp;<span class=badge>공지</span> 제조AI 실증 참여기업 모집"
    for inside in (copy, urgent, "<span class='mobile_tit'>제조AI 실증 참여기업 모집</span>"):
        (item,) = CARDS.parse_list(page(card(inside)), 1).items
        assert item.title == "제조AI 실증 참여기업 모집"


@pytest.mark.parametrize(
    ("inside", "title"),
    [
        ("<span class=icon_notice1>모집공고</span> 제조AI 실증 참여기업 모집", "제조AI 실증 참여기업 모집"),
        ("<span class=styCategory>[제조]</span> 제조AI 실증 참여기업 모집", "제조AI 실증 참여기업 모집"),
        ('<span>제조AI 실증 참여기업 모집</span> <i class="sp-ico file">file</i>', "제조AI 실증 참여기업 모집"),
        ("<span class=badge>재공고</span> 제조AI 실증 참여기업 모집", "재공고 제조AI 실증 참여기업 모집"),
        ("<span class=badge>제조AI 실증 참여기업 모집</span>", "제조AI 실증 참여기업 모집"),
        ("<span class=vacate>빈 공장을 AI로</span> 참여기업 모집", "빈 공장을 AI로 참여기업 모집"),
    ],
)
def test_an_element_named_as_a_label_is_no_part_of_a_title_unless_it_decides(inside, title):
    (item,) = CARDS.parse_list(page(card(inside)), 1).items
    assert item.title == title


def test_days_beside_labels_in_a_link_around_a_card_are_read():
    inside = (
        "<em class=news_tit>제조AI 실증 참여기업 모집</em><span>접수기간 : 2026-09-01 ~ 2026-09-30</span>"
        "<span>작성일 : 2026-08-28</span>"
    )
    (item,) = CARDS.parse_list(page(card(inside)), 1).items
    assert item.title == "제조AI 실증 참여기업 모집"
    assert (item.fields["posted_on"], item.fields["closes_at"]) == ("2026-08-28", "2026-09-30")


@pytest.mark.parametrize(
    ("beside", "day"),
    [
        ('<span title="2026-09-14 14:35">2일전</span>', "2026-09-14"),
        ('<time datetime="2026-09-14T09:00:00+09:00">3시간 전</time>', "2026-09-14"),
        ('<time datetime="2026-09-14">어제</time>', "2026-09-14"),
        ('<span title="2026-09-14 14:35">수정</span><span>2026.09.10</span>', "2026-09-10"),
        ('<span title="2026-09-14 14:35">2일전</span><span title="2026-09-15 14:35">어제</span>', None),
        ('<span title="2026-09-14 설명회">2일전</span>', None),
    ],
)
def test_a_day_that_only_an_attribute_states_is_read(beside, day):
    (item,) = CARDS.parse_list(
        page(f"<ul><li><a href='?seq=7'>제조AI 실증 참여기업 모집</a>{beside}</li></ul>"), 1
    ).items
    assert item.fields.get("posted_on") == day
