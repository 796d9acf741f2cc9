"""A window that was moved: which of the values written side by side was announced first, and which took its place.

``(당초) 12. 4. → (변경) 12. 11.``, ``12. 4.까지 ⇒ 12. 11.까지 연장``, ``12. 4. (12. 11.까지 연장)``, ``12월 4일에서
11일로 연장`` all say that the window now ends on the 11th, and that it was to end on the 4th.
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
from gonggo.korean_dates import Found, holds_no_day, hours, turned

State = Literal["said", "old", "new"]
RANGE = re.compile(r"[~∼～〜–—−-]|부터|에서")
_FAR, _NEAR = 40, 24
_BEFORE, _AFTER = 30, 26


class Run(NamedTuple):
    """Dates that make one value: a day, or the two ends of a range; an hour alone has no date of its own."""

    start: int
    end: int
    hits: tuple[Found, ...]
    state: State = "said"


class Edge(NamedTuple):
    """One end of a window with the place of the words that say it."""

    value: str
    start: int
    end: int


class Window(NamedTuple):
    """Where a window begins and ends after all changes, and the ends it had before."""

    opens: Edge | None
    closes: Edge | None
    before: tuple[tuple[str, Edge], ...]


class _Words(NamedTuple):
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
def words() -> dict[str, re.Pattern[str]]:
    """Return the named patterns of ``changed_dates.yaml``."""
    return load_patterns(Path(__file__).with_suffix(".yaml"))


@cache
def _words() -> _Words:
    said = {name: pattern.pattern for name, pattern in words().items()}
    of = rf"[\s:：)\]|]{{0,3}}(?:(?:{said['what']})?\s?(?:{said['when']}))?\s?(?:은|는|이|을|를)?"
    stop = r"[\s|:：)\]>】）~∼～(\[’'‘]{0,5}$"
    may = r"(?!\s?(?:가능|할\s?수|될\s?수|전|시\s|사항|내용|신청|서))"
    opened = r"[(\[<【（「]\s?"
    heading = rf"(?:내용|사항|{said['when']})?"
    window = rf"{said['what']}|{said['when']}|서류|안내|공고|사항"
    return _Words(
        arrow=re.compile(said["arrow"]),
        moved_after=re.compile(rf"(?:\s?까지)?\s?(?:으?로)?[^\d\n]{{0,14}}?(?:{said['moved']}){may}"),
        from_to=re.compile(r"\s?(?:까지)?\s?(?:에서|을|를|이던|였던|이었던|인)(?![가-힣])[^\d\n]{0,20}$"),
        label_old=re.compile(rf"(?:{said['old']}){of}{stop}"),
        label_new=re.compile(rf"(?:{said['new']}){of}{stop}"),
        tail_old=re.compile(
            rf"\s?(?:까지)?\s?{opened}(?:{said['old']})\s?{heading}\s?[)\]>】）」]|\s?(?:까지)?에서\s?(?:{said['moved']})"
        ),
        tail_new=re.compile(
            rf"[\s)]{{0,2}}(?:까지)?\s?(?:으?로)?\s?(?:{opened})?(?:(?:{said['what']})?\s?(?:{said['when']})[을를이가]?\s?|\d차\s?)?(?:재)?(?:{said['moved']}){may}"
        ),
        filler=re.compile(
            rf"{said['old']}|{said['new']}|{said['moved']}|{said['arrow']}|{window}"
            r"|까지|부터|에서|오전|오후|\d차|되었던|이던|였던|은|는|이|을|를|으?로|[^\w가-힣]"
        ),
        old=re.compile(rf"(?:{window})?(?:{said['old']})(?:{window}|내용){{0,2}}"),
        new=re.compile(rf"(?:{window})?(?:{said['new']})(?:{window}|내용){{0,2}}"),
        old_label=re.compile(said["old"]),
        new_label=re.compile(said["new_label"]),
    )


def is_bare(head: str) -> bool:
    """Return whether the text before a value is only a list mark and words of a change, such as ``나. 변경 :``."""
    return not _words().filler.sub("", re.sub(r"^\W{0,9}(?:[가-하]|\d{1,2})\.\s", "", head))


def state_of(label: str) -> State:
    """Return whether a label marks its period as old or new: 당초 접수기간, 접수기간(연장)."""
    if _words().old_label.search(label):
        return "old"
    return "new" if _words().new_label.search(label) else "said"


def is_old(head: str) -> bool:
    """Whether the head of a column, a row or a label says that what is under it was so before: 변경 전, 당초."""
    return bool(_words().old.fullmatch(_squashed(head)))


def is_new(head: str) -> bool:
    """Whether a head says that what is under it is so now: 변경 후, 연장."""
    return bool(_words().new.fullmatch(_squashed(head))) and not is_old(head)


def _squashed(head: str) -> str:
    return re.sub(r"[^\w]", "", head)


def read(text: str, hits: list[Found], *, opens: bool = False, anywhere: bool = False) -> Window | None:
    """Return the application period of a value that states a change; None if it states none.

    ``opens`` says that the value is about the beginning, where it gives one day alone. A labelled value begins with its
    window; in prose it may stand ``anywhere``.
    """
    for chain in _chains(text, _states(text, _runs(text, hits))):
        if any(run.state != "said" for run in chain):
            return _settled(text, chain, opens=opens)
        if not anywhere:
            break
    return None


def runs(text: str, hits: list[Found]) -> list[Run]:
    """Return the dates of a text, with the dates of one range together."""
    out: list[Run] = []
    for hit in hits:
        joined = bool(out) and len(out[-1].hits) == 1 and _is_range(text, out[-1].hits[-1], hit)
        if joined:
            out[-1] = Run(out[-1].start, hit.end, (*out[-1].hits, hit))
        else:
            out.append(Run(hit.start, hit.end, (hit,)))
    return out


def joins(between: str, year: int) -> bool:
    """Whether what stands between two days makes a range of them; a day that no calendar has ends it already."""
    return len(between) <= _NEAR and bool(RANGE.search(between)) and not holds_no_day(between, year)


def _is_range(text: str, begin: Found, hit: Found) -> bool:
    between = text[begin.end : hit.start]
    # 12월 4일에서 11일로 연장 is a change, 11월 23일에서 12월 4일까지 a range.
    is_change = "에서" in between and _words().moved_after.match(text, hit.end)
    return joins(between, int(begin.value[:4])) and not is_change and not _words().arrow.search(between)


def _runs(text: str, hits: list[Found]) -> list[Run]:
    """Return runs of dates, and times that stand alone after an arrow or a word for a change."""
    dated = runs(text, hits)
    alone = [
        Run(hour.start, hour.end, (hour,))
        for hour in hours(text)
        if not any(run.start <= hour.start < run.end for run in dated)
        and _leads(text[max(0, hour.start - _BEFORE) : hour.start])
    ]
    return sorted([*dated, *alone])


def leads(between: str) -> bool:
    """Whether an arrow in front of a value says that it takes the place of what stands before."""
    return bool(_words().arrow.search(between))


def last_arrow(text: str) -> re.Match[str] | None:
    """Return the last arrow of a text."""
    return next(iter([*_words().arrow.finditer(text)][::-1]), None)


def _leads(near: str) -> bool:
    """Whether what stands before an hour says that it takes another's place."""
    arrow = [found.end() for found in _words().arrow.finditer(near)]
    return bool(
        (arrow and not re.search(r"\d", near[arrow[-1] :]))
        or _words().label_new.search(near)
        or re.search(r"\d\d에서\s?$", near)
    )


def _states(text: str, found: list[Run]) -> list[Run]:
    """Return the runs with the state that the words around each give it; of two, old wins."""
    states: list[set[State]] = [set() for _ in found]
    if found and (state := _label(text[max(0, found[0].start - _BEFORE) : found[0].start])):
        states[0].add(state)
    for number, (one, two) in enumerate(pairwise(found)):
        between = text[one.end : two.start]
        if _is_step(text, between, two):
            states[number].add("old")
            states[number + 1].add("new")
            continue
        ahead = _label(between)
        # "12. 4. (변경)" before a line break or a comma speaks of what it stands behind.
        if ahead and not (re.match(r"\s?[(\[]", between) and re.search(r"[)\]]\s{0,2}[\n,/]", between)):
            states[number + 1].add(ahead)
        elif behind := _tail(text, one.end):
            states[number].add(behind)
    if found and (behind := _tail(text, found[-1].end)):
        states[-1].add(behind)
    return [
        run._replace(state="old" if "old" in said else "new" if said else "said")
        for run, said in zip(found, states, strict=True)
    ]


def _is_step(text: str, between: str, two: Run) -> bool:
    """Whether what stands between two values says that the second took the place of the first."""
    words = _words()
    if len(between) > _FAR:
        return False
    if words.arrow.search(between):
        return not words.filler.sub("", between)
    return bool(words.from_to.match(between) and words.moved_after.match(text, two.end))


def _label(before: str) -> State | None:
    """Return the state that a word before a value gives it."""
    near = before[-_BEFORE:]
    if _words().label_old.search(near):
        return "old"
    return "new" if _words().label_new.search(near) else None


def _tail(text: str, end: int) -> State | None:
    """Return the state that the words after a value give it."""
    if _words().tail_old.match(text, end):
        return "old"
    return "new" if _words().tail_new.match(text, end) else None


def _chains(text: str, found: list[Run]) -> Iterator[list[Run]]:
    """Values that words for a change tie together; what stands further off is about something else."""
    chain = found[:1]
    for one, two in pairwise(found):
        if not _is_tied(text, one, two):
            yield chain
            chain = []
        chain.append(two)
    if chain:
        yield chain


def _is_tied(text: str, one: Run, two: Run) -> bool:
    between = text[one.end : two.start]
    if _is_step(text, between, two):
        return True
    is_said = one.state == two.state == "said"
    return not is_said and len(between) <= _FAR and not _words().filler.sub("", between)


def _settled(text: str, found: list[Run], *, opens: bool) -> Window:
    """One value after the other, the old ones first; what an end was before it was moved is kept."""
    is_new = any(run.state == "new" for run in found)
    rank = {"old": 0, "said": 0 if is_new else 1, "new": 2}
    ends: dict[str, Edge | None] = {"opens_at": None, "closes_at": None}
    before: list[tuple[str, Edge]] = []
    ordered = sorted(found, key=lambda run: rank[run.state])
    for place, run in enumerate(ordered):
        for name, edge in _ends(text, run, ends, opens=opens, later=ordered[place + 1 :]):
            last = ends[name]
            if last and last.value != edge.value:
                before.append((name, last))
            if not last or last.value != edge.value or rank[run.state]:
                ends[name] = edge
    if is_new or any(run.state == "said" for run in found):
        return Window(ends["opens_at"], ends["closes_at"], tuple(before))
    # Only what was: what took its place is written elsewhere.
    return Window(None, None, (*before, *((name, edge) for name, edge in ends.items() if edge)))


def _ends(
    text: str, run: Run, ends: dict[str, Edge | None], *, opens: bool, later: list[Run]
) -> Iterator[tuple[str, Edge]]:
    """Return the deadlines that a value gives; a time alone changes the deadline before it."""
    hit = run.hits[0]
    if hit.value.startswith("T"):
        name = "opens_at" if opens or not ends["closes_at"] else "closes_at"
        last = ends[name]
        if last:
            yield name, Edge(last.value[:10] + hit.value, min(last.start, hit.start), max(last.end, hit.end))
        return
    if len(run.hits) == 2:
        end = run.hits[1]
        value = end.value if end.year_said else turned(hit.value, end.value)
        yield "opens_at", Edge(hit.value, hit.start, hit.end)
        yield "closes_at", Edge(value, end.start, end.end)
        return
    # A day in front of a range took the place of the end that it is nearer to.
    leads = bool(later) and len(later[0].hits) == 2 and run.end <= later[0].start and _is_nearer_start(hit, later[0])
    after, ahead = text[run.end : run.end + _AFTER], text[max(0, run.start - 8) : run.start]
    is_start = opens or bool(re.match(r"\s?부터|\s?[~∼～]\s*$", after)) or (leads and not re.match(r"\s?까지", after))
    is_end = bool(re.search(r"[~∼～]\s{0,2}$", ahead))
    name = "opens_at" if is_start and not is_end else "closes_at"
    value = (
        turned(ends["opens_at"].value, hit.value)
        if name == "closes_at" and ends["opens_at"] and not hit.year_said
        else hit.value
    )
    yield name, Edge(value, hit.start, hit.end)


def _is_nearer_start(hit: Found, range_: Run) -> bool:
    day, first, last = (date.fromisoformat(one.value[:10]) for one in (hit, *range_.hits))
    return abs(day - first) <= abs(day - last)
