"""Find the runs that ended before their batch was written."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from gonggo.crawl.run_files import RunFiles
from gonggo.settings import Settings

# Between two tasks of a DAG run no lock is held, and its tasks may wait in the queue; after the time limit of the DAG
# run (`dagrun_timeout` in dags/collect.py) it is over.
IDLE_HOURS = 7


def _lock(files: RunFiles) -> FileLock:
    return FileLock(files.work.with_name(f"{files.run_id}.lock"))


@contextmanager
def mark_running(files: RunFiles) -> Iterator[None]:
    """Hold the lock that shows that a run of this process is active; it is released even if the process is killed."""
    files.work.parent.mkdir(parents=True, exist_ok=True)
    with _lock(files) as lock:
        yield
    Path(lock.lock_file).unlink(missing_ok=True)


def interrupted_runs(settings: Settings, source: str | None = None, *, certain: bool = False) -> list[RunFiles]:
    """Return the unfinished runs (of one source) that no process works on any more.

    A run of a single process is known by its lock; others by the time since their last write, or where it is
    ``certain`` that nothing runs on this machine.
    """
    return [run for run in unfinished(settings, source) if _is_interrupted(run, certain=certain)]


def unfinished(settings: Settings, source: str | None = None) -> list[RunFiles]:
    """Return the runs (of one source) that have begun and were not staged."""
    folders = sorted(settings.work.glob(f"{source or '*'}/*"))
    return [RunFiles(settings, path.parent.name, path.name) for path in folders if _is_run(path)]


def _is_run(path: Path) -> bool:
    return path.is_dir() and path.parent.name != "progress"


def _is_interrupted(run: RunFiles, *, certain: bool) -> bool:
    lock = _lock(run)
    if Path(lock.lock_file).exists():
        try:
            with lock.acquire(timeout=0):
                Path(lock.lock_file).unlink(missing_ok=True)
                return True
        except Timeout:
            return False
    return certain or _is_idle(run.work)


def _is_idle(folder: Path) -> bool:
    last = max(path.stat().st_mtime for path in (folder, *folder.iterdir()))
    return time.time() - last > IDLE_HOURS * 3600
