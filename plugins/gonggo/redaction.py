"""Keys are masked wherever what was sent or came is written down: logs, ledgers, errors, batches, the archive.

They are known by the name of their parameter in an address, and by their value: some servers send back what they
were asked.
"""

from __future__ import annotations

import logging
import os
import re
from functools import lru_cache
from typing import Any
from urllib.parse import quote, quote_plus, unquote, urlsplit

from gonggo.addresses import without_user
from gonggo.settings import CONNECTION

MASK = "***"
SECRET_PARAMETERS = ("crtfcKey", "serviceKey", "ServiceKey", "client_secret", "apikey", "access_token")
_PARAMETER = re.compile(rf"\b({'|'.join(SECRET_PARAMETERS)})=[^&\s#'\"]+", re.I)
_VARIABLE = re.compile(r"(?:_KEY|_CLIENT_ID|_SECRET|_PASSWORD|_TOKEN)$")
# A shorter one would be found in ordinary text too.
_SHORTEST = 6


def masked(text: str) -> str:
    """``text`` without the values of secret parameters, without any secret of the environment, and with no user and
    password in its addresses.
    """
    text = _PARAMETER.sub(rf"\1={MASK}", without_user(text))
    for value in _written():
        text = text.replace(value, MASK)
    return text


def tells_secret(text: str) -> bool:
    """Return whether a secret of the environment stands in a text."""
    return any(value in text for value in _written())


def masked_bytes(content: bytes) -> bytes:
    """What came, without any secret of the environment that was sent back."""
    for value in _written():
        content = content.replace(value.encode(), MASK.encode())
    return content


def _written() -> list[str]:
    """The secrets of the environment in the ways in which they are written in addresses and texts, longest first."""
    told = [os.environ.get(name, "") for name in os.environ if _is_secret(name)]
    # The address of the catalogue has a password in it.
    told.append(_password_in(os.environ.get("GONGGO_POSTGRES_URL", "")))
    # The name of a connection is no secret, and an error must be able to say it.
    return _forms(frozenset(v for v in told if len(v) >= _SHORTEST and not v.startswith(CONNECTION)))


@lru_cache(maxsize=1024)
def _is_secret(name: str) -> bool:
    return _VARIABLE.search(name) is not None


@lru_cache(maxsize=8)
def _password_in(url: str) -> str:
    return unquote(urlsplit(url).password or "")


@lru_cache(maxsize=8)
def _forms(values: frozenset[str]) -> list[str]:
    # A key that is given percent-encoded is sent as it is meant.
    values = values | {unquote(value) for value in values}
    forms = {form for value in values for form in (value, quote(value), quote(value, safe=""), quote_plus(value))}
    return sorted(forms, key=len, reverse=True)


class Masking(logging.Filter):
    """Masks what a library logs of addresses, whatever the level that someone has set."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = masked(record.getMessage()), ()
        return True


def mask_logs() -> None:
    """Mask what the HTTP library says of its requests."""
    for name in ("urllib3.connectionpool", "urllib3.util.retry"):
        logger: Any = logging.getLogger(name)
        if not any(isinstance(one, Masking) for one in logger.filters):
            logger.addFilter(Masking())
