"""The page in Airflow's menu: the report of the last publication, for those who are logged in to Airflow.

Known to Airflow only here: the gate asks Airflow who is there. Every path is behind it.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from gonggo.settings import load_settings

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
NOTHING_YET = (
    "<!doctype html><meta charset=utf-8><title>공고</title>"
    "<p>아직 공개된 자료가 없습니다. collect DAG를 하나 실행하세요."
)


def report(_: Request) -> Response:
    """The report, rendered anew when the published snapshot is newer than it."""
    settings = load_settings()
    path = settings.reports / "report.html"
    if not settings.snapshot.exists():
        return HTMLResponse(NOTHING_YET, headers=HEADERS)
    if not path.exists() or path.stat().st_mtime < settings.snapshot.stat().st_mtime:
        from gonggo.report.html import render_html

        path = render_html(settings)
    return HTMLResponse(path.read_text("utf-8"), headers=HEADERS)


class LoginRequired:
    """Lets a request pass only for a user whom Airflow knows; browsers are sent to the login page."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        if await known_user(request):
            await self.app(scope, receive, send)
            return
        if "text/html" in request.headers.get("accept", ""):
            refusal: Response = RedirectResponse(f"/auth/login?next={quote(str(request.url))}", 307)
        else:
            refusal = PlainTextResponse("Airflow의 로그인이 필요합니다 | log in to Airflow first", 401)
        await refusal(scope, receive, send)


async def known_user(request: Request) -> bool:
    """Whether the request carries a login of Airflow: a bearer token or the cookie of its pages."""
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.base_auth_manager import COOKIE_NAME_JWT_TOKEN

    header = request.headers.get("authorization", "")
    token = header[7:] if header.lower().startswith("bearer ") else request.cookies.get(COOKIE_NAME_JWT_TOKEN)
    if not token:
        return False
    try:
        user = await get_auth_manager().get_user_from_token(token)
    except Exception:
        return False
    return user is not None


def application() -> Any:
    """The application behind its gate."""
    return LoginRequired(Starlette(routes=[Route("/", report), Route("/{path:path}", report)]))
