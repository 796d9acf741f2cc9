"""The application window of a call."""

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
# A day with this behind it begins a window, whatever is said of its end.
_SINCE = re.compile(r"[)\s]{0,2}(?:로?부터|[~∼～〜])")
_APPLY = re.compile(r"접수|신청|모집|공모|제출|응모|지원서|참가")
_NOT_APPLY = re.compile(r"설명회|발표|평가|협약|개최|시상|결과|진행된|열린|운영한|교육은|행사")
_PROSE_UNTIL = re.compile(r"까지|부터|마감")
# A label within a line, after a sentence or another item, or the subject of a sentence: 접수기간은 …
_WITHIN = re.compile(
    r"(?:(?<=[.!?,/(;|·\[【□■○●◦◯▪•❍])\s{0,3}|^|(?<=[가-힣)]\s))(?:(?P<old>당초|기존|종전)\s?|(?:사업|참여기업|참가)\s?)?"
    r"(?:접수|신청|모집|공모|응모|참가)\s?(?:(?:및|·)\s?(?:접수|신청)\s?)?(?:(?:기간|기한|마감일?|일시|일정)|(?=\s?[:：]\s?(?:20\d{2}|[’'‘]\d{2})\s?[년./-]\s?\d))"
    r"(?:\s?[\])】]?\s?[:：]\s?|[\])】]\s?|[은는]\s|\s(?=[’'‘]?\d))"
)
# A label of what else may be applied for.
_OTHER = re.compile(
    r"(?:이의|변경|취소|포기|철회|환불|보완|정산|재심의?|반납|면제|숙박|휴학|수료|주차)\s?신청|(?:이의|보완|수정|정산)\s?(?:서류\s?)?(?:접수|제기)"
)
_OTHER_NEAR = 8
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
_ROUND_SAID = r"제?\s?[1-9]\s?(?:차|회차?|기|분기|라운드)|[일이삼사]\s?차|(?:상|하)반기|첫째|둘째|셋째"
_OF_ROUND = re.compile(_ROUND_SAID)
_SPACE = re.compile(r"[\s제]")
_ROUND = re.compile(
    rf"(?P<name>{_ROUND_SAID})"
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
_FEW = {"한": 1, "일": 1, "두": 2, "세": 3, "네": 4, "열흘": 10, "보름": 15}
_STARTS, _ENDS = re.compile(r"시작|개시"), re.compile(r"종료|마감|기한")
# A window without a year that ended so long before the notice is of the next year; one so far ahead of the last.
_PAST, _AHEAD = timedelta(days=180), timedelta(days=300)
_LISTED_LATE = timedelta(days=60)
_End = Fact[str] | None


@dataclass(frozen=True)
class _When:
    """What a date without a year, or one counted from the notice, is reckoned by."""

    year: int | None
    published: date | None
    is_call: bool
    notice: date | None = None

    def scan(self, text: str) -> list[DateMention]:
        """Dates of a text, those without a year in the year that lies about the day of the notice."""
        hits = list(scan(text, self.year))
        if not self.published or self.year is None or not hits or any(hit.has_year for hit in hits[:2]):
            return hits
        ends = _cut(text, hits)
        last = date.fromisoformat(roll_over_year(ends[0].value, ends[-1].value)[:10])
        if self.is_call and last < self.published - _PAST:
            return list(scan(text, self.year + 1))
        return list(scan(text, self.year - 1)) if last > self.published + _AHEAD else hits


class _Said(NamedTuple):
    """What one place of a text says of the window; ``before`` what it says that the window was."""

    opens: _End
    closes: _End
    state: changes.State = "plain"
    before: tuple[SupersededDay, ...] = ()
    round: str = ""


class _Head(NamedTuple):
    """A round of a call in a value: its name, where that begins, its days, and what is said of them."""

    name: str
    begins: int
    run: changes.DateSpan
    state: changes.State


class Period(NamedTuple):
    """The period of application, and the ends that the text says it had before it was moved."""

    application: Application
    superseded: list[SupersededDay]


def find(doc: Doc, published: str | None, *, is_call: bool = True) -> Period:
    """Return the period of application and what it was before.

    The period of reception outweighs that of the notice; of several tracks the earliest opening and the latest closing.
    What a notice says it has moved the window to outweighs what it was. ``is_call`` says that the
    text is a call, with its window ahead.
    """
    day = date.fromisoformat(published[:10]) if published else None
    when = _When(day.year if day else doc.year, day, is_call, _notice_day(doc, day))
    said = _moved(doc, when, _labelled(doc, "window", when))
    opened, closed, before = said.opens, said.closes, list(said.before)
    if not closed and not opened:
        within = _within(doc, when)
        opened, closed, before = within.opens, within.closes, [*before, *within.before]
    if not closed:
        prose = _prose(doc, when)
        opened, closed = opened or prose[0], closed or prose[1]
    if not opened or not closed:
        notice = _labelled(doc, "notice_period", when)
        opened, closed = opened or notice.opens, closed or notice.closes
        before += notice.before
    return Period(Application(opened, closed), _superseded(before, opened, closed))


def _notice_day(doc: Doc, day: date | None) -> date | None:
    """The day that lengths are counted from: of the signing, which a board may list later, else of the page."""
    said = published.signed_on(doc)
    signed = date.fromisoformat(said) if said else None
    return signed if signed and (day is None or abs(signed - day) <= _LISTED_LATE) else day


def _superseded(before: list[SupersededDay], opened: _End, closed: _End) -> list[SupersededDay]:
    """Former ends with what stands instead, each once."""
    out: dict[tuple[str, str], SupersededDay] = {}
    for entry in before:
        now = opened if entry.field == "opens_at" else closed
        if now is None or now.value != entry.value:
            out.setdefault((entry.field, entry.value), replace(entry, instead=now.value if now else None))
    return list(out.values())


def _labelled(doc: Doc, label: str, when: _When) -> _Said:
    """Earliest opening and latest closing under a label; of a window that was moved, where it is now."""
    found = list(_all_labelled(doc, label, when))
    rounds = {said.round for said in found if said.round}
    if len(rounds) < 2:
        return _settled(found)
    each = [_settled([said for said in found if said.round == name]) for name in sorted({said.round for said in found})]
    return _together(each, [_was(said) for said in each])


def _settled(found: list[_Said]) -> _Said:
    """One window of all that is said of it."""
    is_renamed = any(said.state == "new" for said in found)
    now = [said for said in found if said.state == "new"] or [said for said in found if said.state == "plain"]
    old = [said for said in found if said.state == "old" or (is_renamed and said.state == "plain")]
    before = [entry for said in found for entry in said.before] + [entry for said in old for entry in _ends(said)]
    closed = _latest(now, before) or (_latest(old, []) if now else None)
    opened = _earliest(now, before) or (_earliest(old, []) if now else None)
    return _Said(opened, closed, before=tuple(before))


def _ends(said: _Said) -> Iterator[SupersededDay]:
    for name, fact in (("opens_at", said.opens), ("closes_at", said.closes)):
        if fact:
            yield _former(name, fact)


def _former(field: str, fact: Fact[str]) -> SupersededDay:
    return SupersededDay(field, fact.value, fact.evidence)


def _earliest(said: list[_Said], before: list[SupersededDay]) -> _End:
    opens = _standing([one.opens for one in said if one.opens], "opens_at", before)
    return min(opens, key=lambda fact: fact.value[:10], default=None)


def _latest(said: list[_Said], before: list[SupersededDay]) -> _End:
    closes = _standing([one.closes for one in said if one.closes], "closes_at", before)
    words = [fact for fact in closes if not fact.value[0].isdigit()]
    dated = [fact for fact in closes if fact.value[0].isdigit()]
    return max(dated, key=lambda fact: fact.value[:10], default=None) or (words[0] if words else None)


def _standing(facts: list[Fact[str]], name: str, before: list[SupersededDay]) -> list[Fact[str]]:
    """Facts without those that another place of the text says are no longer so; all, where that leaves none."""
    gone = {entry.value for entry in before if entry.field == name}
    return [fact for fact in facts if fact.value not in gone] or facts


def _all_labelled(doc: Doc, label: str, when: _When) -> Iterator[_Said]:
    for item in doc.layout.named(label):
        piece = doc.layout.at(item.start)
        if (piece and {"exclusion", "example", "annex", "briefing"} & set(piece.sections)) or _OTHER.search(item.said):
            continue
        end = item.end + _GOES_ON if _TILDE.match(doc.text, item.end) else item.end
        opens = bool(_STARTS.search(item.said)) and not _ENDS.search(item.said)
        reach = _before_signing(doc, item.start, item.start + _VALUE)
        said = _read(doc, doc.span(item.start, min(end, reach)), when, opens=opens)
        if not said.opens and not said.closes and item.end - item.start < 60 and not doc.layout.heads_table(item.end):
            # The cells of a lost table: the value stands further below, after other heads.
            said = _read(doc, doc.span(item.start, min(item.start + _VALUE // 2, reach)), when, opens=opens)
        named = _OF_ROUND.search(item.said) or (piece and _OF_ROUND.search(piece.row))
        yield said._replace(state=_state(item, piece), round=_SPACE.sub("", named[0]) if named else "")


def _before_signing(doc: Doc, start: int, end: int) -> int:
    """The end of a stretch of text, before the line on which the notice is signed: that day is in no window."""
    signed = published.signature(doc, start, end)
    return end if signed is None else signed


def _state(item: Item, piece: Block | None) -> changes.State:
    """What the label of a value, or the heads of its cell, say of it."""
    heads = (piece.column, piece.row) if piece else ()
    if any(changes.is_old(head) for head in heads):
        return "old"
    if any(changes.is_new(head) for head in heads):
        return "new"
    return changes.state_of(item.said)


def _read(doc: Doc, near: Span, when: _When, *, opens: bool) -> _Said:
    """A labelled value: a range, an end, a beginning, a length, or words."""
    found = when.scan(near.text)
    rounds = _rounds(doc, near, found, opens=opens)
    if rounds:
        return rounds
    if open_end := _into_words(doc, near, found):
        return open_end
    moved = changes.read(near.text, found, opens=opens)
    if moved:
        return _of_window(doc, moved, near.start)
    hits = _cut(near.text, found)
    counted = _counted(doc, near, hits, when)
    if counted:
        return counted
    mark = _EXHAUSTED.search(near.text) or (_ALWAYS.search(near.text) if not hits else None)
    is_end = bool(hits) and bool(_TILDE_BEFORE.search(near.text[: hits[0].start]))
    if mark and len(hits) < 2 and not is_end and (not hits or mark.start() - hits[0].end < 12):
        value = "until_exhausted" if mark.re is _EXHAUSTED else "always"
        return _Said(_fact(doc, hits[0], near.start) if hits else None, _words(doc, near, mark, value))
    return _of_hits(doc, near, hits, when, opens=opens)


def _into_words(doc: Doc, near: Span, found: list[DateMention]) -> _Said | None:
    """A window whose last day gave way to words: 11. 23. ~ 12. 4. → 11. 23. ~ 예산 소진 시까지."""
    arrow = changes.last_arrow(near.text)
    if not arrow:
        return None
    mark = _EXHAUSTED.search(near.text, arrow.end()) or _ALWAYS.search(near.text, arrow.end())
    former = [run for run in changes.date_spans(near.text, found) if run.end <= arrow.start()]
    if not mark or not former or near.text[former[-1].end : arrow.start()].strip(" .)까지"):
        return None
    day = next((hit for hit in found if hit.start >= arrow.end()), None)
    begins = day is not None and day.end <= mark.start() and _SINCE.match(near.text, day.end)
    lead = near.text[arrow.end() : day.start] + near.text[day.end : mark.start()] if day and begins else None
    if _TO_WORDS.sub("", near.text[arrow.end() : mark.start()] if lead is None else lead):
        return None
    old = former[-1].dates
    opened = day if begins else old[0] if len(old) == 2 else None
    end = old[-1].value if old[-1].has_year else roll_over_year(old[0].value, old[-1].value)
    value = "until_exhausted" if mark.re is _EXHAUSTED else "always"
    return _Said(
        _fact(doc, opened, near.start) if opened else None,
        _words(doc, near, mark, value),
        before=(_former("closes_at", _fact(doc, old[-1], near.start, end)),),
    )


def _of_hits(doc: Doc, near: Span, hits: list[DateMention], when: _When, *, opens: bool) -> _Said:
    if len(hits) >= 2:
        end = roll_over_year(hits[0].value, hits[1].value) if not hits[1].has_year else hits[1].value
        if end[:10] >= hits[0].value[:10]:
            return _Said(_fact(doc, hits[0], near.start), _fact(doc, hits[1], near.start, end))
    if hits:
        before, after = near.text[: hits[0].start], near.text[hits[0].end : hits[0].end + 12]
        if not opens and (last := _same_day(near.text, hits[0])):
            return _Said(_fact(doc, hits[0], near.start), _fact(doc, last, near.start))
        is_end = bool(_TILDE_BEFORE.search(before))
        if opens or (_SINCE.match(near.text, hits[0].end) and not is_end):
            return _Said(_fact(doc, hits[0], near.start), None)
        if is_end or _UNTIL.search(after) or not re.search(r"[~∼～]", after):
            return _Said(_since_notice(doc, near, before, when), _fact(doc, hits[0], near.start))
        return _Said(_fact(doc, hits[0], near.start), None)
    return _Said(None, None)


def _same_day(text: str, begin: DateMention) -> DateMention | None:
    """The end of a window of hours within one day: 2026. 12. 4. 10:00 ~ 17:00."""
    joined = _SINCE.match(text, begin.end) if "T" in begin.value else None
    found = next(hours(text[joined.end() : joined.end() + _CLOCK_NEAR]), None) if joined else None
    if not joined or not found or text[joined.end() : joined.end() + found.start].strip():
        return None
    value = begin.value[:10] + found.value
    return DateMention(joined.end() + found.start, joined.end() + found.end, value, begin.has_year)


def _of_window(doc: Doc, window: changes.ChangedPeriod, offset: int) -> _Said:
    """Ends and former ends of a value that says how it was moved, with their evidence."""

    def fact(edge: changes.Endpoint) -> Fact[str]:
        return Fact(edge.value, doc.span(edge.start + offset, edge.end + offset).evidence())

    return _Said(
        fact(window.opens) if window.opens else None,
        fact(window.closes) if window.closes else None,
        before=tuple(_former(name, fact(edge)) for name, edge in window.before),
    )


def _rounds(doc: Doc, near: Span, found: list[DateMention], *, opens: bool) -> _Said | None:
    """Earliest opening and latest closing of the rounds of a call, each of which may have been moved."""
    heads = list(_heads_of_rounds(near.text, changes.date_spans(near.text, found)))
    if len(heads) < 2:
        return None
    told = list[tuple[_Head, _Said]]()
    for number, head in enumerate(heads):
        last = number + 1 == len(heads)
        end = len(near.text) if last else heads[number + 1].begins
        told.append((head, _round(doc, doc.span(near.start + head.run.start, near.start + end), near, found, opens)))
    now = [(head.name, said) for head, said in told if head.state == "new"]
    now += [
        (head.name, said) for head, said in told if head.state == "plain" and head.name not in {name for name, _ in now}
    ]
    old = {head.name: said for head, said in told if head.state == "old"}
    before = [old.get(name) or _was(said) for name, said in now]
    return _together([said for _, said in now], before) if now else None


def _heads_of_rounds(text: str, runs: list[changes.DateSpan]) -> Iterator[_Head]:
    """The rounds that a value names. Where one is named again, the words there say which of the two is old."""
    heads, behind = list[_Head](), 0
    state: changes.State = "plain"
    for run in runs:
        between = text[behind : run.start]
        near = max(0, len(between) - _ROUND_NAME)
        named = _ROUND.search(between[near:])
        if named:
            name, begins = _SPACE.sub("", named["name"]), behind + near + named.start()
            again = any(head.name == name for head in heads)
            told: changes.State = changes.state_of(between) if again or not heads else "plain"
            if again and told == "plain" and changes.has_arrow(between):
                told = "new"
                heads = [head._replace(state="old") if head.state == "plain" else head for head in heads]
            if told != "plain":
                state, begins = told, behind if heads else begins
            heads.append(_Head(name, begins, run, state))
        behind = run.end
    if any(head.state != "plain" for head in heads) and len({head.name for head in heads}) == len(heads):
        # Each is named once: a word for a change is about the one it stands at.
        heads = [head._replace(state="plain") for head in heads]
    yield from heads


def _round(doc: Doc, own: Span, near: Span, found: list[DateMention], opens: bool) -> _Said:
    """One round: where it is now, and where it was."""
    shift = own.start - near.start
    hits = [
        hit._replace(start=hit.start - shift, end=hit.end - shift)
        for hit in found
        if shift <= hit.start and hit.end <= shift + len(own.text)
    ]
    moved = changes.read(own.text, hits, opens=opens)
    if moved:
        return _of_window(doc, moved, own.start)
    first = changes.date_spans(own.text, hits)[0].dates
    end = roll_over_year(first[0].value, first[-1].value) if not first[-1].has_year else first[-1].value
    opened = _fact(doc, first[0], own.start) if len(first) == 2 else None
    return _Said(opened, _fact(doc, first[-1], own.start, end))


def _was(said: _Said) -> _Said:
    """What a window was before all changes."""
    ends = {entry.field: Fact(entry.value, entry.evidence) for entry in said.before[::-1]}
    return _Said(ends.get("opens_at", said.opens), ends.get("closes_at", said.closes))


def _together(now: list[_Said], before: list[_Said]) -> _Said:
    """The window from the first of several rounds to the last, and what it was before one of them was moved."""
    window, was = _Said(_earliest(now, []), _latest(now, [])), _Said(_earliest(before, []), _latest(before, []))
    return window._replace(
        before=tuple(
            entry
            for entry in _ends(was)
            if (held := window.opens if entry.field == "opens_at" else window.closes) and held.value != entry.value
        )
    )


def _counted(doc: Doc, near: Span, hits: list[DateMention], when: _When) -> _Said | None:
    """A window that is so many days, weeks or months long, from a day that is written or from that of the notice.

    As the Civil Act counts: the day of an event such as a notice is left out, a day set as the first one is not.
    """
    if hits:
        found = _FROM_DAY.match(near.text, hits[0].end)
        if not found or (len(hits) > 1 and not _is_beside(near.text[found.end() : hits[1].start])):
            return None
        begin = date.fromisoformat(hits[0].value[:10])
        last = _after(begin, found) - timedelta(days=not found["notice"])
        span = doc.span(near.start + hits[0].start, near.start + found.end())
        return _Said(_fact(doc, hits[0], near.start), Fact(last.isoformat(), span.evidence()))
    found = _FROM_NOTICE.search(near.text)
    if not found or not when.notice:
        return None
    day, span = (doc.span(near.start + found.start(name), near.start + found.end(name)) for name in ("day", 0))
    return _Said(
        Fact(when.notice.isoformat(), day.evidence()),
        Fact(_after(when.notice, found).isoformat(), span.evidence()),
    )


def _is_beside(between: str) -> bool:
    """Whether what stands behind a length leads to a day of something else, not to the end that it comes to."""
    return bool(re.sub(r"[\s(（)）~∼～,/:：=-]|까지|마감|접수|기간", "", between))


def _after(begin: date, length: re.Match[str]) -> date:
    """The day that lies a length after another."""
    if length["days"]:
        return begin + timedelta(days=_FEW[length["days"]])
    count = _FEW.get(length["n"]) or int(length["n"])
    if length["u"] in ("개월", "달"):
        months = begin.year * 12 + begin.month - 1 + count
        year, month = divmod(months, 12)
        return date(year, month + 1, min(begin.day, monthrange(year, month + 1)[1]))
    return begin + timedelta(days=count * (1 if length["u"] == "일" else 7))


def _since_notice(doc: Doc, near: Span, before: str, when: _When) -> _End:
    """The day of the notice where the window begins with it: 공고일 ~ 12. 15."""
    found = _SINCE_NOTICE.search(before[-_ROUND_NAME:])
    if not found or not when.notice:
        return None
    start = near.start + max(0, len(before) - _ROUND_NAME) + found.start(1)
    span = doc.span(start, start + len(found[1]))
    return Fact(when.notice.isoformat(), span.evidence())


def _cut(text: str, hits: list[DateMention]) -> list[DateMention]:
    """The first date and the one it is joined to; what stands further off is about something else."""
    if len(hits) < 2:
        return hits
    between = text[hits[0].end : hits[1].start]
    joined = changes.is_range(between, int(hits[0].value[:4]))
    return hits[:2] if joined else hits[:1]


def _moved(doc: Doc, when: _When, said: _Said) -> _Said:
    """What is said of the window after the sentences that say that it was moved."""
    out = said
    words = changes.patterns()
    for clause in doc.clauses:
        is_change = words["moved"].search(clause.text) and not words["not_changed"].search(clause.text)
        if not is_change or len(clause.text) > _SENTENCE or not doc.is_fact(clause.start):
            continue
        hits = sorted([*when.scan(clause.text), *_relative(clause.text, when)], key=lambda hit: hit.start)
        if len(list(_heads_of_rounds(clause.text, changes.date_spans(clause.text, hits)))) > 1:
            # Rounds are read where the window is.
            continue
        window = changes.read(clause.text, hits, opens=bool(_OPENING.search(clause.text)), anywhere=True)
        if window and _is_of_applying(doc, clause, window):
            out = _after_change(out, _of_window(doc, window, clause.start))
    return out


def _is_of_applying(doc: Doc, clause: Span, window: changes.ChangedPeriod) -> bool:
    """Whether the words around a change are about applications, not about what is done with them.

    A line that says no more than 나. 변경 : … is about what stands above it.
    """
    edges = [edge for edge in (window.opens, window.closes, *(edge for _, edge in window.before)) if edge]
    start, end = min(edge.start for edge in edges), max(edge.end for edge in edges)
    around = clause.text[max(0, start - _CHANGE_NEAR) : end + _CHANGE_NEAR]
    if changes.is_bare(clause.text[:start]):
        around = doc.text[max(0, clause.start - 2 * _CHANGE_NEAR) : clause.start] + around
    return bool(_APPLY.search(around)) and not _NOT_APPLY.search(around)


def _after_change(said: _Said, change: _Said) -> _Said:
    """A window with a change applied to it: to an end that is not known, or that was what the change says it was."""
    opens, closes, before = said.opens, said.closes, [*said.before, *change.before]
    for name, new in (("opens_at", change.opens), ("closes_at", change.closes)):
        held = opens if name == "opens_at" else closes
        was = [entry.value[:10] for entry in change.before if entry.field == name]
        if new is None or (held and held.value[:10] == new.value[:10] and len(held.value) >= len(new.value)):
            continue
        if held and held.value[:10] not in was and not (not was and name == "closes_at" and held.value < new.value):
            continue
        if held:
            before.append(_former(name, held))
        opens, closes = (new, closes) if name == "opens_at" else (opens, new)
    return _Said(opens, closes, before=tuple(before))


def _within(doc: Doc, when: _When) -> _Said:
    """The first window that has its label within a line: … 모집합니다. 접수기간: 11. 9. ~ 12. 4."""
    for piece in doc.layout.pieces:
        if not piece.is_fact or "briefing" in piece.sections:
            continue
        for label in _WITHIN.finditer(piece.text):
            if label["old"] or _OTHER.search(piece.text[max(0, label.start() - _OTHER_NEAR) : label.end()]):
                continue
            start = piece.start + label.end()
            end = min(piece.end, start + _VALUE, _before_signing(doc, start, start + _VALUE))
            said = _read(doc, doc.span(start, end), when, opens=False)
            if said.opens or said.closes:
                return said
    return _Said(None, None)


def _prose(doc: Doc, when: _When) -> tuple[_End, _End]:
    """A sentence that says from when until when applications are taken."""
    for sentence in doc.clauses:
        if (
            not _APPLY.search(sentence.text)
            or not _PROSE_UNTIL.search(sentence.text)
            or not doc.is_fact(sentence.start)
        ):
            continue
        hits = [*when.scan(sentence.text), *_relative(sentence.text, when)]
        hits.sort(key=lambda hit: hit.start)
        for number, hit in enumerate(hits):
            after = sentence.text[hit.end : hit.end + 60]
            if re.match(r"\s?까지", after) and _APPLY.search(after) and not _NOT_APPLY.search(after[:30]):
                before = hits[number - 1] if number else None
                opened = (
                    _fact(doc, before, sentence.start)
                    if before and "부터" in sentence.text[before.end : hit.start]
                    else None
                )
                end = roll_over_year(before.value, hit.value) if opened and before and not hit.has_year else hit.value
                return opened, _fact(doc, hit, sentence.start, end)
    return None, None


def _relative(text: str, when: _When) -> Iterator[DateMention]:
    if when.published:
        yield from relative(text, when.published)


def _fact(doc: Doc, hit: DateMention, offset: int, value: str | None = None) -> Fact[str]:
    span = doc.span(hit.start + offset, hit.end + offset)
    return Fact(value or hit.value, span.evidence())


def _words(doc: Doc, near: Span, mark: re.Match[str], value: str) -> Fact[str]:
    return Fact(value, doc.span(near.start + mark.start(), near.start + mark.end()).evidence())
