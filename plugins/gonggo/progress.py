"""Progress of long work for a person who waits: a line at least every few seconds."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import TracebackType

INTERVAL_SECONDS = 4.0


class Progress:
    """Prints what is being done; while nothing else is printed, repeats the current step with the elapsed time.

    Args:
        show: Prints one line.
        interval: Longest silence in seconds.
    """

    def __init__(self, show: Callable[[str], object], interval: float = INTERVAL_SECONDS) -> None:
        self._show, self._interval = show, interval
        self._lock, self._ended = threading.Lock(), threading.Event()
        self._step = ""
        self._started = self._shown = time.monotonic()
        self._thread = threading.Thread(target=self._repeat, name="progress", daemon=True)

    def __enter__(self) -> Progress:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def say(self, line: str) -> None:
        """Print a line."""
        with self._lock:
            self._shown = time.monotonic()
            self._show(line)

    def step(self, description: str) -> None:
        """Set what is being done, as the repeated line names it; the elapsed time starts again with another step."""
        with self._lock:
            if description.partition(":")[0] != self._step.partition(":")[0]:
                self._started = time.monotonic()
            self._step = description

    def _repeat(self) -> None:
        while not self._ended.wait(self._interval / 8):
            with self._lock:
                now = time.monotonic()
                if self._step and now - self._shown >= self._interval:
                    self._shown = now
                    self._show(f"  … {self._step} ({now - self._started:.0f} s)")
