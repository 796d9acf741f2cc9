"""Checking all sources with a report, and pages that are kept without personal data."""

import io
import json
import re
from dataclasses import replace

import pytest
import requests

from gonggo.crawl import recorded_pages, source_check
from gonggo.crawl.scrubbing import scrub_page, scrub_text
from gonggo.settings import load_settings
from gonggo.sources.adapter import Page
from gonggo.sources.catalogue import load_catalogue
from gonggo.sources.factory import make_adapter
from tests.crawl.strange_server import http_response, strange_server
from tests.sources.test_samples import LIVE, sample


def test_a_check_of_all_goes_on_after_failures_and_its_report_can_be_sent(portal, settings, tmp_path, monkeypatch):
    monkeypatch.setenv("DATA_GO_KR_API_KEY", "a-secret-key")
    faults = {"btp": {"kind": "blocked"}, "gtp": {"kind": "error500"}}
    requests.post(f"{portal.url}/_control", json={"faults": faults}, timeout=5).raise_for_status()
    out, report = io.StringIO(), tmp_path / "new" / "report.md"
    results = {result.site.id: result for result in source_check.check_all(settings, out, report)}
    assert (results["btp"].outcome, results["gtp"].outcome) == ("blocked", "transient")
    good = [name for name, result in results.items() if result.outcome == "ok"]
    assert len(good) == len(results) - 2 >= 5
    assert re.findall(r"\[ *\d+/\d+\] (\w+)", out.getvalue()) == list(results)
    text = report.read_text("utf-8")
    failed, answered = text.split("## Sources that answer as described")
    assert "| btp | 부산 | proven on a recorded page (2026-08) | blocked |" in failed
    assert all(f"\n| {name} |" in answered for name in good)
    assert "the demo portal has no twin of it" in text
    assert "a-secret-key" not in text and str(tmp_path) not in text


def test_an_interrupted_check_reports_what_was_checked(settings, tmp_path, monkeypatch):
    checked = []

    def interrupted(site, *_):
        if checked:
            raise KeyboardInterrupt
        checked.append(site.id)
        return source_check.CheckResult(site)

    monkeypatch.setattr(source_check, "_check", interrupted)
    out, report = io.StringIO(), tmp_path / "report.md"
    source_check.check_all(settings, out, report)
    assert "interrupted" in out.getvalue()
    assert re.search(r"1 of \d+ sources were checked: 1 ok", report.read_text("utf-8"))


def test_a_file_link_that_leads_to_a_page_fails_the_check(tmp_path):
    def board(head):
        part = "detail" if b"mode=view" in head else "list"
        return http_response(sample("btp", part).content, b"200 OK", b"Content-Type: text/html; charset=utf-8")

    with strange_server(
        {b"/www.btp.or.kr/kor/CMS/Board/Board.do": board, b"*": http_response(b"<html>login</html>")}
    ) as server:
        env = {"GONGGO_SOURCES": "demo", "GONGGO_DEMO_URL": server.url, "GONGGO_HOME": str(tmp_path)}
        out = io.StringIO()
        settings = replace(load_settings(env), allow_private=(f"127.0.0.1:{server.port}",))
        assert source_check.check(["btp"], settings, out) == 1
    assert "changed" in out.getvalue() and "expected the file" in out.getvalue()


def test_recorded_pages_are_read_again_as_they_were_and_a_difference_is_shown(settings, tmp_path):
    folder = tmp_path / "recorded"
    names = ["btp", "bizinfo", "eminwon_iksan", "jejutp"]
    active = [name for name in names if load_catalogue()[name].demo]
    assert source_check.check(active, settings, io.StringIO(), record=folder) == 0
    endpoints = sorted(path.parent.relative_to(folder).as_posix() for path in folder.rglob(recorded_pages.EXPECTED))
    assert {"btp", "bizinfo/api", "bizinfo/pages"} <= set(endpoints)
    expected = json.loads((folder / "btp" / "expected.json").read_text("utf-8"))
    assert expected["rows"][0]["id"] and expected["detail"]["text"] and expected["detail"]["files"]
    out = io.StringIO()
    assert recorded_pages.compare(folder, settings, out) == 0, out.getvalue()
    page = folder / "btp" / "list.html"
    title = expected["rows"][0]["title"]
    page.write_text(page.read_text("utf-8").replace(title, "다른 제목의 지원사업 공고", 1), "utf-8")
    out = io.StringIO()
    assert recorded_pages.compare(folder, settings, out) == 1
    assert f"row {expected['rows'][0]['id']}: title" in out.getvalue()


PAGE = """<!doctype html><html><head><meta name="csrf-token" content="s3cret"><script>var k='s3cret'</script></head><body>
<!-- 담당 홍길동 --><form><input type="hidden" name="__VIEWSTATE" value="/wEPDw"><input name="q" value="공고"></form>
<table><tr><th>번호</th><th>제목</th><th>작성자</th><th>등록일</th></tr>
<tr><td>7</td><td><a href="/v;jsessionid=AB12?no=7&amp;sid=9f">AI 실증 모집<td>김철수</td><td>2026-09-14</td></tr>
<tr><td>6</td><td><a href="/v?no=6">교육생 모집</a></td><td>기업지원팀</td><td>2026-09-10</td></tr></table>
<dl><dt>담당자</dt><dd>이영희</dd></dl><p>문의: 박민수 과장 ☎ 051-123-4567, help@btp.or.kr, 010-1234-5678, 1588-1234</p>
<p>접수기간 2026-09-15 ~ 2026-10-08 18:00, 공고 제2026-0144호, 접속 주소 203.0.113.9</p>"""


def test_a_scrubbed_page_has_no_persons_contacts_sessions_or_scripts_and_else_its_own_markup():
    scrubbed = scrub_page(PAGE)
    for lost in (
        "홍길동",
        "김철수",
        "이영희",
        "박민수",
        "051-123",
        "help@",
        "010-1234",
        "1588",
        "s3cret",
        "AB12",
        "wEPDw",
    ):
        assert lost not in scrubbed, lost
    assert "203.0.113.9" not in scrubbed and "sid=9f" not in scrubbed
    for left in (
        "기업지원팀",
        "AI 실증 모집<td>",
        "no=7",
        "2026-09-15 ~ 2026-10-08 18:00",
        "제2026-0144호",
        'value="공고"',
    ):
        assert left in scrubbed, left


def test_a_feed_names_offices_but_no_authors():
    item = "<item><title>AI 실증</title><author>{}</author><dc:creator><![CDATA[{}]]></dc:creator></item>"
    feed = "<?xml version='1.0'?><rss><channel>" + item.format("홍길동 기자", "홍보실") + "</channel></rss>"
    scrubbed = scrub_page(feed)
    assert "홍길동" not in scrubbed and "<![CDATA[홍보실]]>" in scrubbed


def test_scrubbed_json_keeps_its_keys_and_facts():
    row = {
        "annoName": "AI 실증",
        "managerNm": "김철수",
        "managerCp": "01012345678",
        "mail": "a@b.kr",
        "rcept": "2026-09-15",
    }
    scrubbed = json.loads(scrub_page(json.dumps({"list": [row], "total": 1}, ensure_ascii=False)))
    assert scrubbed["total"] == 1
    assert scrubbed["list"][0] == {**row, "managerNm": "○○○", "managerCp": "000-0000-0000", "mail": "name@example.kr"}


@pytest.mark.parametrize(
    "text", ["2026.09.14 09:00", "제2026-0144호", "사업비 1,500백만원", "031공간 1234", "ver 1.2.3", "가로 5017x7021"]
)
def test_what_is_no_contact_stays(text):
    assert scrub_text(text) == text


@pytest.mark.parametrize("site", ["btp", "gtp", "mss", "ccei", "jejutp", "eminwon_iksan", "jeonnam_press", "seoultp"])
def test_a_sample_reads_the_same_after_it_was_scrubbed(site):
    adapter = make_adapter(load_catalogue()[site], LIVE)
    page = sample(site, "list")
    scrubbed = Page(page.url, 200, {}, scrub_page(page.text(adapter.site.charset)).encode())
    assert adapter.parse_list(scrubbed, 1).items == adapter.parse_list(page, 1).items
