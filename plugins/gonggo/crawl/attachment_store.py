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
from gonggo.cluster.object_store import ObjectStore, object_store
from gonggo.errors import UnreadableError
from gonggo.model import move_into_place, scratch_of
from gonggo.redaction import masked
from gonggo.settings import Settings
from gonggo.sources.adapter import Page

_BREAKS = re.compile(r"\s+")
# Nothing larger is ever written; a record that unpacks to more was not written here.
LARGEST_RECORD = 64 * 1024 * 1024


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

    Errors:
        UnreadableError: it is larger than anything that is archived.
    """
    content: bytes = record.content_stream().read(LARGEST_RECORD + 1)
    if len(content) > LARGEST_RECORD:
        raise UnreadableError(f"a record unpacks to more than {LARGEST_RECORD} bytes")
    return content


class AttachmentStore:
    """The folder of them; several processes may write to it. With a store, each goes there as soon as it is kept."""

    def __init__(self, folder: Path, store: ObjectStore | None = None) -> None:
        self.folder, self.store = folder, store

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
        scratch = scratch_of(path)
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
        if self.store:
            self.store.upload(path, self._name(digest))
        return digest

    def still_named(self, digest: str) -> None:
        """Note that an announcement has this content today: what nothing names for long may go."""
        if self.path(digest).exists():
            self.path(digest).touch()

    def has(self, digest: str) -> bool:
        return self.path(digest).exists() or bool(self.store and self.store.has(self._name(digest)))

    def read(self, digest: str) -> bytes | None:
        """The content, or None when it is not there or no longer what it was."""
        if not self.path(digest).exists() and not (
            self.store and self.store.download(self._name(digest), self.path(digest))
        ):
            return None
        with self.path(digest).open("rb") as stream:
            content = _first(stream)
        return content if content is not None and digest_of(content) == digest else None

    def _name(self, digest: str) -> str:
        """The name of a content in a store."""
        return f"archive/files/{digest[:2]}/{digest}.warc.gz"


def attachment_store(settings: Settings) -> AttachmentStore:
    """The contents that the settings keep."""
    return AttachmentStore(settings.attached, object_store(settings) if settings.object_store else None)


def _first(stream: Any) -> bytes | None:
    """The content of the first record; None where the file is damaged."""
    try:
        return content_of(next(iter(ArchiveIterator(stream))))
    # A damaged file makes its reader fail in ways of all kinds.
    except Exception:
        return None
