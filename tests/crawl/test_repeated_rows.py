"""Drafts of boards of unknown products, in the structures of real ones: each row is read with its id, title and day."""

import pytest
import yaml

from gonggo.crawl import scaffold
from gonggo.errors import ChangedError
from gonggo.settings import load_settings
from gonggo.sources.adapter import Page
from gonggo.sources.catalogue import load_site
from gonggo.sources.factory import make_adapter

LIVE = load_settings({"GONGGO_SOURCES": "live"})
URL = "https://board.example.kr/board/list.do?mId=0301"
ROWS = [
    ("20973", "제조AI 현장실증 참여기업 모집 공고", "2026-09-21"),
    ("20949", "인공지능 융합 인재양성 교육생 모집", "2026-09-14"),
    ("20931", "중소기업 수출상담회 참가기업 모집 안내", "2026-09-03"),
    ("20922", "지역 데이터 기업 육성사업 통합 공고", "2026-08-28"),
]
MENU = "".join(f"<li><a href='/intro/{n}.do?menuNo=1001{n:02}'>기관소개 하위 메뉴 {n}</a></li>" for n in range(40))
HEAD = "<table><thead><tr><th>번호</th><th>제목</th><th>담당부서</th><th>작성일</th></tr></thead><tbody>"

TABLE = "<tr><td>9{at}</td><td class='left'>{link}</td><td>경제과</td><td>{day}</td></tr>"
# Row, where its table or list begins and ends, and the address of the announcement (None: only a script knows it).
BOARDS = {
    # 새올 portals: a script posts a form, and the address stands in another attribute.
    "address in another attribute": (
        TABLE.replace(
            "{link}",
            '<a href="#" onclick="req.post(this); return false;" data-action="/bbs/view.do?bIdx={id}&amp;ptIdx=4">{title}</a>',
        ),
        HEAD,
        "https://board.example.kr/bbs/view.do?bIdx={id}&ptIdx=4",
    ),
    "id in another attribute": (
        TABLE.replace("{link}", '<a href="#" title="게시글 상세 열람" data-req-form-id="v" data-req-get-p-idx="{id}">{title}</a>'),
        HEAD,
        None,
    ),
    "second argument of a call": (
        TABLE.replace("{link}", "<a href=\"#\" onclick=\"goTo.view('list','{id}','207','0401'); return false;\">{title}</a>"),
        HEAD,
        None,
    ),
    "script in the address": (TABLE.replace("{link}", "<a href=\"javascript:go_view({id});\">{title}</a>"), HEAD, None),
    "cell that leads there": (
        "<tr><td>7</td><td onclick=\"location.href='/sb5.php?md=V&amp;idx={id}&amp;cate='\"> {title} </td><td>{day}</td></tr>",
        "<table><tr><td>번호</td><td>제목</td><td>작성일</td></tr>",
        "https://board.example.kr/sb5.php?md=V&idx={id}&cate=",
    ),
    "last part of the path": (
        TABLE.replace("{link}", "<a href='/home/4-4-1/{id}?search='>{title}</a>"),
        HEAD,
        "https://board.example.kr/home/4-4-1/{id}?search=",
    ),
    "part of the path": (
        TABLE.replace("{link}", "<a href='/board/B_000031/{id}/view.do?mid=ID01'>{title}</a>"),
        HEAD,
        "https://board.example.kr/board/B_000031/{id}/view.do?mid=ID01",
    ),
    "id with letters": (
        TABLE.replace("{link}", "<a href='view.do?pblancId=PBLN_{id}'>{title}</a>"),
        HEAD,
        "https://board.example.kr/board/view.do?pblancId={id}",
    ),
    "link of the number too": (
        "<tr><td><a href='/v.do?bbsId=B_1&amp;nttId={id}'>168{at}</a></td>"
        "<td data-cell-header='제목'><a href='/v.do?bbsId=B_1&amp;nttId={id}'>{title}</a></td><td>{day}</td></tr>",
        "<table>",
        "https://board.example.kr/v.do?bbsId=B_1&nttId={id}",
    ),
    "cards of divisions": (
        "<div class='item'><div class='descpt'><a href='/view.do;jsessionid=ab1?nttId={id}&amp;pageIndex=1'>"
        "<strong class='subject'>{title}</strong><span class='pt'>도내 기업을 돕는다.<span class='date'>{day}</span></span>"
        "</a></div></div>",
        "<div class='bodo_list'>",
        "https://board.example.kr/view.do?nttId={id}",
    ),
    "link around a card": (
        "<li><a href='?act=read&amp;articleId={id}'><span class=tag>보도자료</span><em>{title}</em>"
        "<span class=txt>도내 기업을 돕는다.</span></a><span>{day}</span></li>",
        "<ul class=list>",
        "https://board.example.kr/board/list.do?act=read&articleId={id}",
    ),
    "picture, title and text with the same link": (
        "<li><p><a href='./v.do?nttNo={id}'><img src='/t.jpg' alt='{title} 이미지'></a></p><dl><dt><a href='./v.do?nttNo={id}'>"
        "{title}</a></dt><dd><a href='./v.do?nttNo={id}'>도내 기업을 돕는 사업이다.</a></dd><dd>홍보과 | {day} | hit 17</dd></dl></li>",
        "<ul class=web_zine>",
        "https://board.example.kr/board/v.do?nttNo={id}",
    ),
    "row that leads there": (
        "<tr class='clickable-row' data-href='/board/notice/read/{id}'><td>공지</td><td class='td_title'>{title}</td><td>{day}</td></tr>",
        "<table><thead><tr><th>번호</th><th>제목</th><th>작성일</th></tr></thead><tbody>",
        "https://board.example.kr/board/notice/read/{id}",
    ),
    "address in a call": (
        TABLE.replace("{link}", "<a href='#pop' onclick=\"popupCenter('http://e.example.kr/a.do?m=V&amp;news_no={id}', 'w')\">{title}</a>"),
        HEAD,
        "http://e.example.kr/a.do?m=V&news_no={id}",
    ),
    "address of another site in a call": (
        "<li><span class=tit>{title}</span><span>{day}</span>"
        "<a href='#' onclick=\"u_re('{id}','https://w.example.kr/v.do?no=KF{id}14')\">바로가기</a></li>",
        "<ul>",
        None,
    ),
    "lists of terms": (
        "<dl><dt><p><a href='BoardView.aspx?CategoryNo=0&amp;BoardNo={id}&amp;MENU_ID=146'>{title}</a></p><div>일반과정 / {day}</div>"
        "</dt></dl>",
        "<div class=board-list>",
        "https://board.example.kr/board/BoardView.aspx?CategoryNo=0&BoardNo={id}&MENU_ID=146",
    ),
    "rows of lists": (
        "<ul class='li_body'><li><a href='/v/?q=YTox&amp;idx={id}&amp;t=board'></a></li><li class=category><a href='?category=e16'>"
        "복지</a></li><li class=tit><a class=list_text_title href='/v/?q=YTox&amp;idx={id}&amp;t=board'><span>{title}</span></a>"
        "</li><li class=time>{day}</li></ul>",
        "<div class=li_board>",
        "https://board.example.kr/v/?q=YTox&idx={id}&t=board",
    ),
}  # fmt: skip


def page_of(board):
    row, head, _ = BOARDS[board]
    rows = "".join(row.format(id=id_, title=title, day=day, at=at) for at, (id_, title, day) in enumerate(ROWS))
    return f"<html><head><title>알림마당</title></head><body><div class=gnb><ul>{MENU}</ul></div>{head}{rows}</body></html>"


def read(drafted, text, tmp_path):
    """What a draft reads once its gaps are filled."""
    filled = {**yaml.safe_load(drafted), "region": "전국", "evidence_date": "2026-09-21"}
    filled["detail"] = {key: "https://board.example.kr/of/{id}" for key in filled.get("detail", {}) if key == "url"}
    path = tmp_path / "drafted.yaml"
    path.write_text(yaml.safe_dump(filled, allow_unicode=True), "utf-8")
    return make_adapter(load_site(path), LIVE).parse_list(Page(URL, 200, {}, text.encode()), 1).items


@pytest.mark.parametrize("board", BOARDS)
def test_a_draft_reads_the_rows_of_a_board_that_no_preset_knows(board, tmp_path):
    drafted = scaffold.describe(URL, page_of(board), "utf-8")
    items = read(drafted, page_of(board), tmp_path)
    ids = [f"PBLN_{id_}" if board == "id with letters" else id_ for id_, *_ in ROWS]
    assert [(item.native_id, item.title, item.fields.get("posted_on")) for item in items] == [
        (id_, title, day) for id_, (_, title, day) in zip(ids, ROWS, strict=True)
    ]
    address = BOARDS[board][2]
    assert ("url" in yaml.safe_load(drafted)["detail"]) == (address is None)
    assert [item.url for item in items] == [
        (address or "https://board.example.kr/of/{id}").format(id=id_) for id_ in ids
    ]
    assert f"# The first row: {ids[0]} | {ROWS[0][1]}" in drafted


def test_a_draft_names_the_script_that_knows_the_address():
    drafted = scaffold.describe(URL, page_of("script in the address"), "utf-8")
    assert "with {id} in it; javascript:go_view(20973); opens it" in drafted


def test_the_list_of_a_page_is_no_carousel_above_it(tmp_path):
    slide = (
        "<div class='slide'><a href='javascript:go_view({id});'><p class=tit>{title} (추천)</p></a>마감일자 {day}</div>"
    )
    row = (
        "<li class=notice><a href='javascript:go_view({id});'><p class=tit>{title}</p></a>"
        "<span>등록일자 {day}</span><span>시작일자 {day}</span><span>마감일자 2026-10-31</span></li>"
    )
    slides = "".join(
        slide.format(id=id_, title=title, day=day) for id_, title, day in [*ROWS, ("1", "추천 공고 하나", "2026-09-30")]
    )
    rows = "".join(row.format(id=id_, title=title, day=day) for id_, title, day in ROWS)
    text = f"<div class=top_slide>{slides}</div><div id=list><ul>{rows}</ul></div>"
    items = read(scaffold.describe(URL, text, "utf-8"), text, tmp_path)
    assert [item.title for item in items] == [title for _, title, _ in ROWS]
    assert items[0].fields == {"posted_on": "2026-09-21", "opens_at": "2026-09-21", "closes_at": "2026-10-31"}


def test_days_of_windows_are_asked_of_no_row_as_days_of_posting(tmp_path):
    row = "<li><a data-post_no='{id}' href='javascript:;'>{title}</a><b>접수기간</b> : {day} ~ 2026-10-31</li>"
    text = f"<ul>{''.join(row.format(id=id_, title=title, day=day) for id_, title, day in ROWS)}</ul>"
    drafted = scaffold.describe(URL, text, "utf-8")
    assert yaml.safe_load(drafted)["expect"]["required"] == ["title"]
    assert read(drafted, text, tmp_path)[0].fields["opens_at"] == "2026-09-21"


def test_a_page_of_menus_is_no_board():
    with pytest.raises(ChangedError, match="json_list"):
        scaffold.describe(URL, f"<div class=gnb><ul>{MENU}</ul></div><div id=app></div>", "utf-8")


def test_a_small_board_of_two_rows_is_drafted(tmp_path):
    row = TABLE.replace("{link}", "<a href='/menus/272/posts/{id}?page=1'>{title}</a>")
    rows = [row.format(at=at, id=id_, title=title, day=day) for at, (id_, title, day) in enumerate(ROWS[:2])]
    text = f"<div><ul>{MENU}</ul></div>{HEAD}{''.join(rows)}</table>"
    items = read(scaffold.describe(URL, text, "utf-8"), text, tmp_path)
    assert [(item.title, item.fields["posted_on"]) for item in items] == [(title, day) for _, title, day in ROWS[:2]]


def test_links_to_files_in_a_row_are_no_second_id(tmp_path):
    # SW_bbs of welfare centres: the announcement and its file differ by what one encoded parameter says.
    row = TABLE.replace(
        "{link}", "<a href='view.php?zip==A{id}B'>{title}</a><a href='download.php?zip=F{id}'><img></a>"
    )
    rows = [row.format(at=at, id=id_, title=title, day=day) for at, (id_, title, day) in enumerate(ROWS)]
    text = f"{HEAD}{''.join(rows)}</table>"
    items = read(scaffold.describe(URL, text, "utf-8"), text, tmp_path)
    assert [(item.native_id, item.title) for item in items] == [(f"A{id_}B", title) for id_, title, _ in ROWS]
    assert items[0].url == "https://board.example.kr/board/view.php?zip==A20973B"


def test_a_draft_says_which_rows_have_other_links():
    # XE: the addresses of pinned announcements have another form.
    row = TABLE.replace("{link}", "<a class=title href='/index.php?mid=sub&amp;document_srl={id}'>{title}</a>")
    rows = [row.format(at=at, id=id_, title=title, day=day) for at, (id_, title, day) in enumerate(ROWS)]
    pinned = rows[0].replace("/index.php?mid=sub&amp;document_srl=", "/sub/").replace("90", "공지")
    drafted = scaffold.describe(URL, f"{HEAD}{pinned}{''.join(rows[1:])}</table>", "utf-8")
    assert f"# Not read, their links differ: 1, as 공지 {ROWS[0][1]}" in drafted
    assert "# Not read" not in scaffold.describe(URL, f"{HEAD}{''.join(rows)}</table>", "utf-8")


def test_rows_that_open_by_their_place_in_the_list_are_named():
    # Forms of ASP.NET.
    row = TABLE.replace("{link}", """<a href="javascript:__doPostBack('c$l$ctl0{at}$s','')">{title}</a>""")
    rows = [row.format(at=at, title=title, day=day) for at, (_, title, day) in enumerate(ROWS)]
    with pytest.raises(ChangedError, match=r"no rows with ids of their own.*__doPostBack"):
        scaffold.describe(URL, f"{HEAD}{''.join(rows)}</table>", "utf-8")
