"""Saved pages, read by the rules of the site that they are from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qsl, urlsplit

from lxml.etree import _Element as Element

from gonggo.errors import CollectError
from gonggo.model import Listed
from gonggo.sources.adapter import Detail, Page
from gonggo.sources.catalogue import DetailRules, Site, sites_at
from gonggo.sources.dom import Dom
from gonggo.sources.html_board import body_element, html_detail, summary_elements

_PATH, _FOLDER, _PARAMETER = 4, 1, 2
_MOST_TRIED = 4


class BySite(NamedTuple):
    """What the rules of a site find in a page: the announcement, and how to find its body in a tree of the page."""

    site: Site
    detail: Detail
    find_body: Callable[[Element], Element | None]


def read_by_site(html: str, urls: list[str]) -> BySite | None:
    """Read a saved page by the rules of the site that its URLs name, the first of them first.

    Returns None if they name no site of the catalogue, or its rules find no announcement in the page.
    """
    for url in urls:
        for site in _sites_of(url):
            page = Page(url, 200, {}, html.encode("utf-8", "replace"))
            rules = site.detail
            if rules is None or not rules.body:
                continue
            try:
                detail = html_detail(site, rules, page, Listed(site.id, "saved", "", url))
            except CollectError:
                continue
            return BySite(site, detail, partial(_find_announcement, rules))
    return None


def _find_announcement(rules: DetailRules, root: Element) -> Element | None:
    """Return the container of the text, into which the other containers of the announcement are moved."""
    tree = Dom(root)
    body = body_element(tree, rules.body or "", may_be_empty=True)
    if body is not None:
        for node in reversed(summary_elements(tree, rules, body)):
            node.tail, body.text = body.text, None
            body.insert(0, node)
    return body


def _sites_of(url: str) -> list[Site]:
    """Return the sites whose announcements could have a URL, the likeliest first."""
    try:
        target = urlsplit(url)
        host = target.hostname
    except ValueError:
        return []
    if not host:
        return []
    candidates = [(_nearness(site, target), site) for site in sites_at(_bare(host)) if _is_page(site)]
    ranked = sorted((pair for pair in candidates if pair[0]), key=lambda pair: (-pair[0], pair[1].id))
    return [site for _, site in ranked[:_MOST_TRIED]]


def _is_page(site: Site) -> bool:
    """Return whether the announcements of a site are HTML pages."""
    kind = site.detail.kind if site.detail else None
    return kind == "html" or (kind is None and site.family in ("html_board", "eminwon", "rss"))


def _bare(host: str) -> str:
    return host.lower().removeprefix("www.")


def _nearness(site: Site, target: SplitResult) -> int:
    """Return how well a URL fits the site: 0 for another host, more for the same path and parameters."""
    return max((_shared(urlsplit(own), target) for own in _urls(site)), default=0)


def _urls(site: Site) -> Iterator[str]:
    parts = (site.detail and site.detail.url, site.detail and site.detail.link, site.list and site.list.url)
    yield from (part for part in (*parts, site.list and site.list.first_url, site.home) if part)


def _shared(own: SplitResult, target: SplitResult) -> int:
    if _bare(own.hostname or "") != _bare(target.hostname or ""):
        return 0
    path = own.path.partition("{")[0]
    is_same = own.path == target.path or (path != own.path and target.path.startswith(path) and len(path) > 1)
    points = 1 + (_PATH if is_same else _FOLDER if path.rpartition("/")[0] == target.path.rpartition("/")[0] else 0)
    parameters = dict(parse_qsl(target.query))
    fixed = {name: value for name, value in parse_qsl(own.query) if "{" not in value and name in parameters}
    return max(
        1, points + sum(_PARAMETER if parameters[name] == value else -_PARAMETER for name, value in fixed.items())
    )
