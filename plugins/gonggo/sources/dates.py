"""Dates in the cells of lists. Each cell is parsed by itself; no date is looked for in a whole row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from gonggo import changed_dates as changes
from gonggo.korean_dates import DateMention, has_impossible_date, hours, roll_over_year, scan_cell
from gonggo.settings import SEOUL

# What boards show for a post of today instead of its date.
_CLOCK = re.compile(
    r"\s{0,9}(?:오전|오후|[AaPp][Mm])?\s{0,3}\d{1,2}\s{0,3}[:：]\s{0,3}\d{2}(?::\d{2})?\s{0,3}(?:[AaPp][Mm])?\s{0,9}"
)
_AGO = re.compile(
    r"\s{0,9}(?:(\d{1,4})\s{0,3}(초|분|시간|일|주)\s{0,3}전|(방금|지금|오늘|금일|어제|작일|그저께|그제)(?:\s{0,3}전)?)[\s\d:]{0,9}"
)
_UNITS = {"초": "seconds", "분": "minutes", "시간": "hours", "일": "days", "주": "weeks"}
_DAYS_BACK = {"어제": 1, "작일": 1, "그저께": 2, "그제": 2}
# The end of a time in UTC, the default of many programs.
_UTC = re.compile(r"(?::\d{2})?(?:\.\d{1,9})?\s?(?:Z|[+]00:?00)(?![\d:])")
_BEFORE_END = re.compile(r"(?:[~∼～〜–—-]|마감일?시?|종료일?시?|까지)\s{0,3}[:：(]?\s{0,3}$")
_AFTER_END = re.compile(r"(?!\s?부터)[^\d~∼～]{0,12}?(?:까지|마감|종료|限)")
# Words that say that a period is open already; the date after them is its last day.
_IS_OPEN = re.compile(r"(?:(?:접수|모집|신청|공모|진행)\s?중|D\s?-\s?(?:\d{1,3}|[Dd][Aa][Yy]))[\s(\[:：|]{0,4}$")
_BEGINS = re.compile(r"[\s).]{0,3}(?:부터|[~∼～〜])")
# Unix time in seconds or milliseconds, from 2017 on.
_EPOCH = re.compile(r"\s{0,9}(1[5-9]\d{8})(?:\d{3})?\s{0,9}")
_DASHES = str.maketrans("–—", "--")
_MIDNIGHT = "T00:00"
# A range, an end, or a change of either.
_CHANGE_OR_END = re.compile(r"[~∼～〜]|까지|부터|당초|기존|종전|변경|연장|정정|조정|마감")
_EXHAUSTED, _ALWAYS = re.compile(r"소진"), re.compile(r"상시|수시|연중")
# Clocks may differ by a day; a date further ahead is one of last year.
_CLOCK_TOLERANCE = timedelta(days=1)
# Bounds for periods without a year: the year is chosen so that they begin and end no later than this.
_LATEST_OPENING, _LATEST_CLOSING = timedelta(days=60), timedelta(days=120)
# Directives of strptime that read a year, or a month.
_HAS_YEAR, _HAS_MONTH = re.compile(r"%[YyGcxDF]"), re.compile(r"%[mbB]")
_YEARS_BACK = 5


def cell_date(text: str, pattern: str | None = None, *, now: datetime | None = None) -> str | None:
    """Return the ISO date of a cell, None if it has none.

    Args:
        text: The text of the cell. A date without a year is the latest such day; an hour alone or "3분 전" is relative
            to ``now``.
        pattern: The strptime format of the cell, if it needs one.
        now: The time of collection.
    """
    now = now or datetime.now(SEOUL)
    relative_day = _relative_day(text, now)
    if relative_day:
        return relative_day
    if pattern:
        day = _by_pattern(text.strip(), pattern, now.date())
        return day.isoformat() if day else None
    if timestamp := _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(timestamp[1]), SEOUL).date().isoformat()
    text = text.translate(_DASHES)
    for year in (now.year, now.year - 1):
        match = next(scan_cell(text, year), None)
        if match and (match.has_year or date.fromisoformat(match.value[:10]) <= now.date() + _CLOCK_TOLERANCE):
            return _seoul_value(text, match)[:10]
    return None


def period(text: str, *, now: datetime | None = None) -> tuple[str | None, str | None]:
    """Return opening and closing of a cell such as ``2026-03-04 ~ 2026-03-20 18:00``, in ISO, with the hour if given.

    If the cell says that the period was changed, these are its ends after the change. A single date is the closing
    if ``~`` precedes it or 까지 follows it, else the opening. Midnight is how programs write a date without an hour: a
    period that closes on a day at 00:00 lasts to the end of that day.
    """
    today = (now or datetime.now(SEOUL)).date()
    matches = _recent_dates(text, today)
    if not matches:
        return None, None
    if changed := _changed_period(text, matches):
        return changed
    if rounds := _span_of_rounds(text, matches):
        return rounds
    days = [_seoul_value(text, one).removesuffix(_MIDNIGHT) for one in matches]
    if len(days) >= 2 and has_impossible_date(text[matches[0].end : matches[1].start], int(days[0][:4])):
        return days[0], None
    if len(days) >= 2:
        return days[0], days[1] if matches[1].has_year else roll_over_year(days[0], days[1])
    before, after = text[: matches[0].start], text[matches[0].end :]
    is_open = _IS_OPEN.search(before[-12:]) and not _BEGINS.match(after)
    is_end = is_open or _BEFORE_END.search(before[-12:]) or _AFTER_END.match(after)
    return (None, days[0]) if is_end else (days[0], None)


def _span_of_rounds(text: str, matches: list[DateMention]) -> tuple[str, str] | None:
    """Return the first beginning and the last end of a cell with several periods, None if it has no two."""
    seoul_dates = [one._replace(value=_seoul_value(text, one).removesuffix(_MIDNIGHT)) for one in matches]
    periods = [run.dates for run in changes.date_spans(text, seoul_dates)]
    if len(periods) < 2 or any(len(dates) < 2 for dates in periods):
        return None
    ends = [end.value if end.has_year else roll_over_year(begin.value, end.value) for begin, end in periods]
    return min(begin.value for begin, _ in periods), max(ends)


def _changed_period(text: str, matches: list[DateMention], end: str = "") -> tuple[str | None, str | None] | None:
    """Return the ends of a period after a change that its cell describes, None if it describes none.

    ``end`` is ``opens_at`` or ``closes_at`` for a cell of one end. In a cell of both, two dates with an arrow between
    them may be a beginning and an end.
    """
    if not end and not _CHANGE_OR_END.search(text):
        return None
    seoul_dates = [one._replace(value=_seoul_value(text, one).removesuffix(_MIDNIGHT)) for one in matches]
    period_now = changes.read(text, seoul_dates, opens=end == "opens_at")
    if not period_now or not (period_now.opens or period_now.closes):
        return None
    return period_now.opens and period_now.opens.value, period_now.closes and period_now.closes.value


def _relative_day(text: str, now: datetime) -> str | None:
    """Return the date of a cell with a time of today or an age, None for any other."""
    if _CLOCK.fullmatch(text):
        return now.date().isoformat() if next(hours(text), None) else None
    ago = _AGO.fullmatch(text)
    if not ago:
        return None
    back = timedelta(**{_UNITS[ago[2]]: int(ago[1])}) if ago[1] else timedelta(days=_DAYS_BACK.get(ago[3], 0))
    return (now - back).date().isoformat()


def _by_pattern(text: str, pattern: str, today: date) -> date | None:
    """Return the date that a strptime format reads; without a year, the latest such day."""
    if _HAS_YEAR.search(pattern):
        return _parsed(text, pattern)
    if not _HAS_MONTH.search(pattern):
        return today if "%d" not in pattern and _parsed(text, pattern) else None
    days = (_parsed(f"{year} {text}", f"%Y {pattern}") for year in range(today.year, today.year - _YEARS_BACK, -1))
    return next((day for day in days if day and day <= today + _CLOCK_TOLERANCE), None)


def _parsed(text: str, pattern: str) -> date | None:
    try:
        return datetime.strptime(text, pattern).date()
    except ValueError:
        return None


def _recent_dates(text: str, today: date) -> list[DateMention]:
    """Return the dates of a period; those without a year are of the latest year in which they are near enough."""
    matches = list[DateMention]()
    for year in (today.year + 1, today.year, today.year - 1):
        matches = list(scan_cell(text, year))
        if not matches or matches[0].has_year or _is_near(matches, today):
            break
    return matches


def _is_near(matches: list[DateMention], today: date) -> bool:
    limit = today + (_LATEST_OPENING if len(matches) > 1 else _LATEST_CLOSING)
    return date.fromisoformat(matches[0].value[:10]) <= limit


def _seoul_value(text: str, match: DateMention) -> str:
    """Return the value of a date in Asia/Seoul, converted if its time is in UTC."""
    if "T" not in match.value or not _UTC.match(text, match.end):
        return match.value
    moment = datetime.fromisoformat(match.value) + timedelta(hours=9)
    return moment.isoformat(timespec="minutes")


def _open_ended(text: str) -> Iterator[str]:
    """Yield how a period without a last day ends: when the budget is spent, or never."""
    for value, words in (("until_exhausted", _EXHAUSTED), ("always", _ALWAYS)):
        if words.search(text):
            yield value


def date_fields(name: str, value: str, pattern: str | None = None, *, now: datetime | None = None) -> dict[str, str]:
    """Return a field with its dates in ISO; a period also gives ``opens_at`` and ``closes_at``."""
    if name == "period":
        opens, closes = period(value, now=now)
        closes = closes or next(_open_ended(value), None)
        return {"period": value} | ({"opens_at": opens} if opens else {}) | ({"closes_at": closes} if closes else {})
    if name == "posted_on":
        day = cell_date(value, pattern, now=now)
        return {name: day} if day else {}
    if name in ("opens_at", "closes_at"):
        return _period_end(name, value, pattern, now)
    return {name: value}


def impossible_dates(fields: Mapping[str, str], *, now: datetime | None = None) -> dict[str, str]:
    """Return the date fields of a row that cannot be right, each with the reason, or "" if another field states it."""
    today = (now or datetime.now(SEOUL)).date()
    posted, opens, closes = (fields.get(name, "") for name in ("posted_on", "opens_at", "closes_at"))
    problems = dict[str, str]()
    if posted > (today + 2 * _CLOCK_TOLERANCE).isoformat():
        problems["posted_on"] = f"posted on {posted}, which is yet to come"
    if opens and closes[:1].isdigit() and closes[:10] < opens[:10]:
        problems |= {"opens_at": f"a period that ends on {closes}, before it begins on {opens}", "closes_at": ""}
    return problems


def _period_end(name: str, value: str, pattern: str | None, now: datetime | None) -> dict[str, str]:
    """Return one end of a period out of a cell of its own."""
    if pattern:
        day = cell_date(value, pattern, now=now)
    else:
        matches = _recent_dates(value, (now or datetime.now(SEOUL)).date())
        opens, closes = _changed_period(value, matches, name) or period(value, now=now)
        day = (opens or closes) if name == "opens_at" else (closes or opens or next(_open_ended(value), None))
    return {name: day} if day else {}
