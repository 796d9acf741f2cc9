"""The year of a figure: beside it, over its column, or told from the day of the document (올해, 작년)."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import NamedTuple

from gonggo.extract.doc import Doc
from gonggo.korean_dates import QUOTE

_RELATIVE = {
    "올해": 0, "올": 0, "금년": 0, "당해연도": 0, "내년": 1, "지난해": -1, "작년": -1, "지난겨울": -1, "지난여름": -1,
    "재작년": -2, "지지난해": -2, "내후년": 2, "후년": 2,
}  # fmt: skip
_WORDS = "|".join(sorted(_RELATIVE, key=len, reverse=True))
_YEAR = rf"(?:(?<!\d)20\d\d(?:\s?년도?)?(?![\d%,]|\.\d)|[{QUOTE}]\s?\d\d\s?년도?|[{QUOTE}]\d\d(?=\D))"
_SAID = re.compile(
    rf"(?P<first>{_YEAR}|(?<![가-힣])(?:{_WORDS})(?=[\s(,은는의도에엔부까분]|만|$))"
    rf"(?P<day>\.?\s?\d{{1,2}}\s?[.월](?:\s?\d{{1,2}}\s?(?:일|\.)?)?)?"
    rf"(?:\s?(?:[~∼～–-]|부터)\s?(?P<last>{_YEAR}|(?:20)?\d\d\s?년|\d\d(?=\)|년)|(?:{_WORDS})))?"
)
# A day in the middle of its month: the year of an event, not of a budget.
_UNTIL = re.compile(r"\s?(?:말|초|상반기|하반기|\d{1,2}월)?\s?까지")
_SINCE = re.compile(r"\s?(?:초|\d{1,2}월)?\s?(?:부터|이후|이래)")


class Said(NamedTuple):
    """A year where it stands; ``last`` is that of a run of years, and ``edge`` which end of an open run it is."""

    start: int
    end: int
    year: int
    last: int | None = None
    edge: str = ""

    @property
    def value(self) -> str:
        """As a record has it: 2026, or 2024~2026 of a run."""
        return str(self.year) if self.last is None else f"{self.year}~{self.last}"


class Years:
    """The years that a text says, in order; ``base`` is that of the document, by which 올해 and 작년 are told."""

    def __init__(self, doc: Doc, base: int | None) -> None:
        self.doc, self.base = doc, base
        self.said: list[Said] = []
        self.untold: list[int] = []
        for match in _SAID.finditer(doc.text):
            if said := self._read(match):
                self.said.append(said)
            else:
                self.untold.append(match.start())
        self._starts = [said.start for said in self.said]

    def within(self, start: int, end: int) -> list[Said]:
        """Return the years that are said between two places."""
        return self.said[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def is_untold(self, start: int, end: int) -> bool:
        """Whether the last word for a year between two places tells none: 올해 of a document without a day."""
        untold = self.untold[bisect_left(self.untold, start) : bisect_left(self.untold, end)]
        said = self.within(start, end)
        return bool(untold) and (not said or untold[-1] > said[-1].start)

    def of(self, words: str) -> Said | None:
        """Return the only year that a head of a table says."""
        found = [said for match in _SAID.finditer(words) if (said := self._read(match))]
        return found[0] if len(found) == 1 else None

    def _read(self, found: re.Match[str]) -> Said | None:
        year = self._number(found["first"])
        last = self._number(found["last"]) if found["last"] else None
        if year is None or not 2000 <= year <= 2060:
            return None
        rest = found.string[found.end() : found.end() + 12]
        edge = "until" if _UNTIL.match(rest) else "since" if _SINCE.match(rest) else ""
        return Said(found.start(), found.end(), year, last if last is not None and last > year else None, edge)

    def _number(self, words: str) -> int | None:
        digits = re.sub(r"\D", "", words)
        if digits:
            return int(digits) + (2000 if len(digits) == 2 else 0)
        return None if self.base is None else self.base + _RELATIVE[words.strip()]
