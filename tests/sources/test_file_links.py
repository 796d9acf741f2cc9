"""Files of announcements: links in the site's charset, calls of scripts, and files that are given only by POST."""

import pytest

from gonggo.crawl.attachments import fetch_files
from gonggo.crawl.ledger import Ledger
from gonggo.model import Listed
from gonggo.settings import load_settings
from gonggo.sources.adapter import Page
from gonggo.sources.attachments import file_request, files_of
from gonggo.sources.catalogue import load_catalogue
from gonggo.sources.dom import tree_of
from gonggo.sources.factory import make_adapter
from tests.crawl.strange_server import client_of, http_response, strange_server

LIVE = load_settings({"GONGGO_SOURCES": "live"})


def files(site, markup, url, charset="utf-8"):
    """The files that the adapter of a site finds in a page."""
    entry = load_catalogue()[site]
    page = Page(url, 200, {}, f"<html><body>{markup}</body></html>".encode(charset))
    return list(files_of(tree_of(page, entry.charset), entry.detail.files, url, entry.charset))


def test_a_link_is_written_in_the_charset_of_the_site():
    link = "/index.php?control=util&task=down&no=307&file=공고문.hwp"
    markup = f'<table class="bbs_view"><tr><td><ul class="attach"><li><a href="{link}">공고문.hwp</a></li></ul></td></tr></table>'
    (file,) = files("cbtp", markup, "https://www.cbtp.or.kr/index.php?no=307", "cp949")
    assert file["url"].endswith("file=%B0%F8%B0%ED%B9%AE.hwp")


@pytest.mark.parametrize(("charset", "name"), [("utf-8", "%EA%B3%B5%EA%B3%A0.hwp"), ("euc-kr", "%B0%F8%B0%ED.hwp")])
def test_the_arguments_of_a_script_are_written_in_the_charset_of_the_page(charset, name):
    markup = "<a href='#' onclick=\"goDownLoad('공고.hwp','1.hwp','/upload')\">공고.hwp</a>"
    page = Page("https://eminwon.a.go.kr/x", 200, {}, f'<meta charset="{charset}">{markup}'.encode(charset))
    (file,) = files_of(tree_of(page, charset), "a", page.url, charset)
    assert f"user_file_nm={name}&" in file["url"]


def test_a_call_whose_name_other_sites_use_counts_on_its_own_host_only():
    markup = "<div class=board_view><a href='javascript:fileDown(\"2026/a.hwp\")'>공고문.hwp (3KB)</a></div>"
    (file,) = files("daejeon_notice", markup, "https://www.daejeon.go.kr/drh/drhGosiView.do?sno=1")
    assert file == {
        "name": "공고문.hwp",
        "url": "https://www.daejeon.go.kr/drh/drhGosiFileDownload.do?filePath=2026%2Fa.hwp",
    }
    (unknown,) = files("daejeon_notice", markup, "https://www.example.go.kr/view?sno=1")
    assert (unknown["name"], unknown["script"]) == ("공고문.hwp", "fileDown")


def test_a_document_behind_an_unknown_script_is_recorded_as_not_fetched():
    markup = """<ul class=files><li><a href="#" onclick="fnNotiDownload('15602'); return false;">공고문.hwp</a></li>
    <li><a href="javascript:common.download(5001, 'ab12')">신청서.hwpx</a></li><li><a href="/d?no=3">사업계획서.pdf</a>
    <a href="javascript:goPreview('3')">사업계획서.pdf 미리보기</a> <button onclick="openOther('3')">사업계획서.pdf</button></li>
    <li><a href="#" onclick="fnView('9')">다음 공고</a></li><li><a href="javascript:synapView(7)">별첨.hwp</a></li></ul>"""
    url = "https://www.example.go.kr/view?no=7"
    found = list(files_of(tree_of(Page(url, 200, {}, markup.encode()), "utf-8"), "a, button", url))
    assert [(file["name"], file.get("script")) for file in found] == [
        ("사업계획서.pdf", None),
        ("공고문.hwp", "fnNotiDownload"),
        ("신청서.hwpx", "common.download"),
    ]
    recorded = fetch_files(found[1:], Listed("gtp", "7", "제조AI 공고", url), None, None)
    assert {file.outcome for file in recorded} == {"terminal"}
    assert "fnNotiDownload(…)" in recorded[0].reason
    assert len({file.url for file in recorded}) == 2


@pytest.mark.parametrize(
    "link",
    [
        "<a href=\"javascript:attachfileDownload('/f.do','12')\">공고문.hwp</a>",
        "<a href='#' onclick=\"attachfileDownload('/f.do', 12); return false\">공고문.hwp</a>",
        "<button onclick=\"attachfileDownload('/f.do','12')\">공고문.hwp</button>",
    ],
)
def test_a_call_is_found_in_href_in_onclick_and_behind_a_button(link):
    (file,) = files("seoultp", link, "https://www.seoultp.or.kr/user/nd19746.do")
    assert file == {"name": "공고문.hwp", "url": "https://www.seoultp.or.kr/f.do?attachNo=12"}


@pytest.mark.parametrize(
    "link",
    [
        "<a href='/d?f=1'><i>첨부파일</i> <span class='dwnname'>공고문.hwp</span></a>",
        "<a href='/d?f=1'>첨부파일 공고문.hwp (304.2KB)</a>",
        "<a href='/d?f=1'><span>공고문.hwp</span> <em>조회 31</em></a>",
    ],
)
def test_a_name_has_neither_the_label_of_an_icon_nor_what_stands_beside_it(link):
    (file,) = files("ccei", f"<div class=vw_download>{link}</div>", "https://ccei.creativekorea.or.kr/service/view")
    assert file["name"] == "공고문.hwp"


FORM = """<form><input type="hidden" name="_csrf" value="{token}"></form><div class="read__content">공고</div>
<a href="javascript:download(1)">공고문.hwp</a><a href="javascript:download(2)">신청서.hwp</a>"""


def test_files_by_post_are_distinguished_by_their_urls_and_the_token_is_in_the_form_alone():
    url = "https://www.dip.or.kr/home/notice/businessbbs/boardRead.ubs?fboardcd=business&fboardnum=77"
    first, second = files("dip", FORM.format(token="t0k"), url)
    assert (
        first["url"]
        == "https://www.dip.or.kr/home/notice/businessbbs/boardDownLoad.ubs?fboardnum=77&fboardcd=business&ffilenum=1"
    )
    assert second["url"].endswith("ffilenum=2")
    request = file_request(first, url, "utf-8")
    assert (request.method, request.url) == ("POST", first["url"].partition("?")[0])
    assert request.data == {"fboardnum": "77", "fboardcd": "business", "ffilenum": "1", "_csrf": "t0k"}
    again = files("dip", FORM.format(token="another"), url)
    assert [file["url"] for file in again] == [first["url"], second["url"]]


def test_a_file_by_post_is_fetched_with_its_form_and_stored_without(tmp_path):
    with strange_server(
        {b"/down": http_response(b"%PDF-1.7 file", b"200 OK", b"Content-Type: application/pdf")}
    ) as server:
        file = {"name": "공고문.pdf", "url": f"{server.url}/down?n=1", "form": "n=1&_csrf=t0k"}
        item = Listed("btp", "1", "공고", f"{server.url}/view")
        with client_of(server, tmp_path) as client:
            (file,) = fetch_files([file], item, client, Ledger(tmp_path, "btp"))
        assert [head.split(b" ")[0] for head in server.heads if b"/down" in head.split(b"\r\n")[0]] == [b"POST"]
    assert file.outcome == "fetched" and "t0k" not in str(file)


def test_an_answer_in_json_lists_its_files():
    adapter = make_adapter(load_catalogue()["jejutp"], LIVE)
    listed = {"fileId": "F 1", "realFileName": "사업+공고문.hwp"}
    answer = '{"anno": {"annoContents": "<p>공고</p>", "fileList": [%s, {"fileId": "", "realFileName": "x"}]}}'
    page = Page("https://www.jejutp.or.kr/x", 200, {}, (answer % str(listed).replace("'", '"')).encode())
    detail = adapter.parse_detail(page, Listed("jejutp", "1", "공고", "https://www.jejutp.or.kr/"))
    assert detail.files == [{"name": "사업 공고문.hwp", "url": "https://jeis.or.kr/fileDown.ac?fileId=F%201"}]
