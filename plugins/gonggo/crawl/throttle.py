"""One request at a time per host, with a pause between, across all processes of one machine or of many."""

from __future__ import annotations

import hashlib
import logging
import math
import os
import time
from pathlib import Path

from filelock import FileLock

from gonggo.cluster.postgres import wait_for_host

# File names may have 255 characters, with their endings.
_MAX_NAME_LENGTH = 150
log = logging.getLogger(__name__)


def file_name(host: str) -> str:
    """Return a host or an origin as part of a file name."""
    name = "".join(c if (c.isascii() and c.isalnum()) or c in ".-" else "_" for c in host)
    if len(name) <= _MAX_NAME_LENGTH:
        return name
    return f"{name[:_MAX_NAME_LENGTH]}-{hashlib.sha256(host.encode()).hexdigest()[:16]}"


def quarantine_folder(path: Path) -> None:
    """Rename a folder that is in the place of a state file."""
    if path.is_dir():
        path.replace(path.with_name(f"{path.name}.damaged-{time.time_ns()}"))
        log.warning("%s was a folder; it was renamed, and the file is created", path)


class Throttle:
    """The rate limit of one host: a lock file with a file of the time of the last request, or a row in Postgres."""

    def __init__(self, folder: Path, host: str, delay_seconds: float, postgres_url: str | None = None) -> None:
        self.host, self.postgres_url = host, postgres_url
        folder.mkdir(parents=True, exist_ok=True)
        name = file_name(host)
        self.stamp = folder / f"{name}.last"
        lock = folder / f"{name}.lock"
        quarantine_folder(lock)
        self.lock = FileLock(lock)
        self.delay_seconds = delay_seconds

    def wait(self) -> None:
        """Wait until the next request to the host is allowed."""
        if self.postgres_url:
            wait_for_host(self.postgres_url, self.host, self.delay_seconds)
            return
        with self.lock:
            # A clock that was set back must not stop the crawl for hours.
            pause = min(self.delay_seconds, self._last() + self.delay_seconds - time.time())
            if pause > 0:
                time.sleep(pause)
            # In place: truncating and rewriting a file takes the file system half a millisecond.
            with self.stamp.open("r+" if self.stamp.exists() else "w") as out:
                out.write(f"{time.time():.6f}")

    def _last(self) -> float:
        """Return the time of the last request; of a damaged file the current time, so that the pause is kept."""
        quarantine_folder(self.stamp)
        try:
            moment = last_request(self.stamp)
        except FileNotFoundError:
            return 0.0
        if moment is None:
            log.warning("%s was damaged; it is written again", self.stamp)
            # Or the end of a longer text would stay behind the new time.
            os.truncate(self.stamp, 0)
            return time.time()
        return moment


def last_request(stamp: Path) -> float | None:
    """Return the time of the last request from its file; None where it is damaged.

    Raises:
        OSError: It cannot be read.
    """
    try:
        moment = float(stamp.read_bytes())
    except ValueError:
        return None
    return moment if math.isfinite(moment) and moment >= 0 else None
