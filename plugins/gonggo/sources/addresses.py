"""Addresses as pages write them: joined, checked and written as browsers ask for them; what they are about is kept."""

from __future__ import annotations

import re
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from gonggo.errors import ChangedError
from gonggo.read.decode import codec

_DEAD = re.compile(
    r"\s{0,9}(?:#|\Z|(?:javascript|mailto|tel|sms|data|about|blob|vbscript|file|intent|kakao\w*)\s{0,9}:)", re.I
)
_BREAKS = re.compile(r"[\t\r\n]")
_CONTROL = re.compile("[\x00-\x20\x7f]")
_SESSION = re.compile(r";(?:jsessionid|phpsessid|sessionid)=[^?#;/]{0,500}", re.I)
_HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
_LONGEST_HOST, _LONGEST = 253, 8000
_SHOWN = 80
# Parameters that say from where a row was opened, or by whom, not which announcement it is.
_WHERE = frozenset(
    "page pageIndex pageNo pageNum page_no pn cpage curPage cPage nPage pgno pno viewPage board_page pageid miv_pageNo "
    "offset listNo searchKeyword searchCondition keyword sfpage PHPSESSID phpsessid jsessionid JSESSIONID sessionid "
    "fbclid gclid igshid msclkid yclid _ga".split()
)
_TRACKING = "utm_"


def is_dead(href: str) -> bool:
    """Return whether a link leads to no page: an anchor, a script, a mail, a call."""
    return _DEAD.match(href) is not None


def joined(base: str, href: str, charset: str = "utf-8") -> str:
    """Return the address of a link of a page as a browser would ask for it.

    Letters that addresses cannot hold are percent-encoded, in a path as UTF-8 and in a query in the page's charset;
    what is encoded already stays as it is.

    Raises:
        ChangedError: it is no address of a page: malformed, or of another scheme than http and https.
    """
    try:
        parts = urlsplit(urljoin(base, _browsed(href)))
        host = _host(parts.hostname or "")
        port = f":{parts.port}" if parts.port is not None else ""
    except ValueError as error:
        raise ChangedError(f"{_shown(href)} is no address: {error}") from error
    if parts.scheme not in ("http", "https"):
        raise ChangedError(f"{_shown(href)} is no address of a page")
    user = parts.netloc.rpartition("@")[0]
    netloc = f"{_encoded(user, 'utf-8')}@{host}{port}" if user else f"{host}{port}"
    path, query = _encoded(parts.path, "utf-8"), _encoded(parts.query, charset)
    url = urlunsplit((parts.scheme, netloc, path, query, _encoded(parts.fragment, "utf-8")))
    if len(url) > _LONGEST:
        raise ChangedError(f"{_shown(href)} is no address: longer than {_LONGEST} characters")
    return url


def lasting(url: str) -> str:
    """Return an address without what changes by itself: session ids, where it was found, who counts its visitors.

    What stays is left byte by byte as it was: its letters may be encoded in any charset.
    """
    front, _, query = _SESSION.sub("", url.partition("#")[0]).partition("?")
    kept = [pair for pair in query.split("&") if not _is_passing(pair.partition("=")[0])]
    return f"{front}?{'&'.join(kept)}" if query and kept else front


def sorted_query(url: str) -> str:
    """Return an address with its parameters in the order of their names, to tell whether two are the same."""
    front, mark, query = url.partition("?")
    return f"{front}{mark}{'&'.join(sorted(query.split('&')))}"


def _is_passing(name: str) -> bool:
    name = name.removeprefix("amp;")
    return name in _WHERE or name.startswith(_TRACKING)


def _browsed(href: str) -> str:
    """Return a link as browsers take it: no line breaks in it, slashes for backslashes before its query."""
    href = _BREAKS.sub("", href.strip())
    front, mark, rest = href.partition("?")
    return front.replace("\\", "/") + mark + rest


def _host(host: str) -> str:
    """Return a host by its name in the DNS.

    Raises:
        ValueError: there can be no such host.
    """
    if ":" in host:
        return f"[{host}]"
    name = host if host.isascii() else host.encode("idna").decode("ascii")
    labels = name.removesuffix(".").split(".")
    if len(name) > _LONGEST_HOST or not all(_HOST.fullmatch(label) for label in labels):
        raise ValueError(f"there can be no host {host[:_SHOWN]!r}")
    return name


def _encoded(text: str, charset: str) -> str:
    """Return a part of an address in letters of ASCII; a letter that the charset lacks is asked for in UTF-8."""
    if text.isascii() and not _CONTROL.search(text):
        return text
    return "".join(letter if "!" <= letter <= "~" else quote(_bytes_of(letter, charset)) for letter in text)


def _bytes_of(letter: str, charset: str) -> bytes:
    try:
        return letter.encode(codec(charset))
    except (UnicodeEncodeError, LookupError):
        return letter.encode("utf-8", "replace")


def _shown(href: str) -> str:
    return repr(href[:_SHOWN])
