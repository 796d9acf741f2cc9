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
# Words for years, by their distance to the year in which a text was written.
RELATIVE_YEARS = {
    "올해": 0, "올": 0, "금년": 0, "내년": 1, "지난해": -1, "작년": -1, "재작년": -2, "지지난해": -2, "내후년": 2,
}  # fmt: skip
# After a number that is no year, since it has a unit: 2000만 원, 2050여 명.
_UNIT = (
    r"(?:여\s?)?(?:조|억|만|천|백|원|명|개(?!최|시|막|정|발|편|통|원|교|강|소식)|건(?!설|강|축|물)|곳|대(?![전구한학]|회)"
    r"|팀|회(?!의)|시간|사(?!업)|종(?!합)|호|톤|배|점)"
)
COUNTED = rf"(?:{_UNIT}|\s(?:여\s?)?(?:명|개사|개소|곳|억|만\s?원))"
_SPELLED_HOURS = {
    name: hour for hour, name in enumerate("한 두 세 네 다섯 여섯 일곱 여덟 아홉 열 열한 열두".split(), start=1)
}
# Notations of the time after a day: 18:00, 18시 30분, 오후 6시 반, 오후 여섯 시, 6:00 PM, 18h, 낮 1시, 정오.
_CLOCK = (
    r"(?:(?P<pm>오전|오후|낮|밤|저녁|아침|새벽|자정|[AaPp]\.?[Mm]\.?)\s?)?(?<!\d)(?P<h>\d{1,2})\s?"
    r"(?:[:：]\s?(?P<mi>\d{2})(?!\d)(?::\d{2}(?!\d))?|시(?!\s?간)(?:\s?(?:(?P<mk>\d{1,2})\s?분|(?P<half>반)))?|[hH](?![A-Za-z\d])|(?=[AaPp]\.?[Mm]))"
    r"(?:\s?(?P<ap>[AaPp]\.?[Mm](?![A-Za-z])))?|(?P<word>정오|자정)"
    r"|(?P<part>오전|오후|낮|밤|저녁|아침|새벽)\s?(?P<spelled>열[한두]?|한|두|세|네|다섯|여섯|일곱|여덟|아홉)\s?시(?!\s?간)"
    r"(?:\s?(?P<spelled_half>반))?"
)
# Words before the time: 업무시간 종료(18:00) 전까지.
_OFFICE = r"(?:(?:업무|근무)\s?(?:시간)?\s?(?:종료|마감)?\s?(?:시각|시간|시)?\s?\(\s?)?"
# In 12. 4. 18:00 the third number is an hour, in 11. 13. 2차 a round; the first number is no year in either.
_NO_HOUR = r"(?!\d|\s?[:：]\d|\s?시|[hH차회개명건인층호])"


def _date_of(marks: str) -> str:
    """Return the pattern of a date whose year may be omitted; ``marks`` may follow a year of two digits."""
    short = rf"(?<![\d.])\d{{2}}(?=\s?[{marks}]\s?\d{{1,2}}\s?[월{marks}]\s?\d{{1,2}}{_NO_HOUR})"
    return (
        # Most letters of a text begin no date: what is cheapest to refute comes first.
        rf"(?=[\d{QUOTE}])(?:(?P<y>(?<!\d)20\d{{2}}|[{QUOTE}]\s?\d{{2}}|{short})\s?(?:년|[./-])\s?)?"
        r"(?<![\d,])(?P<m>\d{1,2})\s?(?P<s>[.월/-])\s?"
        r"(?P<d>\d{1,2})(?![\d%]|,(?!\s?(?:오전|오후|정오|자정|\d{1,2}\s?[:：시]|20\d{2}\s?[년./-]))|\.\d(?!\d?[:：시]))\s?(?:일(?!\s?간)|\.)?"
        r"(?:\s?(?:[(（]\s?(?P<w>[월화수목금토일])(?:요일)?\s?[,)）]|(?P<wd>[월화수목금토일])요일))?"
        rf"(?:(?:T|[,\s(]{{0,3}}{_OFFICE})(?:{_CLOCK}))?"
    )


_DATE = re.compile(_date_of("년.-"))
_CELL = re.compile(_date_of("년./-"))
_HOUR = re.compile(_CLOCK)
_COMPACT = re.compile(r"(2(?<!\d2)0\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")
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
# The same with digits only: 2026.11.23~30, but not ~ 30개사 or ~ 12. 4.
_FIGURE_ONLY = re.compile(
    r"\s?[~∼～〜]\s?(\d{1,2})(?!\d)\.?(?=\s{0,3}(?:$|[\n),|(]|/(?!\d)|까지|\d{1,2}\s?(?::\d|시)|오[전후]))"
    rf"(?:[,\s(]{{0,3}}(?:{_CLOCK}))?"
)
# A range that ends with a month: ~ 2027. 2월 말.
_MONTH_END = re.compile(
    r"\s?(?:부터|[~∼～〜])\s?((?:(?P<y>20\d{2})\s?[년.]\s?)?(?P<m>\d{1,2})\s?월\s?말일?)(?=까지|[^\w]|$)"
)
# Text between the ends of a range whose second date uses the separators of the first, without a year: ~ 12-11.
_TO = re.compile(r"[\s.]{0,2}(?:[~∼～〜]|부터)\s{0,2}")
# Digits separated by spaces, 2 0 2 6. 1 1. 2 3., are ambiguous and give no date.
_SPACED_BEFORE, _SPACED_AFTER = re.compile(r"(?<!\d)\d $"), re.compile(r"(?<=\D\d) \d(?![\d:시])")
_WEEKDAYS = "월화수목금토일"
# Full-width characters and all kinds of hyphens, replaced one for one so that offsets stay valid.
_HALFWIDTH = str.maketrans("０１２３４５６７８９．，／：；∶ː（）－‐‑−", "0123456789.,/::::()----")
_FULLWIDTH = re.compile(f"[{re.escape(''.join(map(chr, _HALFWIDTH)))}]")
# A number in the position of a year that is no year: the year of the date after it is unknown.
_NO_YEAR = re.compile(r"(?<![\d-])(?!20\d\d(?!\d))\d{3,}\s?[년./-]\s?$")
_LONGEST_YEAR = 24
END_OF_DAY = "T23:59"


class DateMention(NamedTuple):
    """A date in a text.

    ``value`` is YYYY-MM-DD, with THH:MM if a time is written; ``has_year`` says whether the year is.
    """

    start: int
    end: int
    value: str
    has_year: bool


def scan(text: str, year: int | None = None, offset: int = 0) -> Iterator[DateMention]:
    """Yield the dates of a text in order.

    A date without a year takes the year of the date before it, or else ``year``; a weekday beside it may shift it by a
    year or two. A date whose year stays unknown is left out, as is one that the calendar does not have.
    """
    text = to_halfwidth(text)
    separator, previous_end = "", 0
    for match in _merged(text, _DATE, _COMPACT):
        year_digits = match.groupdict().get("y")
        if match.re is _COMPACT:
            if not _is_calendar_day(match):
                continue
            yield DateMention(match.start() + offset, match.end() + offset, "-".join(match.groups()), True)
            year = int(match[1])
            continue
        is_end = match["s"] == separator and _TO.fullmatch(text, previous_end, match.start())
        if not year_digits and match["s"] not in ".월" and not is_end and not (match["s"] == "/" and _weekday(match)):
            continue
        value = _day(full_year(year_digits) if year_digits else year, match)
        if value is None or _follows_bogus_year(text, match) or _has_spaced_digits(text, match):
            continue
        year, separator, previous_end = value.year, match["s"], match.end()
        yield DateMention(
            match.start() + offset, match.end() + offset, value.isoformat() + _time(match), bool(year_digits)
        )
        yield from _until_day(text, match.end(), value, offset)


def scan_cell(text: str, year: int) -> Iterator[DateMention]:
    """Yield the dates of a cell that holds nothing else, where 11-26, 26/11/27 and 20261127180000 are dates too."""
    text = to_halfwidth(text)
    for match in _merged(text, _CELL, _CELL_COMPACT):
        if match.re is _CELL_COMPACT:
            if not _is_calendar_day(match):
                continue
            hour = END_OF_DAY if match[4] == "24" else f"T{match[4]}:{match[5]}" if match[4] else ""
            yield DateMention(match.start(), match.end(), "-".join(match.group(1, 2, 3)) + hour, True)
            year = int(match[1])
            continue
        value = _day(full_year(match["y"]) if match["y"] else year, match)
        if value is not None and not _follows_bogus_year(text, match) and not _has_spaced_digits(text, match):
            year = value.year
            yield DateMention(match.start(), match.end(), value.isoformat() + _time(match), bool(match["y"]))
            yield from _until_day(text, match.end(), value, 0)


def to_halfwidth(text: str) -> str:
    """Return the text with full-width digits and punctuation as ASCII; its length does not change."""
    return text.translate(_HALFWIDTH) if _FULLWIDTH.search(text) else text


def has_impossible_date(text: str, year: int) -> bool:
    """Return whether a text holds a date that the calendar does not have: 2026. 2. 30."""
    text = to_halfwidth(text)
    return any(
        _day(full_year(match["y"]) if match["y"] else year, match) is None or _follows_bogus_year(text, match)
        for match in _DATE.finditer(text)
    ) or not all(map(_is_calendar_day, _COMPACT.finditer(text)))


def hours(text: str) -> Iterator[DateMention]:
    """Yield the times of a text as ``THH:MM``, including those that belong to a date."""
    for match in _HOUR.finditer(to_halfwidth(text)):
        if value := _time(match):
            yield DateMention(match.start(), match.end(), value, False)


def relative(text: str, base: date, offset: int = 0) -> Iterator[DateMention]:
    """Yield dates relative to the day of publication: 오는 21일, 다음 달 15일, 지난 3월 4일."""
    for match in _RELATIVE.finditer(text):
        value = _relative_date(base, match["which"].replace(" ", ""), match["m"], int(match["d"]))
        if value:
            yield DateMention(match.start() + offset, match.end() + offset, value.isoformat(), False)
            yield from _until_day(text, match.end(), value, offset)


def _until_day(text: str, end: int, begin: date, offset: int) -> Iterator[DateMention]:
    """Yield the end of a range that gives only a day, 21일부터 23일까지, or only a month, ~ 2월 말."""
    if month := _MONTH_END.match(text, end):
        year, number = int(month["y"] or begin.year), int(month["m"])
        if 1 <= number <= 12:
            value = date(year, number, monthrange(year, number)[1])
            yield DateMention(month.start(1) + offset, month.end(1) + offset, value.isoformat(), bool(month["y"]))
        return
    match = _DAY_ONLY.match(text, end) or _FIGURE_ONLY.match(text, end)
    if match and int(match[1]) > begin.day:
        day = _date(begin.year, begin.month, int(match[1]))
        if day:
            yield DateMention(match.start(1) + offset, match.end() + offset, day.isoformat() + _time(match), False)


def last_month(first: str, months: int) -> str:
    """Return the last month, YYYY-MM, of so many months that begin in the month or on the day ``first``."""
    last = int(first[:4]) * 12 + int(first[5:7]) - 1 + months - 1
    return f"{last // 12}-{last % 12 + 1:02d}"


def roll_over_year(start: str, end: str) -> str:
    """Return the end of a period, moved to the next year if it would otherwise lie before the start."""
    if end[:10] >= start[:10]:
        return end
    return f"{int(end[:4]) + 1}{end[4:]}" if int(start[5:7]) - int(end[5:7]) >= 3 else end


def year_of(text: str) -> int | None:
    """Return the year that a text names most often; of several, the first."""
    named = Counter(
        full_year(y)
        for y in re.findall(rf"(?<!\d)20[1-3]\d(?=\s?[년.\-/~∼]|\b)|[{QUOTE}]\s?[1-3]\d(?=\s?[년.\-/~∼])", text)
    )
    return max(named, key=lambda year: named[year], default=None)


def _merged(text: str, dates: re.Pattern[str], runs: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """Return matches in order; a run of eight digits is not split into other dates."""
    compact = list(runs.finditer(text))
    starts = [match.start() for match in compact]

    def is_separate(match: re.Match[str]) -> bool:
        before = bisect_left(starts, match.end()) - 1
        return before < 0 or compact[before].end() <= match.start()

    return iter(sorted([*compact, *filter(is_separate, dates.finditer(text))], key=lambda m: m.start()))


def _follows_bogus_year(text: str, match: re.Match[str]) -> bool:
    """Return whether a date without a year follows a number in the position of one: 99999999. 12. 31."""
    before = text[max(0, match.start() - _LONGEST_YEAR) : match.start()]
    return not match["y"] and bool(_NO_YEAR.search(before))


def _has_spaced_digits(text: str, match: re.Match[str]) -> bool:
    """Return whether the digits around a date are separated by spaces, so that its numbers may be parts of others."""
    before = text[max(0, match.start() - 3) : match.start()]
    first = match.start("y") < 0 and match.end("m") - match.start("m") == 1
    last = match.end() == match.end("d") and _SPACED_AFTER.match(text, match.end())
    return bool((first and _SPACED_BEFORE.search(before)) or last)


def _weekday(match: re.Match[str]) -> str | None:
    return match["w"] or match["wd"]


def full_year(digits: str) -> int:
    """Return the year that is written with two or four digits, and perhaps other characters: ’26, 2026년."""
    number = int("".join(filter(str.isdecimal, digits)))
    return number + 2000 if number < 100 else number


def _day(year: int | None, match: re.Match[str]) -> date | None:
    """Return the day of a match, in the year that it states or that its weekday confirms."""
    if year is None:
        return None
    month, day, weekday = int(match["m"]), int(match["d"]), _weekday(match)
    if not match["y"] and weekday:
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


def _is_calendar_day(digits: re.Match[str]) -> bool:
    """Return whether eight digits are a date of the calendar."""
    return _date(int(digits[1]), int(digits[2]), int(digits[3])) is not None


def _relative_date(base: date, which: str, month: str | None, day: int) -> date | None:
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


def _time(match: re.Match[str]) -> str:
    """Return the time as ``THH:MM``; the end of a day (24:00, 밤 12시, 자정) is its last minute."""
    if match["word"]:
        return "T12:00" if match["word"] == "정오" else END_OF_DAY
    if match["spelled"]:
        hour = _hour_of_day(match["part"], _SPELLED_HOURS[match["spelled"]])
        return END_OF_DAY if hour == 24 else f"T{hour:02d}:{30 if match['spelled_half'] else 0:02d}"
    if not match["h"]:
        return ""
    hour = _hour_of_day(match["pm"] or match["ap"] or "", int(match["h"]))
    minute = 30 if match["half"] else int(match["mi"] or match["mk"] or 0)
    if (hour, minute) == (24, 0):
        return END_OF_DAY
    return f"T{hour:02d}:{minute:02d}" if hour < 24 and minute < 60 else ""


def _hour_of_day(day_part: str, hour: int) -> int:
    """Return the hour of the day (0 to 24) for an hour of 12 with a word such as 오후."""
    day_part = day_part.lower().replace(".", "")
    if hour == 12:
        return {"밤": 24, "저녁": 24, "자정": 24, "오전": 0, "새벽": 0, "am": 0}.get(day_part, 12)
    if hour > 12:
        return hour
    if day_part in ("오후", "pm"):
        return hour + 12
    first = {"낮": 1, "저녁": 4, "밤": 6}.get(day_part)
    last = 6 if day_part == "낮" else 11
    return hour + 12 if first is not None and first <= hour <= last else hour
