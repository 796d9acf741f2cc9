"""Detection of file types by their first bytes: one in eight real notices named .hwp is something else."""

from __future__ import annotations

import struct
from collections.abc import Iterator

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Document rights management of two vendors: such files keep their name and cannot be read.
DRM = (b"SCDSA004", b"\x9b DRMONE")

MOST_NAMES = 5000
_END, _ENTRY, _POINTER, _LONGEST_END = b"PK\x05\x06", b"PK\x01\x02", b"PK\x06\x07", 22 + 0xFFFF


def sniff(content: bytes) -> str | None:
    """Return hwp, hwpx, pdf, docx, xlsx, zip, hwp3, hwpml, ole or drm; None for anything else, such as text."""
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
    """Yield the names in the directory of a ZIP, as far as it can be followed and up to a limit.

    ``zipfile`` is not used, because it reads the whole directory, however large, and raises many kinds of errors on
    damaged ones, while this process has to continue.
    """
    end = content.rfind(_END, max(0, len(content) - _LONGEST_END))
    if end < 0 or len(content) < end + 22:
        return
    (size,) = struct.unpack_from("<L", content, end + 12)
    # In a ZIP64 file the size is in a record before this one, with a pointer between them.
    if end >= 76 and content.startswith(_POINTER, end - 20):
        (size,) = struct.unpack_from("<Q", content, end - 36)
        end -= 76
    offset = max(0, end - size)
    for _ in range(MOST_NAMES):
        if not content.startswith(_ENTRY, offset) or offset + 46 > end:
            return
        name_length, extra_length, comment_length = struct.unpack_from("<HHH", content, offset + 28)
        yield content[offset + 46 : offset + 46 + name_length]
        offset += 46 + name_length + extra_length + comment_length
