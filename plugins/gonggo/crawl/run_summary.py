"""What a run amounts to: its record, what goes into its batch, and what is remembered once the batch is safe."""

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
# Outcomes that the next try seldom mends.
BOUNDED = ("terminal", "certificate", "unforeseen")
# Outcomes of a file that could not be had; what was left out on purpose or could not be read is not among them.
NOT_FETCHED = ("transient", "terminal", "certificate", "blocked", "unforeseen")


def summary(files: RunFiles, ledger: Ledger) -> tuple[SourceRun, list[Row]]:
    """The record of a run and its documents, without those that say what the kept ones say."""
    meta, fetched = files.meta(), list(files.parts("fetched"))
    same = _same(files, ledger)
    documents = [d for d in files.parts("documents") if d["native_id"] not in same]
    good = {d["native_id"] for d in documents if d["outcome"] == "ok"}
    gone = [row for row in fetched if row["gone"]]
    listed = "listed" in meta
    missing = sum(1 for _ in read_jsonl(files.listing)) - len(fetched)
    errors = _errors(files, documents, complete=bool(meta.get("complete")), missing=missing)
    unread = _unread(files, fetched)
    if unread:
        told = f"of {unread} announcements the archive is damaged or was not read; they are asked for again"
        errors.append({"outcome": "lost", "url": "", "message": told})
    missing += unread
    broken = sum(d["outcome"] == "changed" for d in documents)
    # One page without its text is that page's affair; when most are, the selector is wrong and the source has failed.
    lost = not listed or (broken > 0 and 2 * broken >= len(documents))
    state = "failed" if lost else "partial" if errors or missing > 0 else "ok"
    site = find_site(files.source)
    old = site and list_assertions.staleness(site, meta.get("newest"), datetime.now(SEOUL).date())
    # Warnings: what the list holds was collected, so the run itself is good.
    errors += [{"outcome": "stale", "url": "", "message": told} for told in (old, meta.get("silent")) if told]
    errors += files.parts("passed")
    left = sum(1 for _ in read_jsonl(files.left))
    brought = {row["item"]["native_id"] for row in _brought(fetched, good | same) if prefilter_of(row) != "revisit"}
    run = SourceRun(
        files.source,
        files.run_id,
        meta.get("started_at") or now(),
        now(),
        state,
        **{name: meta.get(name, 0) for name in ("pages", "listed", "new", "changed")},
        fetched=len(fetched),
        extracted=len(good),
        failed=max(missing, 0) + len(documents) - len(good),
        complete=bool(meta.get("complete")),
        errors=errors,
        stored=meta.get("known", 0) + len(brought) + left,
        newest=meta.get("newest"),
        left_out=left,
        revisited=sum(1 for row in fetched if prefilter_of(row) == "revisit"),
        unchanged=len(same) + sum(1 for row in fetched if row["unchanged"]),
        vanished=len(gone),
    )
    return run, documents


def _unread(files: RunFiles, fetched: list[Row]) -> int:
    """How many announcements were fetched of which there is no document, not even one that says why."""
    read = {document["native_id"] for document in files.parts("documents")}
    wanted = (row["item"]["native_id"] for row in fetched if not row["gone"] and not row["unchanged"])
    return sum(native_id not in read for native_id in wanted)


def _errors(files: RunFiles, documents: list[Row], *, complete: bool, missing: int) -> list[dict[str, str]]:
    errors = [{name: row[name] for name in ("outcome", "url", "message")} for row in files.parts("errors")]
    errors += [{"outcome": d["outcome"], "url": d["url"], "message": d["reason"]} for d in documents if d["reason"]]
    errors += [
        {"outcome": file["outcome"], "url": file["url"], "message": f"{file['name']}: {file['reason']}"}
        for document in documents
        for file in _missing_files(document)
    ]
    listed = "listed" in files.meta()
    if listed and not complete and not files.meta().get("cut"):
        errors.append({"outcome": "changed", "url": "", "message": "the list has no end; stopped at the page ceiling"})
    if not errors and (missing > 0 or not listed):
        errors.append({"outcome": "failed", "url": "", "message": "cut off before everything was fetched"})
    return errors


def listings_of(files: RunFiles, at: str) -> list[Row]:
    """What the run learnt of list rows: new, changed, left out, or vanished."""
    gone = {row["item"]["native_id"] for row in files.parts("fetched") if row["gone"]}
    rows = [(row["item"], prefilter_of(row)) for row in read_jsonl(files.listing)]
    rows += [(item, "left") for item in read_jsonl(files.left)]
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


def remember(files: RunFiles, run: Row) -> None:
    """Mark as known what has a document in the batch, said nothing new, is not wanted, or is gone."""
    ledger, at = ledger_of(files.settings, files.source), run["finished_at"]
    documents = {row["native_id"]: row for row in read_jsonl(files.batch / "documents.jsonl") if row["outcome"] == "ok"}
    fetched = list(files.parts("fetched"))
    kept = _brought(fetched, documents.keys() | _same(files, ledger))
    lacking = {document["native_id"] for document in files.parts("documents") if _missing_files(document)}
    ledger.keep((_kept(row, documents.get(row["item"]["native_id"]), lacking) for row in kept), at)
    ledger.leave((Listed.from_json(item) for item in read_jsonl(files.left)), at)
    gone = [Listed.from_json(row["item"]) for row in fetched if row["gone"]]
    ledger.leave((item for item in gone if item.native_id not in ledger.contents()), at)
    ledger.vanish((item.native_id for item in gone), at)
    # A page that is not there may be there tomorrow; for a while its row is new again, wherever in the list it stands.
    hoped = ledger.hoped_for(item.native_id for item in gone)
    home = run["state"] == "ok" or _given_up(files, ledger, kept, gone)
    settled = home and run["complete"] and not files.meta().get("doubtful") and not hoped
    ledger.settle(settled, at, files.meta().get("way_name"))


def _given_up(files: RunFiles, ledger: Ledger, kept: list[Row], gone: list[Listed]) -> bool:
    """Whether all that a run did not bring home failed so often, by what asking again seldom mends, that the next walks
    need not go on for it. It is asked for whenever its row is met."""
    errors = list(files.parts("errors"))
    failed = {row.get("native_id") or row["message"] for row in errors if row["outcome"] in BOUNDED}
    failed |= {d["native_id"] for d in files.parts("documents") if d["outcome"] == "unreadable"}
    home = {row["item"]["native_id"] for row in kept} | {item.native_id for item in gone}
    away = {row["item"]["native_id"] for row in read_jsonl(files.listing)} - home
    given_up = ledger.failed(failed, home)
    others = any(row["outcome"] not in BOUNDED for row in errors) or any(map(_missing_files, files.parts("documents")))
    return not others and away <= failed <= given_up


def _brought(fetched: list[Row], safe: set[str]) -> list[Row]:
    """The fetched rows of which a document is kept: read now, or unchanged since it was."""
    return [row for row in fetched if not row["gone"] and (row["unchanged"] or row["item"]["native_id"] in safe)]


def _same(files: RunFiles, ledger: Ledger) -> set[str]:
    """The announcements that were looked at again and say what the kept document says, which lacks no file."""
    lacking = ledger.lacking()
    before = {native_id: content for native_id, content in ledger.contents().items() if native_id not in lacking}
    again = {row["item"]["native_id"] for row in files.parts("fetched") if prefilter_of(row) == "revisit"}
    read = (d for d in files.parts("documents") if d["native_id"] in again and d["outcome"] == "ok")
    return {d["native_id"] for d in read if before.get(d["native_id"]) == d["content_hash"]}


def _missing_files(document: Row) -> list[Row]:
    """The files of an announcement that should have come and did not."""
    return [file for file in document["attachments"] if file["outcome"] in NOT_FETCHED]


def _kept(row: Row, document: Row | None, lacking: set[str]) -> LedgerEntry:
    item = Listed.from_json(row["item"])
    seen = (item, row["etag"], row["modified"])
    if document is None:
        return LedgerEntry(*seen, lacking=item.native_id in lacking)
    return LedgerEntry(*seen, document["content_hash"], _closes(document, item), item.native_id in lacking)


def _closes(document: Row, item: Listed) -> str:
    """The last day of application of a relevant announcement, OPEN_ENDED, or "" when there is none to wait for."""
    record = document["record"] or {}
    if not (record.get("relevant") or {}).get("value"):
        return ""
    closes = ((record.get("application") or {}).get("closes_at") or {}).get("value") or item.fields.get("closes_at", "")
    return OPEN_ENDED if closes in ("always", "until_exhausted") else closes[:10]
