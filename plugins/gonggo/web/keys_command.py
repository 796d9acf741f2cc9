"""What `gonggo keys` does: makes, lists and revokes keys."""

from __future__ import annotations

import getpass
from typing import TextIO
from urllib.parse import unquote_plus

from gonggo.access_keys import AccessKeys, now
from gonggo.errors import UsageError
from gonggo.report.formats import is_web_url
from gonggo.settings import Settings
from gonggo.web.access import is_address, require_scope, secret_address


def add(settings: Settings, name: str, scope: str | None, days: int | None, site: str, out: TextIO) -> int:
    """Make a key and print it, or the whole address that it opens.

    Raises:
        UsageError: The scope, the name or the address of the site is invalid.
    """
    if not scope:
        raise UsageError("What does it open? --for api, --for pages, or --for 'calls.ics?region=경남&status=open'.")
    if not is_web_url(site):
        raise UsageError(f"--site {site!r} is no address; give one such as https://data.example.or.kr/gonggo/.")
    scope = require_scope(scope)
    key, secret = AccessKeys(settings).add(name, scope, f"command line ({_user()})", days)
    print(secret_address(site, scope, secret) if is_address(scope) else secret, file=out)
    until = f"until {key.expires_at[:10]}" if key.expires_at else f"until `gonggo keys revoke {key.id}`"
    print(f"\nShown only this once; it is stored nowhere. It opens {unquote_plus(scope)} {until}.", file=out)
    if not is_address(scope):
        print("Send it as `Authorization: Bearer …`, or as the password of basic authentication.", file=out)
    return 0


def list_keys(settings: Settings, out: TextIO) -> int:
    """Print all keys, without their secrets."""
    keys = AccessKeys(settings).all()
    if not keys:
        print("There are no keys. `gonggo keys add NAME --for SCOPE` makes one; docs/keys.md says more.", file=out)
    at = now()
    for key in keys:
        used = f"last used {key.last_used_at[:16]}" if key.last_used_at else "never used"
        expires = f", expires {key.expires_at[:10]}" if key.expires_at else ""
        print(f"{key.id}  {key.state(at):<8} {key.name}  →  {unquote_plus(key.scope)}", file=out)
        print(f"          made {key.made_at[:10]} by {key.owner}, {used}{expires}", file=out)
    return 0


def revoke(settings: Settings, identifier: str, out: TextIO) -> int:
    """Revoke a key.

    Raises:
        UsageError: There is no such key.
    """
    key = AccessKeys(settings).revoke(identifier)
    print(f"{key.id} {key.name}: revoked. It opens nothing from now on.", file=out)
    return 0


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # A container may run under a number that has no name.
        return "no name"
