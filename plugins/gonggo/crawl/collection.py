"""Whole runs of sources without Airflow, and the completion of interrupted runs."""

from __future__ import annotations

import logging
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast

from gonggo.boundary import affects_all_sources, error_boundary
from gonggo.cluster.workspace import files_of, open_workspace
from gonggo.crawl.extract_worker import background_extraction
from gonggo.crawl.interrupted_runs import interrupted_runs, mark_running
from gonggo.crawl.replay import extract_chunk
from gonggo.crawl.run_files import RunFiles, commit_batch
from gonggo.crawl.steps import failed_run, fetch_chunk, list_source, run_error, stage
from gonggo.errors import CollectError, UnreadableError
from gonggo.model import SourceRun
from gonggo.settings import SEOUL, Settings, working_settings
from gonggo.step_results import RunResult

log = logging.getLogger(__name__)


def new_run_id() -> str:
    """Return a run id that sorts by time, to the microsecond; one of earlier versions sorts before those of its second.

    Runs of Airflow have ids of their own, so that the order of all runs is that of their ``started_at`` alone.
    """
    return datetime.now(SEOUL).strftime("%Y%m%dT%H%M%S%f") + "-" + secrets.token_hex(2)


def recover(settings: Settings | None = None, source: str | None = None, *, certain: bool = False) -> list[str]:
    """Stage the interrupted runs (of one source) with what they had collected; return the ids of their batches.

    Runs that may still be active are left alone, unless it is ``certain`` that nothing runs on this machine.
    """
    with open_workspace(settings) as inner:
        files_of(inner).download(inner.work / source if source else inner.work)
        return _recover(inner, source, certain=certain)


def _recover(settings: Settings, source: str | None, *, certain: bool) -> list[str]:
    batches = list[str]()
    for files in interrupted_runs(settings, source, certain=certain):
        files_of(settings).download(files.archive)
        try:
            with error_boundary(files.batch_id, files.traces("recover")):
                for chunk in files.unread_chunks():
                    extract_chunk(files.source, files.run_id, chunk, settings=settings)
                batches.append(stage(files.source, files.run_id, settings=settings)["batch_id"])
            log.warning("%s was interrupted; what it had collected is staged", files.batch_id)
        except (CollectError, UnreadableError) as error:
            # The ledger has nothing of it, so the next run fetches it again.
            log.error("%s was interrupted and its files are damaged (%s); it is collected again", files.batch_id, error)
            shutil.rmtree(files.work)
    return batches


def collect(source: str, *, settings: Settings | None = None, **options: Any) -> RunResult:
    """Collect one source without Airflow; return its run, a failed one too. ``options`` as for ``list_source``."""
    with open_workspace(settings) as inner:
        recover(inner, source)
        return _collect(RunFiles(inner, source, new_run_id()), options)


def _collect(files: RunFiles, options: dict[str, Any]) -> RunResult:
    settings, source, run_id = files.settings, files.source, files.run_id
    with mark_running(files):
        try:
            listing = list_source(source, run_id, settings=settings, **options)
            with background_extraction(source, run_id, listing["to_fetch"], settings) as extract:
                for chunk in listing["chunks"]:
                    with _isolated(files, "fetch", chunk):
                        fetch_chunk(source, run_id, chunk, settings=settings)
                    extract(chunk)
                    files_of(settings).upload()
        except CollectError:
            log.info("%s: staged as a failed run", source)
        for chunk in files.unread_chunks():
            with _isolated(files, "read", chunk):
                extract_chunk(source, run_id, chunk, settings=settings)
        return stage(source, run_id, settings=settings)


def collect_all(sources: Iterable[str], *, settings: Settings | None = None, **options: Any) -> Iterator[RunResult]:
    """Collect sources one after the other; yield their runs. A source that fails does not stop the others."""
    settings = settings or working_settings()
    for source in sources:
        files = RunFiles(settings, source, new_run_id())
        try:
            with error_boundary(f"the run of {source}", files.traces("run"), reraise=affects_all_sources):
                run = collect(source, settings=settings, **options)
        except (CollectError, UnreadableError) as error:
            failed = failed_run(files, error)
            _commit_failed(files, failed)
            run = cast(RunResult, {**failed.to_json(), "batch_id": files.batch_id})
        yield run


def _commit_failed(files: RunFiles, run: SourceRun) -> None:
    """Commit a batch for a run that failed before it had one; an error of the disk is only logged."""
    try:
        commit_batch(files, run, [], [], [])
    except OSError as error:
        log.error("%s: %s", files.batch_id, error)


@contextmanager
def _isolated(files: RunFiles, step: str, chunk: int) -> Iterator[None]:
    """Record the failure of a chunk in the run and go on; the next run fetches its announcements again."""
    try:
        with error_boundary(f"chunk {chunk} of {files.source}", files.traces(step, chunk)):
            yield
    except (CollectError, UnreadableError) as error:
        files.write_errors(chunk, [*files.errors(chunk), run_error(error, "")])
