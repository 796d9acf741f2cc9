"""Feeds, RSS 2.0, RSS 1.0 and Atom: the list is the feed, the announcement its page or the description in the item."""

from __future__ import annotations

import email.utils
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from lxml.etree import _Element as Element

from gonggo.errors import ChangedError
from gonggo.read.loose import inner_markup, local, namespace, xml_of
from gonggo.settings import SEOUL
from gonggo.sources.adapter import Page
from gonggo.sources.addresses import followed, lasting, sorted_query
from gonggo.sources.dates import cell_date
from gonggo.sources.json_list import JsonList
from gonggo.sources.refusals import explained

_DC = "http://purl.org/dc/"
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_FEEDS = frozenset(("rss", "RDF", "feed", "channel"))
# The parameters in which boards have the number of a post, the surest first. One that says ``id`` may be the name of
# the board; only digits are a number.
_NUMBERS = (
    *("wr_id", "document_srl", "newsId", "nttId", "nttNo", "nttSn", "pblancId", "pbancSn", "articleNo", "article_no"),
    *("articleId", "article_id", "postId", "post_id", "bbsSeq", "boardSeq", "board_seq", "b_idx", "bIdx", "dataSid"),
    *("idxno", "idx", "seq", "no", "num", "uid", "sn", "vid", "number", "id", "p"),
)
_RANKS = {name.casefold(): rank for rank, name in enumerate(_NUMBERS)}
_NAMED = frozenset(("id", "p", "number", "num", "no", "uid"))
_KOREAN_DAY = re.compile(r"(?<!\d)(\d{1,2})\s{1,3}(\d{1,2})월\s{1,3}(20\d\d)")
_ROUTE = re.compile(r"!?/[^/]")
_NUMBER = re.compile(r"[\w-]{1,80}")


class Rss(JsonList):
    """A feed. Rows have title, link, description, published (ISO), author, category and id."""

    def rows(self, page: Page, number: int) -> tuple[list[Any], int | None, bool]:
        text = page.text(self.site.charset)
        try:
            root = xml_of(text)
        except ValueError as error:
            changed = ChangedError(f"{page.url}: expected a feed, got {text[:80]!r} ({error})")
            raise explained(page.url, text, changed, self.site) from error
        if local(root) not in _FEEDS:
            raise explained(page.url, text, ChangedError(f"{page.url}: expected a feed, got {text[:80]!r}"), self.site)
        base = root.get(_XML_BASE) or page.url
        rows = [_row(item, base) for item in root.iter() if local(item) in ("item", "entry")]
        return with_numbers(rows), None, True


def with_numbers(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return the rows of a feed each with its number: that of its address, which outlives changes of the rest.

    A parameter that has the same value in rows of different addresses is that of their board.
    """
    found = [dict(_numbers(row["link"])) for row in rows]
    links = {sorted_query(row["link"]) for row in rows if row["link"]}
    chosen: dict[int, str] = {}
    for number, numbers in enumerate(found):
        for name in sorted(numbers, key=lambda name: _RANKS[name]):
            has = [at for at, other in enumerate(found) if other.get(name) == numbers[name]]
            if len(links) < 2 or len({sorted_query(rows[at]["link"]) for at in has}) == 1:
                chosen[number] = numbers[name]
                break
    return [{**row, "id": chosen.get(at) or row["guid"] or sorted_query(row["link"])} for at, row in enumerate(rows)]


def _numbers(link: str) -> Iterator[tuple[str, str]]:
    """Yield the parameters of an address that could be the number of a post."""
    for pair in link.partition("#")[0].partition("?")[2].replace("&amp;", "&").split("&"):
        name, _, value = pair.partition("=")
        named = name.casefold()
        fits = value.isdecimal() if named in _NAMED else any(map(str.isdecimal, value)) and _NUMBER.fullmatch(value)
        if named in _RANKS and fits:
            yield named, value


def _row(item: Element, base: str) -> dict[str, str]:
    children = [child for child in item if isinstance(child.tag, str)]
    core = [child for child in children if namespace(child) in (namespace(item), "")]
    dublin, content = _of(children, _DC, "dc"), _of(children, _CONTENT, "content")
    base = item.get(_XML_BASE) or base
    guid = _text(core, "guid", "id")
    link = _link(core) or (guid if guid.startswith(("http://", "https://")) else "") or str(item.get(_ABOUT) or "")
    posted = (
        _text(core, "pubDate", "published", "issued") or _text(dublin, "date") or _text(core, "updated", "modified")
    )
    return {
        "guid": _whole(guid),
        "title": _text(core, "title") or _text(dublin, "title"),
        "link": _whole(followed(base, link)) if link.strip() else "",
        "description": _text(core, "description", "summary", "content") or _text(content, "encoded"),
        "published": day(posted),
        "author": _text(core, "author") or _text(dublin, "creator"),
        "category": _text(core, "category") or _text(dublin, "subject"),
    }


def _whole(url: str) -> str:
    """Return a lasting address with the part behind ``#`` where that is the way to a page of an application."""
    route = url.partition("#")[2]
    return f"{lasting(url)}#{route}" if _ROUTE.match(route) else lasting(url)


def _link(children: list[Element]) -> str:
    """Return the address of a row: the text of its link, or with Atom the one that stands for the row itself."""
    links = [child for child in children if local(child) == "link"]
    told = next((text for child in links if (text := "".join(child.itertext()).strip())), "")
    own = [child for child in links if child.get("href") and child.get("rel", "alternate") == "alternate"]
    return told or next((str(child.get("href")) for child in own), "")


def _of(children: Iterable[Element], space: str, prefix: str) -> list[Element]:
    """Return the elements of a namespace, or with its prefix where a feed declares it nowhere."""
    return [child for child in children if namespace(child).startswith(space) or namespace(child) == prefix]


def _text(children: list[Element], *names: str) -> str:
    for name in names:
        for node in children:
            if local(node) == name and (text := (inner_markup(node) or "".join(node.itertext())).strip()):
                return text
    return ""


def day(when: str) -> str:
    """Return the day in Seoul of an RFC 822 or ISO 8601 time, or of a date as it is written in Korea; "" for none."""
    when = when.strip()
    moment = _iso(when) or _rfc(when)
    if moment:
        # A time without a zone is that of the site.
        return (moment.astimezone(SEOUL) if moment.tzinfo else moment).date().isoformat()
    if korean := _KOREAN_DAY.search(when):
        when = f"{korean[3]}-{korean[2]}-{korean[1]}"
    return cell_date(when) or ""


def _iso(when: str) -> datetime | None:
    try:
        return datetime.fromisoformat(when)
    except ValueError:
        return None


def _rfc(when: str) -> datetime | None:
    try:
        return email.utils.parsedate_to_datetime(when)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
