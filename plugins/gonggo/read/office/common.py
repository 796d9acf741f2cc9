"""Shared parts of the readers: errors, limits, tables as lines of text, and the location of each line in its file."""

from __future__ import annotations

import io
import itertools
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from gonggo.read.grid import Cell, Row, Slot, lay_out, remove_superseded
from gonggo.read.normalize import normalize_text

DEEPEST = 60
LONGEST_TEXT = 5_000_000
LARGEST_PART = 64 * 1024 * 1024
MOST_ENTRIES = 5_000
MOST_RATIO = 200
_SMALL = 1024 * 1024
_TRAILER = 8
_LONG_CELL, _SHORT_CELL = 200, 40
# Cells up to this length are repeated in every row that they span, up to a total length for each table.
_LONGEST_REPEATED, _MOST_REPEATED = 100, 100_000
_LISTED = re.compile(r"^(?:[^\w\s(~∼]|[①-⑳]|\d+[.)]\s|\(\d)", re.M)
_PERIOD = re.compile(r"\n(?=[~∼～])")
# Until the text is finished, the location of a line is written before it between these characters.
_OPEN, _CLOSE, _NEXT = "\x02", "\x03", "\x04"
_LOCATION_MARK = re.compile(f"{_OPEN}([^{_OPEN}{_CLOSE}]*){_CLOSE}")
_TABLE = re.compile(r"(t\d+)(r\d+c\d+)$")
_TABLES = itertools.count(1)
_MOST_LOCATIONS = 200_000


class ReadResult(NamedTuple):
    """Text of a file, ok or partial (then with a reason), and the text that it marks as superseded."""

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


def table_text(rows: Iterable[Sequence[Cell]], superseded: list[str], *, with_locations: bool = True) -> str:
    """Return a table as lines of text that are marked with the locations of their cells.

    A table of one column is layout and gets no locations. Values that the table marks as replaced are added to
    ``superseded`` instead.
    """
    grid, old_values = remove_superseded(lay_out(rows))
    superseded += [strip_location_marks(text) for text in old_values]
    number = next(_TABLES)
    has_columns = max(map(len, grid), default=0) > 1
    lines, repeat_budget, has_wide_row = list[str](), _MOST_REPEATED, False
    for row in grid:
        texts, repeat_budget = _cell_texts(row, repeat_budget)
        locations = [_location_of(slot, number) if has_columns else "" for slot in row] if with_locations else []
        own_cells = {id(slot.cell) for slot in row if slot}
        # A row of one cell is prose, unless it spans the whole table below the column headings: then it titles a group.
        if len(own_cells) == 1 and not (has_wide_row and len(row) > 1 and all(row)):
            index = next((index for index, text in enumerate(texts) if text.strip()), 0)
            lines.append(row_text([texts[index]], locations[index]) if with_locations else f"\n{texts[index]}\n")
        else:
            lines.append(row_text(texts, *locations))
        has_wide_row = has_wide_row or len(own_cells) > 1
    return "\n" + "\n".join(filter(None, lines)) + "\n"


def _cell_texts(row: Row, repeat_budget: int) -> tuple[list[str], int]:
    """Return the text at each position of a row, and how many more characters the table may repeat.

    Short cells are repeated in every row that they span. Positions that a cell covers to its right are empty texts;
    empty cells are a space.
    """
    texts = list[str]()
    for slot in row:
        text = slot.cell.text.strip() if slot else ""
        if slot and slot.from_left:
            texts.append("")
        elif slot and slot.from_above and (len(text) > _LONGEST_REPEATED or len(text) > repeat_budget):
            texts.append(" ")
        else:
            repeat_budget -= len(text) if slot and slot.from_above else 0
            texts.append(text or " ")
    return texts, repeat_budget


def _location_of(slot: Slot | None, number: int) -> str:
    if slot is None:
        return ""
    return slot.cell.location or f"t{number}r{slot.row + 1}c{slot.column + 1}"


def row_text(cells: list[str], *locations: str) -> str:
    """Return a table row as text: cells between bars. Rows of whole paragraphs, used for layout, stay prose."""
    texts = ["\n".join(filter(None, map(str.strip, cell.split("\n")))) for cell in cells]
    if len(texts) < 2 or any("\n" in text and len(strip_location_marks(text)) > _LONG_CELL for text in texts):
        owners = locations or ("",) * len(texts)
        return "\n".join(
            mark_location(line, location)
            for text, location in zip(texts, owners, strict=True)
            for line in text.split("\n")
            if line
        )
    flat = [_join_broken_cell(strip_location_marks(text)).replace("|", "/").replace("\n", "<br>") for text in texts]
    # An empty cell keeps its space: an empty text means that the cell to the left covers it.
    flat = [text or (" " if cell else "") for text, cell in zip(flat, cells, strict=True)]
    return mark_location(f"|{'|'.join(flat)}|", *locations)


def mark_location(line: str, *locations: str) -> str:
    """Mark a line with its location in the file, or with one location for each cell between its bars."""
    if line.startswith(_OPEN) or not any(locations):
        return line
    return f"{_OPEN}{_NEXT.join(locations)}{_CLOSE}{line}"


def strip_location_marks(text: str) -> str:
    """Return a text without the marks of ``mark_location``."""
    return _LOCATION_MARK.sub("", text)


def prefix_locations(name: str, text: str) -> str:
    """Return the text of a file in an archive; the location of each line begins with the name of the file."""
    lines = list[str]()
    for line in text.split("\n"):
        match = _LOCATION_MARK.match(line)
        locations = [f"{name}#{location}" for location in match[1].split(_NEXT)] if match else [name]
        lines.append(mark_location(strip_location_marks(line), *locations))
    return "\n".join(lines)


def finish_text(raw: str) -> tuple[str, list[tuple[int, int, str]]]:
    """Return the normalized text and the locations of its stretches (start, end); tables are numbered in order."""
    lines, locations, numbers = list[str](), list[tuple[int, int, str]](), dict[str, int]()
    size = blank_lines = 0
    for line in raw[: 2 * LONGEST_TEXT].split("\n"):
        match = _LOCATION_MARK.match(line)
        clean_line = normalize_text(strip_location_marks(line))
        blank_lines = 0 if clean_line else blank_lines + 1
        if (not clean_line and (blank_lines > 1 or not lines)) or size > LONGEST_TEXT:
            continue
        if match and clean_line and len(locations) < _MOST_LOCATIONS:
            line_locations = [_renumbered(location, numbers) for location in match[1].split(_NEXT)]
            cell_ranges = zip(_cell_ranges(clean_line, len(line_locations)), line_locations, strict=True)
            locations += [(start + size, end + size, location) for (start, end), location in cell_ranges if location]
        lines.append(clean_line)
        size += len(clean_line) + 1
    return "\n".join(lines).rstrip(), locations


def _cell_ranges(line: str, count: int) -> list[tuple[int, int]]:
    """Return the offsets of the cells between the bars of a row; a line with one location is one stretch."""
    if count == 1:
        return [(0, len(line))]
    bars = [bar.start() for bar in re.finditer(r"\|", line)]
    return [(start + 1, end) for start, end in itertools.pairwise(bars)]


def _renumbered(location: str, numbers: dict[str, int]) -> str:
    """Return a location with its table numbered in the order of the text, not of the file's structure."""
    name, mark, cell = location.rpartition("#")
    match = _TABLE.match(cell)
    if not match:
        return location
    prefix = f"{name}{mark}"
    table_number = numbers.setdefault(prefix + match[1], 1 + sum(key.startswith(f"{prefix}t") for key in numbers))
    return f"{prefix}t{table_number}{match[2]}"


def _join_broken_cell(text: str) -> str:
    """Join a short cell that was broken to fit its column (최대 over 4.5억), and a period broken before its ~."""
    if len(text) <= _SHORT_CELL and not _LISTED.search(text):
        return text.replace("\n", " ")
    return _PERIOD.sub(" ", text)


def inflate(data: bytes) -> tuple[bytes, bool]:
    """Decompress raw deflate data within limits; return it, and whether the stream is complete.

    Hancom writes a checksum and the length after the stream, as gzip does.

    Raises:
        RefusedError: the result is too large, or the data is corrupt.
    """
    stream = zlib.decompressobj(-15)
    try:
        out = stream.decompress(data, LARGEST_PART)
    except zlib.error as error:
        raise RefusedError("corrupt", f"a compressed part is broken ({error})") from error
    if stream.unconsumed_tail or (len(out) > _SMALL and len(out) > MOST_RATIO * len(data)):
        raise RefusedError("too_big", "a compressed part unpacks to more than a document needs")
    trailer = stream.unused_data.rstrip(b"\0") if len(stream.unused_data) != _TRAILER else stream.unused_data
    if trailer and stream.unused_data[:_TRAILER] != struct.pack("<II", zlib.crc32(out), len(out)):
        raise RefusedError("corrupt", "a compressed part is not what was written: its checksum differs")
    return out, stream.eof


def open_zip(content: bytes) -> zipfile.ZipFile:
    """Open a ZIP after checking the sizes that its members claim.

    Raises:
        RefusedError: not a ZIP, or larger than a document needs.
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
            raise RefusedError("too_big", f"{entry.filename} unpacks to more than a document needs")
    return archive


def read_member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Return the content of a member, unpacked up to a limit whatever size it claims.

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
