"""Text of others inside Markdown."""

from __future__ import annotations

import re
from typing import Any

_MARKS = re.compile(r"([\\`*_{}\[\]<>|#!~])")


def markdown_text(value: Any) -> str:
    """One line in which nothing is markup: what a page says must not become a link, a heading or a mention."""
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:,}"
    line = " ".join(str(value).split())
    return _MARKS.sub(r"\\\1", line).replace("@", "@\u200b")


def markdown_link(value: Any, url: str | None) -> str:
    """A text that links to a web address; any other address is left out."""
    if not url or not re.fullmatch(r"https?://[^\s()<>]+", url):
        return markdown_text(value)
    return f"[{markdown_text(value)}]({url})"
