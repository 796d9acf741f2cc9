"""Checks of every request before it reaches a page: well formed, of limited size, and not from another site.

Every response passes through here too and gets the security headers.
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
# Characters of a path segment, bytes of a query (the console's is the longest) and of a request body.
LONGEST_PART = 500
LONGEST_QUERY = 256 * 1024
LARGEST_BODY = 1024 * 1024
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# A host name, or an IPv6 address in brackets, with an optional port.
_HOST = re.compile(r"(\[[0-9a-fA-F:.]{2,45}\]|[A-Za-z0-9_.-]{1,253})(?::([0-9]{1,5}))?")
_PORTS = {"http": "80", "https": "443"}
# Methods that change nothing; all others must come from a page of this site.
_HARMLESS = ("GET", "HEAD", "OPTIONS")


class Gate:
    """Middleware that refuses invalid requests with the response of ``refuse``.

    If ``names`` are given, the site answers only to these host names. Any other name may come from DNS rebinding, by
    which a foreign page could read the site.
    """

    def __init__(
        self, app: Callable[..., Awaitable[None]], refuse: Refuse, names: Collection[str] | None = None
    ) -> None:
        self.app, self.refuse, self.names = app, refuse, names

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name for name, _ in message["headers"]}
                safe = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
                message["headers"] = [*message["headers"], *(pair for pair in safe if pair[0] not in own)]
            await send(message)

        request = Request(scope, receive)
        refusal = self.reason_to_refuse(request)
        if refusal is None:
            await self.app(scope, LimitedBody(receive).receive, send_with_headers)
            return
        answer = await self.refuse(request, refusal)
        await answer(scope, receive, send_with_headers)

    def reason_to_refuse(self, request: Request) -> HTTPException | None:
        """Return why a request is refused; None if it is accepted."""
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
    """Return whether a modifying request was made by a page of this site, or by no page at all.

    Browsers state the origin in three headers. Over plain http ``Sec-Fetch-Site`` is missing, so ``Origin`` is checked
    too, and ``Referer`` if that is missing. Programs other than browsers send none of them.
    """
    headers = request.headers
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin", headers.get("referer"))
    if origin is None:
        return True
    # The host name that a proxy was asked for; pages of other sites cannot set this header.
    own = [headers.get("host", ""), *headers.get("x-forwarded-host", "").split(",")]
    try:
        parts = urlsplit(origin)
        port = _PORTS[parts.scheme]
    except (ValueError, KeyError):
        return False
    origin_host = _with_port(parts.netloc, port)
    return origin_host is not None and origin_host in [_with_port(host, port) for host in own]


def _with_port(host: str, port: str) -> str | None:
    """Return a host in lower case with its port, or the default port; None for an invalid host."""
    match = _HOST.fullmatch(host.strip())
    return f"{match[1].lower()}:{match[2] or port}" if match else None


def answers_to(host: str, names: Collection[str]) -> bool:
    """Return whether the requested host is one of the site's names, or an IP address, which cannot be rebound."""
    name = re.sub(r":[0-9]+$", "", host).strip("[]").lower().rstrip(".")
    if name in names:
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return "*" in names or ipaddress.ip_address(name).is_loopback


def own_names(host: str, more: Collection[str] = ()) -> set[str]:
    """Return the host names of a site that listens on ``host``; with ``*`` for any IP address if it is not loopback."""
    names = {name.lower().rstrip(".") for name in (host, *more)}
    if is_loopback(host):
        return {"localhost", *names}
    own_hosts = {socket.gethostname().lower(), socket.getfqdn().lower()}
    return {"*", "localhost", *own_hosts, *(f"{name.partition('.')[0]}.local" for name in own_hosts), *names}


def is_loopback(host: str) -> bool:
    """Return whether an address can be reached only from this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class LimitedBody:
    """A request body whose bytes are counted as they arrive, whatever its header states."""

    def __init__(self, receive: Receive) -> None:
        self._receive, self._bytes = receive, 0

    async def receive(self) -> Message:
        """Return the next part of the body.

        Raises:
            HTTPException: the body is larger than any request of this site.
        """
        message = await self._receive()
        self._bytes += len(message.get("body") or b"")
        if self._bytes > LARGEST_BODY:
            raise HTTPException(413, f"a body of more than {LARGEST_BODY} bytes")
        return message
