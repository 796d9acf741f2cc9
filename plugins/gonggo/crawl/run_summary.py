"""Summarize a run: its record, the contents of its batch, and the update of the ledger once the batch is stored."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from gonggo.crawl.ledger import OPEN_ENDED, Ledger, LedgerEntry, ledger_of
from gonggo.crawl.run_files import RunFiles, prefilter_of
from gonggo.model import Listed, SourceRun, now, read_jsonl
from gonggo.settings import SEOUL
from gonggo.sources import list_assertions
from gonggo.sources.catalogue import find_site

Row = dict[str, Any]
# Outcomes that a retry seldom changes.
PERMANENT = ("terminal", "certificate", "unforeseen")
# Outcomes of a file that could not be fetched, as opposed to one that was skipped or could not be read.
FETCH_FAILURES = ("transient", "terminal", "certificate", "blocked", "unforeseen")


def summarize(files: RunFiles, ledger: Ledger) -> tuple[SourceRun, list[Row]]:
    """Return the record of a run and its documents, without those whose content is unchanged."""
    meta, fetched = files.meta(), list(files.parts("fetched"))
    same_ids = _unchanged_ids(files, ledger)
    documents = [d for d in files.parts("documents") if d["native_id"] not in same_ids]
    ok_ids = {d["native_id"] for d in documents if d["outcome"] == "ok"}
    gone = [row for row in fetched if row["gone"]]
    was_listed = "listed" in meta
    missing = sum(1 for _ in read_jsonl(files.listing)) - len(fetched)
    errors = _errors(files, documents, complete=bool(meta.get("complete")), missing=missing)
    unread = _unread_count(files, fetched)
    if unread:
        message = f"of {unread} announcements the archive is damaged or was not read; they are fetched again"
        errors.append({"outcome": "lost", "url": "", "message": message})
    missing += unread
    broken = sum(d["outcome"] == "changed" for d in documents)
    # One page without its text is a problem of that page; where most are, the selector is wrong and the source failed.
    failed = not was_listed or (broken > 0 and 2 * broken >= len(documents))
    state = "failed" if failed else "partial" if errors or missing > 0 else "ok"
    site = find_site(files.source)
    stale = site and list_assertions.staleness(site, meta.get("newest"), datetime.now(SEOUL).date())
    # Warnings: the list was collected completely, so the state of the run stays.
    errors += [
        {"outcome": "stale", "url": "", "message": warning} for warning in (stale, meta.get("silent")) if warning
    ]
    errors += files.parts("passed")
    left_out = sum(1 for _ in read_jsonl(files.left_out))
    stored = {
        row["item"]["native_id"] for row in _with_document(fetched, ok_ids | same_ids) if prefilter_of(row) != "revisit"
    }
    run = SourceRun(
        files.source,
        files.run_id,
        meta.get("started_at") or now(),
        now(),
        state,
        **{name: meta.get(name, 0) for name in ("pages", "listed", "new", "changed")},
        fetched=len(fetched),
        extracted=len(ok_ids),
        failed=max(missing, 0) + len(documents) - len(ok_ids),
        complete=bool(meta.get("complete")),
        errors=errors,
        stored=meta.get("known", 0) + len(stored) + left_out,
        newest=meta.get("newest"),
        left_out=left_out,
        revisited=sum(1 for row in fetched if prefilter_of(row) == "revisit"),
        unchanged=len(same_ids) + sum(1 for row in fetched if row["unchanged"]),
        vanished=len(gone),
    )
    return run, documents


def _unread_count(files: RunFiles, fetched: list[Row]) -> int:
    """Return how many fetched announcements have no document, not even one that says why."""
    read = {document["native_id"] for document in files.parts("documents")}
    wanted = (row["item"]["native_id"] for row in fetched if not row["gone"] and not row["unchanged"])
    return sum(native_id not in read for native_id in wanted)


def _errors(files: RunFiles, documents: list[Row], *, complete: bool, missing: int) -> list[dict[str, str]]:
    errors = [{name: row[name] for name in ("outcome", "url", "message")} for row in files.parts("errors")]
    errors += [{"outcome": d["outcome"], "url": d["url"], "message": d["reason"]} for d in documents if d["reason"]]
    errors += [
        {"outcome": file["outcome"], "url": file["url"], "message": f"{file['name']}: {file['reason']}"}
        for document in documents
        for file in _failed_files(document)
    ]
    was_listed = "listed" in files.meta()
    if was_listed and not complete and not files.meta().get("cut"):
        errors.append({"outcome": "changed", "url": "", "message": "the list has no end; stopped at the page ceiling"})
    if not errors and (missing > 0 or not was_listed):
        errors.append({"outcome": "failed", "url": "", "message": "cut off before everything was fetched"})
    return errors


def listings_of(files: RunFiles, at: str) -> list[Row]:
    """Return the rows of the list that are new, changed, left out, or vanished."""
    gone = {row["item"]["native_id"] for row in files.parts("fetched") if row["gone"]}
    rows = [(row["item"], prefilter_of(row)) for row in read_jsonl(files.listing)]
    rows += [(item, "left") for item in read_jsonl(files.left_out)]
    return [
        {
            **{name: item[name] for name in ("source", "native_id", "url", "title", "fields")},
            "key": Listed.from_json(item).key,
            "prefilter": prefilter,
            "state": "vanished" if item["native_id"] in gone else "listed",
            "at": at,
        }
        for item, prefilter in rows
        if prefilter != "revisit" or item["native_id"] in gone
    ]


def update_ledger(files: RunFiles, run: Row) -> None:
    """Record the announcements that have a document in the batch, are unchanged, left out, or gone."""
    ledger, at = ledger_of(files.settings, files.source), run["finished_at"]
    documents = {row["native_id"]: row for row in read_jsonl(files.batch / "documents.jsonl") if row["outcome"] == "ok"}
    fetched = list(files.parts("fetched"))
    stored = _with_document(fetched, documents.keys() | _unchanged_ids(files, ledger))
    missing_file_ids = {document["native_id"] for document in files.parts("documents") if _failed_files(document)}
    ledger.record_documents(
        (_ledger_entry(row, documents.get(row["item"]["native_id"]), missing_file_ids) for row in stored), at
    )
    ledger.record_left_out((Listed.from_json(item) for item in read_jsonl(files.left_out)), at)
    gone = [Listed.from_json(row["item"]) for row in fetched if row["gone"]]
    ledger.record_left_out((item for item in gone if item.native_id not in ledger.content_hashes()), at)
    ledger.mark_vanished((item.native_id for item in gone), at)
    # A missing page may be back tomorrow; for some runs its row counts as new, wherever in the list it is.
    retried = ledger.still_retried(item.native_id for item in gone)
    success = run["state"] == "ok" or _only_given_up(files, ledger, stored, gone)
    complete = success and run["complete"] and not files.meta().get("doubtful") and not retried
    ledger.record_run(complete, at, files.meta().get("way_name"))


def _only_given_up(files: RunFiles, ledger: Ledger, stored: list[Row], gone: list[Listed]) -> bool:
    """Return whether everything that a run failed to fetch has failed permanently too often.

    Then the next runs may stop at a page without new rows; it is fetched again only where its row is listed before.
    """
    errors = list(files.parts("errors"))
    failed = {row.get("native_id") or row["message"] for row in errors if row["outcome"] in PERMANENT}
    failed |= {d["native_id"] for d in files.parts("documents") if d["outcome"] == "unreadable"}
    success = {row["item"]["native_id"] for row in stored} | {item.native_id for item in gone}
    unfetched = {row["item"]["native_id"] for row in read_jsonl(files.listing)} - success
    given_up = ledger.count_failures(failed, success)
    other_errors = any(row["outcome"] not in PERMANENT for row in errors) or any(
        map(_failed_files, files.parts("documents"))
    )
    return not other_errors and unfetched <= failed <= given_up


def _with_document(fetched: list[Row], safe: set[str]) -> list[Row]:
    """Return the fetched rows that have a stored document: a new one, or an unchanged earlier one."""
    return [row for row in fetched if not row["gone"] and (row["unchanged"] or row["item"]["native_id"] in safe)]


def _unchanged_ids(files: RunFiles, ledger: Ledger) -> set[str]:
    """Return the ids of revisited announcements whose content is that of the stored document, which lacks no file."""
    missing_file_ids = ledger.missing_files()
    before = {
        native_id: content
        for native_id, content in ledger.content_hashes().items()
        if native_id not in missing_file_ids
    }
    revisited = {row["item"]["native_id"] for row in files.parts("fetched") if prefilter_of(row) == "revisit"}
    read = (d for d in files.parts("documents") if d["native_id"] in revisited and d["outcome"] == "ok")
    return {d["native_id"] for d in read if before.get(d["native_id"]) == d["content_hash"]}


def _failed_files(document: Row) -> list[Row]:
    """Return the files of an announcement that could not be fetched."""
    return [file for file in document["attachments"] if file["outcome"] in FETCH_FAILURES]


def _ledger_entry(row: Row, document: Row | None, missing_file_ids: set[str]) -> LedgerEntry:
    item = Listed.from_json(row["item"])
    seen = (item, row["etag"], row["modified"])
    if document is None:
        return LedgerEntry(*seen, missing_files=item.native_id in missing_file_ids)
    return LedgerEntry(*seen, document["content_hash"], _closes(document, item), item.native_id in missing_file_ids)


def _closes(document: Row, item: Listed) -> str:
    """Return the last day of application of a relevant announcement, OPEN_ENDED, or "" where it has none."""
    record = document["record"] or {}
    if not (record.get("relevant") or {}).get("value"):
        return ""
    closes = ((record.get("application") or {}).get("closes_at") or {}).get("value") or item.fields.get("closes_at", "")
    return OPEN_ENDED if closes in ("always", "until_exhausted") else closes[:10]
