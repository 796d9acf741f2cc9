"""The URLs that a saved page gives for itself."""

from __future__ import annotations

import re
from html import unescape

# What browsers and their extensions write above a page that they save.
_SAVED_FROM = re.compile(r"<!--\s{0,20}saved from url=\(\d{1,6}\)(https?://[^\s>]{1,2000})", re.I)
_NOTED = re.compile(r"\burl:\s{0,9}(https?://[^\s>]{1,2000})", re.I)
_COMMENT = re.compile(r"<!--(.{0,4000}?)-->", re.S)
_MIRRORED = re.compile(r"Mirrored from ([\w.-]{1,200}/[^\s]{0,2000}) by HTTrack", re.I)
_TAG = re.compile(r"<(?:link|meta)\b[^<>]{0,2000}>", re.I)
_NAME = re.compile(r"""(?:rel|property|name)\s*=\s*["']?(canonical|og:url)["'\s/>]""", re.I)
_VALUE = re.compile(r"""(?:href|content)\s*=\s*["']?(https?://[^"'\s>]{1,2000})""", re.I)
# Comments and metadata stand at the beginning.
_BEGINNING_CHARACTERS = 60_000


def page_urls(html: str, *addresses: str) -> list[str]:
    """Return the URLs of a saved page, the most reliable first.

    They are ``addresses`` (of the headers of an MHTML file), those in a comment that the browser wrote when it saved
    the page, its canonical link, and its og:url.
    """
    beginning = html[:_BEGINNING_CHARACTERS]
    urls = [*addresses, *_SAVED_FROM.findall(beginning)]
    for comment in _COMMENT.findall(beginning):
        urls += [*_NOTED.findall(comment), *(f"https://{place}" for place in _MIRRORED.findall(comment))]
    named: dict[str, list[str]] = {"canonical": [], "og:url": []}
    for tag in _TAG.findall(beginning):
        name, value = _NAME.search(tag), _VALUE.search(tag)
        if name and value:
            named[name[1].lower()].append(value[1])
    urls += named["canonical"] + named["og:url"]
    return [*dict.fromkeys(unescape(url) for url in urls if url.lower().startswith(("http://", "https://")))]
