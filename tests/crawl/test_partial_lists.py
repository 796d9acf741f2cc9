"""What a run keeps when something of its list or of one page goes wrong, end to end over a server of its own."""

from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from gonggo import pipeline
from gonggo.crawl import replay, steps
from gonggo.crawl.client import Client
from gonggo.crawl.warc import Archive
from gonggo.errors import BlockedError, TerminalError, TransientError
from gonggo.model import read_jsonl
from gonggo.settings import load_settings
from gonggo.sources.adapter import Request
from gonggo.sources.catalogue import Site
from tests.serving import running

BODY = "<div class='view'><p>제조 기업의 인공지능(AI) 도입을 지원합니다.</p>{}</div>"
NEIGHBOUR = "<ul><li>다음글 : 다음 게시물이 없습니다.</li><li>이전글이 존재하지 않습니다</li></ul>"


def row(number):
    day = "<td class='d'>2026-11-26</td>"
    return f"<tr><td><a href='view?seq={number}'>제조AI 실증 공고 {number}</a></td>{day}</tr>"


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A board on a server whose answers a test fills in: path and query → status and text."""
    answers = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            status, text = answers.get(self.path, (404, "none"))
            self.send_response(status)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    home = f"http://127.0.0.1:{server.server_port}/"
    described = {
        "id": "btp",
        "name": {"ko": "가", "en": "a"},
        "operator": "가",
        "region": "부산",
        "home": home,
        "family": "html_board",
        "schedule": "0 7 * * *",
        "confidence": "C",
        "evidence_date": "2026-01-01",
        "politeness": {"delay_seconds": 0.5},
        "list": {
            "url": f"{home}list?p={{page}}",
            "rows": "tr",
            "id": {"select": "a", "attribute": "href", "pattern": r"seq=(\d+)"},
            "title": "a",
            "fields": {"posted_on": "td.d"},
        },
        "detail": {"body": ".view", "files": ".files a"},
        "expect": {"rows_per_page_min": 1, "stale_after_days": 9999},
    }
    entry = Site.model_validate(described)
    for module in (steps, replay):
        monkeypatch.setattr(module, "get_site", lambda name: entry)
    monkeypatch.setattr(Site, "resolved", lambda self, settings: self)
    environ = {
        "GONGGO_HOME": str(tmp_path),
        "GONGGO_SOURCES": "live",
        "GONGGO_ALLOW_PRIVATE": f"127.0.0.1:{server.server_port}",
    }
    settings = load_settings(environ)
    monkeypatch.setattr(type(settings), "pause", lambda self, seconds: 0.0)
    with running(server):
        yield answers, settings, entry


def run(settings):
    result = pipeline.collect("btp", settings=settings)
    return result, list(read_jsonl(settings.batches / result["batch_id"] / "documents.jsonl"))


def test_rows_before_a_page_that_fails_are_kept_and_the_run_says_so(site):
    answers, settings, _ = site
    answers["/list?p=1"] = (200, f"<table>{row(1)}{row(2)}</table>")
    answers["/list?p=2"] = (200, "<h1>시스템 점검 중입니다</h1>")
    answers |= {f"/view?seq={number}": (200, BODY.format("")) for number in (1, 2)}
    result, documents = run(settings)
    assert {document["native_id"] for document in documents} == {"1", "2"}
    assert (result["state"], result["complete"], result["listed"]) == ("partial", False, 2)
    assert [error["outcome"] for error in result["errors"]] == ["blocked"]
    assert "page 2 of the list failed" in result["errors"][0]["message"]
    # The next run walks on to where this one could not.
    answers["/list?p=2"] = (200, f"<table>{row(3)}</table>")
    answers["/list?p=3"] = (200, "<table></table><p>등록된 게시물이 없습니다.</p>")
    answers["/view?seq=3"] = (200, BODY.format(""))
    result, documents = run(settings)
    assert (result["state"], result["complete"]) == ("ok", True)
    assert {document["native_id"] for document in documents} == {"3"}


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        (BODY.format("") + NEIGHBOUR, False),
        (BODY.format("<p>관련 게시글이 존재하지 않습니다</p>"), False),
        (BODY.format(NEIGHBOUR), False),
        ("<div class='view'><img src='a.png'></div><dl><dt>다음글</dt><dd>게시물이 없습니다.</dd></dl>", False),
        (
            BODY.format("") + "<p class='reply'>댓글이 존재하지 않습니다</p><script>alert('삭제된 게시물')</script>",
            False,
        ),
        ("<div class='view'>삭제된 게시물입니다.</div>" + NEIGHBOUR, True),
        ("<script>alert('존재하지 않는 게시물입니다.');history.back()</script>", True),
        ("<p>해당 글이 존재하지 않습니다.</p>", True),
    ],
)
@pytest.mark.slow
def test_an_announcement_is_gone_by_its_own_text_alone(site, text, gone):
    answers, settings, _ = site
    answers["/list?p=1"] = answers["/list?p=2"] = (200, f"<table>{row(1)}{row(2)}</table>")
    answers["/view?seq=1"], answers["/view?seq=2"] = (200, f"<html><body>{text}</body></html>"), (200, BODY.format(""))
    result, documents = run(settings)
    assert {document["native_id"] for document in documents} == ({"2"} if gone else {"1", "2"})
    assert result["vanished"] == (1 if gone else 0)


@pytest.mark.parametrize(
    ("status", "body", "error", "message"),
    [
        (401, '{"code": -401, "msg": "유효하지 않은 인증키 입니다."}', TerminalError, "Check DATA_GO_KR_API_KEY"),
        (403, "SERVICE_KEY_IS_NOT_REGISTERED_ERROR", TerminalError, "apply for the service"),
        (400, "<x>DEADLINE_HAS_EXPIRED_ERROR</x>", TerminalError, "extend it"),
        (429, "API token quota exceeded", TransientError, "used up"),
        (403, "Forbidden", TerminalError, "apply for the service"),
    ],
)
def test_a_status_that_says_in_words_what_is_wrong_has_its_class_and_next_step(site, status, body, error, message):
    answers, settings, entry = site
    answers["/list?p=1"] = (status, body)
    keyed = entry.model_copy(update={"key_env": "DATA_GO_KR_API_KEY", "key_url": "https://www.data.go.kr/"})
    settings = replace(settings, limits=replace(settings.limits, attempts=1))
    with Archive(settings.home / "one.warc.gz") as archive:
        client = Client(settings, keyed, "run", archive, lambda fetch: None)
        with pytest.raises(error, match=message):
            client.get(Request(f"{entry.home}list?p=1"), "list")


def test_a_board_without_a_key_that_forbids_is_blocked(site):
    answers, settings, entry = site
    answers["/list?p=1"] = (403, "Forbidden")
    settings = replace(settings, limits=replace(settings.limits, attempts=1))
    with Archive(settings.home / "one.warc.gz") as archive:
        client = Client(settings, entry, "run", archive, lambda fetch: None)
        with pytest.raises(BlockedError, match="403"):
            client.get(Request(f"{entry.home}list?p=1"), "list")
