"""Attachments of the sample announcements in HWPX or PDF: a notice with its table, or a form to fill in."""

from __future__ import annotations

import io
import zipfile
from itertools import groupby
from xml.sax.saxutils import escape

_NAMES = 'xmlns:hs="http://www.hancom.co.kr/hwpml/2011/section" xmlns:hp="http://www.hancom.co.kr/hwpml/2011/paragraph"'


def hwpx(lines: list[str]) -> bytes:
    """Return an HWPX file with one section; lines with bars are the rows of a table."""
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


# A Korean font that PDF readers have, so that the file need not contain one.
_FONT = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /HYGoThic-Medium /Encoding /UniKS-UTF16-H "
    b"/DescendantFonts [<< /Type /Font "
    b"/Subtype /CIDFontType2 /BaseFont /HYGoThic-Medium /CIDSystemInfo << /Registry (Adobe) /Ordering (Korea1) "
    b"/Supplement 2 >> /DW 1000 /FontDescriptor << /Type /FontDescriptor /FontName /HYGoThic-Medium /Flags 4 "
    b"/FontBBox [0 -200 1000 900] /ItalicAngle 0 /Ascent 900 /Descent -200 /CapHeight 700 /StemV 80 >> >>] >>"
)


def pdf(*pages: list[str]) -> bytes:
    """Return a PDF whose pages have these lines; a page without lines is like a scan, without text."""
    first = 4 + len(pages)
    kids = " ".join(f"{4 + number} 0 R" for number in range(len(pages)))
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    objects += [f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(), _FONT]
    sheet = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> "
    objects += [sheet + b"/Contents %d 0 R >>" % (first + number) for number in range(len(pages))]
    for lines in pages:
        shown = "".join(f"<{line.encode('utf-16-be').hex()}> Tj 0 -16 Td " for line in lines)
        content = f"BT /F1 11 Tf 56 780 Td {shown}ET".encode()
        objects.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content))
    out, offsets = b"%PDF-1.4\n", list[int]()
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start, size = len(out), len(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n%b" % (size, table)
    return out + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, start)
