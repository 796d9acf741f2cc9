"""One table grid for all formats: cells laid out by their spans.

Every position that a cell covers refers to it: its text is repeated in each row that it spans, and positions to its
right are marked as covered. If one column holds values before a change and another the values after it, the old values
are removed and reported as superseded.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

# Tables with more positions than this (through absurd spans) are not expanded: cells stay in the order of the file.
MAX_POSITIONS = 400_000
# Larger spans mean "to the end of the table".
_WIDEST = 2_000
_LONGEST_HEAD = 60
_PUNCTUATION = re.compile(r"[\s()\[\]<>〈〉（）｢｣「」·ㆍ./|:：-]+")
_SUBJECT = "(?:접수|신청|모집|공고|기간|일정|내용|일시|사항|안|된|본)*+"
_CHANGE = "(?:변경|정정|수정|연장|조정|개정)"
_BEFORE = re.compile(
    rf"{_SUBJECT}(?:(?:당초|기존|종전|현행|최초|원안)(?:{_CHANGE}?이?전)?|{_CHANGE}(?:하기|되기)?이?전){_SUBJECT}"
)
_OLD = re.compile(r"당초|기존|종전|현행|최초|원안|[경정장]\S{0,2}\s?전")
_AFTER = re.compile(rf"{_SUBJECT}{_CHANGE}{_SUBJECT}(?:이?후)?{_SUBJECT}")
# Text of the new column if the old value is unchanged.
_UNCHANGED = re.compile(
    r"(?:없음|동일함?|좌동|상동|변경(?:사항)?없음|(?:기존|당초|종전|현행|좌)(?:과|와)?(?:같음|동일함?)|해당없음)?"
)
_TILDE = re.compile(r"[~∼～〜]")


class Cell(NamedTuple):
    """A cell of a file; ``row`` and ``column`` (from 0) and ``location`` are set if the file states them."""

    text: str
    rowspan: int = 1
    colspan: int = 1
    row: int | None = None
    column: int | None = None
    location: str = ""


class Slot(NamedTuple):
    """A position of the grid: the cell that covers it, and the row and column where that cell begins."""

    cell: Cell
    row: int
    column: int
    from_above: bool = False
    from_left: bool = False


Row = list[Slot | None]


class _CellSpan(NamedTuple):
    """The columns that a cell covers in a row, the last row that it reaches, and the row where it begins."""

    first: int
    last: int
    until: int
    row: int
    cell: Cell


def lay_out(rows: Iterable[Sequence[Cell]]) -> list[Row]:
    """Return the grid rows with new text; columns in which no cell begins are merged with the one to the left."""
    spans_by_row = _cell_spans(_in_grid_order(rows))
    starts = sorted({span.first for row in spans_by_row for span in row if span.cell.text.strip()})
    if len(spans_by_row) * len(starts) > MAX_POSITIONS:
        shown_rows = [
            [s for s in row if s.row == number] for number, row in enumerate(spans_by_row) if _has_new_text(row, number)
        ]
        return [[Slot(s.cell, s.row, at) for at, s in enumerate(row)] for row in shown_rows]
    return [_slots_of_row(row, number, starts) for number, row in enumerate(spans_by_row) if _has_new_text(row, number)]


def _has_new_text(row: list[_CellSpan], number: int) -> bool:
    return any(span.row == number and span.cell.text.strip() for span in row)


def _in_grid_order(rows: Iterable[Sequence[Cell]]) -> list[list[Cell]]:
    """Return the cells sorted by the row and column that they state, or else in the order given."""
    rows_as_given = [list(row) for row in rows]
    if not all(cell.row is not None and cell.column is not None for row in rows_as_given for cell in row):
        return rows_as_given
    by_row: dict[int, list[Cell]] = {}
    for cell in (cell for row in rows_as_given for cell in row):
        by_row.setdefault(cell.row or 0, []).append(cell)
    out = list[list[Cell]]()
    for number in sorted(by_row):
        # Rows in which no cell begins exist for the spans that cross them; absurd row numbers are capped.
        out += [[] for _ in range(min(number - len(out), _WIDEST))]
        out.append(sorted(by_row[number], key=lambda cell: cell.column or 0))
    return out


def _cell_spans(rows: list[list[Cell]]) -> list[list[_CellSpan]]:
    """Return the spans of each row: its own cells, and cells from above that reach into it."""
    out, above = list[list[_CellSpan]](), list[_CellSpan]()
    for number, row in enumerate(rows):
        from_above = [span for span in above if span.until >= number]
        occupied, at, own_spans = iter([*from_above, None]), 0, list[_CellSpan]()
        block = next(occupied)
        for cell in row:
            at = max(at, cell.column or 0)
            while block is not None and block.first <= at:
                at = max(at, block.last + 1)
                block = next(occupied)
            last = at + max(1, min(cell.colspan, _WIDEST)) - 1
            last = last if block is None else min(last, block.first - 1)
            own_spans.append(_CellSpan(at, last, number + max(1, cell.rowspan) - 1, number, cell))
            at = last + 1
        above = sorted([*from_above, *own_spans], key=lambda span: span.first)
        out.append(above)
    return out


def _slots_of_row(row: list[_CellSpan], number: int, starts: list[int]) -> Row:
    out: Row = []
    for span in row:
        first, last = bisect_left(starts, span.first), bisect_right(starts, span.last)
        out += [None] * (first - len(out))
        out += [Slot(span.cell, span.row, first, span.row < number, at > first) for at in range(first, last)]
    return out


def remove_superseded(rows: list[Row]) -> tuple[list[Row], list[str]]:
    """Return the grid without values that the table marks as replaced, and those values.

    Old values are in a column (or row) headed 당초 or 변경 전, beside one headed 변경 or 변경 후. If the new value is
    empty or only a new end (``~ 5. 8.``), the part of the old value that is still valid stays.
    """
    if not any(slot and _OLD.search(slot.cell.text[:_LONGEST_HEAD].replace(" ", "")) for row in rows for slot in row):
        return rows, []
    by_columns, superseded = _remove_old_columns(rows)
    if superseded:
        return by_columns, superseded
    width = max(map(len, rows), default=0)
    transposed: list[Row] = [[row[at] if at < len(row) else None for row in rows] for at in range(width)]
    by_rows, superseded = _remove_old_columns(transposed)
    return [
        [column[at] for column in by_rows][: len(row)] for at, row in enumerate(rows)
    ] if superseded else rows, superseded


def _remove_old_columns(rows: list[Row]) -> tuple[list[Row], list[str]]:
    pairs, out, superseded = dict[int, int](), list[Row](), list[str]()
    for row in rows:
        heads, values = _old_and_new_columns(row)
        pairs = heads or pairs
        out.append(row if heads else _remove_old_values(row, values or pairs, superseded))
    return out, superseded


def _remove_old_values(row: Row, pairs: dict[int, int], superseded: list[str]) -> Row:
    remaining = list(row)
    for old_column, new_column in pairs.items():
        old_slot, new_slot = (row[at] if at < len(row) else None for at in (old_column, new_column))
        if old_slot is None or new_slot is None or old_slot.cell is new_slot.cell or old_slot.from_left:
            continue
        old_text = old_slot.cell.text.strip()
        still_valid = _still_valid_part(old_text, new_slot.cell.text.strip())
        if still_valid != old_text:
            superseded += [] if old_slot.from_above else [old_text[len(still_valid) :].strip()]
            remaining[old_column] = old_slot._replace(cell=old_slot.cell._replace(text=still_valid))
    return remaining


def _old_and_new_columns(row: Row) -> tuple[dict[int, int], dict[int, int]]:
    """Return pairs of old and new columns: of the whole table if the row is a heading, else of this row alone."""
    headings = [
        _PUNCTUATION.sub("", slot.cell.text) if slot and len(slot.cell.text) <= _LONGEST_HEAD else "…" for slot in row
    ]
    old = [at for at, words in enumerate(headings) if _BEFORE.fullmatch(words)]
    new = [at for at, words in enumerate(headings) if _AFTER.fullmatch(words) and at not in old]
    if not old or not new:
        return {}, {}
    pairs = dict(zip(old, new, strict=True)) if len(old) == len(new) else dict.fromkeys(old, new[0])
    if any(letter.isdigit() for words in headings for letter in words):
        value_pairs = {first + 1: second + 1 for first, second in pairs.items()}
        return {}, {} if set(value_pairs) & {*old, *new} else value_pairs
    return pairs, {}


def _still_valid_part(old_value: str, new_value: str) -> str:
    """Return the part of an old value that is still valid beside the new one."""
    if _UNCHANGED.fullmatch(_PUNCTUATION.sub("", new_value)) or _PUNCTUATION.sub("", old_value) == _PUNCTUATION.sub(
        "", new_value
    ):
        return old_value
    tilde = _TILDE.search(old_value)
    return old_value[: tilde.end()] if tilde and _TILDE.match(new_value) else ""
