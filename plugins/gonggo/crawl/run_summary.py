"""Summarize a run: its record, the contents of its batch, and the update of the ledger once the batch is stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gonggo.crawl.ledger import OPEN_ENDED, Ledger, LedgerEntry, ledger_of
from gonggo.crawl.run_files import RunFiles, summaries_of
from gonggo.crawl.run_records import (
    DocumentSummary,
    FetchedAnnouncement,
    ListingRow,
    RunContents,
    RunError,
)
from gonggo.model import Listed, SourceRun, now
from gonggo.settings import SEOUL
from gonggo.sources import list_assertions
from gonggo.sources.catalogue import find_site

# Outcomes that a retry seldom changes.
PERMANENT = ("terminal", "certificate", "unforeseen")


@dataclass(frozen=True, slots=True)
class StagedRun:
    """What a run wrote, and the ids of its announcements whose content is that of the stored document."""

    contents: RunContents
    unchanged_ids: set[str]

    @property
    def documents(self) -> list[DocumentSummary]:
        """Return the documents for the batch."""
        return [document for document in self.contents.documents if document.native_id not in self.unchanged_ids]


def read_run(files: RunFiles, ledger: Ledger) -> StagedRun:
    """Read what a run wrote.

    Raises:
        UnreadableError, ValueError, KeyError, TypeError: A file is damaged.
    """
    contents = files.contents()
    return StagedRun(contents, _unchanged_ids(contents, ledger))


def summarize(files: RunFiles, staged: StagedRun) -> SourceRun:
    """Return the record of a run."""
    contents, documents = staged.contents, staged.documents
    outcome, fetched = contents.outcome, contents.fetched
    ok_ids = _ok_ids(documents)
    missing = len(contents.planned) - len(fetched)
    errors = _errors(contents, documents, missing=missing)
    unread = _unread_count(contents)
    if unread:
        message = f"of {unread} announcements the archive is damaged or was not read; they are fetched again"
        errors.append(RunError("lost", "", message))
    missing += unread
    broken = sum(document.outcome == "changed" for document in documents)
    # One page without its text is a problem of that page; where most are, the selector is wrong and the source failed.
    failed = outcome.listed is None or (broken > 0 and 2 * broken >= len(documents))
    state = "failed" if failed else "partial" if errors or missing > 0 else "ok"
    site = find_site(files.source)
    stale = site and list_assertions.staleness(site, outcome.newest, datetime.now(SEOUL).date())
    # Warnings: the list was collected completely, so the state of the run stays.
    errors += [RunError("stale", "", warning) for warning in (stale, outcome.pause_warning) if warning]
    errors += contents.skipped
    stored = _with_document(fetched, ok_ids | staged.unchanged_ids)
    new_ids = {row.native_id for row in stored if row.prefilter != "revisit"}
    return SourceRun(
        files.source,
        files.run_id,
        outcome.started_at or now(),
        now(),
        state,
        pages=outcome.pages,
        listed=outcome.listed or 0,
        new=outcome.new,
        changed=outcome.changed,
        fetched=len(fetched),
        extracted=len(ok_ids),
        failed=max(missing, 0) + len(documents) - len(ok_ids),
        complete=outcome.complete,
        errors=[error.to_run() for error in errors],
        stored=outcome.known + len(new_ids) + len(contents.left_out),
        newest=outcome.newest,
        left_out=len(contents.left_out),
        revisited=sum(row.prefilter == "revisit" for row in fetched),
        unchanged=len(staged.unchanged_ids) + sum(row.unchanged for row in fetched),
        vanished=sum(row.gone for row in fetched),
    )


def _ok_ids(documents: list[DocumentSummary]) -> set[str]:
    return {document.native_id for document in documents if document.outcome == "ok"}


def _unread_count(contents: RunContents) -> int:
    """Return how many fetched announcements have no document, not even one that says why."""
    read = {document.native_id for document in contents.documents}
    return sum(row.native_id not in read for row in contents.fetched if not row.gone and not row.unchanged)


def _errors(contents: RunContents, documents: list[DocumentSummary], *, missing: int) -> list[RunError]:
    errors = list(contents.errors)
    errors += [RunError(document.outcome, document.url, document.reason) for document in documents if document.reason]
    errors += [error for document in documents for error in document.failed_files]
    outcome = contents.outcome
    was_listed = outcome.listed is not None
    if was_listed and not outcome.complete and not outcome.cut:
        errors.append(RunError("changed", "", "the list has no end; stopped at the page ceiling"))
    if not errors and (missing > 0 or not was_listed):
        errors.append(RunError("failed", "", "cut off before everything was fetched"))
    return errors


def listings_of(contents: RunContents, at: str) -> list[ListingRow]:
    """Return the rows of the list that are new, changed, left out, or vanished."""
    gone = {row.native_id for row in contents.fetched if row.gone}
    rows = [(planned.item, planned.prefilter) for planned in contents.planned]
    rows += [(item, "left") for item in contents.left_out]
    return [
        ListingRow.of(item, prefilter, "vanished" if item.native_id in gone else "listed", at)
        for item, prefilter in rows
        if prefilter != "revisit" or item.native_id in gone
    ]


def update_ledger(files: RunFiles, run: SourceRun, staged: StagedRun, stored: list[DocumentSummary]) -> None:
    """Record the announcements that have a document in the batch, are unchanged, left out, or gone.

    ``stored`` are the documents of the batch.
    """
    ledger, at, contents = ledger_of(files.settings, files.source), run.finished_at or now(), staged.contents
    documents = {document.native_id: document for document in stored if document.outcome == "ok"}
    items = {planned.item.native_id: planned.item for planned in contents.planned}
    with_document = _with_document(contents.fetched, documents.keys() | staged.unchanged_ids)
    missing_file_ids = {document.native_id for document in contents.documents if document.failed_files}
    ledger.record_documents(
        (
            _ledger_entry(row, items[row.native_id], documents.get(row.native_id), row.native_id in missing_file_ids)
            for row in with_document
        ),
        at,
    )
    ledger.record_left_out(contents.left_out, at)
    gone = [items[row.native_id] for row in contents.fetched if row.gone]
    content_hashes = ledger.content_hashes() if gone else {}
    ledger.record_left_out((item for item in gone if item.native_id not in content_hashes), at)
    ledger.mark_vanished((item.native_id for item in gone), at)
    # A missing page may be back tomorrow; for some runs its row counts as new, wherever in the list it is.
    retried = ledger.still_retried(item.native_id for item in gone)
    success_ids = {row.native_id for row in with_document} | {item.native_id for item in gone}
    success = run.state == "ok" or _only_given_up(contents, ledger, success_ids)
    complete = success and run.complete and not contents.outcome.doubtful and not retried
    ledger.record_run(complete, at, contents.outcome.endpoint_name)


def stored_documents(files: RunFiles) -> list[DocumentSummary]:
    """Return the documents of the batch, which another process, or an earlier attempt, wrote."""
    return summaries_of(files.batch / "documents.jsonl")


def _only_given_up(contents: RunContents, ledger: Ledger, success_ids: set[str]) -> bool:
    """Return whether everything that a run failed to fetch has failed permanently too often.

    Then the next runs may stop at a page without new rows; it is fetched again only where its row is listed before.
    """
    failed = {error.native_id or error.message for error in contents.errors if error.outcome in PERMANENT}
    failed |= {document.native_id for document in contents.documents if document.outcome == "unreadable"}
    unfetched = {planned.item.native_id for planned in contents.planned} - success_ids
    given_up = ledger.count_failures(failed, success_ids)
    other_errors = any(error.outcome not in PERMANENT for error in contents.errors) or contents.failed_files
    return not other_errors and unfetched <= failed <= given_up


def _with_document(fetched: list[FetchedAnnouncement], stored_ids: set[str]) -> list[FetchedAnnouncement]:
    """Return the fetched rows that have a stored document: a new one, or an unchanged earlier one."""
    return [row for row in fetched if not row.gone and (row.unchanged or row.native_id in stored_ids)]


def _unchanged_ids(contents: RunContents, ledger: Ledger) -> set[str]:
    """Return the ids of revisited announcements whose content is that of the stored document, which lacks no file."""
    revisited = {row.native_id for row in contents.fetched if row.prefilter == "revisit"}
    if not revisited:
        return set()
    content_hashes, missing_files = ledger.content_hashes(), ledger.missing_files()
    return {
        document.native_id
        for document in contents.documents
        if document.native_id in revisited - missing_files
        and document.outcome == "ok"
        and content_hashes.get(document.native_id) == document.content_hash
    }


def _ledger_entry(
    row: FetchedAnnouncement, item: Listed, document: DocumentSummary | None, missing_files: bool
) -> LedgerEntry:
    if document is None:
        return LedgerEntry(item, row.etag, row.modified, missing_files=missing_files)
    return LedgerEntry(item, row.etag, row.modified, document.content_hash, _closes(document, item), missing_files)


def _closes(document: DocumentSummary, item: Listed) -> str:
    """Return the last day of application of a relevant announcement, OPEN_ENDED, or "" where it has none."""
    if not document.relevant:
        return ""
    closes = document.closes_at or item.fields.get("closes_at", "")
    return OPEN_ENDED if closes in ("always", "until_exhausted") else closes[:10]
