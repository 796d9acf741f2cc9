"""The site alone, without Airflow."""

from __future__ import annotations

import ipaddress
import logging

import uvicorn
from starlette.middleware.trustedhost import TrustedHostMiddleware

from gonggo.settings import Settings
from gonggo.web.site import create_site

log = logging.getLogger(__name__)


def serve(settings: Settings, host: str, port: int) -> None:
    """Serve until interrupted. There is no login here: beyond this machine everybody sees all pages."""
    site = create_site(settings)
    if _is_loopback(host):
        # A name that leads here from elsewhere is a page of elsewhere that wants to read what is here.
        site.add_middleware(TrustedHostMiddleware, allowed_hosts=["localhost", "127.0.0.1", "[::1]", host])
    else:
        log.warning("%s: whoever reaches this address can read everything and run queries; there is no login", host)
    uvicorn.run(site, host=host, port=port, log_level="warning")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
