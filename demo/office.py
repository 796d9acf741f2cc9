"""Attachments of the sample announcements, as HWPX: the notice with its table, or a form to fill in."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

_NAMES = 'xmlns:hs="http://www.hancom.co.kr/hwpml/2011/section" xmlns:hp="http://www.hancom.co.kr/hwpml/2011/paragraph"'


def hwpx(lines: list[str]) -> bytes:
    """One section; a line with a bar is a row of a table."""
    body = "".join(_table(line) if "|" in line else _paragraph(line) for line in lines)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), "application/hwp+zip")
        section = f'<?xml version="1.0" encoding="UTF-8"?><hs:sec {_NAMES}>{body}</hs:sec>'
        archive.writestr(zipfile.ZipInfo("Contents/section0.xml"), section)
    return out.getvalue()


def _paragraph(text: str) -> str:
    return f"<hp:p><hp:run><hp:t>{escape(text)}</hp:t></hp:run></hp:p>"


def _table(line: str) -> str:
    cells = "".join(
        f"<hp:tc><hp:subList>{_paragraph(cell.strip())}</hp:subList></hp:tc>" for cell in line.strip(" |").split("|")
    )
    return f"<hp:p><hp:run><hp:tbl><hp:tr>{cells}</hp:tr></hp:tbl></hp:run></hp:p>"
