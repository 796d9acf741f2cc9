"""What a request must be before any page sees it: well formed, of a size that makes sense, and from our own pages.

Every answer passes here too, for the headers of safety.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from fastapi import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from gonggo.web.view import HEADERS

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Refuse = Callable[[Request, Exception], Awaitable[Response]]
# Characters of a part of a path; the console's question is the longest form.
LONGEST_PART = 500
LONGEST_QUERY = 256 * 1024
LARGEST_BODY = 1024 * 1024
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# A name, or an address in brackets; the port behind it.
_HOST = re.compile(r"(\[[0-9a-fA-F:.]{2,45}\]|[A-Za-z0-9_.-]{1,253})(?::([0-9]{1,5}))?")
_PORTS = {"http": "80", "https": "443"}
# Methods that change nothing; every other one must come from a page of ours.
_HARMLESS = ("GET", "HEAD", "OPTIONS")


class Gate:
    """Refuses what is no sensible request, in the words of ``refuse``; ``names`` are those it answers to, where given.

    A name that is none of ``names`` was made to lead here by somebody else (DNS rebinding): his page could read all.
    """

    def __init__(
        self, app: Callable[..., Awaitable[None]], refuse: Refuse, names: Collection[str] | None = None
    ) -> None:
        self.app, self.refuse, self.names = app, refuse, names

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                safe = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
                message["headers"] = [*message["headers"], *safe]
            await send(message)

        request = Request(scope, receive)
        refused = self.fault(request)
        if refused is None:
            await self.app(scope, Body(receive).receive, sent)
            return
        answer = await self.refuse(request, refused)
        await answer(scope, receive, sent)

    def fault(self, request: Request) -> HTTPException | None:
        """Why a request is refused; None where it is not."""
        path, query = request.scope["path"], request.scope.get("query_string", b"")
        host, headers = request.headers.get("host", ""), request.headers
        if not _HOST.fullmatch(host):
            return HTTPException(400, "the Host header names no host")
        if self.names is not None and not answers_to(host, self.names):
            return HTTPException(400, f"this site does not answer to the name {host}")
        if _CONTROL.search(path):
            return HTTPException(400, "a control character in the path")
        if any(len(part) > LONGEST_PART for part in path.split("/")):
            return HTTPException(414, f"a part of the path has more than {LONGEST_PART} characters")
        if len(query) > LONGEST_QUERY:
            return HTTPException(414, f"a query of more than {LONGEST_QUERY} bytes")
        if not headers.get("content-length", "0").isdigit():
            return HTTPException(400, "the Content-Length header is no number")
        if len(headers.get("content-length", "0")) > 12 or int(headers.get("content-length", "0")) > LARGEST_BODY:
            return HTTPException(413, f"a body of more than {LARGEST_BODY} bytes")
        if request.method not in _HARMLESS and not from_own_page(request):
            return HTTPException(403, "the request comes from a page of another site")
        return None


def from_own_page(request: Request) -> bool:
    """Whether a request that does something was made by a page of this site, or by no page at all.

    Browsers say where it comes from in three headers. Over plain http there is no ``Sec-Fetch-Site``, so ``Origin`` is
    looked at too, and ``Referer`` where that is missing. A program that is no browser sends none of them.
    """
    headers = request.headers
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin", headers.get("referer"))
    if origin is None:
        return True
    # The name that a proxy was asked by, which no page of others can write.
    own = [headers.get("host", ""), *headers.get("x-forwarded-host", "").split(",")]
    try:
        parts = urlsplit(origin)
        port = _PORTS[parts.scheme]
    except (ValueError, KeyError):
        return False
    there = _with_port(parts.netloc, port)
    return there is not None and there in [_with_port(host, port) for host in own]


def _with_port(host: str, port: str) -> str | None:
    """A host in small letters with its port, the usual one where it has none; None for what is no host."""
    match = _HOST.fullmatch(host.strip())
    return f"{match[1].lower()}:{match[2] or port}" if match else None


def answers_to(host: str, names: Collection[str]) -> bool:
    """Whether the site was asked by one of its names, or by an address, which leads here and nowhere else."""
    name = re.sub(r":[0-9]+$", "", host).strip("[]").lower().rstrip(".")
    if name in names:
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return "*" in names or ipaddress.ip_address(name).is_loopback


def own_names(host: str, more: Collection[str] = ()) -> set[str]:
    """The names of a site that listens on ``host``; ``*`` for any address, where others than this machine reach it."""
    asked = {name.lower().rstrip(".") for name in (host, *more)}
    if is_loopback(host):
        return {"localhost", *asked}
    here = {socket.gethostname().lower(), socket.getfqdn().lower()}
    return {"*", "localhost", *here, *(f"{name.partition('.')[0]}.local" for name in here), *asked}


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Body:
    """Counts the bytes of a body as they come, whatever its header says."""

    def __init__(self, receive: Receive) -> None:
        self._receive, self._bytes = receive, 0

    async def receive(self) -> Message:
        """The next part.

        Raises:
            HTTPException: there are more bytes than any question of this site has.
        """
        message = await self._receive()
        self._bytes += len(message.get("body") or b"")
        if self._bytes > LARGEST_BODY:
            raise HTTPException(413, f"a body of more than {LARGEST_BODY} bytes")
        return message
