"""Turn archived announcements into documents with facts, without network access."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from gonggo.addresses import strip_file_credentials
from gonggo.boundary import Traces, error_boundary
from gonggo.crawl.attachment_store import digest_of
from gonggo.crawl.document_types import Document
from gonggo.crawl.warc import ArchivedAnnouncement
from gonggo.errors import CollectError, UnforeseenError, UnreadableError
from gonggo.extract.evidence import locate_evidence
from gonggo.extract.merge import extract_parts
from gonggo.extract.record_types import ExtractionRecord, TextEvidence, evidences
from gonggo.model import content_hash
from gonggo.read.attachments import Attachment, CombinedText, FileLocation, append_attachments
from gonggo.read.files import from_bytes, saved_page
from gonggo.read.html import from_fragment, from_page
from gonggo.read.normalize import normalize_text
from gonggo.read.office.sniff import sniff
from gonggo.read.reading import Reading
from gonggo.sources.adapter import Adapter, Detail
from gonggo.sources.attachments import name_and_url
from gonggo.sources.inbox import Inbox
from gonggo.sources.saved_pages import read_by_site


@dataclass(frozen=True)
class _ParsedAnnouncement:
    """The text, title, fields and linked files of an announcement; the title is None for a file that states none."""

    reading: Reading
    title: str | None
    fields: dict[str, str]
    files: list[dict[str, str]]


def document_of(
    archived: ArchivedAnnouncement,
    adapter: Adapter,
    warc_file: str,
    traces: Traces | None = None,
    ocr: Sequence[str] = (),
) -> Document:
    """Return the document of an archived announcement; one that cannot be read gets a document that says why.

    ``ocr`` is the command of a program that reads scans.
    """
    item = archived.item
    base: dict[str, Any] = {
        "source": item.source,
        "native_id": item.native_id,
        "key": item.key,
        "url": item.url,
        "retrieved_at": archived.at,
        "warc_file": warc_file,
        "warc_record": archived.record_id,
    }
    try:
        # Whatever goes wrong with one announcement is recorded in its document; the others go on.
        with error_boundary(f"{item.source} {item.native_id}", traces):
            read = _parse(archived, adapter, ocr)
            whole = _with_attachments(read, archived, ocr)
            notices = [(file.start, file.end) for file in whole.files if file.start and file.end]
            stated = {"title": read.title} if read.title else {}
            record = extract_parts(whole.text, notices, id=item.key, fields={**read.fields, **stated})
            record = locate_evidence(record, whole.locations)
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
    locations = _locations(record) if whole.locations else {}
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
        attachments=[_with_locations(file, locations) for file in whole.files],
        record=record,
    )


def _with_attachments(read: _ParsedAnnouncement, archived: ArchivedAnnouncement, ocr: Sequence[str]) -> CombinedText:
    """Return the text with its attached notices; a file of the inbox is itself the notice, with pages and cells."""
    reading = read.reading
    if not reading.locations and reading.outcome == "ok":
        return append_attachments(
            reading.text, archived.files or [(Attachment.from_json(file), None) for file in read.files], ocr
        )
    notice = Attachment(
        read.fields["file"],
        archived.item.url,
        reading.outcome,
        reading.reason,
        digest_of(archived.page.content),
        len(archived.page.content),
        sniff(archived.page.content),
        "notice",
        0,
        len(reading.text),
    )
    return CombinedText(reading.text, [notice], reading.locations)


def _locations(record: ExtractionRecord) -> dict[int, str]:
    """Return the page or cell of the file for each fact that has one, by the offset of its evidence in the text."""
    spans = (evidence for evidence in evidences(record) if isinstance(evidence, TextEvidence))
    return {evidence.start: evidence.place for evidence in spans if evidence.place}


def _with_locations(file: Attachment, locations: dict[int, str]) -> Attachment:
    """Return a file with the pages or cells in which facts have their evidence."""
    begin, end = file.start or 0, file.end or 0
    own = tuple(FileLocation(start, location) for start, location in sorted(locations.items()) if begin <= start < end)
    return replace(file, places=own) if own else file


def _parse(archived: ArchivedAnnouncement, adapter: Adapter, ocr: Sequence[str]) -> _ParsedAnnouncement:
    item = archived.item
    if isinstance(adapter, Inbox):
        return _parse_inbox_file(archived, ocr)
    detail: Detail = adapter.parse_detail(None if archived.is_resource else archived.page, item)
    reading = from_fragment(detail.html)
    if not reading.text.strip():
        # The announcement is one image; its title and the columns of its list row are still worth storing.
        reading = from_fragment(f"<p>{escape(detail.title)}</p>")
    files = strip_file_credentials([name_and_url(file) for file in detail.files])
    # Some APIs set this at every change of a counter.
    fields = {name: value for name, value in {**item.fields, **detail.fields}.items() if name != "updated_at"}
    return _ParsedAnnouncement(
        reading, normalize_text(detail.title), {name: normalize_text(value) for name, value in fields.items()}, files
    )


def _parse_inbox_file(archived: ArchivedAnnouncement, ocr: Sequence[str]) -> _ParsedAnnouncement:
    """Read a file from the inbox; a page saved from a site of the catalogue is read by that site's rules."""
    item, content = archived.item, archived.page.content
    name, media_type = item.fields.get("file"), archived.page.headers.get("content-type")
    page = saved_page(content, name=name, media_type=media_type)
    by_site = read_by_site(page.html, page.urls) if page else None
    if page and by_site:
        reading = from_page(page.html, page.charset, find_body=by_site.find_body)
        title = normalize_text(by_site.detail.title) or reading.title
        fields, files = {**reading.meta, **by_site.detail.fields}, strip_file_credentials(by_site.detail.files)
    else:
        reading, files = from_bytes(content, name=name, media_type=media_type, ocr=ocr), []
        title, fields = reading.meta.get("title") or reading.title, reading.meta
    return _ParsedAnnouncement(reading, title, {**fields, "file": item.fields["file"]}, files)
