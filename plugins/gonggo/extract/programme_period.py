"""The periods of the programmes of a call: under its labels, and in the row or below the heading of a track."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from gonggo.extract.doc import Doc, Span
from gonggo.extract.layout import Item, classify
from gonggo.extract.period_values import Period, joined, read
from gonggo.extract.words import matches
from gonggo.korean_dates import full_year

_NO_PERIOD: Period = (None, None)
_RANGE = re.compile(r"[~∼～〜]|부터")
_FROM_AGREEMENT = re.compile(r"(?:협약|계약|선정)\s?(?:체결)?\s?일\s?(?:로?부터)?\s?[~∼～]")
# How long a range lasts, right before or after it: 2026. 4. ~ 2028. 12. (33개월), 총 3년(’26~’28).
_LENGTH = re.compile(r"(?<![\d.’'‘`])(?:\d{1,3}\s?개월|(?:10|\d)\s?개?년(?![도차]|\s?\d{1,2}\s?월|\s?이상))")
# Words for a period before its value without the colon of a label: 총 사업기간 2026. 4. ~, 연구기간은 2026년 4월부터.
_LABEL = re.compile(
    r"(?:총\s?|전체\s?)?(?:사업|지원|협약|과제|연구|개발|연구\s?개발|기술\s?개발|실증|수행|추진|운영|위탁|계약)\s?"
    r"(?:수행|추진|운영|진행)?\s?기간(?:\([^()\n]{1,12}\))?(?:은|는)?[\s:：|(\])】｣]{0,6}(?=[’'‘`]?\d|협약|계약|총|약)"
)
_LABEL_BEGINS = re.compile(r"[총전사지협과연개기실수추운위계](?<![가-힣].)")
_YEARS = re.compile(r"(?<![\d.’'‘`~])\d{1,2}\s?년(?![도차]|\s?\d{1,2}\s?월)(?:\s?\d{1,2}\s?개월)?")
_FIRST_YEAR = re.compile(r"(?:1\s?차|당해|첫)\s?(?:년도|연도|해)(?=[^\n]{0,30}[’'‘`2]\s?\d[^\n]{1,10}[~∼～〜])")
# Right behind the name of a track: (’26~’28, 36억원).
_BESIDE_NAME = re.compile(r"\s?[(（]([^()（）\n]{0,30}[~∼～〜][^()（）\n]{0,40})[)）]")
# A label that says no more than that it is a time, and headings of the time to apply or of one step.
_BARE = re.compile(
    r"\W{0,5}(?:(?:[가-하Ⅰ-Ⅹ]|\d{1,2})[.)])?\s{0,2}기\s{0,3}간\s?(?:[:：]|[\])】])?\s{0,3}(?=[’'‘]?\d|협약|계약|총)"
)
_OF_APPLYING = re.compile(r"접수|신청|모집|공고|평가|심사|교육생|응모")
_ABOVE = 8
_YEARS_BEHIND = re.compile(
    r"(?:\s?[가-힣]{0,4}사업)?[」』”’'\"]?\s?[(（](?:[^()（）\d]{0,12}|\d단계)[,·:：]?\s?(20\d\d)\s?년?\s?[~∼～〜–-]\s?[’'‘]?((?:20)?\d\d)\s?년?(?:[,·]\s?[^()（）]{0,12})?[)）]"
)
# The head of a column of periods of tracks, and how many cells its row may have before.
_PERIOD_COLUMN = re.compile(r"(?:총\s?)?기\s?간(?:\([^()]{1,8}\))?")
_WIDEST, _MOST_PLACES = 16, 12
_SHORTEST_NAME = 5
_NOTES = ("notes", "schedule", "support", "budget", "method")
_OTHER_TIMES = frozenset(("window", "notice_period", "method", "schedule", "target", "contact", "documents"))
_VALUE, _BESIDE, _NUMBER, _LAST_SECTION = 120, 24, 24, 2500


def of_call(doc: Doc, names: Sequence[Span], umbrellas: Sequence[Span] = ()) -> list[Period]:
    """Return start and end of the programmes of a call, the first of which is the call itself.

    Those of a track are on its own line, in its own row or below its own heading; else it lasts as long as the call.
    ``umbrellas`` are those of the names of which the call is only a part, whose period is not that of the call.
    Labels in notes, and periods without a label, count only if there is no other.
    """
    labelled, bare = list(_labelled(doc)), list(_bare(doc))
    found = {name.text: _heading(doc, name) for name in names[1:] if name not in umbrellas}
    heads = sorted(head for head in found.values() if head is not None)
    whole = (names and _in_years(doc, names[0].text)) or _of_whole(doc, labelled or bare, heads)
    tracks = [
        _of_track(doc, labelled, name) or _below_heading(doc, [*labelled, *bare], heads, found.get(name.text))
        for name in names
    ]
    return [track or (_NO_PERIOD if name in umbrellas else whole) for name, track in zip(names, tracks, strict=True)]


def _of_whole(doc: Doc, labelled: list[Item], heads: Sequence[int]) -> Period:
    """Return the period of a call: the first that is not one track's alone, else from the first to the last of all."""
    by_tracks = list[Period]()
    for item in labelled:
        period = _along_row(doc, labelled, item)
        if not any(period):
            continue
        if not _is_of_row(doc, item) and not any(head < item.start for head in heads):
            return period
        by_tracks.append(period)
    if by_tracks:
        return _spanned(by_tracks)
    return next(_unlabelled(doc), _NO_PERIOD)


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


def _bare(doc: Doc) -> Iterator[Item]:
    """Yield the values of lines that say no more than 기간, below a heading of the programme and not of applying."""
    blocks = doc.layout.blocks
    for number, block in enumerate(blocks):
        label = _BARE.match(block.text) if "기" in block.text and block.is_fact else None
        if label:
            above = reversed(blocks[max(0, number - _ABOVE) : number])
            heading = next((one for one in above if one.rank < block.rank), None)
            if not (heading and _OF_APPLYING.search(heading.text)):
                yield Item("period", label.group(), block.start + label.end(), block.end)


def _of_track(doc: Doc, labelled: list[Item], name: Span) -> Period | None:
    """Return the period of a track: on the line of its name, or in its table row."""
    if not name.text:
        return None
    beside = _BESIDE_NAME.match(doc.text, name.end) if name.start >= 0 else None
    if beside and all(period := read(beside[1], doc.year)):
        return period
    if in_years := _in_years(doc, name.text):
        return in_years
    of_column = [item for item in labelled if _column(doc, item) == _squashed(name.text)]
    if of_column:
        return _value(doc, of_column[0])
    for item in labelled:
        value = doc.text[item.start : item.end]
        period = _NO_PERIOD
        if name.text in value:
            line = value[value.index(name.text) :].split("\n", 1)[0]
            period = read(line if _RANGE.search(line) else value[:_VALUE], doc.year)
        elif _is_of_row(doc, item) and _squashed(name.text) in _row_before(doc, item):
            period = read(value[:_VALUE], doc.year)
        if any(period):
            return period
    return _in_row(doc, name)


def _in_row(doc: Doc, name: Span) -> Period | None:
    """Return the period in the table row of a name, under a head that says no more than that it is one."""
    first = doc.layout.index_at(name.start) if name.start >= 0 else 0
    for block in doc.layout.blocks[first : first + _WIDEST]:
        if "\n" in doc.text[name.start : block.start]:
            break
        if _PERIOD_COLUMN.fullmatch(block.column) and all(period := read(block.text, doc.year)):
            return period
    return None


def _in_years(doc: Doc, name: str) -> Period | None:
    """Return the years in brackets behind a name wherever it stands: 「…」(2025~2027), 조성사업(2단계, 2026~2030년)."""
    at = doc.text.find(name) if len(name) > _SHORTEST_NAME else -1
    while at >= 0:
        if years := _YEARS_BEHIND.match(doc.text, at + len(name)):
            return years[1], str(full_year(years[2]))
        at = doc.text.find(name, at + 1)
    return None


def _below_heading(doc: Doc, items: Sequence[Item], heads: Sequence[int], head: int | None) -> Period | None:
    """Return the period under the first label between the heading of a track and that of the next one."""
    if head is None:
        return None
    after = bisect_right(heads, head)
    end = heads[after] if after < len(heads) else head + _LAST_SECTION
    own = (_value(doc, item) for item in items if head < item.start < end)
    return next(filter(any, own), None)


def _heading(doc: Doc, name: Span) -> int | None:
    """Return where a name is all that a line outside of tables says, but for its number."""
    at = name.start
    for _ in range(_MOST_PLACES):
        if at < 0:
            break
        block = doc.layout.at(at)
        if block and not block.column and len(block.text) <= len(name.text) + _NUMBER:
            return at
        at = doc.text.find(name.text, at + 1)
    return None


def _along_row(doc: Doc, labelled: list[Item], first: Item) -> Period:
    """Return the period of a value, lengthened by those beside it in its table row: 1차년도, 2차년도."""
    period = _value(doc, first)
    for item in labelled:
        is_beside = first.start < item.start and "\n" not in doc.text[first.start : item.start]
        if is_beside and item.label_text == first.label_text:
            period = joined(period, _value(doc, item))
    return period


def _value(doc: Doc, item: Item) -> Period:
    return read(doc.text[item.start : min(item.end, item.start + _VALUE)], doc.year)


def _spanned(periods: Sequence[Period]) -> Period:
    """Return the period from the first start to the last end."""
    starts = [start for start, _ in periods if start]
    ends = [end for _, end in periods if end]
    return min(starts, default=None), max(ends, default=None)


def _unlabelled(doc: Doc) -> Iterator[Period]:
    """Yield periods without a label: from the day of an agreement, and those with their length."""
    for run in _FROM_AGREEMENT.finditer(doc.text):
        line = doc.text[run.start() : run.end() + _VALUE].split("\n", 1)[0]
        if doc.is_fact_of_call(run.start()) and any(period := read(line)):
            yield period
    for label in matches(_LABEL, _LABEL_BEGINS, doc.text):
        line = doc.text[label.end() : label.end() + _VALUE].split("\n", 1)[0]
        if doc.is_fact(label.start()) and any(period := read(line)):
            yield period
    yield from _with_length(doc)
    whole = next((whole for item in doc.layout.named("period") if (whole := _whole_years(doc, item))), None)
    first = _FIRST_YEAR.search(doc.text) if whole else None
    if whole and first and any(period := read(f"{whole}, {doc.text[first.start() : first.end() + _VALUE]}")):
        yield period


def _whole_years(doc: Doc, item: Item) -> str | None:
    """Return how many years the value of a label states: 최대 4년."""
    years = _YEARS.search(doc.text[item.start : min(item.end, item.start + _VALUE)])
    return years.group() if years else None


def _with_length(doc: Doc) -> Iterator[Period]:
    """Yield the ranges of a call that say how long they last: 2026. 4. ~ 2028. 12. (33개월)."""
    for block in doc.layout.blocks:
        length = _LENGTH.search(block.text) if "개월" in block.text or "년" in block.text else None
        if not length or not block.is_fact or not _OTHER_TIMES.isdisjoint(block.sections):
            continue
        mark = _RANGE.search(block.text)
        if not mark or not doc.is_fact_of_call(block.start):
            continue
        near = block.text[max(0, min(length.start(), mark.start()) - _BESIDE) :]
        if all(period := read(near[:_VALUE])):
            yield period


def _is_of_row(doc: Doc, item: Item) -> bool:
    """Return whether a value is in a table whose rows are not labels, but tracks or years."""
    block = doc.layout.at(item.start)
    return bool(block and block.column and block.row and not classify(block.row))


def _column(doc: Doc, item: Item) -> str:
    """Return the head of the column of a value whose row has the label."""
    block = doc.layout.at(item.start)
    return _squashed(block.column) if block and block.row and classify(block.row) == "period" else ""


def _row_before(doc: Doc, item: Item) -> str:
    """Return what a table row says before a value, and its head, which may stand in a row above."""
    block = doc.layout.at(item.start)
    row = doc.text[doc.text.rfind("\n|", 0, item.start) + 1 : item.start]
    return _squashed(f"{block.row if block else ''}|{row}")


def _squashed(text: str) -> str:
    return re.sub(r"<br\s?/?>|\s", "", text)
