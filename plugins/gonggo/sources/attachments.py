"""Attachments of a page: links, and calls of scripts turned into the URLs that they fetch."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from urllib.parse import quote

from lxml.etree import _Element as Element
from pydantic import BaseModel, ConfigDict

from gonggo.addresses import resolve
from gonggo.datafile import load_model
from gonggo.errors import TerminalError
from gonggo.sources.addresses import leads_to_no_page, resolve_link
from gonggo.sources.dom import Dom, text_of

_NAME_TAIL = re.compile(
    r"\s?[\[(](?:파일크기:?\s?)?[\d.,]+\s?(?:[KMG]B?|B(?:yte)?s?|bytes?)[\])]\s?$"
    # The number of downloads, which some boards show after the name.
    r"|(?<=[a-z])\s{1,3}\[\d{1,6}\]\s?$"
    r"|\s?(?:다운로드|내려받기|미리보기|바로보기|새창열림|첨부파일)\s?$",
    re.I,
)
_FILE_NAME = re.compile(r"\.(?:hwpx?|hwtx?|pdf|docx?|xlsx?|pptx?|zip|jpe?g|png|txt|csv)$", re.I)
# The most letters of a size or the text of a button, which are cut off the end of a name.
_LONGEST_TAIL = 60
# The name of a file is looked for in so many ancestors of its link.
_MOST_ANCESTORS = 5
_ESCAPED = re.compile("%[0-9A-Fa-f]{2}")


class _ScriptCall(BaseModel):
    model_config = ConfigDict(extra="forbid")
    call: re.Pattern[str]
    url: str
    raw: bool = False


class _ScriptCalls(BaseModel):
    model_config = ConfigDict(extra="forbid")
    calls: list[_ScriptCall]


@cache
def _script_calls() -> list[_ScriptCall]:
    return load_model(Path(__file__).with_name("attachments.yaml"), _ScriptCalls).calls


def base_url(base_href: str | None, url: str) -> str:
    """Return the URL to which relative links of a page refer: that of its ``<base>``, else its own."""
    try:
        return url if base_href is None else resolve(url, base_href)
    except TerminalError:
        return url


def files_of(tree: Dom, selector: str | None, url: str, charset: str = "utf-8") -> Iterator[dict[str, str]]:
    """Yield ``{"name", "url"}`` of each attachment that matches ``selector``, each URL once."""
    node = tree.first("base[href]")
    seen, base = set[str](), base_url(None if node is None else str(node.get("href")), url)
    for node in tree.select(selector) if selector else []:
        href = str(node.get("href") or "")
        link = _script_url(f"{href} {node.get('onclick') or ''}") or ("" if leads_to_no_page(href) else href)
        name = _file_name(node)
        if not link or not name:
            continue
        address = resolve_link(base, link, charset)
        if address not in seen:
            seen.add(address)
            yield {"name": name, "url": address}


def _file_name(node: Element) -> str:
    """Return the name of a file: the text of its link, or, if that is only "다운로드", a file name near the link."""
    name = _without_tail(text_of(node)) or _without_tail(str(node.get("title") or node.get("download") or ""))
    if name:
        return name
    for ancestor in islice(node.iterancestors(), _MOST_ANCESTORS):
        neighbours = ancestor.iterdescendants("a", "span", "strong", "p", "td")
        file_name = next((name for node in neighbours if _FILE_NAME.search(name := _without_tail(text_of(node)))), "")
        if file_name:
            return file_name
    return ""


def _without_tail(text: str) -> str:
    """Return a name without the size and the text of buttons after it."""
    text = " ".join(text.split())
    end = len(text)
    while tail := _NAME_TAIL.search(text, max(0, end - _LONGEST_TAIL), end):
        end = tail.start()
    return text[:end].strip()


def _script_url(script: str) -> str | None:
    for script_call in _script_calls():
        match = script_call.call.search(script)
        if match:
            groups = [group if script_call.raw else _quoted(group) for group in match.groups()]
            address = script_call.url
            for number, group in enumerate(groups, 1):
                address = address.replace(f"{{{number}}}", group)
            return address
    return None


def _quoted(group: str) -> str:
    """Return an argument of a script percent-encoded, unless it is so already."""
    return quote(group, safe="%" if _ESCAPED.search(group) else "")
