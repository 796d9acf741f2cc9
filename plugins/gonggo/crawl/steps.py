"""The steps of one run of one source that an Airflow task is made of: list, fetch, stage.

Arguments and results are plain data that JSON can carry. Each step can be killed anywhere and repeated: what it wrote
before is complete or not there.
"""

from __future__ import annotations

import json
import logging
import shutil
from datetime import datetime, timedelta
from typing import Any

from gonggo.boundary import error_boundary
from gonggo.cluster.workspace import files_of, open_workspace
from gonggo.crawl.attachment_store import attachment_store
from gonggo.crawl.client import Client
from gonggo.crawl.fetching import fetch_one, open_front
from gonggo.crawl.ledger import Ledger, ledger_of
from gonggo.crawl.listing import Period, list_source_pages
from gonggo.crawl.plan import plan
from gonggo.crawl.run_files import RunFiles, commit_batch, write_json
from gonggo.crawl.run_summary import listings_of, remember, summary
from gonggo.crawl.warc import Archive
from gonggo.errors import CollectError, GoneError, UnreadableError
from gonggo.model import Fetch, SourceRun, now, read_jsonl, write_jsonl
from gonggo.redaction import masked
from gonggo.settings import SEOUL, Settings
from gonggo.sources.adapter import Adapter
from gonggo.sources.catalogue import get_site
from gonggo.sources.factory import make_adapter

log = logging.getLogger(__name__)
# Of the rows that a list passed over, so many are reported one by one.
MAX_REPORTED = 50


def _adapter(source: str, settings: Settings) -> Adapter:
    return make_adapter(get_site(source), settings)


def list_source(
    source: str,
    run_id: str,
    *,
    since: str | None = None,
    until: str | None = None,
    full: bool = False,
    no_prefilter: bool = False,
    settings: Settings | None = None,
) -> dict[str, Any]:
    """Walk the list pages and write which announcements to fetch. Return counts and the numbers of the chunks.

    ``since`` and ``until`` (YYYY-MM-DD) are the days of posting to walk back over, through what is known already;
    without them, and without ``full``, the walk ends at a page with nothing new, or at the age that the settings say.
    ``no_prefilter`` also fetches rows that do not look like AI, those of earlier runs included.

    Raises:
        CollectError: recorded in the run's files before it is raised, so that ``stage`` can report it.
    """
    with open_workspace(settings) as inner:
        files = RunFiles(inner, source, run_id)
        files_of(inner).download(files.work, files.archive)
        return _list_source(files, since, until, full=full, no_prefilter=no_prefilter)


def _list_source(
    files: RunFiles, since: str | None, until: str | None, *, full: bool, no_prefilter: bool
) -> dict[str, Any]:
    settings, source = files.settings, files.source
    fetches = [Fetch.from_json(row) for row in read_jsonl(files.part("fetches", 0))]
    files.write_meta(started_at=files.meta().get("started_at") or now())
    files.progress("listing")
    ledger = ledger_of(settings, source)
    ledger.mend()
    period, full = _how_far(since, until, full or no_prefilter, settings)
    # Rows that an earlier run listed and did not fetch may stand behind pages that hold nothing new.
    full = full or not ledger.settled()
    ledger.settle(False, now())
    try:
        with error_boundary(f"the list of {source}", files.traces("list")):
            adapter = _adapter(source, settings)
            found, failures = list_source_pages(adapter, files, fetches, ledger, period, full=full, held=no_prefilter)
            planned = plan(found.wanted, adapter, ledger, settings, no_prefilter=no_prefilter)
    except CollectError as error:
        files.write_fetches(0, fetches)
        note_errors(files, 0, [error_row(error, "")])
        files.progress("failed")
        log.error("%s: %s", source, error)
        raise
    ledger.seen(found.known, now())
    rows = planned.rows(settings.chunk_size, settings.pause(adapter.site.politeness.delay_seconds))
    write_jsonl(files.left, (item.to_json() for item in planned.left))
    write_jsonl(files.listing, rows)
    files.write_fetches(0, fetches)
    refused, passed = list[dict[str, str]](), list[str]()
    for page in files.parts("pages"):
        refused += page["refused"]
        passed += page["passed"]
    note_errors(files, 0, [*(error_row(failure, "") for failure in failures), *refused])
    write_jsonl(files.part("passed", 0), _passed_rows(passed))
    counts = {name: getattr(found, name) for name in ("pages", "listed", "new", "changed")}
    ended = {"complete": found.complete, "doubtful": found.doubtful, "newest": found.newest}
    ended["cut"] = found.failure is not None
    files.write_meta(**counts, **ended, known=len(found.known))
    files.progress("listed", **counts)
    log.info("%s: listed %d, new %d, changed %d", source, found.listed, found.new, found.changed)
    log.info("%s: to fetch %d, left by the prefilter %d", source, len(rows), len(planned.left))
    chunks = sorted({row["chunk"] for row in rows})
    return {"source": source, "run_id": files.run_id, "chunks": chunks, "to_fetch": len(rows), **counts}


def _how_far(since: str | None, until: str | None, full: bool, settings: Settings) -> tuple[Period, bool]:
    """Return the period of a walk, and whether it goes on past pages that hold nothing new."""
    if since or until:
        return Period(since, until), True
    if full or not settings.days_back:
        return Period(), full
    day = datetime.now(SEOUL).date() - timedelta(days=settings.days_back)
    return Period(day.isoformat()), full


def fetch_chunk(source: str, run_id: str, chunk: int, *, settings: Settings | None = None) -> dict[str, Any]:
    """Fetch the announcements of one chunk into the archive. One that fails is recorded; the others go on."""
    with open_workspace(settings) as inner:
        files = RunFiles(inner, source, run_id)
        files_of(inner).download(files.work)
        return _fetch_chunk(files, chunk)


def _fetch_chunk(files: RunFiles, chunk: int) -> dict[str, Any]:
    settings, source = files.settings, files.source
    adapter = _adapter(source, settings)
    ledger, fetches = ledger_of(settings, source), list[Fetch]()
    known, traces = ledger.known(), files.traces("fetch", chunk)
    rows, errors = list[dict[str, Any]](), list[dict[str, str]]()
    with Archive(files.warc(chunk), attachment_store(settings)) as archive:
        client = Client(settings, adapter.site, files.run_id, archive, fetches.append)
        open_front(client)
        for item, prefilter in files.chunk_items(chunk):
            try:
                with error_boundary(f"{source} {item.native_id}", traces):
                    row = fetch_one(
                        item, adapter, client, archive, ledger, known, fetches, prefilter=prefilter, traces=traces
                    )
                rows.append({**row, "prefilter": prefilter})
            except GoneError as error:
                rows.append({"item": item.to_json(), "unchanged": False, "gone": True, "prefilter": prefilter})
                log.info("%s: gone: %s", source, error)
            except (CollectError, UnreadableError) as error:
                errors.append({**error_row(error, item.url), "native_id": item.native_id})
                log.warning("%s: %s", source, error)
    write_jsonl(files.part("fetched", chunk), rows)
    files.write_fetches(chunk, fetches)
    note_errors(files, chunk, errors)
    files.progress("fetching", fetched=files.count("fetched"), failed=files.count("errors"))
    return {"source": source, "chunk": chunk, "fetched": len(rows), "failed": len(errors)}


def stage(source: str, run_id: str, *, settings: Settings | None = None) -> dict[str, Any]:
    """Commit the batch of the run; only then remember its announcements as known.

    After a failed listing too: the batch then holds the record of the failed run alone.
    """
    with open_workspace(settings) as inner:
        files = RunFiles(inner, source, run_id)
        files_of(inner).download(files.work, files.batch)
        return _stage(files)


def _stage(files: RunFiles) -> dict[str, Any]:
    if not (files.batch / "run.json").exists():
        # Without its record it is no batch: a machine died while it uploaded the files.
        shutil.rmtree(files.batch, ignore_errors=True)
        ledger = ledger_of(files.settings, files.source)
        run, documents, listings = _summed_up(files, ledger)
        files.archive.mkdir(parents=True, exist_ok=True)
        write_jsonl(files.archive / "fetches.jsonl", files.parts("fetches"))
        write_jsonl(files.archive / "listings.jsonl", listings)
        write_json(files.archive / "run.json", run.to_json())
        commit_batch(files, run.to_json(), documents, list(files.parts("fetches")), listings)
        # Only what is safe may be remembered as known.
        files_of(files.settings).upload()
    run_data = json.loads((files.batch / "run.json").read_text("utf-8"))
    if files.work.exists():
        remember(files, run_data)
        files.progress(
            run_data["state"], **{k: run_data[k] for k in ("listed", "new", "fetched", "extracted", "failed")}
        )
        shutil.rmtree(files.work)
    return {**run_data, "batch_id": files.batch_id}


def _summed_up(files: RunFiles, ledger: Ledger) -> tuple[SourceRun, list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the record, documents and listings of a run; where its files are damaged, a record of failure alone."""
    try:
        with error_boundary(f"the notes of {files.batch_id}", files.traces("stage")):
            run, documents = summary(files, ledger)
            return run, documents, listings_of(files, run.started_at)
    except (CollectError, UnreadableError) as error:
        # Nothing of it is remembered as known, so the next run fetches it again.
        shutil.rmtree(files.work)
        return failed_run(files, error), [], []


def failed_run(files: RunFiles, error: CollectError | UnreadableError) -> SourceRun:
    at = now()
    return SourceRun(files.source, files.run_id, at, at, "failed", errors=[error_row(error, "")])


def note_errors(files: RunFiles, chunk: int, errors: list[dict[str, str]]) -> None:
    write_jsonl(files.part("errors", chunk), errors)


def _passed_rows(passed: list[str]) -> list[dict[str, str]]:
    """Return the rows that the list passed over as errors of the run: the first ones, and how many more."""
    more = [f"and {len(passed) - MAX_REPORTED} more"] if len(passed) > MAX_REPORTED else []
    return [{"outcome": "skipped", "url": "", "message": reason} for reason in [*passed[:MAX_REPORTED], *more]]


def error_row(error: CollectError | UnreadableError, url: str) -> dict[str, str]:
    return {"outcome": error.outcome, "url": masked(url), "message": masked(str(error))}
