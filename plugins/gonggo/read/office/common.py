"""What the readers share: their errors, their limits, tables as lines, and where each line stands in its file."""

from __future__ import annotations

import io
import itertools
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from gonggo.read.grid import Cell, Row, Slot, laid_out, without_superseded
from gonggo.read.normalize import tidy

DEEPEST = 60
LONGEST_TEXT = 5_000_000
LARGEST_PART = 64 * 1024 * 1024
MOST_ENTRIES = 5_000
MOST_RATIO = 200
_SMALL = 1024 * 1024
_TRAILER = 8
_LONG_CELL, _SHORT_CELL = 200, 40
# A cell that spans rows is a label of them when it is no longer than this; all of a table's are said again up to a sum.
_LONGEST_REPEATED, _MOST_REPEATED = 100, 100_000
_LISTED = re.compile(r"^(?:[^\w\s(~∼]|[①-⑳]|\d+[.)]\s|\(\d)", re.M)
_PERIOD = re.compile(r"\n(?=[~∼～])")
# Where a line stands in its file is written before it, between these, until the text is finished.
_OPEN, _CLOSE, _NEXT = "\x02", "\x03", "\x04"
_PLACED = re.compile(f"{_OPEN}([^{_OPEN}{_CLOSE}]*){_CLOSE}")
_TABLE = re.compile(r"(t\d+)(r\d+c\d+)$")
_TABLES = itertools.count(1)
_MOST_PLACES = 200_000


class Read(NamedTuple):
    """What came out of a file: its text, ok or partial (then with the reason), and the text that was superseded."""

    text: str
    outcome: str = "ok"
    reason: str | None = None
    superseded: tuple[str, ...] = ()


class RefusedError(Exception):
    """A file that is not read, with the outcome to record.

    encrypted, drm, unsupported, corrupt, too_big, empty or needs_ocr.
    """

    def __init__(self, outcome: str, reason: str) -> None:
        super().__init__(reason)
        self.outcome = outcome


def table_text(rows: Iterable[Sequence[Cell]], superseded: list[str], *, with_places: bool = True) -> str:
    """A table as lines, each row knowing the place of its cells; a table of one column is layout and has none.

    What the table itself says was changed is added to ``superseded`` instead.
    """
    grid, gone = without_superseded(laid_out(rows))
    superseded += [unplaced(text) for text in gone]
    number = next(_TABLES)
    wide = max(map(len, grid), default=0) > 1
    lines, again, is_begun = list[str](), _MOST_REPEATED, False
    for row in grid:
        texts, again = _texts(row, again)
        places = [_place(slot, number) if wide else "" for slot in row] if with_places else []
        own = {id(slot.cell) for slot in row if slot}
        # A row of one cell is prose. One that spans the table below the heads of its columns parts groups of rows.
        if len(own) == 1 and not (is_begun and len(row) > 1 and all(row)):
            at = next((at for at, text in enumerate(texts) if text.strip()), 0)
            lines.append(row_text([texts[at]], places[at]) if with_places else f"\n{texts[at]}\n")
        else:
            lines.append(row_text(texts, *places))
        is_begun = is_begun or len(own) > 1
    return "\n" + "\n".join(filter(None, lines)) + "\n"


def _texts(row: Row, again: int) -> tuple[list[str], int]:
    """What is said at each place of a row, and how many more characters the table may say again.

    A short cell is said again in every row that it spans. To its right a place that it covers is nothing at all, and
    an empty one a space.
    """
    texts = list[str]()
    for slot in row:
        text = slot.cell.text.strip() if slot else ""
        if slot and slot.from_left:
            texts.append("")
        elif slot and slot.from_above and (len(text) > _LONGEST_REPEATED or len(text) > again):
            texts.append(" ")
        else:
            again -= len(text) if slot and slot.from_above else 0
            texts.append(text or " ")
    return texts, again


def _place(slot: Slot | None, number: int) -> str:
    if slot is None:
        return ""
    return slot.cell.place or f"t{number}r{slot.row + 1}c{slot.column + 1}"


def row_text(cells: list[str], *places: str) -> str:
    """A table row as text: cells between bars. One that is used for layout (whole paragraphs) stays prose."""
    texts = ["\n".join(filter(None, map(str.strip, cell.split("\n")))) for cell in cells]
    if len(texts) < 2 or any("\n" in text and len(unplaced(text)) > _LONG_CELL for text in texts):
        owners = places or ("",) * len(texts)
        return "\n".join(
            placed(line, place) for text, place in zip(texts, owners, strict=True) for line in text.split("\n") if line
        )
    flat = [_one_thought(unplaced(text)).replace("|", "/").replace("\n", "<br>") for text in texts]
    # An empty cell keeps its space: without one a place is covered by the cell to its left.
    flat = [text or (" " if cell else "") for text, cell in zip(flat, cells, strict=True)]
    return placed(f"|{'|'.join(flat)}|", *places)


def placed(line: str, *places: str) -> str:
    """A line that knows where it stands in its file; one place, or one for each cell between its bars."""
    if line.startswith(_OPEN) or not any(places):
        return line
    return f"{_OPEN}{_NEXT.join(places)}{_CLOSE}{line}"


def unplaced(text: str) -> str:
    return _PLACED.sub("", text)


def within(name: str, text: str) -> str:
    """The text of a file in another: each line's place begins with the name of the file."""
    lines = list[str]()
    for line in text.split("\n"):
        found = _PLACED.match(line)
        own = [f"{name}#{place}" for place in found[1].split(_NEXT)] if found else [name]
        lines.append(placed(unplaced(line), *own))
    return "\n".join(lines)


def finished(raw: str) -> tuple[str, list[tuple[int, int, str]]]:
    """The tidy text, and where stretches of it (start, end) stand in the file; tables are counted as they appear."""
    lines, places, numbers = list[str](), list[tuple[int, int, str]](), dict[str, int]()
    size = blank = 0
    for line in raw[: 2 * LONGEST_TEXT].split("\n"):
        found = _PLACED.match(line)
        said = tidy(unplaced(line))
        blank = 0 if said else blank + 1
        if (not said and (blank > 1 or not lines)) or size > LONGEST_TEXT:
            continue
        if found and said and len(places) < _MOST_PLACES:
            own = [_counted(place, numbers) for place in found[1].split(_NEXT)]
            stretches = zip(_cells(said, len(own)), own, strict=True)
            places += [(start + size, end + size, place) for (start, end), place in stretches if place]
        lines.append(said)
        size += len(said) + 1
    return "\n".join(lines).rstrip(), places


def _cells(line: str, count: int) -> list[tuple[int, int]]:
    """Where the cells of a row stand between its bars; a line with one place is one stretch."""
    if count == 1:
        return [(0, len(line))]
    bars = [found.start() for found in re.finditer(r"\|", line)]
    return [(start + 1, end) for start, end in itertools.pairwise(bars)]


def _counted(place: str, numbers: dict[str, int]) -> str:
    """The place with its table counted in the order of the text, not of the file's tree."""
    name, mark, cell = place.rpartition("#")
    found = _TABLE.match(cell)
    if not found:
        return place
    first = f"{name}{mark}"
    own = numbers.setdefault(first + found[1], 1 + sum(key.startswith(f"{first}t") for key in numbers))
    return f"{first}t{own}{found[2]}"


def _one_thought(text: str) -> str:
    """A short cell broken to fit its column (최대 over 4.5억) is one line; so is a period broken before its ~."""
    if len(text) <= _SHORT_CELL and not _LISTED.search(text):
        return text.replace("\n", " ")
    return _PERIOD.sub(" ", text)


def inflate(data: bytes) -> tuple[bytes, bool]:
    """Raw deflate, within limits, and whether the stream is whole; a cut one gives what it has.

    Hancom writes a checksum and the length after the stream, as gzip does.

    Raises:
        RefusedError: more than a section may have, not deflated, or not what was written.
    """
    stream = zlib.decompressobj(-15)
    try:
        out = stream.decompress(data, LARGEST_PART)
    except zlib.error as error:
        raise RefusedError("corrupt", f"a compressed part is broken ({error})") from error
    if stream.unconsumed_tail or (len(out) > _SMALL and len(out) > MOST_RATIO * len(data)):
        raise RefusedError("too_big", "a compressed part grows beyond what a document needs")
    after = stream.unused_data.rstrip(b"\0") if len(stream.unused_data) != _TRAILER else stream.unused_data
    if after and stream.unused_data[:_TRAILER] != struct.pack("<II", zlib.crc32(out), len(out)):
        raise RefusedError("corrupt", "a compressed part is not what was written: its checksum differs")
    return out, stream.eof


def open_zip(content: bytes) -> zipfile.ZipFile:
    """A ZIP whose members were looked at before any of them is unpacked.

    Raises:
        RefusedError: no ZIP, encrypted, or larger than a document needs.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise RefusedError("corrupt", f"not a whole ZIP file ({error})") from error
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise RefusedError("too_big", f"{len(entries)} files in one ZIP")
    for entry in entries:
        if entry.file_size > _SMALL and entry.file_size > MOST_RATIO * max(entry.compress_size, 1):
            raise RefusedError("too_big", f"{entry.filename} grows beyond what a document needs")
    return archive


def member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """One member, unpacked no further than the limit, whatever size it claims.

    Raises:
        RefusedError: too large, encrypted or broken.
    """
    try:
        with archive.open(entry) as stream:
            data = stream.read(LARGEST_PART + 1)
    except RuntimeError as error:
        raise RefusedError("encrypted", f"{entry.filename} needs a password") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise RefusedError("corrupt", f"{entry.filename} is broken ({error})") from error
    if len(data) > LARGEST_PART:
        raise RefusedError("too_big", f"{entry.filename} is larger than {LARGEST_PART} bytes")
    return data
