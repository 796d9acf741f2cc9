"""The year of a figure: next to it, above its column, or relative to the year of the document (올해, 작년)."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from gonggo.extract.doc import Doc
from gonggo.extract.words import can_begin
from gonggo.korean_dates import COUNTED, QUOTE, RELATIVE_YEARS, full_year

_RELATIVE = {**RELATIVE_YEARS, "당해연도": 0, "지난겨울": -1, "지난여름": -1, "후년": 2}
_WORDS = "|".join(sorted(_RELATIVE, key=len, reverse=True))
_YEAR = (
    # Inside a word it is a part of a name: 비전2030펀드.
    rf"(?:(?<!\d)20\d\d(?!(?<=[가-힣]20\d\d)(?!년)[가-힣])(?:\s?년도?)?(?![\d%,]|\.\d|{COUNTED})"
    rf"|[{QUOTE}]\s?\d\d\s?년도?|[{QUOTE}]\d\d(?=\D))"
)
_MENTION = re.compile(
    # Most letters of a text begin no year: what is cheapest to refute comes first.
    rf"{can_begin((*_RELATIVE, '2', *QUOTE))}"
    rf"(?P<first>{_YEAR}|(?<![가-힣])(?:{_WORDS})(?=[\s(,은는의도에엔부까분]|만|$))"
    rf"(?P<day>\.?\s?\d{{1,2}}\s?[.월](?:\s?\d{{1,2}}\s?(?:일|\.)?)?)?"
    rf"(?:\s?(?:[~∼～–-]|부터)\s?(?P<last>{_YEAR}|(?:20)?\d\d\s?년|\d\d(?=\)|년)|(?:{_WORDS})))?"
)
# A year of a project, counted from its start, with the months that it takes: 1차년도(2024.7.~2025.6.).
_ORDINAL = re.compile(r"(?P<number>[1-9](?<!\d\d))\s?차\s?년도(?:\s?\((?=[^()\n]{0,24}\)))?")
_MONTHS = re.compile(r"(?P<first>20\d\d)[^~∼～–()\n]{0,8}(?:[~∼～–]\s?(?P<last>20\d\d)?)?")
# A day in the middle of its month: the year of an event, not of a budget.
_UNTIL = re.compile(r"\s?(?:말|초|상반기|하반기|\d{1,2}월)?\s?까지")
_SINCE = re.compile(r"\s?(?:초|\d{1,2}월)?\s?(?:부터|이후|이래)")


class YearMention(NamedTuple):
    """A mention of a year; ``last`` is the end of a range, ``edge`` says which end of an open range it is.

    ``is_ordinal`` marks a year that is counted from the start of a project.
    """

    start: int
    end: int
    year: int
    last: int | None = None
    edge: str = ""
    is_ordinal: bool = False

    @property
    def value(self) -> str:
        """Return the form in a record: 2026, or 2024~2026 for a range."""
        return str(self.year) if self.last is None else f"{self.year}~{self.last}"

    @property
    def is_one(self) -> bool:
        """Return whether it is a single year: of the calendar, or of a project, which may span two calendar years."""
        return self.last is None or self.is_ordinal


class Years:
    """The years of a text, in order; 올해 and 작년 are relative to ``base``, the year of the document."""

    def __init__(self, doc: Doc, base: int | None, first: int | None = None) -> None:
        self.doc, self.base = doc, base
        self.first = _first_year(doc.text) or (YearMention(0, 0, first) if first else None)
        self.mentions: list[YearMention] = []
        self.unresolved: list[int] = []
        for match in _MENTION.finditer(doc.text):
            if mention := self._read(match):
                self.mentions.append(mention)
            else:
                self.unresolved.append(match.start())
        self.mentions = sorted([*self.mentions, *self._ordinals(doc.text)])
        self._starts = [mention.start for mention in self.mentions]

    def within(self, start: int, end: int) -> list[YearMention]:
        """Return the years mentioned between two offsets."""
        return self.mentions[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def is_unresolved(self, start: int, end: int) -> bool:
        """Return whether the last year between two offsets cannot be resolved: 올해 in a document without a day."""
        unresolved = self.unresolved[bisect_left(self.unresolved, start) : bisect_left(self.unresolved, end)]
        resolved = self.within(start, end)
        return bool(unresolved) and (not resolved or unresolved[-1] > resolved[-1].start)

    def of(self, words: str) -> YearMention | None:
        """Return the only year in the header of a table."""
        if ordinals := list(self._ordinals(words)):
            return ordinals[0] if len(ordinals) == 1 else None
        mentions = [mention for match in _MENTION.finditer(words) if (mention := self._read(match))]
        return mentions[0] if len(mentions) == 1 else None

    def _ordinals(self, text: str) -> Iterator[YearMention]:
        """Yield the years that are counted from the start of a project, if the start is known."""
        if self.first is None:
            return
        for match in _ORDINAL.finditer(text):
            later = int(match["number"]) - 1
            last = self.first.last + later if self.first.last else None
            yield YearMention(match.start(), match.end(), self.first.year + later, last, is_ordinal=True)

    def _read(self, match: re.Match[str]) -> YearMention | None:
        year = self._number(match["first"])
        last = self._number(match["last"]) if match["last"] else None
        if year is None or not 2000 <= year <= 2060:
            return None
        rest = match.string[match.end() : match.end() + 12]
        edge = "until" if _UNTIL.match(rest) else "since" if _SINCE.match(rest) else ""
        return YearMention(match.start(), match.end(), year, last if last is not None and last > year else None, edge)

    def _number(self, words: str) -> int | None:
        if re.search(r"\d", words):
            return full_year(words)
        return None if self.base is None else self.base + _RELATIVE[words.strip()]


def _first_year(text: str) -> YearMention | None:
    """Return the first year of a project, if the text gives the dates of one of its years."""
    for match in _ORDINAL.finditer(text):
        months = _MONTHS.match(text, match.end())
        if months and text[match.end() - 1] == "(":
            later = int(match["number"]) - 1
            first, last = int(months["first"]) - later, int(months["last"] or months["first"]) - later
            return YearMention(match.start(), match.end(), first, last if last > first else None)
    return None
