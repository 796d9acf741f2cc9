"""What is meant for the host of a source stays with it, wherever that sends one."""

import pytest

from gonggo.errors import TerminalError
from gonggo.sources.adapter import Request
from tests.crawl.strange_server import client_of, fetched, http_response, strange_server

KEYS = {
    "X-Naver-Client-Secret": "k3y-of-a-source",
    "Authorization": "Bearer t0ken",
    "Cookie": "sid=c00kie",
    "apikey": "k",
}


@pytest.fixture
def two(tmp_path):
    """The server of a source, and another one that it sends everybody to."""
    with strange_server({}) as other, strange_server({}) as server:
        for status in (301, 302, 303, 307, 308):
            target = other.url.encode() + b"/there"
            path = b"/%d" % status
            server.answers[path] = http_response(
                b"", b"%d X" % status, b"Location: " + target, b"Set-Cookie: got=c00kie2"
            )
            server.answers[path + b"h"] = http_response(
                b"", b"%d X" % status, b"Location: /here", b"Set-Cookie: got=c00kie2"
            )
        yield server, other


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_keys_and_cookies_do_not_follow_to_another_host(tmp_path, two, status):
    server, other = two
    requested = Request(
        f"{server.url}/{status}", headers={**KEYS, "Accept": "text/html", "Referer": f"{server.url}/list?k=1"}
    )
    assert fetched(server, tmp_path, request=requested, others=[other]).content == b"ok"
    (first,) = [head for head in server.heads if b"robots" not in head.split(b"\r\n")[0]]
    assert b"k3y-of-a-source" in first and b"/list?k=1" in first
    sent = b"".join(other.heads).lower()
    assert not any(word in sent for word in (b"k3y", b"t0ken", b"c00kie", b"apikey", b"k=1"))
    assert b"accept: text/html" in sent and b"referer: " + server.url.encode() + b"/\r\n" in sent


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_keys_and_cookies_do_follow_within_the_host(tmp_path, two, status):
    server, other = two
    requested = Request(f"{server.url}/{status}h", headers={"apikey": "k3y-of-a-source"})
    fetched(server, tmp_path, request=requested, others=[other])
    assert b"k3y-of-a-source" in server.heads[-1] and b"got=c00kie2" in server.heads[-1]


@pytest.mark.parametrize("status", [307, 308])
@pytest.mark.parametrize("body", [{"data": {"q": "f0rm"}}, {"json": {"q": "f0rm"}}], ids=["form", "json"])
def test_a_form_is_sent_to_no_other_host(tmp_path, two, status, body):
    server, other = two
    with pytest.raises(TerminalError, match="the form that was for the first"):
        fetched(server, tmp_path, request=Request(f"{server.url}/{status}", "POST", **body), others=[other])
    assert other.heads == []


def test_a_form_that_is_answered_by_another_host_is_not_sent_along(tmp_path, two):
    server, other = two
    fetched(server, tmp_path, request=Request(f"{server.url}/302", "POST", data={"q": "f0rm"}), others=[other])
    assert other.heads[-1].startswith(b"GET /there") and b"f0rm" not in other.heads[-1]


def test_a_redirect_that_tells_another_host_the_key_is_refused(tmp_path, two, monkeypatch):
    server, other = two
    monkeypatch.setenv("SOMETHING_API_KEY", "k3y+of/a-source")
    target = other.url.encode() + b"/there?key=k3y%2Bof%2Fa-source"
    server.answers[b"/a"] = http_response(b"", b"302 X", b"Location: " + target)
    with pytest.raises(TerminalError, match="a key that was for the first") as sent:
        fetched(server, tmp_path, others=[other])
    assert other.heads == [] and "k3y" not in str(sent.value)


def test_users_of_addresses_are_neither_sent_nor_stored(tmp_path, two):
    server, other = two
    server.answers[b"/a"] = http_response(
        b"", b"302 X", b"Location: " + other.url.replace("//", "//user:w0rd@").encode() + b"/b"
    )
    with client_of(server, tmp_path, others=[other]) as client:
        page, _ = client.get(Request(server.url.replace("//", "//user:w0rd@") + "/a"), "detail")
    assert page.url == other.url + "/b"
    assert b"authorization" not in b"".join(server.heads + other.heads).lower()
    assert "w0rd" not in str(client.fetches)
    for path in tmp_path.rglob("*"):
        assert "w0rd" not in path.name and "user" not in path.name
        assert path.is_dir() or b"w0rd" not in path.read_bytes()


def test_too_many_cookies_are_forgotten(tmp_path):
    cookies = [b"Set-Cookie: c%d=%s" % (number, b"v" * 4000) for number in range(20)]
    with (
        strange_server({b"/a": http_response(b"ok", b"200 OK", *cookies)}) as server,
        client_of(server, tmp_path) as client,
    ):
        client.get(Request(server.url + "/a"), "front")
        client.get(Request(server.url + "/b"), "detail")
    assert len(server.heads[-1]) < 2000


@pytest.mark.parametrize("status", [301, 302, 307, 300, 305])
def test_a_redirect_to_nowhere_is_no_page(tmp_path, status):
    with strange_server({b"/a": http_response(b"moved", b"%d X" % status)}) as server, pytest.raises(TerminalError):
        fetched(server, tmp_path)
