"""From an archived announcement to a document with facts. Needs the archive alone, no network."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from gonggo.crawl.warc import Kept
from gonggo.errors import CollectError, GonggoError, UnreadableError
from gonggo.extract.record import extract
from gonggo.model import Document, content_hash
from gonggo.read.attached import with_files
from gonggo.read.files import from_bytes
from gonggo.read.html import from_fragment
from gonggo.read.reading import Reading
from gonggo.sources.adapter import Adapter, Detail
from gonggo.sources.inbox import Inbox

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Read:
    """A reading, and the title, fields and files that its announcement has."""

    reading: Reading
    title: str
    fields: dict[str, str]
    files: list[dict[str, str]]


def document_of(kept: Kept, adapter: Adapter, warc_file: str) -> Document:
    """The document of one archived announcement. What cannot be read becomes a document that says why."""
    item = kept.item
    base: dict[str, Any] = {
        "source": item.source,
        "native_id": item.native_id,
        "key": item.key,
        "url": item.url,
        "retrieved_at": kept.at,
        "warc_file": warc_file,
        "warc_record": kept.record_id,
    }
    try:
        read = _read(kept, adapter)
        text, files = with_files(read.reading.text, kept.files or [(file, None) for file in read.files])
        record = extract(text, id=item.key, fields={**read.fields, "title": read.title})
    except Exception as error:
        # Whatever one document does to us is its own affair: it is kept, marked, and the others go on.
        outcome = error.outcome if isinstance(error, (CollectError, UnreadableError)) else "unreadable"
        if not isinstance(error, (CollectError, UnreadableError)):
            log.exception("%s: %s could not be read", item.source, item.native_id)
        return Document(
            **base,
            title=item.title,
            content_hash=content_hash(item.fingerprint, outcome),
            listed=item.fields,
            outcome="changed" if isinstance(error, CollectError) else "unreadable",
            reason=str(error) if isinstance(error, GonggoError) else f"{type(error).__name__}: {error}",
        )
    return Document(
        **base,
        title=read.title,
        content_hash=content_hash(read.title, text, *(f"{k}={v}" for k, v in sorted(read.fields.items()))),
        listed=read.fields,
        media_type=read.reading.media_type,
        charset=read.reading.charset,
        removed=read.reading.removed,
        attachments=[{"outcome": "listed", **file} for file in files],
        record=record,
    )


def _read(kept: Kept, adapter: Adapter) -> _Read:
    item = kept.item
    if isinstance(adapter, Inbox):
        name = item.fields.get("file")
        reading = from_bytes(kept.page.content, name=name, media_type=kept.page.headers.get("content-type"))
        stable = {"file": item.fields["file"]}
        return _Read(reading, reading.meta.get("title") or reading.title or item.title, {**reading.meta, **stable}, [])
    detail: Detail = adapter.parse_detail(None if kept.is_resource else kept.page, item)
    reading = from_fragment(detail.html)
    if not reading.text.strip():
        # A body that is one image: the title and what the list said are still worth keeping.
        reading = from_fragment(f"<p>{detail.title}</p>")
    # What an API stamps at every edit of a counter is no content.
    fields = {name: value for name, value in {**item.fields, **detail.fields}.items() if name != "updated_at"}
    return _Read(reading, detail.title, fields, detail.files)
