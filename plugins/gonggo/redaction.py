"""Masking of secrets in everything that is stored: logs, crawl state, errors, batches, the archive.

A key is recognised by the name of its parameter in an address, and by its value, because some servers echo the request.
"""

from __future__ import annotations

import logging
import os
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html.entities import html5
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from gonggo.addresses import strip_credentials
from gonggo.settings import CONNECTION, variable

MASK = "***"
# A key to this site, with its public identifier.
ACCESS_KEY = re.compile(r"gonggo_([0-9a-f]{8})_[0-9a-f]{48}")
SECRET_PARAMETERS = ("crtfcKey", "serviceKey", "ServiceKey", "client_secret", "apikey", "access_token", "access_key")
_PARAMETER = re.compile(rf"\b({'|'.join(SECRET_PARAMETERS)})=[^&\s#'\"]+", re.I)
_VARIABLE = re.compile(r"(?:_KEY|_CLIENT_ID|_SECRET|_PASSWORD|_TOKEN)$")
# Shorter values would match ordinary text too.
_SHORTEST = 6
# Secrets that are not in the environment of this process.
_registered: set[str] = set()
# Characters that are never escaped.
_RUNS = re.compile("[0-9A-Za-z]+")


def masked(text: str) -> str:
    """Return ``text`` without secrets: parameters, keys, users and passwords in addresses."""
    text = _PARAMETER.sub(rf"\1={MASK}", ACCESS_KEY.sub(rf"gonggo_\1_{MASK}", strip_credentials(text)))
    for secret in _secret_patterns():
        if secret.run in text:
            text = secret.pattern.sub(MASK, text)
    return text


def register_secrets(values: Iterable[str]) -> None:
    """Mask these values too from now on, in this process."""
    _registered.update(values)


def contains_secret(text: str) -> bool:
    """Return whether a text contains a secret."""
    return any(secret.run in text and secret.pattern.search(text) for secret in _secret_patterns())


def masked_bytes(content: bytes) -> bytes:
    """Return received bytes without the keys that a server sent back."""
    for secret in _secret_patterns():
        if secret.run_bytes in content:
            content = secret.bytes_pattern.sub(MASK.encode(), content)
    return content


class _SecretPattern(NamedTuple):
    """A secret: patterns for every escaped spelling, and the longest run of letters that all spellings share."""

    run: str
    run_bytes: bytes
    pattern: re.Pattern[str]
    bytes_pattern: re.Pattern[bytes]


def _secret_patterns() -> list[_SecretPattern]:
    """Return the secrets in all their spellings in addresses and texts, longest first."""
    secrets = [*_registered]
    secrets += [os.environ.get(name, "") for name in _secret_names(tuple(os.environ))]
    # The address of Postgres contains a password.
    secrets.append(_password_in(variable(os.environ, "GONGGO_POSTGRES_URL")))
    # The name of a connection is no secret, and error messages may contain it.
    return _patterns_of(frozenset(v for v in secrets if len(v) >= _SHORTEST and not v.startswith(CONNECTION)))


@lru_cache(maxsize=8)
def _secret_names(names: tuple[str, ...]) -> list[str]:
    return [name for name in names if _VARIABLE.search(name)]


@lru_cache(maxsize=8)
def _password_in(url: str) -> str:
    try:
        return unquote(urlsplit(url).password or "")
    except ValueError:
        # Not an address; the settings report it.
        return ""


@lru_cache(maxsize=8)
def _patterns_of(values: frozenset[str]) -> list[_SecretPattern]:
    # A key may be given percent-encoded, once or twice; requests send it decoded.
    values = values | {unquote(value) for value in values} | {unquote(unquote(value)) for value in values}
    values |= {stripped for value in values if len(stripped := value.strip().strip("\"'")) >= _SHORTEST}
    spellings = {
        secret for value in values for secret in (value, *_in_base64(value.encode("utf-8", "surrogateescape")))
    }
    return [_pattern_of(secret) for secret in sorted(spellings, key=len, reverse=True)]


def _in_base64(value: bytes) -> Iterator[str]:
    """Yield the Base64 form of a value at each alignment, without the characters that depend on its neighbours."""
    for offset in range(3):
        encoded = b64encode(bytes(offset) + value).decode()
        end = (offset + len(value)) * 8 // 6
        stable = encoded[-(-offset * 8 // 6) : end]
        if len(stable) >= _SHORTEST:
            yield from (stable, stable.replace("+", "-").replace("/", "_"))


def _pattern_of(value: str) -> _SecretPattern:
    run = max(_RUNS.findall(value), key=len, default="")
    pattern = "".join(re.escape(sign) if _RUNS.fullmatch(sign) else _spellings(sign) for sign in value)
    return _SecretPattern(
        run, run.encode(), re.compile(pattern), re.compile(pattern.encode("utf-8", "surrogateescape"))
    )


def _spellings(sign: str) -> str:
    """Return a pattern of the ways to write a character in addresses, JSON, scripts and markup, also nested."""
    percent = "".join(f"%(?:25){{0,3}}{_hex(f'{byte:02x}')}" for byte in sign.encode("utf-8", "surrogateescape"))
    code = ord(sign)
    names = [name for name, character in html5.items() if character == sign and name.endswith(";")]
    entities = [*names, f"#0{{0,5}}{code};", f"#[xX]0{{0,4}}{_hex(f'{code:x}')};"]
    alternatives = [
        rf"\\{{0,3}}{re.escape(sign)}",
        percent,
        rf"(?:\\{{1,3}}|%)u0{{0,4}}{_hex(f'{code:x}')}",
        rf"\\{{1,3}}x{_hex(f'{code:02x}')}",
        rf"&(?:amp;){{0,2}}(?:{'|'.join(entities)})",
    ]
    if sign == "+":
        # In a form a plus means a space.
        alternatives += [" ", "%(?:25){0,3}20"]
    if sign == " ":
        alternatives.append(r"\+")
    return f"(?:{'|'.join(alternatives)})"


def _hex(digits: str) -> str:
    """Return a pattern of hexadecimal digits in either case."""
    return "".join(f"[{digit}{digit.upper()}]" if digit.isalpha() else digit for digit in digits)


class Masking(logging.Filter):
    """A filter that masks secrets in the log messages of a library, at every level."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = masked(record.getMessage()), ()
        return True


def mask_logs() -> None:
    """Mask secrets in the logs of the HTTP library."""
    for name in ("urllib3.connectionpool", "urllib3.util.retry"):
        logger: Any = logging.getLogger(name)
        if not any(isinstance(one, Masking) for one in logger.filters):
            logger.addFilter(Masking())
