"""Requests to the site and queries to its console, over a socket, as a browser or an attacker sends them."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from pydantic import Field

from attacks.calm import Calm, calm_home
from attacks.commands import ROOT, Command, Ran
from attacks.model import Input, Inputs, Outcome, Strict
from attacks.probes import last_line
from attacks.project import Project

SECONDS = 25.0
SECRET = "안개 속의 암호문"


class Sent(Strict):
    """A request. ``path`` goes out as UTF-8, byte by byte; «own» in a header is the site's own origin."""

    method: str = "GET"
    path: str = "/"
    headers: dict[str, str] = {}
    form: dict[str, str] | None = None
    raw: str | None = None  # in place of all that: the bytes, as Latin-1 writes them


class WebInput(Input):
    """A request and what may come back: a pattern of the status, words, where it may lead."""

    request: Sent
    status: str = "[234]\\d\\d"
    has: list[str] = []
    lacks: list[str] = []
    leads: str | None = None
    within: float = Field(default=10.0, gt=0)


class WebKind(Inputs):
    inputs: list[WebInput] = Field(min_length=1)


class SqlInput(Input):
    """A query that wants out. «secret» is a file with a secret, «out» a place to write, «home» the home.

    ``crowd``: so many of it at once, and one ordinary query of somebody else beside them. ``where``: who runs it.
    """

    sql: str
    where: list[str] = ["console", "command"]
    crowd: int = 0
    refused: bool = False
    within: float = 20.0


class SqlKind(Inputs):
    inputs: list[SqlInput] = Field(min_length=1)


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: str
    head: str
    body: str
    seconds: float

    @property
    def location(self) -> str:
        """Where it leads."""
        found = re.search(r"^location: *(.*?)\r?$", self.head, re.I | re.M)
        return found[1] if found else ""


class Site:
    """``gonggo web`` over a home."""

    def __init__(self, port: int) -> None:
        self.port, self.own = port, f"http://127.0.0.1:{port}"

    def send(self, sent: Sent, seconds: float) -> Reply | None:
        """The reply to a request; None when there is none in time."""
        began = time.monotonic()
        came = b""
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 5) as connection:
            connection.settimeout(seconds)
            connection.sendall(self._bytes(sent))
            while (piece := connection.recv(65536)) and time.monotonic() - began < seconds:
                came += piece
        head, _, body = came.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1."):
            return None
        status = head.split(b" ", 2)[1].decode("latin-1")
        return Reply(status, head.decode("latin-1"), body.decode("utf-8", "replace"), time.monotonic() - began)

    def _bytes(self, sent: Sent) -> bytes:
        if sent.raw is not None:
            return sent.raw.replace("«host»", f"127.0.0.1:{self.port}").encode("latin-1")
        body = urlencode(sent.form).encode() if sent.form is not None else b""
        headers = {"Host": f"127.0.0.1:{self.port}", "Connection": "close", **sent.headers}
        if sent.form is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
        header_lines = "".join(f"{name}: {value.replace('«own»', self.own)}\r\n" for name, value in headers.items())
        return f"{sent.method} {sent.path} HTTP/1.1\r\n{header_lines}\r\n".encode() + body

    def session(self) -> str:
        """The cookies that a reader gets who opens the console."""
        reply = self.send(Sent(path="/console"), SECONDS)
        return "; ".join(re.findall(r"^set-cookie: *([^;\r\n]+)", reply.head, re.I | re.M)) if reply else ""

    def query(self, sql: str, seconds: float, session: str = "") -> Reply | None:
        """The console's reply to a query of its own page."""
        own = {"Origin": self.own, "Sec-Fetch-Site": "same-origin"} | ({"Cookie": session} if session else {})
        return self.send(Sent(method="POST", path="/console", headers=own, form={"sql": sql, "part": "1"}), seconds)


@contextmanager
def _serving(project: Project, calm: Calm) -> Iterator[Site]:
    """Serve a home as people do, until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    env = {"PYTHONPATH": f"{project.plugins}:{ROOT}", "PYTHONUTF8": "1", "PATH": "/usr/bin:/bin", **calm.env}
    command = [sys.executable, "-m", "gonggo.cli", "web", "--port", str(port)]
    with subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:  # noqa: S603
        try:
            site, until = Site(port), time.monotonic() + 30
            while site.send(Sent(), 5) is None and time.monotonic() < until:
                time.sleep(0.1)
            yield site
        finally:
            child.kill()


def try_web(kind: WebKind, project: Project, home: Path, chosen: Sequence[WebInput]) -> Iterator[Outcome]:
    """Send every request to one site; what came back, and whether the site is still there."""
    with _serving(project, calm_home(project)) as site:
        for one in chosen:
            began = time.monotonic()
            missed = list(_missed(one, site.send(one.request, one.within)))
            alive = site.send(Sent(), 15)
            if alive is None or alive.status != "200":
                missed.append("the site does not answer any more")
            yield Outcome(kind.kind, one.id, missed, time.monotonic() - began)


def _missed(one: WebInput, reply: Reply | None) -> Iterator[str]:
    if reply is None:
        if not re.fullmatch(one.status, "none"):
            yield f"no reply within {one.within:g} s"
        return
    if not re.fullmatch(one.status, reply.status):
        yield f"the status is {reply.status}, right is {one.status}"
    yield from (f"the reply lacks {wanted!r}" for wanted in one.has if wanted not in reply.body)
    yield from (f"the reply has {wrong!r}" for wrong in one.lacks if wrong in reply.body + reply.head)
    if one.leads is not None and not re.fullmatch(one.leads, reply.location):
        yield f"it leads to {reply.location!r}"


def try_sql(kind: SqlKind, project: Project, home: Path, chosen: Sequence[SqlInput]) -> Iterator[Outcome]:
    """Ask every query of the console and of ``gonggo sql``; what was let out or written."""
    calm = calm_home(project)
    with _serving(project, calm) as site:
        secret, out = home / "secret.csv", home / "out"
        secret.write_text(f"words\n{SECRET}\n", "utf-8")
        asked = {
            one.id: _query(one, {"«secret»": secret, "«out»": out / one.id / "x", "«home»": calm.home})
            for one in chosen
        }
        for one in chosen:
            (out / one.id).mkdir(parents=True)
        commands = [
            Command(one.id, ["sql", asked[one.id]], calm.env, one.within) for one in chosen if "command" in one.where
        ]
        ran = project.run(commands)
        # Two at a time; a crowd takes all places, and is let in last.
        with ThreadPoolExecutor(2) as pool:
            alone = [one for one in chosen if not one.crowd]
            answers = dict(
                zip(
                    (one.id for one in alone),
                    pool.map(lambda one: _timed(one, asked[one.id], site), alone),
                    strict=True,
                )
            )
        answers |= {one.id: _timed(one, asked[one.id], site) for one in chosen if one.crowd}
        for one in chosen:
            missed, seconds = answers[one.id]
            missed = [*missed, *(_commanded(one, ran[one.id]) if one.id in ran else [])]
            missed += [f"it wrote {path.name}" for path in (out / one.id).iterdir()]
            yield Outcome(kind.kind, one.id, missed, seconds)


def _query(one: SqlInput, places: dict[str, Path]) -> str:
    sql = one.sql
    for name, path in places.items():
        sql = sql.replace(name, str(path))
    return sql


def _timed(one: SqlInput, sql: str, site: Site) -> tuple[list[str], float]:
    began = time.monotonic()
    return list(_asked(one, sql, site)), time.monotonic() - began


def _asked(one: SqlInput, sql: str, site: Site) -> Iterator[str]:
    if "console" not in one.where:
        return
    first, second = (site.session(), site.session()) if one.crowd else ("", "")
    crowd = [threading.Thread(target=site.query, args=(sql, SECONDS, first), daemon=True) for _ in range(one.crowd)]
    for each in crowd:
        each.start()
    if crowd:
        time.sleep(1.0)
        reply = site.query("SELECT 6 * 111 AS answer", SECONDS, second)
        if reply is None or "666" not in reply.body:
            yield f"while {one.crowd} queries of others run, nobody else gets an answer"
        return
    reader = site.session()
    reply = site.query(sql, one.within, reader)
    if reply is None:
        yield f"the console gave no reply within {one.within:g} s"
        return
    if reply.status[0] == "5":
        yield f"the console answered {reply.status}"
    if SECRET in reply.body:
        yield "the console showed what is in a file"
    if one.refused and "<table" in reply.body:
        yield "the console did not refuse it"
    alive = site.query("SELECT 6 * 111 AS answer", SECONDS, reader)
    if alive is None or "666" not in alive.body:
        yield "the console does not answer any more"


def _commanded(one: SqlInput, did: Ran) -> Iterator[str]:
    yield from did.missed
    if SECRET in did.out + did.err:
        yield "gonggo sql showed what is in a file"
    if one.refused and did.status == 0:
        yield f"gonggo sql did not refuse it: {last_line(did.out)}"
