"""Addresses that rows and files are known by: without what changes by itself, and else as the page has them."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from gonggo.addresses import resolve
from gonggo.errors import TerminalError

_DEAD = re.compile(r"\s{0,9}(?:#|\Z|(?:javascript|mailto|tel|sms|fax|data|about|blob|vbscript|intent)\s{0,9}:)", re.I)
# Nothing that is spelt in another way when it is asked for: no user, no backslash, no letter beyond ASCII.
_PLAIN = re.compile(r"https?://[^/?#@\\]+(?:[/?#][!-\[\]-~]*)?")
_SESSION = re.compile(r";(?:jsessionid|phpsessid|sessionid)=[^?#;/]{0,500}", re.I)
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


def followed(base: str, href: str, charset: str = "utf-8") -> str:
    """Return the address that a link of a page leads to, as the page spells it.

    Letters that no address can hold are written as a browser would, those of a query in the page's charset. One that is
    malformed stays as it is: it is the affair of its row or file alone, and asking for it says so.
    """
    try:
        spelt = resolve(base, href, charset)
        plain = urljoin(base, href.strip())
    except (TerminalError, ValueError):
        return href.strip()
    return plain if _PLAIN.fullmatch(plain) else spelt


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
