"""Attachments of a page: plain links, and calls of scripts turned into the addresses they fetch."""

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
from gonggo.sources.addresses import followed, is_dead
from gonggo.sources.dom import Dom, words

_SIZE_TAIL = re.compile(
    r"\s?[\[(](?:파일크기:?\s?)?[\d.,]+\s?(?:[KMG]B?|B(?:yte)?s?|bytes?)[\])]\s?$"
    # How often it was fetched, as some boards write it behind the name.
    r"|(?<=[a-z])\s{1,3}\[\d{1,6}\]\s?$"
    r"|\s?(?:다운로드|내려받기|미리보기|바로보기|새창열림|첨부파일)\s?$",
    re.I,
)
_FILE = re.compile(r"\.(?:hwpx?|hwtx?|pdf|docx?|xlsx?|pptx?|zip|jpe?g|png|txt|csv)$", re.I)
# A size or the word of a button is no longer; only so much of a name's end is looked at, as often as one is cut off.
_LONGEST_TAIL = 60
# How many elements up from a link its name may stand.
_NEAR = 5
_ESCAPED = re.compile("%[0-9A-Fa-f]{2}")


class _Call(BaseModel):
    model_config = ConfigDict(extra="forbid")
    call: re.Pattern[str]
    url: str
    raw: bool = False


class _Calls(BaseModel):
    model_config = ConfigDict(extra="forbid")
    calls: list[_Call]


@cache
def _calls() -> list[_Call]:
    return load_model(Path(__file__).with_name("attachments.yaml"), _Calls).calls


def base_of(said: str | None, url: str) -> str:
    """Return the address from which a page's relative links count: what its ``<base>`` says, else its own."""
    try:
        return url if said is None else resolve(url, said)
    except TerminalError:
        return url


def files_of(tree: Dom, selector: str | None, url: str, charset: str = "utf-8") -> Iterator[dict[str, str]]:
    """Yield ``{"name", "url"}`` of each attachment that ``selector`` finds, each address once."""
    node = tree.first("base[href]")
    seen, base = set[str](), base_of(None if node is None else str(node.get("href")), url)
    for node in tree.select(selector) if selector else []:
        href = str(node.get("href") or "")
        link = _called(f"{href} {node.get('onclick') or ''}") or ("" if is_dead(href) else href)
        name = _name(node)
        if not link or not name:
            continue
        address = followed(base, link, charset)
        if address not in seen:
            seen.add(address)
            yield {"name": name, "url": address}


def _name(node: Element) -> str:
    """The name of a file as people read it; beside a bare "다운로드" it stands in the same list item or row."""
    name = _bare(words(node)) or _bare(str(node.get("title") or node.get("download") or ""))
    if name:
        return name
    for around in islice(node.iterancestors(), _NEAR):
        beside = around.iterdescendants("a", "span", "strong", "p", "td")
        found = next((name for node in beside if _FILE.search(name := _bare(words(node)))), "")
        if found:
            return found
    return ""


def _bare(text: str) -> str:
    """A name without its size and the words of a button."""
    text = " ".join(text.split())
    end = len(text)
    while found := _SIZE_TAIL.search(text, max(0, end - _LONGEST_TAIL), end):
        end = found.start()
    return text[:end].strip()


def _called(script: str) -> str | None:
    for known in _calls():
        found = known.call.search(script)
        if found:
            groups = [group if known.raw else _quoted(group) for group in found.groups()]
            address = known.url
            for number, group in enumerate(groups, 1):
                address = address.replace(f"{{{number}}}", group)
            return address
    return None


def _quoted(group: str) -> str:
    """Return an argument percent-encoded, once: some scripts are given it encoded."""
    return quote(group, safe="%" if _ESCAPED.search(group) else "")
