"""URLs as browsers understand them (the WHATWG URL standard), from whatever a link or a header contains.

Addresses are requested, compared and stored in one normal form: ASCII, the host in lower case and Punycode, IP
addresses in their usual notation, no user and password, no fragment, no dot segments in the path.
"""

from __future__ import annotations

import contextlib
import ipaddress
import re
from functools import lru_cache
from urllib.parse import quote, unquote, urljoin, urlsplit

import idna

from gonggo.errors import TerminalError
from gonggo.read.decode import codec

LONGEST = 16_384
_PORTS = {"http": "80", "https": "443"}
_AROUND = "".join(map(chr, range(0x21)))
_INSIDE = re.compile(r"[\t\n\r]")
_HALVES = re.compile("[\ud800-\udfff]")
_SCHEME = re.compile(r"(https?):([/\\]*)", re.I)
_OTHER_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.I)
_BEFORE_QUERY = re.compile(r"[^?#]*")
_SLASHES = re.compile(r"^/{2,}")
_AUTHORITY = re.compile(r"[^/\\?#]*")
_LABEL = re.compile(r"[a-z0-9_-]{1,63}")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ESCAPED_DOT = re.compile(r"%2e", re.I)
_USER = re.compile(r"(?<=://)[^\s/\\?#]*@")
_RAW = re.compile(r"[\x80-\xff]")
# Characters that stay as they are; all others are percent-encoded.
_IN_PATH = "%!$&'()*+,;=:@/~"
_IN_QUERY = "%!$&()*+,;=:@/?~"


# The client, robots.txt and the archive each ask for the form of the same few addresses, one after the other.
@lru_cache(maxsize=64)
def normalize(address: str, encoding: str = "utf-8") -> str:
    """Return the normal form of an address; characters of its query beyond ASCII are encoded in ``encoding``.

    Raises:
        TerminalError: it is not an address of http or https.
    """
    text = _strip_controls(address)
    match = _SCHEME.match(text)
    if not match:
        raise TerminalError(f"{_for_message(text)}: only http and https are followed")
    scheme = match.group(1).lower()
    authority = _AUTHORITY.match(text, match.end())
    rest = text[authority.end() :] if authority else ""
    host, port = _host_and_port(authority.group().rpartition("@")[2] if authority else "", text)
    path, _, query = rest.partition("#")[0].partition("?")
    spelt = f"{scheme}://{host}" + (f":{port}" if port and port != _PORTS[scheme] else "") + _path(path)
    if query or "?" in rest.partition("#")[0]:
        spelt += "?" + _query(query, encoding)
    if len(spelt) > LONGEST:
        raise TerminalError(f"{_for_message(text)}: an address of {len(spelt)} characters; at most {LONGEST}")
    return spelt


def resolve(base: str, link: str, encoding: str = "utf-8") -> str:
    """Return the address that a link on the page ``base`` leads to.

    Raises:
        TerminalError: it leads to no address of http or https.
    """
    text, relative = _strip_controls(link), False
    match = _SCHEME.match(text)
    if match and len(match.group(2)) < 2 and base.lower().startswith(match.group(1).lower() + ":"):
        # A scheme without two slashes that equals the page's own is ignored.
        text, relative = text[match.start(2) :], True
    if not relative and _OTHER_SCHEME.match(text):
        return normalize(text, encoding)
    head = _BEFORE_QUERY.match(text)
    folder = head.group() if head else ""
    try:
        # Any number of slashes before a host counts as two.
        whole = urljoin(base, _SLASHES.sub("//", folder.replace("\\", "/")) + text[len(folder) :])
    except ValueError as error:
        raise TerminalError(f"{_for_message(link)}: no address ({error})") from None
    return normalize(whole, encoding)


def resolve_redirect(base: str, location: str) -> str:
    """Return the target of a Location header, whose characters beyond ASCII are the bytes that the server sent.

    Raises:
        TerminalError: it leads to no address of http or https.
    """
    return resolve(base, _RAW.sub(lambda raw: f"%{ord(raw.group()):02X}", location))


def origin(address: str) -> str:
    """Return scheme, host and port of an address in normal form."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def strip_credentials(text: str) -> str:
    """Return a text without user and password in its addresses, and without lone surrogates."""
    text = text if text.isascii() else _HALVES.sub("\ufffd", text)
    return _USER.sub("", text) if "@" in text else text


def strip_file_credentials(files: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return rows of files without user and password in their addresses, and without lone surrogates."""
    return [{name: strip_credentials(value) for name, value in file.items()} for file in files]


def form_encoding(charset: str) -> str:
    """Return the codec in which browsers write the parameters of a page of this charset."""
    try:
        "".encode(codec(charset))
    except LookupError:
        return "utf-8"
    return "utf-8" if codec(charset).startswith(("utf-16", "utf_16", "utf-32")) else codec(charset)


def _strip_controls(address: str) -> str:
    return _HALVES.sub("\ufffd", _INSIDE.sub("", address.strip(_AROUND)))


def _for_message(text: str) -> str:
    """Return an address for an error message: short, on one line, without a password."""
    return strip_credentials(repr(text[:200])[1:-1])


def _host_and_port(authority: str, text: str) -> tuple[str, str]:
    host, end, port = authority.partition("]") if authority.startswith("[") else authority.partition(":")
    if authority.startswith("["):
        if not port.startswith(":") and port:
            raise TerminalError(f"{_for_message(text)}: no address (a port must follow the bracket)")
        port = port[1:]
        with contextlib.suppress(ValueError):
            if end and "%" not in host:
                return f"[{ipaddress.IPv6Address(host[1:])}]", _port(port, text)
        raise TerminalError(f"{_for_message(text)}: no address (no IPv6 address in the brackets)")
    return _host(host, text), _port(port, text)


def _port(port: str, text: str) -> str:
    if not port:
        return ""
    if not (port.isascii() and port.isdigit() and 0 < int(port[:9]) < 65536 and len(port) < 10):
        raise TerminalError(f"{_for_message(text)}: no address (its port is no number from 0 to 65535)")
    return str(int(port))


def _host(host: str, text: str) -> str:
    """Return the name of a host in ASCII, or its IP address."""
    if not host or len(host) > 1000:
        raise TerminalError(
            f"{_for_message(text)}: no address ({'its host is too long' if host else 'it names no host'})"
        )
    try:
        # A host may be percent-encoded, as a redirect to a name in Korean is.
        plain = unquote(host, errors="strict")
    except UnicodeError:
        raise TerminalError(f"{_for_message(text)}: no address (its host is not UTF-8)") from None
    try:
        name = plain.lower() if plain.isascii() else idna.uts46_remap(plain, std3_rules=False)
        labels = [one if one.isascii() else idna.alabel(one).decode() for one in name.removesuffix(".").split(".")]
    except (UnicodeError, IndexError) as error:
        raise TerminalError(f"{_for_message(text)}: no address ({error})") from None
    number = _ipv4_from_numbers(labels, text)
    if number:
        return number
    name = ".".join(labels)
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise TerminalError(f"{_for_message(text)}: no address (its host has no valid name)")
    return name


def _ipv4_from_numbers(labels: list[str], text: str) -> str | None:
    """Return an IPv4 host in any notation (decimal, octal, hex, short) as four numbers; None for a name."""
    if not _NUMBER.fullmatch(labels[-1]):
        return None
    with contextlib.suppress(ValueError):
        *first, last = [_host_number_part(label) for label in labels]
        if len(first) < 4 and all(part < 256 for part in first) and last < 256 ** (4 - len(first)):
            whole = sum(part << (24 - 8 * at) for at, part in enumerate(first)) + last
            return str(ipaddress.IPv4Address(whole))
    raise TerminalError(f"{_for_message(text)}: no address (its host is no valid number)")


def _host_number_part(label: str) -> int:
    if not _NUMBER.fullmatch(label) or len(label) > 20:
        raise ValueError(label)
    if label.startswith("0x"):
        return int(label[2:] or "0", 16)
    return int(label, 8 if label.startswith("0") else 10)


def _path(path: str) -> str:
    """Return a path percent-encoded in UTF-8, without the segments ``.`` and ``..``."""
    spelt = quote(_BAD_PERCENT.sub("%25", path.replace("\\", "/")), safe=_IN_PATH)
    resolved, segments = list[str](), spelt.split("/")[1:]
    for number, segment in enumerate(segments, 1):
        dots = _ESCAPED_DOT.sub(".", segment)
        if dots == "..":
            resolved = resolved[:-1]
        elif dots != ".":
            resolved.append(segment)
        if dots in (".", "..") and number == len(segments):
            resolved.append("")
    return "/" + "/".join(resolved)


def _query(query: str, encoding: str) -> str:
    """Return a query percent-encoded in the charset of the page; a letter that it lacks is written ``&#N;``."""
    raw = _BAD_PERCENT.sub("%25", query)
    if raw.isascii():
        return quote(raw, safe=_IN_QUERY)
    charset = form_encoding(encoding)
    return "".join(_letter(letter, charset) for letter in raw)


def _letter(letter: str, charset: str) -> str:
    try:
        return quote(letter.encode(charset), safe=_IN_QUERY)
    except UnicodeEncodeError:
        return f"%26%23{ord(letter)}%3B"
