"""robots.txt is understood however it is written; where it is not, nothing is fetched."""

import os
import socket
import time

import pytest

from gonggo.crawl.robots import Robots
from gonggo.errors import CollectError, TerminalError, TransientError
from gonggo.sources.adapter import Page, Request
from tests.crawl.strange_server import client_of, fetched, http_response, strange_server

RULES = "User-agent: *\nDisallow: /a\nCrawl-delay: 7\n"
WRITTEN = {
    "plain": RULES.encode(),
    "UTF-8 with a mark": RULES.encode("utf-8-sig"),
    "two marks": b"\xef\xbb\xbf" + RULES.encode("utf-8-sig"),
    "a mark in the middle": b"Sitemap: /s\n" + RULES.encode("utf-8-sig"),
    "UTF-16 with a mark": RULES.encode("utf-16"),
    "UTF-16, the other way round": b"\xfe\xff" + RULES.encode("utf-16-be"),
    "UTF-16 without a mark": RULES.encode("utf-16-le"),
    "UTF-16 without a mark, the other way round": RULES.encode("utf-16-be"),
    "UTF-32": RULES.encode("utf-32"),
    "Korean in EUC-KR": ("# 수집 안내\n" + RULES).encode("euc-kr"),
    "returns for ends of lines": RULES.replace("\n", "\r").encode(),
    "spaces of other kinds": RULES.replace(": ", "\u00a0:\u3000").encode(),
    "a wide colon": RULES.replace(":", "：").encode(),
    "in a page": f"<html><body><pre>{RULES}</pre></body></html>".encode(),
    "in a page, by lines": f"<!DOCTYPE html><p>{RULES.strip().replace(chr(10), '<br>')}</p>".encode(),
    "for nobody named": b"Disallow: /a\nCrawl-delay: 7\n",
    "for us by name": b"User-agent: *\nAllow: /\n\nUser-agent: gonggo\nDisallow: /a\nCrawl-delay: 7\n",
}

FORBIDS_A = [
    "User-agent: *\nDisallow: https://b.kr/a/",
    "User-agent: *\nDisallow: http://www.b.kr:80/a/",
    "User-agent: *\nDisallow: //b.kr/a/",
    "User-agent: *\nDisallow: b.kr/a",
    "User-agent: *\nDisallow: https://b.kr",
    "User-agent: *\nDisallow: a",
    "User-agent: *\nDisallow: a/",
    'User-agent: "*"\nDisallow: "/"',
    "User-agent: '*'\nDisallow: \u201c/a\u201d",
    "User-agent: * Disallow: /",
    "User-agent: *; Disallow: /a;",
    "User-agent: *;Disallow:/a",
    "User-agent: * Allow: /b Disallow: /a",
    "User-agent: *\nDisallow: /b, /a",
    "User-agent: *\nDisallow: /b /a",
    "User-agent: Googlebot, *\nDisallow: /a",
    "User-agent *\nDisallow /a",
    "User-agent: *\nDisallow: ?seq=",
]
FORBIDS_NOTHING = [
    "User-agent: *\nDisallow: https://other.kr/a/",
    "User-agent: *\nDisallow: ",
    'User-agent: *\nDisallow: ""',
    "# User-agent: * Disallow: /\nUser-agent: *\nDisallow: # nothing",
    "User-agent: * Disallow: /b",
    "User-agent: Googlebot Disallow: /",
    "User-agent: *\nAllow: /\nSitemap: https://b.kr/a/map.xml",
]


@pytest.mark.parametrize("text", FORBIDS_A)
def test_a_rule_written_in_its_own_way_forbids(tmp_path, text):
    robots = Robots("Gonggo/1", lambda url: Page(url, 200, {}, text.encode()), tmp_path)
    with pytest.raises(TerminalError, match="forbids"):
        robots.require_allowed("https://b.kr/a/list?seq=3")


@pytest.mark.parametrize("text", FORBIDS_NOTHING)
def test_a_rule_for_others_or_of_nothing_forbids_nothing(tmp_path, text):
    robots = Robots("Gonggo/1", lambda url: Page(url, 200, {}, text.encode()), tmp_path)
    robots.require_allowed("https://b.kr/a/list?seq=3")


@pytest.mark.parametrize("kind", WRITTEN)
def test_a_rule_is_obeyed_however_it_is_written(tmp_path, kind):
    with (
        strange_server({b"/robots.txt": http_response(WRITTEN[kind])}) as server,
        client_of(server, tmp_path) as client,
    ):
        with pytest.raises(TerminalError, match=r"robots\.txt forbids /a"):
            client.get(Request(server.url + "/a"), "detail")
        assert client.robots.require_allowed(server.url + "/b") == 7
        client.get(Request(server.url + "/b"), "detail")
    assert server.requested() == ["/b"]


def test_a_rule_in_raw_korean_is_obeyed_in_both_charsets(tmp_path):
    rule = "User-agent: *\nDisallow: /공고\nDisallow: /x?y=공고\n".encode("euc-kr")
    with strange_server({b"/robots.txt": http_response(rule)}) as server, client_of(server, tmp_path) as client:
        for path in ("/공고/1", "/x?y=공고"):
            with pytest.raises(TerminalError, match="forbids"):
                client.get(Request(server.url + path, encoding="euc-kr"), "detail")


DOUBTFUL = {
    "no text": http_response(b"\x89PNG\r\x1a\x01\x02" * 9),
    "a packed file": http_response(b"\x1f\x8b\x08\0\0\0\0\0\0\x03abc"),
    "too large": http_response(b"# " + b"x" * 600_000),
    "a refusal": http_response("<html><p>비정상적인 접근이 감지되어 차단되었습니다</p></html>".encode()),
    "busy": http_response(b"", b"429 X"),
    "broken": http_response(b"", b"500 X"),
    "a redirect to nowhere": http_response(b"", b"302 X"),
    "a redirect without end": http_response(b"", b"302 X", b"Location: /robots.txt"),
    "a redirect to no address": http_response(b"", b"302 X", b"Location: http://[x/"),
    "cut off": b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nUser-agent: *\n",
}


@pytest.mark.parametrize("kind", DOUBTFUL)
def test_in_doubt_nothing_is_fetched(tmp_path, kind):
    with strange_server({b"/robots.txt": DOUBTFUL[kind]}) as server, pytest.raises(CollectError):
        fetched(server, tmp_path, limits=None)
    assert server.requested() == []


@pytest.mark.parametrize(
    "answer",
    [
        http_response(b"", b"404 X"),
        http_response(b"", b"403 X"),
        http_response(b""),
        http_response(b"<html><p>Home</p>"),
    ],
)
def test_where_there_are_no_rules_all_is_allowed(tmp_path, answer):
    with strange_server({b"/robots.txt": answer}) as server:
        assert fetched(server, tmp_path).content == b"ok"


def state_file(folder, ending):
    (path,) = (folder / "state" / "hosts").glob(f"*.{ending}")
    return path


@pytest.mark.parametrize(
    "damage", [b"", b"\0" * 40, b"\xff\xfe\x80", b"User-agent: *\nAllow: /\n", "folder", "cut", "future"]
)
def test_damaged_rules_are_asked_for_again_and_reported(tmp_path, damage, caplog):
    with strange_server({b"/robots.txt": http_response(RULES.encode())}) as server:
        for _ in range(2):
            fetched(server, tmp_path, "/b")
        assert len(server.heads) == 3
        path = state_file(tmp_path, "robots")
        if damage == "folder":
            path.unlink()
            path.mkdir()
        elif damage == "future":
            os.utime(path, (time.time() + 9e6,) * 2)
        else:
            path.write_bytes(path.read_bytes()[:-9] if damage == "cut" else damage)
        with pytest.raises(TerminalError, match="forbids"):
            fetched(server, tmp_path, "/a")
        assert len(server.heads) == 4
        assert damage == "future" or str(path) in caplog.text
        assert state_file(tmp_path, "robots").is_file()


@pytest.mark.parametrize("damage", [b"", b"nan", b"\xff\xfe", b"x" * 90, b"-inf", "folder"])
def test_a_damaged_file_of_the_last_request_is_recreated_and_reported(tmp_path, damage, caplog):
    with strange_server({}) as server:
        fetched(server, tmp_path)
        path = state_file(tmp_path, "last")
        if damage == "folder":
            path.unlink()
            path.mkdir()
        else:
            path.write_bytes(damage)
        for _ in range(2):
            assert fetched(server, tmp_path).content == b"ok"
        assert caplog.text.count(str(path)) == 1
        assert abs(float(state_file(tmp_path, "last").read_text()) - time.time()) < 60


def test_a_lock_that_is_a_folder_is_renamed(tmp_path):
    with strange_server({}) as server:
        fetched(server, tmp_path)
        path = state_file(tmp_path, "lock")
        path.unlink(missing_ok=True)
        path.mkdir()
        assert fetched(server, tmp_path).content == b"ok"


def test_rules_that_cannot_be_kept_are_obeyed_all_the_same(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("gonggo.crawl.robots.write_text", full)
    with (
        strange_server({b"/robots.txt": http_response(RULES.encode())}) as server,
        pytest.raises(TerminalError, match="forbids"),
    ):
        fetched(server, tmp_path)


def test_the_name_of_a_long_host_fits_into_the_folder(tmp_path, monkeypatch):
    def nowhere(*_, **__):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    host = ".".join(["a" * 60] * 4)
    with strange_server({}) as server, pytest.raises(TransientError):
        fetched(server, tmp_path, request=Request(f"http://{host}/"))


def test_the_pause_that_a_site_asks_for_is_kept_between_requests(tmp_path, monkeypatch):
    waited = []
    rules = {b"/robots.txt": http_response(b"User-agent: *\nCrawl-delay: 90\n")}
    with strange_server(rules) as server, client_of(server, tmp_path, demo_url=None) as client:
        monkeypatch.setattr("gonggo.crawl.throttle.time.sleep", waited.append)
        client.get(Request(server.url + "/a"), "detail")
        before = len(waited)
        client.get(Request(server.url + "/b"), "detail")
    assert [pause > 30 for pause in waited[before:]] == [True]
