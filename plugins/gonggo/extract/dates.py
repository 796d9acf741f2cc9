"""Date expressions of Korean notices and news."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

_DATE = re.compile(
    r"(?:(?P<y>(?<!\d)20\d{2}|[’'‘`]\d{2}|(?<![\d.])\d{2}(?=\s?[.-]\s?\d{1,2}\s?[.-]\s?\d))\s?[.년/-]\s?)?"
    r"(?<!\d)(?P<m>\d{1,2})\s?(?P<s>[.월/-])\s?(?P<d>\d{1,2})(?!\d)\s?[일.]?"
    r"(?:\s?\([월화수목금토일]\))?(?:,?\s?(?:(?P<pm>오후|오전)\s?)?(?P<h>\d{1,2})\s?(?::\s?(?P<mi>\d{2})|시))?"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A date in a text: ``value`` is YYYY-MM-DD, with THH:MM when a time is written; ``year_said`` with a year."""

    start: int
    end: int
    value: str
    year_said: bool


def scan(text: str, year: int | None = None, offset: int = 0) -> Iterator[Found]:
    """Dates in order. One without a year takes that of the date before it, else ``year``, else is left out."""
    for found in _DATE.finditer(text):
        said = found["y"]
        if not said and found["s"] not in ".월":
            continue
        this = int(re.sub(r"\D", "", said)) if said else year
        if this is None:
            continue
        this += 2000 if this < 100 else 0
        try:
            value = date(this, int(found["m"]), int(found["d"])).isoformat()
        except ValueError:
            continue
        year = this
        yield Found(found.start() + offset, found.end() + offset, value + _time(found), bool(said))


def _time(found: re.Match[str]) -> str:
    if not found["h"]:
        return ""
    hour = int(found["h"]) + (12 if found["pm"] == "오후" and int(found["h"]) < 12 else 0)
    minute = int(found["mi"] or 0)
    return f"T{hour:02d}:{minute:02d}" if hour < 24 and minute < 60 else ""
