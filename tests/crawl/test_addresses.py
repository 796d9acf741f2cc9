"""Addresses: one spelling for what browsers would ask for, a plain refusal for what is none, whatever it is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gonggo import pipeline
from gonggo.addresses import normalize, resolve, resolve_redirect, strip_credentials
from gonggo.errors import CollectError, TerminalError
from gonggo.model import read_jsonl
from gonggo.settings import Limits
from gonggo.sources.adapter import Request
from gonggo.sources.html_board import HtmlBoard
from tests.crawl.strange_server import client_of, fetched, http_response, strange_server

HANGUL = "%ED%95%9C%EA%B8%80"
SPELT = {
    "http://한글.kr/": "http://xn--bj0bj06e.kr/",
    f"http://{HANGUL}.kr/": "http://xn--bj0bj06e.kr/",
    "http://a_b.go.kr/": "http://a_b.go.kr/",
    "HTTPS://A.KR:443": "https://a.kr/",
    "http://a.kr.:80/x#y": "http://a.kr/x",
    "http:\\\\a.kr\\b\\..\\c": "http://a.kr/c",
    "http://user:word@a.kr/x": "http://a.kr/x",
    "http://a@b@a.kr/": "http://a.kr/",
    "http:///a.kr/": "http://a.kr/",
    "\t http://a.kr/\n한글 문서.hwp \x00": f"http://a.kr/{HANGUL}%20%EB%AC%B8%EC%84%9C.hwp",
    "http://a.kr/100%.hwp?50%&%41": "http://a.kr/100%25.hwp?50%25&%41",
    "http://a.kr/x/%2E%2e/./y/..": "http://a.kr/",
    "http://a.kr/\ud800": "http://a.kr/%EF%BF%BD",
    "http://127.1/": "http://127.0.0.1/",
    "http://0x7f000001/": "http://127.0.0.1/",
    "http://１２７．０．０．１/": "http://127.0.0.1/",
    "http://[::FFFF:127.0.0.1]:8080/": "http://[::ffff:7f00:1]:8080/",
}
NONE = ["http://[붙임]/x.hwp", "http://a..b/", f"http://{'a' * 300}/", f"http://{'가' * 300}.kr/", "http://a:99999/"]
NONE += ["http://a:0/", "http://a:한/", "http://a b/", "http://a\x00b/", "http://", "http://@/", "http://[::1", "//[x"]
NONE += ["http://[fe80::1%25eth0]/", "http://1.2.3.4.5/", "http://256.1.1.1/", "http://%FF%FE/", "http://xn--\ud800/"]
NONE += [
    "",
    "붙임 참조",
    "javascript:down('1')",
    "file:///etc/passwd",
    "data:text/html,x",
    "http://a.kr/" + "가" * 9000,
]


@pytest.mark.parametrize("address", SPELT)
def test_an_address_has_one_spelling(address):
    assert normalize(address) == SPELT[address]
    assert normalize(SPELT[address]) == SPELT[address]


@pytest.mark.parametrize("address", NONE)
def test_what_is_no_address_is_refused_in_words_that_can_be_written(address):
    with pytest.raises(TerminalError) as raised:
        normalize(address)
    assert str(raised.value).encode() and len(str(raised.value)) < 400


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("?f=공고", "http://a.kr/b/c?f=%B0%F8%B0%ED"),
        ("/공고?f=—", "http://a.kr/%EA%B3%B5%EA%B3%A0?f=%26%238212%3B"),
        ("http:d", "http://a.kr/b/d"),
        ("https:e.kr/d", "https://e.kr/d"),
        ("//e.kr/d", "http://e.kr/d"),
        ("\\\\\\e.kr\\d", "http://e.kr/d"),
        ("../../../d", "http://a.kr/d"),
        ("공고:1", "http://a.kr/b/%EA%B3%B5%EA%B3%A0:1"),
        ("", "http://a.kr/b/c"),
    ],
)
def test_a_link_is_followed_as_browsers_do_on_a_page_in_euc_kr(link, address):
    assert resolve("http://a.kr/b/c", link, "euc-kr") == address


@pytest.mark.parametrize("charset", ["utf-8", "cp949"])
def test_raw_bytes_of_a_redirect_are_asked_for_as_they_came(charset):
    header = "/공고?f=문서".encode(charset).decode("latin-1")
    assert resolve_redirect("http://a.kr/b", header).encode().startswith(b"http://a.kr/%")
    assert resolve_redirect("http://a.kr/b", "http://한글.kr/".encode().decode("latin-1")) == "http://xn--bj0bj06e.kr/"


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=40),
    st.sampled_from(["", "http://", "https://a.kr/", "http://[", "//", "http://a.kr?", "http://1."]),
)
def test_any_text_is_an_address_or_is_refused(text, start):
    for make in (normalize, lambda link: resolve("http://a.kr/b", link, "euc-kr")):
        try:
            url = make(start + text)
        except TerminalError:
            continue
        assert url.isascii() and normalize(url) == url


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("https://u:p@a.kr/x", "https://a.kr/x"),
        ("see http://u@a.kr and ftp://p:q@b.kr/", "see http://a.kr and ftp://b.kr/"),
        ("https://a.kr/@u?m=x@y.kr", "https://a.kr/@u?m=x@y.kr"),
        ("문의: x@y.kr", "문의: x@y.kr"),
    ],
)
def test_users_and_passwords_leave_addresses_and_nothing_else_does(text, cleaned):
    assert strip_credentials(text) == cleaned


@pytest.mark.parametrize(("charset", "word"), [("euc-kr", "%B0%F8%B0%ED"), ("utf-8", "%EA%B3%B5%EA%B3%A0")])
def test_raw_korean_is_asked_for_and_archived(tmp_path, charset, word):
    with strange_server({}) as server:
        requested = Request(f"{server.url}/공고/문 서.hwp?f=공고", params={"q": "공고—"}, encoding=charset)
        page = fetched(server, tmp_path, purpose="file", request=requested)
    assert server.requested()[0].startswith(f"/%EA%B3%B5%EA%B3%A0/%EB%AC%B8%20%EC%84%9C.hwp?f={word}&q={word}%")
    assert page.url == server.url + server.requested()[0]


@pytest.mark.parametrize("charset", ["utf-8", "cp949"])
def test_a_redirect_in_raw_korean_is_followed(tmp_path, charset):
    with strange_server(
        {b"/a": http_response(b"", b"302 Found", b"Location: " + "/공고?f=문서".encode(charset))}
    ) as server:
        assert fetched(server, tmp_path).content == b"ok"
    assert server.requested()[1].startswith("/%")


@pytest.mark.parametrize("referer", ["http://a.kr/공고\n", "붙임", "http://[x/", "\ud800"])
def test_no_address_of_a_page_keeps_its_file_from_being_fetched(tmp_path, referer):
    with strange_server({}) as server:
        requested = Request(server.url + "/a", headers={"Referer": referer})
        assert fetched(server, tmp_path, request=requested).content == b"ok"


def test_files_whose_addresses_are_none_cost_these_files_alone(portal, settings, monkeypatch):
    urls = ["http://[붙임]/x.hwp", "http://a..b/", f"http://{'a' * 300}/", "http://a:99999/", "//[x", "http://x\ud800/"]
    files = [{"name": f"공고문{url}.hwp", "url": url} for url in urls]
    monkeypatch.setattr(HtmlBoard, "files", lambda self, page: files)
    run = pipeline.collect("btp", settings=settings)
    assert run["extracted"] == run["fetched"] > 0
    documents = read_jsonl(settings.batches / run["batch_id"] / "documents.jsonl")
    outcomes = [file["outcome"] for row in documents for file in row["attachments"]]
    assert outcomes == ["terminal"] * len(outcomes) and len(outcomes) >= len(urls)


@pytest.mark.slow
def test_a_password_in_an_address_is_nowhere_afterwards(portal, settings, monkeypatch):
    host = portal.url.removeprefix("http://")
    file = {"name": "공고문.hwp", "url": f"http://someone:s3cr3tword@{host}/nowhere"}
    monkeypatch.setattr(HtmlBoard, "files", lambda self, page: [file])
    run = pipeline.collect("btp", settings=settings)
    assert run["extracted"] > 0
    for path in settings.home.rglob("*"):
        assert "s3cr3t" not in path.name
        assert path.is_dir() or b"s3cr3t" not in path.read_bytes()


BRIEF = Limits(read_seconds=0.3, total_seconds=0.5, redirects=2, attempts=1)
BYTES = st.binary(max_size=60)
HEADS = st.one_of(
    BYTES,
    st.builds(
        lambda location: b"HTTP/1.1 302 Found\r\nLocation: " + location + b"\r\nContent-Length: 0\r\n\r\n", BYTES
    ),
    st.builds(lambda name, value: http_response(b"ok", b"200 OK", name + b": " + value), BYTES, BYTES),
    st.builds(lambda code: http_response(b"ok", code), BYTES),
    st.builds(
        lambda name, value: http_response(b"ok", b"200 OK", name + b": " + value),
        st.sampled_from([b"Content-Encoding", b"Set-Cookie", b"Transfer-Encoding", b"Retry-After", b"Content-Length"]),
        BYTES,
    ),
)


@settings(max_examples=60, deadline=None)
@given(HEADS, st.text(max_size=20))
def test_whatever_a_server_answers_costs_this_exchange_alone(tmp_path_factory, answer, path):
    with (
        strange_server({b"*": answer}) as server,
        client_of(server, tmp_path_factory.mktemp("any"), limits=BRIEF) as client,
    ):
        try:
            client.get(Request(f"{server.url}/{path}"), "detail")
        except CollectError as error:
            assert error.outcome in ("transient", "terminal", "blocked", "gone")
