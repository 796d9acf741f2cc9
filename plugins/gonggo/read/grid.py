"""One grid for the tables of all formats: cells laid out by their spans, and every place that a cell covers knows it.

A cell that spans rows is said again in each of them; the places to the right that it spans are marked as its own. Where
a column says what held before a change and another what holds since, the old is taken out and kept as superseded.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

# A table whose spans would fill more places than this is made to grow: its cells stand as they come.
MOST_PLACES = 400_000
# A span beyond this is a writer's way to say "to the end".
_WIDEST = 2_000
_LONGEST_HEAD = 60
_SQUASH = re.compile(r"[\s()\[\]<>〈〉（）｢｣「」·ㆍ./|:：-]+")
_WHAT = "(?:접수|신청|모집|공고|기간|일정|내용|일시|사항|안|된|본)*+"
_TURN = "(?:변경|정정|수정|연장|조정|개정)"
_BEFORE = re.compile(
    rf"{_WHAT}(?:(?:당초|기존|종전|현행|최초|원안)(?:{_TURN}?이?전)?|{_TURN}(?:하기|되기)?이?전){_WHAT}"
)
_OLD = re.compile(r"당초|기존|종전|현행|최초|원안|[경정장]\S{0,2}\s?전")
_AFTER = re.compile(rf"{_WHAT}{_TURN}{_WHAT}(?:이?후)?{_WHAT}")
# What the new column says where the old value stays.
_UNCHANGED = re.compile(
    r"(?:없음|동일함?|좌동|상동|변경(?:사항)?없음|(?:기존|당초|종전|현행|좌)(?:과|와)?(?:같음|동일함?)|해당없음)?"
)
_TILDE = re.compile(r"[~∼～〜]")


class Cell(NamedTuple):
    """A cell as its file has it; ``row`` and ``column`` (from 0) and ``place`` where the file says them itself."""

    text: str
    rowspan: int = 1
    colspan: int = 1
    row: int | None = None
    column: int | None = None
    place: str = ""


class Slot(NamedTuple):
    """A place of the grid: the cell that stands there or covers it, and where that cell begins."""

    cell: Cell
    row: int
    column: int
    from_above: bool = False
    from_left: bool = False


Row = list[Slot | None]


class _Stretch(NamedTuple):
    """The columns of a row that a cell takes, and the last row that it reaches."""

    first: int
    last: int
    until: int
    row: int
    cell: Cell


def laid_out(rows: Iterable[Sequence[Cell]]) -> list[Row]:
    """The rows of the grid that say something new; a column in which nothing begins is one with its left."""
    placed = _stretches(_ordered(rows))
    starts = sorted({stretch.first for row in placed for stretch in row if stretch.cell.text.strip()})
    if len(placed) * len(starts) > MOST_PLACES:
        alone = [[s for s in row if s.row == number] for number, row in enumerate(placed) if _says(row, number)]
        return [[Slot(s.cell, s.row, at) for at, s in enumerate(row)] for row in alone]
    return [_slots(row, number, starts) for number, row in enumerate(placed) if _says(row, number)]


def _says(row: list[_Stretch], number: int) -> bool:
    return any(stretch.row == number and stretch.cell.text.strip() for stretch in row)


def _ordered(rows: Iterable[Sequence[Cell]]) -> list[list[Cell]]:
    """The cells by the row and column that they name, else as they come."""
    given = [list(row) for row in rows]
    if not all(cell.row is not None and cell.column is not None for row in given for cell in row):
        return given
    by_row: dict[int, list[Cell]] = {}
    for cell in (cell for row in given for cell in row):
        by_row.setdefault(cell.row or 0, []).append(cell)
    out = list[list[Cell]]()
    for number in sorted(by_row):
        # Rows in which no cell begins are there for the spans that cross them; absurd numbers are not believed.
        out += [[] for _ in range(min(number - len(out), _WIDEST))]
        out.append(sorted(by_row[number], key=lambda cell: cell.column or 0))
    return out


def _stretches(rows: list[list[Cell]]) -> list[list[_Stretch]]:
    """What each row is made of: its own cells, and those from above that reach into it."""
    out, above = list[list[_Stretch]](), list[_Stretch]()
    for number, row in enumerate(rows):
        here = [stretch for stretch in above if stretch.until >= number]
        taken, at, own = iter([*here, None]), 0, list[_Stretch]()
        block = next(taken)
        for cell in row:
            at = max(at, cell.column or 0)
            while block is not None and block.first <= at:
                at = max(at, block.last + 1)
                block = next(taken)
            last = at + max(1, min(cell.colspan, _WIDEST)) - 1
            last = last if block is None else min(last, block.first - 1)
            own.append(_Stretch(at, last, number + max(1, cell.rowspan) - 1, number, cell))
            at = last + 1
        above = sorted([*here, *own], key=lambda stretch: stretch.first)
        out.append(above)
    return out


def _slots(row: list[_Stretch], number: int, starts: list[int]) -> Row:
    out: Row = []
    for stretch in row:
        first, last = bisect_left(starts, stretch.first), bisect_right(starts, stretch.last)
        out += [None] * (first - len(out))
        out += [Slot(stretch.cell, stretch.row, first, stretch.row < number, at > first) for at in range(first, last)]
    return out


def without_superseded(rows: list[Row]) -> tuple[list[Row], list[str]]:
    """The grid without the values that a table itself says were changed, and those values.

    They stand in a column (or row) under 당초 or 변경 전, beside one under 변경 or 변경 후. Where the new value says
    nothing of its own, or only a new end (``~ 5. 8.``), what still holds of the old one stays.
    """
    if not any(slot and _OLD.search(slot.cell.text[:_LONGEST_HEAD].replace(" ", "")) for row in rows for slot in row):
        return rows, []
    by_columns, gone = _outdated(rows)
    if gone:
        return by_columns, gone
    width = max(map(len, rows), default=0)
    turned: list[Row] = [[row[at] if at < len(row) else None for row in rows] for at in range(width)]
    by_rows, gone = _outdated(turned)
    return [[column[at] for column in by_rows][: len(row)] for at, row in enumerate(rows)] if gone else rows, gone


def _outdated(rows: list[Row]) -> tuple[list[Row], list[str]]:
    pairs, out, gone = dict[int, int](), list[Row](), list[str]()
    for row in rows:
        heads, values = _pairs(row)
        pairs = heads or pairs
        out.append(row if heads else _without_old(row, values or pairs, gone))
    return out, gone


def _without_old(row: Row, pairs: dict[int, int], gone: list[str]) -> Row:
    kept = list(row)
    for old, new in pairs.items():
        was, now = (row[at] if at < len(row) else None for at in (old, new))
        if was is None or now is None or was.cell is now.cell or was.from_left:
            continue
        said = was.cell.text.strip()
        stays = _what_stays(said, now.cell.text.strip())
        if stays != said:
            gone += [] if was.from_above else [said[len(stays) :].strip()]
            kept[old] = was._replace(cell=was.cell._replace(text=stays))
    return kept


def _pairs(row: Row) -> tuple[dict[int, int], dict[int, int]]:
    """Old and new by place: the columns, where the row is one of heads; else the values beside two labels of a row."""
    said = [_SQUASH.sub("", slot.cell.text) if slot and len(slot.cell.text) <= _LONGEST_HEAD else "…" for slot in row]
    old = [at for at, words in enumerate(said) if _BEFORE.fullmatch(words)]
    new = [at for at, words in enumerate(said) if _AFTER.fullmatch(words) and at not in old]
    if not old or not new:
        return {}, {}
    pairs = dict(zip(old, new, strict=True)) if len(old) == len(new) else dict.fromkeys(old, new[0])
    if any(letter.isdigit() for words in said for letter in words):
        beside = {first + 1: second + 1 for first, second in pairs.items()}
        return {}, {} if set(beside) & {*old, *new} else beside
    return pairs, {}


def _what_stays(was: str, now: str) -> str:
    """What still holds of an old value beside the new one."""
    if _UNCHANGED.fullmatch(_SQUASH.sub("", now)) or _SQUASH.sub("", was) == _SQUASH.sub("", now):
        return was
    cut = _TILDE.search(was)
    return was[: cut.end()] if cut and _TILDE.match(now) else ""
