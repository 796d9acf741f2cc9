"""Date expressions of Korean notices and news."""

from __future__ import annotations

import re
from bisect import bisect_left
from calendar import monthrange
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

QUOTE = "’'‘`´＇"
_HOURS_SAID = {
    name: hour for hour, name in enumerate("한 두 세 네 다섯 여섯 일곱 여덟 아홉 열 열한 열두".split(), start=1)
}
# What may stand behind the day as its hour: 18:00, 18시 30분, 오후 6시 반, 오후 여섯 시, 6:00 PM, 18h, 낮 1시, 정오.
_CLOCK = (
    r"(?:(?P<pm>오전|오후|낮|밤|저녁|아침|새벽|자정|[AaPp]\.?[Mm]\.?)\s?)?(?<!\d)(?P<h>\d{1,2})\s?"
    r"(?:[:：]\s?(?P<mi>\d{2})(?!\d)(?::\d{2}(?!\d))?|시(?!\s?간)(?:\s?(?:(?P<mk>\d{1,2})\s?분|(?P<half>반)))?|[hH](?![A-Za-z\d])|(?=[AaPp]\.?[Mm]))"
    r"(?:\s?(?P<ap>[AaPp]\.?[Mm](?![A-Za-z])))?|(?P<word>정오|자정)"
    r"|(?P<part>오전|오후|낮|밤|저녁|아침|새벽)\s?(?P<said>열[한두]?|한|두|세|네|다섯|여섯|일곱|여덟|아홉)\s?시(?!\s?간)"
    r"(?:\s?(?P<past>반))?"
)
# What leads to the hour: 업무시간 종료(18:00) 전까지.
_OFFICE = r"(?:(?:업무|근무)\s?(?:시간)?\s?(?:종료|마감)?\s?(?:시각|시간|시)?\s?\(\s?)?"
# The third number of 12. 4. 18:00 is an hour, that of 11. 13. 2차 a round, and the first of each no year.
_NO_HOUR = r"(?!\d|\s?[:：]\d|\s?시|[hH차회개명건인층호])"


def _date_of(marks: str) -> str:
    """Return the pattern of a date whose year may be omitted; ``marks`` may follow a year of two digits."""
    short = rf"(?<![\d.])\d{{2}}(?=\s?[{marks}]\s?\d{{1,2}}\s?[월{marks}]\s?\d{{1,2}}{_NO_HOUR})"
    return (
        rf"(?:(?P<y>(?<!\d)20\d{{2}}|[{QUOTE}]\s?\d{{2}}|{short})\s?(?:년|[./-])\s?)?"
        r"(?<![\d,])(?P<m>\d{1,2})\s?(?P<s>[.월/-])\s?"
        r"(?P<d>\d{1,2})(?![\d%]|,(?!\s?(?:오전|오후|정오|자정|\d{1,2}\s?[:：시]|20\d{2}\s?[년./-]))|\.\d(?!\d?[:：시]))\s?(?:일(?!\s?간)|\.)?"
        r"(?:\s?(?:[(（]\s?(?P<w>[월화수목금토일])(?:요일)?\s?[,)）]|(?P<wd>[월화수목금토일])요일))?"
        rf"(?:(?:T|[,\s(]{{0,3}}{_OFFICE})(?:{_CLOCK}))?"
    )


_DATE = re.compile(_date_of("년.-"))
_CELL = re.compile(_date_of("년./-"))
_HOUR = re.compile(_CLOCK)
_COMPACT = re.compile(r"(?<!\d)(20\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")
_CELL_COMPACT = re.compile(
    r"(?<!\d)(20\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:\s?([01]\d|2[0-4]):?([0-5]\d)(?::?\d{2})?)?(?![\d:])"
)
_RELATIVE = re.compile(
    r"(?P<which>오는|내달|다음\s?달|이달|이번\s?달|지난달|지난|내년|올해)\s?(?:(?P<m>\d{1,2})\s?월\s?)?(?P<d>\d{1,2})\s?일"
)
_DAY_ONLY = re.compile(
    r"\s?(?:부터|에서|[~∼～])\s?(?<!\d)(\d{1,2})\s?(?:일(?!\s?간)|\.?\s?(?=[(（]\s?[월화수목금토일]\s?[)）]))"
    rf"(?:\s?[(（]\s?(?:[월화수목금토일])(?:요일)?\s?[,)）])?(?:[,\s(]{{0,3}}(?:{_CLOCK}))?"
)
# The same written with no more than its figures: 2026.11.23~30, never ~ 30개사 or ~ 12. 4.
_FIGURE_ONLY = re.compile(
    r"\s?[~∼～〜]\s?(\d{1,2})(?!\d)\.?(?=\s{0,3}(?:$|[\n),|(]|/(?!\d)|까지|\d{1,2}\s?(?::\d|시)|오[전후]))"
    rf"(?:[,\s(]{{0,3}}(?:{_CLOCK}))?"
)
# A range that ends with a month: ~ 2027. 2월 말.
_MONTH_END = re.compile(
    r"\s?(?:부터|[~∼～〜])\s?((?:(?P<y>20\d{2})\s?[년.]\s?)?(?P<m>\d{1,2})\s?월\s?말일?)(?=까지|[^\w]|$)"
)
# What stands between the ends of a range that writes its second one like its first, without the year: ~ 12-11.
_TO = re.compile(r"[\s.]{0,2}(?:[~∼～〜]|부터)\s{0,2}")
# Figures set apart one by one, 2 0 2 6. 1 1. 2 3., say no day that can be told.
_SPACED_BEFORE, _SPACED_AFTER = re.compile(r"(?<!\d)\d $"), re.compile(r"(?<=\D\d) \d(?![\d:시])")
_WEEKDAYS = "월화수목금토일"
# Letters as wide as a Hangul syllable, and hyphens of every kind: one for one, so that places in the text stay.
_NARROW = str.maketrans("０１２３４５６７８９．，／：；∶ː（）－‐‑−", "0123456789.,/::::()----")
# A number that stands where a year would, and is none: what follows it is a day of no year that can be known.
_NO_YEAR = re.compile(r"(?<![\d-])(?!20\d\d(?!\d))\d{3,}\s?[년./-]\s?$")
_LONGEST_YEAR = 24
END_OF_DAY = "T23:59"


class Found(NamedTuple):
    """A date in a text: ``value`` is YYYY-MM-DD, with THH:MM when a time is written; ``year_said`` with a year."""

    start: int
    end: int
    value: str
    year_said: bool


def scan(text: str, year: int | None = None, offset: int = 0) -> Iterator[Found]:
    """Dates in order.

    One without a year takes that of the date before it, else ``year``; a weekday written beside it may move it by a
    year or two. Without any of these it is left out, as is a day that the calendar does not have.
    """
    text = narrow(text)
    mark, behind = "", 0
    for found in _merged(text, _DATE, _COMPACT):
        said = found.groupdict().get("y")
        if found.re is _COMPACT:
            if not _exists(found):
                continue
            yield Found(found.start() + offset, found.end() + offset, "-".join(found.groups()), True)
            year = int(found[1])
            continue
        is_end = found["s"] == mark and _TO.fullmatch(text, behind, found.start())
        if not said and found["s"] not in ".월" and not is_end and not (found["s"] == "/" and _weekday(found)):
            continue
        value = _day(_full_year(said) if said else year, found)
        if value is None or _is_of_no_year(text, found) or _is_spaced(text, found):
            continue
        year, mark, behind = value.year, found["s"], found.end()
        yield Found(found.start() + offset, found.end() + offset, value.isoformat() + _time(found), bool(said))
        yield from _until_day(text, found.end(), value, offset)


def scan_cell(text: str, year: int) -> Iterator[Found]:
    """Dates of a cell that holds nothing else: there 11-26 and 26/11/27 are dates too, and 20261127180000 a time."""
    text = narrow(text)
    for found in _merged(text, _CELL, _CELL_COMPACT):
        if found.re is _CELL_COMPACT:
            if not _exists(found):
                continue
            hour = END_OF_DAY if found[4] == "24" else f"T{found[4]}:{found[5]}" if found[4] else ""
            yield Found(found.start(), found.end(), "-".join(found.group(1, 2, 3)) + hour, True)
            year = int(found[1])
            continue
        value = _day(_full_year(found["y"]) if found["y"] else year, found)
        if value is not None and not _is_of_no_year(text, found) and not _is_spaced(text, found):
            year = value.year
            yield Found(found.start(), found.end(), value.isoformat() + _time(found), bool(found["y"]))
            yield from _until_day(text, found.end(), value, 0)


def narrow(text: str) -> str:
    """Return the text with figures and their marks as narrow letters; its length stays."""
    return text.translate(_NARROW)


def holds_no_day(text: str, year: int) -> bool:
    """Whether something in a text is written like a day, and the calendar has no such day: 2026. 2. 30."""
    text = narrow(text)
    return any(
        _day(_full_year(found["y"]) if found["y"] else year, found) is None or _is_of_no_year(text, found)
        for found in _DATE.finditer(text)
    ) or not all(map(_exists, _COMPACT.finditer(text)))


def hours(text: str) -> Iterator[Found]:
    """Hours that stand in a text, as ``THH:MM``; those of a date are among them."""
    for found in _HOUR.finditer(narrow(text)):
        if value := _time(found):
            yield Found(found.start(), found.end(), value, False)


def relative(text: str, base: date, offset: int = 0) -> Iterator[Found]:
    """Dates counted from the day of the text: 오는 21일, 다음 달 15일, 지난 3월 4일."""
    for found in _RELATIVE.finditer(text):
        value = _from(base, found["which"].replace(" ", ""), found["m"], int(found["d"]))
        if value:
            yield Found(found.start() + offset, found.end() + offset, value.isoformat(), False)
            yield from _until_day(text, found.end(), value, offset)


def _until_day(text: str, end: int, begin: date, offset: int) -> Iterator[Found]:
    """Return the end of a range that gives only a day, 21일부터 23일까지, or only a month, ~ 2월 말."""
    if month := _MONTH_END.match(text, end):
        year, number = int(month["y"] or begin.year), int(month["m"])
        if 1 <= number <= 12:
            value = date(year, number, monthrange(year, number)[1])
            yield Found(month.start(1) + offset, month.end(1) + offset, value.isoformat(), bool(month["y"]))
        return
    found = _DAY_ONLY.match(text, end) or _FIGURE_ONLY.match(text, end)
    if found and int(found[1]) > begin.day:
        day = _date(begin.year, begin.month, int(found[1]))
        if day:
            yield Found(found.start(1) + offset, found.end() + offset, day.isoformat() + _time(found), False)


def turned(start: str, end: str) -> str:
    """Return the end of a period that runs into the next year: its month is before that of its start."""
    if end[:10] >= start[:10]:
        return end
    return f"{int(end[:4]) + 1}{end[4:]}" if int(start[5:7]) - int(end[5:7]) >= 3 else end


def year_of(text: str) -> int | None:
    """Return the year that a text names most often; of several, the first."""
    named = Counter(
        _full_year(y)
        for y in re.findall(rf"(?<!\d)20[1-3]\d(?=\s?[년.\-/~∼]|\b)|[{QUOTE}]\s?[1-3]\d(?=\s?[년.\-/~∼])", text)
    )
    return max(named, key=lambda year: named[year], default=None)


def _merged(text: str, dates: re.Pattern[str], runs: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """Return matches in order; digits in one run are not split into dates."""
    compact = list(runs.finditer(text))
    starts = [found.start() for found in compact]

    def stands_apart(found: re.Match[str]) -> bool:
        before = bisect_left(starts, found.end()) - 1
        return before < 0 or compact[before].end() <= found.start()

    return iter(sorted([*compact, *filter(stands_apart, dates.finditer(text))], key=lambda m: m.start()))


def _is_of_no_year(text: str, found: re.Match[str]) -> bool:
    """Whether a day without a year stands behind a number that is in the place of one: 99999999. 12. 31."""
    before = text[max(0, found.start() - _LONGEST_YEAR) : found.start()]
    return not found["y"] and bool(_NO_YEAR.search(before))


def _is_spaced(text: str, found: re.Match[str]) -> bool:
    """Whether the figures of a day are set apart one by one, so that its numbers are parts of others."""
    before = text[max(0, found.start() - 3) : found.start()]
    first = found.start("y") < 0 and found.end("m") - found.start("m") == 1
    last = found.end() == found.end("d") and _SPACED_AFTER.match(text, found.end())
    return bool((first and _SPACED_BEFORE.search(before)) or last)


def _weekday(found: re.Match[str]) -> str | None:
    return found["w"] or found["wd"]


def _full_year(said: str) -> int:
    number = int(re.sub(r"\D", "", said))
    return number + 2000 if number < 100 else number


def _day(year: int | None, found: re.Match[str]) -> date | None:
    """Return the day of a match, in the year that it states or that its weekday confirms."""
    if year is None:
        return None
    month, day, weekday = int(found["m"]), int(found["d"]), _weekday(found)
    if not found["y"] and weekday:
        for shift in (0, 1, -1, 2, -2):
            value = _date(year + shift, month, day)
            if value and _WEEKDAYS[value.weekday()] == weekday:
                return value
    return _date(year, month, day)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _exists(digits: re.Match[str]) -> bool:
    """Whether the calendar has the day of eight figures in one run."""
    return _date(int(digits[1]), int(digits[2]), int(digits[3])) is not None


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
    """Return the time as ``THH:MM``; the end of a day (24:00, 밤 12시, 자정) is its last minute."""
    if found["word"]:
        return "T12:00" if found["word"] == "정오" else END_OF_DAY
    if found["said"]:
        half = _half(found["part"], _HOURS_SAID[found["said"]])
        return END_OF_DAY if half == 24 else f"T{half:02d}:{30 if found['past'] else 0:02d}"
    if not found["h"]:
        return ""
    half = _half(found["pm"] or found["ap"] or "", int(found["h"]))
    minute = 30 if found["half"] else int(found["mi"] or found["mk"] or 0)
    if (half, minute) == (24, 0):
        return END_OF_DAY
    return f"T{half:02d}:{minute:02d}" if half < 24 and minute < 60 else ""


def _half(said: str, hour: int) -> int:
    """Return the hour of the day (0 to 24) for an hour of 12 with a word such as 오후."""
    said = said.lower().replace(".", "")
    if hour == 12:
        return {"밤": 24, "저녁": 24, "자정": 24, "오전": 0, "새벽": 0, "am": 0}.get(said, 12)
    if hour > 12:
        return hour
    if said in ("오후", "pm"):
        return hour + 12
    first = {"낮": 1, "저녁": 4, "밤": 6}.get(said)
    last = 6 if said == "낮" else 11
    return hour + 12 if first is not None and first <= hour <= last else hour
