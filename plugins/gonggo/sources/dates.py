"""Dates of list cells. Formats belong to the source; nothing is guessed from a whole row."""

from __future__ import annotations

import re
from datetime import date, datetime

_DAY = re.compile(
    r"(?<!\d)(?P<y>20\d\d|\d\d)\s*(?:[-./]|년)\s*(?P<m>\d{1,2})\s*(?:[-./]|월)\s*(?P<d>\d{1,2})(?!\d)|(?P<c>20\d\d[01]\d[0-3]\d)"
)
_TIME = re.compile(r"\s*+일?\s*+\.?\s*+(?:\([^)]{1,3}\))?\s*+(\d{1,2})\s*+(?::\s*+(\d\d)|시)")


def cell_date(text: str, pattern: str | None = None) -> str | None:
    """An ISO date from a cell; ``pattern`` is a strptime format for cells that need one."""
    if pattern:
        try:
            return datetime.strptime(text.strip(), pattern).date().isoformat()
        except ValueError:
            return None
    days = _days(text)
    return days[0][:10] if days else None


def period(text: str) -> tuple[str | None, str | None]:
    """Opening and closing (ISO, with the hour when it is given) of a cell such as ``2026-03-04 ~ 2026-03-20 18:00``.

    A cell with one day only holds the closing when a ``~`` precedes it, else the opening.
    """
    days = _days(text)
    if len(days) >= 2:
        return days[0], days[1]
    if not days:
        return None, None
    return (None, days[0]) if re.match(r"\s*[~∼～-]", text) else (days[0], None)


def _days(text: str) -> list[str]:
    found = []
    for match in _DAY.finditer(text):
        if match["c"]:
            year, month, day = int(match["c"][:4]), int(match["c"][4:6]), int(match["c"][6:])
        else:
            year, month, day = int(match["y"]), int(match["m"]), int(match["d"])
        try:
            value = date(year + 2000 if year < 100 else year, month, day).isoformat()
        except ValueError:
            continue
        hour = _TIME.match(text, match.end())
        if hour and int(hour[1]) <= 24:
            value += f"T{min(int(hour[1]), 23):02d}:{hour[2] or ('59' if int(hour[1]) == 24 else '00')}"
        found.append(value)
    return found


def named(name: str, value: str, pattern: str | None = None) -> dict[str, str]:
    """A field under its standard name; a period brings opens_at and closes_at along, a date becomes ISO."""
    if name == "period":
        opens, closes = period(value)
        return {"period": value} | ({"opens_at": opens} if opens else {}) | ({"closes_at": closes} if closes else {})
    if name in ("posted_on", "opens_at", "closes_at"):
        day = cell_date(value, pattern)
        return {name: day} if day else {}
    return {name: value}
