"""Files out of descriptions: one table in each format, documents piece by piece, and what damages them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from datetime import datetime
from html import escape
from typing import Any, Literal

import openpyxl
from openpyxl.utils import get_column_letter
from pydantic import Field, model_validator

from attacks.model import Format, Strict
from demo.office import pdf
from tests.read.office_files import hwp, hwpx, p, record, t, zipped

# Cells of a grid that another one covers: the one to the left, the one above.
LEFT, ABOVE = "<", "^"
A_PAGE = 40
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATED = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
Grid = Sequence[Sequence[str]]


class Sheet(Strict):
    """A sheet: rows of cells (numbers from 1 of what is hidden), and ranges that are one cell."""

    name: str = "공고"
    rows: list[list[str | int | float | None]]
    state: Literal["visible", "hidden", "veryHidden"] = "visible"
    hidden_rows: list[int] = []
    hidden_columns: list[str] = []
    merged: list[str] = []
    days: list[str] = []  # cells whose ISO text is a day, with a format of days


class FileSpec(Strict):
    """A file. ``lines`` are paragraphs, ``grid`` a table after them; ``xml`` is the body of a DOCX or HWPX as it is."""

    format: Format
    lines: list[str] = []
    grid: list[list[str]] = []
    xml: str | None = None
    parts: dict[str, str] = {}
    sheets: list[Sheet] = []
    members: dict[str, FileSpec] = {}
    glyphs: Literal["mapped", "unmapped"] = "mapped"

    def content(self) -> bytes:
        """The bytes of the file."""
        makers: dict[str, Callable[[], bytes]] = {
            "html": self._html,
            "hwp": lambda: hwp([*self.lines, *([_hwp_table(self.grid)] if self.grid else [])]),
            "hwpx": lambda: hwpx(self.xml if self.xml is not None else self._hwpx_body()),
            "docx": lambda: docx(self.xml if self.xml is not None else self._docx_body(), self.parts),
            "xlsx": lambda: xlsx(self.sheets or [self._sheet()]),
            "pdf": lambda: pdf(*_sheets(self.lines)) if self.glyphs == "mapped" else unmapped_pdf(self.lines),
            "zip": lambda: zipped({name: spec.content() for name, spec in self.members.items()}),
        }
        return makers[self.format]()

    def _html(self) -> bytes:
        lines = "".join(f"<p>{escape(line)}</p>" for line in self.lines)
        return f"<html><body>{lines}{_html_table(self.grid)}{self.xml or ''}</body></html>".encode()

    def _hwpx_body(self) -> str:
        table = f"<hp:tbl>{''.join(_rows(self.grid, _hwpx_cell, 'hp:tr'))}</hp:tbl>" if self.grid else ""
        return "".join(p(t(escape(line))) for line in self.lines) + (p(table) if table else "")

    def _docx_body(self) -> str:
        lines = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in self.lines)
        return lines + (_docx_table(self.grid) if self.grid else "")

    def _sheet(self) -> Sheet:
        rows: list[list[str | int | float | None]] = [[line] for line in self.lines]
        rows += [[None if cell in (LEFT, ABOVE) else cell for cell in row] for row in self.grid]
        spans = [
            f"{get_column_letter(x + 1)}{y + 1 + len(self.lines)}:"
            f"{get_column_letter(x + wide)}{y + high + len(self.lines)}"
            for x, y, wide, high in spans_of(self.grid)
            if wide > 1 or high > 1
        ]
        return Sheet(rows=rows, merged=spans)


class Damage(Strict):
    """What happens to a file; places and lengths are shares of it. ``directory`` is a byte of a ZIP's directory."""

    cut: float | None = Field(default=None, gt=0, lt=1)
    flip: float | None = Field(default=None, ge=0, lt=1)
    zero: tuple[float, float] | None = None
    lose: tuple[float, float] | None = None
    add: str | None = None
    directory: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _one(self) -> Damage:
        if len(self.model_fields_set) != 1:
            raise ValueError("name one of cut, flip, zero, lose, add, directory")
        return self

    @property
    def name(self) -> str:
        """The damage as part of a name."""
        (kind,) = self.model_fields_set
        value = getattr(self, kind)
        at = value[0] if isinstance(value, tuple) else value
        if isinstance(at, str | int):
            return kind if isinstance(at, str) else f"{kind}{at}"
        return f"{kind}{at:g}".replace(".", "_")

    def done_to(self, content: bytes) -> bytes:
        """The bytes after it."""
        size = len(content)
        if self.cut is not None:
            return content[: int(size * self.cut)]
        if self.flip is not None or self.directory is not None:
            at = int(size * self.flip) if self.flip is not None else directory_of(content) + (self.directory or 0)
            return content[:at] + bytes([content[at] ^ 0x5A]) + content[at + 1 :]
        if self.add is not None:
            return content + self.add.encode("latin-1")
        start, end = (int(size * share) for share in self.zero or self.lose or (0, 0))
        return content[:start] + (b"\0" * (end - start) if self.zero else b"") + content[end:]


def _sheets(lines: Sequence[str]) -> list[list[str]]:
    """Lines by pages: what would stand below a page is not on it."""
    return [list(lines[at : at + A_PAGE]) for at in range(0, len(lines), A_PAGE)]


def spans_of(grid: Grid) -> list[tuple[int, int, int, int]]:
    """Column, row, width and height of each cell of a grid that none other covers."""
    found = []
    for y, row in enumerate(grid):
        for x, cell in enumerate(row):
            if cell in (LEFT, ABOVE):
                continue
            wide = 1
            while x + wide < len(row) and row[x + wide] == LEFT:
                wide += 1
            high = 1
            while y + high < len(grid) and grid[y + high][x] == ABOVE:
                high += 1
            found.append((x, y, wide, high))
    return found


def _rows(grid: Grid, cell: Any, tag: str) -> list[str]:
    """The rows of a table in markup, covered cells left out."""
    places = spans_of(grid)
    return [
        f"<{tag}>{''.join(cell(grid[y][x], x, y, w, h) for x, y, w, h in places if y == number)}</{tag}>"
        for number in range(len(grid))
    ]


def _html_table(grid: Grid) -> str:
    def cell(text: str, x: int, y: int, wide: int, high: int) -> str:
        return f'<td colspan="{wide}" rowspan="{high}">{escape(text)}</td>'

    return f"<table>{''.join(_rows(grid, cell, 'tr'))}</table>" if grid else ""


def _hwpx_cell(text: str, x: int, y: int, wide: int, high: int) -> str:
    place = f'<hp:cellAddr colAddr="{x}" rowAddr="{y}"/><hp:cellSpan colSpan="{wide}" rowSpan="{high}"/>'
    return f"<hp:tc><hp:subList>{p(t(escape(text)))}</hp:subList>{place}</hp:tc>"


def _docx_table(grid: Grid) -> str:
    """A table as Word writes it: a covered cell below another is there, and says that it goes on."""
    rows = []
    for y, row in enumerate(grid):
        cells = []
        for x, text in enumerate(row):
            if text == LEFT:
                continue
            wide = next((w for px, py, w, _ in spans_of(grid) if (px, py) == (x, y)), 1)
            high = next((h for px, py, _, h in spans_of(grid) if (px, py) == (x, y)), 1)
            spans = f'<w:gridSpan w:val="{wide}"/>' if wide > 1 else ""
            spans += "<w:vMerge/>" if text == ABOVE else '<w:vMerge w:val="restart"/>' if high > 1 else ""
            shown = "" if text == ABOVE else f"<w:r><w:t>{escape(text)}</w:t></w:r>"
            cells.append(f"<w:tc><w:tcPr>{spans}</w:tcPr><w:p>{shown}</w:p></w:tc>")
        rows.append(f"<w:tr>{''.join(cells)}</w:tr>")
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def _hwp_table(grid: Grid) -> bytes:
    """A paragraph of HWP with a table, its cells with their places and spans."""
    control = struct.pack("<H", 11) + b" lbt" + b"\0" * 8 + struct.pack("<H", 11)
    out = record(0x42, 0, b"\0" * 22) + record(0x43, 1, control + "\r".encode("utf-16-le"))
    out += record(0x47, 1, b" lbt" + b"\0" * 40)
    counts = struct.pack("<IHH", 0, len(grid), len(grid[0])) + b"\0" * 10
    out += record(0x4D, 2, counts + struct.pack(f"<{len(grid)}H", *(len(row) for row in grid)) + b"\0" * 4)
    for x, y, wide, high in spans_of(grid):
        place = struct.pack("<HHI", 1, 0, 0) + struct.pack("<HHHH", x, y, wide, high)
        out += record(0x48, 2, place.ljust(47, b"\0")) + record(0x42, 2, b"\0" * 22)
        out += record(0x43, 3, (grid[y][x] + "\r").encode("utf-16-le"))
    return out


def docx(body: str, parts: dict[str, str] | None = None) -> bytes:
    """A DOCX with this body (names of WordprocessingML under ``w``)."""
    names = (
        f'xmlns:w="{_WORD}" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:v="urn:schemas-microsoft-com:vml" '
        'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
    )
    types, rels = "http://schemas.openxmlformats.org/package/2006/content-types", "relationships+xml"
    members = {
        "[Content_Types].xml": f'<Types xmlns="{types}">'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.{rels}"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_MAIN}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_RELATED}">'
        f'<Relationship Id="rId1" Type="{_OFFICE}" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f"<w:document {names}><w:body>{body}<w:sectPr/></w:body></w:document>",
    }
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return zipped({name: (head + text).encode() for name, text in (members | (parts or {})).items()})


def xlsx(sheets: Sequence[Sheet]) -> bytes:
    """A workbook of sheets, some of it hidden."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        made = book.create_sheet(sheet.name)
        for row in sheet.rows:
            made.append(row)
        made.sheet_state = sheet.state
        for number in sheet.hidden_rows:
            made.row_dimensions[number].hidden = True
        for letter in sheet.hidden_columns:
            made.column_dimensions[letter].hidden = True
        for where in sheet.merged:
            made.merge_cells(where)
        for where in sheet.days:
            made[where].value = datetime.fromisoformat(made[where].value)
            made[where].number_format = "yyyy-mm-dd"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def unmapped_pdf(lines: Sequence[str]) -> bytes:
    """A PDF whose letters are numbers of glyphs, with nothing that says which letters they are."""
    numbers = {letter: 40 + at for at, letter in enumerate(sorted(set("".join(lines))))}
    shown = "".join(
        f"<{b''.join(struct.pack('>H', numbers[letter]) for letter in line).hex()}> Tj 0 -16 Td " for line in lines
    )
    content = zlib.compress(f"BT /F1 11 Tf 56 780 Td {shown}ET".encode())
    font = (
        b"<< /Type /Font /Subtype /Type0 /BaseFont /ABCDEF+Haeparang /Encoding /Identity-H /DescendantFonts [<< /Type "
        b"/Font /Subtype /CIDFontType2 /BaseFont /ABCDEF+Haeparang /CIDSystemInfo << /Registry (Adobe) /Ordering "
        b"(Identity) /Supplement 0 >> /DW 1000 /FontDescriptor << /Type /FontDescriptor /FontName /ABCDEF+Haeparang "
        b"/Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0 /Ascent 900 /Descent -200 /CapHeight 700 /StemV 80 >> "
        b">>] >>"
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
        font,
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> "
        b"/Contents 5 0 R >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (len(content), content),
    ]
    out, places = b"%PDF-1.5\n", list[int]()
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start, size = len(out), len(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n%b" % (size, table)
    return out + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, start)


def directory_of(content: bytes) -> int:
    """The place of a ZIP's directory in it."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.start_dir
