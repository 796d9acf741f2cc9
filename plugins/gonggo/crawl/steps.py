"""The steps of a run of one source, each an Airflow task: list, fetch, stage.

Arguments and results are plain data for JSON. Each step can be killed at any point and repeated: what it wrote before
is either complete or absent.
"""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast

from gonggo.boundary import error_boundary
from gonggo.cluster.workspace import files_of, open_workspace
from gonggo.crawl.attachment_store import attachment_store
from gonggo.crawl.client import Client
from gonggo.crawl.fetching import fetch_one, open_front
from gonggo.crawl.ledger import Ledger, ledger_of
from gonggo.crawl.listing import Period, list_source_pages
from gonggo.crawl.plan import plan_fetches
from gonggo.crawl.run_files import RunFiles, commit_batch, lines_of, read_source_run, write_json
from gonggo.crawl.run_records import FetchedAnnouncement, ListingRow, RunError
from gonggo.crawl.run_summary import StagedRun, listings_of, read_run, stored_documents, summarize, update_ledger
from gonggo.crawl.warc import Archive
from gonggo.errors import CollectError, GoneError, UnreadableError
from gonggo.model import Fetch, SourceRun, now, read_jsonl, write_jsonl
from gonggo.redaction import masked, register_secrets
from gonggo.settings import SEOUL, Settings
from gonggo.sources.adapter import Adapter
from gonggo.sources.catalogue import get_site
from gonggo.sources.factory import make_adapter
from gonggo.step_results import FetchResult, ListResult, RunResult

log = logging.getLogger(__name__)
# Skipped rows of a list beyond this number are reported as a count.
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
    api_keys: Mapping[str, str] | None = None,
    settings: Settings | None = None,
) -> ListResult:
    """Read the list pages and write which announcements to fetch; return counts and the chunk numbers.

    ``since`` and ``until`` (YYYY-MM-DD) bound the posting dates to collect, known rows included. Without them, and
    without ``full``, paging ends at a page without new rows, or at the age that the settings say. ``no_prefilter`` also
    fetches rows that do not look like AI, those of earlier runs included. ``api_keys`` are keys by the variable that
    they stand for, in place of those of the environment.

    Raises:
        CollectError: It is recorded in the files of the run first, so that ``stage`` reports it.
    """
    with open_workspace(settings) as inner:
        files = RunFiles(_with_api_keys(inner, api_keys), source, run_id)
        files_of(inner).download(files.work, files.archive)
        return _list_source(files, since, until, full=full, no_prefilter=no_prefilter)


def _list_source(
    files: RunFiles, since: str | None, until: str | None, *, full: bool, no_prefilter: bool
) -> ListResult:
    settings, source = files.settings, files.source
    fetches = [Fetch.from_json(row) for row in read_jsonl(files.part("fetches", 0))]
    files.update_outcome(started_at=files.outcome().started_at or now())
    files.progress("listing")
    ledger = ledger_of(settings, source)
    ledger.repair()
    period, full = _period(since, until, full or no_prefilter, settings)
    # Rows that an earlier run listed and did not fetch may be behind pages without new rows.
    full = full or not ledger.last_run_complete()
    ledger.record_run(False, now())
    try:
        with error_boundary(f"the list of {source}", files.traces("list")):
            adapter = _adapter(source, settings)
            known = ledger.announcements()
            result = list_source_pages(
                adapter, files, fetches, ledger, known, period, full=full, with_document=no_prefilter
            )
            pagination = result.pagination
            plan = plan_fetches(pagination.candidates, adapter, ledger, known, settings, no_prefilter=no_prefilter)
    except CollectError as error:
        files.write_fetches(0, fetches)
        files.write_errors(0, [run_error(error, "")])
        files.progress("failed")
        log.error("%s: %s", source, error)
        raise
    ledger.mark_seen(pagination.known, now())
    rows = plan.rows(settings.chunk_size, settings.pause(adapter.site.politeness.delay_seconds))
    write_jsonl(files.left_out, (item.to_json() for item in plan.left_out))
    write_jsonl(files.listing, (row.to_json() for row in rows))
    files.write_fetches(0, fetches)
    pages = [result.pages[number] for number in sorted(result.pages)]
    row_errors = [RunError.from_json(error) for page in pages for error in page.row_errors]
    files.write_errors(0, [*(run_error(error, "") for error in result.endpoint_errors), *row_errors])
    skipped = _skipped_rows([notice for page in pages for notice in page.notices])
    write_jsonl(files.part("passed", 0), (row.to_json() for row in skipped))
    counts = {name: getattr(pagination, name) for name in ("pages", "listed", "new", "changed")}
    files.update_outcome(
        **counts,
        complete=pagination.complete,
        doubtful=pagination.doubtful,
        newest=pagination.newest,
        cut=pagination.failure is not None,
        known=len(pagination.known),
    )
    files.progress("listed", **counts)
    log.info("%s: listed %d, new %d, changed %d", source, pagination.listed, pagination.new, pagination.changed)
    log.info("%s: to fetch %d, left by the prefilter %d", source, len(rows), len(plan.left_out))
    return {
        "source": source,
        "run_id": files.run_id,
        "chunks": sorted({row.chunk for row in rows}),
        "to_fetch": len(rows),
        "pages": pagination.pages,
        "listed": pagination.listed,
        "new": pagination.new,
        "changed": pagination.changed,
    }


def _with_api_keys(settings: Settings, api_keys: Mapping[str, str] | None) -> Settings:
    """Return the settings with further API keys, which are masked in everything that this process writes."""
    if not api_keys:
        return settings
    register_secrets(api_keys.values())
    return replace(settings, environment={**settings.environment, **api_keys})


def _period(since: str | None, until: str | None, full: bool, settings: Settings) -> tuple[Period, bool]:
    """Return the posting dates to collect, and whether to read on past pages without new rows."""
    if since or until:
        return Period(since, until), True
    if full or not settings.days_back:
        return Period(), full
    day = datetime.now(SEOUL).date() - timedelta(days=settings.days_back)
    return Period(day.isoformat()), full


def fetch_chunk(
    source: str,
    run_id: str,
    chunk: int,
    *,
    api_keys: Mapping[str, str] | None = None,
    settings: Settings | None = None,
) -> FetchResult:
    """Fetch the announcements of a chunk into the archive; one that fails is recorded, and the others go on.

    ``api_keys`` are keys by the variable that they stand for, in place of those of the environment.
    """
    with open_workspace(settings) as inner:
        files = RunFiles(_with_api_keys(inner, api_keys), source, run_id)
        files_of(inner).download(files.work)
        return _fetch_chunk(files, chunk)


def _fetch_chunk(files: RunFiles, chunk: int) -> FetchResult:
    settings, source = files.settings, files.source
    adapter = _adapter(source, settings)
    ledger, fetches = ledger_of(settings, source), list[Fetch]()
    fetched_before, traces = ledger.known(), files.traces("fetch", chunk)
    rows, errors = list[FetchedAnnouncement](), list[RunError]()
    with Archive(files.warc(chunk), attachment_store(settings)) as archive:
        client = Client(settings, adapter.site, files.run_id, archive, fetches.append)
        open_front(client)
        for planned in files.planned_fetches(chunk):
            item, prefilter = planned.item, planned.prefilter
            try:
                with error_boundary(f"{source} {item.native_id}", traces):
                    row = fetch_one(
                        item,
                        adapter,
                        client,
                        archive,
                        ledger,
                        fetched_before,
                        fetches,
                        prefilter=prefilter,
                        traces=traces,
                    )
                rows.append(row)
            except GoneError as error:
                rows.append(FetchedAnnouncement(item.native_id, prefilter, gone=True))
                log.info("%s: gone: %s", source, error)
            except (CollectError, UnreadableError) as error:
                errors.append(replace(run_error(error, item.url), native_id=item.native_id))
                log.warning("%s: %s", source, error)
    write_jsonl(files.part("fetched", chunk), (row.to_json() for row in rows))
    files.write_fetches(chunk, fetches)
    files.write_errors(chunk, errors)
    files.progress("fetching", fetched=files.count("fetched"), failed=files.count("errors"))
    return {"source": source, "chunk": chunk, "fetched": len(rows), "failed": len(errors)}


def stage(source: str, run_id: str, *, settings: Settings | None = None) -> RunResult:
    """Commit the batch of the run, and then record its announcements in the ledger.

    After a failed listing too, with a batch of the record of the failed run alone.
    """
    with open_workspace(settings) as inner:
        files = RunFiles(inner, source, run_id)
        files_of(inner).download(files.work, files.batch)
        return _stage(files)


def _stage(files: RunFiles) -> RunResult:
    staged, is_own = None, False
    if not (files.batch / "run.json").exists():
        # Without its record it is no batch: a machine failed during the upload of the files.
        shutil.rmtree(files.batch, ignore_errors=True)
        staged, is_own = _write_batch(files)
        # Only what is stored may be recorded as known.
        files_of(files.settings).upload()
    run_data = json.loads((files.batch / "run.json").read_text("utf-8"))
    if files.work.exists():
        staged = staged or read_run(files, ledger_of(files.settings, files.source))
        stored = staged.documents if is_own else stored_documents(files)
        update_ledger(files, read_source_run(files.batch / "run.json"), staged, stored)
        files.progress(
            run_data["state"], **{k: run_data[k] for k in ("listed", "new", "fetched", "extracted", "failed")}
        )
        shutil.rmtree(files.work)
    return cast(RunResult, {**run_data, "batch_id": files.batch_id})


def _write_batch(files: RunFiles) -> tuple[StagedRun | None, bool]:
    """Write the record of a run to the archive and commit its batch.

    Returns:
        What the run wrote, None where its files are damaged; and whether the batch is the one that was written here.
    """
    run, staged, listings = _summarize(files, ledger_of(files.settings, files.source))
    files.archive.mkdir(parents=True, exist_ok=True)
    fetches_file, listings_file = files.archive / "fetches.jsonl", files.archive / "listings.jsonl"
    write_jsonl(fetches_file, (fetch.to_json() for fetch in files.fetches()))
    write_jsonl(listings_file, (row.to_json() for row in listings))
    write_json(files.archive / "run.json", run.to_json())
    documents = files.document_lines(staged.contents.documents, staged.unchanged_ids) if staged else iter(())
    return staged, commit_batch(files, run, documents, lines_of(fetches_file), lines_of(listings_file))


def _summarize(files: RunFiles, ledger: Ledger) -> tuple[SourceRun, StagedRun | None, list[ListingRow]]:
    """Return the record, contents and listings of a run; where its files are damaged, a failed record alone."""
    try:
        with error_boundary(f"the files of {files.batch_id}", files.traces("stage")):
            staged = read_run(files, ledger)
            files.check_documents(staged.contents.documents)
            run = summarize(files, staged)
            return run, staged, listings_of(staged.contents, run.started_at)
    except (CollectError, UnreadableError) as error:
        # The ledger has nothing of it, so the next run fetches it again.
        shutil.rmtree(files.work)
        return failed_run(files, error), None, []


def failed_run(files: RunFiles, error: CollectError | UnreadableError) -> SourceRun:
    """Return the record of a run that an error ended before it had results."""
    at = now()
    return SourceRun(files.source, files.run_id, at, at, "failed", errors=[run_error(error, "").to_run()])


def _skipped_rows(skipped: list[str]) -> list[RunError]:
    """Return the skipped rows of the list as errors of the run: the first ones, and how many more."""
    more = [f"and {len(skipped) - MAX_REPORTED} more"] if len(skipped) > MAX_REPORTED else []
    return [RunError("skipped", "", reason) for reason in [*skipped[:MAX_REPORTED], *more]]


def run_error(error: CollectError | UnreadableError, url: str) -> RunError:
    """Return an error as a row of the run, with keys masked."""
    return RunError(error.outcome, masked(url), masked(str(error)))
