"""Bytes of a page or file to clean text: charset, main content, boilerplate, injected spam."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any

from gonggo.read.clean import clean_text, page_meta
from gonggo.read.decode import decode
from gonggo.read.html import render
from gonggo.read.mhtml import is_mhtml, unpack

_MARKUP = re.compile(r"<(?:!doctype html|html|head|body|div|p|table)[\s>]", re.IGNORECASE)


@dataclass(frozen=True)
class Reading:
    """One clean text. ``meta`` may hold title and posted_on; ``removed`` holds {"text", "reason"}."""

    text: str
    title: str = ""
    meta: dict[str, str] = field(default_factory=dict)
    removed: list[dict[str, Any]] = field(default_factory=list)
    charset: str = "utf-8"
    media_type: str = "text/plain"


def from_bytes(
    content: bytes, *, name: str | None = None, media_type: str | None = None, charset: str | None = None
) -> Reading:
    """Read a text, HTML or MHTML file.

    Errors:
        UnreadableError: binary, or in no charset that is known here.
    """
    suffix = PurePath(name or "").suffix.lower()
    declared = charset or _header_charset(media_type)
    if suffix in {".mhtml", ".mht"} or is_mhtml(content):
        content, declared = unpack(content)
        suffix = ".html"
    source, used = decode(content, declared)
    plain = suffix == ".txt" or (suffix not in {".html", ".htm"} and not _MARKUP.search(source[:20000]))
    if plain:
        text, removed = clean_text(source)
        meta = page_meta(source)
        return Reading(text, meta.get("title", ""), meta, removed, used, "text/plain")
    return replace(_from_html(source, whole=True), charset=used)


def from_fragment(html: str) -> Reading:
    """Read the container of one announcement, already cut out of its page."""
    return _from_html(html, whole=False)


def _from_html(source: str, *, whole: bool) -> Reading:
    raw, meta = render(source, whole=whole)
    text, removed = clean_text(raw)
    return Reading(text, meta.get("title", ""), meta, removed, "utf-8", "text/html")


def _header_charset(media_type: str | None) -> str | None:
    found = re.search(r"charset=[\"']?([\w-]+)", media_type or "", re.IGNORECASE)
    return found.group(1) if found else None
