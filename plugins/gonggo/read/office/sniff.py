"""What a file is, by its first bytes: of real notices named .hwp one in eight is something else."""

from __future__ import annotations

import struct
from collections.abc import Iterator

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Document rights management of two vendors; the file keeps its name and nothing of it can be read.
DRM = (b"SCDSA004", b"\x9b DRMONE")

MOST_NAMES = 5000
_END, _ENTRY, _POINTER, _LONGEST_END = b"PK\x05\x06", b"PK\x01\x02", b"PK\x06\x07", 22 + 0xFFFF


def sniff(content: bytes) -> str | None:
    """hwp, hwpx, pdf, docx, xlsx, zip, hwp3, hwpml, ole or drm; None for anything else, such as text."""
    head = content[:1024]
    if any(mark in head[:16] for mark in DRM):
        return "drm"
    if head.startswith(OLE):
        return "hwp" if b"HWP Document File" in content else "ole"
    if head.startswith(b"HWP Document File V"):
        return "hwp3"
    if head.lstrip().startswith(b"%PDF") or b"%PDF-" in head:
        return "pdf"
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return _zipped(content)
    if b"<HWPML" in head:
        return "hwpml"
    return None


def _zipped(content: bytes) -> str:
    names = {name.replace(b"\\", b"/").lower().decode("ascii", "replace") for name in _names(content)}
    if any(name.startswith("contents/section") for name in names) or "contents/content.hpf" in names:
        return "hwpx"
    if "word/document.xml" in names:
        return "docx"
    return "xlsx" if "xl/workbook.xml" in names else "zip"


def _names(content: bytes) -> Iterator[bytes]:
    """The names in the directory of a ZIP, as far as it can be followed, and no more of them than a document has.

    Not by ``zipfile``, which reads the whole directory, however large, and fails at one bad byte in ways of all kinds:
    this is the process that has to go on.
    """
    end = content.rfind(_END, max(0, len(content) - _LONGEST_END))
    if end < 0 or len(content) < end + 22:
        return
    (size,) = struct.unpack_from("<L", content, end + 12)
    # Of a ZIP64 the size stands in a record before, which has a pointer to it in between.
    if end >= 76 and content.startswith(_POINTER, end - 20):
        (size,) = struct.unpack_from("<Q", content, end - 36)
        end -= 76
    place = max(0, end - size)
    for _ in range(MOST_NAMES):
        if not content.startswith(_ENTRY, place) or place + 46 > end:
            return
        name, more, comment = struct.unpack_from("<HHH", content, place + 28)
        yield content[place + 46 : place + 46 + name]
        place += 46 + name + more + comment
