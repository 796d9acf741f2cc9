"""ZIP: the documents in it, one after the other, each under a line with its name."""

from __future__ import annotations

import unicodedata
import zipfile

from gonggo.read.decode import file_name
from gonggo.read.office.common import ReadResult, RefusedError, open_zip, prefix_locations, read_member
from gonggo.read.office.sniff import sniff

MOST_MEMBERS, MOST_BYTES, DEEPEST_ZIP = 200, 200 * 1024 * 1024, 2
_UTF8 = 0x800


def read(content: bytes, depth: int = 1) -> ReadResult:
    """Return the texts of the members; partial if a member could not be read completely.

    Raises:
        RefusedError: nothing in it can be read, or it is too big.
    """
    from gonggo.read.office.worker import READERS

    archive = open_zip(content)
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MOST_MEMBERS or sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise RefusedError("too_big", f"{len(entries)} files in the ZIP")
    texts, problems, superseded = list[str](), list[str](), list[str]()
    for entry in entries:
        name = member_name(entry)
        try:
            data = read_member(archive, entry)
            kind = sniff(data)
            if kind == "zip" and depth < DEEPEST_ZIP:
                result = read(data, depth + 1)
            elif kind in READERS and kind != "zip":
                result = READERS[kind](data)
            else:
                raise RefusedError("unsupported", "no document")
            texts.append(f"## 첨부: {name}\n{prefix_locations(name, result.text)}\n")
            superseded += result.superseded
            problems += [f"{name}: {result.reason or result.outcome}"] if result.outcome != "ok" else []
        except RefusedError as error:
            problems.append(f"{name}: {error}")
    if not texts:
        raise RefusedError("unsupported", f"no document in the ZIP could be read: {'; '.join(problems[:3]) or 'empty'}")
    text = "\n".join(texts)
    if problems:
        return ReadResult(text, "partial", f"not read, or not all of it: {'; '.join(problems[:3])}", tuple(superseded))
    return ReadResult(text, superseded=tuple(superseded))


def member_name(entry: zipfile.ZipInfo) -> str:
    """Return the real name of a member: without the UTF-8 flag Korean names are CP949, which zipfile reads as CP437."""
    name = entry.filename
    if not entry.flag_bits & _UTF8:
        name = file_name(name.encode("cp437", "replace")) or name
    return unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
