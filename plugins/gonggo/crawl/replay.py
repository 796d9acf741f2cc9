"""Extract a run from the archive: for the first time, after an extractor has improved, or for a damaged batch."""

from __future__ import annotations

import json
import logging
from typing import Any, NamedTuple

from gonggo.boundary import error_boundary
from gonggo.cluster.workspace import files_of, open_workspace
from gonggo.crawl.attachment_store import attachment_store
from gonggo.crawl.document_types import Document
from gonggo.crawl.run_files import RunFiles, commit_batch
from gonggo.crawl.warc import read_archive
from gonggo.errors import CollectError, UnreadableError
from gonggo.model import read_jsonl, write_jsonl
from gonggo.settings import Settings
from gonggo.sources.catalogue import get_site
from gonggo.sources.factory import make_adapter

log = logging.getLogger(__name__)
Row = dict[str, Any]
KEPT_PREFIX = "kept as it was read before"
# Outcomes of a file by how much of it was read.
_RANK = {"ok": 2, "same": 2, "partial": 1}


def documents_of(files: RunFiles, chunk: int) -> list[Document]:
    """Return the documents of the WARC file of a chunk; of a damaged file those before the damage."""
    from gonggo.crawl.documents import document_of

    adapter, warc = make_adapter(get_site(files.source), files.settings), files.warc(chunk)
    documents, traces = list[Document](), files.traces("read", chunk)
    try:
        with error_boundary(warc.name, traces):
            for archived in read_archive(warc, attachment_store(files.settings)):
                documents.append(document_of(archived, adapter, f"{warc.parent.name}/{warc.name}", traces))
    except (UnreadableError, CollectError) as error:
        log.error("%s", error)
    return documents


def extract_chunk(source: str, run_id: str, chunk: int, *, settings: Settings | None = None) -> dict[str, Any]:
    """Extract the announcements of a chunk from the archive into documents with facts."""
    with open_workspace(settings) as inner:
        files = RunFiles(inner, source, run_id)
        files_of(inner).download(files.work, files.warc(chunk))
        return _extract_chunk(files, chunk)


def _extract_chunk(files: RunFiles, chunk: int) -> dict[str, Any]:
    documents = documents_of(files, chunk)
    write_jsonl(files.part("documents", chunk), (document.to_json() for document in documents))
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
    run = json.loads((files.archive / "run.json").read_text("utf-8"))
    fetches, listings = (list(read_jsonl(files.archive / f"{name}.jsonl")) for name in ("fetches", "listings"))
    previous = _documents_of_batch(files)
    extracted = (document.to_json() for chunk in files.archived_chunks() for document in documents_of(files, chunk))
    documents = [_more_complete(row, previous.get(row["native_id"])) for row in extracted]
    kept = sum(document is previous.get(document["native_id"]) for document in documents)
    documents += _missing_from_archive(files, previous, {row["native_id"] for row in documents})
    ok_count = sum(1 for row in documents if row["outcome"] == "ok")
    commit_batch(files, {**run, "extracted": ok_count}, documents, fetches, listings, replace=True)
    log.info("%s: extracted again, %d documents", files.batch_id, len(documents))
    if kept:
        log.warning("%s: %d documents stay as they were, because less of them can be read now", files.batch_id, kept)
    return RebuiltBatch(len(documents), kept)


def _documents_of_batch(files: RunFiles) -> dict[str, Row]:
    """Return the documents of the existing batch by native id, as far as it can be read."""
    documents = dict[str, Row]()
    try:
        documents.update((row["native_id"], row) for row in read_jsonl(files.batch / "documents.jsonl"))
    except (ValueError, KeyError, TypeError) as error:
        log.error("%s: %s", files.batch_id, error)
    return documents


def _more_complete(document: Row, previous: Row | None) -> Row:
    """Return the current document, or, where it is less complete, the previous one with the reason for that."""
    if previous is None or previous["outcome"] != "ok":
        return document
    if document["outcome"] != "ok":
        previous["reason"] = f"{KEPT_PREFIX}: {document['reason']}"
        return previous
    by_url = {file["url"]: file for file in document["attachments"]}
    is_less_complete = False
    for file in previous["attachments"]:
        current = by_url.get(file["url"])
        if current and _RANK.get(file["outcome"], 0) > _RANK.get(current["outcome"], 0):
            # Its outcome stays that of the text that is kept.
            file["reason"] = f"{KEPT_PREFIX}: {current['outcome']}: {current.get('reason') or ''}".rstrip(": ")
            is_less_complete = True
    return previous if is_less_complete else document


def _missing_from_archive(files: RunFiles, previous: dict[str, Row], extracted_ids: set[str]) -> list[Row]:
    """Return the documents of the existing batch that are not in the archive."""
    missing = [row for native_id, row in previous.items() if native_id not in extracted_ids]
    if missing:
        log.error("%s: %d documents are not in the archive; they stay as they were", files.batch_id, len(missing))
    return missing
