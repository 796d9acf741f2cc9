"""Escaping of collected text for Markdown."""

from __future__ import annotations

import re
from typing import Any

_MARKS = re.compile(r"([\\`*_{}\[\]<>|#!~])")


def markdown_text(value: Any) -> str:
    """Return one line without markup: collected text must not become a link, a heading or a mention."""
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:,}"
    line = " ".join(str(value).split())
    return _MARKS.sub(r"\\\1", line).replace("@", "@\u200b")


def markdown_link(value: Any, url: str | None) -> str:
    """Return a text that links to its address, or the text alone if that is no web address."""
    if not url or not re.fullmatch(r"https?://[^\s()<>]+", url):
        return markdown_text(value)
    return f"[{markdown_text(value)}]({url})"
