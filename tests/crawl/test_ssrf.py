"""No way leads to an address that is not public: not by its spelling, a name, a redirect, a feed, or an attachment."""

import socket
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from gonggo import pipeline
from gonggo.crawl import ssrf
from gonggo.crawl.client import Client
from gonggo.crawl.warc import Archive
from gonggo.errors import TerminalError
from gonggo.sources.adapter import ListPage, Request
from gonggo.sources.catalogue import load_catalogue
from gonggo.sources.html_board import HtmlBoard
from gonggo.sources.rss import Rss
from tests.serving import running

NOT_PUBLIC = """
127.0.0.1 127.255.255.254 0.0.0.0 10.0.0.1 172.16.0.1 172.31.255.255 192.168.0.1 169.254.169.254 169.254.170.2 100.64.0.1
192.0.0.192 198.18.0.1 192.0.2.1 203.0.113.9 224.0.0.1 240.0.0.1 255.255.255.255 :: ::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1
::ffff:169.254.169.254 fe80::1 fe80::1%eth0 fc00::1 fd00:ec2::254 ff02::1 2001:db8::1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe
64:ff9b:1::a00:1 64:ff9b:1:808:8:800:: ::127.0.0.1 ::8.8.8.8 ::ffff:0:127.0.0.1 ::ffff:0:8.8.8.8 168.63.129.16
::ffff:168.63.129.16 fec0::1 feff::1 5f00::1 100::1 100:0:0:1::1 2001:2::1 2001:10::1 2001:20::1 2001:30::1 3fff::1
2620:4f:8000::1 3ffe::1 4000::1 2400:1::5efe:10.0.0.1 2400:1::200:5efe:127.0.0.1 192.31.196.1 192.52.193.1 192.88.99.1
192.175.48.1 198.51.100.1 198.19.255.1 100.127.255.255 169.254.0.1 239.1.1.1 fe80::1%1 fd00::1 nonsense 2002:7f00:1:: 2002:a9fe:a9fe::1 2001:0:4136:e378:8000:63bf:80ff:fffe
""".split()
PUBLIC = [
    "211.34.86.10",
    "8.8.8.8",
    "2001:4860:4860::8888",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "2400:1::5efe:8.8.8.8",
    "2a00::1",
    "168.63.129.15",
]
# All of them this machine, to whoever resolves names.
SPELLINGS = [
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "017700000001",
    "localhost",
    "0",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::127.0.0.1]",
    "[::ffff:0:127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "0177.0.0.1",
    "0X7F.0x0.0.01",
    "127.0.1",
    "１２７.０.０.１",
    "①②⑦.0.0.1",
    "127。0。0。1",
    "%31%32%37.0.0.1",
    "public.example@127.0.0.1",
    "LOCALHOST.",
    "ｌｏｃａｌｈｏｓｔ",
]


class Inner(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.seen.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write("<p>내부 자료</p>".encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def inner():
    """A server that only this machine should reach."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Inner)
    server.seen = []
    with running(server):
        yield server


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_what_is_not_public_is_known_as_such(address):
    assert not ssrf.is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_what_is_public_is_let_through(address):
    assert ssrf.is_public(address)


def client_at(settings, tmp_path):
    archive = Archive(tmp_path / "x.warc.gz")
    archive.__enter__()
    return Client(settings, load_catalogue()["btp"], "run", archive, lambda _: None)


@pytest.mark.parametrize("host", SPELLINGS)
def test_however_this_machine_is_spelt_nothing_is_sent_there(settings, tmp_path, inner, host):
    with pytest.raises(TerminalError, match="no public address"):
        client_at(settings, tmp_path).get(Request(f"http://{host}:{inner.server_port}/x"), "detail")
    assert inner.seen == []


@pytest.mark.parametrize(
    "url", ["http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "http://[fd00:ec2::254]/"]
)
def test_nothing_is_connected_to_an_address_of_a_private_network(settings, tmp_path, url, monkeypatch):
    connected = []
    monkeypatch.setattr("urllib3.util.connection.create_connection", lambda *args, **_: connected.append(args))
    with pytest.raises(TerminalError, match="no public address"):
        client_at(settings, tmp_path).get(Request(url), "detail")
    assert connected == []


def test_a_name_that_leads_elsewhere_the_second_time_is_refused_after_all(settings, tmp_path, inner, monkeypatch):
    real, asked = socket.getaddrinfo, []

    def rebound(host, port, *args, **options):
        if host != "rebound.example":
            return real(host, port, *args, **options)
        asked.append(host)
        address = "8.8.8.8" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebound)
    with pytest.raises(TerminalError, match=r"leads to 127\.0\.0\.1"):
        client_at(settings, tmp_path).get(Request(f"http://rebound.example:{inner.server_port}/x"), "detail")
    assert len(asked) == 2
    assert inner.seen == []


@pytest.mark.parametrize(
    "scheme", ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/x", "data:text/html,x"]
)
def test_no_other_scheme_is_followed(settings, tmp_path, scheme):
    with pytest.raises(TerminalError):
        client_at(settings, tmp_path).get(Request(scheme), "detail")


def test_a_link_of_a_feed_to_this_machine_is_refused_and_reported(settings, inner, monkeypatch):
    real = Rss.parse_list

    def turned(self, page, number):
        rows = real(self, page, number)
        items = [
            replace(item, url=f"http://127.0.0.1:{inner.server_port}/{item.native_id}", body=None)
            for item in rows.items
        ]
        return ListPage(items, rows.total, rows.last)

    monkeypatch.setattr(Rss, "parse_list", turned)
    run = pipeline.collect("jeonnam_notice", settings=settings)
    assert run["fetched"] == 0
    assert {error["outcome"] for error in run["errors"]} == {"terminal"}
    assert "no public address" in run["errors"][0]["message"]
    assert inner.seen == []


def test_an_attachment_that_leads_to_this_machine_is_refused_and_the_announcement_kept(settings, inner, monkeypatch):
    file = {"name": "공고문.hwp", "url": f"http://127.0.0.1:{inner.server_port}/f"}
    monkeypatch.setattr(HtmlBoard, "files", lambda self, page: [file])
    run = pipeline.collect("btp", settings=settings)
    assert run["extracted"] == run["fetched"] > 0
    assert "no public address" in run["errors"][0]["message"]
    assert inner.seen == []
