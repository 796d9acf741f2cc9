"""A page saved from a site of the catalogue and put into the inbox is read by the rules of that site."""

import pytest

from gonggo.crawl.documents import document_of
from gonggo.crawl.warc import ArchivedAnnouncement
from gonggo.model import Listed
from gonggo.settings import SITES, load_settings
from gonggo.sources.adapter import Page
from gonggo.sources.catalogue import load_site
from gonggo.sources.inbox import Inbox

MSS = "https://www.mss.go.kr/site/smba/ex/bbs/View.do?cbIdx=310&amp;bcIdx=7"
RIIA = "https://gn.riia.or.kr/board/businessAnnouncement/view/11111111-2bcc-11f1-ad2e-000000000000"
# In the structure of the recorded page: the text is a hidden field that a frame shows, each fact stands twice.
BOARD = """<html><head>{head}<meta charset="utf-8"><title>가람부</title></head><body>{note}<main><div id="contents"><div class="board_view">
<h4>2026년 가람 기반구축 참여기업 모집공고</h4><table><tr class="web"><th>신청기간</th><td>2026-08-25 ~ 2026-09-15</td><th>등록일</th><td>2026.08.25</td></tr>
<tr class="mobile"><th>신청기간</th><td colspan="3">2026-08-25 ~ 2026-09-15</td></tr>
<tr><td colspan="4"><textarea id="editContents" style="display: none;">붙임을 보시고 신청 바랍니다.&lt;br /&gt;감사합니다.</textarea><iframe src="/c.jsp"></iframe></td></tr>
<tr><th>첨부파일</th><td colspan="3" class="file_list"><ul><li><div class="info"><span class="name">가람_공고.pdf <em>[1.0 KB]</em></span></div>
<div class="link"><a class="btn type_down" href="/common/board/Download.do?bcIdx=7&amp;cbIdx=310&amp;streFileNm=a.pdf">내려받기</a></div></li></ul></td></tr></table></div></div></main></body></html>"""


def document(content, name="saved.html"):
    settings = load_settings({"GONGGO_SOURCES": "live"})
    item = Listed("inbox", f"given/{name}", name, f"file:///given/{name}", {"file": name})
    archived = ArchivedAnnouncement(item, Page(item.url, 200, {}, content), True, "urn:1", "2026-11-29T09:00:00+09:00")
    return document_of(archived, Inbox(load_site(SITES / "inbox.yaml"), settings), "a.warc.gz")


@pytest.mark.parametrize(
    ("head", "note"),
    [
        ("", f"<!-- saved from url=(0064){MSS} -->"),
        (f'<link rel="canonical" href="{MSS}">', ""),
        (f"<meta content='{MSS}' property='og:url'>", ""),
        ("", f"<!--\n Page saved with SingleFile\n url: {MSS}\n saved date: Sun Nov 29 2026\n-->"),
    ],
    ids=["saved from", "canonical", "og:url", "SingleFile"],
)
def test_the_site_that_a_saved_page_names_reads_it(head, note):
    result = document(BOARD.format(head=head, note=note).encode())
    assert [file.name for file in result.attachments] == ["가람_공고.pdf"]
    assert result.attachments[0].url.startswith("https://www.mss.go.kr/common/board/Download.do?bcIdx=7")
    assert result.record.text.count("2026-08-25 ~ 2026-09-15") == 1
    assert "붙임을 보시고 신청 바랍니다.\n" in result.record.text
    assert result.title == "2026년 가람 기반구축 참여기업 모집공고"


def test_the_address_of_an_archived_page_is_in_its_headers():
    page = BOARD.format(head="", note="")
    content = f"""From: <Saved by Blink>
Snapshot-Content-Location: {MSS.replace("&amp;", "&")}
MIME-Version: 1.0
Content-Type: multipart/related; type="text/html"; boundary="----b"

------b
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: 8bit

{page}
------b--
""".replace("\n", "\r\n")
    result = document(content.encode(), "saved.mhtml")
    assert [file.name for file in result.attachments] == ["가람_공고.pdf"]


def test_a_page_of_no_known_site_and_one_that_its_site_cannot_read_are_read_all_the_same():
    for note in (
        "",
        "<!-- saved from url=(0030)https://www.example.or.kr/view?no=1 -->",
        f"<!-- saved from url=(0064){RIIA} -->",
    ):
        result = document(BOARD.format(head="", note=note).encode())
        assert result.outcome == "ok"
        assert "붙임을 보시고 신청 바랍니다.\n" in result.record.text
        assert result.attachments == []


def test_the_day_of_posting_is_what_the_rules_of_the_site_read():
    page = """<!-- url: https://bizbc.or.kr/kor/contents/BC0101010000.do?schM=view&bizPbancSn=7 --><html><body><div class="sub_content" id="content"><div class="detail_title">
<div class="title type02"><span class="biz_tag date">D-9</span><span>가람 시험분석 수수료 지원 사업 공고</span></div><div class="inform_view"><p>조회<span>12</span></p><p>등록일<span>2026-09-01</span></p></div></div>
<div class="detail_contents"><ul><li><span class="title">모집기간</span><span class="data_text">2026-09-01 ~ 2026-09-30</span></li></ul></div></div></body></html>"""
    result = document(page.encode())
    assert result.listed["posted_on"] == "2026-09-01"
    assert result.title == "가람 시험분석 수수료 지원 사업 공고"
    assert "모집기간 2026-09-01 ~ 2026-09-30" in result.record.text


def test_a_table_of_the_announcement_outside_of_its_text_is_read_with_it():
    # In the structure of the recorded page of gntp: the period stands in a table before the container of the text.
    page = """<!-- url: https://www.gntp.or.kr/biz/applyInfo/7 --><html><body><div class="sub"><h3>가람 해외 판로 지원 모집공고</h3>
<table class="de-biz-table"><tr><th>접수기간</th><td>2026-08-24 13:30 ~ 2026-09-02 17:00</td></tr></table><p>인쇄</p>
<div class="detail-contents">신청서는 <b>과제마다</b> 하나씩 내 주십시오.</div></div></body></html>"""
    text = document(page.encode()).record.text
    assert "접수기간|2026-08-24 13:30 ~ 2026-09-02 17:00" in text
    assert "신청서는 과제마다 하나씩 내 주십시오." in text
    assert "인쇄" not in text
