"""Tables with lines or with columns separated by spaces: the headers of the row and column of a figure."""

from __future__ import annotations

import re
from typing import NamedTuple

from gonggo.extract.doc import Doc

_BORDER = re.compile(r"[\s\-─━═┌┐└┘├┤┬┴┼┏┓┗┛┣┫┳┻╋+|│┃]+")
_DRAWN = re.compile(r"[│┃]")
# Columns that a line parts without a frame: 구분 | 목표 | 실적, and in three columns or more 구분 / 이용 경험 / 만족도.
_PIPED, _SLASHED = re.compile(r"\s\|\s"), re.compile(r"\s/\s")
_SPACED = re.compile(r"\s{2,}|\t")
_MOST_ROWS, _LONGEST_CAPTION, _LONGEST_ROW = 30, 44, 160
_FIGURE = re.compile(r"\d")
# What a row is named by, not a unit or another figure of it.
_NAME = re.compile(r"[가-힣A-Za-z]{2}|^$")
_FIRST_CELL = re.compile(r"\|(?P<name>[^|\n]{0,60}[가-힣A-Za-z]{2}[^|\n]{0,60})\|")
_OF_A_HEAD = re.compile(r"(?:20)?\d\d\s?년(?:도)?|20\d\d|\(.*?\)|\d\s?(?:차|단계|분기)")


# A row with its label, whose figures a single space parts.
_ROW = re.compile(
    r"[ \t]*(?P<label>[^\n|│┃]*?[가-힣A-Za-z)][^\n|│┃\d]*?)(?P<figures>(?:[ \t]+(?:\d[\d,.]*%?|-)){2,})"
    r"[ \t]*(?P<remark>[가-힣]{1,6})?(?=\n|$)"
)
_YEARS = re.compile(r"(?:[ \t]+20\d\d)+")
# Most lines have no such figures, which is found out sooner than that they are no row.
_FIGURES = re.compile(r"(?:[ \t]+(?:\d[\d,.]*%?|-)){2}")


# What a row or a column of sums of the others is called.
_OF_ALL = re.compile(r"(?:합\s?계|총\s?계|소\s?계|계|총\s?액|총\s?(?:사업|연구|개발)비|전\s?체)(?:\s?\([^()]{0,12}\))?")


class Heads(NamedTuple):
    """The headers of row and column, and the line above the table."""

    row: str
    column: str
    caption: str


class _Cell(NamedTuple):
    start: int
    end: int
    text: str


def sums_up(head: str) -> bool:
    """Return whether the header of a row or column marks totals."""
    return bool(_OF_ALL.fullmatch(head.strip()))


def heads(doc: Doc, offset: int) -> Heads | None:
    """Return the headers of the table cell at ``offset``; None if it is not in a table."""
    block = doc.layout.at(offset)
    if block and (block.column or block.row):
        caption = block.caption if len(block.caption) <= _LONGEST_CAPTION else ""
        row = block.row if _NAME.search(block.row) else _first_cell(doc.text, offset) or block.row
        return Heads(row, block.column, caption)
    start = doc.text.rfind("\n", 0, offset) + 1
    if (flat := _flat(doc.text, start, offset)) is not None:
        return flat
    cells = _cells(doc.text, start)
    number = next((at for at, cell in enumerate(cells) if cell.start <= offset < cell.end), 0)
    if len(cells) < 2 or number == 0:
        return None
    rows = _above(doc.text, start, len(cells))
    first = next((row for row in reversed(rows) if len(row) == len(cells)), None)
    if first is None or not _names(first):
        return None
    return Heads(cells[0].text, first[number].text, _caption(doc.text, first[0].start))


def _first_cell(text: str, offset: int) -> str:
    """Return the first cell of a row with lines, where that before a figure is its unit: |정확도|%|78|92|."""
    line = text.rfind("\n", 0, offset) + 1
    first = _FIRST_CELL.match(text, line, offset)
    return first["name"].strip() if first else ""


def _flat(text: str, start: int, offset: int) -> Heads | None:
    """Return the headers in a table with single spaces between columns: 섬유 1.2% 2.9% under 구분 2022년 2025년."""
    end = text.find("\n", offset)
    end = end if end >= 0 else len(text)
    if text[offset - 1 : offset] not in (" ", "\t") or end - start > _LONGEST_ROW:
        return None
    if not _FIGURES.search(text, start, end):
        return None
    row = _ROW.match(text, start)
    if row is None or offset < row.start("figures"):
        return None
    width = len(row["figures"].split())
    number = len(text[row.start("figures") : offset].split())
    at, above = start, 0
    while at > 0 and above < _MOST_ROWS:
        at, end, above = text.rfind("\n", 0, at - 1) + 1, at - 1, above + 1
        same = _ROW.match(text, at)
        if same and len(same["figures"].split()) == width and not _YEARS.fullmatch(same["figures"]):
            continue
        names = text[at:end].split()
        if row["remark"] and len(names) == width + 2:
            names.pop()
        if len(names) != width + 1 or _FIGURE.search(_OF_A_HEAD.sub("", text[at:end])):
            return None
        return Heads(row["label"].strip(), names[number - width], _caption(text, at))
    return None


def _above(text: str, start: int, width: int) -> list[list[_Cell]]:
    """Return the rows of the same table above a line, the nearest first."""
    out: list[list[_Cell]] = []
    at = start
    while at > 0 and len(out) < _MOST_ROWS:
        at = text.rfind("\n", 0, at - 1) + 1
        line = text[at : text.find("\n", at)]
        if line.strip() and _BORDER.fullmatch(line):
            continue
        cells = _cells(text, at)
        if len(cells) != width:
            break
        out.append(cells)
    return out


def _cells(text: str, start: int) -> list[_Cell]:
    end = text.find("\n", start)
    end = len(text) if end < 0 else end
    line = text[start:end]
    if _DRAWN.search(line):
        gap, inner = _DRAWN, line.strip().strip("│┃")
        begin = start + line.index(inner) if inner else start
    else:
        gap, inner = _gap(line), line.strip()
        begin = start + len(line) - len(line.lstrip())
    out, at = [], 0
    for cut in [*gap.finditer(inner), None]:
        stop = cut.start() if cut else len(inner)
        out.append(_Cell(begin + at, begin + stop, inner[at:stop].strip()))
        at = cut.end() if cut else stop
    return out


def _gap(line: str) -> re.Pattern[str]:
    """Return what parts the cells of a line without a frame."""
    if " | " in line:
        return _PIPED
    return _SLASHED if line.count(" / ") > 1 else _SPACED


def _names(row: list[_Cell]) -> bool:
    """Return whether a row has the headers of columns: it has no figures except years."""
    return not any(_FIGURE.search(_OF_A_HEAD.sub("", cell.text)) for cell in row)


def _caption(text: str, start: int) -> str:
    """Return the last line with words above a table."""
    above = text[max(0, start - 200) : start].rstrip().rsplit("\n", 1)[-1]
    while above and _BORDER.fullmatch(above):
        above = text[max(0, start - 400) : start].rstrip("─━═┌┐┬┏┓┳+|│┃- \n").rsplit("\n", 1)[-1]
        break
    return above.strip() if len(above.strip()) <= _LONGEST_CAPTION else ""
