"""Attachments of the sample announcements, as HWPX: the notice with its table, or a form to fill in."""

from __future__ import annotations

import io
import zipfile
from itertools import groupby
from xml.sax.saxutils import escape

_NAMES = 'xmlns:hs="http://www.hancom.co.kr/hwpml/2011/section" xmlns:hp="http://www.hancom.co.kr/hwpml/2011/paragraph"'


def hwpx(lines: list[str]) -> bytes:
    """One section; lines with bars are the rows of a table."""
    body = "".join(
        _table(list(group)) if is_row else "".join(map(_paragraph, group))
        for is_row, group in groupby(lines, key=lambda line: "|" in line)
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), "application/hwp+zip")
        section = f'<?xml version="1.0" encoding="UTF-8"?><hs:sec {_NAMES}>{body}</hs:sec>'
        archive.writestr(zipfile.ZipInfo("Contents/section0.xml"), section)
    return out.getvalue()


def _paragraph(text: str) -> str:
    return f"<hp:p><hp:run><hp:t>{escape(text)}</hp:t></hp:run></hp:p>"


def _table(lines: list[str]) -> str:
    rows = "".join(f"<hp:tr>{''.join(map(_cell, line.strip(' |').split('|')))}</hp:tr>" for line in lines)
    return f"<hp:p><hp:run><hp:tbl>{rows}</hp:tbl></hp:run></hp:p>"


def _cell(text: str) -> str:
    return f"<hp:tc><hp:subList>{_paragraph(text.strip())}</hp:subList></hp:tc>"
