"""Feeds: RSS 2.0, RSS 1.0 and Atom. The announcement is the page of an item, or its description."""

from __future__ import annotations

import email.utils
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from lxml.etree import _Element as Element

from gonggo.errors import ChangedError
from gonggo.read.loose import inner_markup, local_name, namespace, parse_xml
from gonggo.settings import SEOUL
from gonggo.sources.adapter import Page
from gonggo.sources.addresses import canonical_url, resolve_link, sorted_query
from gonggo.sources.dates import cell_date
from gonggo.sources.json_list import JsonList
from gonggo.sources.refusals import explain

_DC = "http://purl.org/dc/"
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_ROOT_ELEMENTS = frozenset(("rss", "RDF", "feed", "channel"))
# Parameters that hold the id of a post, the surest first. The short ones may also name the board: they count only with
# digits.
_ID_PARAMETERS = (
    *("wr_id", "document_srl", "newsId", "nttId", "nttNo", "nttSn", "pblancId", "pbancSn", "articleNo", "article_no"),
    *("articleId", "article_id", "postId", "post_id", "bbsSeq", "boardSeq", "board_seq", "b_idx", "bIdx", "dataSid"),
    *("idxno", "idx", "seq", "no", "num", "uid", "sn", "vid", "number", "id", "p"),
)
_RANKS = {name.casefold(): rank for rank, name in enumerate(_ID_PARAMETERS)}
_DIGITS_ONLY = frozenset(("id", "p", "number", "num", "no", "uid"))
_KOREAN_DAY = re.compile(r"(?<!\d)(\d{1,2})\s{1,3}(\d{1,2})월\s{1,3}(20\d\d)")
_ROUTE = re.compile(r"!?/[^/]")
_ID_VALUE = re.compile(r"[\w-]{1,80}")


class Rss(JsonList):
    """A feed. Its rows have title, link, description, published (ISO), author, category and id."""

    def rows(self, page: Page, number: int) -> tuple[list[Any], int | None, bool]:
        text = page.text(self.site.charset)
        try:
            root = parse_xml(text)
        except ValueError as error:
            not_xml = ChangedError(f"{page.url}: expected a feed, got {text[:80]!r} ({error})")
            raise explain(page.url, text, not_xml, self.site) from error
        if local_name(root) not in _ROOT_ELEMENTS:
            raise explain(page.url, text, ChangedError(f"{page.url}: expected a feed, got {text[:80]!r}"), self.site)
        base = root.get(_XML_BASE) or page.url
        rows = [_row(item, base) for item in root.iter() if local_name(item) in ("item", "entry")]
        return with_ids(rows), None, True


def with_ids(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return the rows of a feed with their ids, taken from a parameter of their URL, which stays when the rest changes.

    A parameter with the same value in rows of different URLs belongs to the board.
    """
    candidates = [dict(_id_candidates(row["link"])) for row in rows]
    links = {sorted_query(row["link"]) for row in rows if row["link"]}
    ids: dict[int, str] = {}
    for index, row_candidates in enumerate(candidates):
        for name in sorted(row_candidates, key=lambda name: _RANKS[name]):
            rows_with_it = [index for index, other in enumerate(candidates) if other.get(name) == row_candidates[name]]
            if len(links) < 2 or len({sorted_query(rows[index]["link"]) for index in rows_with_it}) == 1:
                ids[index] = row_candidates[name]
                break
    return [{**row, "id": ids.get(index) or row["guid"] or sorted_query(row["link"])} for index, row in enumerate(rows)]


def _id_candidates(link: str) -> Iterator[tuple[str, str]]:
    """Yield name and value of the parameters of a URL that may be the id of a post."""
    for pair in link.partition("#")[0].partition("?")[2].replace("&amp;", "&").split("&"):
        name, _, value = pair.partition("=")
        folded = name.casefold()
        is_candidate = (
            value.isdecimal()
            if folded in _DIGITS_ONLY
            else any(map(str.isdecimal, value)) and _ID_VALUE.fullmatch(value)
        )
        if folded in _RANKS and is_candidate:
            yield folded, value


def _row(item: Element, base: str) -> dict[str, str]:
    children = [child for child in item if isinstance(child.tag, str)]
    core = [child for child in children if namespace(child) in (namespace(item), "")]
    dublin, content = _in_namespace(children, _DC, "dc"), _in_namespace(children, _CONTENT, "content")
    base = item.get(_XML_BASE) or base
    guid = _text(core, "guid", "id")
    link = _link(core) or (guid if guid.startswith(("http://", "https://")) else "") or str(item.get(_ABOUT) or "")
    posted = (
        _text(core, "pubDate", "published", "issued") or _text(dublin, "date") or _text(core, "updated", "modified")
    )
    return {
        "guid": _canonical_with_route(guid),
        "title": _text(core, "title") or _text(dublin, "title"),
        "link": _canonical_with_route(resolve_link(base, link)) if link.strip() else "",
        "description": _text(core, "description", "summary", "content") or _text(content, "encoded"),
        "published": seoul_day(posted),
        "author": _text(core, "author") or _text(dublin, "creator"),
        "category": _text(core, "category") or _text(dublin, "subject"),
    }


def _canonical_with_route(url: str) -> str:
    """Return the canonical URL, with its fragment if that is a route of a single-page application."""
    route = url.partition("#")[2]
    return f"{canonical_url(url)}#{route}" if _ROUTE.match(route) else canonical_url(url)


def _link(children: list[Element]) -> str:
    """Return the URL of an item: the text of its link, or with Atom the target of its alternate link."""
    links = [child for child in children if local_name(child) == "link"]
    text_link = next((text for child in links if (text := "".join(child.itertext()).strip())), "")
    alternates = [child for child in links if child.get("href") and child.get("rel", "alternate") == "alternate"]
    return text_link or next((str(child.get("href")) for child in alternates), "")


def _in_namespace(children: Iterable[Element], space: str, prefix: str) -> list[Element]:
    """Return the elements of a namespace, or with its prefix if the feed does not declare it."""
    return [child for child in children if namespace(child).startswith(space) or namespace(child) == prefix]


def _text(children: list[Element], *names: str) -> str:
    for name in names:
        for node in children:
            if local_name(node) == name and (text := (inner_markup(node) or "".join(node.itertext())).strip()):
                return text
    return ""


def seoul_day(when: str) -> str:
    """Return the date in Seoul of a time in RFC 822 or ISO 8601, or of a Korean date; "" if it is none."""
    when = when.strip()
    moment = _parse_iso(when) or _parse_rfc822(when)
    if moment:
        # A time without a zone is local.
        return (moment.astimezone(SEOUL) if moment.tzinfo else moment).date().isoformat()
    if korean := _KOREAN_DAY.search(when):
        when = f"{korean[3]}-{korean[2]}-{korean[1]}"
    return cell_date(when) or ""


def _parse_iso(when: str) -> datetime | None:
    try:
        return datetime.fromisoformat(when)
    except ValueError:
        return None


def _parse_rfc822(when: str) -> datetime | None:
    try:
        return email.utils.parsedate_to_datetime(when)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
