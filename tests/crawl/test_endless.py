"""No answer outlasts its limits, wherever in it the endlessness is, and one that is cut off is no answer."""

import gzip
import os
import socket
import ssl
import threading
import time
import zlib
from types import SimpleNamespace

import pytest

from gonggo.errors import CollectError, TerminalError, TransientError
from gonggo.settings import Limits
from gonggo.sources.adapter import Request
from tests.crawl.strange_server import client_of, drip, fetched, flood, http_response, strange_server

# Exchanges of less than a second, and all that a busy machine may add.
PATIENT = 60
QUICK = Limits(connect_seconds=0.7, read_seconds=0.7, total_seconds=0.7, page_bytes=200_000, attempts=2)
HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
PACKED = HEAD + b"Content-Encoding: gzip\r\nConnection: close\r\n\r\n"
INFLATED = HEAD + b"Content-Encoding: deflate\r\nConnection: close\r\n\r\n"
NAMED = b"\x1f\x8b\x08\x08\0\0\0\0\0\x03"
PLAIN = b"\x1f\x8b\x08\0\0\0\0\0\0\x03"
EMPTY_BLOCK = b"\x00\x00\x00\xff\xff"
ENDLESS = {
    "interim answers, slowly": drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "interim answers": flood(b"", b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" * 500),
    "status line": drip(b"HTTP/1.1 200 O", b"K"),
    "header": drip(HEAD + b"X-A: ", b"a"),
    "headers": flood(HEAD, b"X-A: " + b"a" * 60_000 + b"\r\n"),
    "header that goes on in further lines": drip(HEAD + b"X-A: a\r\n", b" b\r\n"),
    "chunk": drip(CHUNKED + b"ffffff\r\n", b"a"),
    "chunk of any size": flood(CHUNKED + b"ffffffffffffffff\r\n", b"a" * 65536),
    "chunks": flood(CHUNKED, b"1\r\na\r\n" * 1000),
    "chunk's size": drip(CHUNKED, b"0"),
    "chunk's extension": drip(CHUNKED + b"5;", b"a"),
    "trailer": drip(CHUNKED + b"2\r\nok\r\n0\r\n", b"X: y\r\n"),
    "trailer at once": flood(CHUNKED + b"2\r\nok\r\n0\r\n", b"X: y\r\n" * 1000),
    "body": flood(HEAD + b"\r\n", b"a" * 65536),
    "body, slowly": drip(HEAD + b"\r\n", b"a"),
    "name in gzip": flood(PACKED + NAMED, b"a" * 65536),
    "name in gzip, slowly": drip(PACKED + NAMED, b"a"),
    "empty blocks": flood(PACKED + PLAIN, EMPTY_BLOCK * 10_000),
    "empty blocks, slowly": drip(PACKED + PLAIN, EMPTY_BLOCK),
    "empty members": flood(PACKED, gzip.compress(b"") * 1000),
    "empty members, slowly": drip(PACKED, gzip.compress(b"")),
    "empty blocks of deflate": flood(INFLATED + b"\x78\x9c", EMPTY_BLOCK * 10_000),
    "silence": drip(b"", b"", 0.2),
}


@pytest.mark.parametrize("kind", ENDLESS)
@pytest.mark.slow
def test_an_endless_answer_ends_within_its_limits(tmp_path, kind):
    with strange_server({b"/a": ENDLESS[kind]}) as server, client_of(server, tmp_path, limits=QUICK) as client:
        started = time.monotonic()
        with pytest.raises(CollectError):
            client.get(Request(server.url + "/a"), "detail")
        assert time.monotonic() - started < PATIENT
    assert client.fetches[-1].outcome in ("transient", "terminal")


@pytest.mark.parametrize("body", [b"\0" * 9_000_000, gzip.compress(b"\0" * 90_000_000)], ids=["once", "twice"])
@pytest.mark.parametrize("status", [b"200 OK", b"302 Found"], ids=["page", "redirect"])
def test_what_unpacks_to_too_much_is_refused_in_any_answer(tmp_path, body, status):
    names = b"gzip" if body[:1] == b"\0" else b"gzip, gzip"
    packed = http_response(gzip.compress(body), status, b"Content-Encoding: " + names, b"Location: /b")
    with (
        strange_server({b"/a": packed}) as server,
        client_of(server, tmp_path, limits=Limits(page_bytes=200_000)) as client,
        pytest.raises(TerminalError, match="more than 200000 bytes"),
    ):
        client.get(Request(server.url + "/a"), "detail")


def test_many_layers_of_compression_are_refused(tmp_path):
    body = b"x"
    for _ in range(20):
        body = gzip.compress(body)
    answer = http_response(body, b"200 OK", b"Content-Encoding: " + b", ".join([b"gzip"] * 20))
    with (
        strange_server({b"/a": answer}) as server,
        client_of(server, tmp_path) as client,
        pytest.raises(TerminalError, match="compressed 20 times"),
    ):
        client.get(Request(server.url + "/a"), "detail")


TEXT = os.urandom(9000).hex().encode()
_raw = zlib.compressobj(wbits=-15)
BARE = _raw.compress(TEXT) + _raw.flush()
PACKINGS = {"gzip": gzip.compress(TEXT), "x-gzip": gzip.compress(TEXT), "deflate": zlib.compress(TEXT)}
PACKINGS |= {
    "Deflate": BARE,
    "gzip, identity": gzip.compress(TEXT),
    "gzip, deflate": zlib.compress(gzip.compress(TEXT)),
}


def with_each_framing(body, encoding):
    """An answer whose end is the connection's, one in chunks, and one with Content-Length."""
    head = HEAD + b"Content-Encoding: " + encoding.encode() + b"\r\nConnection: close\r\n"
    yield head + b"\r\n" + body
    yield head + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    yield head + b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


@pytest.mark.parametrize("encoding", PACKINGS)
def test_a_packed_answer_is_whole_or_it_is_none(tmp_path, encoding):
    packed = PACKINGS[encoding]
    with strange_server({}) as server, client_of(server, tmp_path, limits=Limits(attempts=1)) as client:
        for answer in with_each_framing(packed, encoding):
            server.answers[b"/a"] = answer
            assert client.get(Request(server.url + "/a"), "detail")[0].content == TEXT
        for size in (1, len(packed) // 2, len(packed) - 1):
            for answer in with_each_framing(packed[:size], encoding):
                server.answers[b"/a"] = answer
                with pytest.raises(TransientError, match=r"end too early|damaged"):
                    client.get(Request(server.url + "/a"), "detail")


def test_a_packed_answer_shorter_than_it_says_is_none(tmp_path):
    packed = PACKINGS["gzip"]
    answer = HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % (len(packed) + 5) + packed[:-5]
    with (
        strange_server({b"/a": answer}) as server,
        client_of(server, tmp_path) as client,
        pytest.raises(TransientError),
    ):
        client.get(Request(server.url + "/a"), "detail")


def test_members_one_after_the_other_are_all_read_and_what_follows_is_left(tmp_path):
    body = gzip.compress(b"one ") + gzip.compress(b"two") + b"\0" * 300
    with (
        strange_server({b"/a": HEAD + b"Content-Encoding: gzip\r\n\r\n" + body}) as server,
        client_of(server, tmp_path) as one,
    ):
        assert one.get(Request(server.url + "/a"), "detail")[0].content == b"one two"


def test_an_encoding_that_was_not_requested_is_refused_and_an_unknown_word_ignored(tmp_path):
    with strange_server({}) as server, client_of(server, tmp_path) as client:
        server.answers[b"/a"] = http_response(b"\x0b\x02", b"200 OK", b"Content-Encoding: br")
        with pytest.raises(TerminalError, match="compressed as br"):
            client.get(Request(server.url + "/a"), "detail")
        assert b"Accept-Encoding: gzip, deflate\r\n" in server.heads[-1]
        server.answers[b"/a"] = http_response(b"plain", b"200 OK", b"Content-Encoding: UTF-8")
        assert client.get(Request(server.url + "/a"), "detail")[0].content == b"plain"


@pytest.mark.parametrize("status", [b"206 Partial Content", b"304 Not Modified", b"103 Early Hints"])
def test_a_part_or_nothing_that_nobody_asked_for_is_no_answer(tmp_path, status):
    with (
        strange_server({b"/a": http_response(b"", status)}) as server,
        pytest.raises(TransientError, match="was not requested"),
    ):
        fetched(server, tmp_path)


def test_attempts_end_when_the_time_of_an_exchange_is_spent(tmp_path):
    answers = {b"/a": ENDLESS["body, slowly"]}
    with strange_server(answers) as server, pytest.raises(TransientError, match="not finished after 1 s"):
        fetched(server, tmp_path, limits=Limits(total_seconds=1, attempts=9))
    assert server.requested() == ["/a"]


def test_redirects_share_one_clock(tmp_path):
    def slow(_):
        time.sleep(0.7)
        yield http_response(b"", b"302 Found", b"Location: /a")

    limits = Limits(total_seconds=1, redirects=20, attempts=1)
    with strange_server({b"/a": slow}) as server, pytest.raises(TransientError, match="not finished after 1 s"):
        fetched(server, tmp_path, limits=limits)
    assert len(server.requested()) < 4


@pytest.mark.parametrize("value", ["99999999999999999999", "3600", "Fri, 31 Dec 2999 23:59:59 GMT"])
def test_a_server_that_asks_for_hours_is_left_until_the_next_run(tmp_path, value):
    answer = http_response(b"", b"503 X", b"Retry-After: " + value.encode())
    with strange_server({b"/a": answer}) as server, pytest.raises(TransientError, match="asks to wait"):
        fetched(server, tmp_path)
    assert server.requested() == ["/a"]


@pytest.mark.parametrize("value", ["²", "-5", "Fri, 31 Dec 999999 23:59:59 GMT", "1e9", "soon", ""])
def test_a_pause_that_says_nothing_is_none(tmp_path, value):
    answer = http_response(b"", b"503 X", b"Retry-After: " + value.encode("latin-1"))
    with strange_server({b"/a": answer}) as server, pytest.raises(TransientError, match="answered 503, 2 times"):
        fetched(server, tmp_path)


def test_the_limit_of_a_file_stays_its_own_behind_a_redirect_with_rules_of_its_own(tmp_path):
    large = http_response(b"x" * 300_000)
    with strange_server({b"/b": large}) as other, strange_server({}) as server:
        server.answers[b"/a"] = http_response(b"", b"302 Found", b"Location: " + other.url.encode() + b"/b")
        with client_of(server, tmp_path, others=[other]) as client:
            assert len(client.get(Request(server.url + "/a"), "file")[0].content) == 300_000


def test_a_name_that_is_looked_up_for_ever_ends(tmp_path, monkeypatch):
    real, released = socket.getaddrinfo, threading.Event()

    def stuck(host, *rest, **more):
        if host == "slow.example":
            released.wait(2 * PATIENT)
        return real(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", stuck)
    with strange_server({}) as server, client_of(server, tmp_path, limits=QUICK) as client:
        started = time.monotonic()
        with pytest.raises(TransientError, match="not finished after"):
            client.get(Request("http://slow.example/a"), "detail")
        assert time.monotonic() - started < PATIENT
    released.set()


@pytest.mark.parametrize("kind", ["silence", "drip", "flood"])
def test_a_handshake_that_does_not_end_ends(tmp_path, kind):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port, over = listening.getsockname()[1], threading.Event()

        def serve():
            while not over.is_set():
                try:
                    taken, _ = listening.accept()
                except OSError:
                    return
                threading.Thread(target=answer, args=(taken,), daemon=True).start()

        def answer(taken):
            try:
                with taken:
                    # A record of the handshake that is announced and never complete.
                    taken.sendall(b"\x16\x03\x03\x3f\xff" if kind != "silence" else b"")
                    while not over.wait(0.05 if kind != "flood" else 0):
                        taken.sendall(
                            b"" if kind == "silence" else b"\0" if kind == "drip" else b"\x16\x03\x03\0\0" * 99
                        )
            except OSError:
                return

        threading.Thread(target=serve, daemon=True).start()
        here = SimpleNamespace(port=port)
        with strange_server({}) as server, client_of(server, tmp_path, others=[here], limits=QUICK) as client:
            started = time.monotonic()
            with pytest.raises(CollectError, match=r"SSL|not finished|timed out"):
                client.get(Request(f"https://127.0.0.1:{port}/a"), "detail")
            assert time.monotonic() - started < PATIENT
        over.set()


def test_tls_is_counted_below_its_records(tmp_path):
    """Whatever speaks TLS here reads through the metered socket; the standard library's own would go past it."""
    from gonggo.crawl.wire import Metered, Wire, metered_tls

    ours, theirs = socket.socketpair()
    wire = Wire()
    wire.meter.seconds, wire.meter.max_raw_bytes = 5.0, 100
    theirs.sendall(b"\x16\x03\x03\x10\x00" + b"\0" * 4000)
    with theirs, Metered(ours, wire) as metered, pytest.raises(TerminalError, match="more than 100 bytes received"):
        metered_tls(ssl.create_default_context()).wrap_socket(metered, server_hostname="example.org")
