"""What all relations of a document are read from: its facts, sentences, years and mentions of programmes."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from gonggo.extract.doc import Doc, Span
from gonggo.extract.record_types import Amount, ExtractionRecord, Quantity
from gonggo.extract.relations import grid
from gonggo.extract.relations.around import Around, Sentences
from gonggo.extract.relations.years import YearMention, Years
from gonggo.korean_dates import year_of

# The ending of a verb: 했다 (past), 한다 (present or to come), 겠다, 예정이다, 하자.
_ENDINGS = re.compile(r"([가-힣])(?:다|는데|으나|지만|으며|고|던|는|을)(?=[.,”’\"'\s)]|고|며|는|$)")
_SSANG_SIOT, _NIEUN = 20, 4
# A line of a list, and one that heads others: it ends in a word for what they say.
_LISTED = re.compile(r"\s*[-·ㆍ•○ㅇ◦▲△▷◇□■①-⑳➊-➓⑴-⒇*┃│|]|\s*\d[.)]")
_HEADS = re.compile(r"(?:실적|성과|결과|현황|계획|목표|내용|프로그램|지원|사업)\W{0,3}$")
_HEADING_REACH = 8
_BESIDE, _SHORTEST_NAME = 3, 3
_SURVEY = re.compile(r"조사|설문|통계|실태")
_RATES_OF_A_SURVEY, _LEAD = 8, 600
# Between a year and its figure: where one of these stands, the year belongs to the words before it.
_APART = re.compile(r"[.;]|(?:고|며|지만|으나|는데|면서)[,\s]")


class Statements(NamedTuple):
    """All sums and counts of a document where they stand; the record lists each once."""

    amounts: list[Amount]
    counts: list[Quantity]


class Mention(NamedTuple):
    """Where a programme of the record is named, by any of its names."""

    start: int
    end: int
    name: str


def _tenses(words: str) -> Iterator[str]:
    for ending in _ENDINGS.finditer(words):
        stem = ending[1]
        final = (ord(stem) - 0xAC00) % 28
        if stem == "겠":
            yield "will"
        elif final == _SSANG_SIOT and stem != "있":
            yield "past"
        elif final == _NIEUN and ending.group()[1] == "다":
            yield "now"


class Context:
    """A document with its facts, whose relations are to be found."""

    def __init__(self, record: ExtractionRecord, doc: Doc, kind: str, stated: Statements | None = None) -> None:
        self.record, self.doc, self.kind = record, doc, kind
        self._heads: dict[int, grid.Heads | None] = {}
        self.stated = stated or Statements(record.amounts, record.quantities)

    def heads(self, offset: int) -> grid.Heads | None:
        """Return the heads over and beside what stands at ``offset``; None where that is no cell of a table."""
        if offset not in self._heads:
            self._heads[offset] = grid.heads(self.doc, offset)
        return self._heads[offset]

    @cached_property
    def sentences(self) -> Sentences:
        return Sentences(self.doc)

    @cached_property
    def years(self) -> Years:
        day = self.record.published_on
        return Years(self.doc, int(day.value[:4]) if day and day.value[:4].isdigit() else None, self._first_year)

    @property
    def _first_year(self) -> int | None:
        """The year in which the only programme that has one begins; in a call else that of its title."""
        starts = {programme.start[:4] for programme in self.record.programmes if programme.start}
        if len(starts) == 1:
            return int(starts.pop())
        return year_of(self.doc.fields.get("title", "")) if self.kind == "announcement" and not starts else None

    @cached_property
    def mentions(self) -> list[Mention]:
        """The programmes where they are named; of overlapping names the longest."""
        programmes = self.record.programmes
        owner = {alias: entry.name for entry in reversed(programmes) for alias in (*entry.aliases, entry.name)}
        names = sorted((name for name in owner if len(name) >= _SHORTEST_NAME), key=len, reverse=True)
        if not names:
            return []
        pattern = re.compile("|".join(map(re.escape, names)))
        return [Mention(m.start(), m.end(), owner[m.group()]) for m in pattern.finditer(self.doc.text)]

    @cached_property
    def is_survey(self) -> bool:
        """Whether the document reports a survey: its lead names one and it has many rates."""
        return self.kind == "statistics" or (
            len(self.record.metrics) >= _RATES_OF_A_SURVEY and bool(_SURVEY.search(self.doc.text[:_LEAD]))
        )

    def tense(self, words: str) -> str:
        """Return how the first verb of some words ends: ``past``, ``now``, ``will`` or, with none, ``bare``."""
        return next(_tenses(words), "bare")

    def last_tense(self, words: str) -> str:
        """Return how the last verb of some words ends."""
        return next(reversed([*_tenses(words)]), "bare")

    def heading(self, offset: int) -> str:
        """Return the heading over the lines of a list that ``offset`` stands in, else the sentence before."""
        number = self.sentences.index(offset) - 1
        for above in range(number, max(-1, number - _HEADING_REACH), -1):
            line = self.sentences.spans[above].text
            if not _LISTED.match(line) or _HEADS.search(line):
                return line
        return ""

    def is_listed(self, sentence: Span) -> bool:
        """Whether a sentence is a line of a list."""
        line = self.doc.text.rfind("\n", 0, sentence.start) + 1
        return bool(_LISTED.match(self.doc.text, line))

    def place_before(self, start: int, end: int) -> str:
        """Return the name of a place that ends right before ``end``, but for a particle."""
        places = self.doc.place_names
        number = bisect_left(places, end, key=lambda place: place.start) - 1
        if number < 0 or places[number].start < start or end - places[number].end > _BESIDE:
            return ""
        return self.doc.text[places[number].start : places[number].end]

    def names_programme(self, span: Span) -> bool:
        """Whether a stretch of the text names a programme of the record."""
        return any(
            name in span.text for programme in self.record.programmes for name in (programme.name, *programme.aliases)
        )

    def year_of_count(self, around: Around) -> str | None:
        """Return the year beside a count in its sentence, the nearest before it."""
        near = self.year_before(around)
        return near.value if near else None

    def year_before(self, around: Around) -> YearMention | None:
        """Return the last year mentioned before a figure in its sentence."""
        mentions = self.years.within(around.sentence.start, around.start)
        return mentions[-1] if mentions else None
