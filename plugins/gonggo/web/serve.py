"""Serving the site by itself, without Airflow."""

from __future__ import annotations

import logging
from collections.abc import Collection

import uvicorn

from gonggo.settings import Settings
from gonggo.web.gate import is_loopback, own_names
from gonggo.web.site import create_site

log = logging.getLogger(__name__)


def serve(settings: Settings, host: str, port: int, names: Collection[str] = ()) -> None:
    """Serve the site until interrupted, without a login.

    ``names`` are further host names that it answers to, such as that of a proxy.
    """
    if not is_loopback(host):
        log.warning(
            "%s: everyone who can reach this address can read everything and run queries; there is no login", host
        )
    site = create_site(settings, own_names(host, names))
    uvicorn.run(site, host=host, port=port, log_level="warning")
