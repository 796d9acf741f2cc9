"""What the readers share: their errors, their limits, and tables as lines."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

DEEPEST = 60
LONGEST_TEXT = 5_000_000
LARGEST_PART = 64 * 1024 * 1024
MOST_ENTRIES = 5_000
MOST_RATIO = 200
_SMALL = 1024 * 1024
_LONG_CELL, _SHORT_CELL = 200, 40
_LISTED = re.compile(r"^(?:[^\w\s(~∼]|[①-⑳]|\d+[.)]\s|\(\d)", re.M)
_PERIOD = re.compile(r"\n(?=[~∼～])")


class RefusedError(Exception):
    """A file that is not read, with the outcome to record.

    encrypted, drm, unsupported, corrupt, too_big, empty or needs_ocr.
    """

    def __init__(self, outcome: str, reason: str) -> None:
        super().__init__(reason)
        self.outcome = outcome


def row_lines(texts: list[str]) -> str:
    """A table row as text: cells between bars. A table used for layout (one cell, or whole paragraphs) stays prose."""
    texts = [_one_thought("\n".join(filter(None, map(str.strip, text.split("\n"))))) for text in texts]
    if len(texts) == 1:
        return f"\n{texts[0]}\n"
    if any("\n" in text and len(text) > _LONG_CELL for text in texts):
        return "\n" + "\n".join(texts) + "\n"
    return "\n|" + "|".join(text.replace("|", "/").replace("\n", "<br>") for text in texts) + "|\n" if texts else ""


def _one_thought(text: str) -> str:
    """A short cell broken to fit its column (최대 over 4.5억) is one line; so is a period broken before its ~."""
    if len(text) <= _SHORT_CELL and not _LISTED.search(text):
        return text.replace("\n", " ")
    return _PERIOD.sub(" ", text)


def inflate(data: bytes) -> bytes:
    """Raw deflate, within limits.

    Errors:
        RefusedError: more than a section may have, or not deflated.
    """
    stream = zlib.decompressobj(-15)
    try:
        out = stream.decompress(data, LARGEST_PART)
    except zlib.error as error:
        raise RefusedError("corrupt", f"a compressed part is broken ({error})") from error
    if stream.unconsumed_tail or (len(out) > _SMALL and len(out) > MOST_RATIO * len(data)):
        raise RefusedError("too_big", "a compressed part grows beyond what a document needs")
    return out


def open_zip(content: bytes) -> zipfile.ZipFile:
    """A ZIP whose members were looked at before any of them is unpacked.

    Errors:
        RefusedError: no ZIP, encrypted, or larger than a document needs.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError) as error:
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

    Errors:
        RefusedError: too large, encrypted or broken.
    """
    try:
        with archive.open(entry) as stream:
            data = stream.read(LARGEST_PART + 1)
    except RuntimeError as error:
        raise RefusedError("encrypted", f"{entry.filename} needs a password") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise RefusedError("corrupt", f"{entry.filename} is broken ({error})") from error
    if len(data) > LARGEST_PART:
        raise RefusedError("too_big", f"{entry.filename} is larger than {LARGEST_PART} bytes")
    return data
