"""Tables that have lost their lines, each cell on a line of its own: their rows, by the kinds of values in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, takewhile
from typing import NamedTuple

_WIDEST, _FEWEST_ROWS, _FEWEST_COLUMNS, _LONGEST_HEAD = 8, 2, 3, 24
_MIXED = 2
# Lines that can be cells: not long, with no bar, and none of the marks of a list.
_RUN = re.compile(
    r"(?:^(?![ \t]*(?:[□■○◦ㅇ※☞▷▶▲*·•-](?=[ \t])|\d{1,2}\.\s|[가-하]\.\s|#))[^\n|]{1,64}\n){6,}", re.MULTILINE
)
# Lines with bars between two or more of their words, none of them at the beginning.
_BARRED = re.compile(r"(?:^[^\n|]{1,80}\|[^\n|]{0,80}\|[^\n]{0,200}\n){3,}", re.MULTILINE)
_LINE = re.compile(r"[^\n]*\n?")
_FIGURE = re.compile(r"\d")
_YEAR = re.compile(r"(?:20\d\d|[’'‘`]\d\d)\s?년?도?|\d\s?차\s?년도?|\(.*?\)")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_MEASURED = re.compile(
    r"(?:(?:최대|총|약|각|[가-힣]{1,3}당)\s?){0,2}\d[\d,.]*\s?(?:[조억천백만]+\s?원?|원|개\s?(?:사|소|과제|팀|기업|컨소시엄)?|명|건|팀|과제|곳|대|[%％]|이내|내외)"
    r".{0,20}|[가-힣]{1,4}\s\d[\d,]*\s?[가-힣]{1,3}"
)
# What heads the column of the labels of rows.
_OF_ROWS = re.compile(
    r"구\s?분|[연순]\s?번|번\s?호|항\s?목|분\s?야|유\s?형|지\s?역|[가-힣]{0,4}\s?(?:사업|과제|품목|기관|기업|과정|트랙|분야)\s?명?"
)
# The head of a table of changes that has lost its lines: what, before, after, each alone on its line, as are the cells.
_HEAD_OF_CHANGES = re.compile(
    r"^[^\S\n]*(?P<what>구\s?분|항\s?목|내\s?용|변경\s?(?:사항|내용|항목))[^\S\n]*\n"
    r"[^\S\n]*(?P<before>당\s?초|기\s?존|종\s?전|현\s?행|변\s?경\s?전)[^\S\n]*\n"
    r"[^\S\n]*(?P<after>(?:변\s?경|정\s?정|연\s?장)(?:\s?[후안])?)[^\S\n]*\n",
    re.MULTILINE,
)
_ROW_OF_CHANGES = re.compile(r"([^\n|]*\S[^\n|]*)\n([^\n|]*\S[^\n|]*)\n([^\n|]*\S[^\n|]*)(?:\n|$)")
_MARKED_LINE = re.compile(r"\s*(?:\d{1,2}\.\s?[가-힣]|[가-하]\.\s|[□■○ㅇ※])")
# The unit of a table, right above it.
_UNIT, _LONGEST_UNIT = re.compile(r"단위\s?[:：]?\s?[가-힣\d]{1,5}원\s?[)）\]]?$"), 24
_SUM = re.compile(r"합\s?계|총\s?계|소\s?계|계")


class Cell(NamedTuple):
    """A cell: its lines from ``start`` to ``end``, with their words in one line."""

    start: int
    end: int
    text: str


def find(text: str) -> dict[int, list[list[Cell]]]:
    """Return the rows of each table, the headers first, by the offset where it begins."""
    tables: dict[int, list[list[Cell]]] = {}
    for run in _RUN.finditer(text):
        cells = list(_cells(text, run.start(), run.end()))
        at = 0
        while at < len(cells):
            rows = _table(cells[at:]) or _row_of_sums(text, cells[at:])
            if rows:
                begin, at = at, at + sum(map(len, rows))
                if at < len(cells) and _SUM.fullmatch(cells[at].text):
                    rows += _total(text, cells[at].start, rows)
                    at = len(cells)
                tables[cells[begin].start] = rows
            else:
                at += 1
    tables |= dict(_of_changes(text))
    return tables | dict(_unbordered(text)) if "|" in text else tables


def _of_changes(text: str) -> Iterator[tuple[int, list[list[Cell]]]]:
    """Yield the tables of changes, which their headers show whatever values they have: what, before and after."""
    for heads in _HEAD_OF_CHANGES.finditer(text):
        rows, at = [_three(heads)], heads.end()
        while (row := _ROW_OF_CHANGES.match(text, at)) and not any(map(_MARKED_LINE.match, row.groups())):
            rows.append(_three(row))
            at = row.end()
        if len(rows) > 1:
            yield rows[0][0].start, rows


def _three(lines: re.Match[str]) -> list[Cell]:
    return [Cell(*lines.span(number), lines[number].strip()) for number in (1, 2, 3)]


def _unbordered(text: str) -> Iterator[tuple[int, list[list[Cell]]]]:
    """Yield the tables whose cells have bars between them, and none at the ends of the lines."""
    for run in _BARRED.finditer(text):
        rows = [
            list(_between_bars(text, line.start(), line.end()))
            for line in _LINE.finditer(text, run.start(), run.end())
            if line[0]
        ]
        first = 0
        while first < len(rows):
            width, last = len(rows[first]), first + 1
            while last < len(rows) and len(rows[last]) == width:
                last += 1
            if last - first > _FEWEST_ROWS and all(cell.text and _is_head(cell.text) for cell in rows[first]):
                yield rows[first][0].start, rows[first:last]
            first = last


def _between_bars(text: str, start: int, end: int) -> Iterator[Cell]:
    line = text[start:end].rstrip("\n")
    at = start
    for words in line.split("|"):
        yield Cell(at, at + len(words), words.strip())
        at += len(words) + 1


def _cells(text: str, start: int, end: int) -> Iterator[Cell]:
    """Yield the lines of a stretch; one in brackets belongs to the one above it."""
    cell: Cell | None = None
    for line in _LINE.finditer(text, start, end):
        words = line[0].strip()
        stop = line.start() + len(line[0].rstrip("\n"))
        if cell and words.startswith("("):
            cell = Cell(cell.start, stop, f"{cell.text} {words}")
            continue
        if cell:
            yield cell
        cell = Cell(line.start(), stop, words) if words else None
    if cell:
        yield cell


def _table(cells: list[Cell]) -> list[list[Cell]]:
    """Return the rows of the widest table that begins with the first of some cells; none if there is none."""
    if not _OF_ROWS.fullmatch(cells[0].text):
        return []
    for width in range(min(_WIDEST, len(cells) // (_FEWEST_ROWS + 1)), 1, -1):
        if not all(_is_head(cell.text) for cell in cells[:width]):
            continue
        rows = [cells[at : at + width] for at in range(0, len(cells) - width + 1, width)]
        rest = cells[len(rows) * width :]
        last = next((number for number, row in enumerate(rows) if _SUM.fullmatch(row[0].text)), len(rows))
        is_whole = not rest or _SUM.fullmatch(rest[0].text) or last < len(rows)
        if is_whole and _is_regular(rows[1:last]):
            return rows[:last]
    return []


def _row_of_sums(text: str, cells: list[Cell]) -> list[list[Cell]]:
    """Return the headers and the only row of a table of sums below a line that states their unit."""
    above = text[max(0, cells[0].start - _LONGEST_UNIT) : cells[0].start].rstrip()
    if not _OF_ROWS.fullmatch(cells[0].text) or not _UNIT.search(above):
        return []
    width = next((at for at, cell in enumerate(cells) if _NUMBER.fullmatch(cell.text)), 0) - 1
    heads, row = cells[:width], cells[width : 2 * width]
    is_full = width > 1 and len(row) == width and all(_NUMBER.fullmatch(cell.text) for cell in row[1:])
    goes_on = len(cells) > 2 * width and _NUMBER.fullmatch(cells[2 * width].text)
    return [heads, row] if is_full and not goes_on and all(_is_head(cell.text) for cell in heads) else []


def _is_head(words: str) -> bool:
    return len(words) <= _LONGEST_HEAD and not _FIGURE.search(_YEAR.sub("", words))


def _is_regular(rows: Sequence[Sequence[Cell]]) -> bool:
    """Return whether all columns, or all rows behind their labels, have values of one kind, some of them figures."""
    if len(rows) < _FEWEST_ROWS:
        return False
    kinds = [[_kind(cell.text) for cell in row] for row in rows]
    columns = [{kind for kind in column if kind} for column in zip(*kinds, strict=True)]
    if "words" not in columns[0] and (len(columns) < _FEWEST_COLUMNS or columns[1] != {"words"}):
        return False
    if all(len(found) < _MIXED for found in columns):
        return {"figure"} in columns
    across = [{kind for kind in row[1:] if kind} for row in kinds]
    is_across = len(columns) >= _FEWEST_COLUMNS and columns[0] == {"words"}
    return is_across and all(len(found) < _MIXED for found in across) and {"figure"} in across


def _kind(words: str) -> str:
    """Return what a cell holds: nothing, a figure or words."""
    if words in ("-", "–", ""):
        return ""
    return "figure" if _NUMBER.fullmatch(words) or _MEASURED.fullmatch(words) else "words"


def _total(text: str, start: int, rows: list[list[Cell]]) -> list[list[Cell]]:
    """Return the row of sums below some rows, whose empty cells are empty lines, or are left out."""
    lines = list(islice(_LINE.finditer(text, start), 3 * _WIDEST))
    cells = [Cell(line.start(), line.start() + len(line[0].rstrip("\n")), line[0].strip()) for line in lines]
    kinds = [{_kind(row[number].text) for row in rows[1:]} for number in range(len(rows[0]))]
    whole = cells[: len(rows[0])]
    if len(whole) == len(rows[0]) and all(
        not cell.text or _kind(cell.text) in found for cell, found in zip(whole[1:], kinds[1:], strict=True)
    ):
        return [whole] if any(cell.text for cell in whole[1:]) else []
    # Of the columns of numbers, each sum belongs to the one that it is the sum of.
    sums = {sum(map(_value, column)): number for number, column in enumerate(zip(*rows[1:], strict=True)) if number}
    blank = Cell(whole[0].end, whole[0].end, "")
    row = [whole[0], *[blank] * (len(rows[0]) - 1)]
    for cell in takewhile(lambda cell: not cell.text or _kind(cell.text) == "figure", cells[1:]):
        if cell.text and (number := sums.get(_value(cell))):
            row[number] = cell
    return [row] if any(cell is not blank for cell in row[1:]) else []


def _value(cell: Cell) -> float:
    """Return the number that a cell begins with, or 0."""
    number = _NUMBER.match(cell.text)
    return float(number[0].replace(",", "")) if number else 0.0
