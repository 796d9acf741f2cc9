"""One request at a time per host with a pause between, over all processes of this machine or of many."""

from __future__ import annotations

import time
from pathlib import Path

from filelock import FileLock

from gonggo.scaled.postgres import wait_for_host


def file_name(host: str) -> str:
    """A host or an origin as part of a file's name."""
    return "".join(c if c.isalnum() or c in ".-" else "_" for c in host)


class Throttle:
    """The turn-taking of one host: a lock file, and beside it the time of the last request; or a row in Postgres."""

    def __init__(self, folder: Path, host: str, delay_seconds: float, catalogue: str | None = None) -> None:
        self.host, self.catalogue = host, catalogue
        folder.mkdir(parents=True, exist_ok=True)
        name = file_name(host)
        self.lock = FileLock(folder / f"{name}.lock")
        self.stamp = folder / f"{name}.last"
        self.delay_seconds = delay_seconds

    def wait(self) -> None:
        """Wait for this process's turn."""
        if self.catalogue:
            wait_for_host(self.catalogue, self.host, self.delay_seconds)
            return
        with self.lock:
            try:
                last = float(self.stamp.read_text())
            except (OSError, ValueError):
                last = 0.0
            # A clock set back must not stop the crawl for hours.
            pause = min(self.delay_seconds, last + self.delay_seconds - time.time())
            if pause > 0:
                time.sleep(pause)
            # In place: to cut a file to nothing and write it again costs the file system half a millisecond.
            with self.stamp.open("r+" if self.stamp.exists() else "w") as out:
                out.write(f"{time.time():.6f}")
