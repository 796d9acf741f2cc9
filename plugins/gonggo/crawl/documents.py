"""From an archived announcement to a document with facts. Needs the archive alone, no network."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

from gonggo.addresses import strip_file_credentials
from gonggo.boundary import Traces, error_boundary
from gonggo.crawl.attachment_store import digest_of
from gonggo.crawl.document_types import Document
from gonggo.crawl.warc import ArchivedAnnouncement
from gonggo.errors import CollectError, UnforeseenError, UnreadableError
from gonggo.extract.evidence import place_evidence
from gonggo.extract.merge import extract_parts
from gonggo.extract.record_types import ExtractionRecord, TextEvidence, evidences
from gonggo.model import content_hash
from gonggo.read.attachments import CombinedText, append_attachments
from gonggo.read.files import from_bytes
from gonggo.read.html import from_fragment
from gonggo.read.normalize import normalize_text
from gonggo.read.office.sniff import sniff
from gonggo.read.reading import Reading
from gonggo.sources.adapter import Adapter, Detail
from gonggo.sources.inbox import Inbox


@dataclass(frozen=True)
class _Read:
    """A reading, and the title, fields and files that its announcement has; None for a file that states no title."""

    reading: Reading
    title: str | None
    fields: dict[str, str]
    files: list[dict[str, str]]


def document_of(kept: ArchivedAnnouncement, adapter: Adapter, warc_file: str, traces: Traces | None = None) -> Document:
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
        # Whatever one document does to us is its own affair: it is kept, marked, and the others go on.
        with error_boundary(f"{item.source} {item.native_id}", traces):
            read = _read(kept, adapter)
            whole = _whole(read, kept)
            notices = [(row["start"], row["end"]) for row in whole.files if row.get("start")]
            stated = {"title": read.title} if read.title else {}
            record = extract_parts(whole.text, notices, id=item.key, fields={**read.fields, **stated})
            record = place_evidence(record, whole.places)
    except (CollectError, UnreadableError) as error:
        unforeseen = isinstance(error, (UnforeseenError, UnreadableError))
        return Document(
            **base,
            title=item.title,
            content_hash=content_hash(item.fingerprint, "unreadable" if unforeseen else error.outcome),
            listed=item.fields,
            outcome="unreadable" if unforeseen else "changed",
            reason=str(error),
        )
    places = _places(record)
    return Document(
        **base,
        # A file's name is its title only if its text has none.
        title=read.title or (record.title.value if record.title else item.title),
        content_hash=content_hash(
            read.title or item.title, whole.text, *(f"{k}={v}" for k, v in sorted(read.fields.items()) if k != "status")
        ),
        listed=read.fields,
        media_type=read.reading.media_type,
        charset=read.reading.charset,
        removed=[*read.reading.removed, *whole.removed],
        attachments=[{"outcome": "listed", **_with_places(file, places)} for file in whole.files],
        record=record,
    )


def _whole(read: _Read, kept: ArchivedAnnouncement) -> CombinedText:
    """The text with its attached notices. A file from the inbox is its own notice, with its pages and cells."""
    reading = read.reading
    if not reading.places and reading.outcome == "ok":
        return append_attachments(reading.text, kept.files or [(file, None) for file in read.files])
    row = {"name": read.fields["file"], "url": kept.item.url, "bytes": len(kept.page.content), "role": "notice"}
    row |= {"sha256": digest_of(kept.page.content), "media_type": sniff(kept.page.content)}
    row |= {"outcome": reading.outcome, "reason": reading.reason}
    return CombinedText(reading.text, [{**row, "start": 0, "end": len(reading.text)}], reading.places)


def _places(record: ExtractionRecord) -> dict[int, str]:
    """Where in the text a fact stands of which the page or cell in its file is known, and what that is called."""
    stretches = (evidence for evidence in evidences(record) if isinstance(evidence, TextEvidence))
    return {evidence.start: evidence.place for evidence in stretches if evidence.place}


def _with_places(file: dict[str, Any], places: dict[int, str]) -> dict[str, Any]:
    """Return a file's row with the places at which facts have their evidence in it."""
    begin, end = file.get("start", 0), file.get("end", 0)
    own = [{"start": start, "place": place} for start, place in sorted(places.items()) if begin <= start < end]
    return {**file, "places": own} if own else file


def _read(kept: ArchivedAnnouncement, adapter: Adapter) -> _Read:
    item = kept.item
    if isinstance(adapter, Inbox):
        name = item.fields.get("file")
        reading = from_bytes(kept.page.content, name=name, media_type=kept.page.headers.get("content-type"))
        stable = {"file": item.fields["file"]}
        return _Read(reading, reading.meta.get("title") or reading.title, {**reading.meta, **stable}, [])
    detail: Detail = adapter.parse_detail(None if kept.is_resource else kept.page, item)
    reading = from_fragment(detail.html)
    if not reading.text.strip():
        # A body that is one image: the title and what the list said are still worth keeping.
        reading = from_fragment(f"<p>{escape(detail.title)}</p>")
    files = strip_file_credentials(detail.files)
    # What an API stamps at every edit of a counter is no content.
    told = {name: value for name, value in {**item.fields, **detail.fields}.items() if name != "updated_at"}
    return _Read(
        reading, normalize_text(detail.title), {name: normalize_text(value) for name, value in told.items()}, files
    )
