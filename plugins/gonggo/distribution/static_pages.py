"""The static edition: pages of the site as files, which need no server that runs Gonggo.

The site renders them itself; afterwards what needs a server (search, filters, console, other formats) is removed, and
links lead to the files of the edition.
"""

from __future__ import annotations

import asyncio
import logging
import posixpath
import re
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

import httpx
import lxml.html
from lxml import etree

from gonggo.settings import Settings
from gonggo.web.site import create_site
from gonggo.web.view import WEB_FOLDER

log = logging.getLogger(__name__)
# Pages of an edition. The open calls, regions and programmes come first; a larger archive is in the DuckDB file.
MAX_PAGES = 2000
OPEN_CALLS = {"status": "open", "kind": "announcement"}
# Every page that is reached from these is part of the edition, if a server is not needed for it.
OPEN_CALLS_URL = f"calls?{urlencode(OPEN_CALLS)}"
START = ("", OPEN_CALLS_URL, "regions", "programmes")
STATIC_FILES = ("gonggo.css", "gonggo.js", "icon.svg")
# What works only with a server behind it.
NEEDS_SERVER = (
    "form, button, nav.tabs, aside#facets, details.save, p.bar, p.chosen, a.language, a.wrong, a.skip, "
    "link[rel=alternate], a[href*='/archived'], a[href^='api/'], a[href^='files/']"
)
# Pages that a file can replace: lists by their name and page, the others by name and key.
_ONE = re.compile(r"(calls|programmes|organisations|regions)/([^/]+)")
_LISTS = ("regions", "programmes", "organisations")
# The headers of the site cannot be sent by a plain web server.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'"
)


@dataclass
class Edition:
    """Pages by file name, and the URLs of pages that were left out, with the reason."""

    pages: dict[str, bytes] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)


def static_edition(
    settings: Settings, notice: str, max_pages: int = MAX_PAGES, say: Callable[[str], object] = lambda line: None
) -> Edition:
    """Render the static edition of the published snapshot.

    Args:
        settings: Where the snapshot is.
        notice: HTML that is shown below the head of every page; ``{downloads}`` becomes the URL of the downloads.
        max_pages: Pages beyond this number are left out.
        say: Called with a description of each step.

    Raises:
        WarehouseError: Nothing is published yet.
    """
    return asyncio.run(_render(settings, notice, max_pages, say))


async def _render(settings: Settings, notice: str, max_pages: int, say: Callable[[str], object]) -> Edition:
    edition = Edition()
    rendered: dict[str, etree._Element] = {}
    async for url, document in _walk(settings, edition, max_pages):
        rendered[file_of(url) or ""] = document
        say(f"pages: {len(rendered)} of the site are made")
    for name, document in rendered.items():
        edition.pages[name] = _finish(document, name, rendered.__contains__, notice)
    for name in STATIC_FILES:
        edition.pages[f"static/{name}"] = (WEB_FOLDER / "static" / name).read_bytes()
    return edition


async def _walk(settings: Settings, edition: Edition, max_pages: int) -> AsyncIterator[tuple[str, Any]]:
    """Yield the URL and tree of every page that belongs to the edition, the nearest to the first page first."""
    # An error of one page is an answer with a status, not an exception.
    transport = httpx.ASGITransport(create_site(settings), raise_app_exceptions=False)
    waiting, queued = deque(START), {file_of(url) for url in START}
    done = 0
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost/") as client:
        while waiting and done < max_pages:
            url = waiting.popleft()
            answer = await client.get(f"/{url}")
            if answer.status_code != 200:
                edition.left_out[url] = f"status {answer.status_code}"
                log.error("the page /%s was left out of the static edition: status %d", url, answer.status_code)
                continue
            document = lxml.html.document_fromstring(answer.text)
            done += 1
            for link in _links(document):
                name = file_of(link)
                if name and name not in queued:
                    queued.add(name)
                    waiting.append(urlsplit(link)._replace(fragment="").geturl())
            yield url, document
    if waiting:
        log.warning("static edition: %d pages were left out, beyond %d", len(waiting), max_pages)
        edition.left_out.update(dict.fromkeys(waiting, f"beyond {max_pages} pages"))


def _links(document: Any) -> list[str]:
    """Return the links within the site, relative to its root."""
    hrefs = [str(href) for href in document.xpath("//body//@href")]
    return [_in_edition(href) for href in hrefs if not urlsplit(href).scheme and not href.startswith("//")]


def _in_edition(url: str) -> str:
    """Return the URL that the edition has instead: for the open calls of a region, as on the map, its page."""
    parts = urlsplit(url)
    parameters = dict(parse_qsl(parts.query))
    region = parameters.pop("region", "")
    return f"regions/{quote(region)}" if parts.path == "calls" and region and parameters == OPEN_CALLS else url


def file_of(url: str) -> str | None:
    """Return the file of a page in the edition by its URL relative to the root; None if a server is needed."""
    parts = urlsplit(url)
    path, parameters = unquote(parts.path.lstrip("/")), dict(parse_qsl(parts.query))
    page = parameters.pop("page", "1")
    if not page.isascii() or not page.isdigit():
        return None
    number = f"-{page}" if page != "1" else ""
    if path == "calls" and parameters == OPEN_CALLS:
        return f"calls{number}.html"
    if parameters or path.startswith("static/"):
        return None
    if path in ("", "."):
        return "index.html"
    if path in _LISTS:
        return f"{path}{number}.html"
    one = _ONE.fullmatch(path)
    # A name such as ".." would leave the folder of the edition.
    return f"{one[1]}/{one[2]}.html" if one and not number and not one[2].startswith(".") else None


def _finish(document: Any, name: str, exists: Callable[[str], bool], notice: str) -> bytes:
    """Return a page as a file: without what needs a server, and with links to other files of the edition."""
    folder = posixpath.dirname(name)

    def relative(target: str) -> str:
        return quote(posixpath.relpath(target, folder or "."))

    for element in document.cssselect(f"base, {NEEDS_SERVER}"):
        _drop_with_separator(element)
    for list_alone in document.cssselect("div.with-facets"):
        list_alone.classes.discard("with-facets")
    # The edition has no list of all calls: the menu leads to the open ones.
    for link in document.cssselect("header nav a[href=calls]"):
        link.set("href", OPEN_CALLS_URL)
    for element in document.cssselect("link[href], script[src], img[src]"):
        attribute = "src" if "src" in element.attrib else "href"
        path = urlsplit(element.get(attribute)).path
        if path.removeprefix("static/") in STATIC_FILES:
            element.set(attribute, relative(path))
        else:
            element.drop_tree()
    for link in document.xpath("//body//*[@href]"):
        _relink(link, name, exists, relative)
    policy = etree.Element("meta", {"http-equiv": "Content-Security-Policy", "content": _POLICY})
    document.head.insert(1, policy)
    main = document.cssselect("main")[0]
    main.insert(0, lxml.html.fragment_fromstring(notice.replace("{downloads}", relative("downloads.html"))))
    page: bytes = lxml.html.tostring(document, encoding="utf-8", doctype="<!doctype html>")
    return page


def _relink(link: Any, name: str, exists: Callable[[str], bool], relative: Callable[[str], str]) -> None:
    """Point a link to its file in the edition; keep only its text if there is none."""
    href = _in_edition(link.get("href"))
    parts = urlsplit(href)
    if parts.scheme or parts.netloc:
        return
    target = file_of(href)
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    if target == name and fragment:
        link.set("href", fragment)
    elif target and exists(target):
        link.set("href", relative(target) + fragment)
    elif link.getparent().tag == "nav":
        link.drop_tree()
    elif link.tag == "a":
        del link.attrib["href"]
        if not link.xpath("boolean(ancestor::svg)"):
            # The style sheet colours links even without a target; inside a picture there are no spans.
            link.tag = "span"


def _drop_with_separator(element: Any) -> None:
    """Remove an element and the dot that separates it from the one before."""
    before = element.getprevious()
    if before is not None and before.tail:
        before.tail = before.tail.rstrip().removesuffix("·")
    element.drop_tree()
