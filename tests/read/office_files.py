"""Office files of our own making: HWP 5 record by record, HWPX as XML, PDF, DOCX and XLSX."""

from __future__ import annotations

import io
import itertools
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, NamedTuple

import docx
import openpyxl
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from docx.oxml import parse_xml

Row = list[Any]


class Wide(NamedTuple):
    """A cell that takes several rows or columns."""

    text: str
    rows: int = 1
    columns: int = 1


# What a HWPX holds besides its sections.
PACKAGE = {
    "version.xml": '<?xml version="1.0"?><hv:HCFVersion xmlns:hv="http://www.hancom.co.kr/hwpml/2011/version" tagetApplication="WORDPROCESSOR" major="5" minor="1" micro="0" buildNumber="1" xmlVersion="1.4"/>',
    "META-INF/container.xml": '<?xml version="1.0"?><ocf:container xmlns:ocf="urn:oasis:names:tc:opendocument:xmlns:container"><ocf:rootfiles><ocf:rootfile full-path="Contents/content.hpf" media-type="application/hwpml-package+xml"/></ocf:rootfiles></ocf:container>',
    "Contents/content.hpf": '<?xml version="1.0"?><opf:package xmlns:opf="http://www.idpf.org/2007/opf/"><opf:manifest><opf:item id="header" href="Contents/header.xml" media-type="application/xml"/><opf:item id="section0" href="Contents/section0.xml" media-type="application/xml"/></opf:manifest><opf:spine><opf:itemref idref="header"/><opf:itemref idref="section0"/></opf:spine></opf:package>',
    "Contents/header.xml": '<?xml version="1.0"?><hh:head xmlns:hh="http://www.hancom.co.kr/hwpml/2011/head" version="1.4" secCnt="1"><hh:refList/></hh:head>',
}
FREE, END, FATS = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


HEADER_OF_SHAPES = {
    "Contents/header.xml": '<hh:head xmlns:hh="http://www.hancom.co.kr/hwpml/2011/head" version="1.4" secCnt="1">'
    '<hh:charPr id="0"><hh:strikeout shape="NONE"/></hh:charPr><hh:charPr id="1"><hh:strikeout shape="SOLID"/></hh:charPr>'
    '<hh:charPr id="2"><hh:strikeout shape="3D"/></hh:charPr></hh:head>'
}
# Shapes of letters of a HWP: plain, struck out, and with the line that Hancom does not draw.
SHAPES = (0, 1 << 18, 1 << 18 | 15 << 26)


def hwp(
    paragraphs: list[Any],
    *,
    flags: int = 1,
    preview: str = "",
    distributed: list[Any] | None = None,
    sections: int = 1,
    checksums: bool = False,
    raw: bool = False,
) -> bytes:
    """HWP 5 with one section. A paragraph is a text, a tuple of texts each before its shape of letters, or a table as a
    list of rows of cells (texts, paragraphs or ``Wide``). ``raw`` gives the stream of the section alone."""
    body = b"".join(_paragraph(piece, 0) for piece in paragraphs)
    packed_body = _deflated(body, checksums)
    if raw:
        return packed_body
    return ole_of(packed_body if flags & 1 else body, flags, preview, distributed, sections, checksums)


def ole_of(
    section: bytes,
    flags: int = 1,
    preview: str = "",
    distributed: list[Any] | None = None,
    sections: int = 1,
    checksums: bool = False,
) -> bytes:
    """HWP 5 around the stream of a section."""
    head = b"HWP Document File".ljust(32, b"\0") + struct.pack("<II", 0x05000300, flags)
    tree: dict[str, Any] = {"FileHeader": head.ljust(256, b"\0"), "PrvText": preview.encode("utf-16-le") or b"\0\0"}
    about = record(0x10, 0, struct.pack("<H", sections).ljust(26, b"\0")) + record(0x11, 0, b"\0" * 72)
    about += b"".join(record(0x15, 1, b"\0" * 46 + struct.pack("<I", lines) + b"\0" * 18) for lines in SHAPES)
    tree |= {"DocInfo": _deflated(about, checksums) if flags & 1 else about}
    tree |= {"BodyText": {"Section0": section}}
    if distributed is not None:
        text = _deflated(b"".join(_paragraph(piece, 0) for piece in distributed), False)
        tree |= {"ViewText": {"Section0": enciphered(text)}}
    return ole(tree)


def _deflated(data: bytes, checksum: bool) -> bytes:
    """A stream as Hancom writes it: after it the checksum of what is in it, and its length."""
    stream = zlib.compressobj(9, zlib.DEFLATED, -15)
    out = stream.compress(data) + stream.flush()
    return out + struct.pack("<II", zlib.crc32(data), len(data)) if checksum else out


def enciphered(text: bytes, seed: int = 0x1234567B, key: bytes = b"3\0f\09\0a\0" * 2) -> bytes:
    """A section as files for distribution have it: a record that hides the key, and the text under it."""
    hidden = bytearray(struct.pack("<I", seed).ljust(256, b"\x5a"))
    hidden[4 + (seed & 0xF) : 4 + (seed & 0xF) + 16] = key
    state, place = seed, 0
    while place < 256:
        state = (state * 214013 + 2531011) & 0xFFFFFFFF
        mask = (state >> 16) & 0xFF
        state = (state * 214013 + 2531011) & 0xFFFFFFFF
        for _ in range(((state >> 16) & 0xF) + 1):
            if 4 <= place < 256:
                hidden[place] ^= mask
            place += 1
    cipher = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
    return (
        record(0x1C, 0, bytes(hidden)) + cipher.update(text.ljust(-(-len(text) // 16) * 16, b"\0")) + cipher.finalize()
    )


def record(tag: int, level: int, data: bytes) -> bytes:
    size = len(data)
    if size >= 0xFFF:
        return struct.pack("<II", tag | level << 10 | 0xFFF << 20, size) + data
    return struct.pack("<I", tag | level << 10 | size << 20) + data


def _paragraph(piece: Any, level: int) -> bytes:
    if isinstance(piece, bytes):
        return piece
    if isinstance(piece, str | tuple):
        runs = [(piece, 0)] if isinstance(piece, str) else list(zip(piece[::2], piece[1::2], strict=True))
        text = ("".join(run_text for run_text, _ in runs) + "\r").encode("utf-16-le")
        starts = itertools.accumulate((len(run_text) for run_text, _ in runs), initial=0)
        shapes = b"".join(struct.pack("<II", at, shape) for at, (_, shape) in zip(starts, runs, strict=False))
        header = record(0x42, level, struct.pack("<I", len(text) // 2).ljust(22, b"\0"))
        return header + record(0x43, level + 1, text) + record(0x44, level + 1, shapes)
    header = record(0x42, level, struct.pack("<I", 9).ljust(22, b"\0"))
    control = struct.pack("<H", 11) + b" lbt" + b"\0" * 8 + struct.pack("<H", 11)
    return header + record(0x43, level + 1, control + "\r".encode("utf-16-le")) + _table_body(piece, level + 1)


def _table_body(rows: list[Row], level: int) -> bytes:
    out = record(0x47, level, b" lbt" + b"\0" * 40) + record(0x4D, level + 1, b"\0" * 22)
    for row, column, cell in placed(rows):
        wide = cell if isinstance(cell, Wide) else Wide("")
        place = struct.pack("<HHI", 1, 0, 0) + struct.pack("<HHHH", column, row, wide.columns, wide.rows)
        out += record(0x48, level + 1, place.ljust(47, b"\0"))
        content = wide.text if isinstance(cell, Wide) else cell
        for piece in content if isinstance(content, list) else [content]:
            out += _paragraph(piece, level + 1)
    return out


def placed(rows: list[Row]) -> Iterator[tuple[int, int, Any]]:
    """The cells with the row and column where they begin, beside the spans of others."""
    taken = set[tuple[int, int]]()
    for row, cells in enumerate(rows):
        column = 0
        for cell in cells:
            while (row, column) in taken:
                column += 1
            yield row, column, cell
            if isinstance(cell, Wide):
                taken |= {(row + down, column + across) for down in range(cell.rows) for across in range(cell.columns)}
            taken.add((row, column))


def nested(text: str, depth: int) -> Any:
    """A paragraph within so many tables of one cell."""
    piece: Any = text
    for _ in range(depth):
        piece = [[[piece]]]
    return piece


def ole(tree: dict[str, Any]) -> bytes:
    """A compound file (MS-CFB, version 3) with streams and storages of streams, all in plain sectors and the mini stream."""
    entries: list[dict[str, Any]] = [{"name": "Root Entry", "type": 5, "child": -1, "right": -1, "data": b""}]

    def add(children: dict[str, Any]) -> int:
        places = []
        # Names stand in the order of their length, then of their letters.
        for name, value in sorted(children.items(), key=lambda pair: (len(pair[0]), pair[0].upper())):
            entry = {"name": name, "type": 1 if isinstance(value, dict) else 2, "child": -1, "right": -1, "data": b""}
            entries.append(entry)
            places.append(len(entries) - 1)
            if isinstance(value, dict):
                entry["child"] = add(value)
            else:
                entry["data"] = value
        for one, other in itertools.pairwise(places):
            entries[one]["right"] = other
        return places[0] if places else -1

    entries[0]["child"] = add(tree)
    sectors, fat, mini, mini_fat = list[bytes](), list[int](), b"", list[int]()

    def place(data: bytes) -> int:
        if not data:
            return END
        first = len(sectors)
        parts = [data[at : at + 512].ljust(512, b"\0") for at in range(0, len(data), 512)]
        fat.extend([first + number + 1 for number in range(len(parts) - 1)] + [END])
        sectors.extend(parts)
        return first

    for entry in entries[1:]:
        data = entry["data"]
        if entry["type"] == 2 and len(data) < 4096:
            entry["start"] = len(mini_fat)
            parts = [data[at : at + 64].ljust(64, b"\0") for at in range(0, len(data), 64)]
            mini_fat.extend([len(mini_fat) + number + 1 for number in range(len(parts) - 1)] + [END])
            mini += b"".join(parts)
        elif entry["type"] == 2:
            entry["start"] = place(data)
    entries[0]["data"] = mini
    entries[0]["start"] = place(mini)
    mini_first = place(b"".join(struct.pack("<I", value) for value in mini_fat))
    directory = b"".join(_entry(entry) for entry in entries)
    directory_first = place(directory.ljust(-(-len(directory) // 512) * 512, b"\0"))
    fat_count = 1
    while (len(fat) + fat_count) > fat_count * 128:
        fat_count += 1
    fat_first = len(sectors)
    fat.extend([FATS] * fat_count)
    fat.extend([FREE] * (fat_count * 128 - len(fat)))
    table = b"".join(struct.pack("<I", value) for value in fat)
    difat = [*range(fat_first, fat_first + fat_count)] + [FREE] * (109 - fat_count)
    header = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 16
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<III", 0, fat_count, directory_first) + struct.pack("<II", 0, 4096)
    header += struct.pack("<IIII", mini_first if mini_fat else END, 1 if mini_fat else 0, END, 0)
    header = header + b"".join(struct.pack("<I", value) for value in difat)
    return header + b"".join(sectors) + table


def _entry(entry: dict[str, Any]) -> bytes:
    name = (entry["name"] + "\0").encode("utf-16-le")
    out = name.ljust(64, b"\0") + struct.pack("<HBB", len(name), entry["type"], 1)
    out += struct.pack("<iii", -1, entry["right"], entry["child"]) + b"\0" * 36
    return out + struct.pack("<IQ", entry.get("start", 0) & 0xFFFFFFFF, len(entry["data"]))


def hwpx(body: str, *, path: str = "Contents/section0.xml", more: dict[str, str] | None = None) -> bytes:
    """HWPX with one section of the given XML (in the paragraph namespace ``hp``)."""
    names = (
        'xmlns:hs="http://www.hancom.co.kr/hwpml/2011/section" xmlns:hp="http://www.hancom.co.kr/hwpml/2011/paragraph"'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/hwp+zip")
        archive.writestr(path, f"<?xml version='1.0' encoding='UTF-8'?><hs:sec {names}>{body}</hs:sec>")
        for name, text in (PACKAGE | (more or {})).items():
            archive.writestr(name, text)
    return out.getvalue()


def p(*runs: str) -> str:
    return "<hp:p>" + "".join(f"<hp:run>{run}</hp:run>" for run in runs) + "</hp:p>"


def t(text: str) -> str:
    return f"<hp:t>{text}</hp:t>"


def tbl(rows: list[list[str]]) -> str:
    cells = ["".join(f"<hp:tc><hp:subList>{cell}</hp:subList></hp:tc>" for cell in row) for row in rows]
    return "<hp:tbl>" + "".join(f"<hp:tr>{row}</hp:tr>" for row in cells) + "</hp:tbl>"


def word(paragraphs: list[str], rows: list[list[str]]) -> bytes:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    table = document.add_table(len(rows), len(rows[0]))
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            table.cell(number, column).text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def sheet(rows: list[Row], title: str = "공고") -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    page.title = title
    for row in rows:
        page.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def in_every_format(rows: list[Row]) -> dict[str, bytes]:
    """A table with spans, below a line of text, as each format keeps it."""
    line = "제조 AI 실증 지원사업 사업비"
    across = max(column + (cell.columns if isinstance(cell, Wide) else 1) for _, column, cell in placed(rows))
    document, book = docx.Document(), openpyxl.Workbook()
    document.add_paragraph(line)
    table, page = document.add_table(len(rows), across), book.active
    page.append([line])
    tags, cells = list[str](), [list[str]() for _ in rows]
    spanned = [list[str]() for _ in rows]
    for row, column, cell in placed(rows):
        wide = cell if isinstance(cell, Wide) else Wide(cell)
        last_row, last_column = row + wide.rows - 1, column + wide.columns - 1
        table.cell(row, column).merge(table.cell(last_row, last_column)).text = wide.text
        page.cell(row + 2, column + 1, wide.text)
        page.merge_cells(start_row=row + 2, start_column=column + 1, end_row=last_row + 2, end_column=last_column + 1)
        cells[row].append(f"<td rowspan='{wide.rows}' colspan='{wide.columns}'>{wide.text}</td>")
        spanned[row].append(
            f"<hp:tc><hp:subList>{p(t(wide.text))}</hp:subList><hp:cellAddr colAddr='{column}' rowAddr='{row}'/>"
            f"<hp:cellSpan colSpan='{wide.columns}' rowSpan='{wide.rows}'/></hp:tc>"
        )
    tags = [f"<tr>{''.join(row)}</tr>" for row in cells]
    body = "".join(f"<hp:tr>{''.join(row)}</hp:tr>" for row in spanned)
    word_file, sheet_file = io.BytesIO(), io.BytesIO()
    document.save(word_file)
    book.save(sheet_file)
    return {
        "html": f"<html><body><p>{line}</p><table>{''.join(tags)}</table></body></html>".encode(),
        "hwp": hwp([line, rows]),
        "hwpx": hwpx(p(t(line)) + p(f"<hp:tbl>{body}</hp:tbl>")),
        "docx": word_file.getvalue(),
        "xlsx": sheet_file.getvalue(),
    }


def word_of(xml: str) -> bytes:
    """A DOCX whose body is the given XML (in the namespaces ``w``, ``mc``, ``wps``)."""
    document = docx.Document()
    body = document.element.body
    names = (
        'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    )
    for number, child in enumerate(parse_xml(f"<w:body {names}>{xml}</w:body>")):
        body.insert(number, child)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def packed(content: bytes) -> bytes:
    """A PDF with its streams compressed, as most are."""
    objects = re.findall(rb"\d+ 0 obj\n(.*?)\nendobj\n", content, re.S)
    out, places = content[:9], list[int]()
    for number, body in enumerate(objects, 1):
        stream = re.search(rb"stream\n(.*)\nendstream", body, re.S)
        if stream:
            data = zlib.compress(stream[1])
            body = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (len(data), data)
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    tail = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n%b" % (size, table) + tail


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()
