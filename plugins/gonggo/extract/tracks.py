"""Tracks of a call: parts with names of their own that are described, counted or funded separately."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import groupby, pairwise
from typing import NamedTuple

from gonggo.extract.doc import Doc, Span
from gonggo.extract.layout import PLAIN, Block, classify
from gonggo.extract.lexicons import patterns

# More than any call has; what stands behind them is not looked at.
_MOST, _MOST_BLOCKS = 300, 6000
_MARK = r"[\s\-·○ㅇ◦❍①-⑳➀-➓❶-❿\d.)가-하]*"
_BRACKETED = re.compile(_MARK + r"[(（\[]([^()（）\[\]:]{3,30}(?:\([^)]{1,12}\))?[^()\[\]]{0,10})[)）\]]")
_NO_TRACK = re.compile(r"교육과정|주요|세부|내용|방법|^[가-힣]{2}$")
# What a track is counted by, or whose part it is, before its name: ① …, (내역1) …, (국토부) ….
_BEFORE_NAME = re.compile(
    r"(?:[\s①-⑳➀-➓❶-❿]|\d{1,2}[.)](?=\s?\S)|[가-하][.)]\s|\((?:내역|세부|과제|유형|트랙|분야)?\s?\d{1,2}\)|\([가-힣]{1,6}부\)|(?:[Tt]rack|TRACK|트랙|유형)\s?[\dA-Z]{1,2}[.):]\s?)+"
)
# Columns of names: of programmes, whose entries end like names of tracks, and of the tasks that a call designates.
_NAME_COLUMN = re.compile(r"(?:지원|세부|공모\s?)?\s?(?:사업|과제|프로그램|교육|과정|트랙)\s?명|내역사업|세부사업")
_TASK_COLUMN = re.compile(
    r"(?:(?:세부|내역|공모|지원|연구|연구개발|개발|지정|신규|대상|단위|제안)\s?)*(?:과제|품목|(?:연구|기술)\s?주제|RFP|제안요청서)\s?"
    r"(?:\([^()]{1,10}\)\s?)?(?:명|제목)\s?(?:\([^()]{1,12}\))?|(?:지정|공모|세부|대상|지원|신규|연구개발|연구)\s?(?:과제|품목)(?:\s?\([^()]{1,12}\))?|품목"
)
# A column of tasks in a table that counts its rows.
_TASK, _NUMBER = "과제", re.compile(r"\d{1,2}")
_WINNER_COLUMN = re.compile(
    r"(?:기업|기관|업체|회사|대학|팀)\s?명|(?:주관|수행)(?!\s?(?:부처|기간|유형|형태))|대표|연구책임"
)
# What a column of organisations says of who may carry out a task, where nobody is chosen yet.
_ANYBODY = re.compile(
    r"(?:제한\s?없음|영리|비영리|(?:중소|중견|대)?\s?기업|대학|연구(?:기관|소)|출연연|산학연|공공기관|병원|필수|선택|무관|등|[\s,·/()또는및-])+"
)
_SHORTEST_TASK, _SHORTEST_HEAD, _LONGEST_NAME, _LONGEST_TASK = 8, 3, 40, 110
# A row with a count of awards under such a head is a track, named in the column of kinds.
_KIND_COLUMN = re.compile(
    r"구\s?분|(?:내역|세부)\s?사업\s?명?|(?:지원|공모|과제|참여|신청|모집|교육)?\s?(?:유형|분야|부문|트랙|과제|과정|사업|프로그램)\s?(?:명|구분)?"
)
_AWARDS_COLUMN = re.compile(
    r"(?:(?:선정|지원|모집|공모|신규|수행|예정)\s?){0,3}(?:과제|기업|팀|업체|기관|개사|컨소시엄)\s?수?(?:\([^)]{0,8}\))?"
    r"|(?:(?:선정|지원|모집)\s?(?:예정\s?|\(과제\)\s?)?)?(?:규모|수|수량|건수)|(?:본선|결선|최종)\s?(?:진출|선발|선정)\s?(?:팀|규모)?\s?수?"
)
_AWARDS = re.compile(
    r"^\W{0,2}(?:약\s?)?[\d,]{1,6}\s?(?:개|건|팀|과제|개사|기업|컨소시엄|명)?(?:\s?(?:사|과제|팀|기관|내외|이내))?\W{0,3}$|\d개\s?(?:사|과제|팀|기관|컨소시엄|교(?!육)|대학)"
)
_LINE_AWARDS = re.compile(
    r"[\s\-·○ㅇ◦❍•▪■□◆◇▸▶①-⑳➊-➓❶-❿]*([가-힣A-Za-z][^:：()\n\d]{2,24}?)\s?(?:\([^()\n]{1,24}\)\s?)?[:：]?\s(?=[\d,]{1,4}\s?(?:개\s?(?:과제|사|팀|기관|컨소시엄)|팀(?!당)))"
)
_NO_KIND = re.compile(
    r"^(?:합\s?계|총\s?계|소\s?계|계|총|전체|신규|계속|기타|공통|일반|기초|심화|고도화|국비|도비|시비|자부담)$|^\d|\d$|기업$|기관$|대학$|명$|권$|인원|규모|예산|사업비|지원금|[한된할는은을를]$"
)
_END_OF_PLACE = re.compile(r"(?:시|군|구|도|\s?지역)?")
# Prizes are counted as tracks are.
_NO_LINE = re.compile(rf"{_NO_KIND.pattern}|상$")
# A line that is nothing but a name, with what counts it before, or what counts it alone.
_COUNTS = r"(?:[A-E가-하]|\d{1,2}|[①-⑳➀-➓❶-❿])[.)]?"
_WHOLE_LINE = re.compile(
    rf"[\s\-·○ㅇ◦❍•▪▸□■◆◇☐*#]*[\[【(]?(?P<count>{_COUNTS}\s)?(?P<name>[가-힣A-Za-z][^\n:：|【】\[\]]{{4,40}}?)[\]】)]?\s*"
)
# Headings that are counted one after the other, and the labels that a call explains itself by.
_COUNTED = re.compile(
    r"[#\s\-|*]*(?P<mark>[①-⑳]|[➊-➓]|[❶-❿]|\(?\d{1,2}[.)]|[가-하]\.|[ABC]\.)\s?(?P<name>\S.{2,44}?)(?:\s\([^()]{2,30}\))?\s*$"
)
_RUNS = ("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳", "➊➋➌➍➎➏➐➑➒➓", "❶❷❸❹❺❻❼❽❾❿", "가나다라마바사아자차카타파하", "ABC")
_OWN_LABELS = frozenset(("target", "purpose", "support", "award", "budget", "count", "period", "window"))
_NO_HEADING = re.compile(
    r"[:：|]|(?:사항|계획|안내|방법|절차|개요|기준|서류|일정|대상|내용|조건|문의|목적|방향|체계|자격|현황|기간|요건|평가|선정|항목|기관|(?:참여|수요|공급|도입|신청)\s?기업)$|[다음함임됨요]\.?$"
)
_FEWEST_LABELS = 2
# The head of an entry of a list: a mark or a tag that distinguishes it, its name, and its description.
_ENTRY_MARK = (
    r"[\s\-·○ㅇ◦❍•▪▸□■◆◇☐*#]*(?P<tag>(?:[①-⑳➀-➓❶-❿]|\(?\d{1,2}(?:-\d{1,2})?[.)]|[가-하][.)](?=\s))?\s?"
    r"(?:[(\[【](?:(?:유형|트랙|분야|부문|(?:세부|연구|내역)?\s?(?:과제|사업|주제)|내역)\s?[\dA-Z①-⑳]{1,2}|(?:지정|자유|품목|수요)[가-힣]{0,2}공모(?:형)?|[가-힣]{2,4}형)[)\]】]"
    r"|(?:[Tt]rack|TRACK|트랙|유형|(?:세부|연구)?과제|내역사업)\s?[\dA-Z①-⑳]{1,2}(?=\s?[.:：)\s])(?:\s?[.:：)])?)?)\s?"
)
_ENTRY_NAME = r"[가-힣A-Za-z‘'][가-힣A-Za-z\d·ㆍ&,/‘’'\-+()\s]{2,40}?"
# Each form of an entry with letters of which every match has one, which most lines have not.
_ENTRIES: tuple[tuple[frozenset[str], re.Pattern[str]], ...] = (
    (
        frozenset("[【「"),
        re.compile(
            rf"{_ENTRY_MARK}[\[【「](?P<name>[^\[\]【】「」:\n]{{3,30}})[\]】」]\s?[:：]?\s?(?P<rest>.*)$", re.DOTALL
        ),
    ),
    (frozenset(":："), re.compile(rf"{_ENTRY_MARK}(?P<name>{_ENTRY_NAME})\s?[:：]\s(?P<rest>.+)$", re.DOTALL)),
    (
        frozenset("("),
        re.compile(rf"{_ENTRY_MARK}(?P<name>{_ENTRY_NAME})\s?\((?P<rest>(?=[^()]*\d)[^()]{{2,60}})\)\W*$"),
    ),
    (frozenset(), re.compile(rf"{_ENTRY_MARK}(?P<name>{_ENTRY_NAME})(?P<rest>)\s*$")),
)
_OWN_COUNT = re.compile(
    r"(?<![\d.,])\d[\d,]{0,5}\s?(?:여\s?)?(?:개\s?(?:[가-힣]{1,4}\s)?(?:과제|사(?!업)|팀|기관|컨소시엄|기업|업체|대학|품목)|과제(?!당)|팀(?!당)"
    r"|명(?=\s?(?:내외|이내|[,·)(]|$)))"
)
_OWN_MONEY = re.compile(
    r"(?:기업|과제|팀|개사|업체|컨소시엄|기관|건|1인)\s?당[^\d\n]{0,16}\d|총\s?(?:사업비|예산|규모)?[^\d\n]{0,4}\d[\d,.]*\s?(?:억|백만|천만)|최대\s?\d[\d,.]*\s?(?:억|백만|천만|만)"
    r"|(?<![\d.,])\d[\d,.]*\s?(?:억|천만|백만)\s?원"
)
_INLINE_ENTRY = re.compile(
    r"(?P<mark>[①-⑳➀-➓❶-❿])\s?(?P<name>[가-힣A-Za-z][^①-⑳➀-➓❶-❿()\n:：]{2,38}?)\s?\((?P<rest>[^()\n]{2,60})\)"
)
# What a list counts or rewards that is no track: kinds of applicants, prizes, places, rounds, fields, terms.
_NO_ENTRY = re.compile(
    r"(?:자|생|인|명|상|등|부|권|단계|차|분야|지역|기업|기관|대학|업체|인원|규모|사항|조건|요건|혜택|특전|우대|가점|금액|한도|비율|예산|서류|방법|일정|절차|평가|문의|제출|접수|기간|대상|목표|효과|실적|구성|참고|기준)$"
    r"|^(?:총|전체|공통|기타|합계|단|예|참고|우대|가점|신청|접수|선정|평가|지원\s?(?:규모|대상|내용|금액|한도|조건)|모집|사업\s?(?:비|기간|예산|규모)|제출|문의)"
)
# A tag that counts tasks or programmes by itself, and the heads and lines of a table that has lost its lines.
_TASK_TAG = re.compile(
    r"[(\[【]?(?:(?:세부|연구|내역)?\s?(?:과제|사업|주제)|[Tt]rack|TRACK|트랙)\s?[\dA-Z①-⑳]{1,2}[)\]】.:：\s]*"
)
_LOST_HEAD = re.compile(r"\W*(?:연번|번호|순번|No\.?)\s.{0,16}(?:과제|품목|주제|RFP)\s?명(?:\s.*|$)")
_LOST_ROW = re.compile(r"\d{1,2}\s(?P<name>[가-힣A-Za-z].{6,100}?)\s(?=[’'‘`(약총최]{0,2}\d)")
_MONEY_CELL = re.compile(r"\d\s?(?:억|백만|천만)|^[\d,.]{1,9}$")
_FEWEST_LETTERS, _ENTRY_REACH, _DEEPEST_HEAD = 4, 16, 4


def find(doc: Doc) -> tuple[list[Span], list[Span]]:
    """Return the names of the tracks of a call, and candidates that only count if they are named again.

    A track is an entry of a table or list with a number of awards, a designated task, or a numbered heading with the
    labels of a call below it. Candidates are names in brackets after a mark, next to others like them, and entries of
    a column of names. A name may be returned several times.
    """
    blocks = [block for block in doc.layout.blocks[:_MOST_BLOCKS] if block.is_fact]
    tracks = [*_tasks(doc, blocks), *_counted_rows(doc, blocks), *_counted_lines(doc, blocks), *_headings(doc)]
    tracks += [*_counted_columns(doc, blocks), *_entries(doc, blocks), *_inline_entries(doc, blocks)]
    tracks += [*_tagged_rows(doc, blocks), *_lost_rows(doc, blocks), *_repeated_lines(doc, blocks)]
    possible = [*_in_columns(doc, blocks), *_in_brackets(doc, blocks)]
    return [_named(span) for span in tracks[:_MOST]], [_named(span) for span in possible[:_MOST]]


def _named(span: Span) -> Span:
    """Return a name without what stands before it."""
    before = _BEFORE_NAME.match(span.text)
    return Span(span.start + before.end(), span.end, span.text[before.end() :]) if before else span


def _in_columns(doc: Doc, blocks: list[Block]) -> Iterator[Span]:
    """Yield the entries of columns of names that end like names of tracks."""
    for block in blocks:
        is_name = block.column and not block.label and _NAME_COLUMN.search(block.column)
        if is_name and 5 <= len(block.text) <= _LONGEST_NAME and _ends_like_track(block.text):
            yield doc.span(block.start, block.end)


def _tasks(doc: Doc, blocks: list[Block]) -> Iterator[Span]:
    """Yield the entries of columns of tasks, except tables of results, which also name the winners."""
    for row in _rows(doc, blocks):
        if any(_WINNER_COLUMN.search(cell.column) and not _ANYBODY.fullmatch(cell.text) for cell in row):
            continue
        for column, parts in groupby(row, key=lambda cell: cell.column):
            is_numbered = column == _TASK and _NUMBER.fullmatch(row[0].text)
            if is_numbered or _TASK_COLUMN.fullmatch(column):
                yield from _task(doc, list(parts))


def _task(doc: Doc, parts: list[Block]) -> Iterator[Span]:
    """Yield the task that a cell names, whose lines are blocks of their own."""
    name = " ".join(part.text for part in parts)
    is_name = " " in name and not any(part.label for part in parts) and not _NO_HEADING.search(name)
    if is_name and _SHORTEST_TASK <= len(name) <= _LONGEST_TASK and doc.is_fact_of_call(parts[0].start):
        yield Span(parts[0].start, parts[-1].end, name)


def _rows(doc: Doc, blocks: list[Block]) -> Iterator[list[Block]]:
    """Yield the cells of each table row below the headers, be they on one line or, their lines lost, one to a line."""
    row, line = list[Block](), -1
    for block in blocks:
        if not block.column:
            continue
        start = doc.text.rfind("\n", 0, block.start)
        is_same_line = start == line and doc.text.startswith("|", start + 1)
        is_below = bool(block.row) and not doc.text.startswith("|", start + 1)
        if row and not (is_same_line or (is_below and block.column != row[0].column)):
            yield row
            row = []
        row.append(block)
        line = start
    if row:
        yield row


def _in_brackets(doc: Doc, blocks: list[Block]) -> Iterator[Span]:
    """Yield names in brackets after a mark, at least two on one level; siblings need not end like a track."""
    by_mark: list[tuple[int, Block, Span, bool]] = []
    for number, block in enumerate(blocks):
        match = _BRACKETED.match(block.text) if not block.label else None
        if match and not _NO_TRACK.search(match[1]):
            span = doc.span(block.start + match.start(1), block.start + match.end(1))
            by_mark.append((number, block, span, _ends_like_track(match[1])))
    often = Counter(block.rank for _, block, _, ends in by_mark if ends)
    # Neighbours: each stands on the line below the one before.
    for _, run in groupby(enumerate(by_mark), key=lambda entry: (entry[1][0] - entry[0], entry[1][1].rank)):
        siblings = [entry for _, entry in run]
        named = sum(ends for *_, ends in siblings)
        for _, block, span, ends in siblings:
            if often[block.rank] > 1 and (ends or 2 * named >= len(siblings) > 2):
                yield span


def _ends_like_track(name: str) -> bool:
    return bool(re.search(rf"(?:{patterns('programmes')['track'].pattern})(?:\([^)]{{1,14}}\))?$", name))


def _counted_rows(doc: Doc, blocks: list[Block]) -> Iterator[Span]:
    """Yield the names in table rows with a number of awards, if a table has at least two."""
    by_table: dict[str, list[Span]] = {}
    for row in _rows(doc, blocks):
        kind = row[0]
        counts = [cell for cell in row[1:] if _AWARDS_COLUMN.fullmatch(cell.column) and _AWARDS.search(cell.text)]
        is_kind = _KIND_COLUMN.fullmatch(kind.column) and 3 <= len(kind.text) <= _LONGEST_NAME
        is_none = _NO_KIND.search(kind.text) or _is_place(doc, kind)
        if counts and is_kind and not is_none and doc.is_fact_of_call(kind.start):
            heads = f"{kind.column}|{counts[0].column}"
            by_table.setdefault(heads, []).append(doc.span(kind.start, kind.end))
    for spans in by_table.values():
        yield from _if_several(spans)


def _counted_columns(doc: Doc, blocks: list[Block]) -> Iterator[Span]:
    """Yield the heads of columns with a number of awards each, in a row headed so: a table of tracks on its side."""
    heads: dict[str, Block] = {}
    for is_below_heads, run in groupby(blocks, key=lambda block: bool(block.column)):
        if not is_below_heads:
            heads = {block.text: block for block in run}
            continue
        for label, *cells in _rows(doc, list(run)):
            if _AWARDS_COLUMN.fullmatch(label.text) and all(_AWARDS.search(cell.text) for cell in cells):
                names = [heads[cell.column] for cell in cells if cell.column in heads]
                if len(names) == len(cells) and all(_is_head_of_track(doc, name) for name in names):
                    yield from _if_several([doc.span(name.start, name.end) for name in names])


def _is_head_of_track(doc: Doc, head: Block) -> bool:
    if not _SHORTEST_HEAD <= len(head.text) <= _LONGEST_NAME or _NO_KIND.search(head.text) or classify(head.text):
        return False
    return doc.is_fact_of_call(head.start) and not _is_place(doc, head)


def _is_place(doc: Doc, cell: Block) -> bool:
    """Return whether a cell names a place and nothing else."""
    places = (place for place in doc.place_names if place.start == cell.start)
    return any(_END_OF_PLACE.fullmatch(doc.text, place.end, cell.end) for place in places)


def _counted_lines(doc: Doc, blocks: list[Block]) -> Iterator[Span]:
    """Yield the names before the number of awards on lines of a list, at least two on one level."""
    spans_by_rank: dict[int, list[Span]] = {}
    for block in blocks:
        match = _LINE_AWARDS.match(block.text) if not block.column and not block.label else None
        if match and not _NO_LINE.search(match[1]) and doc.is_fact_of_call(block.start):
            span = doc.span(block.start + match.start(1), block.start + match.end(1))
            spans_by_rank.setdefault(block.rank, []).append(span)
    for spans in spans_by_rank.values():
        yield from _if_several(spans)


class _Entry(NamedTuple):
    """An entry of a list that may be a track: its name, its form, its tag, and what is said of it."""

    name: Span
    form: int
    tag: str
    description: str


def _entries(doc: Doc, blocks: list[Block]) -> Iterator[Span]:
    """Yield the names of consecutive entries of one form, most of which say their own number of awards.

    Entries that say only their own money count if each has a tag or number of its own; those that a tag counts as
    tasks or programmes (과제 1, 내역사업 2) do whatever they say.
    """
    runs: dict[int, list[_Entry]] = {}
    for number, block in enumerate(blocks):
        for depth in [depth for depth in runs if depth != block.rank and not _is_below(block, depth, runs[depth])]:
            yield from _awarded(runs.pop(depth))
        entry, run = _entry_at(doc, blocks, number), runs.get(block.rank, [])
        if entry and run and entry.form == run[-1].form and bool(entry.tag) == bool(run[-1].tag):
            run.append(entry)
            continue
        yield from _awarded(run)
        runs[block.rank] = [entry] if entry else []
    for run in runs.values():
        yield from _awarded(run)


def _is_below(block: Block, depth: int, run: list[_Entry]) -> bool:
    """Return whether a block goes on with what an entry at this depth says; a tag heads whatever is counted below."""
    highest = 1 if run and _TASK_TAG.fullmatch(run[0].tag) else _DEEPEST_HEAD
    return block.rank > depth or (depth == PLAIN and highest < block.rank < PLAIN)


def _entry_at(doc: Doc, blocks: list[Block], number: int) -> _Entry | None:
    block = blocks[number]
    if block.column or block.label:
        return None
    for form, (needed, pattern) in enumerate(_ENTRIES):
        if needed and needed.isdisjoint(block.text):
            continue
        match = pattern.match(block.text)
        if not match or _TASK_TAG.fullmatch(match["name"]):
            continue
        name, tag = match["name"].strip(), match["tag"].strip()
        if not _is_entry_name(name) or (block.rank == PLAIN and not tag and form):
            return None
        if not doc.is_fact_of_call(block.start):
            return None
        start = block.start + match.start("name")
        entry = _Entry(doc.span(start, start + len(match["name"])), form, tag, match["rest"])
        description = [match["rest"]]
        for below in blocks[number + 1 : number + _ENTRY_REACH]:
            if not _is_below(below, block.rank, [entry]):
                break
            description.append(below.text)
        return entry._replace(description="\n".join(description))
    return None


def _is_entry_name(name: str) -> bool:
    """Return whether a name is long enough and ends, or is worded, like that of a track."""
    if len(re.sub(r"\s", "", name)) < _FEWEST_LETTERS or _NO_ENTRY.search(name) or _NO_KIND.search(name):
        return False
    words = patterns("programmes")
    if classify(name) or _NO_HEADING.search(name) or words["not"].search(name):
        return False
    return bool(words["field"].search(name) or _ending_in_head().search(name))


@cache
def _ending_in_head() -> re.Pattern[str]:
    return re.compile(f"(?:{patterns('programmes')['heads'].pattern})$")


def _awarded(run: list[_Entry]) -> list[Span]:
    """Return the names of a run of entries that have awards of their own."""
    counted = [entry.name for entry in run if _OWN_COUNT.search(entry.description)]
    funded = [entry.name for entry in run if entry.tag and _OWN_MONEY.search(entry.description)]
    tagged = [entry.name for entry in run if _TASK_TAG.fullmatch(entry.tag)]
    numbered = [name for name in tagged if len(name.text) >= _SHORTEST_TASK]
    if len(numbered) > 1:
        return numbered
    for names in (counted, funded):
        if len(names) > 1 and 3 * len(names) >= 2 * len(run):
            return [entry.name for entry in run if entry.name in counted or entry.name in funded]
    return []


def _tagged_rows(doc: Doc, blocks: list[Block]) -> Iterator[Span]:
    """Yield the names of table rows that are counted as tasks or tracks: |과제1|A|, |트랙1. A|…|20억원|."""
    spans: list[Span] = []
    for row in _rows(doc, blocks):
        first = row[0]
        tag = _TASK_TAG.match(first.text)
        if tag and first.text[tag.end() :] and any(_MONEY_CELL.search(cell.text) for cell in row[1:]):
            name = doc.span(first.start + tag.end(), first.end)
            spans += [name] if _is_entry_name(name.text) else []
    for block in blocks:
        if not block.column and block.row and _TASK_TAG.fullmatch(block.row) and _is_entry_name(block.text):
            spans.append(doc.span(block.start, block.end))
    yield from _if_several([span for span in spans if doc.is_fact_of_call(span.start)])


def _lost_rows(doc: Doc, blocks: list[Block]) -> Iterator[Span]:
    """Yield the names of tasks on counted lines below the heads of a table that has lost its lines."""
    spans: list[Span] = []
    is_table = False
    for block in blocks:
        if _LOST_HEAD.fullmatch(block.text) and not block.column:
            is_table = True
            continue
        row = _LOST_ROW.match(block.text) if is_table else None
        is_table = bool(row)
        if row and doc.is_fact_of_call(block.start):
            spans.append(doc.span(block.start + row.start("name"), block.start + row.end("name")))
    yield from _if_several(spans)


def _repeated_lines(doc: Doc, blocks: list[Block]) -> Iterator[Span]:
    """Yield the names on a line of their own that stand twice: counted in a table without its lines, and as heads.

    The second one has a mark or stands in brackets, as that of at least one other does.
    """
    first: dict[str, Span] = {}
    headed: dict[tuple[int, bool], dict[str, Span]] = {}
    for before, block in pairwise(blocks):
        match = _WHOLE_LINE.fullmatch(block.text) if not block.label else None
        if not match or not _is_entry_name(match["name"]) or not doc.is_fact_of_call(block.start):
            continue
        name = "".join(match["name"].split())
        if name in first and match.start("name") and not block.column:
            level = block.rank, match.group().rstrip().endswith(("】", "]"))
            headed.setdefault(level, {}).setdefault(name, first[name])
        if match["count"] or re.fullmatch(_COUNTS, before.text):
            first.setdefault(name, doc.span(block.start + match.start("name"), block.start + match.end("name")))
    for spans in headed.values():
        yield from _if_several(list(spans.values()))


def _inline_entries(doc: Doc, blocks: list[Block]) -> Iterator[Span]:
    """Yield the names of a list within one line: ① A(5개사) ② B(3개사)."""
    for block in blocks:
        entries = [m for m in _INLINE_ENTRY.finditer(block.text) if _is_entry_name(m["name"])]
        counted = [m for m in entries if _OWN_COUNT.search(m["rest"])]
        if len(counted) > 1 and doc.is_fact_of_call(block.start):
            yield from (doc.span(block.start + m.start("name"), block.start + m.end("name")) for m in entries)


def _if_several(spans: list[Span]) -> list[Span]:
    """Return the names, none if there is only one: what has one part has no tracks."""
    return spans if len(spans) > 1 else []


def _headings(doc: Doc) -> Iterator[Span]:
    """Yield consecutively numbered headings with labels of a call below each."""
    run: list[tuple[int, Span]] = []
    blocks = doc.layout.blocks[:_MOST_BLOCKS]
    for number, block in enumerate(blocks):
        match = _COUNTED.fullmatch(block.text) if not block.column and not block.label else None
        if not match or _NO_HEADING.search(match["name"]) or not _explains(blocks, number):
            continue
        span = doc.span(block.start + match.start("name"), block.start + match.end("name"))
        order = _order(match["mark"])
        if not run or order != run[-1][0] + 1:
            yield from _if_several([span for _, span in run])
            run = []
            if order != 1:
                continue
        run.append((order, span))
    yield from _if_several([span for _, span in run])


def _explains(blocks: list[Block], number: int) -> bool:
    """Return whether at least two labels of a call are below a heading, before the next one."""
    labels = set[str]()
    mark = _kind_of_mark(blocks[number].text)
    for block in blocks[number + 1 : number + 25]:
        if block.label in _OWN_LABELS:
            labels.add(block.label)
        if len(labels) >= _FEWEST_LABELS:
            return True
        if mark and not block.column and _kind_of_mark(block.text) == mark:
            return False
    return False


def _kind_of_mark(text: str) -> str:
    match = _COUNTED.match(text)
    if not match:
        return ""
    return next((run for run in _RUNS if match["mark"][0] in run), "1")


def _order(mark: str) -> int:
    digits = re.sub(r"\D", "", mark) if mark.isascii() else ""
    run = next((run for run in _RUNS if mark[0] in run), "")
    return int(digits) if digits else run.find(mark[0]) + 1
