"""Servers on loopback that answer with whatever bytes a test wants, and a client of theirs."""

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


def whole(body=b"ok", status=b"200 OK", *headers):
    """An ordinary answer."""
    lines = b"".join(line + b"\r\n" for line in headers)
    return b"HTTP/1.1 %s\r\n%sContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (status, lines, len(body), body)


class Strange:
    """Answers each path with bytes, with pieces, or with what a function of the request's head gives."""

    def __init__(self, answers):
        self.answers, self.heads = {b"/robots.txt": NO_ROBOTS, **answers}, []
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.over = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def asked(self):
        """The targets that were asked for, without robots.txt."""
        targets = [head.split(b" ")[1].decode("latin-1") for head in self.heads]
        return [target for target in targets if target != "/robots.txt"]

    def _accept(self):
        while not self.over.is_set():
            try:
                taken, _ = self.listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(taken,), daemon=True).start()

    def _serve(self, taken):
        taken.settimeout(20)
        try:
            with taken:
                head = b""
                while b"\r\n\r\n" not in head:
                    came = taken.recv(65536)
                    if not came:
                        return
                    head += came
                self.heads.append(head)
                path = head.split(b" ")[1].split(b"?")[0]
                answer = self.answers.get(path, self.answers.get(b"*", whole()))
                answer = answer(head) if callable(answer) else answer
                for piece in [answer] if isinstance(answer, bytes) else answer:
                    if self.over.is_set():
                        return
                    taken.sendall(piece)
        except OSError:
            return


def drip(start, piece, pause=0.05):
    """A start, and then a piece now and then, for ever."""

    def answer(_):
        yield start
        while True:
            yield piece
            time.sleep(pause)

    return answer


def flood(start, piece):
    """A start, and then a piece over and over."""
    return drip(start, piece, 0)


@contextmanager
def strange(answers):
    server = Strange(answers)
    try:
        yield server
    finally:
        server.over.set()
        server.listening.close()


@contextmanager
def asking(server, folder, *, others=(), limits=None, **changes):
    """A client of the server, and of the ``others``."""
    env = {"GONGGO_SOURCES": "demo", "GONGGO_DEMO_URL": server.url, "GONGGO_HOME": str(folder)}
    usual = Limits(total_seconds=30, page_bytes=200_000, attempts=2)
    allowed = tuple(f"127.0.0.1:{one.port}" for one in (server, *others))
    settings = replace(load_settings(env), limits=limits or usual, allow_private=allowed, **changes)
    with Archive(folder / "x.warc.gz") as archive:
        fetches = []
        client = Client(settings, load_catalogue()["btp"], "run", archive, fetches.append)
        client.fetches = fetches
        yield client


def fetched(server, folder, path="/a", purpose="detail", *, request=None, **options):
    """What a client of the server gets for one path; ``options`` are those of the client."""
    with asking(server, folder, **options) as client:
        return client.get(request or Request(server.url + path), purpose)[0]
