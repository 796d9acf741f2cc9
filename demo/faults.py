"""Faults of real sites, switched on by site, which change the answers of the portal."""

from __future__ import annotations

import asyncio
import gzip
import random
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response, StreamingResponse

KINDS = {
    "error500": "answers 500",
    "busy429": "answers 429 with Retry-After: 1",
    "reset": "closes the connection without an answer",
    "half": "promises more bytes than it sends",
    "drip": "sends a byte now and then",
    "charset": "names a wrong charset in the header",
    "bomb": "a small answer that unpacks to 64 MB",
    "loop": "redirects to itself",
    "private": "redirects to a private address",
    "blocked": "a challenge page with status 200",
    "renamed": "all class names and ids changed",
    "emptied": "the list without its rows",
    "doubled": "every row of the list twice",
    "stuck": "the first page of the list whichever is asked for",
    "skewed": "answers 429, with a Retry-After by a clock that is a day ahead",
    "missing": "says that a page is not there",
}


@dataclass
class Fault:
    """A fault of a site, which affects its first ``times`` requests (all if None) with probability ``chance``."""

    kind: str
    times: int | None = None
    chance: float = 1.0
    count: int = 0


@dataclass
class Faults:
    """The active faults by site id or "*", and the scenarios of the content."""

    on: dict[str, Fault] = field(default_factory=dict)
    revised: bool = False
    vanished: set[int] = field(default_factory=set)

    def set(self, wanted: dict[str, Any]) -> None:
        """Replace all faults.

        ``{"faults": {site: {"kind": …, "times": …, "chance": …}}, "revised": bool, "vanished": [no, …]}``
        """
        faults = {site: Fault(**values) for site, values in wanted.get("faults", {}).items()}
        unknown = [fault.kind for fault in faults.values() if fault.kind not in KINDS]
        if unknown:
            raise ValueError(f"unknown fault {unknown[0]!r}; known are {', '.join(KINDS)}")
        self.on, self.revised = faults, bool(wanted.get("revised"))
        self.vanished = set(wanted.get("vanished", []))

    def next_fault(self, site: str) -> Fault | None:
        """Return the fault that affects this request, if any, and count it."""
        fault = self.on.get(site) or self.on.get("*")
        if fault is None or (fault.times is not None and fault.count >= fault.times):
            return None
        if random.random() >= fault.chance:  # noqa: S311
            return None
        fault.count += 1
        return fault


class Reset(Exception):
    """Raised to end the connection without an answer."""


async def spoil(kind: str, url: str, good: Response) -> Response:
    """Return what a kind of fault makes of a good answer."""
    body = bytes(good.body)
    media = good.headers.get("content-type", "text/html")
    if kind == "stuck":
        return good
    if kind == "error500":
        return PlainTextResponse("Internal Server Error", 500)
    if kind == "busy429":
        return PlainTextResponse("Too Many Requests", 429, {"Retry-After": "1"})
    if kind == "reset":
        raise Reset(url)
    if kind == "half":
        return StreamingResponse(
            _stream(body[: len(body) // 2]), headers={"content-length": str(len(body))}, media_type=media
        )
    if kind == "drip":
        return StreamingResponse(_drip(body), media_type=media)
    if kind == "charset":
        return Response(body, headers={"content-type": "text/html; charset=iso-8859-1"})
    if kind == "bomb":
        return Response(gzip.compress(b"0" * (64 << 20)), headers={"content-encoding": "gzip", "content-type": media})
    if kind == "loop":
        return RedirectResponse(url, 302)
    if kind == "private":
        return RedirectResponse("http://10.0.0.1/", 302)
    if kind == "blocked":
        return Response(
            "<html><body>자동등록방지를 위해 보안절차를 거치고 있습니다.</body></html>", media_type="text/html"
        )
    if kind == "doubled":
        return Response(
            re.sub(rb"<tbody>(.*?)</tbody>", rb"<tbody>\1\1</tbody>", body, flags=re.S), headers={"content-type": media}
        )
    if kind == "skewed":
        ahead = datetime.now(UTC) + timedelta(days=1)
        until = format_datetime(ahead + timedelta(seconds=1), usegmt=True)
        headers = {"Date": format_datetime(ahead, usegmt=True), "Retry-After": until}
        return PlainTextResponse("Too Many Requests", 429, headers)
    if kind == "missing":
        return PlainTextResponse("삭제되었거나 없는 글입니다.", 404)
    if kind == "renamed":
        return Response(re.sub(rb'(class|id)="', rb'\1="x-', body), headers={"content-type": media})
    return Response(
        re.sub(rb"<tbody>.*?</tbody>", b"<tbody></tbody>", body, flags=re.S), headers={"content-type": media}
    )


def first_page(request: Request) -> Request:
    """Return the same request without the number of its page."""
    params = [(name, value) for name, value in request.query_params.multi_items() if "page" not in name.lower()]
    query = urlencode(params)
    return Request({**request.scope, "query_string": query.encode()}, request.receive)


async def _stream(body: bytes) -> AsyncIterator[bytes]:
    yield body


async def _drip(body: bytes) -> AsyncIterator[bytes]:
    for i in range(len(body)):
        yield body[i : i + 1]
        await asyncio.sleep(0.5)
