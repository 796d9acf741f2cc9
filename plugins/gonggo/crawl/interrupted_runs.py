"""Runs that ended before their batch was made: which they are, and what to do with what they had collected."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from gonggo.crawl.run_files import RunFiles
from gonggo.settings import Settings

# Between two tasks of a DAG run nobody holds anything, and its tasks may wait for a place; beyond its longest time
# (`dagrun_timeout` in dags/collect.py) it is over.
SILENT_HOURS = 7


def _lock(files: RunFiles) -> FileLock:
    return FileLock(files.work.with_name(f"{files.run_id}.lock"))


@contextmanager
def mark_running(files: RunFiles) -> Iterator[None]:
    """Show that a run of this process is going on. What kills the process ends that too."""
    files.work.parent.mkdir(parents=True, exist_ok=True)
    with _lock(files) as lock:
        yield
    Path(lock.lock_file).unlink(missing_ok=True)


def interrupted_runs(settings: Settings, source: str | None = None, *, certain: bool = False) -> list[RunFiles]:
    """The unfinished runs (of one source) on which nobody works any more.

    Those of a process that ended are known by their lock; the others by their silence, or when it is ``certain`` that
    nothing runs on this machine.
    """
    return [run for run in unfinished(settings, source) if _ended(run, certain=certain)]


def unfinished(settings: Settings, source: str | None = None) -> list[RunFiles]:
    """The runs (of one source) that have begun and were not staged."""
    folders = sorted(settings.work.glob(f"{source or '*'}/*"))
    return [RunFiles(settings, path.parent.name, path.name) for path in folders if _is_run(path)]


def _is_run(path: Path) -> bool:
    return path.is_dir() and path.parent.name != "progress"


def _ended(run: RunFiles, *, certain: bool) -> bool:
    lock = _lock(run)
    if Path(lock.lock_file).exists():
        try:
            with lock.acquire(timeout=0):
                Path(lock.lock_file).unlink(missing_ok=True)
                return True
        except Timeout:
            return False
    return certain or _silent(run.work)


def _silent(folder: Path) -> bool:
    last = max(path.stat().st_mtime for path in (folder, *folder.iterdir()))
    return time.time() - last > SILENT_HOURS * 3600
