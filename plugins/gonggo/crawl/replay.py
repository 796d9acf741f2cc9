"""Extract a run from the archive: for the first time, after an extractor has improved, or for a damaged batch."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from gonggo.boundary import error_boundary
from gonggo.cluster.workspace import files_of, open_workspace
from gonggo.crawl.attachment_store import attachment_store
from gonggo.crawl.document_types import Document
from gonggo.crawl.run_files import RunFiles, commit_batch, lines_of_rows, read_source_run
from gonggo.crawl.run_records import ListingRow
from gonggo.crawl.warc import read_archive
from gonggo.errors import CollectError, UnreadableError
from gonggo.model import Fetch, read_jsonl, write_jsonl
from gonggo.read.attachments import Attachment
from gonggo.settings import Settings
from gonggo.sources.catalogue import get_site
from gonggo.sources.factory import make_adapter
from gonggo.step_results import ExtractResult

log = logging.getLogger(__name__)
KEPT_PREFIX = "kept as it was read before"
# Outcomes of a file by how much of it was read.
_RANK = {"ok": 2, "same": 2, "partial": 1}


def documents_of(files: RunFiles, chunk: int) -> Iterator[Document]:
    """Yield the documents of the WARC file of a chunk; of a damaged file those before the damage."""
    from gonggo.crawl.documents import document_of

    adapter, warc = make_adapter(get_site(files.source), files.settings), files.warc(chunk)
    traces = files.traces("read", chunk)
    try:
        with error_boundary(warc.name, traces):
            for archived in read_archive(warc, attachment_store(files.settings)):
                yield document_of(archived, adapter, f"{warc.parent.name}/{warc.name}", traces, files.settings.ocr)
    except (UnreadableError, CollectError) as error:
        log.error("%s", error)


def extract_chunk(source: str, run_id: str, chunk: int, *, settings: Settings | None = None) -> ExtractResult:
    """Extract the announcements of a chunk from the archive into documents with facts."""
    with open_workspace(settings) as inner:
        files = RunFiles(inner, source, run_id)
        files_of(inner).download(files.work, files.warc(chunk))
        return _extract_chunk(files, chunk)


def _extract_chunk(files: RunFiles, chunk: int) -> ExtractResult:
    documents = files.write_documents(chunk, documents_of(files, chunk))
    ok_count = sum(document.outcome == "ok" for document in documents)
    write_jsonl(files.part("read", chunk), [{"good": ok_count}])
    files.progress("extracting", extracted=sum(row["good"] for row in files.parts("read")))
    return {"source": files.source, "chunk": chunk, "extracted": ok_count, "failed": len(documents) - ok_count}


class RebuiltBatch(NamedTuple):
    """The number of documents of a batch, and of those that were taken over from the previous batch."""

    documents: int
    kept: int


def rebuild_batch(files: RunFiles) -> RebuiltBatch:
    """Write the batch of an archived run again.

    A document stays as it is in the previous batch where it can no longer be extracted, or less completely: its page or
    a file has been damaged since, or a reader fails at it.

    Raises:
        OSError, ValueError: The record of the run in the archive is damaged.
    """
    run = read_source_run(files.archive / "run.json")
    fetches = [Fetch.from_json(row) for row in read_jsonl(files.archive / "fetches.jsonl")]
    listings = [ListingRow.from_json(row) for row in read_jsonl(files.archive / "listings.jsonl")]
    previous = _documents_of_batch(files)
    extracted = (document for chunk in files.archived_chunks() for document in documents_of(files, chunk))
    documents = [_more_complete(document, previous.get(document.native_id)) for document in extracted]
    unchanged = sum(is_kept for _, is_kept in documents)
    rows = [document for document, _ in documents]
    rows += _missing_from_archive(files, previous, {document.native_id for document in rows})
    run = replace(run, extracted=sum(document.outcome == "ok" for document in rows))
    commit_batch(files, run, lines_of_rows(rows), lines_of_rows(fetches), lines_of_rows(listings), overwrite=True)
    log.info("%s: extracted again, %d documents", files.batch_id, len(rows))
    if unchanged:
        log.warning(
            "%s: %d documents stay as they were, because less of them can be read now", files.batch_id, unchanged
        )
    return RebuiltBatch(len(rows), unchanged)


def _documents_of_batch(files: RunFiles) -> dict[str, Document]:
    """Return the documents of the existing batch by native id, as far as it can be read."""
    documents = dict[str, Document]()
    try:
        for row in read_jsonl(files.batch / "documents.jsonl"):
            document = Document.from_json(row)
            documents[document.native_id] = document
    except (ValueError, KeyError, TypeError) as error:
        log.error("%s: %s", files.batch_id, error)
    return documents


def _more_complete(document: Document, previous: Document | None) -> tuple[Document, bool]:
    """Return the current document, or the previous one if that is more complete, and whether it is the previous one."""
    if previous is None or previous.outcome != "ok":
        return document, False
    if document.outcome != "ok":
        return replace(previous, reason=f"{KEPT_PREFIX}: {document.reason}"), True
    by_url = {file.url: file for file in document.attachments}
    worse = {
        file.url: current
        for file in previous.attachments
        if (current := by_url.get(file.url)) and _RANK.get(file.outcome, 0) > _RANK.get(current.outcome, 0)
    }
    if not worse:
        return document, False
    # The outcome of a file stays that of the text that is kept.
    attachments = [
        replace(file, reason=_reason_of(worse[file.url])) if file.url in worse else file
        for file in previous.attachments
    ]
    return replace(previous, attachments=attachments), True


def _reason_of(current: Attachment) -> str:
    """Return why the earlier reading of a file is kept, if less of it can be read now."""
    return f"{KEPT_PREFIX}: {current.outcome}: {current.reason or ''}".rstrip(": ")


def _missing_from_archive(files: RunFiles, previous: dict[str, Document], extracted_ids: set[str]) -> list[Document]:
    """Return the documents of the existing batch that are not in the archive."""
    missing = [document for native_id, document in previous.items() if native_id not in extracted_ids]
    if missing:
        log.error("%s: %d documents are not in the archive; they stay as they were", files.batch_id, len(missing))
    return missing
