"""The site over the published snapshot: an ASGI application, by itself or mounted below a path."""

from __future__ import annotations

import logging
from collections.abc import Collection
from typing import Annotated
from urllib.parse import urlsplit

import duckdb
from fastapi import FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from gonggo import __version__
from gonggo.access_keys import AccessKeys
from gonggo.errors import SnapshotError, WarehouseError
from gonggo.report.translations import LANGUAGES
from gonggo.settings import Settings
from gonggo.web import api, archived_pages, console, keys, pages
from gonggo.web.gate import Gate
from gonggo.web.sandbox import Sandbox
from gonggo.web.snapshot import Snapshot
from gonggo.web.view import COOKIE, HEADERS, WEB_FOLDER, render, root
from gonggo.web.wrong_values import wrong_value

STATIC = {
    "gonggo.css": "text/css; charset=utf-8",
    "gonggo.js": "text/javascript; charset=utf-8",
    "mine.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
log = logging.getLogger(__name__)


def create_site(settings: Settings, names: Collection[str] | None = None) -> FastAPI:
    """Return the application, which reads the snapshot of these settings and writes nothing but keys.

    ``names`` are the host names that it answers to; by default any, for a site behind another login.
    """
    site = FastAPI(
        title="Gonggo",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        # Clients that are generated from the description name their functions after these.
        generate_unique_id_function=lambda route: route.name,
    )
    site.state.snapshot = Snapshot(settings)
    site.state.sandbox = Sandbox(settings)
    site.state.keys = AccessKeys(settings)
    for router in (pages.pages, console.console, archived_pages.archived_pages, api.api, api.api_page, keys.keys_page):
        site.include_router(router)
    site.add_api_route("/static/{name}", static, include_in_schema=False)
    site.add_api_route("/language", language, include_in_schema=False)
    site.add_exception_handler(WarehouseError, _nothing_published)
    for damaged in (SnapshotError, duckdb.IOException, duckdb.FatalException):
        site.add_exception_handler(damaged, _damaged)
    for missing in (duckdb.CatalogException, duckdb.BinderException):
        site.add_exception_handler(missing, _outdated)
    site.add_exception_handler(HTTPException, _refused)
    site.add_exception_handler(RequestValidationError, _invalid_query)
    site.add_exception_handler(Exception, _internal_error)
    site.add_middleware(Gate, refuse=_refused, names=names)
    return site


def static(name: str) -> Response:
    """Return a static file."""
    if name not in STATIC:
        raise HTTPException(404)
    return FileResponse(
        WEB_FOLDER / "static" / name, media_type=STATIC[name], headers={"Cache-Control": "max-age=3600"}
    )


def language(request: Request, to: str, back: Annotated[str, Query(max_length=8000)] = "") -> Response:
    """Set the language of the pages and redirect to the page of this site that the reader came from."""
    answer = RedirectResponse(root(request) + _own_path(back), 303)
    answer.set_cookie(
        COOKIE, to if to in LANGUAGES else "ko", max_age=365 * 86400, path=root(request), samesite="lax", httponly=True
    )
    return answer


def _own_path(back: str) -> str:
    """Return a URL as a path below the root; an empty path for an invalid URL or one of another site."""
    try:
        parts = urlsplit(back)
    except ValueError:
        return ""
    return "" if parts.scheme or parts.netloc else back.lstrip("/\\")


def _is_api(request: Request) -> bool:
    path: str = request.scope["path"]
    return path.removeprefix(root(request).rstrip("/")).startswith("/api/v1")


async def _nothing_published(request: Request, error: Exception) -> Response:
    if _is_api(request):
        return JSONResponse({"detail": str(error)}, 503)
    return render(request, "message.html", 503, key="nothing_yet")


async def _damaged(request: Request, error: Exception) -> Response:
    """Answer if the snapshot file is damaged, in its header or in a block that a page needs."""
    log.error("%s", error)
    if _is_api(request):
        detail = "the snapshot is damaged; run `gonggo publish`, or `gonggo publish --back` for the one before"
        return JSONResponse({"detail": detail}, 503)
    return render(request, "message.html", 503, key="damaged")


async def _outdated(request: Request, error: Exception) -> Response:
    """Answer if the snapshot lacks tables or columns: it was published by another version of Gonggo."""
    log.error("%s", error)
    if _is_api(request):
        return JSONResponse({"detail": "the snapshot was published by another version; run `gonggo publish`"}, 503)
    return render(request, "message.html", 503, key="outdated")


async def _refused(request: Request, error: Exception) -> Response:
    refusal = error if isinstance(error, HTTPException) else HTTPException(500)
    if _is_api(request):
        answer: Response = JSONResponse({"detail": refusal.detail}, refusal.status_code)
    else:
        key = "not_found" if refusal.status_code in (404, 405) else "bad_request"
        # A missing page needs no further explanation.
        lines = [refusal.detail] if key == "bad_request" and refusal.detail else []
        answer = render(request, "message.html", refusal.status_code, key=key, lines=lines)
    # For a wrong method, the header that lists the allowed ones.
    answer.headers.update(refusal.headers or {})
    return answer


async def _invalid_query(request: Request, error: Exception) -> Response:
    errors = error.errors() if isinstance(error, RequestValidationError) else []
    if _is_api(request):
        invalid = [{"where": list(detail["loc"]), "what": detail["msg"]} for detail in errors]
        return JSONResponse({"detail": invalid}, 422)
    # Unknown parameters are named above.
    wrong = [wrong_value(request, detail) for detail in errors if detail["type"] != "unknown"]
    return render(request, "message.html", 400, key="bad_request", wrong_values=wrong)


async def _internal_error(request: Request, error: Exception) -> Response:
    """Answer with an internal error; its traceback is in the log."""
    if _is_api(request):
        return JSONResponse({"detail": "internal error; the log of the server has details"}, 500, HEADERS)
    answer = render(request, "message.html", 500, key="fault")
    # This response does not pass through the gate.
    answer.headers.update(HEADERS)
    return answer
