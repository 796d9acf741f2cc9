"""Servers on loopback that answer with arbitrary bytes, and a client of them."""

import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import replace

from gonggo.crawl.client import Client
from gonggo.crawl.warc import Archive
from gonggo.settings import Limits, load_settings
from gonggo.sources.adapter import Request
from gonggo.sources.catalogue import load_catalogue

NO_ROBOTS = b"HTTP/1.1 404 X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def http_response(body=b"ok", status=b"200 OK", *headers):
    """Return an ordinary response."""
    lines = b"".join(line + b"\r\n" for line in headers)
    return b"HTTP/1.1 %s\r\n%sContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (status, lines, len(body), body)


class StrangeServer:
    """Answers each path with bytes, with a series of blocks, or with what a function of the request head returns."""

    def __init__(self, answers):
        self.answers, self.heads = {b"/robots.txt": NO_ROBOTS, **answers}, []
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.closed = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def requested(self):
        """Return the requested paths, without robots.txt."""
        targets = [head.split(b" ")[1].decode("latin-1") for head in self.heads]
        return [target for target in targets if target != "/robots.txt"]

    def _accept(self):
        while not self.closed.is_set():
            try:
                connection, _ = self.listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        connection.settimeout(20)
        try:
            with connection:
                head = b""
                while b"\r\n\r\n" not in head:
                    received = connection.recv(65536)
                    if not received:
                        return
                    head += received
                self.heads.append(head)
                path = head.split(b" ")[1].split(b"?")[0]
                answer = self.answers.get(path, self.answers.get(b"*", http_response()))
                answer = answer(head) if callable(answer) else answer
                for block in [answer] if isinstance(answer, bytes) else answer:
                    if self.closed.is_set():
                        return
                    connection.sendall(block)
        except OSError:
            return


def drip(start, block, pause=0.05):
    """Answer with a start, and then with a block now and then, endlessly."""

    def answer(_):
        yield start
        while True:
            yield block
            time.sleep(pause)

    return answer


def flood(start, block):
    """Answer with a start, and then with a block over and over."""
    return drip(start, block, 0)


@contextmanager
def strange_server(answers):
    """Run a server with these answers."""
    server = StrangeServer(answers)
    try:
        yield server
    finally:
        server.closed.set()
        server.listening.close()


@contextmanager
def client_of(server, folder, *, others=(), limits=None, **changes):
    """Open a client of the server and of the ``others``."""
    env = {"GONGGO_SOURCES": "demo", "GONGGO_DEMO_URL": server.url, "GONGGO_HOME": str(folder)}
    usual = Limits(total_seconds=30, page_bytes=200_000, attempts=2)
    allowed = tuple(f"127.0.0.1:{allowed_server.port}" for allowed_server in (server, *others))
    settings = replace(load_settings(env), limits=limits or usual, allow_private=allowed, **changes)
    with Archive(folder / "x.warc.gz") as archive:
        fetches = []
        client = Client(settings, load_catalogue()["btp"], "run", archive, fetches.append)
        client.fetches = fetches
        yield client


def fetched(server, folder, path="/a", purpose="detail", *, request=None, **options):
    """Return the page that a client of the server gets for a path; ``options`` are those of the client."""
    with client_of(server, folder, **options) as client:
        return client.get(request or Request(server.url + path), purpose)[0]
