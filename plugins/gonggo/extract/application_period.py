"""The application period of a call."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

from gonggo import changed_dates as changes
from gonggo.extract import published
from gonggo.extract.doc import Doc, Span
from gonggo.extract.layout import Block, Item
from gonggo.extract.record_types import Application, Fact, SupersededDay
from gonggo.korean_dates import DateMention, hours, relative, roll_over_year, scan

_EXHAUSTED = re.compile(
    r"(?:예산|자금|사업비|재원|지원금|모집\s?인원|물량)\s?(?:한도|범위|액)?(?:의|이|을)?\s?(?:조기|모두|전액)?\s?소진\s?(?:시"
    r"|될\s?때|할\s?때|때|까지|일\s?까지)|선착순\s?마감"
)
_ALWAYS = re.compile(r"상시|수시\s?(?:접수|모집)|연중|수시")
# What may stand between an arrow and the words that took the place of a last day.
_TO_WORDS = re.compile(r"[\s~∼～〜()\[\]:：,.※]|변경|정정|연장|부터|접수|신청|모집|기간|까지|후")
_UNTIL = re.compile(r"까지|마감")
# A last month: ~ ’26년 9월까지.
_UNTIL_MONTH = re.compile(r"(?<!\d)(?P<year>(?:20)?\d{2})\s?[년./]\s?(?P<month>1[0-2]|0?[1-9])(?:월|\.)?\s?말?\s?까지")
# What goes on with the last day of the line above it, in a text whose lines are cut at a width.
_GOES_ON_BELOW = re.compile(r"\n(?=(?:까지|부터)\s)")
# A day with this behind it begins a window, whatever is said of its end.
_SINCE = re.compile(r"[)\s]{0,2}(?:로?부터|[~∼～〜])")
_APPLY = re.compile(r"접수|신청|모집|공모|제출|응모|지원서|참가")
_NOT_APPLY = re.compile(r"설명회|발표|평가|협약|개최|시상|결과|진행된|열린|운영한|교육은|행사")
_PROSE_UNTIL = re.compile(r"까지|부터|마감")
# A label within a line, after a sentence or another item, or the subject of a sentence: 접수기간은 …
_WITHIN = re.compile(
    r"(?:(?<=[.!?,/(;|·\[【□■○●◦◯▪•❍–-])\s{0,3}|^|(?<=[가-힣)]\s))(?:(?P<old>당초|기존|종전)\s?|(?:사업|참여기업|참가)\s?)?"
    r"(?:접수|신청|모집|공모|응모|참가)\s?(?:(?:및|·)\s?(?:접수|신청)\s?)?(?:(?:기간|기한|마감일?|일시|일정)|(?=\s?[:：]\s?(?:(?:20\d{2}|[’'‘]\d{2})\s?[년./-]\s?\d|\d{1,2}[./]\s?\d{1,2}\.?\s?(?:\([월화수목금토일]\)\s?)?[~∼～])))"
    r"(?:\s?[\])】]?\s?[:：]\s?|[\])】]\s?|[은는]\s|\s(?=[’'‘]?\d))"
)
# Such a label as the whole head of a marked line is that of one of several tracks.
_OF_TRACK = re.compile(r"[-–·•ㆍ*○ㅇ□■▪]\s{0,2}(?:접수|신청|모집|공모)(?:\s?기간)?\s?[:：]")
# A label of what else may be applied for.
_OTHER = re.compile(
    r"(?:이의|변경|취소|포기|철회|환불|보완|정산|재심의?|반납|면제|숙박|휴학|수료|주차)\s?신청|(?:이의|보완|수정|정산)\s?(?:서류\s?)?(?:접수|제기)"
)
_OTHER_NEAR = 8
# Words for applying alone, as the head of a line or above lines: 접수 8. 18. ~ 9. 12., or 4. 신청·접수.
_APPLYING = (
    r"(?:(?:온라인|인터넷|전산|시스템|원서|참가|참여|사업|과제|교육|지원)\s?)?(?:신청|접수|모집|공모|응모)"
    r"(?:\s?(?:및|[·ㆍ,/])?\s?(?:신청|접수|모집|제출))?(?:\s?(?:서류|안내|방법|절차|기간|일정|기한))?"
    r"(?:\s?(?:및|[·ㆍ,/])\s?(?:신청|접수|제출)?\s?(?:방법|절차|기간|서류))?"
)
_HEAD_MARK = r"[\s\W]{0,5}(?:(?:\d{1,2}|[가-하Ⅰ-Ⅹ])[.)]?(?!\d)\s{0,2}\W{0,2})?"
_HEADED_LINE = re.compile(rf"{_HEAD_MARK}{_APPLYING}\s?(?:[:：\])】]\s?[:：]?\s?|\s)(?=[’'‘]?\d)")
_HEADING = re.compile(rf"{_HEAD_MARK}{_APPLYING}\s?[:：\])】]?\s{{0,2}}$")
# What may stand before the days on a line below such a heading: a label, for whom they are, or nothing.
_LEAD = re.compile(r"[^\d]{0,24}$")
_LEAD_OF_OTHERS = re.compile(
    r"설명회|발표|평가|심사|협약|개최|시상|결과|교육\s?(?:기간|일)|사업\s?기간|수행|운영|이용|선정|면접|인터뷰|제외|보완|이의|기준|작성|발급|확인|승인"
)
_RANGE_OR_END = re.compile(r"[)\s\d:시분정오후전자정.,까]{0,14}(?:[~∼～〜]|까지|부터)")
_BELOW_HEADING = 14
# The subject of a sentence whose days follow: 신청은 2월 16일부터.
_APPLYING_IS = re.compile(
    r"(?<![가-힣])(?:신청|접수|모집|공모|원서\s?접수|참가\s?신청)(?:\s?(?:기간|기한|마감))?[은는]\s(?:오는\s|이달\s|지난\s|온라인으로\s)?$"
)
_FROM_THEN_ON = re.compile(
    r"[)\s\d:시분오후전]{0,8}부터\s(?:[가-힣A-Za-z]{1,12}\s?(?:에서|으로|로|을\s통해)\s)?(?:참여\s?(?:기업|기관)|교육생|참가자|신청서?|지원서)?(?:[을를]\s)?"
    r"(?:접수|모집|신청)(?:[을를]?\s?(?:받|시작|진행|한다|할|하며|했|에\s들어)|이\s시작)"
)
# What a sentence says of the day that it begins with: 5월 2일부터 … 참여 기업의 신청을 받는다, … 교육생을 모집한다.
# Where another clause ends in between, the day is that clause's: 5월 2일부터 버스를 운행하며 기사를 모집한다.
_SAME_CLAUSE = r"(?:(?![가-힣](?:(?:며|지만|으나|는데)[,\s]|고(?:,|\s있(?:고|으|는))))[^\n.]){0,140}?"
_RECEIVES = re.compile(
    rf"[)\s\d:시분오후전]{{0,8}}부터\s{_SAME_CLAUSE}(?:신청|접수|참가|원서|제안서)(?:서)?[을를]?\s?(?:받|시작한|시작했)"
    rf"|[)\s\d:시분오후전]{{0,8}}부터\s{_SAME_CLAUSE}(?:모집|공모)(?:[을를]\s?(?:시작|진행)|에\s(?:나섰|나선|들어)|한다|하기로|합니다)"
)
# The days in brackets after the word for applying: 공모(3. 4.~4. 9.)를 통해; or after a length: 2주간(~9. 16.).
_DAYS_IN_BRACKETS = re.compile(
    r"(?:모집|공모|접수|신청)(?:\s?기간)?\s?\((?=[’'‘]?\d)(?P<days>[^()\n]{4,40}[~∼～][^()\n]{2,24}(?:\([월화수목금토일]\))?)\)"
)
_UNTIL_IN_BRACKETS = re.compile(r"[(（]\s?[~∼～]\s?$")
_TO_DAY = re.compile(r"[)\s\d:시분오후전]{0,12}까지")
_SINCE_DAY = re.compile(r"[)\s\d:시분오후전]{0,8}부터\s")
_OF_PAPERS = re.compile(r"서류|제출|우편|보완|원본")
_ALSO_BELOW = 3
_VALUE = 220
# A range cut in two by a lost table: its second half begins the next line.
_TILDE = re.compile(r"\s*[~∼～]")
_TILDE_BEFORE = re.compile(r"[~∼～]\s{0,3}$")
_GOES_ON = 40
_CLOCK_NEAR = 14
_ROUND_NAME = 24
# Words that say that it is the beginning which was moved, and how near words stand to the change they speak of.
_OPENING = re.compile(r"(?:접수|신청|모집|공모)\s?(?:시작|개시)")
_CHANGE_NEAR = 40
# A sentence is not longer; what is was no sentence.
_SENTENCE = 600
# Several rounds of one call: 1차 … 2차 …, 1분기 … 2분기 …
_ROUND_NUMBER = r"제?\s?[1-9]\s?(?:차|회차?|기|분기|라운드)|[일이삼사]\s?차|(?:상|하)반기|첫째|둘째|셋째"
_OF_ROUND = re.compile(_ROUND_NUMBER)
_SPACE = re.compile(r"[\s제]")
_ROUND = re.compile(
    rf"(?P<name>{_ROUND_NUMBER})"
    r"\s?(?:접수|모집|신청|공모)?\s?(?:기간|마감)?[\s|:：)\]>】(~∼～-]{0,5}$"
)
_LENGTH = (
    r"(?:(?P<n>\d{1,3}|[한두세네]|일(?=주일))\s?(?P<u>일|주일?|개월|달)|(?P<days>열흘|보름))"
    r"(?![가-힣]*\s?[차째])(?!\s?까지)(?!(?:간|동안|이내)?\s?[(（]?\s?(?:영업|근무)일)"
)
_FROM_DAY = re.compile(rf"[)\s]{{0,2}}(?:(?P<notice>로부터)|부터|[~∼～(（])\s?{_LENGTH}\s?(?:간|동안|이내)?")
_FROM_NOTICE = re.compile(
    rf"(?P<day>공고\s?(?:게시)?\s?일|게시\s?일|공고)\s?(?:다음\s?날|익일)?\s?(?:로?부터|이?후|[~∼～])\s?{_LENGTH}\s?(?:간|동안|이내)?"
)
_SINCE_NOTICE = re.compile(r"(공고\s?(?:게시)?\s?일|게시\s?일)\s?(?:로?부터|[~∼～])\s{0,2}[~∼～]?\s{0,2}$")
_COUNT_WORDS = {"한": 1, "일": 1, "두": 2, "세": 3, "네": 4, "열흘": 10, "보름": 15}
_STARTS, _ENDS = re.compile(r"시작|개시"), re.compile(r"종료|마감|기한")
# A window without a year that ended so long before the notice is of the next year; one so far ahead of the last.
_PAST, _AHEAD = timedelta(days=180), timedelta(days=300)
_LISTED_LATE = timedelta(days=60)
_End = Fact[str] | None


@dataclass(frozen=True)
class _DateContext:
    """The days by which a date without a year, or one counted from the day of the notice, is resolved."""

    year: int | None
    published: date | None
    is_call: bool
    notice: date | None = None

    def scan(self, text: str) -> list[DateMention]:
        """Find the dates of a text; one without a year takes the year closest to the day of the notice."""
        hits = list(scan(text, self.year))
        if not self.published or self.year is None or not hits or any(hit.has_year for hit in hits[:2]):
            return hits
        ends = _cut(text, hits)
        last = date.fromisoformat(roll_over_year(ends[0].value, ends[-1].value)[:10])
        if self.is_call and last < self.published - _PAST:
            return list(scan(text, self.year + 1))
        return list(scan(text, self.year - 1)) if last > self.published + _AHEAD else hits


class _Statement(NamedTuple):
    """A statement of a text about the application period, under a label; ``before`` has the former ends it mentions."""

    opens: _End
    closes: _End
    state: changes.State = "plain"
    before: tuple[SupersededDay, ...] = ()
    round: str = ""
    label: str = ""


class _Round(NamedTuple):
    """A round of a call within a value: its name and where that begins, its dates, and whether they are former."""

    name: str
    begins: int
    run: changes.DateSpan
    state: changes.State


class Period(NamedTuple):
    """The application period, and its former ends if the text says that it was changed."""

    application: Application
    superseded: list[SupersededDay]


def find(doc: Doc, published: str | None, *, is_call: bool = True) -> Period:
    """Return the application period and its former ends.

    The period of reception has precedence over that of the notice, and a changed period over the former one. Of several
    tracks the earliest opening and the latest closing count. ``is_call`` says that the text is a call, whose period is
    in the future.
    """
    day = date.fromisoformat(published[:10]) if published else None
    context = _DateContext(day.year if day else doc.year, day, is_call, _notice_day(doc, day))
    labelled = _moved(doc, context, _labelled(doc, "window", context))
    opened, closed, before = labelled.opens, labelled.closes, list(labelled.before)
    if not closed and not opened:
        opened, closed, *_ = _below_headings(doc, context)
    if not closed and not opened:
        within = _within(doc, context)
        opened, closed, before = within.opens, within.closes, [*before, *within.before]
    if not closed:
        prose = _prose(doc, context)
        opened, closed = opened or prose[0], closed or prose[1]
    if not opened or not closed:
        notice = _labelled(doc, "notice_period", context)
        opened, closed = opened or notice.opens, closed or notice.closes
        before += notice.before
    return Period(Application(opened, closed), _superseded(before, opened, closed))


def _notice_day(doc: Doc, day: date | None) -> date | None:
    """Return the day from which durations are counted: the day of signing, else the day of publication."""
    signing_day = published.signed_on(doc)
    signed = date.fromisoformat(signing_day) if signing_day else None
    return signed if signed and (day is None or abs(signed - day) <= _LISTED_LATE) else day


def _superseded(before: list[SupersededDay], opened: _End, closed: _End) -> list[SupersededDay]:
    """Return each former end once, with the end that replaced it."""
    by_value: dict[tuple[str, str], SupersededDay] = {}
    for entry in before:
        current = opened if entry.field == "opens_at" else closed
        if current is None or current.value != entry.value:
            by_value.setdefault((entry.field, entry.value), replace(entry, instead=current.value if current else None))
    return list(by_value.values())


def _labelled(doc: Doc, label: str, context: _DateContext) -> _Statement:
    """Return the earliest opening and the latest closing under labels; of a changed period the new ends."""
    statements = list(_all_labelled(doc, label, context))
    rounds = {statement.round for statement in statements if statement.round}
    if len(rounds) < 2:
        return _settled(statements)
    by_round = [
        _settled([statement for statement in statements if statement.round == name])
        for name in sorted({statement.round for statement in statements})
    ]
    return _combined(by_round, [_original(statement) for statement in by_round])


def _settled(statements: list[_Statement]) -> _Statement:
    """Merge all statements about a period into one."""
    is_renamed = any(statement.state == "new" for statement in statements)
    current = [statement for statement in statements if statement.state == "new"] or [
        statement for statement in statements if statement.state == "plain"
    ]
    former = [
        statement for statement in statements if statement.state == "old" or (is_renamed and statement.state == "plain")
    ]
    before = [entry for statement in statements for entry in statement.before] + [
        entry for statement in former for entry in _ends(statement)
    ]
    closed = _latest(current, before) or (_latest(former, []) if current else None)
    opened = _earliest(current, before) or (_earliest(former, []) if current else None)
    return _Statement(opened, closed, before=tuple(before))


def _ends(statement: _Statement) -> Iterator[SupersededDay]:
    for name, fact in (("opens_at", statement.opens), ("closes_at", statement.closes)):
        if fact:
            yield _former(name, fact)


def _former(field: str, fact: Fact[str]) -> SupersededDay:
    return SupersededDay(field, fact.value, fact.evidence)


def _earliest(statements: list[_Statement], before: list[SupersededDay]) -> _End:
    opens = _not_superseded([statement.opens for statement in statements if statement.opens], "opens_at", before)
    return min(opens, key=lambda fact: fact.value[:10], default=None)


def _latest(statements: list[_Statement], before: list[SupersededDay]) -> _End:
    closes = _not_superseded([statement.closes for statement in statements if statement.closes], "closes_at", before)
    words = [fact for fact in closes if not fact.value[0].isdigit()]
    dated = [fact for fact in closes if fact.value[0].isdigit()]
    # Where most tracks, or one beside others, take applications until their money is gone, the call is open as long.
    endless = [statement for statement in statements if statement.opens and statement.closes in words]
    beside = {statement.label for statement in statements if statement.closes in dated}
    exhausted = [one for one in endless if one.label in beside and one.closes and one.closes.value == "until_exhausted"]
    if exhausted or len(endless) > max(len(dated), 1):
        return (exhausted or endless)[0].closes
    return max(dated, key=lambda fact: fact.value[:10], default=None) or (words[0] if words else None)


def _not_superseded(facts: list[Fact[str]], name: str, before: list[SupersededDay]) -> list[Fact[str]]:
    """Drop the facts that another statement supersedes; keep all where that would leave none."""
    superseded = {entry.value for entry in before if entry.field == name}
    return [fact for fact in facts if fact.value not in superseded] or facts


def _all_labelled(doc: Doc, label: str, context: _DateContext) -> Iterator[_Statement]:
    for item in doc.layout.named(label):
        block = doc.layout.at(item.start)
        if (block and {"exclusion", "example", "annex", "briefing"} & set(block.sections)) or _OTHER.search(
            item.label_text
        ):
            continue
        end = item.end + _GOES_ON if _TILDE.match(doc.text, item.end) else item.end
        opens = bool(_STARTS.search(item.label_text)) and not _ENDS.search(item.label_text)
        limit = _before_signing(doc, item.start, item.start + _VALUE)
        statement = _read(doc, doc.span(item.start, min(end, limit)), context, opens=opens)
        if (
            not statement.opens
            and not statement.closes
            and item.end - item.start < 60
            and not doc.layout.heads_table(item.end)
        ):
            # The cells of a lost table: the value stands further below, after other heads.
            statement = _read(doc, doc.span(item.start, min(item.start + _VALUE // 2, limit)), context, opens=opens)
        named = _OF_ROUND.search(item.label_text) or (block and _OF_ROUND.search(block.row))
        state = _state(item, block)
        label_text = item.label_text.strip() or (block.column if block else "")
        yield statement._replace(state=state, round=_SPACE.sub("", named[0]) if named else "", label=label_text)
        if block and statement.closes and not named and state == "plain":
            yield from _of_some_applicants(doc, item, block, context)


def _of_some_applicants(doc: Doc, item: Item, block: Block, context: _DateContext) -> Iterator[_Statement]:
    """Yield the other last days that lines below a period give to some of the applicants: - 지정과제는 6. 19.까지."""
    after = doc.layout.index_at(item.end - 1) + 1
    for below in doc.layout.blocks[after : after + _ALSO_BELOW]:
        if below.rank <= block.rank or below.label or below.column:
            return
        if _UNTIL.search(below.text) and not _OF_PAPERS.search(below.text):
            yield from _begins_with_days(doc, below, below.start, context)


def _before_signing(doc: Doc, start: int, end: int) -> int:
    """Cut a stretch of text before the line on which the notice is signed, whose date is not part of the period."""
    signed = published.signature(doc, start, end)
    return end if signed is None else signed


def _state(item: Item, block: Block | None) -> changes.State:
    """Return whether a value is the former or the new period, by its label or the headers of its cell."""
    by_heads = _state_of_heads(block) if block else "plain"
    return changes.state_of(item.label_text) if by_heads == "plain" else by_heads


def _state_of_heads(block: Block) -> changes.State:
    heads = (block.column, block.row)
    if any(changes.is_old(head) for head in heads):
        return "old"
    return "new" if any(changes.is_new(head) for head in heads) else "plain"


def _read(doc: Doc, near: Span, context: _DateContext, *, opens: bool) -> _Statement:
    """Read a labelled value: a range, an end, a beginning, a length, or words."""
    dates = context.scan(near.text)
    rounds = _read_rounds(doc, near, dates, opens=opens)
    if rounds:
        return rounds
    if open_end := _into_words(doc, near, dates):
        return open_end
    moved = changes.read(near.text, dates, opens=opens)
    if moved:
        return _of_window(doc, moved, near.start)
    hits = _cut(near.text, dates)
    counted = _counted(doc, near, hits, context)
    if counted:
        return counted
    mark = _EXHAUSTED.search(near.text) or (_ALWAYS.search(near.text) if not hits else None)
    if mark and len(hits) == 2 and hits[0].end <= mark.start() and "\n" in near.text[mark.end() : hits[1].start]:
        hits = hits[:1]  # the day on the next line is of something else
    is_end = bool(hits) and bool(_TILDE_BEFORE.search(near.text[: hits[0].start]))
    if mark and len(hits) < 2 and not is_end and (not hits or mark.start() - hits[0].end < 12):
        value = "until_exhausted" if mark.re is _EXHAUSTED else "always"
        return _Statement(_fact(doc, hits[0], near.start) if hits else None, _words(doc, near, mark, value))
    return _of_dates(doc, near, hits, context, opens=opens)


def _into_words(doc: Doc, near: Span, dates: list[DateMention]) -> _Statement | None:
    """Read a period whose last day was replaced by words: 11. 23. ~ 12. 4. → 11. 23. ~ 예산 소진 시까지."""
    arrow = changes.last_arrow(near.text)
    if not arrow:
        return None
    mark = _EXHAUSTED.search(near.text, arrow.end()) or _ALWAYS.search(near.text, arrow.end())
    former = [run for run in changes.date_spans(near.text, dates) if run.end <= arrow.start()]
    if not mark or not former or near.text[former[-1].end : arrow.start()].strip(" .)까지"):
        return None
    day = next((hit for hit in dates if hit.start >= arrow.end()), None)
    begins = day is not None and day.end <= mark.start() and _SINCE.match(near.text, day.end)
    words_between = near.text[arrow.end() : day.start] + near.text[day.end : mark.start()] if day and begins else None
    if _TO_WORDS.sub("", near.text[arrow.end() : mark.start()] if words_between is None else words_between):
        return None
    former_hits = former[-1].dates
    opened = day if begins else former_hits[0] if len(former_hits) == 2 else None
    end = (
        former_hits[-1].value
        if former_hits[-1].has_year
        else roll_over_year(former_hits[0].value, former_hits[-1].value)
    )
    value = "until_exhausted" if mark.re is _EXHAUSTED else "always"
    return _Statement(
        _fact(doc, opened, near.start) if opened else None,
        _words(doc, near, mark, value),
        before=(_former("closes_at", _fact(doc, former_hits[-1], near.start, end)),),
    )


def _of_dates(doc: Doc, near: Span, hits: list[DateMention], context: _DateContext, *, opens: bool) -> _Statement:
    if len(hits) >= 2:
        end = roll_over_year(hits[0].value, hits[1].value) if not hits[1].has_year else hits[1].value
        if _UNTIL.match(near.text[hits[0].end :].lstrip(") ")) and _UNTIL.match(near.text[hits[1].end :].lstrip(") ")):
            # Two last days, as of applicants of two kinds.
            later, value = max((hits[0], hits[0].value), (hits[1], end), key=lambda day: day[1])
            return _Statement(None, _fact(doc, later, near.start, value))
        if end[:10] >= hits[0].value[:10]:
            return _Statement(_fact(doc, hits[0], near.start), _fact(doc, hits[1], near.start, end))
    if hits:
        before, after = near.text[: hits[0].start], near.text[hits[0].end : hits[0].end + 12]
        if not opens and (last := _same_day(near.text, hits[0])):
            return _Statement(_fact(doc, hits[0], near.start), _fact(doc, last, near.start))
        is_end = bool(_TILDE_BEFORE.search(before))
        if opens or (_SINCE.match(near.text, hits[0].end) and not is_end):
            return _Statement(_fact(doc, hits[0], near.start), None)
        if is_end or _UNTIL.search(after) or not re.search(r"[~∼～]", after):
            return _Statement(_since_notice(doc, near, before, context), _fact(doc, hits[0], near.start))
        return _Statement(_fact(doc, hits[0], near.start), None)
    month = None if opens else _UNTIL_MONTH.search(near.text)
    if month:
        year = int(month["year"]) % 100 + 2000
        day = date(year, int(month["month"]), monthrange(year, int(month["month"]))[1])
        span = doc.span(near.start + month.start("year"), near.start + month.end())
        return _Statement(None, Fact(day.isoformat(), span.evidence()))
    return _Statement(None, None)


def _same_day(text: str, begin: DateMention) -> DateMention | None:
    """Return the end of a period within one day: 2026. 12. 4. 10:00 ~ 17:00."""
    joined = _SINCE.match(text, begin.end) if "T" in begin.value else None
    clock = next(hours(text[joined.end() : joined.end() + _CLOCK_NEAR]), None) if joined else None
    if not joined or not clock or text[joined.end() : joined.end() + clock.start].strip():
        return None
    value = begin.value[:10] + clock.value
    return DateMention(joined.end() + clock.start, joined.end() + clock.end, value, begin.has_year)


def _of_window(doc: Doc, window: changes.ChangedPeriod, offset: int) -> _Statement:
    """Return both ends, and the former ends, of a period that was changed, each with its evidence."""

    def fact(edge: changes.Endpoint) -> Fact[str]:
        return Fact(edge.value, doc.span(edge.start + offset, edge.end + offset).evidence())

    return _Statement(
        fact(window.opens) if window.opens else None,
        fact(window.closes) if window.closes else None,
        before=tuple(_former(name, fact(edge)) for name, edge in window.before),
    )


def _read_rounds(doc: Doc, near: Span, dates: list[DateMention], *, opens: bool) -> _Statement | None:
    """Return the earliest opening and the latest closing of the rounds of a call, some of which may be changed."""
    rounds = list(_named_rounds(near.text, changes.date_spans(near.text, dates)))
    if len(rounds) < 2:
        return None
    statements = list[tuple[_Round, _Statement]]()
    for number, round_ in enumerate(rounds):
        last = number + 1 == len(rounds)
        end = len(near.text) if last else rounds[number + 1].begins
        statements.append(
            (round_, _read_round(doc, doc.span(near.start + round_.run.start, near.start + end), near, dates, opens))
        )
    current = [(round_.name, statement) for round_, statement in statements if round_.state == "new"]
    current += [
        (round_.name, statement)
        for round_, statement in statements
        if round_.state == "plain" and round_.name not in {name for name, _ in current}
    ]
    former = {round_.name: statement for round_, statement in statements if round_.state == "old"}
    before = [former.get(name) or _original(statement) for name, statement in current]
    return _combined([statement for _, statement in current], before) if current else None


def _named_rounds(text: str, runs: list[changes.DateSpan]) -> Iterator[_Round]:
    """Yield the rounds that a value names; if one is named twice, words next to it mark the former dates."""
    rounds, behind = list[_Round](), 0
    state: changes.State = "plain"
    for run in runs:
        between = text[behind : run.start]
        near = max(0, len(between) - _ROUND_NAME)
        named = _ROUND.search(between[near:])
        if named:
            name, begins = _SPACE.sub("", named["name"]), behind + near + named.start()
            again = any(round_.name == name for round_ in rounds)
            round_state: changes.State = changes.state_of(between) if again or not rounds else "plain"
            if again and round_state == "plain" and changes.has_arrow(between):
                round_state = "new"
                rounds = [round_._replace(state="old") if round_.state == "plain" else round_ for round_ in rounds]
            if round_state != "plain":
                state, begins = round_state, behind if rounds else begins
            rounds.append(_Round(name, begins, run, state))
        behind = run.end
    if any(round_.state != "plain" for round_ in rounds) and len({round_.name for round_ in rounds}) == len(rounds):
        # Each is named once: a word for a change is about the one it stands at.
        rounds = [round_._replace(state="plain") for round_ in rounds]
    yield from rounds


def _read_round(doc: Doc, own: Span, near: Span, dates: list[DateMention], opens: bool) -> _Statement:
    """Read one round: its present dates and its former ones."""
    shift = own.start - near.start
    hits = [
        hit._replace(start=hit.start - shift, end=hit.end - shift)
        for hit in dates
        if shift <= hit.start and hit.end <= shift + len(own.text)
    ]
    moved = changes.read(own.text, hits, opens=opens)
    if moved:
        return _of_window(doc, moved, own.start)
    first = changes.date_spans(own.text, hits)[0].dates
    end = roll_over_year(first[0].value, first[-1].value) if not first[-1].has_year else first[-1].value
    opened = _fact(doc, first[0], own.start) if len(first) == 2 else None
    return _Statement(opened, _fact(doc, first[-1], own.start, end))


def _original(statement: _Statement) -> _Statement:
    """Return the period as it was before all changes."""
    ends = {entry.field: Fact(entry.value, entry.evidence) for entry in statement.before[::-1]}
    return _Statement(ends.get("opens_at", statement.opens), ends.get("closes_at", statement.closes))


def _combined(current: list[_Statement], before: list[_Statement]) -> _Statement:
    """Return the period from the first of several rounds to the last, with its former ends if a round was changed."""
    window, original = (
        _Statement(_earliest(current, []), _latest(current, [])),
        _Statement(_earliest(before, []), _latest(before, [])),
    )
    return window._replace(
        before=tuple(
            entry
            for entry in _ends(original)
            if (held := window.opens if entry.field == "opens_at" else window.closes) and held.value != entry.value
        )
    )


def _counted(doc: Doc, near: Span, hits: list[DateMention], context: _DateContext) -> _Statement | None:
    """Read a period given as a duration in days, weeks or months from a stated day or the day of the notice.

    Days are counted as in the Civil Act: the day of an event, such as a notice, does not count; a stated first day
    does.
    """
    if hits:
        match = _FROM_DAY.match(near.text, hits[0].end)
        if not match or (len(hits) > 1 and not _is_beside(near.text[match.end() : hits[1].start])):
            return None
        begin = date.fromisoformat(hits[0].value[:10])
        last = _plus_length(begin, match) - timedelta(days=not match["notice"])
        span = doc.span(near.start + hits[0].start, near.start + match.end())
        return _Statement(_fact(doc, hits[0], near.start), Fact(last.isoformat(), span.evidence()))
    match = _FROM_NOTICE.search(near.text)
    if not match or not context.notice:
        return None
    day, span = (doc.span(near.start + match.start(name), near.start + match.end(name)) for name in ("day", 0))
    return _Statement(
        Fact(context.notice.isoformat(), day.evidence()),
        Fact(_plus_length(context.notice, match).isoformat(), span.evidence()),
    )


def _is_beside(between: str) -> bool:
    """Return whether the words after a duration lead to a day of something else, not to the end of the duration."""
    return bool(re.sub(r"[\s(（)）~∼～,/:：=-]|까지|마감|접수|기간", "", between))


def _plus_length(begin: date, length: re.Match[str]) -> date:
    """Return a day plus a duration."""
    if length["days"]:
        return begin + timedelta(days=_COUNT_WORDS[length["days"]])
    count = _COUNT_WORDS.get(length["n"]) or int(length["n"])
    if length["u"] in ("개월", "달"):
        months = begin.year * 12 + begin.month - 1 + count
        year, month = divmod(months, 12)
        return date(year, month + 1, min(begin.day, monthrange(year, month + 1)[1]))
    return begin + timedelta(days=count * (1 if length["u"] == "일" else 7))


def _since_notice(doc: Doc, near: Span, before: str, context: _DateContext) -> _End:
    """Return the day of the notice if the period begins with it: 공고일 ~ 12. 15."""
    match = _SINCE_NOTICE.search(before[-_ROUND_NAME:])
    if not match or not context.notice:
        return None
    start = near.start + max(0, len(before) - _ROUND_NAME) + match.start(1)
    span = doc.span(start, start + len(match[1]))
    return Fact(context.notice.isoformat(), span.evidence())


def _cut(text: str, hits: list[DateMention]) -> list[DateMention]:
    """Return the first date and the one that it is joined to; later dates are about something else."""
    if len(hits) < 2:
        return hits
    between = text[hits[0].end : hits[1].start]
    joined = changes.is_range(between, int(hits[0].value[:4]))
    return hits[:2] if joined else hits[:1]


def _moved(doc: Doc, context: _DateContext, statement: _Statement) -> _Statement:
    """Apply the sentences that say that the period was changed."""
    current = statement
    words = changes.patterns()
    for clause in doc.clauses:
        is_change = words["moved"].search(clause.text) and not words["not_changed"].search(clause.text)
        if not is_change or len(clause.text) > _SENTENCE or not doc.is_fact(clause.start):
            continue
        hits = sorted([*context.scan(clause.text), *_relative(clause.text, context)], key=lambda hit: hit.start)
        if len(list(_named_rounds(clause.text, changes.date_spans(clause.text, hits)))) > 1:
            # Rounds are read where the window is.
            continue
        window = changes.read(clause.text, hits, opens=bool(_OPENING.search(clause.text)), anywhere=True)
        if window and _is_of_applying(doc, clause, window):
            current = _after_change(current, _of_window(doc, window, clause.start))
    return current


def _is_of_applying(doc: Doc, clause: Span, window: changes.ChangedPeriod) -> bool:
    """Return whether the words around a change are about applying, not about later steps.

    A line with nothing but 나. 변경 : … is about the lines above it.
    """
    edges = [edge for edge in (window.opens, window.closes, *(edge for _, edge in window.before)) if edge]
    start, end = min(edge.start for edge in edges), max(edge.end for edge in edges)
    around = clause.text[max(0, start - _CHANGE_NEAR) : end + _CHANGE_NEAR]
    if changes.is_bare(clause.text[:start]):
        around = doc.text[max(0, clause.start - 2 * _CHANGE_NEAR) : clause.start] + around
    return bool(_APPLY.search(around)) and not _NOT_APPLY.search(around)


def _after_change(statement: _Statement, change: _Statement) -> _Statement:
    """Apply a change to a period: to an end that is unknown, or that equals the former end in the change."""
    opens, closes, before = statement.opens, statement.closes, [*statement.before, *change.before]
    for name, new in (("opens_at", change.opens), ("closes_at", change.closes)):
        held = opens if name == "opens_at" else closes
        former_days = [entry.value[:10] for entry in change.before if entry.field == name]
        if new is None or (held and held.value[:10] == new.value[:10] and len(held.value) >= len(new.value)):
            continue
        if (
            held
            and held.value[:10] not in former_days
            and not (not former_days and name == "closes_at" and held.value < new.value)
        ):
            continue
        if held:
            before.append(_former(name, held))
        opens, closes = (new, closes) if name == "opens_at" else (opens, new)
    return _Statement(opens, closes, before=tuple(before))


def _within(doc: Doc, context: _DateContext) -> _Statement:
    """Return the period whose label is in the middle of a line: … 모집합니다. 접수기간: 11. 9. ~ 12. 4.

    The first one counts; if each track has its own line, the period is from the first to the last.
    """
    statements = list[_Statement]()
    for block in doc.layout.blocks:
        if not block.is_fact or "briefing" in block.sections:
            continue
        for label in _WITHIN.finditer(block.text):
            if label["old"] or _OTHER.search(block.text[max(0, label.start() - _OTHER_NEAR) : label.end()]):
                continue
            start = block.start + label.end()
            end = min(block.end, start + _VALUE, _before_signing(doc, start, start + _VALUE))
            statement = _read(doc, doc.span(start, end), context, opens=False)
            if statement.opens or statement.closes:
                statements.append(statement)
                if not _OF_TRACK.match(block.text):
                    return statements[0]
    return _settled(statements) if statements else _Statement(None, None)


def _below_headings(doc: Doc, context: _DateContext) -> _Statement:
    """Return the period on lines, or in cells, that begin with the word for applying alone or stand below it."""
    statements = list[_Statement]()
    for index, block in enumerate(doc.layout.blocks):
        if not block.is_fact or "briefing" in block.sections or not _APPLY.search(block.text):
            continue
        if headed := _HEADED_LINE.match(block.text):
            statements += _begins_with_days(doc, block, block.start + headed.end(), context)
        elif _HEADING.match(block.text):
            for below in doc.layout.blocks[index + 1 : index + 1 + _BELOW_HEADING]:
                if not below.column and below.rank <= block.rank and not below.row:
                    break
                statements += _begins_with_days(doc, below, below.start, context)
    return _settled(statements) if statements else _Statement(None, None)


def _begins_with_days(doc: Doc, block: Block, start: int, context: _DateContext) -> Iterator[_Statement]:
    """Yield what a line says of the period where it begins with days, or with a short label before them."""
    near = doc.span(start, min(block.end, start + _VALUE, _before_signing(doc, start, start + _VALUE)))
    days = context.scan(near.text)
    lead = near.text[: days[0].start] if days else ""
    heads = f"{block.row} {block.column}"
    if not days or not _LEAD.match(lead) or _LEAD_OF_OTHERS.search(lead + heads) or _OTHER.search(lead):
        return
    if _TILDE_BEFORE.search(lead) or _RANGE_OR_END.match(near.text, days[0].end):
        statement = _read(doc, near, context, opens=False)
        yield statement._replace(state=_state_of_heads(block))


def _prose(doc: Doc, context: _DateContext) -> tuple[_End, _End]:
    """Return the period of the first sentence that says when applications are accepted."""
    if in_brackets := _in_brackets(doc, context):
        return in_brackets
    joined = _GOES_ON_BELOW.sub(" ", doc.text)
    begun: _End = None
    for sentence in (doc if joined == doc.text else Doc(doc.id, joined, doc.fields)).clauses:
        if (
            not _APPLY.search(sentence.text)
            or not _PROSE_UNTIL.search(sentence.text)
            or not doc.is_fact(sentence.start)
        ):
            continue
        hits = [*context.scan(sentence.text), *_relative(sentence.text, context)]
        hits.sort(key=lambda hit: hit.start)
        for number, hit in enumerate(hits):
            after = sentence.text[hit.end : hit.end + 60]
            before = hits[number - 1] if number else None
            if before and "부터" not in sentence.text[before.end : hit.start]:
                before = None
            is_subject = _APPLYING_IS.search(sentence.text[: before.start if before else hit.start])
            says_so = is_subject or (_APPLY.search(after) and not _NOT_APPLY.search(after[:30]))
            is_end = _TO_DAY.match(after) or (before and _UNTIL_IN_BRACKETS.search(sentence.text, 0, hit.start))
            since = hits[number - 1].end if number else 0
            is_of_other = _OTHER.search(sentence.text, 0 if before else since, hit.start)
            if is_end and says_so and not is_of_other:
                opened = _fact(doc, before, sentence.start) if before else None
                end = roll_over_year(before.value, hit.value) if opened and before and not hit.has_year else hit.value
                return opened, _fact(doc, hit, sentence.start, end)
            if (
                _FROM_THEN_ON.match(after)
                or _RECEIVES.match(sentence.text, hit.end)
                or (is_subject and _SINCE_DAY.match(after))
            ):
                begun = begun or _fact(doc, hit, sentence.start)
    return begun, None


def _in_brackets(doc: Doc, context: _DateContext) -> tuple[_End, _End] | None:
    """Return the first period that stands in brackets after the word for applying."""
    for match in _DAYS_IN_BRACKETS.finditer(doc.text):
        if doc.is_fact(match.start()) and not _OTHER.search(match.group()):
            period = _read(doc, doc.span(*match.span("days")), context, opens=False)
            if period.opens and period.closes:
                return period.opens, period.closes
    return None


def _relative(text: str, context: _DateContext) -> Iterator[DateMention]:
    if context.published:
        yield from relative(text, context.published)


def _fact(doc: Doc, hit: DateMention, offset: int, value: str | None = None) -> Fact[str]:
    span = doc.span(hit.start + offset, hit.end + offset)
    return Fact(value or hit.value, span.evidence())


def _words(doc: Doc, near: Span, mark: re.Match[str], value: str) -> Fact[str]:
    return Fact(value, doc.span(near.start + mark.start(), near.start + mark.end()).evidence())
