"""Changed application periods: which of the dates written side by side is the old one and which replaced it.

``(당초) 12. 4. → (변경) 12. 11.``, ``12. 4.까지 ⇒ 12. 11.까지 연장``, ``12. 4. (12. 11.까지 연장)``, ``12월 4일에서
11일로 연장`` all mean that the period now ends on the 11th and originally ended on the 4th.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Literal, NamedTuple

from gonggo.datafile import load_patterns
from gonggo.korean_dates import DateMention, has_impossible_date, hours, roll_over_year

State = Literal["plain", "old", "new"]
RANGE = re.compile(r"[~∼～〜–—−-]|부터|에서")
_FAR, _NEAR = 40, 24
_BEFORE, _AFTER = 30, 26


class DateSpan(NamedTuple):
    """One value: a day, or the two ends of a range. A time without a date is a span of one mention."""

    start: int
    end: int
    dates: tuple[DateMention, ...]
    state: State = "plain"


class Endpoint(NamedTuple):
    """One end of a period, with the offsets of the words that state it."""

    value: str
    start: int
    end: int


class ChangedPeriod(NamedTuple):
    """Both ends of a period after all changes, and the former values of its ends."""

    opens: Endpoint | None
    closes: Endpoint | None
    before: tuple[tuple[str, Endpoint], ...]


class _Patterns(NamedTuple):
    arrow: re.Pattern[str]
    moved_after: re.Pattern[str]
    from_to: re.Pattern[str]
    label_old: re.Pattern[str]
    label_new: re.Pattern[str]
    tail_old: re.Pattern[str]
    tail_new: re.Pattern[str]
    filler: re.Pattern[str]
    old: re.Pattern[str]
    new: re.Pattern[str]
    old_label: re.Pattern[str]
    new_label: re.Pattern[str]


@cache
def patterns() -> dict[str, re.Pattern[str]]:
    """Return the named patterns of ``changed_dates.yaml``."""
    return load_patterns(Path(__file__).with_suffix(".yaml"))


@cache
def _compiled() -> _Patterns:
    source = {name: pattern.pattern for name, pattern in patterns().items()}
    subject = rf"[\s:：)\]|]{{0,3}}(?:(?:{source['what']})?\s?(?:{source['when']}))?\s?(?:은|는|이|을|를)?"
    stop = r"[\s|:：)\]>】）~∼～(\[’'‘]{0,5}$"
    not_possible = r"(?!\s?(?:가능|할\s?수|될\s?수|전|시\s|사항|내용|신청|서))"
    bracket = r"[(\[<【（「]\s?"
    heading = rf"(?:내용|사항|{source['when']})?"
    window = rf"{source['what']}|{source['when']}|서류|안내|공고|사항"
    return _Patterns(
        arrow=re.compile(source["arrow"]),
        moved_after=re.compile(rf"(?:\s?까지)?\s?(?:으?로)?[^\d\n]{{0,14}}?(?:{source['moved']}){not_possible}"),
        from_to=re.compile(r"\s?(?:까지)?\s?(?:에서|을|를|이던|였던|이었던|인)(?![가-힣])[^\d\n]{0,20}$"),
        label_old=re.compile(rf"(?:{source['old']}){subject}{stop}"),
        label_new=re.compile(rf"(?:{source['new']}){subject}{stop}"),
        tail_old=re.compile(
            rf"\s?(?:까지)?\s?{bracket}(?:{source['old']})\s?{heading}\s?[)\]>】）」]|\s?(?:까지)?에서\s?(?:{source['moved']})"
        ),
        tail_new=re.compile(
            rf"[\s)]{{0,2}}(?:까지)?\s?(?:으?로)?\s?(?:{bracket})?(?:(?:{source['what']})?\s?(?:{source['when']})[을를이가]?\s?|\d차\s?)?(?:재)?(?:{source['moved']}){not_possible}"
        ),
        filler=re.compile(
            rf"{source['old']}|{source['new']}|{source['moved']}|{source['arrow']}|{window}"
            r"|까지|부터|에서|오전|오후|\d차|되었던|이던|였던|은|는|이|을|를|으?로|[^\w가-힣]"
        ),
        old=re.compile(rf"(?:{window})?(?:{source['old']})(?:{window}|내용){{0,2}}"),
        new=re.compile(rf"(?:{window})?(?:{source['new']})(?:{window}|내용){{0,2}}"),
        old_label=re.compile(source["old"]),
        new_label=re.compile(source["new_label"]),
    )


def is_bare(head: str) -> bool:
    """Return whether the text before a value is only a list marker and words for a change, such as ``나. 변경 :``."""
    return not _compiled().filler.sub("", re.sub(r"^\W{0,9}(?:[가-하]|\d{1,2})\.\s", "", head))


def state_of(label: str) -> State:
    """Return whether a label marks its period as old or new: 당초 접수기간, 접수기간(연장)."""
    if _compiled().old_label.search(label):
        return "old"
    return "new" if _compiled().new_label.search(label) else "plain"


def is_old(head: str) -> bool:
    """Return whether a table heading or label marks its values as the old ones: 변경 전, 당초."""
    return bool(_compiled().old.fullmatch(_letters_only(head)))


def is_new(head: str) -> bool:
    """Return whether a table heading or label marks its values as the new ones: 변경 후, 연장."""
    return bool(_compiled().new.fullmatch(_letters_only(head))) and not is_old(head)


def _letters_only(head: str) -> str:
    return re.sub(r"[^\w]", "", head)


def read(text: str, dates: list[DateMention], *, opens: bool = False, anywhere: bool = False) -> ChangedPeriod | None:
    """Return the application period of a value that states a change; None if it states none.

    With ``opens``, a value that gives a single day states the start. A labelled value begins with its period; in prose
    the period may be ``anywhere``.
    """
    for chain in _chains(text, _states(text, _spans_and_times(text, dates))):
        if any(span.state != "plain" for span in chain):
            return _final_period(text, chain, opens=opens)
        if not anywhere:
            break
    return None


def date_spans(text: str, dates: list[DateMention]) -> list[DateSpan]:
    """Return the date mentions as spans; the two ends of a range form one span."""
    out: list[DateSpan] = []
    for mention in dates:
        joined = bool(out) and len(out[-1].dates) == 1 and _forms_range(text, out[-1].dates[-1], mention)
        if joined:
            out[-1] = DateSpan(out[-1].start, mention.end, (*out[-1].dates, mention))
        else:
            out.append(DateSpan(mention.start, mention.end, (mention,)))
    return out


def is_range(between: str, year: int) -> bool:
    """Return whether the text between two days joins them into a range; an impossible date in between prevents that."""
    return len(between) <= _NEAR and bool(RANGE.search(between)) and not has_impossible_date(between, year)


def _forms_range(text: str, begin: DateMention, mention: DateMention) -> bool:
    between = text[begin.end : mention.start]
    # 12월 4일에서 11일로 연장 is a change, 11월 23일에서 12월 4일까지 a range.
    is_change = "에서" in between and _compiled().moved_after.match(text, mention.end)
    return is_range(between, int(begin.value[:4])) and not is_change and not _compiled().arrow.search(between)


def _spans_and_times(text: str, dates: list[DateMention]) -> list[DateSpan]:
    """Return spans of dates, and of times without a date that follow an arrow or a word for a change."""
    dated = date_spans(text, dates)
    alone = [
        DateSpan(hour.start, hour.end, (hour,))
        for hour in hours(text)
        if not any(span.start <= hour.start < span.end for span in dated)
        and _introduces_time(text[max(0, hour.start - _BEFORE) : hour.start])
    ]
    return sorted([*dated, *alone])


def has_arrow(between: str) -> bool:
    """Return whether an arrow separates a value from the one that it replaces."""
    return bool(_compiled().arrow.search(between))


def last_arrow(text: str) -> re.Match[str] | None:
    """Return the last arrow of a text."""
    return next(iter([*_compiled().arrow.finditer(text)][::-1]), None)


def _introduces_time(near: str) -> bool:
    """Return whether the text before a time shows that the time replaces another."""
    arrow = [match.end() for match in _compiled().arrow.finditer(near)]
    return bool(
        (arrow and not re.search(r"\d", near[arrow[-1] :]))
        or _compiled().label_new.search(near)
        or re.search(r"\d\d에서\s?$", near)
    )


def _states(text: str, spans: list[DateSpan]) -> list[DateSpan]:
    """Return the spans with the state that the words around each give it; "old" wins over "new"."""
    states: list[set[State]] = [set() for _ in spans]
    if spans and (state := _state_before(text[max(0, spans[0].start - _BEFORE) : spans[0].start])):
        states[0].add(state)
    for number, (one, two) in enumerate(pairwise(spans)):
        between = text[one.end : two.start]
        if _is_step(text, between, two):
            states[number].add("old")
            states[number + 1].add("new")
            continue
        next_state = _state_before(between)
        # In "12. 4. (변경)" before a line break or a comma, the bracket refers to the date before it.
        if next_state and not (re.match(r"\s?[(\[]", between) and re.search(r"[)\]]\s{0,2}[\n,/]", between)):
            states[number + 1].add(next_state)
        elif previous_state := _state_after(text, one.end):
            states[number].add(previous_state)
    if spans and (previous_state := _state_after(text, spans[-1].end)):
        states[-1].add(previous_state)
    return [
        span._replace(state="old" if "old" in states_of_span else "new" if states_of_span else "plain")
        for span, states_of_span in zip(spans, states, strict=True)
    ]


def _is_step(text: str, between: str, two: DateSpan) -> bool:
    """Return whether the text between two values shows that the second replaced the first."""
    patterns = _compiled()
    if len(between) > _FAR:
        return False
    if patterns.arrow.search(between):
        return not patterns.filler.sub("", between)
    return bool(patterns.from_to.match(between) and patterns.moved_after.match(text, two.end))


def _state_before(before: str) -> State | None:
    """Return the state that the words before a value give it."""
    near = before[-_BEFORE:]
    if _compiled().label_old.search(near):
        return "old"
    return "new" if _compiled().label_new.search(near) else None


def _state_after(text: str, end: int) -> State | None:
    """Return the state that the words after a value give it."""
    if _compiled().tail_old.match(text, end):
        return "old"
    return "new" if _compiled().tail_new.match(text, end) else None


def _chains(text: str, spans: list[DateSpan]) -> Iterator[list[DateSpan]]:
    """Yield groups of values that words for a change connect; values further apart are about something else."""
    chain = spans[:1]
    for one, two in pairwise(spans):
        if not _is_linked(text, one, two):
            yield chain
            chain = []
        chain.append(two)
    if chain:
        yield chain


def _is_linked(text: str, one: DateSpan, two: DateSpan) -> bool:
    between = text[one.end : two.start]
    if _is_step(text, between, two):
        return True
    is_unmarked = one.state == two.state == "plain"
    return not is_unmarked and len(between) <= _FAR and not _compiled().filler.sub("", between)


def _final_period(text: str, spans: list[DateSpan], *, opens: bool) -> ChangedPeriod:
    """Apply the values in order, old ones first, and record the former values of each end."""
    is_new = any(span.state == "new" for span in spans)
    rank = {"old": 0, "plain": 0 if is_new else 1, "new": 2}
    ends: dict[str, Endpoint | None] = {"opens_at": None, "closes_at": None}
    before: list[tuple[str, Endpoint]] = []
    ordered = sorted(spans, key=lambda span: rank[span.state])
    for index, span in enumerate(ordered):
        for name, edge in _ends(text, span, ends, opens=opens, later=ordered[index + 1 :]):
            last = ends[name]
            if last and last.value != edge.value:
                before.append((name, last))
            if not last or last.value != edge.value or rank[span.state]:
                ends[name] = edge
    if is_new or any(span.state == "plain" for span in spans):
        return ChangedPeriod(ends["opens_at"], ends["closes_at"], tuple(before))
    # Only old values; the new ones are written elsewhere.
    return ChangedPeriod(None, None, (*before, *((name, edge) for name, edge in ends.items() if edge)))


def _ends(
    text: str, span: DateSpan, ends: dict[str, Endpoint | None], *, opens: bool, later: list[DateSpan]
) -> Iterator[tuple[str, Endpoint]]:
    """Yield the ends that a span states; a time without a date changes the end stated before it."""
    mention = span.dates[0]
    if mention.value.startswith("T"):
        name = "opens_at" if opens or not ends["closes_at"] else "closes_at"
        last = ends[name]
        if last:
            yield (
                name,
                Endpoint(last.value[:10] + mention.value, min(last.start, mention.start), max(last.end, mention.end)),
            )
        return
    if len(span.dates) == 2:
        end = span.dates[1]
        value = end.value if end.has_year else roll_over_year(mention.value, end.value)
        yield "opens_at", Endpoint(mention.value, mention.start, mention.end)
        yield "closes_at", Endpoint(value, end.start, end.end)
        return
    # A day before a range is the old value of the end that it is nearer to.
    replaces_start = (
        bool(later) and len(later[0].dates) == 2 and span.end <= later[0].start and _is_nearer_start(mention, later[0])
    )
    after, ahead = text[span.end : span.end + _AFTER], text[max(0, span.start - 8) : span.start]
    is_start = (
        opens or bool(re.match(r"\s?부터|\s?[~∼～]\s*$", after)) or (replaces_start and not re.match(r"\s?까지", after))
    )
    is_end = bool(re.search(r"[~∼～]\s{0,2}$", ahead))
    name = "opens_at" if is_start and not is_end else "closes_at"
    value = (
        roll_over_year(ends["opens_at"].value, mention.value)
        if name == "closes_at" and ends["opens_at"] and not mention.has_year
        else mention.value
    )
    yield name, Endpoint(value, mention.start, mention.end)


def _is_nearer_start(mention: DateMention, range_: DateSpan) -> bool:
    day, first, last = (date.fromisoformat(one.value[:10]) for one in (mention, *range_.dates))
    return abs(day - first) <= abs(day - last)
