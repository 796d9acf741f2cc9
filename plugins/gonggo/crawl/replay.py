"""A run read out of the archive: for the first time, after an extractor has improved, or for a damaged batch."""

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
KEPT = "kept as it was read before"
# How much of a file its outcome stands for.
_READ = {"ok": 2, "same": 2, "partial": 1}


def documents_of(files: RunFiles, chunk: int) -> list[Document]:
    """The documents of one chunk's WARC file; of a damaged one those before the damage."""
    from gonggo.crawl.documents import document_of

    adapter, warc = make_adapter(get_site(files.source), files.settings), files.warc(chunk)
    documents, traces = list[Document](), files.traces("read", chunk)
    try:
        with error_boundary(warc.name, traces):
            for one in read_archive(warc, attachment_store(files.settings)):
                documents.append(document_of(one, adapter, f"{warc.parent.name}/{warc.name}", traces))
    except (UnreadableError, CollectError) as error:
        log.error("%s", error)
    return documents


def extract_chunk(source: str, run_id: str, chunk: int, *, settings: Settings | None = None) -> dict[str, Any]:
    """Read the chunk's announcements out of the archive, clean them and extract their facts."""
    with open_workspace(settings) as inner:
        files = RunFiles(inner, source, run_id)
        files_of(inner).download(files.work, files.warc(chunk))
        return _extract_chunk(files, chunk)


def _extract_chunk(files: RunFiles, chunk: int) -> dict[str, Any]:
    documents = documents_of(files, chunk)
    write_jsonl(files.part("documents", chunk), (document.to_json() for document in documents))
    good = sum(document.outcome == "ok" for document in documents)
    write_jsonl(files.part("read", chunk), [{"good": good}])
    files.progress("extracting", extracted=sum(row["good"] for row in files.parts("read")))
    return {"source": files.source, "chunk": chunk, "extracted": good, "failed": len(documents) - good}


class Reread(NamedTuple):
    """How many documents a batch has, and how many of them stayed as they were read before."""

    documents: int
    kept: int


def reread(files: RunFiles) -> Reread:
    """Make the batch of an archived run anew.

    A document that the archive no longer gives stays as the batch has it, and so does one of which less can be read
    than was: the page, or a file, is damaged by now, or its reader fails at it.

    Raises:
        OSError, ValueError: what the archive says of the run itself is damaged.
    """
    run = json.loads((files.archive / "run.json").read_text("utf-8"))
    fetches, listings = (list(read_jsonl(files.archive / f"{name}.jsonl")) for name in ("fetches", "listings"))
    before = _before(files)
    read = (document.to_json() for chunk in files.archived_chunks() for document in documents_of(files, chunk))
    documents = [_better(row, before.get(row["native_id"])) for row in read]
    kept = sum(document is before.get(document["native_id"]) for document in documents)
    documents += _no_longer_there(files, before, {row["native_id"] for row in documents})
    good = sum(1 for row in documents if row["outcome"] == "ok")
    commit_batch(files, {**run, "extracted": good}, documents, fetches, listings, replace=True)
    log.info("%s: read again, %d documents", files.batch_id, len(documents))
    if kept:
        log.warning("%s: %d documents stay as they were read, for less of them can be read now", files.batch_id, kept)
    return Reread(len(documents), kept)


def _before(files: RunFiles) -> dict[str, Row]:
    """The documents of the batch that is there, by native id, as far as it can be read."""
    found = dict[str, Row]()
    try:
        found.update((row["native_id"], row) for row in read_jsonl(files.batch / "documents.jsonl"))
    except (ValueError, KeyError, TypeError) as error:
        log.error("%s: %s", files.batch_id, error)
    return found


def _better(now: Row, before: Row | None) -> Row:
    """What was read now; what was read before, with a word on why, where less could be read now."""
    if before is None or before["outcome"] != "ok":
        return now
    if now["outcome"] != "ok":
        before["reason"] = f"{KEPT}: {now['reason']}"
        return before
    by_address = {file["url"]: file for file in now["attachments"]}
    lost = False
    for file in before["attachments"]:
        again = by_address.get(file["url"])
        if again and _READ.get(file["outcome"], 0) > _READ.get(again["outcome"], 0):
            # What it was read as stays its outcome.
            file["reason"] = f"{KEPT}: {again['outcome']}: {again.get('reason') or ''}".rstrip(": ")
            lost = True
    return before if lost else now


def _no_longer_there(files: RunFiles, before: dict[str, Row], there: set[str]) -> list[Row]:
    """The documents of the batch that is there which the archive does not give."""
    lost = [row for native_id, row in before.items() if native_id not in there]
    if lost:
        log.error("%s: %d documents are not in the archive; kept as they were read", files.batch_id, len(lost))
    return lost
