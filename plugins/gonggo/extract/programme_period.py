"""The period of a programme: under a label of its call, or on a line of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gonggo.extract.doc import Doc, Span
from gonggo.extract.layout import Block, Item, classify
from gonggo.korean_dates import QUOTE, full_year, last_month, roll_over_year, scan

_POINT = rf"(?:20|[{QUOTE}]\s?)\d{{2}}(?:\s?[.년]\s?\d{{1,2}}(?:\s?월)?)?\s?[.년]?"
_UNTIL = re.compile(rf"({_POINT})(?:\s?말)?\s?까지")
_MARK = re.compile(r"[~∼～〜]|부터")
_PART = re.compile(
    rf"(?:(?P<y>20\d{{2}}|[{QUOTE}]\s?\d{{2}})\s?(?:년(?:도)?|[.\-/])?\s*)?(?:(?P<m>\d{{1,2}})\s?(?:월|[.\-/])\s*)?(?:(?P<d>\d{{1,2}})\s?(?:일|\.)?)?"
)
# The month of a year that a dot sets apart needs none behind it: 2026.4 ~ 2028.12.
_DOTTED_MONTH = re.compile(r"\s?[.\-/]\s?(\d{1,2})(?![\d%가-힣])")
# Of several years only the first is dated: 최대 4년, 1차년도는 2026. 7. ~ 12.
_WHOLE = re.compile(r"(?<![\d~∼])(\d{1,2})\s?년(?:\s?(\d{1,2})\s?개월)?(?!\s?차|도|\s?\d{1,2}\s?월)")
_FIRST_YEAR = re.compile(r"(?:1\s?차|당해|첫)\s?(?:년도|연도|해)")
_FROM_AGREEMENT = re.compile(r"협약\s?(?:체결)?\s?일\s?(?:로?부터)?\s?[~∼～]")
_NOTES = ("notes", "schedule", "support", "budget", "method")
_VALUE = 120


def of_call(doc: Doc, name: Span) -> tuple[str | None, str | None]:
    """Return start and end under the labels of a call; those of a track are on its own line or in its own row.

    Labels in notes, and periods from the day of the agreement without a label, count only if there is no other.
    """
    labelled = list(_labelled(doc))
    for item in labelled:
        if own := _of_track(doc, item, name):
            return own
    for item in sorted(labelled, key=lambda item: _is_of_row(doc, item)):
        if any(period := _read(doc.text[item.start : min(item.end, item.start + _VALUE)])):
            return period
    for run in _FROM_AGREEMENT.finditer(doc.text):
        line = doc.text[run.start() : run.end() + _VALUE].split("\n", 1)[0]
        if doc.is_fact_of_call(run.start()) and any(period := _read(line)):
            return period
    return None, None


def _labelled(doc: Doc) -> Iterator[Item]:
    """Yield the values under labels of periods: first those in sections of facts, then those in notes."""
    by_notes = list[Item]()
    for item in doc.layout.named("period"):
        block = doc.layout.at(item.start)
        if not block or block.is_fact:
            yield item
        elif block.label == "period" and set(block.sections) <= {"period", *_NOTES}:
            by_notes.append(item)
    yield from by_notes


def _of_track(doc: Doc, item: Item, name: Span) -> tuple[str | None, str | None] | None:
    """Return the period of a track within the value of a label: on the line of its name, or in its table row."""
    value = doc.text[item.start : item.end]
    if name.text and name.text in value:
        at = value.index(name.text)
        line = value[at:].split("\n", 1)[0]
        period = _read(line) if _MARK.search(line) else _read(value[:_VALUE])
    elif name.text and _is_of_row(doc, item) and _squashed(doc.layout.at(item.start)) == re.sub(r"\s", "", name.text):
        period = _read(value[:_VALUE])
    else:
        return None
    return period if any(period) else None


def _is_of_row(doc: Doc, item: Item) -> bool:
    """Return whether a value is in a table whose rows are not labels, but tracks or years."""
    block = doc.layout.at(item.start)
    return bool(block and block.column and block.row and not classify(block.row))


def _squashed(block: Block | None) -> str:
    return re.sub(r"\s", "", block.row) if block else ""


def _read(text: str) -> tuple[str | None, str | None]:
    """Read a labelled value: a range of dates, months or years, or an end alone."""
    hits = list(scan(text))
    mark = _MARK.search(text)
    whole = _WHOLE.search(text, 0, mark.start()) if mark else None
    if mark and whole and (first := _FIRST_YEAR.search(text, whole.end(), mark.start())):
        start, _ = _read(text[first.end() :])
        return start, _last(start, int(whole[1]), int(whole[2] or 0)) if start else None
    until = re.search(r"까지", text)
    if mark:
        left, right = text[: mark.start()], text[mark.end() :]
        start = _point(left, None)
        year = int(start[:4]) if start else None
        end = _point(right[:40], year)
        if start and end and len(end) >= 7 and len(start) >= 7 and end < start[: len(end)]:
            end = roll_over_year(start.ljust(10, "0"), end.ljust(10, "0"))[: len(end)]
        return start, end
    if until and hits:
        return None, hits[-1].value[:10]
    if until and (match := _UNTIL.search(text)):
        return None, _value(match[1])
    return None, None


def _last(start: str, years: int, months: int) -> str:
    """Return the end of a number of years, of which the first lasts from ``start`` to the end of its calendar year."""
    if months and len(start) > len("2026"):
        return last_month(start, years * 12 + months)
    return str(int(start[:4]) + years - 1 + bool(months))


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


def _value(text: str) -> str:
    numbers = re.findall(r"\d+", text)
    year, month = full_year(numbers[0]), int(numbers[1]) if len(numbers) > 1 else 0
    return f"{year}-{month:02d}" if 1 <= month <= 12 else str(year)
