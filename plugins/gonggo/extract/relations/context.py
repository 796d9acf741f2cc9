"""The input for all relations of a document: its facts, sentences, years and mentions of programmes."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from gonggo.extract.doc import Doc, Span
from gonggo.extract.record_types import Amount, ExtractionRecord, Quantity
from gonggo.extract.relations import grid
from gonggo.extract.relations.around import Around, Sentences
from gonggo.extract.relations.years import YearMention, Years
from gonggo.extract.words import final_consonant, occurrences
from gonggo.korean_dates import year_of

# The ending of a verb: 했다, 했습니다, 했음 (past), 한다 (present or to come), 겠다, 예정이다, 하자.
_ENDINGS = re.compile(r"([가-힣])(?:습니다|다|음|는데|으나|지만|으며|고|던|는|을)(?=[.,;”’\"'\s)]|고|며|는|$)")
_SSANG_SIOT, _NIEUN = 20, 4
# A line of a list, and one that heads others: it ends in a word for what they say.
_LISTED = re.compile(r"\s*[-·ㆍ•○ㅇ◦▲△▷◇□■①-⑳➊-➓⑴-⒇*┃│|]|\s*\d[.)]")
_HEADS, _LONGEST_END = re.compile(r"(?:실적|성과|결과|현황|계획|목표|내용|프로그램|지원|사업)\W{0,3}$"), 8
_HEADING_REACH = 8
_BESIDE, _SHORTEST_NAME = 3, 3
_SURVEY = re.compile(r"조사|설문|통계|실태")
_RATES_OF_A_SURVEY, _LEAD = 8, 600
# Between a year and its figure: where one of these stands, the year belongs to the words before it.
_APART = re.compile(r"[.;]|(?:고|며|지만|으나|는데|면서)[,\s]")


# Nouns that a name ends with and that mean more than the programme.
_GENERAL = re.compile(
    r"사업|지원|지원사업|구축|구축사업|실증|실증사업|개발|개발사업|과정|교육|계획|운영|조성|조성사업|추진|협약|업무협약|양성|인재양성|프로젝트"
    r"|공모|모집|사업화|고도화|전환|혁신|도입|보급|확산|활용|육성|과제|행사|세미나|포럼|대회|전략|종합계획|기본계획|AI|인공지능|시스템|서비스|기술|산업"
)
# After the beginning of the name of one of several programmes, which stands for it: 벼 분야는, 김 양식의 경우.
_OF_FIELD = r"\s(?:분야|부문|유형|트랙|과정|사업)(?:은|는|이|가|의|에|에서|에서는|도|을|를)\s|의\s경우"
# From so many programmes that begin with a place on, what a text says of a place is about its programme.
_MANY_PLACES = 3
_PART = re.compile(r"[가-힣A-Za-z·]{2,12}")
# After a noun that refers to a programme.
_AFTER_NOUN = r"[\s.,)”’]|은|는|이|가|을|를|의|에|도|과|와|로|으로|사업"


class Statements(NamedTuple):
    """All statements of sums and counts in a document; the record lists each fact once."""

    amounts: list[Amount]
    counts: list[Quantity]


class Mention(NamedTuple):
    """A mention of a programme of the record, by any of its names."""

    start: int
    end: int
    name: str


def _beginnings(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the beginnings of some names, each of one or more words of its own, with the name."""
    for name in names:
        words = name.split()
        for end in range(1, len(words)):
            if not _GENERAL.fullmatch(words[end - 1]):
                yield " ".join(words[:end]), name


def _only_owners(owned: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the words that belong to one programme alone, with its name."""
    owners: dict[str, set[str]] = {}
    for word, name in owned:
        owners.setdefault(word, set()).add(name)
    return {word: names.pop() for word, names in owners.items() if len(names) == 1}


def _tenses(words: str) -> Iterator[str]:
    for ending in _ENDINGS.finditer(words):
        stem = ending[1]
        final = final_consonant(stem)
        if stem == "겠":
            yield "will"
        elif final == _SSANG_SIOT and stem != "있":
            yield "past"
        elif final == _NIEUN and ending.group()[1] == "다":
            yield "now"


class Context:
    """A document with its facts, from which their relations are determined."""

    def __init__(self, record: ExtractionRecord, doc: Doc, kind: str, stated: Statements | None = None) -> None:
        self.record, self.doc, self.kind = record, doc, kind
        self._heads: dict[int, grid.Heads | None] = {}
        self.stated = stated or Statements(record.amounts, record.quantities)

    def heads(self, offset: int) -> grid.Heads | None:
        """Return the headers of the table cell at ``offset``; None if it is not in a table."""
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
        """Return the start year of the only programme that has one, else, in a call, the year of its title."""
        starts = {programme.start[:4] for programme in self.record.programmes if programme.start}
        if len(starts) == 1:
            return int(starts.pop())
        return year_of(self.doc.fields.get("title", "")) if self.kind == "announcement" and not starts else None

    @cached_property
    def mentions(self) -> list[Mention]:
        """Return the mentions of programmes; of overlapping names the longest."""
        programmes = self.record.programmes
        owner = {alias: entry.name for entry in reversed(programmes) for alias in (*entry.aliases, entry.name)}
        names = sorted((name for name in owner if len(name) >= _SHORTEST_NAME), key=len, reverse=True)
        return [Mention(at, at + len(name), owner[name]) for at, name in occurrences(self.doc.text, names)]

    @cached_property
    def references(self) -> list[Mention]:
        """Return the mentions of programmes, by their names or by a part of these (이 거점, 당진 사업), in order."""
        first: dict[str, Mention] = {}
        for mention in self.mentions:
            first.setdefault(mention.name, mention)
        owners = _only_owners((name.split()[-1], name) for name in first if " " in name)
        words = [re.escape(word) for word in owners if _PART.fullmatch(word) and not _GENERAL.fullmatch(word)]
        places = [(place, name) for name, mention in first.items() if (place := self._place_at(mention.start))]
        if len({name for _, name in places}) > 1:
            owners |= _only_owners(places)
            of_place = r"\s사업|의\s" if len(places) >= _MANY_PLACES else r"\s사업"
            words += [rf"{re.escape(place)}(?={of_place})" for place, _ in places if place in owners]
        begun = _only_owners(_beginnings(first))
        owners |= {beginning: name for beginning, name in begun.items() if beginning not in owners}
        words += [rf"{re.escape(beginning)}(?={_OF_FIELD})" for beginning in begun]
        if not words:
            return self.mentions
        pattern = re.compile(rf"(?<![가-힣A-Za-z·])({'|'.join(words)})(?={_AFTER_NOUN})")
        inside = {at for mention in self.mentions for at in range(mention.start, mention.end)}
        referred = (
            Mention(match.start(), match.end(), owners[match[1]])
            for match in pattern.finditer(self.doc.text)
            if match.start() not in inside and match.start() > first[owners[match[1]]].start
        )
        return sorted([*self.mentions, *referred])

    def _place_at(self, start: int) -> str:
        """Return the place, or the places with dots between, that a name begins with at ``start``."""
        places = self.doc.place_names
        number, end = bisect_left(places, start, key=lambda place: place.start), start
        while number < len(places) and places[number].start == (end + 1 if end > start else start):
            end, number = places[number].end, number + 1
        return self.doc.text[start:end]

    @cached_property
    def is_survey(self) -> bool:
        """Return whether the document reports a survey: its lead names one, and it has many rates."""
        return self.kind == "statistics" or (
            len(self.record.metrics) >= _RATES_OF_A_SURVEY and bool(_SURVEY.search(self.doc.text[:_LEAD]))
        )

    def tense(self, words: str) -> str:
        """Return the tense of the first verb of some words: ``past``, ``now``, ``will`` or, with none, ``bare``."""
        return next(_tenses(words), "bare")

    def last_tense(self, words: str) -> str:
        """Return the tense of the last verb of some words."""
        return next(reversed([*_tenses(words)]), "bare")

    def heading(self, offset: int) -> str:
        """Return the heading of the list at ``offset``, else the preceding sentence."""
        number = self.sentences.index(offset) - 1
        for above in range(number, max(-1, number - _HEADING_REACH), -1):
            line = self.sentences.spans[above].text
            if not _LISTED.match(line) or _HEADS.search(line, max(0, len(line) - _LONGEST_END)):
                return line
        return ""

    def is_listed(self, sentence: Span) -> bool:
        """Return whether a sentence is a line of a list."""
        line = self.doc.text.rfind("\n", 0, sentence.start) + 1
        return bool(_LISTED.match(self.doc.text, line))

    def place_before(self, start: int, end: int) -> str:
        """Return the name of a place that ends right before ``end``, apart from a particle."""
        places = self.doc.place_names
        number = bisect_left(places, end, key=lambda place: place.start) - 1
        if number < 0 or places[number].start < start or end - places[number].end > _BESIDE:
            return ""
        return self.doc.text[places[number].start : places[number].end]

    def names_programme(self, span: Span) -> bool:
        """Return whether a stretch of the text names a programme of the record."""
        return any(
            name in span.text for programme in self.record.programmes for name in (programme.name, *programme.aliases)
        )

    def nearness_of_programme(self, offset: int) -> float:
        """Return how near before a position the text speaks of a programme: 1 in the same sentence, 0 if nowhere."""
        number = bisect_right([mention.start for mention in self.references], offset) - 1
        if number < 0:
            return 0.0
        sentences = self.sentences
        return 1 / (1 + sentences.index(offset) - sentences.index(self.references[number].start))

    def year_of_count(self, around: Around) -> str | None:
        """Return the nearest year before a count in its sentence."""
        near = self.year_before(around)
        return near.value if near else None

    def year_before(self, around: Around) -> YearMention | None:
        """Return the last year mentioned before a figure in its sentence."""
        mentions = self.years.within(around.sentence.start, around.start)
        return mentions[-1] if mentions else None
