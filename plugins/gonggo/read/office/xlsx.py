"""XLSX, read row by row by openpyxl; hidden rows, columns and sheets are left out."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from xml.parsers import expat

from openpyxl.reader.excel import ExcelReader
from openpyxl.utils import get_column_letter, range_boundaries

from gonggo.read.grid import Cell
from gonggo.read.office.common import LONGEST_TEXT, ReadResult, RefusedError, open_zip, read_member, table_text

MOST_ROWS, MOST_COLUMNS, MOST_EMPTY = 50_000, 200, 1_000
_MOST_MERGED = 20_000
# So many empty rows separate two tables.
_ROWS_BETWEEN_TABLES = 2
# Parts of a number format: literal text, a currency, alignment, digits, anything else.
_TOKEN = re.compile(
    r'"(?P<words>[^"]{0,80})"|\\(?P<mark>.)|\[\$(?P<money>[^\]-]{0,8})[^\]]{0,20}\]|\[[^\]]{0,40}\]|_.|\*.'
    r"|(?P<digits>[#0?][#0?,]{0,40}(?:\.[#0?]{0,20})?,{0,4})|(?P<other>.)"
)
_NUMBERED = re.compile(r"0{2,4}(?:-0{3,4}){1,2}|0{2,12}")
_GENERAL = "General"


@dataclass
class _Sheet:
    """Hidden rows and columns and merged cells of a sheet."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    formulas_without_value: int = 0


def read(content: bytes) -> ReadResult:
    """Return the visible rows and sheets, each sheet after its name; partial if some of them are left out.

    Numbers and dates are written as the sheet shows them.

    Raises:
        RefusedError: corrupt or too big.
    """
    archive = open_zip(content)
    try:
        reader = ExcelReader(io.BytesIO(content), read_only=True, data_only=True)
        reader.read()
        sheets = [(sheet, relation.target) for sheet, relation in reader.parser.find_sheets()]
    except Exception as error:  # what the library raises on broken parts has no common base
        raise RefusedError("corrupt", f"not a whole XLSX file ({error})") from error
    out, superseded, unread = list[str](), list[str](), dict[str, None]()
    parts = {sheet.name: part for sheet, part in sheets}
    for entry, part in sheets:
        # The library silently skips a sheet whose part is missing.
        if entry.state == "visible" and entry.name not in reader.wb.sheetnames:
            unread[f"damaged: {part} is missing"] = None
    for sheet in reader.wb.worksheets:
        if sheet.sheet_state != "visible":
            continue
        out.append(f"\n{sheet.title}\n")
        layout = _sheet_layout(archive, parts.get(sheet.title, ""))
        try:
            for block in _blocks(sheet, layout, unread):
                out.append(table_text([block], superseded))
        except Exception as error:
            raise RefusedError("corrupt", f"the sheet {sheet.title} is broken ({error})") from error
        if layout.formulas_without_value:
            unread["formulas whose results are not stored"] = None
    if unread:
        return ReadResult("".join(out), "partial", f"left out: {'; '.join(unread)}", tuple(superseded))
    return ReadResult("".join(out), superseded=tuple(superseded))


def _sheet_layout(archive: zipfile.ZipFile, part: str) -> _Sheet:
    """Return the hidden rows and columns and merged cells of a sheet, which the library omits in read-only mode."""
    layout = _Sheet()
    try:
        entry = archive.getinfo(part.lstrip("/"))
    except KeyError:
        return layout
    state = {"formula": False, "value": False, "within": False}

    def start(tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        is_hidden = attributes.get("hidden") in ("1", "true") or "0" in (attributes.get("ht"), attributes.get("width"))
        if name == "row" and is_hidden:
            layout.hidden_rows.add(_number(attributes.get("r")))
        elif name == "col" and is_hidden:
            last = min(_number(attributes.get("max")), MOST_COLUMNS)
            layout.hidden_columns.update(range(_number(attributes.get("min")), last + 1))
        elif name == "mergeCell" and len(layout.merged) < _MOST_MERGED:
            left, top, right, bottom = (edge or 1 for edge in range_boundaries(attributes.get("ref", "")))
            layout.merged[top, left] = (bottom - top + 1, right - left + 1)
        elif name == "c":
            state["formula"] = state["value"] = False
        elif name == "f":
            state["formula"] = True
        state["within"] = name == "v"

    def on_text(text: str) -> None:
        state["value"] = state["value"] or (state["within"] and bool(text.strip()))

    def end(tag: str) -> None:
        state["within"] = False
        if tag.rpartition(":")[2] == "c" and state["formula"] and not state["value"]:
            layout.formulas_without_value += 1

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, on_text
    try:
        parser.Parse(read_member(archive, entry), True)
    except (expat.ExpatError, ValueError) as error:
        raise RefusedError("corrupt", f"{part} is broken ({error})") from error
    return layout


def _number(digits: str | None) -> int:
    return int(digits) if digits and digits.isdecimal() and len(digits) < 8 else 0


def _blocks(sheet: Any, layout: _Sheet, unread: dict[str, None]) -> Iterator[list[Cell]]:
    """Yield the cells of a sheet, split into tables where several rows are empty."""
    block, first, until = list[Cell](), 0, 0
    size = empty = 0
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), 1):
        filled = ((at, cell) for at, cell in enumerate(row, 1) if cell.value is not None)
        cells = [
            cell for cell in (_cell(sheet.title, number, at, cell_value, layout) for at, cell_value in filled) if cell
        ]
        empty = 0 if cells else empty + 1
        size += sum(len(cell.text) for cell in cells)
        if number > MOST_ROWS or empty > MOST_EMPTY or size > LONGEST_TEXT:
            if cells:
                unread[f"rows of {sheet.title} from {number}"] = None
            break
        if empty == _ROWS_BETWEEN_TABLES and number > until:
            yield block
            block, first = [], number
        block += [cell._replace(row=max(0, (cell.row or 0) - first - 1)) for cell in cells]
        until = max([until, *((cell.row or 0) + cell.rowspan - 1 for cell in cells)])
    yield block


def _cell(sheet: str, row: int, column: int, cell: Any, layout: _Sheet) -> Cell | None:
    """Return a visible cell at its first visible row and column; None for a hidden one."""
    rowspan, colspan = layout.merged.get((row, column), (1, 1))
    last_row, last_column = row + rowspan - 1, column + colspan - 1
    first_column = next(
        (first_column for first_column in range(column, last_column + 1) if first_column not in layout.hidden_columns),
        None,
    )
    first_row = next((first_row for first_row in range(row, last_row + 1) if first_row not in layout.hidden_rows), None)
    if first_column is None or first_row is None:
        return None
    location = f"{sheet}!{get_column_letter(column)}{row}"
    return Cell(
        shown(cell.value, cell.number_format or _GENERAL),
        last_row - first_row + 1,
        last_column - first_column + 1,
        first_row,
        first_column - 1,
        location,
    )


def shown(value: Any, code: str) -> str:
    """Return a value as a sheet shows it: a date as 2026-12-11, with a time if it has one; a number by its format."""
    if isinstance(value, datetime):
        day = value.date().isoformat()
        return f"{day} {value:%H:%M}" if value.time() != time() else day
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    return _formatted(value, code) or _plain(value)


def _plain(value: float) -> str:
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else f"{value:.11g}"


def _formatted(value: float, code: str) -> str | None:
    """Format a number by a format of digits, separators, text and percent; return None for other formats."""
    if _NUMBERED.fullmatch(code) and value >= 0:
        # A phone number: its digits in the groups of the format.
        figures = iter(f"{value:0{code.count('0')}.0f}")
        return "".join(next(figures, "") if letter == "0" else letter for letter in code) + "".join(figures)
    sections = code.split(";")
    section = sections[0]
    if value < 0 and len(sections) > 1 and sections[1]:
        section, value = sections[1], -value
    elif value == 0 and len(sections) > 2:
        section = sections[2]
    tokens = list(_TOKEN.finditer(section))
    digits = [token["digits"] for token in tokens if token["digits"]]
    others = "".join(token["other"] or "" for token in tokens)
    if len(digits) != 1 or re.search(r"[^\s%()+\-–₩$€¥원천백만억개명건사과제회점년]", others):
        return None
    number = _digits(value * 100 ** others.count("%"), digits[0])
    names = ("words", "mark", "money", "other")
    parts = (number if token["digits"] else next(filter(None, map(token.group, names)), "") for token in tokens)
    return "".join(parts).strip()


def _digits(value: float, code: str) -> str:
    scaled = value / 1000 ** (len(code) - len(code.rstrip(",")))
    whole, _, decimals = code.rstrip(",").partition(".")
    digits = f"{scaled:{',' if ',' in whole else ''}.{len(decimals)}f}"
    spare = len(decimals) - len(decimals.rstrip("#?"))
    while spare and digits[-1:] == "0":
        digits, spare = digits[:-1], spare - 1
    return digits.rstrip(".") if decimals else digits
