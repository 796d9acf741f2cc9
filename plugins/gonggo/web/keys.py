"""The page of keys: a reader who is logged in makes, sees and revokes the keys of his own programs."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import Response

from gonggo.access_keys import LONGEST_NAME, AccessKey, AccessKeys, now
from gonggo.errors import UsageError
from gonggo.settings import SEOUL
from gonggo.web.access import API, is_address, require_scope, secret_address
from gonggo.web.view import render, site_address

keys_page = APIRouter(include_in_schema=False)
LONGEST_SCOPE = 2000
MOST_DAYS = 3650
_Text = Annotated[str, Form(max_length=LONGEST_SCOPE)]


@keys_page.get("/keys")
def keys(request: Request, address: Annotated[str, Query(max_length=LONGEST_SCOPE)] = "") -> Response:
    """Show the keys of the reader, and a form for another one; ``address`` is what it should open."""
    return _page(request, address=address)


@keys_page.post("/keys")
def add(request: Request, name: _Text, scope: _Text = API, address: _Text = "", days: _Text = "") -> Response:
    """Make a key, and show it this once."""
    owner = _owner(request)
    try:
        if days and not (days.isascii() and days.isdigit() and 1 <= int(days[:6]) <= MOST_DAYS):
            raise UsageError(f"days: a whole number from 1 to {MOST_DAYS}.")
        opens = require_scope(address if scope == "address" else API)
        key, secret = _store(request).add(name, opens, owner, int(days) if days else None)
    except UsageError as error:
        return _page(request, 400, address=address, error=str(error))
    shown = secret_address(site_address(request), opens, secret) if is_address(opens) else secret
    return _page(request, made=key, secret=shown)


@keys_page.post("/keys/revoke")
def revoke(request: Request, identifier: _Text) -> Response:
    """Revoke a key of the reader."""
    try:
        revoked = _store(request).revoke(identifier, _owner(request))
    except UsageError as error:
        return _page(request, 404, error=str(error))
    return _page(request, revoked=revoked)


def _store(request: Request) -> AccessKeys:
    store: AccessKeys = request.app.state.keys
    return store


def owner_of(request: Request) -> str | None:
    """Return the owner of the keys that a reader makes; None if he is not logged in."""
    user = request.scope.get("gonggo_user")
    return f"user {user}" if user else None


def _owner(request: Request) -> str:
    owner = owner_of(request)
    if owner is None:
        raise HTTPException(403, "keys are made on the page only within Airflow's login; else by `gonggo keys add`")
    return owner


def _page(request: Request, status: int = 200, **values: Any) -> Response:
    owner = owner_of(request)
    own: list[AccessKey] = _store(request).all(owner) if owner else []
    at = now()
    shown = {"made": None, "secret": None, "revoked": None, "error": None, "address": "", **values}
    answer = render(
        request,
        "keys.html",
        status,
        page="keys",
        longest_name=LONGEST_NAME,
        keys=[(key, key.state(at)) for key in own],
        timezone=SEOUL.key,
        **shown,
    )
    # The page with the secret must not come back from a cache.
    answer.headers["Cache-Control"] = "no-store"
    return answer
