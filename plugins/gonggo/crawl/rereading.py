"""A run read again out of the archive: after an extractor has improved, or because its batch is damaged."""

from __future__ import annotations

import json
import logging
from typing import Any

from gonggo.boundary import contained
from gonggo.crawl.payloads import payloads_of
from gonggo.crawl.runfiles import RunFiles, commit_batch
from gonggo.crawl.warc import read_archive
from gonggo.errors import CollectError, UnreadableError
from gonggo.model import Document, read_jsonl
from gonggo.sources.adapter import make_adapter
from gonggo.sources.catalogue import site_named

log = logging.getLogger(__name__)
Row = dict[str, Any]


def documents_of(files: RunFiles, chunk: int) -> list[Document]:
    """The documents of one chunk's WARC file; of a damaged one those before the damage."""
    from gonggo.crawl.reading import document_of

    adapter, warc = make_adapter(site_named(files.source), files.settings), files.warc(chunk)
    documents, traces = list[Document](), files.traces("read", chunk)
    try:
        with contained(warc.name, traces):
            for one in read_archive(warc, payloads_of(files.settings)):
                documents.append(document_of(one, adapter, f"{warc.parent.name}/{warc.name}", traces))
    except (UnreadableError, CollectError) as error:
        log.error("%s", error)
    return documents


def reread(files: RunFiles) -> int:
    """Make the batch of an archived run anew; returns how many documents it has.

    A document that the archive no longer gives stays as the batch has it.

    Errors:
        OSError, ValueError: what the archive says of the run itself is damaged.
    """
    run = json.loads((files.archive / "run.json").read_text("utf-8"))
    fetches, listings = (list(read_jsonl(files.archive / f"{name}.jsonl")) for name in ("fetches", "listings"))
    documents = [document.to_json() for chunk in files.archived_chunks() for document in documents_of(files, chunk)]
    documents += _no_longer_there(files, {row["native_id"] for row in documents})
    good = sum(1 for row in documents if row["outcome"] == "ok")
    commit_batch(files, {**run, "extracted": good}, documents, fetches, listings, replace=True)
    log.info("%s: read again, %d documents", files.batch_id, len(documents))
    return len(documents)


def _no_longer_there(files: RunFiles, there: set[str]) -> list[Row]:
    """The documents of the batch that is there, as far as it can be read, which the archive does not give."""
    lost = list[Row]()
    try:
        lost.extend(row for row in read_jsonl(files.batch / "documents.jsonl") if row["native_id"] not in there)
    except ValueError as error:
        log.error("%s: %s", files.batch_id, error)
    if lost:
        log.error("%s: %d documents are not in the archive; kept as they were read", files.batch_id, len(lost))
    return lost
