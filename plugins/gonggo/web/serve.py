"""Serving the site by itself, without Airflow."""

from __future__ import annotations

import logging
from collections.abc import Collection

import uvicorn

from gonggo.settings import Settings
from gonggo.web.access import KeyAccess, key_required
from gonggo.web.gate import is_loopback, own_names
from gonggo.web.site import create_site

log = logging.getLogger(__name__)


def serve(settings: Settings, host: str, port: int, names: Collection[str] = (), *, require_key: bool = False) -> None:
    """Serve the site until interrupted, without a login.

    Args:
        settings: Of the home whose snapshot is shown.
        host: The address to listen on.
        port: The port to listen on.
        names: Further host names that it answers to, such as that of a proxy.
        require_key: Whether requests without a key are refused.
    """
    if not is_loopback(host) and not require_key:
        log.warning(
            "%s: everyone who can reach this address can read everything and run queries; there is no login", host
        )
    application = with_keys(settings, own_names(host, names), require_key=require_key)
    uvicorn.run(application, host=host, port=port, log_level="warning")


def with_keys(settings: Settings, names: Collection[str] | None = None, *, require_key: bool = False) -> KeyAccess:
    """Return the site, where a key opens what its scope names; with ``require_key``, others are refused."""
    site = create_site(settings, names)
    otherwise = key_required if require_key else site
    return KeyAccess(site, otherwise, site.state.keys, settings.key_rate)
