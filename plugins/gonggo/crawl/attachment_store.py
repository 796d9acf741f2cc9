"""Attached files, archived by content: one that ten announcements link to, or that came ten times, is stored once.

Each is a WARC file of one record, named by its SHA-256; the WARC file of a run has a revisit record that refers to it
(ISO 28500, revisit with identical payload digest).
"""

from __future__ import annotations

import hashlib
import re
import uuid
from io import BytesIO
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from gonggo.clean_text import clean
from gonggo.cluster.files import FileCopies, LocalCopies
from gonggo.cluster.workspace import files_of
from gonggo.errors import UnreadableError
from gonggo.model import move_into_place, temporary_path
from gonggo.redaction import masked
from gonggo.settings import Settings
from gonggo.sources.adapter import Page

_WHITESPACE = re.compile(r"\s+")
# Nothing larger is ever written: a record that decompresses to more is not one of ours.
MAX_RECORD_BYTES = 64 * 1024 * 1024
_LOCAL = LocalCopies()


def digest_of(content: bytes) -> str:
    """Return the SHA-256 of a content in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def header_url(url: str) -> str:
    """Return an address as the header of a record can hold it: on one line, with its keys masked."""
    return masked(_WHITESPACE.sub("%20", clean(url)))


def record_id(digest: str) -> str:
    """Return the id of the WARC record of a content, which is derived from its digest."""
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'sha256:{digest}')}>"


def record_content(record: Any) -> bytes:
    """Return the decompressed content of a WARC record.

    Raises:
        UnreadableError: The content is larger than anything that is archived.
    """
    content: bytes = record.content_stream().read(MAX_RECORD_BYTES + 1)
    if len(content) > MAX_RECORD_BYTES:
        raise UnreadableError(f"a record unpacks to more than {MAX_RECORD_BYTES} bytes")
    return content


class AttachmentStore:
    """The folder of archived attachments. Several processes, on several machines, may write to it."""

    def __init__(self, folder: Path, copies: FileCopies = _LOCAL) -> None:
        self.folder, self._copies = folder, copies

    def path(self, digest: str) -> Path:
        return self.folder / digest[:2] / f"{digest}.warc.gz"

    def store(self, page: Page, status: StatusAndHeaders, date: str) -> str:
        """Archive a response unless its content is already stored undamaged; return its digest."""
        digest = digest_of(page.content)
        path = self.path(digest)
        if self.read(digest) is not None:
            self.mark_used(digest)
            return digest
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch = temporary_path(path)
        with scratch.open("wb") as out:
            writer = WARCWriter(out, gzip=True)
            headers = {"WARC-Record-ID": record_id(digest), "WARC-Date": date}
            writer.write_record(
                writer.create_warc_record(
                    header_url(page.url),
                    "response",
                    payload=BytesIO(page.content),
                    http_headers=status,
                    warc_headers_dict=headers,
                )
            )
        move_into_place(scratch, path)
        self._copies.publish(path)
        return digest

    def mark_used(self, digest: str) -> None:
        """Record that an announcement links to this content today; the cleanup deletes what has long been unused."""
        if self.path(digest).exists():
            self.path(digest).touch()

    def has(self, digest: str) -> bool:
        return self._copies.exists(self.path(digest))

    def read(self, digest: str) -> bytes | None:
        """Return the content; None when it is missing or damaged."""
        path = self._copies.local_copy(self.path(digest))
        if not path.exists():
            return None
        with path.open("rb") as stream:
            content = _first_record_content(stream)
        return content if content is not None and digest_of(content) == digest else None


def attachment_store(settings: Settings) -> AttachmentStore:
    """Return the store of attachments in the archive of the settings."""
    return AttachmentStore(settings.attached, files_of(settings))


def _first_record_content(stream: Any) -> bytes | None:
    """Return the content of the first record; None where the file is damaged."""
    try:
        return record_content(next(iter(ArchiveIterator(stream))))
    # A damaged file makes its reader fail in ways of all kinds.
    except Exception:
        return None
