"""Date expressions of Korean notices and news."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

QUOTE = "’'‘`´＇"
_DATE = re.compile(
    rf"(?:(?P<y>(?<!\d)20\d{{2}}|[{QUOTE}]\s?\d{{2}}|(?<![\d.])\d{{2}}(?=\s?[.-]\s?\d{{1,2}}\s?[.-]\s?\d))"
    r"\s?(?:년|[./-])\s?)?"
    r"(?<![\d,])(?P<m>\d{1,2})\s?(?P<s>[.월/-])\s?(?P<d>\d{1,2})(?![\d,%]|\.\d)\s?(?:일(?!\s?간)|\.)?"
    r"(?:\s?[(（]\s?(?P<w>[월화수목금토일])(?:요일)?\s?[,)）])?"
    r"(?:[,\s]{0,3}(?:(?P<pm>오후|오전|낮|밤|자정)\s?)?(?<!\d)(?P<h>\d{1,2})\s?(?::\s?(?P<mi>\d{2})(?!\d)|시(?:\s?(?P<mk>\d{1,2})\s?분)?))?"
)
_COMPACT = re.compile(r"(?<!\d)(20\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")
_RELATIVE = re.compile(
    r"(?P<which>오는|내달|다음\s?달|이달|이번\s?달|지난달|지난|내년|올해)\s?(?:(?P<m>\d{1,2})\s?월\s?)?(?P<d>\d{1,2})\s?일"
)
_DAY_ONLY = re.compile(r"\s?(?:부터|[~∼～])\s?(\d{1,2})일(?!\s?간)")
_WEEKDAYS = "월화수목금토일"


class Found(NamedTuple):
    """A date in a text: ``value`` is YYYY-MM-DD, with THH:MM when a time is written; ``year_said`` with a year."""

    start: int
    end: int
    value: str
    year_said: bool


def scan(text: str, year: int | None = None, offset: int = 0) -> Iterator[Found]:
    """Dates in order.

    One without a year takes that of the date before it, else ``year``; a weekday written beside it may move it by a
    year or two. Without any of these it is left out.
    """
    for found in _merged(text):
        said = found.groupdict().get("y")
        if said is None and found.lastindex == 3 and found.re is _COMPACT:
            yield Found(found.start() + offset, found.end() + offset, "-".join(found.groups()), True)
            year = int(found[1])
            continue
        if not said and found["s"] not in ".월" and not (found["s"] == "/" and found["w"]):
            continue
        this = _full_year(said) if said else year
        value = _day(this, int(found["m"]), int(found["d"]), found["w"], fixed=bool(said))
        if value is None:
            continue
        year = value.year
        yield Found(found.start() + offset, found.end() + offset, value.isoformat() + _time(found), bool(said))
        yield from _until_day(text, found.end(), value, offset)


def relative(text: str, base: date, offset: int = 0) -> Iterator[Found]:
    """Dates counted from the day of the text: 오는 21일, 다음 달 15일, 지난 3월 4일."""
    for found in _RELATIVE.finditer(text):
        value = _from(base, found["which"].replace(" ", ""), found["m"], int(found["d"]))
        if value:
            yield Found(found.start() + offset, found.end() + offset, value.isoformat(), False)
            yield from _until_day(text, found.end(), value, offset)


def _until_day(text: str, end: int, begin: date, offset: int) -> Iterator[Found]:
    """The end of a range that writes only its day: 21일부터 23일까지."""
    found = _DAY_ONLY.match(text, end)
    if found and int(found[1]) > begin.day:
        try:
            value = begin.replace(day=int(found[1]))
        except ValueError:
            return
        yield Found(found.start(1) + offset, found.end() + offset, value.isoformat(), False)


def turned(start: str, end: str) -> str:
    """The end of a window whose year turned over between its two dates: written with a month before its start's."""
    if end[:10] >= start[:10]:
        return end
    return f"{int(end[:4]) + 1}{end[4:]}" if int(start[5:7]) - int(end[5:7]) >= 3 else end


def year_of(text: str) -> int | None:
    """The year a text is about: the one it names most, the first of equals."""
    named = Counter(
        _full_year(y)
        for y in re.findall(rf"(?<!\d)20[1-3]\d(?=\s?[년.\-/~∼]|\b)|[{QUOTE}]\s?[1-3]\d(?=\s?[년.\-/~∼])", text)
    )
    return max(named, key=lambda year: named[year], default=None)


def _merged(text: str) -> Iterator[re.Match[str]]:
    compact = list(_COMPACT.finditer(text))
    starts = [found.start() for found in compact]

    def stands_apart(found: re.Match[str]) -> bool:
        before = bisect_left(starts, found.end()) - 1
        return before < 0 or compact[before].end() <= found.start()

    return iter(sorted([*compact, *filter(stands_apart, _DATE.finditer(text))], key=lambda m: m.start()))


def _full_year(said: str) -> int:
    number = int(re.sub(r"\D", "", said))
    return number + 2000 if number < 100 else number


def _day(year: int | None, month: int, day: int, weekday: str | None, *, fixed: bool) -> date | None:
    if year is None:
        return None
    for shift in (0,) if fixed or not weekday else (0, 1, -1, 2, -2):
        try:
            value = date(year + shift, month, day)
        except ValueError:
            continue
        if fixed or not weekday or _WEEKDAYS[value.weekday()] == weekday:
            return value
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _from(base: date, which: str, month: str | None, day: int) -> date | None:
    first = base.replace(day=1)
    if month:
        year = base.year + (which == "내년")
        if which == "오는" and int(month) < base.month:
            year += 1
        if which == "지난" and int(month) > base.month:
            year -= 1
        first = date(year, int(month), 1) if 1 <= int(month) <= 12 else first
    elif which in ("내달", "다음달"):
        first = (first + timedelta(days=32)).replace(day=1)
    elif which == "지난달" or (which == "지난" and day > base.day):
        first = (first - timedelta(days=1)).replace(day=1)
    elif which == "오는" and day < base.day:
        first = (first + timedelta(days=32)).replace(day=1)
    try:
        return first.replace(day=day)
    except ValueError:
        return None


def _time(found: re.Match[str]) -> str:
    if not found["h"]:
        return ""
    hour = int(found["h"]) + (12 if found["pm"] in ("오후", "밤") and int(found["h"]) < 12 else 0)
    minute = int(found["mi"] or found["mk"] or 0)
    return f"T{hour:02d}:{minute:02d}" if hour < 24 and minute < 60 else ""
