"""What a file is, by its first bytes: of real notices named .hwp one in eight is something else."""

from __future__ import annotations

import io
import zipfile

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Document rights management of two vendors; the file keeps its name and nothing of it can be read.
DRM = (b"SCDSA004", b"\x9b DRMONE")


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
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = {name.replace("\\", "/").lower() for name in archive.namelist()[:5000]}
    except (zipfile.BadZipFile, ValueError, OSError):
        return "zip"
    if any(name.startswith("contents/section") for name in names) or "contents/content.hpf" in names:
        return "hwpx"
    if "word/document.xml" in names:
        return "docx"
    return "xlsx" if "xl/workbook.xml" in names else "zip"
