"""Markup that is made to keep a parser busy, known before one is given it."""

from __future__ import annotations

import re

# Parsers compare every attribute of a tag with those before it; pictures within the page are long, but one attribute.
MOST_ATTRIBUTES = 1000
_LONG_TAG = re.compile(r"<[A-Za-z][^<>]{4000,}")
_QUOTED = re.compile(r"\"[^\"]*+\"|'[^']*+'")
_ATTRIBUTE = re.compile(r"[\s/\"'](?=[^\s/\"'=])")


def absurd(html: str) -> str | None:
    """What no honest page has and a parser would suffer from; None for an honest page."""
    for tag in _LONG_TAG.finditer(html):
        count = len(_ATTRIBUTE.findall(_QUOTED.sub('""', tag.group())))
        if count > MOST_ATTRIBUTES:
            return f"a tag with {count} attributes"
    return None
