"""How pages are made: templates with the words of the reader's language, and the headers that every answer has."""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gonggo import __version__
from gonggo.report.formats import is_web
from gonggo.settings import SEOUL
from gonggo.web.asking import known, strange
from gonggo.web.snapshot import Snapshot
from gonggo.web.translations import Speech

HERE = Path(__file__).parent
COOKIE = "gonggo_language"
# No script and no style but our own files; nothing from elsewhere; a frame only of the same site, as Airflow's is.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    # To this site itself: with none at all browsers call the origin of its own forms "null".
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
PAGES = ("front", "calls", "programmes", "organisations", "regions", "console", "sources", "api")


def speech(request: Request) -> Speech:
    return Speech(request.cookies.get(COOKIE, "ko"))


def snapshot(request: Request) -> Snapshot:
    found: Snapshot = request.app.state.snapshot
    return found


def root(request: Request) -> str:
    """The path below which the pages stand, with a slash at its end."""
    return f"{request.scope.get('root_path', '').rstrip('/')}/"


def render(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page of a template, which gets ``say`` (the words), ``root`` and ``page`` (which entry of the menu it is)."""
    settings = snapshot(request).settings
    published = datetime.fromtimestamp(snapshot(request).published_at(), SEOUL) if settings.snapshot.exists() else None
    common = {
        "say": speech(request),
        "root": root(request),
        "here": _here(request),
        "strange": strange(request),
        "known": known(request),
        "pages": PAGES,
        "published": published,
        "version": __version__,
        "demo": settings.mode == "demo",
    }
    page = environment().get_template(template).render(**{"page": "", **common, **values})
    # Half of a surrogate pair, from wherever it came, costs one character and not the page.
    return HTMLResponse(page.encode("utf-8", "replace"), status)


def address(request: Request) -> str:
    """The whole address that a page was asked by."""
    return f"{request.scope['scheme']}://{request.headers.get('host', '')}{root(request)}{_here(request)}"


def _here(request: Request) -> str:
    """The address of a page below the root, as a link has it. Not out of ``request.url``, which fails on odd hosts."""
    path = request.scope["path"].removeprefix(root(request).rstrip("/")).lstrip("/")
    asked = request.scope["query_string"].decode("latin-1")
    return quote(path, safe="/", errors="replace") + (f"?{asked}" if asked else "")


@cache
def environment() -> Environment:
    env = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    env.filters["quoted"] = lambda text: quote(str(text), safe="")
    env.tests["web"] = is_web
    # Another address for every change of them, so that a browser may keep them.
    files = b"".join(path.read_bytes() for path in sorted((HERE / "static").iterdir()))
    env.globals["stamp"] = hashlib.sha256(files).hexdigest()[:10]
    return env


def saved(content: bytes, media_type: str, name: str) -> Response:
    """Bytes to be saved under a name, which may be Korean."""
    disposition = f"attachment; filename*=UTF-8''{quote(name, errors='replace')}"
    return Response(content, media_type=media_type, headers={"Content-Disposition": disposition})
