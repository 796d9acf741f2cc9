"""Addresses as browsers understand them (the URL standard of WHATWG), out of whatever stands in a link or a header.

What is asked for, compared and stored is always the same spelling: ASCII, the host in lower case and Punycode, numbers
of hosts as numbers, no user and password, no fragment, no dots in the path.
"""

from __future__ import annotations

import contextlib
import ipaddress
import re
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
# What stays as it is; everything else is written as bytes with a percent sign.
_IN_PATH = "%!$&'()*+,;=:@/~"
_IN_QUERY = "%!$&()*+,;=:@/?~"


def normal(address: str, encoding: str = "utf-8") -> str:
    """Return the one spelling of an address; raw letters of its query are written in ``encoding``.

    Raises:
        TerminalError: it is no address of http or https.
    """
    text = _clean(address)
    found = _SCHEME.match(text)
    if not found:
        raise TerminalError(f"{_shown(text)}: only http and https are followed")
    scheme = found.group(1).lower()
    authority = _AUTHORITY.match(text, found.end())
    rest = text[authority.end() :] if authority else ""
    host, port = _host_and_port(authority.group().rpartition("@")[2] if authority else "", text)
    path, _, query = rest.partition("#")[0].partition("?")
    written = f"{scheme}://{host}" + (f":{port}" if port and port != _PORTS[scheme] else "") + _path(path)
    if query or "?" in rest.partition("#")[0]:
        written += "?" + _query(query, encoding)
    if len(written) > LONGEST:
        raise TerminalError(f"{_shown(text)}: an address of {len(written)} letters; none is longer than {LONGEST}")
    return written


def joined(base: str, link: str, encoding: str = "utf-8") -> str:
    """Return the address that a link on the page ``base`` leads to.

    Raises:
        TerminalError: it leads to no address of http or https.
    """
    text, relative = _clean(link), False
    found = _SCHEME.match(text)
    if found and len(found.group(2)) < 2 and base.lower().startswith(found.group(1).lower() + ":"):
        # Without two slashes the scheme of the page itself means nothing.
        text, relative = text[found.start(2) :], True
    if not relative and _OTHER_SCHEME.match(text):
        return normal(text, encoding)
    head = _BEFORE_QUERY.match(text)
    folder = head.group() if head else ""
    try:
        # However many slashes before a host mean two.
        whole = urljoin(base, _SLASHES.sub("//", folder.replace("\\", "/")) + text[len(folder) :])
    except ValueError as error:
        raise TerminalError(f"{_shown(link)}: no address ({error})") from None
    return normal(whole, encoding)


def redirected(base: str, location: str) -> str:
    """Return where a Location header leads, whose letters beyond ASCII are bytes as the server sent them.

    Raises:
        TerminalError: it leads to no address of http or https.
    """
    return joined(base, _RAW.sub(lambda raw: f"%{ord(raw.group()):02X}", location))


def origin(address: str) -> str:
    """Return scheme, host and port of an address in its one spelling."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def without_user(text: str) -> str:
    """Return a text whose addresses have no user and password before their host, and that can be encoded."""
    text = text if text.isascii() else _HALVES.sub("\ufffd", text)
    return _USER.sub("", text) if "@" in text else text


def without_users(files: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return the rows of files, without user and password in an address, in texts that can be encoded."""
    return [{name: without_user(value) for name, value in file.items()} for file in files]


def form_encoding(charset: str) -> str:
    """Return the codec in which browsers write the parameters of a page of this charset."""
    try:
        "".encode(codec(charset))
    except LookupError:
        return "utf-8"
    return "utf-8" if codec(charset).startswith(("utf-16", "utf_16", "utf-32")) else codec(charset)


def _clean(address: str) -> str:
    return _HALVES.sub("\ufffd", _INSIDE.sub("", address.strip(_AROUND)))


def _shown(text: str) -> str:
    """Return an address for a message: short, on one line, without a password."""
    return without_user(repr(text[:200])[1:-1])


def _host_and_port(authority: str, text: str) -> tuple[str, str]:
    host, end, port = authority.partition("]") if authority.startswith("[") else authority.partition(":")
    if authority.startswith("["):
        if not port.startswith(":") and port:
            raise TerminalError(f"{_shown(text)}: no address (a port must follow the bracket)")
        port = port[1:]
        with contextlib.suppress(ValueError):
            if end and "%" not in host:
                return f"[{ipaddress.IPv6Address(host[1:])}]", _port(port, text)
        raise TerminalError(f"{_shown(text)}: no address (no IPv6 address in the brackets)")
    return _host(host, text), _port(port, text)


def _port(port: str, text: str) -> str:
    if not port:
        return ""
    if not (port.isascii() and port.isdigit() and 0 < int(port[:9]) < 65536 and len(port) < 10):
        raise TerminalError(f"{_shown(text)}: no address (no such port)")
    return str(int(port))


def _host(host: str, text: str) -> str:
    """Return the name of a host in ASCII, or its IP address."""
    if not host or len(host) > 1000:
        raise TerminalError(f"{_shown(text)}: no address ({'its host is too long' if host else 'it names no host'})")
    try:
        # A host may be percent-encoded, as a redirect to a name in Korean is.
        plain = unquote(host, errors="strict")
    except UnicodeError:
        raise TerminalError(f"{_shown(text)}: no address (its host is not UTF-8)") from None
    try:
        name = plain.lower() if plain.isascii() else idna.uts46_remap(plain, std3_rules=False)
        labels = [one if one.isascii() else idna.alabel(one).decode() for one in name.removesuffix(".").split(".")]
    except (UnicodeError, IndexError) as error:
        raise TerminalError(f"{_shown(text)}: no address ({error})") from None
    number = _number(labels, text)
    if number:
        return number
    name = ".".join(labels)
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise TerminalError(f"{_shown(text)}: no address (no such host can be)")
    return name


def _number(labels: list[str], text: str) -> str | None:
    """Return an IPv4 host in any notation (decimal, octal, hex, short) as four numbers; None for a name."""
    if not _NUMBER.fullmatch(labels[-1]):
        return None
    with contextlib.suppress(ValueError):
        *first, last = [_value(label) for label in labels]
        if len(first) < 4 and all(part < 256 for part in first) and last < 256 ** (4 - len(first)):
            whole = sum(part << (24 - 8 * at) for at, part in enumerate(first)) + last
            return str(ipaddress.IPv4Address(whole))
    raise TerminalError(f"{_shown(text)}: no address (no such number of a host)")


def _value(label: str) -> int:
    if not _NUMBER.fullmatch(label) or len(label) > 20:
        raise ValueError(label)
    if label.startswith("0x"):
        return int(label[2:] or "0", 16)
    return int(label, 8 if label.startswith("0") else 10)


def _path(path: str) -> str:
    """Return a path percent-encoded in UTF-8, without the segments ``.`` and ``..``."""
    written = quote(_BAD_PERCENT.sub("%25", path.replace("\\", "/")), safe=_IN_PATH)
    kept, segments = list[str](), written.split("/")[1:]
    for number, segment in enumerate(segments, 1):
        dots = _ESCAPED_DOT.sub(".", segment)
        if dots == "..":
            kept = kept[:-1]
        elif dots != ".":
            kept.append(segment)
        if dots in (".", "..") and number == len(segments):
            kept.append("")
    return "/" + "/".join(kept)


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
