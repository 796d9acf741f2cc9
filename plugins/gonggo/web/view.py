"""Rendering of pages: templates in the reader's language, and the security headers of every response."""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote_plus

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment

from gonggo import __version__
from gonggo.report.formats import is_web_url
from gonggo.report.html_templates import html_templates
from gonggo.report.translations import Translator, all_translations
from gonggo.settings import SEOUL
from gonggo.web.parameters import known_parameters, unknown_parameters
from gonggo.web.snapshot import Snapshot

WEB_FOLDER = Path(__file__).parent
COOKIE = "gonggo_language"
# Values of a parameter that the description of the API lists at most.
_MOST_VALUES = 24
# Only scripts and styles of this site, nothing from other sites; frames only within the same site, as Airflow uses.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    # With no-referrer, browsers would send "null" as the origin of the site's own forms.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
PAGES = ("front", "calls", "mine", "programmes", "organisations", "regions", "console", "sources", "api")


def translator(request: Request) -> Translator:
    """Return the translator to the language of a request."""
    return Translator(request.cookies.get(COOKIE, "ko"))


def snapshot(request: Request) -> Snapshot:
    """Return the snapshot of the site."""
    value: Snapshot = request.app.state.snapshot
    return value


def root(request: Request) -> str:
    """Return the path below which the site is mounted, with a slash at its end."""
    return f"{request.scope.get('root_path', '').rstrip('/')}/"


def render(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Render a template, which gets ``t`` (the translator), ``root`` and ``page`` (the current menu entry)."""
    settings = snapshot(request).settings
    published = datetime.fromtimestamp(snapshot(request).published_at(), SEOUL) if settings.snapshot.exists() else None
    common = {
        "t": translator(request),
        "root": root(request),
        "here": current_path(request),
        "hint": translator(request)(f"{values['key']}.hint")
        if f"{values.get('key')}.hint" in all_translations()
        else "",
        "unknown_parameters": unknown_parameters(request),
        "known_parameters": known_parameters(request),
        "pages": PAGES,
        "published": published,
        "version": __version__,
        "demo": settings.mode == "demo",
        "logged_in": "gonggo_user" in request.scope,
    }
    page = environment().get_template(template).render(**{"page": "", **common, **values})
    # A lone surrogate, wherever it comes from, is replaced instead of failing the page.
    return HTMLResponse(page.encode("utf-8", "replace"), status)


def site_address(request: Request) -> str:
    """Return the URL of the front page."""
    return f"{request.scope['scheme']}://{request.headers.get('host', '')}{root(request)}"


def current_url(request: Request) -> str:
    """Return the full URL of a request."""
    return site_address(request) + current_path(request)


def current_path(request: Request) -> str:
    """Return the relative URL of a request. ``request.url`` is not used, because it fails for malformed hosts."""
    path = request.scope["path"].removeprefix(root(request).rstrip("/")).lstrip("/")
    query = request.scope["query_string"].decode("latin-1")
    return quote(path, safe="/", errors="replace") + (f"?{query}" if query else "")


@cache
def environment() -> Environment:
    """Return the template environment."""
    env = html_templates(WEB_FOLDER / "templates")
    env.filters["quoted"] = lambda text: quote(str(text), safe="")
    env.filters["unquoted"] = unquote_plus
    env.filters["values"] = _values
    env.tests["web"] = is_web_url
    # A hash in their URLs, so that browsers can cache static files until they change.
    files = b"".join(path.read_bytes() for path in sorted((WEB_FOLDER / "static").iterdir()))
    env.globals["stamp"] = hashlib.sha256(files).hexdigest()[:10]
    return env


def _values(schema: dict[str, Any]) -> list[str]:
    """Return the values that a JSON schema of a parameter accepts, if they are few."""
    inner = [schema, *schema.get("anyOf", []), schema.get("items", {})]
    return [value for one in inner for value in one.get("enum", []) if value][:_MOST_VALUES]


def download_response(content: bytes, media_type: str, name: str) -> Response:
    """Return bytes as a download under a file name, which may be Korean."""
    disposition = f"attachment; filename*=UTF-8''{quote(name, errors='replace')}"
    return Response(content, media_type=media_type, headers={"Content-Disposition": disposition})
