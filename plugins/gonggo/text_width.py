"""The width of texts in columns, as terminals, spreadsheets and typed documents count it."""

from __future__ import annotations

import unicodedata


def columns(text: str) -> int:
    """Return how many columns a text takes: a Korean letter takes the room of two Latin ones."""
    return len(text) + sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
