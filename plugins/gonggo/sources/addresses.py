"""URLs of rows and files: resolved as a browser does, and without the parameters that change from visit to visit."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from gonggo.addresses import resolve
from gonggo.errors import TerminalError

_NO_PAGE = re.compile(
    r"\s{0,9}(?:#|\Z|(?:javascript|mailto|tel|sms|fax|data|about|blob|vbscript|intent)\s{0,9}:)", re.I
)
# URLs that need no normalisation before they are requested: no user, no backslash, ASCII only.
_SENT_AS_WRITTEN = re.compile(r"https?://[^/?#@\\]+(?:[/?#][!-\[\]-~]*)?")
_SESSION = re.compile(r";(?:jsessionid|phpsessid|sessionid)=[^?#;/]{0,500}", re.I)
# Parameters that say where or by whom a row was opened, not which announcement it is.
_VOLATILE_PARAMETERS = frozenset(
    "page pageIndex pageNo pageNum page_no pn cpage curPage cPage nPage pgno pno viewPage board_page pageid miv_pageNo "
    "offset listNo searchKeyword searchCondition keyword sfpage PHPSESSID phpsessid jsessionid JSESSIONID sessionid "
    "fbclid gclid igshid msclkid yclid _ga".split()
)
_TRACKING_PREFIX = "utm_"


def is_no_page_link(href: str) -> bool:
    """Return whether a link leads to no page: an anchor, a script, a mail address, a phone number."""
    return _NO_PAGE.match(href) is not None


def resolve_link(base: str, href: str, charset: str = "utf-8") -> str:
    """Return the absolute URL of a link, spelt as the page spells it where that is possible.

    Characters that a URL cannot hold are percent-encoded as browsers do, those of a query in the page's charset. A
    malformed link is returned unchanged: requesting it fails, and costs no more than its own row or file. An ampersand
    that was escaped twice is one.
    """
    href = href.replace("&amp;", "&")
    try:
        encoded = resolve(base, href, charset)
        as_written = urljoin(base, href.strip())
    except (TerminalError, ValueError):
        return href.strip()
    return as_written if _SENT_AS_WRITTEN.fullmatch(as_written) else encoded


def canonical_url(url: str) -> str:
    """Return a URL without session ids, page numbers, search words, tracking parameters and the fragment.

    The rest stays byte for byte the same, because it may be percent-encoded in any charset.
    """
    path, _, query = _SESSION.sub("", url.partition("#")[0]).partition("?")
    stable = [pair for pair in query.split("&") if not _is_volatile(pair.partition("=")[0])]
    return f"{path}?{'&'.join(stable)}" if query and stable else path


def sorted_query(url: str) -> str:
    """Return a URL with its parameters sorted, so that two can be compared."""
    path, mark, query = url.partition("?")
    return f"{path}{mark}{'&'.join(sorted(query.split('&')))}"


def _is_volatile(name: str) -> bool:
    name = name.removeprefix("amp;")
    return name in _VOLATILE_PARAMETERS or name.startswith(_TRACKING_PREFIX)
