"""Attachments of a page: plain links, and calls of scripts turned into the addresses they fetch."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import quote, urljoin

from bs4 import Tag
from pydantic import BaseModel, ConfigDict, TypeAdapter

from gonggo.datafile import load_yaml

_SIZE_TAIL = re.compile(
    r"\s*[\[(](?:파일크기:?\s*)?[\d.,]+\s*(?:[KMG]B?|B(?:yte)?s?|bytes?)[\])]\s*$"
    r"|\s*(?:다운로드|내려받기|미리보기)\s*$",
    re.I,
)
_DEAD = ("javascript:", "#", "mailto:")


class _Call(BaseModel):
    model_config = ConfigDict(extra="forbid")
    call: re.Pattern[str]
    url: str
    raw: bool = False


@cache
def _calls() -> list[_Call]:
    return TypeAdapter(list[_Call]).validate_python(load_yaml(Path(__file__).with_name("attachments.yaml")))


def files_of(soup: Tag, selector: str | None, url: str) -> Iterator[dict[str, str]]:
    """``{"name", "url"}`` of each attachment that ``selector`` finds, each address once."""
    seen = set[str]()
    for node in soup.select(selector) if selector else []:
        href = str(node.get("href") or "")
        address = _called(f"{href} {node.get('onclick') or ''}", url)
        if not address and href and not href.lower().startswith(_DEAD):
            address = urljoin(url, href)
        name = _name(node)
        if address and name and address not in seen:
            seen.add(address)
            yield {"name": name, "url": address}


def _name(node: Tag) -> str:
    text = " ".join(node.get_text(" ", strip=True).split()) or str(node.get("title") or node.get("download") or "")
    before = None
    while before != text:
        before, text = text, _SIZE_TAIL.sub("", text).strip()
    return text


def _called(script: str, url: str) -> str | None:
    for known in _calls():
        found = known.call.search(script)
        if found:
            groups = [group if known.raw else quote(group, safe="") for group in found.groups()]
            address = known.url
            for number, group in enumerate(groups, 1):
                address = address.replace(f"{{{number}}}", group)
            return urljoin(url, address)
    return None
