"""HWP 5: records in the streams of an OLE file, by Hancom's published description of the format (revision 1.3)."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

import olefile

from gonggo.read.office.parts import DEEPEST, RefusedError, inflate, table_text

DISTRIBUTE_DATA = 0x1C
PARA_HEADER, PARA_TEXT, CTRL_HEADER, LIST_HEADER, TABLE = 0x42, 0x43, 0x47, 0x48, 0x4D
COMPRESSED, ENCRYPTED, DISTRIBUTION = 0x01, 0x02, 0x04
MOST_RECORDS = 4_000_000
# Control characters of PARA_TEXT: these take one unit, all other codes below 32 take eight.
_SINGLE = {0, 10, 13, *range(24, 32)}
# Of those with eight, these are bodies that stand in the record tree, in order.
_EXTENDED = {1, 2, 3, 11, 12, 14, 15, 16, 17, 18, 21, 22, 23}
_AS_TEXT = {9: "\t", 10: "\n", 24: "-", 30: " ", 31: " "}
# Bodies that are no part of the text: headers, footers, hidden comments.
_ASIDE = {b"head", b"foot", b"tcmt"}


@dataclass
class Record:
    """One record and the records below it."""

    tag: int
    data: bytes
    below: list[Record] = field(default_factory=list)


def read(content: bytes) -> tuple[str, str]:
    """The text with its tables, and the outcome: ok, or partial where only Hancom's preview can be read.

    Errors:
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
        return "\n".join(_section(ole, f"BodyText/{name}", flags) for name in _sections(ole, "BodyText")), "ok"
    # A file for distribution: the body says only that, the text stands in ViewText under a key that is in it.
    try:
        return "\n".join(_section(ole, f"ViewText/{name}", flags) for name in _sections(ole, "ViewText")), "ok"
    except RefusedError:
        return _preview(ole), "partial"


def _sections(ole: olefile.OleFileIO, storage: str) -> list[str]:
    names = [entry[1] for entry in ole.listdir() if len(entry) == 2 and entry[0] == storage]
    found = sorted((name for name in names if name[:7] == "Section" and name[7:].isdigit()), key=lambda n: int(n[7:]))
    if not found:
        raise RefusedError("corrupt", "the file has no text")
    return found


def _section(ole: olefile.OleFileIO, name: str, flags: int) -> str:
    try:
        data = ole.openstream(name).read()
    except OSError as error:
        raise RefusedError("corrupt", f"{name} is broken ({error})") from error
    if flags & DISTRIBUTION:
        data = _deciphered(data)
    out = list[str]()
    for record in _tree(inflate(data) if flags & COMPRESSED else data):
        out += _paragraph(record, 0)
    return "".join(out)


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


def _tree(data: bytes) -> list[Record]:
    root = Record(0, b"")
    path, place, count = [root], 0, 0
    while place + 4 <= len(data):
        head = struct.unpack_from("<I", data, place)[0]
        tag, level, size = head & 0x3FF, head >> 10 & 0x3FF, head >> 20
        place += 4
        if size == 0xFFF:
            if place + 4 > len(data):
                raise RefusedError("corrupt", "a record breaks off")
            size = struct.unpack_from("<I", data, place)[0]
            place += 4
        count += 1
        if place + size > len(data) or count > MOST_RECORDS:
            raise RefusedError("corrupt", "a record is longer than its section")
        record = Record(tag, data[place : place + size])
        del path[level + 1 :]
        path[-1].below.append(record)
        path.append(record)
        place += size
    return root.below


def _paragraph(record: Record, depth: int) -> Iterator[str]:
    """The text of a paragraph, its tables and boxes where they stand in it."""
    if depth > DEEPEST:
        raise RefusedError("corrupt", "tables within tables without end")
    bodies = iter([part for part in record.below if part.tag == CTRL_HEADER])
    for part in record.below:
        if part.tag == PARA_TEXT:
            for piece in _characters(part.data):
                if piece is None:
                    body = next(bodies, None)
                    yield from _body(body, depth) if body else ()
                else:
                    yield piece
    for body in bodies:
        yield from _body(body, depth)
    yield "\n"


def _characters(data: bytes) -> Iterator[str | None]:
    """Runs of text; None where a body stands."""
    units = struct.unpack(f"<{len(data) // 2}H", data[: len(data) // 2 * 2])
    place, run = 0, list[int]()
    while place < len(units):
        unit = units[place]
        if unit >= 32:
            run.append(unit)
            place += 1
            continue
        yield _text(run)
        run = []
        if unit in _EXTENDED:
            yield None
        elif unit in _AS_TEXT:
            yield _AS_TEXT[unit]
        place += 1 if unit in _SINGLE else 8
    yield _text(run)


def _text(units: list[int]) -> str:
    return struct.pack(f"<{len(units)}H", *units).decode("utf-16-le", "replace")


def _body(record: Record, depth: int) -> Iterator[str]:
    kind = record.data[:4][::-1]
    if kind == b"tbl ":
        yield from _table(record, depth + 1)
    elif kind not in _ASIDE:
        # Boxes of drawings, notes: their paragraphs, wherever they lie below.
        yield from _boxes(record, depth + 1)


def _boxes(record: Record, depth: int) -> Iterator[str]:
    if depth > DEEPEST:
        raise RefusedError("corrupt", "boxes within boxes without end")
    for part in record.below:
        if part.tag == PARA_HEADER:
            yield "\n"
            yield from _paragraph(part, depth)
        else:
            yield from _boxes(part, depth + 1)


def _table(record: Record, depth: int) -> Iterator[str]:
    """The caption, then the rows: a cell is a LIST_HEADER with the paragraphs that follow it."""
    rows: dict[int, list[tuple[int, list[str]]]] = {}
    cell: list[str] | None = None
    started = False
    for part in record.below:
        if part.tag == TABLE:
            started, cell = True, None
        elif part.tag == LIST_HEADER and started:
            column, row = struct.unpack_from("<HH", part.data, 8) if len(part.data) >= 12 else (0, len(rows))
            cell = []
            rows.setdefault(row, []).append((column, cell))
        elif part.tag == PARA_HEADER:
            pieces = _paragraph(part, depth)
            if cell is None:
                yield from pieces
            else:
                cell.extend(pieces)
    ordered = [sorted(cells, key=lambda pair: pair[0]) for _, cells in sorted(rows.items())]
    yield table_text([["".join(pieces) for _, pieces in cells] for cells in ordered])
