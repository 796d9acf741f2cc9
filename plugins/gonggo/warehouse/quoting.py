"""Texts in SQL, for the statements that take no parameters."""

from __future__ import annotations

from pathlib import Path


def literal(text: str | Path) -> str:
    """A text as a SQL string."""
    return "'" + str(text).replace("'", "''") + "'"
