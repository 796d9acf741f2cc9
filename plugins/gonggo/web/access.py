"""Access by key: which requests a key opens, and the check before everything else of the site.

A key opens what its scope names, only for reading:

- ``api``: the API and the downloads of lists; the key is sent in a header.
- ``pages``: the pages as well, without the console; the key is sent in a header.
- an address, such as ``calls.ics?region=경남``: this address alone; the key may be a part of it, because calendars and
  feed readers send nothing but an address.
"""

from __future__ import annotations

import binascii
import logging
import re
import threading
import time
from base64 import b64decode
from collections.abc import Awaitable, Callable
from math import ceil
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit

from anyio.to_thread import run_sync
from fastapi import HTTPException, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError

from gonggo.access_keys import AccessKey, AccessKeys, now
from gonggo.errors import UsageError
from gonggo.report.named import find_report
from gonggo.settings import nearest
from gonggo.web import api, pages
from gonggo.web.filters import CallQuery
from gonggo.web.formats import FORMATS
from gonggo.web.gate import Message, Receive, Send
from gonggo.web.parameters import repeatable
from gonggo.web.view import HEADERS

PARAMETER = "access_key"
API, PAGES = "api", "pages"
_READING = ("GET", "HEAD")
_DATA = re.compile(rf"/(?:api/v1(?:/[^/]+)*|calls\.(?:{'|'.join(FORMATS)}))")
# Not the console, whose queries cost more than a page, and not the page of keys.
_PAGES = re.compile(
    r"/(?:(?:api|calls|mine|compare|facts|programmes|organisations|regions|sources|files|static|language)"
    r"(?:/[^/]+)*)?"
)
_ADDRESS = re.compile(rf"(?:.*/)?((?:api/v1/.+|calls\.(?:{'|'.join(FORMATS)})))", re.DOTALL)
App = Callable[[Message, Receive, Send], Awaitable[None]]
log = logging.getLogger(__name__)


class KeyRate:
    """The rate limit of each key: requests a minute, and a burst. Each process of the site counts by itself."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._lock = threading.Lock()
        self._left: dict[str, tuple[float, float]] = {}

    def wait(self, identifier: str) -> float:
        """Count a request. Return the seconds after which it would be allowed; 0 if it is."""
        moment = time.monotonic()
        with self._lock:
            left, at = self._left.get(identifier, (float(self._per_minute), moment))
            left = min(self._per_minute, left + (moment - at) * self._per_minute / 60)
            allowed = left >= 1
            self._left[identifier] = (left - 1 if allowed else left, moment)
            return 0.0 if allowed else (1 - left) * 60 / self._per_minute


class KeyAccess:
    """Middleware around the whole site: a key opens what it is for; ``otherwise`` answers requests without one."""

    def __init__(self, site: App, otherwise: App, keys: AccessKeys, per_minute: int) -> None:
        self._site, self._otherwise, self._keys, self._rate = site, otherwise, keys, KeyRate(per_minute)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        secrets = _presented(scope) if scope["type"] == "http" else set[str]()
        if not secrets:
            await self._otherwise(scope, receive, send)
            return
        in_address = _strip(scope)
        try:
            key = await self._admitted(scope, secrets, in_address=in_address)
        except HTTPException as refusal:
            await refusal_response(scope, refusal)(scope, receive, send)
            return

        async def send_private(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = _private(message["headers"], in_address=in_address)
            await send(message)

        await self._site({**scope, "gonggo_key": key.id}, receive, send_private)

    async def _admitted(self, scope: Message, secrets: set[str], *, in_address: bool) -> AccessKey:
        """Return the key of a request that it opens.

        Raises:
            HTTPException: It does not.
        """
        try:
            key = await run_sync(self._keys.find, secrets.pop()) if len(secrets) == 1 else None
        except Exception as error:
            log.error("keys cannot be checked: %s: %s", type(error).__name__, error)
            raise HTTPException(503, "keys cannot be checked; the log of the server says why") from None
        state = key.state(now()) if key else "unknown"
        if key is None or state != "valid":
            log.info("refused: key %s is %s", key.id if key else "-", state)
            raise HTTPException(401, f"this key is {state}")
        if wait := self._rate.wait(key.id):
            raise HTTPException(429, "too many requests with this key", {"Retry-After": str(ceil(wait))})
        if why := why_closed(key.scope, scope, in_address=in_address):
            log.info("refused: key %s: %s", key.id, why)
            raise HTTPException(403, why)
        await run_sync(self._keys.record_use, key)
        return key


async def key_required(scope: Message, receive: Receive, send: Send) -> None:
    """Refuse a request without a key; a browser asks for one (any user name, the key as password)."""
    if scope["type"] == "http":
        challenge = {"WWW-Authenticate": 'Basic realm="Gonggo", charset="UTF-8"'}
        refusal = HTTPException(401, "a key is required: `gonggo keys add` makes one", challenge)
        await refusal_response(scope, refusal)(scope, receive, send)


def refusal_response(scope: Message, refusal: HTTPException) -> Response:
    """Return a refusal as JSON for the API, else in words."""
    headers = {**HEADERS, **(refusal.headers or {}), "Cache-Control": "no-store"}
    if _path(scope).startswith("/api/v1"):
        return JSONResponse({"detail": refusal.detail}, refusal.status_code, headers)
    return PlainTextResponse(str(refusal.detail), refusal.status_code, headers)


def why_closed(key_scope: str, scope: Message, *, in_address: bool) -> str | None:
    """Return why a scope does not open a request; None if it does."""
    path = _path(scope)
    if scope["method"] not in _READING:
        return "keys are only for reading"
    if key_scope in (API, PAGES):
        if in_address:
            return "this key belongs in a header; a key for an address needs the scope of that address"
        opens = _DATA.fullmatch(path) or (key_scope == PAGES and _PAGES.fullmatch(path))
        return None if opens else "this key does not open this path"
    asked = _canonical(path.removeprefix("/"), _pairs(scope["query_string"].decode("latin-1")))
    named, _, query = key_scope.partition("?")
    return None if asked == _canonical(named, _pairs(query)) else "this key is for another address"


def require_scope(text: str) -> str:
    """Return a scope as it is stored: ``api``, ``pages``, or an address of this site, without its host.

    Raises:
        UsageError: It is none of these, or the address would be refused.
    """
    text = text.strip()
    if text in (API, PAGES):
        return text
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    match = _ADDRESS.fullmatch(parts.path)
    route = _route(f"/{match[1]}") if match else None
    if match is None or route is None:
        raise UsageError(
            f"{text[:200]!r} is no scope: give api, pages, or the address of a download or of the API, such as "
            "'calls.ics?region=경남&status=open'."
        )
    pairs = [(name, value) for name, value in _pairs(parts.query) if value]
    _require_valid(route, match[1], pairs)
    return match[1] + (f"?{urlencode(pairs)}" if pairs else "")


def secret_address(site: str, scope: str, secret: str) -> str:
    """Return the address of a scope with its key, below the address of the site."""
    return f"{site.rstrip('/')}/{scope}{'&' if '?' in scope else '?'}{urlencode({PARAMETER: secret})}"


def is_address(scope: str) -> bool:
    """Return whether a scope is an address."""
    return scope not in (API, PAGES)


def _route(path: str) -> APIRoute | None:
    routes = [route for route in (*api.api.routes, *pages.pages.routes) if isinstance(route, APIRoute)]
    return next((route for route in routes if route.path_regex.fullmatch(path)), None)


def _require_valid(route: APIRoute, path: str, pairs: list[tuple[str, str]]) -> None:
    """Check the parameters and the name of a report as the site will.

    Raises:
        UsageError: One is unknown or invalid.
    """
    if path.startswith("api/v1/reports/"):
        find_report(path.rpartition("/")[2])
    model = CallQuery if path.startswith("calls.") else _model(route)
    accepted = {field.alias or name: field for name, field in model.model_fields.items()} if model else {}
    for name, _ in pairs:
        if name not in accepted:
            raise UsageError(f"{path} has no parameter {name!r}{nearest(name, accepted) or '.'}")
    if model is None:
        return
    several = repeatable(model)
    values = {name: [v for n, v in pairs if n == name] if name in several else value for name, value in pairs}
    try:
        model.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        raise UsageError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def _model(route: APIRoute) -> type[BaseModel] | None:
    for field in route.dependant.query_params:
        kind: Any = field.field_info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return kind
    return None


def _presented(scope: Message) -> set[str]:
    """Return the secrets that a request presents, in its address and in its header."""
    query = scope.get("query_string", b"").decode("latin-1")
    secrets = {value for name, value in _pairs(query) if name == PARAMETER}
    header = Request(scope).headers.get("authorization", "")
    kind, _, value = header.partition(" ")
    if kind.lower() == "basic":
        value = _password(value.strip())
    # Other tokens are those of Airflow, or of a proxy.
    if kind.lower() in ("bearer", "basic") and value.strip().startswith("gonggo_"):
        secrets.add(value.strip())
    return secrets


def _password(encoded: str) -> str:
    try:
        return b64decode(encoded, validate=True).decode("utf-8", "replace").partition(":")[2]
    except (binascii.Error, ValueError):
        return ""


def _strip(scope: Message) -> bool:
    """Remove the key from the address of a request, for logs, pages and redirects; return whether there was one.

    The query of the given scope is replaced, because servers log it after the response.
    """
    parts = scope.get("query_string", b"").split(b"&")
    other_parts = [part for part in parts if unquote_plus(part.partition(b"=")[0].decode("latin-1")) != PARAMETER]
    scope["query_string"] = b"&".join(other_parts)
    return len(other_parts) < len(parts)


def _private(headers: Any, *, in_address: bool) -> list[tuple[bytes, bytes]]:
    """Return the headers of a response to a key: shared caches keep no copy, and links tell nobody the address."""
    replaced = {b"cache-control": b"private, no-cache"}
    if in_address:
        replaced[b"referrer-policy"] = b"no-referrer"
    return [pair for pair in headers if pair[0].lower() not in replaced] + list(replaced.items())


def _path(scope: Message) -> str:
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", "").rstrip("/"))


def _pairs(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, keep_blank_values=True, errors="replace")


def _canonical(path: str, pairs: list[tuple[str, str]]) -> tuple[str, list[tuple[str, str]]]:
    """Return an address for comparison, whatever the order of its parameters; of a list of the API without the page."""
    any_page = path.startswith("api/v1/")
    return path, sorted(pair for pair in pairs if pair[1] and not (any_page and pair[0] == "page"))
