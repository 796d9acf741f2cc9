"""Periods of the programmes that prose names: years and days that its sentences assign to one of them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from itertools import accumulate
from operator import and_
from typing import NamedTuple

from gonggo.extract import published
from gonggo.extract.doc import Doc, Span
from gonggo.extract.lexicons import patterns
from gonggo.extract.relations.around import Sentences
from gonggo.extract.words import occurrences
from gonggo.korean_dates import COUNTED, QUOTE, RELATIVE_YEARS, full_year, last_month

Period = tuple[str | None, str | None]

_WORDS = "|".join(sorted(RELATIVE_YEARS, key=len, reverse=True))
_DAY = r"(?:\s?(?P<m>\d{1,2})\s?[월.](?:\s?(?P<d>\d{1,2})(?:\s?[일.]|(?=[~∼～-]\d)))?)?"
_POINT = re.compile(
    rf"(?:(?P<y>(?<![\d,.])20\d\d(?![\d,%]|{COUNTED})|[{QUOTE}]\s?\d\d(?=[년.∼~～)\s])|(?<!\d)\d\d(?=년[\s)까]))\s?[년.]?(?:도)?"
    rf"|(?<![가-힣])(?P<rel>{_WORDS})(?:봄|여름|가을|겨울)?(?![가-힣]*\s?대비)|(?<![가-힣])(?P<near>지난|오는)(?=\s?\d{{1,2}}월)"
    rf"|(?<![\d.년])(?<!\d\s)(?=\d{{1,2}}월)){_DAY}"
)
_TO = re.compile(r"\s?(?:초|중순|말|상반기|하반기)?(?:\s?\([^()\n]{1,6}\))?\s?(?:부터|에서|[~∼～〜–-])\s?")
_UNTIL = re.compile(r"\s?(?:초|중순|말|상반기|하반기)?\s?까지")
_SINCE = re.compile(r"\s?(?:초|중순|말|상반기|하반기)?\s?부터")
_LASTING = re.compile(
    r"\s?(?:부터|에서)\s(?:[가-힣]{1,4}\s){0,2}?(?:(?P<y>\d{1,2})\s?년|(?P<m>\d{1,3})\s?개월)\s?(?:간|동안)"
)
# 2028년까지 5년간, 앞으로 5년간 2030년까지: the duration gives the start.
_UNTIL_LASTING = re.compile(
    r"(?:년|월)?\s?말?까지(?:\s?(?:앞으로|향후|총|약|모두))?[,\s]\s?(?P<y>\d{1,2})\s?(?:개년|년)(?:간|\s?동안|\s?에\s?걸쳐)"
)
_BETWEEN = re.compile(r"[.;:]|(?:고|며|지만|으나|는데|면서)\s")
_ADNOMINAL = re.compile(r"(?:한|된|던|은|는|했던|하는|되는)?\s")
_SHORT_DAY, _SHORT_YEAR = re.compile(r"(\d{1,2})일"), re.compile(r"(\d\d)(?=년|\))")
# Since when what is named next has been going on: 2022년부터 이어 온 ‘…’.
_SINCE_OF_NEXT = re.compile(
    r"\s?(?:초|중순|말|상반기|하반기)?\s?부터\s(?:[가-힣]{1,6}\s){0,3}?[가-힣]{0,5}(?:온|한|된|진|던|운|연)\s[‘'“\"「『]"
)
# Behind a verb that says something of what it follows: 2023년 시작한 이래.
_SINCE_THEN = re.compile(r"(?:한|된|던|은|는)?\s(?:이래|이후|뒤|후|데|바|것|곳|사업|지)(?![가-힣]{2})|\s(?:때|전)까지")
# What a sentence begins with that goes on about the programme.
_IS_SUBJECT = re.compile(r"\W{0,3}(?:(?:이|이번|본|해당|동)\s)?사업은\s")
_CLOSED = re.compile(r"년?\s?(?:,\s?(?:총\s?)?\d{1,2}\s?(?:개년|년간?))?\)")
# Right before the end of a programme that its goal is for: 2022년부터 시작한 이 사업은 2026년까지.
_TOPIC_BEFORE = re.compile(r"(?:^|\s)(?:이|이번|본|해당)\s사업은\s$")
_TOPIC_AFTER = re.compile(r"[’”'\"」』)]{0,2}(?:사업)?[은는이가](?:\s|$)")
_REACH, _TAIL, _NEXT = 44, 22, 12
# So many sentences further on a text still speaks of the programme that it named, in the same paragraph.
_FURTHER, _FAR, _MOST_AFTER = 2, 2000, 20


class _StatedPeriod(NamedTuple):
    """A period as stated by one clause, with its position; ``of_next`` if it belongs to the name right after it."""

    start: int
    end: int
    period: Period
    of_next: bool


class _Base(NamedTuple):
    day: date | None
    year: int | None


class _Mention(NamedTuple):
    start: int
    end: int
    number: int


def find(doc: Doc, programmes: Sequence[Collection[str]]) -> list[Period]:
    """Return start and end (YYYY, YYYY-MM or YYYY-MM-DD) of each programme, given the names that it has in the text.

    A period belongs to the programme named last before it in its sentence, else to one named after it, else to the
    subject of the paragraph.
    """
    mentions = _mentions(doc.text, programmes)
    periods: list[Period] = [(None, None)] * len(programmes)
    if not mentions:
        return periods
    owners, base = _Owners(doc, mentions, len(programmes)), _base_of(doc)
    for sentence in Sentences(doc).spans:
        for stated in _stated_periods(sentence, base):
            number = owners.of(sentence, stated)
            if number is not None:
                periods[number] = _joined(periods[number], stated.period)
    return periods


def _mentions(text: str, programmes: Sequence[Collection[str]]) -> list[_Mention]:
    """Return the positions of the programmes' names; of overlapping names the longest."""
    owner = {name: number for number, names in reversed([*enumerate(programmes)]) for name in names if len(name) > 1}
    names = sorted(owner, key=len, reverse=True)
    return [_Mention(at, at + len(name), owner[name]) for at, name in occurrences(text, names)]


def _base_of(doc: Doc) -> _Base:
    """Return the day of the document, by which 지난해 is resolved, and the year for a month without one."""
    stated = published.find(doc)
    day = date.fromisoformat(stated.value[:10]) if stated else None
    return _Base(day, day.year if day else doc.year)


def _joined(period: Period, more: Period) -> Period:
    """Complete or refine the ends of a period by those of another one, if they remain in order.

    A longer range of years takes the place of one within it: that of a course, of all its years.
    """
    if _contains(more, period):
        return more
    start, end = (
        other if other and (not one or other.startswith(one)) else one for one, other in zip(period, more, strict=True)
    )
    return (start, end) if not (start and end) or start[:4] <= end[:4] else period


def _contains(more: Period, period: Period) -> bool:
    """Return whether a range of years, longer than one, goes beyond another range; False if an end is unknown."""
    (start, end), (begun, ended) = more, period
    if not (start and end and begun and ended) or len(end) > len("2028") or int(end[:4]) <= int(start[:4]):
        return False
    return start[:4] <= begun[:4] and ended[:4] <= end and (end > ended[:4] or start[:4] < begun[:4])


class _Owners:
    """Finds the programme of a period by the positions of the programmes' names."""

    def __init__(self, doc: Doc, mentions: list[_Mention], count: int) -> None:
        self.doc, self.mentions, self.count = doc, mentions, count
        self.starts = [mention.start for mention in mentions]
        # Up to and with each mention: whether all so far name one programme.
        self.is_one = list(accumulate((mention.number == mentions[0].number for mention in mentions), and_))

    def of(self, sentence: Span, stated: _StatedPeriod) -> int | None:
        """Return the number of the programme to which a period of a sentence belongs."""
        here = bisect_left(self.starts, stated.start)
        is_in_name = here and stated.start < self.mentions[here - 1].end
        begins_name = here < len(self.starts) and self.starts[here] == stated.start
        if is_in_name or (begins_name and self.doc.text[stated.start].isdigit()):
            return None  # a year within a name
        first, last = bisect_left(self.starts, sentence.start), bisect_left(self.starts, sentence.end)
        after = self.mentions[here : min(last, here + _MOST_AFTER)]
        if stated.of_next:
            is_next = bool(after) and after[0].start - stated.end <= _NEXT
            if is_next or not _SINCE_THEN.match(self.doc.text, stated.end):
                return after[0].number if is_next else None
        if first and _IS_SUBJECT.match(self.doc.text, sentence.start, stated.start):
            return self._spoken_of(sentence, stated, first)
        if first < here:
            return self.mentions[here - 1].number
        if after and here and self._goes_on(sentence, stated, here):
            return self.mentions[here - 1].number
        if after:
            return after[0].number if len({mention.number for mention in after}) == 1 or stated.period[0] else None
        return self._spoken_of(sentence, stated, here) if here else None

    def _goes_on(self, sentence: Span, stated: _StatedPeriod, here: int) -> bool:
        """Return whether a sentence that begins with years goes on about the programme named last in its paragraph.

        What it names after them, without making it its subject, is a part or a means of it.
        """
        last, following = self.mentions[here - 1], self.mentions[here]
        between = self.doc.text[last.end : sentence.start]
        is_first = not self.doc.text[sentence.start : stated.start].strip(" □○ㅇ-–")
        is_apart = following.start - stated.end > _NEXT
        return (
            is_first
            and is_apart
            and all(stated.period)
            and "\n" not in between
            and between.count(". ") <= 1
            and not _TOPIC_AFTER.match(self.doc.text, following.end)
        )

    def _spoken_of(self, sentence: Span, stated: _StatedPeriod, here: int) -> int | None:
        """Return the programme that is the subject of the text, for a sentence that names none."""
        last = self.mentions[here - 1]
        between = self.doc.text[last.end : min(sentence.start, last.end + _FAR)]
        if patterns("period_words")["subject"].search(sentence.text):
            return 0 if self.count == 1 or "\n" in between else last.number
        is_near = "\n" not in between and between.count(". ") <= _FURTHER
        if not all(stated.period):
            is_of_one = is_near or (self.is_one[here - 1] and self.is_one[-1])
            return last.number if is_of_one and patterns("period_words")["of_works"].search(sentence.text) else None
        is_main = last.number == self.mentions[0].number
        return last.number if is_near or is_main or self.is_one[here - 1] else None


def _stated_periods(sentence: Span, base: _Base) -> Iterator[_StatedPeriod]:
    """Yield the periods that a sentence states."""
    words = patterns("period_words")
    text, taken = sentence.text, 0
    for match in _POINT.finditer(text):
        if match.start() < taken or match.end() == match.start():
            continue
        clause = _clause(text, match.end())
        value = _value(match, base, None)
        until = _range_end(text, match, value, base)
        if until and value:
            end, last = until
            taken = end
            is_of_days = len(value) == len("2026-01-01")
            if _in_brackets(text, match.start(), end) or not words["other"].search(
                text if is_of_days else text[end : end + _TAIL]
            ):
                yield _StatedPeriod(sentence.start + match.start(), sentence.start + end, (value, last), of_next=False)
            continue
        if value is None or (words["other"].search(clause[:_TAIL]) and not words["first"].match(clause)):
            continue
        yield from _open_ended(sentence, match, value, clause, base)


def _in_brackets(text: str, start: int, end: int) -> bool:
    """Return whether a range is all that brackets hold: the period of the name before them."""
    return text[:start].endswith("(") and bool(_CLOSED.match(text, end))


def _open_ended(sentence: Span, point: re.Match[str], value: str, clause: str, base: _Base) -> Iterator[_StatedPeriod]:
    """Yield the period at one point in time: a duration from it, since it, until it, started or ended at it."""
    words = patterns("period_words")
    text, at = sentence.text, sentence.start
    lasting = _LASTING.match(text, point.end())
    has_year = point["y"] or point["rel"] or point["near"]
    if lasting:
        months = int(lasting["y"] or 0) * 12 + int(lasting["m"] or 0)
        yield _StatedPeriod(at + point.start(), at + lasting.end(), (value, _after(value, months)), of_next=False)
    elif (until := _UNTIL_LASTING.match(text, point.end())) and len(value) == len("2028"):
        began = str(int(value) - int(until["y"]) + 1)
        yield _StatedPeriod(at + point.start(), at + until.end(), (began, value), of_next=False)
    elif _UNTIL.match(text, point.end()):
        is_end_of_year = clause.lstrip().startswith("말")
        so_far = point["rel"] and point["m"] is None and RELATIVE_YEARS[point["rel"]] == 0 and not is_end_of_year
        is_aim = bool(words["goal"].search(clause)) and not _TOPIC_BEFORE.search(text, 0, point.start())
        # What was reached by a day gone by is no end, unless the words say that it was.
        is_past = base.day is not None and value <= base.day.isoformat()[: len(value)] and len(value) > len("2028")
        so_far = so_far or (is_past and not words["finish"].search(clause))
        if (has_year and not so_far and not is_aim) or words["finish"].search(clause):
            yield _StatedPeriod(at + point.start(), at + point.end(), (None, value), of_next=False)
    elif _SINCE.match(text, point.end()):
        if has_year:
            described = _SINCE_OF_NEXT.match(text, point.end())
            end = described.end() - 1 if described else point.end()
            yield _StatedPeriod(at + point.start(), at + end, (value, None), of_next=bool(described))
    elif has_year:
        begin, finish = words["begin"].search(clause), words["finish"].search(clause)
        if begin and (not finish or begin.start() <= finish.start()):
            end = point.end() + begin.end()
            yield _StatedPeriod(at + point.start(), at + end, (value, None), _is_named_next(text, end))
        elif finish:
            end = point.end() + finish.end()
            yield _StatedPeriod(at + point.start(), at + end, (None, value), _is_named_next(text, end))


def _clause(text: str, start: int) -> str:
    """Return the words after a point in time, to the end of its clause or to the next point."""
    rest = text[start : start + _REACH]
    cut = _BETWEEN.search(rest)
    following = next((match for match in _POINT.finditer(rest) if match.end() > match.start()), None)
    return rest[: min(cut.start() + 1 if cut else len(rest), following.start() if following else len(rest))]


def _is_named_next(text: str, end: int) -> bool:
    """Return whether the words that end here describe the name after them: 2022년 시작한 ‘…’."""
    return bool(_ADNOMINAL.match(text, end))


def _range_end(text: str, first: re.Match[str], value: str | None, base: _Base) -> tuple[int, str] | None:
    """Return where a range ends, and its last year or day."""
    to = _TO.match(text, first.end())
    if not to or value is None:
        return None
    only_day = _SHORT_DAY.match(text, to.end()) if len(value) == len("2026-01-01") else None
    if only_day:
        return only_day.end(), f"{value[:8]}{int(only_day[1]):02d}"
    last = _POINT.match(text, to.end())
    if last and last.end() > last.start() and (end := _value(last, base, int(value[:4]))) and end[:4] >= value[:4]:
        return last.end(), end
    short = _SHORT_YEAR.match(text, to.end()) if len(value) == len("2026") else None
    return (short.end(), f"20{short[1]}") if short and f"20{short[1]}" > value else None


def _value(match: re.Match[str], base: _Base, year: int | None) -> str | None:
    """Return the year, month or day of a point in time, in the precision given."""
    month = int(match["m"]) if match["m"] else None
    if month is not None and not 1 <= month <= 12:
        return None
    if match["y"]:
        year = full_year(match["y"])
    elif match["rel"] or match["near"]:
        year = _relative_year(match, base.day, month)
    else:
        year = year or base.year
    if month is None or year is None:
        return str(year) if year else None
    return f"{year}-{month:02d}-{int(match['d']):02d}" if match["d"] else f"{year}-{month:02d}"


def _relative_year(match: re.Match[str], day: date | None, month: int | None) -> int | None:
    """Return a year that is relative to the day of the document: 지난해, 오는 3월."""
    if day is None:
        return None
    if match["rel"]:
        return day.year + RELATIVE_YEARS[match["rel"]]
    passed = match["near"] == "지난"
    return day.year - (passed and (month or 0) > day.month) + (not passed and (month or 0) < day.month)


def _after(value: str, months: int) -> str:
    """Return the last year or month of a duration in months that begins in a year, month or day."""
    if len(value) == len("2026"):
        return str(int(value) + max(0, months // 12 - 1))
    return last_month(value, months)
