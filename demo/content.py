"""Announcements of the demo portal, loaded from YAML and dated relative to today."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from jinja2 import Environment
from pydantic import BaseModel

from gonggo.datafile import load_yaml


class Entry(BaseModel):
    """One announcement; ``posted``, ``opens`` and ``closes`` count days from today."""

    id: str
    no: int
    sites: list[str]
    title: str
    agency: str
    operator: str | None = None
    region: str
    category: str = ""
    target: str = ""
    posted: int
    opens: int | None = None
    closes: int | None = None
    closes_time: str | None = None
    period_text: str | None = None
    contact: str = ""
    pinned: bool = False
    status: str = "open"
    body: str
    files: list[str] = []
    revision: dict[str, Any] | None = None


def load_content(folder: Path) -> list[Entry]:
    """All entries of ``folder``/*.yaml, newest first."""
    rows = [row for path in sorted(folder.glob("*.yaml")) for row in load_yaml(path)]
    return sorted((Entry.model_validate(row) for row in rows), key=lambda e: (-e.posted, -e.no))


def written(today: date, days: int, form: str = "long") -> str:
    """The date ``days`` from today in a Korean form: long, short, iso or kor."""
    day = today + timedelta(days=days)
    weekday = "월화수목금토일"[day.weekday()]
    return {
        "long": f"{day.year}. {day.month}. {day.day}.({weekday})",
        "short": f"’{day:%y}.{day.month}.{day.day}.({weekday})",
        "iso": day.isoformat(),
        "kor": f"{day.year}년 {day.month}월 {day.day}일",
    }[form]


def period(entry: Entry, today: date) -> str:
    """Application period as boards write it."""
    if entry.opens is None or entry.closes is None:
        return entry.period_text or ""
    return f"{written(today, entry.opens, 'iso')} ~ {written(today, entry.closes, 'iso')}"


def body_lines(entry: Entry, today: date) -> list[str]:
    """The body with its dates filled in, one string a line."""

    def month_day(days: int) -> str:
        day = today + timedelta(days=days)
        return f"{day.month}월 {day.day}일"

    template = Environment(autoescape=False).from_string(entry.body)  # noqa: S701 (the page template escapes)
    text = template.render(d=lambda n, form="long": written(today, n, form), md=month_day, year=today.year)
    return [line for line in text.splitlines() if line.strip()]
