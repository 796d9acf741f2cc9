"""HWP 5: records in the streams of an OLE file, by Hancom's published description of the format (revision 1.3)."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

import olefile

from gonggo.read.grid import Cell
from gonggo.read.office.common import DEEPEST, ReadResult, RefusedError, inflate, table_text

DOCUMENT_PROPERTIES, CHAR_SHAPE, DISTRIBUTE_DATA = 0x10, 0x15, 0x1C
PARA_HEADER, PARA_TEXT, PARA_CHAR_SHAPE, CTRL_HEADER, LIST_HEADER, TABLE = 0x42, 0x43, 0x44, 0x47, 0x48, 0x4D
# Offset of the line flags in a character shape, and the form of a strikeout line that is not drawn.
_LINES_AT, _NOT_DRAWN = 46, 15
COMPRESSED, ENCRYPTED, DISTRIBUTION = 0x01, 0x02, 0x04
MOST_RECORDS = 4_000_000
# Control characters of PARA_TEXT: these take one unit, all other codes below 32 take eight.
_SINGLE = {0, 10, 13, *range(24, 32)}
# Of those with eight units, these stand for controls, which follow in the record tree in the same order.
_EXTENDED = {1, 2, 3, 11, 12, 14, 15, 16, 17, 18, 21, 22, 23}
_AS_TEXT = {9: "\t", 10: "\n", 24: "-", 30: " ", 31: " "}
# Controls that are not part of the text: headers, footers, hidden comments.
_LETTER = re.compile(r"[^\W_]")
_NOT_TEXT = {b"head", b"foot", b"tcmt"}


@dataclass
class Record:
    """One record and the records below it."""

    tag: int
    data: bytes
    level: int = 0
    children: list[Record] = field(default_factory=list)


def read(content: bytes) -> ReadResult:
    """Return the text with its tables; struck-out text is superseded.

    Tracked changes are not recognised, because the description of the format does not cover them. The result is partial
    if the file is truncated, or if only Hancom's preview of a distribution file can be read.

    Raises:
        RefusedError: encrypted or corrupt.
    """
    try:
        ole = olefile.OleFileIO(io.BytesIO(content))
        flags = struct.unpack_from("<I", ole.openstream("FileHeader").read(40), 36)[0]
    except (OSError, struct.error, IndexError, ValueError) as error:
        raise RefusedError("corrupt", f"not a whole HWP file ({error})") from error
    if flags & ENCRYPTED:
        raise RefusedError("encrypted", "the file needs a password")
    if not flags & DISTRIBUTION:
        return Reader(ole, flags).text("BodyText")
    # A distribution file: BodyText holds only a notice, the text is in ViewText, encrypted with a key stored there.
    try:
        return Reader(ole, flags).text("ViewText")
    except RefusedError as error:
        return ReadResult(_preview(ole), "partial", f"only the preview of a file for distribution: {error}")


class Reader:
    """Reads one file; collects its struck-out character shapes and the damage that it finds."""

    def __init__(self, ole: olefile.OleFileIO, flags: int) -> None:
        self.ole, self.flags = ole, flags
        self.damage: dict[str, None] = {}
        self.superseded: list[str] = []
        self.struck: set[int] = set()
        self.sections = 0
        self._read_properties()

    def text(self, storage: str) -> ReadResult:
        names = _sections(self.ole, storage)
        text = "\n".join(self._section(f"{storage}/{name}") for name in names)
        missing = max(self.sections, int(names[-1][7:]) + 1) - len(names)
        if missing > 0:
            self.damage[f"{missing} sections of the text are missing"] = None
        superseded = tuple(self.superseded)
        if self.damage:
            return ReadResult(text, "partial", f"damaged: {'; '.join(self.damage)}", superseded)
        return ReadResult(text, superseded=superseded)

    def _read_properties(self) -> None:
        """Read the number of sections and the character shapes that are struck out."""
        try:
            records = _records(self._stream("DocInfo", self.flags & COMPRESSED), self.damage, "DocInfo")
        except RefusedError as error:
            self.damage[f"what is struck out is not known ({error})"] = None
            return
        shapes = 0
        for record in records:
            if record.tag == DOCUMENT_PROPERTIES and len(record.data) >= 2:
                self.sections = struct.unpack_from("<H", record.data)[0]
            elif record.tag == CHAR_SHAPE:
                lines = struct.unpack_from("<I", record.data, _LINES_AT)[0] if len(record.data) >= _LINES_AT + 4 else 0
                if lines >> 18 & 7 and lines >> 26 & 15 != _NOT_DRAWN:
                    self.struck.add(shapes)
                shapes += 1

    def _stream(self, name: str, compressed: int) -> bytes:
        try:
            data: bytes = self.ole.openstream(name).read()
            size = self.ole.get_size(name)
        except (OSError, IndexError, ValueError) as error:
            raise RefusedError("corrupt", f"{name} is broken ({error})") from error
        whole = len(data) >= size
        if self.flags & DISTRIBUTION and name.startswith("ViewText"):
            data = _decrypted(data)
        if compressed:
            data, ended = inflate(data)
            whole = whole and ended
        if not whole:
            self.damage[f"{name} breaks off"] = None
        return data

    def _section(self, name: str) -> str:
        data = self._stream(name, self.flags & COMPRESSED)
        out = list[str]()
        for record in _tree(_records(data, self.damage, name)):
            out += self._paragraph(record, 0)
        return "".join(out)

    def _paragraph(self, record: Record, depth: int) -> Iterator[str]:
        """Yield the text of a paragraph, with its tables and boxes in their position."""
        if depth > DEEPEST:
            raise RefusedError("corrupt", "tables are nested too deep")
        controls = iter([part for part in record.children if part.tag == CTRL_HEADER])
        text = b"".join(part.data for part in record.children if part.tag == PARA_TEXT)
        stated_length = struct.unpack_from("<I", record.data)[0] & 0x7FFFFFFF if len(record.data) >= 4 else 0
        if stated_length > 1 and len(text) // 2 < stated_length:
            self.damage["a paragraph is not whole"] = None
        removed = ""
        for run, is_struck in _characters(text, self._strike_changes(record)):
            if is_struck and run is not None:
                removed += run
                continue
            yield self._flush_removed(removed)
            removed = ""
            if run is None:
                control = next(controls, None)
                yield from self._control_text(control, depth) if control else ()
            else:
                yield run
        yield self._flush_removed(removed)
        for control in controls:
            yield from self._control_text(control, depth)
        yield "\n"

    def _strike_changes(self, record: Record) -> list[tuple[int, bool]]:
        """Return the positions in a paragraph where striking out begins or ends."""
        if not self.struck:
            return []
        data = next((part.data for part in record.children if part.tag == PARA_CHAR_SHAPE), b"")
        return [
            (position, shape in self.struck)
            for position, shape in struct.iter_unpack("<II", data[: len(data) // 8 * 8])
        ]

    def _flush_removed(self, removed: str) -> str:
        """Record struck-out text as superseded; return it if it is punctuation alone (a struck bullet)."""
        if not _LETTER.search(removed):
            return removed
        self.superseded.append(removed)
        return ""

    def _control_text(self, record: Record, depth: int) -> Iterator[str]:
        kind = record.data[:4][::-1]
        if kind == b"tbl ":
            yield from self._table(record, depth + 1)
        elif kind not in _NOT_TEXT:
            # Text boxes of drawings, notes: their paragraphs at any depth.
            yield from self._boxes(record, depth + 1)

    def _boxes(self, record: Record, depth: int) -> Iterator[str]:
        if depth > DEEPEST:
            raise RefusedError("corrupt", "boxes are nested too deep")
        for part in record.children:
            if part.tag == PARA_HEADER:
                yield "\n"
                yield from self._paragraph(part, depth)
            else:
                yield from self._boxes(part, depth + 1)

    def _table(self, record: Record, depth: int) -> Iterator[str]:
        """Yield the caption, then the rows; a cell is a LIST_HEADER with the paragraphs that follow it."""
        cells, texts = list[Cell](), list[list[str]]()
        has_table_record = False
        for part in record.children:
            if part.tag == TABLE:
                has_table_record = True
            elif part.tag == LIST_HEADER and has_table_record:
                column, row, colspan, rowspan = struct.unpack_from("<HHHH", part.data.ljust(16, b"\0"), 8)
                if len(part.data) < 16:
                    column, row, colspan, rowspan = 0, len(cells), 1, 1
                cells.append(Cell("", max(1, rowspan), max(1, colspan), row, column))
                texts.append([])
            elif part.tag == PARA_HEADER:
                paragraph_text = self._paragraph(part, depth)
                if texts:
                    texts[-1] += paragraph_text
                else:
                    yield from paragraph_text
        filled = [
            cell._replace(text="".join(paragraph_text)) for cell, paragraph_text in zip(cells, texts, strict=True)
        ]
        yield table_text([filled], self.superseded)


def _sections(ole: olefile.OleFileIO, storage: str) -> list[str]:
    names = [entry[1] for entry in ole.listdir() if len(entry) == 2 and entry[0] == storage]
    names_in_order = sorted(
        (name for name in names if name[:7] == "Section" and name[7:].isdigit()), key=lambda n: int(n[7:])
    )
    if not names_in_order:
        raise RefusedError("corrupt", "the file has no text")
    return names_in_order


def _decrypted(data: bytes) -> bytes:
    """Decrypt a section of a distribution file. Its first record contains the key of the rest (AES-128, ECB).

    The record's 256 bytes are a seed and bytes that are XORed with runs of a pseudo-random sequence; Hancom published
    the scheme together with the format.
    """
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    if len(data) < 4 + 256 or struct.unpack_from("<I", data)[0] & 0x3FF != DISTRIBUTE_DATA:
        raise RefusedError("corrupt", "a section for distribution without its key")
    hidden = bytearray(data[4 : 4 + 256])
    seed = state = struct.unpack_from("<I", hidden)[0]
    run_left = mask = 0
    for offset in range(256):
        if not run_left:
            state = (state * 214013 + 2531011) & 0xFFFFFFFF
            mask = state >> 16 & 0xFF
            state = (state * 214013 + 2531011) & 0xFFFFFFFF
            run_left = (state >> 16 & 0xF) + 1
        if offset >= 4:
            hidden[offset] ^= mask
        run_left -= 1
    start = 4 + (seed & 0xF)
    cipher = Cipher(algorithms.AES(bytes(hidden[start : start + 16])), modes.ECB()).decryptor()  # noqa: S305 (theirs)
    encrypted = data[4 + 256 :]
    return cipher.update(encrypted[: len(encrypted) // 16 * 16]) + cipher.finalize()


def _preview(ole: olefile.OleFileIO) -> str:
    """Return the first page or so, which Hancom stores unencrypted even in distribution files."""
    try:
        text: str = ole.openstream("PrvText").read().decode("utf-16-le", "replace")
    except OSError as error:
        raise RefusedError("encrypted", "a file for distribution without a preview") from error
    # A row of the preview is <cell><cell>.
    return text.replace("><", " | ").replace("<", "\n").replace(">", "\n")


def _records(data: bytes, damage: dict[str, None], name: str) -> list[Record]:
    """Return the records of a stream in order; a truncated stream is added to ``damage``.

    Raises:
        RefusedError: the stream is damaged in another way.
    """
    out, offset, level = list[Record](), 0, -1
    breaks_off = f"{name} breaks off"
    while offset + 4 <= len(data):
        head = struct.unpack_from("<I", data, offset)[0]
        tag, depth, size = head & 0x3FF, head >> 10 & 0x3FF, head >> 20
        offset += 4
        if size == 0xFFF and offset + 4 <= len(data):
            size = struct.unpack_from("<I", data, offset)[0]
            offset += 4
        if offset + size > len(data) and breaks_off in damage:
            return out
        if offset + size > len(data) or depth > level + 1 or len(out) > MOST_RECORDS:
            raise RefusedError("corrupt", f"{name}: a record stands where none can, or is longer than its section")
        out.append(Record(tag, data[offset : offset + size], level=depth))
        level = depth
        offset += size
    if data[offset:].strip(b"\0"):
        damage[breaks_off] = None
    return out


def _tree(records: list[Record]) -> list[Record]:
    root = Record(0, b"")
    path = [root]
    for record in records:
        del path[record.level + 1 :]
        path[-1].children.append(record)
        path.append(record)
    return root.children


def _characters(data: bytes, changes: list[tuple[int, bool]]) -> Iterator[tuple[str | None, bool]]:
    """Yield runs of text and whether they are struck out; None in the position of a control."""
    units = struct.unpack(f"<{len(data) // 2}H", data[: len(data) // 2 * 2])
    offset, run, is_struck = 0, list[int](), False
    upcoming = iter([*changes, (len(units) + 1, False)])
    change_at, following = next(upcoming)
    while offset < len(units):
        while change_at <= offset:
            if following != is_struck:
                yield _text(run), is_struck
                run, is_struck = [], following
            change_at, following = next(upcoming)
        unit = units[offset]
        if unit >= 32:
            run.append(unit)
            offset += 1
            continue
        yield _text(run), is_struck
        run = []
        if unit in _EXTENDED:
            yield None, is_struck
        elif unit in _AS_TEXT:
            yield _AS_TEXT[unit], is_struck
        offset += 1 if unit in _SINGLE else 8
    yield _text(run), is_struck


def _text(units: list[int]) -> str:
    return struct.pack(f"<{len(units)}H", *units).decode("utf-16-le", "replace")
