"""Quoting of values in SQL, for statements that take no parameters."""

from __future__ import annotations

from pathlib import Path


def literal(text: str | Path) -> str:
    """Return a text as a SQL string literal."""
    return "'" + str(text).replace("'", "''") + "'"
