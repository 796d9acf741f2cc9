"""Attached files by their content: one that hangs on ten announcements, or is fetched ten times, is archived once.

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

_BREAKS = re.compile(r"\s+")
# Nothing larger is ever written; a record that unpacks to more was not written here.
LARGEST_RECORD = 64 * 1024 * 1024
_LOCAL = LocalCopies()


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def in_line(url: str) -> str:
    """Return an address as a header of a record can hold it: on one line, and without secrets."""
    return masked(_BREAKS.sub("%20", clean(url)))


def record_id(digest: str) -> str:
    """The id of the record that holds a content; it follows from the content."""
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'sha256:{digest}')}>"


def content_of(record: Any) -> bytes:
    """The unpacked content of a record.

    Raises:
        UnreadableError: it is larger than anything that is archived.
    """
    content: bytes = record.content_stream().read(LARGEST_RECORD + 1)
    if len(content) > LARGEST_RECORD:
        raise UnreadableError(f"a record unpacks to more than {LARGEST_RECORD} bytes")
    return content


class AttachmentStore:
    """The folder of archived attached files. Several processes, on several machines, may write to it."""

    def __init__(self, folder: Path, copies: FileCopies = _LOCAL) -> None:
        self.folder, self._copies = folder, copies

    def path(self, digest: str) -> Path:
        return self.folder / digest[:2] / f"{digest}.warc.gz"

    def keep(self, page: Page, status: StatusAndHeaders, date: str) -> str:
        """Archive what a server sent, unless it is there and whole; returns its digest."""
        digest = digest_of(page.content)
        path = self.path(digest)
        if self.read(digest) is not None:
            self.still_named(digest)
            return digest
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch = temporary_path(path)
        with scratch.open("wb") as out:
            writer = WARCWriter(out, gzip=True)
            headers = {"WARC-Record-ID": record_id(digest), "WARC-Date": date}
            writer.write_record(
                writer.create_warc_record(
                    in_line(page.url),
                    "response",
                    payload=BytesIO(page.content),
                    http_headers=status,
                    warc_headers_dict=headers,
                )
            )
        move_into_place(scratch, path)
        self._copies.publish(path)
        return digest

    def still_named(self, digest: str) -> None:
        """Note that an announcement has this content today: what nothing names for long may go."""
        if self.path(digest).exists():
            self.path(digest).touch()

    def has(self, digest: str) -> bool:
        return self._copies.exists(self.path(digest))

    def read(self, digest: str) -> bytes | None:
        """The content, or None when it is not there or no longer what it was."""
        path = self._copies.local_copy(self.path(digest))
        if not path.exists():
            return None
        with path.open("rb") as stream:
            content = _first(stream)
        return content if content is not None and digest_of(content) == digest else None


def attachment_store(settings: Settings) -> AttachmentStore:
    """Return the attached files in the archive of the settings."""
    return AttachmentStore(settings.attached, files_of(settings))


def _first(stream: Any) -> bytes | None:
    """The content of the first record; None where the file is damaged."""
    try:
        return content_of(next(iter(ArchiveIterator(stream))))
    # A damaged file makes its reader fail in ways of all kinds.
    except Exception:
        return None
