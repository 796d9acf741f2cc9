"""The few steps that a DAG task or a command calls. Arguments and results are plain data that JSON can carry.

    list_source → fetch_chunk … → extract_chunk … → stage   |   load → link → build → check → publish → export

Each step can be repeated, and killed anywhere: what it wrote before is complete or not there.
"""

from __future__ import annotations

import json
import logging
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zlib import crc32

from gonggo.boundary import contained, of_all_sources
from gonggo.cluster.workspace import download, in_workspace, mirror, open_workspace, upload
from gonggo.crawl.attachment_store import attachment_store
from gonggo.crawl.client import Client
from gonggo.crawl.extract_worker import background_extraction
from gonggo.crawl.fetching import fetch_one, open_front
from gonggo.crawl.interrupted_runs import interrupted_runs, mark_running
from gonggo.crawl.ledger import Ledger, ledger_of
from gonggo.crawl.listing import Period, list_source_pages
from gonggo.crawl.plan import plan
from gonggo.crawl.replay import extract_chunk, reread
from gonggo.crawl.run_files import RunFiles, archived_runs, batch_ids, commit_batch, restore_batches, write_json
from gonggo.crawl.run_summary import listings_of, remember, summary
from gonggo.crawl.warc import Archive
from gonggo.errors import CollectError, GoneError, UnreadableError
from gonggo.model import Fetch, SourceRun, now, read_jsonl, write_jsonl
from gonggo.redaction import masked
from gonggo.settings import SEOUL, Settings, working_settings
from gonggo.sources.adapter import Adapter
from gonggo.sources.catalogue import site_named
from gonggo.sources.factory import make_adapter

log = logging.getLogger(__name__)
# Of what a list passed over, so much is told one by one.
MOST_TOLD = 50


def new_run_id() -> str:
    """A run id that sorts by time."""
    return datetime.now(SEOUL).strftime("%Y%m%dT%H%M%S") + "-" + secrets.token_hex(2)


def _adapter(source: str, settings: Settings) -> Adapter:
    return make_adapter(site_named(source), settings)


# ── list ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@in_workspace("work/{source}/{run_id}/", "archive/{source}/{run_id}/")
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
    """Walk the list pages; write what is to be fetched. Returns counts and the numbers of the chunks.

    ``since`` and ``until`` (YYYY-MM-DD) are the days of posting to walk back over, through what is known already;
    without them, and without ``full``, the walk ends where nothing is new, and as many days back as the settings say.
    ``no_prefilter`` fetches the rows too that do not look like AI, those of earlier runs included.

    Errors:
        CollectError: recorded in the run's files before it is raised, so that ``stage`` can tell it.
    """
    settings = settings or working_settings()
    files = RunFiles(settings, source, run_id)
    fetches = [Fetch.from_json(row) for row in read_jsonl(files.part("fetches", 0))]
    files.write_meta(started_at=files.meta().get("started_at") or now())
    files.progress("listing")
    ledger = ledger_of(settings, source)
    ledger.mend()
    period, full = _how_far(since, until, full or no_prefilter, settings)
    # What a run before this one listed and did not bring home may stand behind pages that hold nothing new.
    full = full or not ledger.settled()
    ledger.settle(False, now())
    try:
        with contained(f"the list of {source}", files.traces("list")):
            adapter = _adapter(source, settings)
            found, failures = list_source_pages(adapter, files, fetches, ledger, period, full=full, held=no_prefilter)
            made = plan(found.wanted, adapter, ledger, settings, no_prefilter=no_prefilter)
    except CollectError as error:
        files.write_fetches(0, fetches)
        _note_errors(files, 0, [_error(error, "")])
        files.progress("failed")
        log.error("%s: %s", source, error)
        raise
    ledger.seen(found.known, now())
    rows = made.rows(settings.chunk_size, settings.pause(adapter.site.politeness.delay_seconds))
    write_jsonl(files.left, (item.to_json() for item in made.left))
    write_jsonl(files.listing, rows)
    files.write_fetches(0, fetches)
    refused, passed = list[dict[str, str]](), list[str]()
    for page in files.parts("pages"):
        refused += page["refused"]
        passed += page["passed"]
    _note_errors(files, 0, [*(_error(failure, "") for failure in failures), *refused])
    write_jsonl(files.part("passed", 0), _told_shortly(passed))
    counts = {name: getattr(found, name) for name in ("pages", "listed", "new", "changed")}
    ended = {"complete": found.complete, "doubtful": found.doubtful, "newest": found.newest}
    ended["cut"] = found.failure is not None
    files.write_meta(**counts, **ended, known=len(found.known))
    files.progress("listed", **counts)
    log.info("%s: listed %d, new %d, changed %d", source, found.listed, found.new, found.changed)
    log.info("%s: to fetch %d, left to the net %d", source, len(rows), len(made.left))
    chunks = sorted({row["chunk"] for row in rows})
    return {"source": source, "run_id": run_id, "chunks": chunks, "to_fetch": len(rows), **counts}


def _how_far(since: str | None, until: str | None, full: bool, settings: Settings) -> tuple[Period, bool]:
    """The period of a walk, and whether it goes on over pages that hold nothing new."""
    if since or until:
        return Period(since, until), True
    if full or not settings.days_back:
        return Period(), full
    day = datetime.now(SEOUL).date() - timedelta(days=settings.days_back)
    return Period(day.isoformat()), full


# ── fetch ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@in_workspace("work/{source}/{run_id}/")
def fetch_chunk(source: str, run_id: str, chunk: int, *, settings: Settings | None = None) -> dict[str, Any]:
    """Fetch the announcements of one chunk into the archive. One that fails is recorded; the others go on."""
    settings = settings or working_settings()
    files, adapter = RunFiles(settings, source, run_id), _adapter(source, settings)
    ledger, fetches = ledger_of(settings, source), list[Fetch]()
    known, traces = ledger.known(), files.traces("fetch", chunk)
    rows, errors = list[dict[str, Any]](), list[dict[str, str]]()
    with Archive(files.warc(chunk), attachment_store(settings)) as archive:
        client = Client(settings, adapter.site, run_id, archive, fetches.append)
        open_front(client)
        for item, net in files.chunk_items(chunk):
            try:
                with contained(f"{source} {item.native_id}", traces):
                    row = fetch_one(item, adapter, client, archive, ledger, known, fetches, net=net, traces=traces)
                rows.append({**row, "net": net})
            except GoneError as error:
                rows.append({"item": item.to_json(), "unchanged": False, "gone": True, "net": net})
                log.info("%s: gone: %s", source, error)
            except (CollectError, UnreadableError) as error:
                errors.append({**_error(error, item.url), "native_id": item.native_id})
                log.warning("%s: %s", source, error)
    write_jsonl(files.part("fetched", chunk), rows)
    files.write_fetches(chunk, fetches)
    _note_errors(files, chunk, errors)
    files.progress("fetching", fetched=files.count("fetched"), failed=files.count("errors"))
    return {"source": source, "chunk": chunk, "fetched": len(rows), "failed": len(errors)}


# ── stage ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@in_workspace("work/{source}/{run_id}/", "batches/{source}__{run_id}/")
def stage(source: str, run_id: str, *, settings: Settings | None = None) -> dict[str, Any]:
    """Make the run's batch; then, and only then, remember its announcements as known.

    Works after a failed listing too: the batch then holds the failed run and nothing else.
    """
    settings = settings or working_settings()
    files = RunFiles(settings, source, run_id)
    if not (files.batch / "run.json").exists():
        # Without its record it never became a batch: a machine ended while it brought it to the store.
        shutil.rmtree(files.batch, ignore_errors=True)
        ledger = ledger_of(settings, source)
        run, documents, listings = _summed_up(files, ledger)
        files.archive.mkdir(parents=True, exist_ok=True)
        write_jsonl(files.archive / "fetches.jsonl", files.parts("fetches"))
        write_jsonl(files.archive / "listings.jsonl", listings)
        write_json(files.archive / "run.json", run.to_json())
        commit_batch(files, run.to_json(), documents, list(files.parts("fetches")), listings)
        # Only what is safe may be remembered as known.
        upload(settings)
    run_data = json.loads((files.batch / "run.json").read_text("utf-8"))
    if files.work.exists():
        remember(files, run_data)
        files.progress(
            run_data["state"], **{k: run_data[k] for k in ("listed", "new", "fetched", "extracted", "failed")}
        )
        shutil.rmtree(files.work)
    return {**run_data, "batch_id": files.batch_id}


def _summed_up(files: RunFiles, ledger: Ledger) -> tuple[SourceRun, list[dict[str, Any]], list[dict[str, Any]]]:
    """A run's record, documents and listings; of a run whose notes cannot be summed up a failed record alone."""
    try:
        with contained(f"the notes of {files.batch_id}", files.traces("stage")):
            run, documents = summary(files, ledger)
            return run, documents, listings_of(files, run.started_at)
    except (CollectError, UnreadableError) as error:
        # Nothing of it is remembered as known, so that the next run brings it again.
        shutil.rmtree(files.work)
        return _failed_run(files, error), [], []


def _failed_run(files: RunFiles, error: CollectError | UnreadableError) -> SourceRun:
    at = now()
    return SourceRun(files.source, files.run_id, at, at, "failed", errors=[_error(error, "")])


@in_workspace("work/{source}/")
def recover(settings: Settings | None = None, source: str | None = None, *, certain: bool = False) -> list[str]:
    """Stage the runs (of one source) that were cut off, with what they had collected. Returns the ids of their batches.

    Runs that may still be going on are left alone, unless it is ``certain`` that nothing runs on this machine.
    """
    settings, batches = settings or working_settings(), list[str]()
    for files in interrupted_runs(settings, source, certain=certain):
        download(settings, f"archive/{files.source}/{files.run_id}/")
        try:
            with contained(files.batch_id, files.traces("recover")):
                for chunk in files.unread_chunks():
                    extract_chunk(files.source, files.run_id, chunk, settings=settings)
                batches.append(stage(files.source, files.run_id, settings=settings)["batch_id"])
            log.warning("%s was cut off; what it had collected is kept", files.batch_id)
        except (CollectError, UnreadableError) as error:
            # Nothing of it is remembered as known, so that the next run brings it again.
            log.error("%s was cut off and its notes are damaged (%s); it is collected again", files.batch_id, error)
            shutil.rmtree(files.work)
    return batches


def _note_errors(files: RunFiles, chunk: int, errors: list[dict[str, str]]) -> None:
    write_jsonl(files.part("errors", chunk), errors)


def _told_shortly(passed: list[str]) -> list[dict[str, str]]:
    """What was passed over as rows for a person: the first of many, and how many more."""
    more = [f"and {len(passed) - MOST_TOLD} more"] if len(passed) > MOST_TOLD else []
    return [{"outcome": "skipped", "url": "", "message": mark_sent} for mark_sent in [*passed[:MOST_TOLD], *more]]


def _error(error: CollectError | UnreadableError, url: str) -> dict[str, str]:
    return {"outcome": error.outcome, "url": masked(url), "message": masked(str(error))}


@in_workspace()
def collect(source: str, *, settings: Settings | None = None, **options: Any) -> dict[str, Any]:
    """All steps of one source in a row, without Airflow; ``options`` as for ``list_source``.

    A failed source returns its failed run.
    """
    settings, run_id = settings or working_settings(), new_run_id()
    recover(settings, source)
    files = RunFiles(settings, source, run_id)
    with mark_running(files):
        try:
            found = list_source(source, run_id, settings=settings, **options)
            with background_extraction(source, run_id, found["to_fetch"], settings) as read:
                for chunk in found["chunks"]:
                    with _alone(files, "fetch", chunk):
                        fetch_chunk(source, run_id, chunk, settings=settings)
                    read(chunk)
                    upload(settings)
        except CollectError:
            log.info("%s: staged as a failed run", source)
        for chunk in files.unread_chunks():
            with _alone(files, "read", chunk):
                extract_chunk(source, run_id, chunk, settings=settings)
        return stage(source, run_id, settings=settings)


def collect_all(
    sources: Iterable[str], *, settings: Settings | None = None, **options: Any
) -> Iterator[dict[str, Any]]:
    """Collect sources one after the other; yields their runs. Whatever one does, the others are collected."""
    settings = settings or working_settings()
    for source in sources:
        files = RunFiles(settings, source, new_run_id())
        try:
            with contained(f"the run of {source}", files.traces("run"), spare=of_all_sources):
                run = collect(source, settings=settings, **options)
        except (CollectError, UnreadableError) as error:
            run = {**_failed_run(files, error).to_json(), "batch_id": files.batch_id}
            _keep_failed(files, run)
        yield run


def _keep_failed(files: RunFiles, run: dict[str, Any]) -> None:
    """Make a batch of a run that could not make its own, as far as this machine lets it: it was told all the same."""
    try:
        commit_batch(files, run, [], [], [])
    except OSError as error:
        log.error("%s: %s", files.batch_id, error)


@contextmanager
def _alone(files: RunFiles, step: str, chunk: int) -> Iterator[None]:
    """Let a chunk fail alone; what it was to bring is missed, told, and asked for again."""
    try:
        with contained(f"chunk {chunk} of {files.source}", files.traces(step, chunk)):
            yield
    except (CollectError, UnreadableError) as error:
        before = list(read_jsonl(files.part("errors", chunk)))
        _note_errors(files, chunk, [*before, _error(error, "")])


# ── replay ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def replay(source: str | None = None, *, settings: Settings | None = None) -> dict[str, Any]:
    """Read and extract again all that was archived, without network. Every batch is replaced by its new reading.

    Returns ``{"runs", "documents", "kept": documents that stayed as they were, since less of them can be read now,
    "failed": {batch id: why it stayed as it was}}``.
    """
    from gonggo.warehouse.recovery import discard

    settings = settings or working_settings()
    counts: dict[str, Any] = {"runs": 0, "documents": 0, "kept": 0, "failed": {}}
    for name, run_id in archived_runs(settings, source):
        files = RunFiles(settings, name, run_id)
        try:
            with (
                contained(files.batch_id, files.traces("replay"), spare=of_all_sources),
                open_workspace(settings) as inner,
            ):
                download(inner, f"archive/{name}/{run_id}/", f"batches/{name}__{run_id}/")
                done = reread(RunFiles(inner, name, run_id))
        except (CollectError, UnreadableError) as error:
            # Its batch stays as it was.
            counts["failed"][files.batch_id] = str(error)
            continue
        counts = {**counts, "runs": counts["runs"] + 1, "documents": counts["documents"] + done.documents}
        counts["kept"] += done.kept
    # The writer's file is made anew from all batches; readers keep the published one until the next publication.
    discard(settings)
    return counts


# ── warehouse ───────────────────────────────────────────────────────────────────────────────────────────────────────


@in_workspace()
def load(settings: Settings | None = None, part: int | None = None) -> dict[str, Any]:
    """Load the batches that are not loaded yet. One that is damaged is made again from the archive.

    With several loaders each takes the sources of its ``part``, from 0; without one it is all of them.

    Errors:
        WarehouseError: batches wait, and not one of them could be loaded; or the warehouse cannot be written.
    """
    from gonggo.warehouse.load import load_batches

    settings = settings or working_settings()
    restore_batches(settings)
    return load_batches(settings, partial(_rebuild_batch, settings), partial(_download_batches, settings, part))


def _download_batches(settings: Settings, part: int | None, known: set[str]) -> set[str]:
    """Bring the batches of a loader's part that are not loaded: of one source all, since they build on each other.

    Returns the ids of all batches that there are.
    """
    there = batch_ids(settings)
    mine = (name for name in there if part in (None, crc32(name.partition("__")[0].encode()) % settings.loaders))
    download(settings, *(f"batches/{name}/" for name in mine if name not in known))
    return there


def _rebuild_batch(settings: Settings, batch_id: str) -> bool:
    source, _, run_id = batch_id.partition("__")
    download(settings, f"archive/{source}/{run_id}/")
    files = RunFiles(settings, source, run_id)
    try:
        with contained(batch_id, files.traces("replay"), spare=of_all_sources):
            reread(files)
    except (CollectError, UnreadableError) as error:
        log.error("%s is damaged, and the archive does not give it again: %s", batch_id, error)
        return False
    log.warning("%s was damaged; made again from the archive", batch_id)
    return True


def link(settings: Settings | None = None) -> dict[str, Any]:
    """Link announcements to notices, names to organisations and programmes."""
    from gonggo.warehouse import link as room

    return room.link(settings or working_settings())


def build(settings: Settings | None = None) -> dict[str, Any]:
    """Build the marts."""
    from gonggo.warehouse.marts import build_marts

    return build_marts(settings or working_settings())


def check(settings: Settings | None = None) -> dict[str, Any]:
    """Run the checks; a blocking one that finds rows raises and keeps the last good snapshot in place."""
    from gonggo.warehouse.checks import run_checks

    return run_checks(settings or working_settings())


def publish(settings: Settings | None = None) -> dict[str, Any]:
    """Replace the published snapshot."""
    from gonggo.warehouse import publish as room

    return room.publish(settings or working_settings())


def export(settings: Settings | None = None) -> dict[str, Any]:
    """Write tables, workbooks, calendars and feeds of what is published."""
    from gonggo.report import exports as room

    settings = settings or working_settings()
    made = room.export(settings)
    mirror(settings, settings.exports)
    return made


# ── watch ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def morning(settings: Settings | None = None) -> dict[str, Any]:
    """Render the morning report as a page and as Markdown. Returns their paths."""
    from gonggo.report.html import render_html
    from gonggo.report.morning import render_markdown

    settings = settings or working_settings()
    made = {"html": str(render_html(settings)), "markdown": str(render_markdown(settings))}
    mirror(settings, settings.reports)
    return made


def due_alerts(settings: Settings | None = None) -> list[dict[str, Any]]:
    """The messages that the rules of alerts ask for and that were not sent yet."""
    from gonggo.report.alerts import due

    return due(settings or working_settings())


def mark_sent(message: dict[str, Any], settings: Settings | None = None) -> None:
    """Mark a message as sent."""
    from gonggo.report import alerts

    alerts.told(settings or working_settings(), message)


# ── upkeep ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def clean_up(settings: Settings | None = None) -> dict[str, Any]:
    """Remove temporaries of processes that died, and what the settings say is no longer kept."""
    from gonggo.maintenance import cleanup as room

    return asdict(room.clean_up(settings or working_settings()))


def backup(settings: Settings | None = None) -> dict[str, Any] | None:
    """Make the daily backup; None where the settings name no place for it, or the data are in a store."""
    from gonggo.maintenance import backup as room

    settings = settings or working_settings()
    return room.backup(settings, settings.backup) if settings.backup and not settings.object_store else None


def migrate_to_cluster(settings: Settings | None = None) -> dict[str, int]:
    """Bring the home of a machine that worked alone to the object store and Postgres; see ``maintenance.migration``.

    Raises:
        GonggoError: no store is named, or the machine still collects.
    """
    from gonggo.maintenance import migration

    settings = settings or working_settings()
    recover(migration.without_cluster(settings), certain=True)
    return migration.move_home(settings)


def disk_usage(settings: Settings | None = None) -> dict[str, Any]:
    """The room that the home takes, bytes by folder, with warnings."""
    from gonggo.maintenance import disk

    settings = settings or working_settings()
    used = disk.usage(settings)
    rooms = {one.name: one.bytes for one in used.folders}
    return {"bytes": rooms, "free": used.free, "warnings": disk.warnings(settings, used)}


# ── figures ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@in_workspace("batches/{batch_id}/")
def run_figures(batch_id: str, settings: Settings | None = None) -> dict[str, Any]:
    """What a staged run came to, for metrics."""
    from gonggo.report import figures

    return figures.of_run(settings or working_settings(), batch_id)


def published_figures(settings: Settings | None = None) -> dict[str, int]:
    """How old the published data are, and how many sources are late, for metrics."""
    from gonggo.report import figures

    return figures.of_snapshot(settings or working_settings())
