"""The site in Airflow's menu, for users who are logged in to Airflow, and for programs with a key.

This is the only module of the site that imports Airflow, to check the login. Every path requires it, or a key whose
scope names the path.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from gonggo.settings import parsing_settings
from gonggo.web.access import KeyAccess
from gonggo.web.site import create_site


class LoginRequired:
    """Middleware that requires a login to Airflow; browsers are redirected to the login page."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        user = await logged_in_user(request)
        if user is not None:
            await self.app({**scope, "gonggo_user": user}, receive, send)
            return
        if "text/html" in request.headers.get("accept", ""):
            refusal: Response = RedirectResponse(f"/auth/login?next={quote(str(request.url))}", 307)
        else:
            refusal = PlainTextResponse("Airflow의 로그인이 필요합니다 | log in to Airflow first", 401)
        await refusal(scope, receive, send)


async def logged_in_user(request: Request) -> str | None:
    """Return the Airflow user of a request, by its bearer token or cookie; None without a valid login."""
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.base_auth_manager import COOKIE_NAME_JWT_TOKEN

    header = request.headers.get("authorization", "")
    token = header[7:] if header.lower().startswith("bearer ") else request.cookies.get(COOKIE_NAME_JWT_TOKEN)
    if not token:
        return None
    try:
        user = await get_auth_manager().get_user_from_token(token)
    except Exception:
        return None
    return None if user is None else str(user.get_id())


def application() -> Any:
    """Return the application behind the login; a request with a key may do only what the key opens."""
    settings = parsing_settings()
    site = create_site(settings)
    return KeyAccess(site, LoginRequired(site), site.state.keys, settings.key_rate)
