"""HWP 5: records in the streams of an OLE file, by Hancom's published description of the format (revision 1.3)."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

import olefile

from gonggo.read.grid import Cell
from gonggo.read.office.common import DEEPEST, Read, RefusedError, inflate, table_text

DOCUMENT_PROPERTIES, CHAR_SHAPE, DISTRIBUTE_DATA = 0x10, 0x15, 0x1C
PARA_HEADER, PARA_TEXT, PARA_CHAR_SHAPE, CTRL_HEADER, LIST_HEADER, TABLE = 0x42, 0x43, 0x44, 0x47, 0x48, 0x4D
# Where a shape of letters says what lines it has; of a line through them, this form is one that is not drawn.
_LINES_AT, _NOT_DRAWN = 46, 15
COMPRESSED, ENCRYPTED, DISTRIBUTION = 0x01, 0x02, 0x04
MOST_RECORDS = 4_000_000
# Control characters of PARA_TEXT: these take one unit, all other codes below 32 take eight.
_SINGLE = {0, 10, 13, *range(24, 32)}
# Of those with eight, these are bodies that stand in the record tree, in order.
_EXTENDED = {1, 2, 3, 11, 12, 14, 15, 16, 17, 18, 21, 22, 23}
_AS_TEXT = {9: "\t", 10: "\n", 24: "-", 30: " ", 31: " "}
# Bodies that are no part of the text: headers, footers, hidden comments.
_LETTER = re.compile(r"[^\W_]")
_ASIDE = {b"head", b"foot", b"tcmt"}


@dataclass
class Record:
    """One record and the records below it."""

    tag: int
    data: bytes
    level: int = 0
    below: list[Record] = field(default_factory=list)


def read(content: bytes) -> Read:
    """The text with its tables. What is struck out is superseded; changes kept by tracking are not told apart, for the
    description of the format does not say where they stand.

    Partial where the file breaks off, or where only Hancom's preview of a file for distribution can be read.

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
    # A file for distribution: the body says only that, the text stands in ViewText under a key that is in it.
    try:
        return Reader(ole, flags).text("ViewText")
    except RefusedError as error:
        return Read(_preview(ole), "partial", f"only the preview of a file for distribution: {error}")


class Reader:
    """One file: its streams, the shapes of letters that are struck out, and what is found damaged on the way."""

    def __init__(self, ole: olefile.OleFileIO, flags: int) -> None:
        self.ole, self.flags = ole, flags
        self.damage: dict[str, None] = {}
        self.superseded: list[str] = []
        self.struck: set[int] = set()
        self.sections = 0
        self._read_properties()

    def text(self, storage: str) -> Read:
        names = _sections(self.ole, storage)
        text = "\n".join(self._section(f"{storage}/{name}") for name in names)
        missing = max(self.sections, int(names[-1][7:]) + 1) - len(names)
        if missing > 0:
            self.damage[f"{missing} sections of the text are missing"] = None
        superseded = tuple(self.superseded)
        if self.damage:
            return Read(text, "partial", f"damaged: {'; '.join(self.damage)}", superseded)
        return Read(text, superseded=superseded)

    def _read_properties(self) -> None:
        """How many sections there are, and which shapes of letters are struck out."""
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
            data = _deciphered(data)
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
        """The text of a paragraph, its tables and boxes where they stand in it."""
        if depth > DEEPEST:
            raise RefusedError("corrupt", "tables within tables without end")
        bodies = iter([part for part in record.below if part.tag == CTRL_HEADER])
        text = b"".join(part.data for part in record.below if part.tag == PARA_TEXT)
        said = struct.unpack_from("<I", record.data)[0] & 0x7FFFFFFF if len(record.data) >= 4 else 0
        if said > 1 and len(text) // 2 < said:
            self.damage["a paragraph is not whole"] = None
        gone = ""
        for piece, is_struck in _characters(text, self._changes(record)):
            if is_struck and piece is not None:
                gone += piece
                continue
            yield self._let_go(gone)
            gone = ""
            if piece is None:
                body = next(bodies, None)
                yield from self._body(body, depth) if body else ()
            else:
                yield piece
        yield self._let_go(gone)
        for body in bodies:
            yield from self._body(body, depth)
        yield "\n"

    def _changes(self, record: Record) -> list[tuple[int, bool]]:
        """Where in a paragraph letters begin to be struck out, or to be so no longer."""
        if not self.struck:
            return []
        data = next((part.data for part in record.below if part.tag == PARA_CHAR_SHAPE), b"")
        return [(at, shape in self.struck) for at, shape in struct.iter_unpack("<II", data[: len(data) // 8 * 8])]

    def _let_go(self, gone: str) -> str:
        """What is struck out is superseded; marks alone (a struck bullet) change nothing and stay."""
        if not _LETTER.search(gone):
            return gone
        self.superseded.append(gone)
        return ""

    def _body(self, record: Record, depth: int) -> Iterator[str]:
        kind = record.data[:4][::-1]
        if kind == b"tbl ":
            yield from self._table(record, depth + 1)
        elif kind not in _ASIDE:
            # Boxes of drawings, notes: their paragraphs, wherever they lie below.
            yield from self._boxes(record, depth + 1)

    def _boxes(self, record: Record, depth: int) -> Iterator[str]:
        if depth > DEEPEST:
            raise RefusedError("corrupt", "boxes within boxes without end")
        for part in record.below:
            if part.tag == PARA_HEADER:
                yield "\n"
                yield from self._paragraph(part, depth)
            else:
                yield from self._boxes(part, depth + 1)

    def _table(self, record: Record, depth: int) -> Iterator[str]:
        """The caption, then the rows: a cell is a LIST_HEADER with the paragraphs that follow it."""
        cells, texts = list[Cell](), list[list[str]]()
        started = False
        for part in record.below:
            if part.tag == TABLE:
                started = True
            elif part.tag == LIST_HEADER and started:
                column, row, across, down = struct.unpack_from("<HHHH", part.data.ljust(16, b"\0"), 8)
                if len(part.data) < 16:
                    column, row, across, down = 0, len(cells), 1, 1
                cells.append(Cell("", max(1, down), max(1, across), row, column))
                texts.append([])
            elif part.tag == PARA_HEADER:
                pieces = self._paragraph(part, depth)
                if texts:
                    texts[-1] += pieces
                else:
                    yield from pieces
        filled = [cell._replace(text="".join(pieces)) for cell, pieces in zip(cells, texts, strict=True)]
        yield table_text([filled], self.superseded)


def _sections(ole: olefile.OleFileIO, storage: str) -> list[str]:
    names = [entry[1] for entry in ole.listdir() if len(entry) == 2 and entry[0] == storage]
    found = sorted((name for name in names if name[:7] == "Section" and name[7:].isdigit()), key=lambda n: int(n[7:]))
    if not found:
        raise RefusedError("corrupt", "the file has no text")
    return found


def _deciphered(data: bytes) -> bytes:
    """A section of a file for distribution. Its first record hides the key of the rest (AES-128, block by block).

    The record's 256 bytes are its seed and bytes that runs of a known random sequence were laid over; Hancom published
    the scheme together with the format.
    """
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    if len(data) < 4 + 256 or struct.unpack_from("<I", data)[0] & 0x3FF != DISTRIBUTE_DATA:
        raise RefusedError("corrupt", "a section for distribution without its key")
    hidden = bytearray(data[4 : 4 + 256])
    seed = state = struct.unpack_from("<I", hidden)[0]
    left = mask = 0
    for place in range(256):
        if not left:
            state = (state * 214013 + 2531011) & 0xFFFFFFFF
            mask = state >> 16 & 0xFF
            state = (state * 214013 + 2531011) & 0xFFFFFFFF
            left = (state >> 16 & 0xF) + 1
        if place >= 4:
            hidden[place] ^= mask
        left -= 1
    start = 4 + (seed & 0xF)
    cipher = Cipher(algorithms.AES(bytes(hidden[start : start + 16])), modes.ECB()).decryptor()  # noqa: S305 (theirs)
    body = data[4 + 256 :]
    return cipher.update(body[: len(body) // 16 * 16]) + cipher.finalize()


def _preview(ole: olefile.OleFileIO) -> str:
    """The first page or so, which Hancom stores in clear even where the body may only be viewed."""
    try:
        text: str = ole.openstream("PrvText").read().decode("utf-16-le", "replace")
    except OSError as error:
        raise RefusedError("encrypted", "a file for distribution without a preview") from error
    # A row of the preview is <cell><cell>.
    return text.replace("><", " | ").replace("<", "\n").replace(">", "\n")


def _records(data: bytes, damage: dict[str, None], name: str) -> list[Record]:
    """The records of a stream in order. One that stands where none can, or goes on past the end, is damage.

    Raises:
        RefusedError: it is damaged and does not just break off.
    """
    out, place, level = list[Record](), 0, -1
    breaks_off = f"{name} breaks off"
    while place + 4 <= len(data):
        head = struct.unpack_from("<I", data, place)[0]
        tag, below, size = head & 0x3FF, head >> 10 & 0x3FF, head >> 20
        place += 4
        if size == 0xFFF and place + 4 <= len(data):
            size = struct.unpack_from("<I", data, place)[0]
            place += 4
        if place + size > len(data) and breaks_off in damage:
            return out
        if place + size > len(data) or below > level + 1 or len(out) > MOST_RECORDS:
            raise RefusedError("corrupt", f"{name}: a record stands where none can, or is longer than its section")
        out.append(Record(tag, data[place : place + size], level=below))
        level = below
        place += size
    if data[place:].strip(b"\0"):
        damage[breaks_off] = None
    return out


def _tree(records: list[Record]) -> list[Record]:
    root = Record(0, b"")
    path = [root]
    for record in records:
        del path[record.level + 1 :]
        path[-1].below.append(record)
        path.append(record)
    return root.below


def _characters(data: bytes, changes: list[tuple[int, bool]]) -> Iterator[tuple[str | None, bool]]:
    """Runs of text and whether they are struck out; None where a body stands."""
    units = struct.unpack(f"<{len(data) // 2}H", data[: len(data) // 2 * 2])
    place, run, is_struck = 0, list[int](), False
    upcoming = iter([*changes, (len(units) + 1, False)])
    at, following = next(upcoming)
    while place < len(units):
        while at <= place:
            if following != is_struck:
                yield _text(run), is_struck
                run, is_struck = [], following
            at, following = next(upcoming)
        unit = units[place]
        if unit >= 32:
            run.append(unit)
            place += 1
            continue
        yield _text(run), is_struck
        run = []
        if unit in _EXTENDED:
            yield None, is_struck
        elif unit in _AS_TEXT:
            yield _AS_TEXT[unit], is_struck
        place += 1 if unit in _SINGLE else 8
    yield _text(run), is_struck


def _text(units: list[int]) -> str:
    return struct.pack(f"<{len(units)}H", *units).decode("utf-16-le", "replace")
