"""The width of texts in columns, as terminals, spreadsheets and typed documents count it."""

from __future__ import annotations

import re
import unicodedata

_HANGUL = re.compile(r"[가-힣]+")


def columns(text: str) -> int:
    """Return how many columns a text takes: a Korean letter takes the room of two Latin ones."""
    others = _HANGUL.sub("", text)
    wide = 0 if others.isascii() else sum(unicodedata.east_asian_width(letter) in "WF" for letter in others)
    return 2 * len(text) - len(others) + wide
