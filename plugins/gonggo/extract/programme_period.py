"""The period of a programme: under a label of its call, or beside its name in prose."""

from __future__ import annotations

import re

from gonggo.extract.doc import Doc, Span
from gonggo.korean_dates import QUOTE, roll_over_year, scan

_POINT = rf"(?:20|[{QUOTE}]\s?)\d{{2}}(?:\s?[.년]\s?\d{{1,2}}(?:\s?월)?)?\s?[.년]?"
_RANGE = re.compile(rf"({_POINT})\s?(?:[~∼～〜–-]|부터)\s?({_POINT})")
_UNTIL = re.compile(rf"({_POINT})(?:\s?말)?\s?까지")
_FROM = re.compile(rf"({_POINT})부터")
_DAYS = re.compile(r"(\d{1,2})월\s?(\d{1,2})일?\s?(?:[~∼～-]|부터)\s?(?:(\d{1,2})월\s?)?(\d{1,2})일")
_MARK = re.compile(r"[~∼～〜]|부터")
_PART = re.compile(
    rf"(?:(?P<y>20\d{{2}}|[{QUOTE}]\s?\d{{2}})\s?(?:년(?:도)?|[.\-/])?\s*)?(?:(?P<m>\d{{1,2}})\s?(?:월|[.\-/])\s*)?(?:(?P<d>\d{{1,2}})\s?(?:일|\.)?)?"
)
_VALUE = 90


def of_call(doc: Doc, name: Span) -> tuple[str | None, str | None]:
    """Return start and end under the labels of a call; those of a track stand on its own line."""
    best: tuple[str | None, str | None] = (None, None)
    for item in doc.layout.named("period"):
        block = doc.layout.at(item.start)
        if block and not block.is_fact:
            continue
        start, end = _read(doc.text[item.start : min(item.end, item.start + _VALUE)])
        if start or end:
            own = name.text and name.text in doc.text[item.start : item.end]
            if own:
                at = doc.text.index(name.text, item.start)
                line = doc.text[at : doc.text.find("\n", at) if "\n" in doc.text[at:] else len(doc.text)]
                return _read(line) if _MARK.search(line) else (start, end)
            best = best if any(best) else (start, end)
    return best


def of_mention(doc: Doc, start: int, end: int) -> tuple[str | None, str | None]:
    """Return start and end (YYYY, YYYY-MM or YYYY-MM-DD) from the clause with the mention ``start``..``end``."""
    sentence = doc.sentence_at(max(0, start))
    after = doc.text[end : min(end + 70, sentence.end)]
    for text in (after, sentence.text):
        match = _RANGE.search(text)
        if match:
            return _value(match[1]), _value(match[2])
    days = _DAYS.search(after) or _DAYS.search(sentence.text)
    if days and doc.year:
        first = f"{doc.year}-{int(days[1]):02d}-{int(days[2]):02d}"
        last = f"{doc.year}-{int(days[3] or days[1]):02d}-{int(days[4]):02d}"
        return first, last
    before = doc.text[max(sentence.start, start - 24) : start]
    until = _UNTIL.search(sentence.text)
    began = _FROM.search(before) or _FROM.search(after[:24])
    return (_value(began[1]) if began else None), (_value(until[1]) if until else None)


def _read(text: str) -> tuple[str | None, str | None]:
    """Read a labelled value: a range of dates, months or years, or an end alone."""
    hits = list(scan(text))
    mark = _MARK.search(text)
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


def _point(text: str, year: int | None) -> str | None:
    """Return the first date, month or year of a text, as fine as written; a month without a year takes ``year``."""
    hits = list(scan(text, year))
    if hits:
        return hits[0].value[:10]
    for match in _PART.finditer(text):
        year_text, month = match["y"], match["m"]
        if year_text:
            number = int(re.sub(r"\D", "", year_text))
            full = number + 2000 if number < 100 else number
            return f"{full}-{int(month):02d}" if month and 1 <= int(month) <= 12 else str(full)
        if month and year and 1 <= int(month) <= 12:
            return f"{year}-{int(month):02d}"
    return None


def _value(text: str) -> str:
    numbers = [int(part) for part in re.findall(r"\d+", text)]
    year = numbers[0] + (2000 if numbers[0] < 100 else 0)
    return f"{year}-{numbers[1]:02d}" if len(numbers) > 1 and 1 <= numbers[1] <= 12 else str(year)
