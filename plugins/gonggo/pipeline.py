"""The few steps that a DAG task or a command calls. Arguments and results are plain data that JSON can carry.

    list_source → fetch_chunk … → extract_chunk … → stage   |   load → link → build → check → publish

Each step can be repeated, and killed anywhere: what it wrote before is complete or not there.
"""

from __future__ import annotations

import json
import logging
import secrets
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from gonggo.crawl.client import Client
from gonggo.crawl.ledger import Ledger
from gonggo.crawl.runfiles import RunFiles, commit_batch, write_json
from gonggo.crawl.walk import Walk, walk
from gonggo.crawl.warc import Archive, Kept, read_archive
from gonggo.errors import CollectError, EmptyError, GonggoError, TerminalError
from gonggo.model import Document, Fetch, Listed, SourceRun, now, read_jsonl, write_jsonl
from gonggo.settings import SEOUL, Settings, load_settings
from gonggo.sources import guards
from gonggo.sources.adapter import Adapter, ListPage, Page, make_adapter
from gonggo.sources.catalogue import load_catalogue
from gonggo.sources.inbox import Inbox

log = logging.getLogger(__name__)


def new_run_id() -> str:
    """A run id that sorts by time."""
    return datetime.now(SEOUL).strftime("%Y%m%dT%H%M%S") + "-" + secrets.token_hex(2)


def _adapter(source: str, settings: Settings) -> Adapter:
    site = load_catalogue().get(source)
    if site is None:
        raise GonggoError(f"There is no source {source!r}; `gonggo sources list` prints them.")
    return make_adapter(site, settings)


# ── list ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def list_source(
    source: str, run_id: str, *, since: str | None = None, full: bool = False, settings: Settings | None = None
) -> dict[str, Any]:
    """Walk the list pages; write what is to be fetched. Returns counts and the numbers of the chunks.

    ``since`` (YYYY-MM-DD) is how far back; without it and without ``full``, as many days as the settings say.

    Errors:
        CollectError: recorded in the run's files before it is raised, so that ``stage`` can tell it.
    """
    settings = settings or load_settings()
    files, fetches = RunFiles(settings, source, run_id), list[Fetch]()
    files.write_meta(started_at=files.meta().get("started_at") or now())
    files.progress("listing")
    ledger = Ledger(settings.state, source)
    if since is None and not full and settings.days_back:
        since = (datetime.now(SEOUL).date() - timedelta(days=settings.days_back)).isoformat()
    # What a run before this one listed and did not bring home may stand behind pages that hold nothing new.
    full = full or not ledger.settled()
    ledger.settle(False, now())
    try:
        found = _walk(source, files, fetches, ledger.fingerprints(), since, full, settings)
    except CollectError as error:
        files.write_fetches(0, fetches)
        _note_errors(files, 0, [_error(error, "")])
        files.progress("failed")
        log.error("%s: %s", source, error)
        raise
    ledger.seen(found.known, now())
    size = settings.chunk_size
    rows = ({"chunk": i // size + 1, "item": item.to_json()} for i, item in enumerate(found.wanted))
    write_jsonl(files.listing, rows)
    files.write_fetches(0, fetches)
    counts = {name: getattr(found, name) for name in ("pages", "listed", "new", "changed")}
    files.write_meta(**counts, complete=found.complete, known=len(found.known), newest=found.newest)
    files.progress("listed", **counts)
    log.info("%s: listed %d, new %d, changed %d", source, found.listed, found.new, found.changed)
    chunks = list(range(1, (len(found.wanted) + size - 1) // size + 1))
    return {"source": source, "run_id": run_id, "chunks": chunks, **counts}


def _walk(
    source: str,
    files: RunFiles,
    fetches: list[Fetch],
    known: dict[str, str],
    since: str | None,
    full: bool,
    settings: Settings,
) -> Walk:
    adapter = _adapter(source, settings)
    if isinstance(adapter, Inbox):
        return walk(adapter, lambda number: adapter.parse_list(Page("inbox:", 200, {}, b""), number), known, full=full)
    with Archive(files.archive / "list.warc.gz") as archive:
        client = Client(settings, adapter.site, files.run_id, archive, fetches.append)
        client.open_front()
        today = datetime.now(SEOUL).date()

        def fetch(number: int) -> ListPage:
            page, _ = client.get(adapter.list_request(number), "list")
            rows = adapter.parse_list(page, number)
            guards.examine(adapter.site, rows, number, today, page.url)
            return rows

        found = walk(adapter, fetch, known, since=since, full=full)
        if not found.listed:
            raise EmptyError(f"{source}: {found.pages} pages, and not one row; expected some")
        return found


# ── fetch ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def fetch_chunk(source: str, run_id: str, chunk: int, *, settings: Settings | None = None) -> dict[str, Any]:
    """Fetch the announcements of one chunk into the archive. One that fails is recorded; the others go on."""
    settings = settings or load_settings()
    files, adapter = RunFiles(settings, source, run_id), _adapter(source, settings)
    ledger, fetches = Ledger(settings.state, source), list[Fetch]()
    rows, errors = list[dict[str, Any]](), list[dict[str, str]]()
    with Archive(files.warc(chunk)) as archive:
        client = Client(settings, adapter.site, run_id, archive, fetches.append)
        client.open_front()
        for item in files.chunk_items(chunk):
            try:
                rows.append(_fetch_one(item, adapter, client, archive, ledger, fetches))
            except CollectError as error:
                errors.append(_error(error, item.url))
                log.warning("%s: %s", source, error)
    write_jsonl(files.part("fetched", chunk), rows)
    files.write_fetches(chunk, fetches)
    _note_errors(files, chunk, errors)
    done = sum(1 for _ in files.parts("fetched"))
    files.progress("fetching", fetched=done, failed=sum(1 for _ in files.parts("errors")))
    return {"source": source, "chunk": chunk, "fetched": len(rows), "failed": len(errors)}


def _fetch_one(
    item: Listed, adapter: Adapter, client: Client, archive: Archive, ledger: Ledger, fetches: list[Fetch]
) -> dict[str, Any]:
    """Archive one announcement; the row says how to remember it once it is safe."""
    request, at = adapter.detail_request(item), now()
    row: dict[str, Any] = {"item": item.to_json(), "etag": None, "modified": None, "unchanged": False}
    if request is None:
        record = archive.resource(item.url, (item.body or "").encode(), "text/html; charset=utf-8", at)
    elif request.url.startswith("file:"):
        content = _read_file(request.url, client.limits.file_bytes)
        record = archive.resource(request.url, content, "application/octet-stream", at)
        fetches.append(
            Fetch(
                item.source,
                client.run_id,
                request.url,
                "file",
                at,
                "ok",
                None,
                len(content),
                0,
                archive.path.name,
                record,
            )
        )
    else:
        page, record = client.get(request, "detail", ledger.validators(item.native_id))
        if page.status == 304:
            return {**row, "unchanged": True, **ledger_validators(page)}
        row |= ledger_validators(page)
        at = fetches[-1].at
    archive.listed(item, record, at)
    return row


def ledger_validators(page: Page) -> dict[str, str | None]:
    """What a later conditional request will need."""
    return {"etag": page.headers.get("etag"), "modified": page.headers.get("last-modified")}


def _read_file(url: str, limit: int) -> bytes:
    path = Path(unquote(urlsplit(url).path))
    try:
        if path.stat().st_size > limit:
            raise TerminalError(f"{path}: larger than {limit} bytes")
        return path.read_bytes()
    except OSError as error:
        raise TerminalError(f"{path}: {error.strerror}") from error


# ── extract ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def extract_chunk(source: str, run_id: str, chunk: int, *, settings: Settings | None = None) -> dict[str, Any]:
    """Read the chunk's announcements out of the archive, clean them and extract their facts."""
    settings = settings or load_settings()
    files, adapter = RunFiles(settings, source, run_id), _adapter(source, settings)
    documents = _documents(files.warc(chunk), adapter)
    write_jsonl(files.part("documents", chunk), (document.to_json() for document in documents))
    bad = [d for d in documents if d.outcome != "ok"]
    files.progress("extracting", extracted=sum(1 for d in files.parts("documents") if d["outcome"] == "ok"))
    return {"source": source, "chunk": chunk, "extracted": len(documents) - len(bad), "failed": len(bad)}


def _documents(warc: Path, adapter: Adapter) -> list[Document]:
    from gonggo.crawl.reading import document_of

    kept: list[Kept] = list(read_archive(warc))
    return [document_of(one, adapter, f"{warc.parent.name}/{warc.name}") for one in kept]


# ── stage ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def stage(source: str, run_id: str, *, settings: Settings | None = None) -> dict[str, Any]:
    """Make the run's batch; then, and only then, remember its announcements as known.

    Works after a failed listing too: the batch then holds the failed run and nothing else.
    """
    settings = settings or load_settings()
    files = RunFiles(settings, source, run_id)
    if not files.batch.exists():
        run, documents = _summary(files)
        files.archive.mkdir(parents=True, exist_ok=True)
        write_jsonl(files.archive / "fetches.jsonl", files.parts("fetches"))
        write_json(files.archive / "run.json", run.to_json())
        commit_batch(files, run.to_json(), documents, list(files.parts("fetches")))
    run_data = json.loads((files.batch / "run.json").read_text("utf-8"))
    if files.work.exists():
        _remember(files, run_data["finished_at"])
        files.progress(
            run_data["state"], **{k: run_data[k] for k in ("listed", "new", "fetched", "extracted", "failed")}
        )
        shutil.rmtree(files.work)
    return {**run_data, "batch_id": files.batch_id}


def recover(settings: Settings | None = None) -> list[str]:
    """Stage the runs that were cut off, with what they had collected. Returns the ids of their batches.

    Only for a machine on which nothing is running.
    """
    settings, batches = settings or load_settings(), []
    for folder in sorted(settings.work.glob("*/*")):
        if folder.is_dir() and folder.parent.name != "progress":
            batches.append(stage(folder.parent.name, folder.name, settings=settings)["batch_id"])
    return batches


def _summary(files: RunFiles) -> tuple[SourceRun, list[dict[str, Any]]]:
    meta, documents = files.meta(), list(files.parts("documents"))
    errors = list(files.parts("errors"))
    errors += [{"outcome": d["outcome"], "url": d["url"], "message": d["reason"]} for d in documents if d["reason"]]
    listed = "listed" in meta
    missing = sum(1 for _ in read_jsonl(files.listing)) - sum(1 for _ in files.parts("fetched"))
    if listed and not meta.get("complete"):
        errors.append({"outcome": "changed", "url": "", "message": "the list has no end; stopped at the page ceiling"})
    if not errors and (missing > 0 or not listed):
        errors.append({"outcome": "failed", "url": "", "message": "cut off before everything was fetched"})
    good = sum(1 for d in documents if d["outcome"] == "ok")
    state = "failed" if not listed else "partial" if errors or missing > 0 else "ok"
    newest = meta.get("newest")
    site = load_catalogue().get(files.source)
    old = site and guards.stale(site, newest, datetime.now(SEOUL).date())
    if old:
        # A warning: what the list holds was collected, so the run itself is good.
        errors.append({"outcome": "stale", "url": "", "message": old})
    run = SourceRun(
        files.source,
        files.run_id,
        meta.get("started_at") or now(),
        now(),
        state,
        meta.get("pages", 0),
        meta.get("listed", 0),
        meta.get("new", 0),
        meta.get("changed", 0),
        sum(1 for _ in files.parts("fetched")),
        good,
        max(missing, 0) + len(documents) - good,
        meta.get("complete", False),
        errors,
        stored=meta.get("known", 0) + len(_brought(files, documents)),
        newest=newest,
    )
    return run, documents


def _brought(files: RunFiles, documents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The fetched rows of which a document is kept: read now, or unchanged since it was."""
    safe = {document["native_id"] for document in documents if document["outcome"] == "ok"}
    return [row for row in files.parts("fetched") if row["unchanged"] or row["item"]["native_id"] in safe]


def _remember(files: RunFiles, at: str) -> None:
    """Mark as known what has a document in the batch, or answered that it has not changed."""
    brought = _brought(files, list(read_jsonl(files.batch / "documents.jsonl")))
    rows = [(Listed.from_json(row["item"]), row["etag"], row["modified"]) for row in brought]
    ledger = Ledger(files.settings.state, files.source)
    ledger.mark(rows, at)
    run = json.loads((files.batch / "run.json").read_text("utf-8"))
    ledger.settle(run["state"] == "ok" and run["complete"], at)


def _note_errors(files: RunFiles, chunk: int, errors: list[dict[str, str]]) -> None:
    write_jsonl(files.part("errors", chunk), errors)


def _error(error: CollectError, url: str) -> dict[str, str]:
    from gonggo.crawl.secrets import masked

    return {"outcome": error.outcome, "url": masked(url), "message": masked(str(error))}


def collect(
    source: str, *, since: str | None = None, full: bool = False, settings: Settings | None = None
) -> dict[str, Any]:
    """All steps of one source in a row, without Airflow. A failed source returns its failed run."""
    settings, run_id = settings or load_settings(), new_run_id()
    try:
        for chunk in list_source(source, run_id, since=since, full=full, settings=settings)["chunks"]:
            fetch_chunk(source, run_id, chunk, settings=settings)
            extract_chunk(source, run_id, chunk, settings=settings)
    except CollectError:
        log.info("%s: staged as a failed run", source)
    return stage(source, run_id, settings=settings)


# ── replay ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def replay(source: str | None = None, *, settings: Settings | None = None) -> dict[str, Any]:
    """Read and extract again all that was archived, without network. Every batch is replaced by its new reading."""
    settings = settings or load_settings()
    counts = {"runs": 0, "documents": 0}
    for path in sorted(settings.archive.glob(f"{source or '*'}/*/run.json"), key=lambda p: p.parent.name):
        files = RunFiles(settings, path.parent.parent.name, path.parent.name)
        adapter = _adapter(files.source, settings)
        documents = [d.to_json() for w in sorted(files.archive.glob("chunk-*.warc.gz")) for d in _documents(w, adapter)]
        good = sum(1 for d in documents if d["outcome"] == "ok")
        fetches = list(read_jsonl(files.archive / "fetches.jsonl"))
        run = json.loads(path.read_text("utf-8"))
        commit_batch(files, {**run, "extracted": good}, documents, fetches, replace=True)
        counts["runs"] += 1
        counts["documents"] += len(documents)
        log.info("%s: replayed %d documents", files.batch_id, len(documents))
    # The writer's file is made anew from all batches; readers keep the published one until the next publication.
    settings.warehouse.unlink(missing_ok=True)
    return counts


# ── warehouse ───────────────────────────────────────────────────────────────────────────────────────────────────────


def load(settings: Settings | None = None) -> dict[str, Any]:
    """Load the batches that are not loaded yet."""
    from gonggo.warehouse.load import load_batches

    return load_batches(settings or load_settings())


def link(settings: Settings | None = None) -> dict[str, Any]:
    """Link announcements to notices, names to organisations and programmes."""
    from gonggo.warehouse import link as room

    return room.link(settings or load_settings())


def build(settings: Settings | None = None) -> dict[str, Any]:
    """Build the marts."""
    from gonggo.warehouse.marts import build_marts

    return build_marts(settings or load_settings())


def check(settings: Settings | None = None) -> dict[str, Any]:
    """Run the checks; a blocking one that finds rows raises and keeps the last good snapshot in place."""
    from gonggo.warehouse.checks import run_checks

    return run_checks(settings or load_settings())


def publish(settings: Settings | None = None) -> dict[str, Any]:
    """Replace the published snapshot."""
    from gonggo.warehouse import publish as room

    return room.publish(settings or load_settings())
