"""RSS 2.0 and Atom feeds: the list is the feed, the announcement its page or the description in the item."""

from __future__ import annotations

import email.utils
import re
from datetime import UTC
from typing import Any

from lxml import etree

from gonggo.errors import ChangedError
from gonggo.settings import SEOUL
from gonggo.sources import asking
from gonggo.sources.adapter import Page
from gonggo.sources.json_list import JsonList

_DC = "{http://purl.org/dc/elements/1.1/}"
_ATOM = "{http://www.w3.org/2005/Atom}"


class Rss(JsonList):
    """A feed. Rows have title, link, description, published (ISO), author, category and id."""

    def rows(self, page: Page, number: int) -> tuple[list[Any], int | None, bool]:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
        root = etree.fromstring(page.text(self.site.charset).encode("utf-8"), parser)
        if root is None or not list(root.iter("channel", f"{_ATOM}feed")):
            raise ChangedError(f"{page.url}: expected a feed, got {page.text(self.site.charset)[:80]!r}")
        rows = [_row(item) for item in root.iter("item", f"{_ATOM}entry")]
        return [row for row in rows if row["id"] and row["title"]], None, True


def _row(item: Any) -> dict[str, str]:
    link = _text(item, "link") or next((str(n.get("href")) for n in item.findall(f"{_ATOM}link")), "")
    link = asking.lasting(link.strip())
    when = _text(item, "pubDate", f"{_DC}date", f"{_ATOM}updated", f"{_ATOM}published")
    return {
        "id": _number(link) or _text(item, "guid", f"{_ATOM}id") or link,
        "title": _text(item, "title", f"{_ATOM}title"),
        "link": link,
        "description": _text(item, "description", f"{_ATOM}summary", f"{_ATOM}content"),
        "published": day(when),
        "author": _text(item, "author", f"{_DC}creator"),
        "category": _text(item, "category"),
    }


def _text(item: Any, *names: str) -> str:
    for name in names:
        node = item.find(name)
        if node is not None and "".join(node.itertext()).strip():
            return "".join(node.itertext()).strip()
    return ""


def _number(link: str) -> str:
    """The site's own number in an address, which outlives changes of the rest."""
    found = re.search(r"[?&](?:newsId|seq|nttId|nttNo|no|idx|id|bIdx|dataSid)=([\w-]+)", link)
    return found[1] if found else ""


def day(when: str) -> str:
    """The day in Seoul of an RFC 822 or ISO 8601 time."""
    iso = re.match(r"20\d\d-\d\d-\d\d", when)
    if iso:
        return iso.group()
    try:
        moment = email.utils.parsedate_to_datetime(when)
    except (ValueError, TypeError):
        return ""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(SEOUL).date().isoformat()
