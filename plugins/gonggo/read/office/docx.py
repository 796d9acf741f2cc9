"""DOCX, by python-docx."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import docx
from docx.table import Table

from gonggo.read.office.parts import DEEPEST, RefusedError, open_zip, table_text


def read(content: bytes) -> tuple[str, str]:
    """The text with its tables, and the outcome ok.

    Errors:
        RefusedError: corrupt or too big.
    """
    open_zip(content).close()
    try:
        document = docx.Document(io.BytesIO(content))
    except Exception as error:  # what the library raises on broken parts has no common base
        raise RefusedError("corrupt", f"not a whole DOCX file ({error})") from error
    return "".join(_pieces(document, 0)), "ok"


def _pieces(part: Any, depth: int) -> Iterator[str]:
    if depth > DEEPEST:
        raise RefusedError("corrupt", "tables within tables without end")
    for block in part.iter_inner_content():
        if isinstance(block, Table):
            # A merged cell is given once for each column.
            rows = [{id(cell._tc): cell for cell in row.cells}.values() for row in block.rows]
            yield table_text([["".join(_pieces(cell, depth + 1)) for cell in row] for row in rows])
        else:
            yield block.text + "\n"
