"""One request at a time per host with a pause between, over all processes of this machine or of many."""

from __future__ import annotations

import hashlib
import logging
import math
import os
import time
from pathlib import Path

from filelock import FileLock

from gonggo.cluster.postgres import wait_for_host

# The names of files may have 255 letters; there are endings too.
_LONGEST = 150
log = logging.getLogger(__name__)


def file_name(host: str) -> str:
    """Return a host or an origin as part of a file's name."""
    name = "".join(c if (c.isascii() and c.isalnum()) or c in ".-" else "_" for c in host)
    if len(name) <= _LONGEST:
        return name
    return f"{name[:_LONGEST]}-{hashlib.sha256(host.encode()).hexdigest()[:16]}"


def put_aside(path: Path) -> None:
    """Move what stands in the place of a small file of state, and is none, out of the way."""
    if path.is_dir():
        path.replace(path.with_name(f"{path.name}.damaged-{time.time_ns()}"))
        log.warning("%s was a folder; it was put aside and the file made anew", path)


class Throttle:
    """The turn-taking of one host: a lock file, and beside it the time of the last request; or a row in Postgres."""

    def __init__(self, folder: Path, host: str, delay_seconds: float, catalogue: str | None = None) -> None:
        self.host, self.catalogue = host, catalogue
        folder.mkdir(parents=True, exist_ok=True)
        name = file_name(host)
        self.stamp = folder / f"{name}.last"
        lock = folder / f"{name}.lock"
        put_aside(lock)
        self.lock = FileLock(lock)
        self.delay_seconds = delay_seconds

    def wait(self) -> None:
        """Wait for this process's turn."""
        if self.catalogue:
            wait_for_host(self.catalogue, self.host, self.delay_seconds)
            return
        with self.lock:
            # A clock set back must not stop the crawl for hours.
            pause = min(self.delay_seconds, self._last() + self.delay_seconds - time.time())
            if pause > 0:
                time.sleep(pause)
            # In place: to cut a file to nothing and write it again costs the file system half a millisecond.
            with self.stamp.open("r+" if self.stamp.exists() else "w") as out:
                out.write(f"{time.time():.6f}")

    def _last(self) -> float:
        """The moment of the last request; of a note that is damaged, this moment, so that the pause is kept."""
        put_aside(self.stamp)
        try:
            noted = last_request(self.stamp)
        except FileNotFoundError:
            return 0.0
        if noted is None:
            log.warning("%s was damaged; it is made anew", self.stamp)
            # What is longer than a moment would stay behind it.
            os.truncate(self.stamp, 0)
            return time.time()
        return noted


def last_request(stamp: Path) -> float | None:
    """Return the moment that a note of the last request tells; None when it is damaged.

    Raises:
        OSError: it cannot be read.
    """
    try:
        moment = float(stamp.read_bytes())
    except ValueError:
        return None
    return moment if math.isfinite(moment) and moment >= 0 else None
