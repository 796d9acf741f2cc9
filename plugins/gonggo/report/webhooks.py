"""Requests to webhooks: guarded against private addresses, limited, and signed as Standard Webhooks describes."""

from __future__ import annotations

import binascii
import hashlib
import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import requests

from gonggo.crawl.certificates import causes
from gonggo.crawl.ssrf import guarded_adapter, tls_context
from gonggo.crawl.wire import Meter, Wire
from gonggo.errors import CollectError, TerminalError, TransientError, UsageError
from gonggo.report.formats import is_web_url
from gonggo.settings import Settings

SECONDS = 30
# Of the answer, which nobody reads.
MAX_BYTES = 64 * 1024
_PREFIX = "whsec_"


def signed_request(identifier: str, body: dict[str, Any], secret: str, at: datetime) -> tuple[bytes, dict[str, str]]:
    """Return the body and the headers of a signed webhook.

    The signature covers the id, the time and the body, so that a receiver can refuse copies that are sent later.

    Raises:
        UsageError: The secret is not written as ``whsec_`` and Base64.
    """
    timestamp = str(int(at.timestamp()))
    content = json.dumps({**body, "timestamp": at.astimezone(UTC).isoformat()}, ensure_ascii=False).encode()
    signed = f"{identifier}.{timestamp}.".encode() + content
    signature = b64encode(hmac.new(_key(secret), signed, hashlib.sha256).digest()).decode()
    headers = {"webhook-id": identifier, "webhook-timestamp": timestamp, "webhook-signature": f"v1,{signature}"}
    return content, headers


def _key(secret: str) -> bytes:
    try:
        key = b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not secret.startswith(_PREFIX) or len(key) < 24:
        # Without the secret, which must not be in a log.
        raise UsageError(
            "the secret must be whsec_ and the Base64 of at least 24 bytes; `openssl rand -base64 32` makes one"
        )
    return key


def post(settings: Settings, label: str, address: str, content: bytes, headers: Mapping[str, str]) -> int:
    """Post JSON to an address and return the status of the answer; redirects are not followed.

    ``label`` stands for the address in messages, because the address may be a secret.

    Raises:
        TerminalError: The address is none, or leads to a private address that is not allowed.
        TransientError: No answer came in time.
    """
    if not is_web_url(address):
        raise TerminalError(f"{label} has no address that begins with https:// or http://")
    wire = Wire()
    wire.meter = Meter(SECONDS, MAX_BYTES)
    with requests.Session() as session:
        # A proxy from the environment would reach the private addresses that the adapter refuses.
        session.trust_env = False
        for scheme in ("http://", "https://"):
            session.mount(scheme, guarded_adapter(settings.allow_private, wire, tls_context()))
        if settings.ca_bundle:
            session.verify = str(settings.ca_bundle)
        sent = {"Content-Type": "application/json", "User-Agent": "gonggo", **headers}
        try:
            with (
                wire.meter.running(label),
                session.post(
                    address, data=content, headers=sent, timeout=SECONDS, allow_redirects=False, stream=True
                ) as answer,
            ):
                return answer.status_code
        except CollectError:
            raise
        except (requests.RequestException, OSError, ValueError) as error:
            raise _refusal(error) or TransientError(f"{label}: no answer ({type(error).__name__})") from None


def _refusal(error: BaseException) -> CollectError | None:
    """Return the refusal of the guard within the errors of the HTTP library; its message names host and address."""
    return next((cause for cause in causes(error) if isinstance(cause, CollectError)), None)
