"""Lists in Excel workbooks."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

from gonggo.errors import ChangedError
from gonggo.sources.adapter import Page
from gonggo.sources.refusals import explain

_MOST_BYTES = 64 * 1024 * 1024
_MOST_ROWS = 20_000


def rows_of(page: Page, first_column: str) -> list[dict[str, str]]:
    """Return the rows of the first sheet by the names in its header row, which is the one with ``first_column``.

    Raises:
        ChangedError: It is no workbook, it is too large, or there is no such header row.
    """
    # The import is slow, and only one source needs it.
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(BytesIO(page.content)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
        if size > _MOST_BYTES:
            raise ChangedError(f"{page.url}: the workbook unpacks to {size} bytes; at most {_MOST_BYTES} are read")
        sheet = load_workbook(BytesIO(page.content), read_only=True, data_only=True).worksheets[0]
        table = [[_text(value) for value in row] for row in sheet.iter_rows(max_row=_MOST_ROWS, values_only=True)]
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, IndexError) as error:
        # A refusal or a challenge is a page, whose words make the better message.
        no_workbook = ChangedError(f"{page.url}: expected an Excel workbook, got {page.content[:60]!r}")
        raise explain(page.url, page.text("utf-8"), no_workbook) from error
    header_index = next((index for index, row in enumerate(table) if first_column in row), None)
    if header_index is None:
        raise ChangedError(f"{page.url}: expected a header row with {first_column!r}, got {table[:1]!r}")
    return [dict(zip(table[header_index], row, strict=False)) for row in table[header_index + 1 :] if any(row)]


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()
