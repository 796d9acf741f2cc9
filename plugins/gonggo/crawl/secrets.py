"""Keys in addresses are masked wherever an address is written down: logs, ledgers, errors, the archive."""

from __future__ import annotations

import re

SECRET_PARAMETERS = ("crtfcKey", "serviceKey", "ServiceKey", "client_secret", "apikey", "access_token")
_SECRET = re.compile(rf"\b({'|'.join(SECRET_PARAMETERS)})=[^&\s#'\"]+", re.I)


def masked(text: str) -> str:
    """``text`` with the values of secret parameters replaced by ``***``."""
    return _SECRET.sub(r"\1=***", text)
