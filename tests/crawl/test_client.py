"""The client against a server that misbehaves as real ones do."""

import gzip
import socket
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote_to_bytes

import pytest

from gonggo.crawl.client import Client, parse_retry_after
from gonggo.crawl.warc import Archive
from gonggo.errors import BlockedError, TerminalError, TransientError
from gonggo.settings import Limits, load_settings
from gonggo.sources.adapter import Request
from gonggo.sources.catalogue import load_catalogue
from tests.serving import running


class Server(ThreadingHTTPServer):
    """Answers with ``answers[path]``: (status, headers, body), or a list of them in turn."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers, self.seen, self.posted = {"/robots.txt": (404, {}, b"")}, [], []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.seen.append((self.path, dict(self.headers), time.monotonic()))
        answer = self.server.answers[self.path.split("?")[0]]
        status, headers, body = answer.pop(0) if isinstance(answer, list) else answer
        self.send_response(status)
        if body == "drip":
            self.end_headers()
            for _ in range(40):
                self.wfile.write(b".")
                self.wfile.flush()
                time.sleep(0.2)
            return
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posted.append((self.headers["Content-Type"], body))
        self.do_GET()

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    with running(Server()) as server:
        yield server


@contextmanager
def client(server, tmp_path, **changes):
    env = {"GONGGO_SOURCES": "demo", "GONGGO_DEMO_URL": server.url, "GONGGO_HOME": str(tmp_path)}
    limits = Limits(connect_seconds=10, read_seconds=10, total_seconds=30, page_bytes=100_000, redirects=3, attempts=3)
    settings = replace(load_settings(env), **{"limits": limits, **changes})
    log = []
    with Archive(tmp_path / "x.warc.gz") as archive:
        one = Client(settings, load_catalogue()["btp"], "run", archive, log.append)
        one.fetches = log
        yield one


def get(server, tmp_path, path, **options):
    with client(server, tmp_path) as one:
        return one.get(Request(server.url + path, **options), "detail")[0]


@pytest.mark.parametrize(("charset", "word"), [("euc-kr", "%B0%F8%B0%ED"), ("utf-8", "%EA%B3%B5%EA%B3%A0")])
def test_korean_words_are_asked_for_in_the_charset_of_the_site(server, tmp_path, charset, word):
    server.answers["/a"] = (200, {}, b"ok")
    get(server, tmp_path, "/a", params={"q": "공고"}, encoding=charset)
    assert server.seen[-1][0] == f"/a?q={word}"
    get(server, tmp_path, "/a", method="POST", data={"q": "공고", "page": "1"}, encoding=charset)
    assert server.posted == [("application/x-www-form-urlencoded", f"q={word}&page=1".encode())]


def test_a_body_of_json_is_sent_as_json(server, tmp_path):
    server.answers["/a"] = (200, {}, b"{}")
    get(server, tmp_path, "/a", method="POST", json={"page": 1})
    assert server.posted == [("application/json", b'{"page": 1}')]


def test_a_busy_server_is_asked_again_after_the_pause_it_names(server, tmp_path):
    server.answers["/a"] = [(429, {"Retry-After": "1"}, b""), (503, {}, b""), (200, {}, b"ok")]
    assert get(server, tmp_path, "/a").content == b"ok"
    times = [at for path, _, at in server.seen if path == "/a"]
    assert len(times) == 3
    assert times[1] - times[0] >= 1.0


def test_patience_ends_and_says_so(server, tmp_path):
    server.answers["/a"] = (500, {}, b"")
    with pytest.raises(TransientError, match="answered 500, 3 times"):
        get(server, tmp_path, "/a")


def test_robots_is_obeyed_with_queries_too(server, tmp_path):
    server.answers |= {"/robots.txt": (200, {}, b"User-agent: *\nDisallow: /*?secret=\n"), "/a": (200, {}, b"ok")}
    with pytest.raises(TerminalError, match="robots"):
        get(server, tmp_path, "/a", params={"secret": "1"})
    assert get(server, tmp_path, "/a").content == b"ok"
    assert [path for path, _, _ in server.seen if path.startswith("/a")] == ["/a"]


def test_robots_is_asked_for_once_by_all_tasks_and_again_when_it_is_old(server, tmp_path, monkeypatch):
    server.answers |= {"/robots.txt": (200, {}, b"User-agent: *\nDisallow: /no\n"), "/a": (200, {}, b"ok")}
    for _ in range(3):
        get(server, tmp_path, "/a")
    asked = [path for path, _, _ in server.seen if path == "/robots.txt"]
    assert len(asked) == 1
    monkeypatch.setattr("gonggo.crawl.robots.CACHE_SECONDS", 0)
    server.answers["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /\n")
    with pytest.raises(TerminalError, match="robots"):
        get(server, tmp_path, "/a")


def test_robots_that_fails_means_nothing_may_be_fetched(server, tmp_path):
    server.answers |= {"/robots.txt": (500, {}, b""), "/a": (200, {}, b"ok")}
    with pytest.raises(TransientError, match=r"robots\.txt"):
        get(server, tmp_path, "/a")
    assert not any(path == "/a" for path, _, _ in server.seen)


def test_robots_may_be_redirected(server, tmp_path):
    server.answers |= {
        "/robots.txt": (301, {"Location": "/robots2.txt"}, b""),
        "/robots2.txt": (200, {}, b""),
        "/a": (200, {}, b"ok"),
    }
    assert get(server, tmp_path, "/a").content == b"ok"


def test_a_private_address_is_refused_at_once_and_behind_a_redirect(server, tmp_path):
    with running(Server()) as inner:
        inner.answers["/x"] = (200, {}, b"secret")
        server.answers["/a"] = (302, {"Location": inner.url + "/x"}, b"")
        with pytest.raises(TerminalError, match="no public address"):
            get(server, tmp_path, "/a")
        assert inner.seen == []


def test_a_proxy_of_the_environment_is_no_way_around_the_guard(server, tmp_path, monkeypatch):
    monkeypatch.setenv("http_proxy", server.url)
    server.answers["http://127.0.0.1:9/x"] = (200, {}, b"secret")
    with client(server, tmp_path, allow_private=()) as one, pytest.raises((TerminalError, TransientError)):
        one.get(Request("http://127.0.0.1:9/x"), "detail")
    assert server.seen == []


def test_a_small_answer_that_unpacks_to_much_is_refused(server, tmp_path):
    bomb = gzip.compress(b"0" * (32 << 20))
    server.answers["/a"] = (200, {"Content-Encoding": "gzip", "Content-Type": "text/html"}, bomb)
    with pytest.raises(TerminalError, match="more than 100000 bytes"):
        get(server, tmp_path, "/a")


def test_an_ordinary_packed_answer_is_unpacked(server, tmp_path):
    server.answers["/a"] = (200, {"Content-Encoding": "gzip"}, gzip.compress("한글 ".encode() * 9000))
    assert get(server, tmp_path, "/a").content == "한글 ".encode() * 9000


def test_half_an_answer_is_none(server, tmp_path):
    server.answers["/a"] = (200, {"Content-Length": "9"}, b"half")
    with pytest.raises(TransientError):
        get(server, tmp_path, "/a")


def test_a_server_that_drips_is_left(server, tmp_path):
    server.answers["/a"] = (200, {}, "drip")
    with client(server, tmp_path) as one:
        one.limits = replace(one.limits, attempts=1, total_seconds=1)
        with pytest.raises(TransientError, match="not finished"):
            one.get(Request(server.url + "/a"), "detail")


def test_a_redirect_loop_ends(server, tmp_path):
    server.answers["/a"] = (302, {"Location": "/a"}, b"")
    with pytest.raises(TerminalError, match="redirects"):
        get(server, tmp_path, "/a")


def test_a_refusal_is_called_blocked(server, tmp_path):
    server.answers["/a"] = (403, {}, b"")
    with pytest.raises(BlockedError):
        get(server, tmp_path, "/a")


def test_a_key_is_written_nowhere(server, tmp_path):
    server.answers["/a"] = (200, {}, b"ok")
    with client(server, tmp_path) as one:
        one.get(Request(server.url + "/a", params={"crtfcKey": "s3cr3t"}), "list")
        log = str(one.fetches)
    assert "s3cr3t" not in log + gzip.decompress((tmp_path / "x.warc.gz").read_bytes()).decode("utf-8", "replace")
    assert "crtfcKey=***" in log


def test_the_user_agent_names_the_program_and_its_contact(server, tmp_path):
    server.answers["/a"] = (200, {}, b"ok")
    with client(server, tmp_path, contact="team@example.or.kr") as one:
        one.get(Request(server.url + "/a"), "detail")
    agent = server.seen[-1][1]["User-Agent"]
    assert agent.startswith("Gonggo/")
    assert "team@example.or.kr" in agent


def test_retry_after_as_a_date():
    from email.utils import formatdate

    assert 50 < parse_retry_after(formatdate(time.time() + 60, usegmt=True)) <= 60
    assert parse_retry_after("soon") is None


class Keeping:
    """Keeps its connections, and answers path by path with ``answers``: bytes, and whether it hangs up behind them."""

    def __init__(self, answers):
        self.answers, self.asked, self.connections = answers, [], 0
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listening.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with suppress(OSError):
            while True:
                taken, _ = self.listening.accept()
                self.connections += 1
                threading.Thread(target=self._serve, args=(taken,), daemon=True).start()

    def _serve(self, taken):
        with suppress(OSError), taken, taken.makefile("rb") as lines:
            served = 0
            while line := lines.readline():
                path = line.split()[1]
                while lines.readline().strip():
                    pass
                self.asked.append(path)
                served += 1
                if path == b"/hangs-up" and served > 1:
                    return
                taken.sendall(self.answers[path])


GOOD = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood"
ANSWERS = {b"/robots.txt": b"HTTP/1.1 404 None\r\nContent-Length: 0\r\n\r\n", b"/good": GOOD, b"/hangs-up": GOOD}


@pytest.fixture
def keeping():
    server = Keeping({**ANSWERS})
    yield server
    server.listening.close()


@pytest.mark.parametrize(
    "interim",
    [
        b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        b"HTTP/1.1 102 Processing\r\n\r\n",
        b"HTTP/1.1 199 Own\r\n\r\n",
    ],
)
def test_what_follows_an_interim_answer_is_not_taken_for_the_next_page(keeping, tmp_path, interim):
    keeping.answers[b"/odd"] = interim
    with client(keeping, tmp_path, limits=replace(Limits(), attempts=1)) as one:
        one.get(Request(f"{keeping.url}/good"), "detail")
        before = keeping.connections
        with pytest.raises(TransientError, match="which was not requested"):
            one.get(Request(f"{keeping.url}/odd"), "detail")
        assert one.get(Request(f"{keeping.url}/good"), "detail")[0].content == b"good"
    assert keeping.connections == before + 1


def test_a_kept_connection_that_was_hung_up_costs_no_page(keeping, tmp_path):
    with client(keeping, tmp_path, limits=replace(Limits(), attempts=1)) as one:
        one.get(Request(f"{keeping.url}/good"), "detail")
        assert one.get(Request(f"{keeping.url}/hangs-up"), "detail")[0].content == b"good"
    assert keeping.asked.count(b"/hangs-up") == 2


@pytest.mark.parametrize("contact", ["담당자 a@b.kr", "a@b.kr\r\nX-Evil: 1", "é@b.kr", "\udcb4\udce3@b.kr", "  \n "])
def test_a_contact_in_any_script_is_sent_and_stops_no_request(server, tmp_path, contact):
    server.answers["/a"] = (200, {}, b"ok")
    with client(server, tmp_path, contact=load_settings({"GONGGO_CONTACT": contact}).contact) as one:
        assert one.get(Request(server.url + "/a"), "detail")[0].content == b"ok"
    headers = server.seen[-1][1]
    assert "X-Evil" not in headers
    agent = unquote_to_bytes(headers["User-Agent"]).decode("utf-8", "surrogateescape")
    assert (" ".join(contact.split()) or "no contact given") in agent
