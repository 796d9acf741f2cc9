"""The value of a label for a period: ranges of days, months or years, a start with a duration, or an end alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from gonggo.korean_dates import QUOTE, full_year, last_month, roll_over_year, scan

Period = tuple[str | None, str | None]

_POINT = rf"(?:20|[{QUOTE}]\s?)\d{{2}}(?:\s?[.년]\s?\d{{1,2}}(?:\s?월)?)?\s?[.년]?"
_UNTIL = re.compile(rf"({_POINT})(?:\s?말)?\s?까지")
# A dash is one of a range only before a year: ’26년 - ’29년, but not 2026-04.
_MARK = re.compile(rf"[~∼～〜]|부터(?:\s?[~∼～〜])?|(?<=[\d년월일.)])\s?[-–—]\s?(?=(?:20\d|[{QUOTE}]\s?\d)\d)")
# Years of two digits without a sign before them: 26.4 ~ 28.12, 26년 5월 ~ 28년 12월, 26년 ~ 28년.
_SHORT_MONTH = r"2\d|3\d)\s?(?:\.\s?(?:1[0-2]|0?[1-9])\s?(?:월|\.(?!\s?\d))?|년(?:도)?(?:\s?(?:1[0-2]|0?[1-9])\s?월)?)"
_SHORT_YEARS = re.compile(
    rf"(?<![\d.{QUOTE}])((?:{_SHORT_MONTH})(\s?[~∼～〜–-]\s?|\s?부터\s)((?:{_SHORT_MONTH})(?![\d%]|\.\d)"
)
_PART = re.compile(
    rf"(?:(?P<y>20\d{{2}}|[{QUOTE}]\s?\d{{2}})\s?(?:년(?:도)?|[.\-/])?\s*)?(?:(?P<m>\d{{1,2}})\s?(?:월|[.\-/])\s*)?(?:(?P<d>\d{{1,2}})\s?(?:일|\.)?)?"
)
# The month of a year that a dot sets apart needs none behind it: 2026.4 ~ 2028.12.
_DOTTED_MONTH = re.compile(r"\s?[.\-/]\s?(\d{1,2})(?![\d%가-힣])")
# Of several years only the first is dated: 최대 4년, 1차년도는 2026. 7. ~ 12.
_WHOLE = re.compile(r"(?<![\d~∼])(\d{1,2})\s?년(?:\s?(\d{1,2})\s?개월)?(?!\s?차|도|\s?\d{1,2}\s?월)")
_FIRST_YEAR = re.compile(r"(?:1\s?차|당해|첫)\s?(?:년도|연도|해)")
# How long what begins on a day lasts: 2026. 4. 1.부터 24개월, ’26.4월 ~ (2년 9개월).
_LASTING = re.compile(
    r"\s?[(（]?\s?(?:총|약|최대)?\s?(?:(?P<y>\d{1,2})\s?개?년(?!\s?\d{1,2}\s?월|도|\s?차))?\s?(?:(?P<m>\d{1,3})\s?개월)?"
)
_YEAR_ALONE = re.compile(r"\W{0,3}(20\d\d)\s?년도?\W{0,3}")
# The range in brackets behind one that is counted from an agreement: 협약체결일로부터 7개월(2026. 5. ~ 2026. 11.).
_SPELT_OUT = re.compile(
    r"\W*(?:협약|계약|선정|체결)[^\d(~∼～]{0,14}(?:부터|[~∼～])[^(\n]{0,16}"
    r"[(（](?P<range>[^()（）\n]*[~∼～〜][^()（）\n]*)[)）]"
)
_TAGS = re.compile(r"<br\s?/?>")
_LONGEST_END = 40


def read(text: str, year: int | None = None) -> Period:
    """Return start and end of a value; months without a year are in ``year``.

    Of several ranges those count that follow one on the other, such as those of stages.
    """
    if (spelt := _SPELT_OUT.match(text)) and all(dates := read(spelt["range"], year)):
        return dates
    text = _with_whole_years(_TAGS.sub(lambda tag: " " * len(tag.group()), text))
    marks = list(_MARK.finditer(text))
    if not marks:
        return _without_range(text, year)
    if dated := _of_first_year(text, marks[0].start()):
        return dated
    period: Period | None = None
    for following in _ranges(text, marks, year):
        period = joined(period, following) if period else following
    return period or (None, None)


def joined(one: Period, more: Period) -> Period:
    """Return one period lengthened by another that begins where it ends."""
    if not (one[1] and more[0] and more[1]) or more[1] <= one[1]:
        return one
    fine = min(len(one[1]), len(more[0]), len("2026-01"))
    gap = _months(more[0][:fine]) - _months(one[1][:fine])
    return (one[0], more[1]) if 0 <= gap <= (1 if fine == len("2026-01") else 12) else one


def _months(value: str) -> int:
    return int(value[:4]) * 12 + int(value[5:7] or 0)


def _with_whole_years(text: str) -> str:
    """Return the text with the sign before years of two digits in a range, of the same length plus two."""
    return _SHORT_YEARS.sub(r"’\1\2’\3", text)


def _of_first_year(text: str, mark: int) -> Period | None:
    """Return the period of several years of which only the first is dated before a mark."""
    whole = _WHOLE.search(text, 0, mark)
    first = _FIRST_YEAR.search(text, whole.end(), mark) if whole else None
    if not whole or not first:
        return None
    start, _ = read(text[first.end() :])
    return start, _last(start, int(whole[1]), int(whole[2] or 0)) if start else None


def _ranges(text: str, marks: list[re.Match[str]], year: int | None) -> Iterator[Period]:
    """Yield the ranges of a text around its marks."""
    behind = 0
    for number, mark in enumerate(marks):
        if mark.start() < behind:
            continue
        left = text[behind : mark.start()]
        start = _point(left, None) if not number else _last_point(left)
        if start is None and not number and year and re.search(r"\d\s?월", left):
            start = _point(left, year)
        start_year = int(start[:4]) if start else None
        until = marks[number + 1].start() if number + 1 < len(marks) else len(text)
        right = text[mark.end() : min(until, mark.end() + _LONGEST_END)]
        lasting = _LASTING.match(right)
        if start and lasting and (lasting["y"] or lasting["m"]):
            end: str | None = _after(start, int(lasting["y"] or 0) * 12 + int(lasting["m"] or 0))
        else:
            end = _point(right, start_year)
        if start and end and len(end) >= 7 and len(start) >= 7 and end < start[: len(end)]:
            end = roll_over_year(start.ljust(10, "0"), end.ljust(10, "0"))[: len(end)]
        if number and not (start and end):
            continue
        behind = mark.end()
        yield start, end


def _without_range(text: str, year: int | None) -> Period:
    """Return the period of a value that has an end alone, or is a year."""
    hits = list(scan(text, year))
    if "까지" in text and hits:
        return None, hits[-1].value[:10]
    if match := _UNTIL.search(text):
        return None, _value(match[1])
    alone = _YEAR_ALONE.fullmatch(text)
    return (alone[1], alone[1]) if alone else (None, None)


def _last(start: str, years: int, months: int) -> str:
    """Return the end of a number of years, of which the first lasts from ``start`` to the end of its calendar year."""
    if months and len(start) > len("2026"):
        return last_month(start, years * 12 + months)
    return str(int(start[:4]) + years - 1 + bool(months))


def _after(start: str, months: int) -> str:
    """Return the last year, month or day of so many months from a year, month or day on."""
    if len(start) == len("2026"):
        return str(int(start) + max(0, (months + 11) // 12 - 1))
    if len(start) == len("2026-01") or start[8:] > "28":
        return last_month(start, months)
    following = last_month(start, months + 1)
    return (date.fromisoformat(f"{following}{start[7:]}") - timedelta(days=1)).isoformat()


def _point(text: str, year: int | None) -> str | None:
    """Return the first date, month or year of a text in the precision given; a month without a year is in ``year``."""
    # A month or year that stands before the first day goes first: in "2028년 (3년, 2.5억원)" the 2.5 is no day.
    day = next(scan(text, year), None)
    for match in _PART.finditer(text):
        if day and day.start <= match.start():
            break
        year_text, month = match["y"], match["m"]
        if year_text and not month and (dotted := _DOTTED_MONTH.match(text, match.end("y"))):
            month = dotted[1]
        if year_text:
            full = full_year(year_text)
            return f"{full}-{int(month):02d}" if month and 1 <= int(month) <= 12 else str(full)
        if month and year and 1 <= int(month) <= 12:
            return f"{year}-{int(month):02d}"
    return day.value[:10] if day else None


def _last_point(text: str) -> str | None:
    """Return the last date, month or year of a text."""
    starts = [match.start() for match in _PART.finditer(text) if match["y"]]
    return _point(text[starts[-1] :], None) if starts else None


def _value(text: str) -> str:
    numbers = re.findall(r"\d+", text)
    year, month = full_year(numbers[0]), int(numbers[1]) if len(numbers) > 1 else 0
    return f"{year}-{month:02d}" if 1 <= month <= 12 else str(year)
