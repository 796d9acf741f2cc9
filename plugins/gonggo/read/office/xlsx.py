"""XLSX, by openpyxl, row after row."""

from __future__ import annotations

import io

import openpyxl
from openpyxl.utils import get_column_letter

from gonggo.read.office.parts import LONGEST_TEXT, RefusedError, open_zip, row_text

MOST_ROWS, MOST_COLUMNS, MOST_EMPTY = 50_000, 200, 1_000


def read(content: bytes) -> tuple[str, str]:
    """The rows of all sheets, each sheet after its name, and the outcome: ok, or partial where rows were left out.

    Errors:
        RefusedError: corrupt or too big.
    """
    open_zip(content).close()
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except Exception as error:  # what the library raises on broken parts has no common base
        raise RefusedError("corrupt", f"not a whole XLSX file ({error})") from error
    out, size, empty, whole = list[str](), 0, 0, True
    for sheet in book.worksheets:
        out.append(f"\n{sheet.title}\n")
        for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True), 1):
            named = ((f"{get_column_letter(at)}{number}", value) for at, value in enumerate(row, 1))
            cells = {name: str(value) for name, value in named if value is not None}
            empty = 0 if cells else empty + 1
            if number > MOST_ROWS or empty > MOST_EMPTY or size > LONGEST_TEXT:
                whole = whole and not cells
                break
            if cells:
                out.append(row_text([*cells.values()], *(f"{sheet.title}!{cell}" for cell in cells)) + "\n")
                size += len(out[-1])
    return "".join(out), "ok" if whole else "partial"
