"""The announcement in a whole page of a site that nobody has described, saved from a browser."""

import pytest

from gonggo.read.files import from_bytes
from gonggo.read.html import from_page

MENU = "".join(
    f"<li><a href='/m/{number}'>{name}</a></li>"
    for number, name in enumerate(("기관 소개", "알림 마당", "지원사업 안내", "자료실", "고객 참여"))
)
FOOT = "(34000) 가람시 나래로 7 대표전화 000-000-0000 사업자등록번호 000-00-00000 COPYRIGHT 가람진흥원 ALL RIGHTS RESERVED."


def read(page, title="가람진흥원"):
    """The text of a page in the frame of a site: menus above, beside and below, none of them marked as such."""
    whole = f"""<html><head><meta charset="utf-8"><title>{title}</title></head><body><div id="wrap">
    <div class="up"><a href="/">가람진흥원</a><ul>{MENU}</ul></div>
    <div class="left"><h2>알림마당</h2><ul>{MENU}</ul></div><div class="middle">{page}</div>
    <div class="low"><ul>{MENU}</ul><p>{FOOT}</p></div></div></body></html>"""
    reading = from_bytes(whole.encode(), name="page.html")
    for foreign in ("기관 소개", "대표전화", "ALL RIGHTS"):
        assert foreign not in reading.text
    return reading


def test_an_announcement_of_many_short_blocks_is_read_whole():
    block = "<div class='info'><p class='name'>{0}</p><ul><li><div><p class='tit'>{1}</p><p class='txt'>{2}</p></div></li></ul></div>"
    blocks = [
        ("신청방법 및 대상", "신청기간", "2026.07.01(수) 11:00 ~ 2026.07.22(수) 15:00"),
        ("제출서류", "사업계획서", "1. 사업계획서: 붙임 양식<br>2. 증빙: 사업자등록증<br>3. 가점 증빙: 해당 기업만 제출하고 나머지는 내지 않는다. 접수 뒤에는 바꿀 수 없다."),
        ("지원내용", "실증 자금", "정부지원사업비 1억원"),
        ("문의처", "가람진흥원", "국번없이 0000"),
    ]  # fmt: skip
    page = f"<div class='view'><div class='title'>2026년 가람 실증 창업기업 모집공고</div>{''.join(block.format(*one) for one in blocks)}</div>"
    text = read(page).text
    for heading, label, value in blocks:
        assert heading in text
        assert label in text
        assert value.partition("<br>")[0] in text


FACTS = """<table class="view"><caption>나래 AI 실증 지원사업 상세보기 - 제목, 접수기간, 주관기관명, 첨부파일 정보</caption><tbody>
<tr><th>제목</th><td colspan="3">나래 AI 실증 지원사업 공고</td></tr>
<tr class="web"><th>접수기간</th><td>2026-09-01 ~ 2026-10-13</td><th>주관기관명</th><td>나래테크노파크</td></tr>
<tr class="mobile"><th>접수기간</th><td colspan="3">2026-09-01 ~ 2026-10-13</td></tr>
<tr><th>첨부파일</th><td colspan="3"><a href="/down?no=1">공고문.hwp</a> <a href="#" onclick="see(1)">바로보기</a></td></tr>
<tr><td colspan="4">{body}</td></tr></tbody></table>"""


def test_facts_in_a_table_are_content_and_the_text_in_its_last_row_is_prose():
    body = "<p>나래 지역 제조기업의 AI 실증을 아래와 같이 지원합니다.</p><p>□ 지원규모: 5개사</p>"
    page = FACTS.format(body=body)
    reading = read(page)
    lines = reading.text.split("\n")
    assert "|접수기간|2026-09-01 ~ 2026-10-13|주관기관명|나래테크노파크|" in lines
    assert "□ 지원규모: 5개사" in lines
    assert reading.text.count("2026-10-13") == 1
    assert "상세보기" not in reading.text
    assert "바로보기" not in reading.text
    assert reading.title == "나래 AI 실증 지원사업 공고"


def test_an_announcement_whose_text_is_a_picture_keeps_its_title_and_its_facts():
    reading = read(FACTS.format(body="<img src='/upload/1.jpg' width='900'>"))
    assert "나래테크노파크" in reading.text
    assert reading.title == "나래 AI 실증 지원사업 공고"
    shown = "<div class='box'><div class='post_title'><p>다솜시 AI 전환 참여기업 모집 공고</p></div><dl><dt>작성일</dt><dd>2026.03.30</dd></dl><div><img src='/i/1.png'></div></div>"
    reading = read(shown)
    assert reading.text.split("\n")[0] == "다솜시 AI 전환 참여기업 모집 공고"
    assert "2026.03.30" in reading.text


@pytest.mark.parametrize(
    "others",
    [
        "<ul class='move'><li><span>이전글</span><a href='/v?no=2'>가람시 청년 창업 모집</a></li></ul>",
        "<div><table><tbody><tr><th>다음글</th><td><a href='/v?no=2'>가람시 청년 창업 모집</a></td></tr></tbody></table></div>",
        "<table><thead><tr><th>번호</th><th>제목</th><th>등록일</th></tr></thead><tbody><tr><td>7</td><td><a href='/v?no=7'>가람시 청년 창업 모집</a></td><td>2026-09-01</td></tr></tbody></table>",
    ],
    ids=["the post before", "the post after, in a table", "the list again"],
)
def test_other_posts_are_no_part_of_an_announcement(others):
    text = read(f"<div class='box'>{FACTS.format(body='<p>참여기업을 모집합니다.</p>')}{others}</div>").text
    assert "참여기업을 모집합니다." in text
    assert "청년 창업" not in text


def test_the_text_that_an_editor_keeps_in_a_hidden_field_is_shown():
    field = "<textarea id='e' style='display:none'>붙임을 보시고 신청 바랍니다.&lt;br /&gt;&lt;b&gt;마감&lt;/b&gt;: 9. 15.</textarea><iframe src='/c'></iframe>"
    text = read(FACTS.format(body=field)).text
    assert "붙임을 보시고 신청 바랍니다.\n" in text
    assert "마감: 9. 15." in text


WRITTEN = "<p>제조 현장의 인공지능 전환을 도울 참여기업을 모집합니다.<br />기업당 최대 5천만원을 지원하며, 신청은 9월 15일까지 받습니다.</p>"


@pytest.mark.parametrize(
    "body",
    [
        f"<div class=txt><script>document.write('{WRITTEN}');</script></div>",
        '<script>document.write("' + WRITTEN.replace("/", "\\/").replace("제", "\\uc81c") + '")</script>',
        "<div id='hwpEditorBoardContent' data-jsonlen='22354'></div><input type='hidden' id='content_main_text' value='"
        + WRITTEN.replace("<", "&lt;")
        + "'>",
    ],
    ids=["written by a script", "with escapes", "kept in a hidden field"],
)
def test_a_text_that_only_a_script_shows_is_shown(body):
    text = read(FACTS.format(body=body)).text
    assert "인공지능 전환을 도울 참여기업을 모집합니다.\n" in text
    assert "기업당 최대 5천만원" in text
    assert "document.write" not in text


def test_other_things_that_scripts_write_are_no_text():
    scripts = "<script>document.write('<p>광고 ' + new Date() + '</p>');</script><script>document.write('<img src=/a.gif>')</script>"
    body = f"<p>참여기업을 모집합니다.</p>{scripts}<input type=hidden value='검색어는 두 글자 이상 넣어 주시기 바랍니다, 다시 하십시오'>"
    text = read(FACTS.format(body=body)).text
    assert "참여기업을 모집합니다." in text
    assert not any(word in text for word in ("광고", "검색어", "a.gif"))


def test_the_table_above_and_the_text_below_belong_together():
    page = """<section><div class="head"><h1>사업공고</h1></div><div class="table"><table><tr><th>공고명</th>
    <td>가람 물류 AI 전환 하반기 모집공고</td></tr><tr><th>접수기간</th><td>2026-10-01 ~ 2026-10-09</td></tr></table></div>
    <div class="board_view"><article><h4>기타사항</h4><p>확인증은 접수 기간에 시스템에서 발급합니다. 발급에는 하루가 걸리므로 마감 전날까지
    신청하여 주시기 바라며, 늦은 신청은 받지 않습니다. 자세한 내용은 붙임을 보시기 바랍니다.</p></article></div></section>"""
    text = read(page).text
    assert "2026-10-01 ~ 2026-10-09" in text
    assert "확인증은 접수 기간에" in text
    assert "사업공고" not in text.split("\n")


def test_a_label_and_its_value_that_a_style_sheet_parts_are_two_words():
    page = """<div class="box"><h3>가람시 유해물질 시험분석 지원사업</h3><ul><li><span class="name">모집기간</span><span class="value">2026-09-01 ~ 2026-09-30</span></li>
    <li><strong>지원기관</strong><span>가람진흥원</span></li><li><span lang="EN-US">2026</span><span>년 9월</span></li></ul></div>"""
    lines = read(page).text.split("\n")
    assert "모집기간 2026-09-01 ~ 2026-09-30" in lines
    assert "지원기관 가람진흥원" in lines
    assert "2026년 9월" in lines


def test_a_paper_keeps_its_article_alone():
    page = f"""<div class="article"><h2>가람시 AI 예산 40억</h2><div itemprop="articleBody"><p>{"가람시는 내년에 인공지능 실증에 40억 원을 쓴다. " * 4}</p></div>
    <div class="more"><p>{"다른 기사는 다른 일을 길게 말하고 이 기사와 아무 상관이 없다. " * 9}</p></div></div>"""
    reading = read(page, "가람시 AI 예산 40억 - 가람일보")
    assert reading.title == "가람시 AI 예산 40억"
    assert "40억 원을 쓴다" in reading.text
    assert "다른 기사" not in reading.text


def test_the_title_of_the_page_gives_way_to_that_of_the_announcement():
    body = "<p>가람시는 인공지능 실증에 참여할 기업을 다음과 같이 모집하오니 많은 참여를 바랍니다. " * 3 + "</p>"
    assert (
        read(f"<div><h3>가람 인공지능 실증 참여기업 모집</h3><div class='view_con'>{body}</div></div>").title
        == "가람 인공지능 실증 참여기업 모집"
    )
    named = read(
        f"<div><h3>가람 인공지능 실증 참여기업 모집</h3><div class='view_con'>{body}</div></div>",
        "가람 인공지능 실증 참여기업 모집 | 가람진흥원",
    )
    assert named.title == "가람 인공지능 실증 참여기업 모집"


TITLE = "가람시 제조AI 현장실증 참여기업 모집 공고"
PROSE = "<p>제조 현장의 인공지능 전환을 도울 참여기업을 모집합니다. 기업당 최대 5천만원을 지원하며, 신청은 9월 15일까지 받습니다.</p>"


@pytest.mark.parametrize(
    "head",
    [
        f"<tr class='title'><th><span class='sub_tit'>공지사항</span><h3>{TITLE}</h3><div><span>작성자</span> 홍길동 "
        "<span>작성일</span> 2026-09-07</div></th></tr>",
        f"<tr><td class='tbTit' colspan='6'>{TITLE}</td></tr><tr><td class='tbInfo'>홍길동 2026-09-07</td></tr>",
        f"<tr><th>사업명</th><td><div class='cell-mo'>공고명</div><div class='cell'>{TITLE}</div></td></tr>",
        f"<tr><td><span class='tit'><em>등록일</em>2026-09-07</span></td></tr><tr><th>제목</th><td>{TITLE}</td></tr>",
    ],
    ids=[
        "heading in a named row",
        "name in camel case",
        "label again for phones",
        "day in an element named as a title",
    ],
)
def test_a_title_is_read_without_what_stands_beside_it(head):
    page = f"<html><head><title>상세보기 : 가람진흥원</title></head><body><table>{head}<tr><td>{PROSE}</td></tr></table></body></html>"
    assert from_page(page).title == TITLE


def test_a_label_that_a_cell_repeats_for_phones_stands_once():
    rows = "".join(
        f"<tr><th>{label}</th><td><div class='cell-mo'>{label}</div><div class='cell'>{value}</div></td></tr>"
        for label, value in (("신청기간", "2026.09.01 ~ 2026.12.31"), ("지역", "가람도"))
    )
    text = from_page(f"<h3>{TITLE}</h3><table>{rows}<tr><td colspan=2>{PROSE}</td></tr></table>").text
    assert "|신청기간|2026.09.01 ~ 2026.12.31|" in text
    assert "|지역|가람도|" in text
