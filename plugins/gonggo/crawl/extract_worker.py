"""A worker process that extracts the chunks of a run while the main process fetches the next ones, and then helps.

Only for runs without Airflow, whose tasks run in parallel anyway.
"""

from __future__ import annotations

import contextlib
import logging
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Queue
from typing import IO, BinaryIO

from gonggo.crawl.replay import extract_chunk
from gonggo.settings import Settings

# With fewer, the second that a process takes to start is not worth it.
MIN_ANNOUNCEMENTS = 200
log = logging.getLogger(__name__)
_END = b"end\n"
# So many chunks the worker has at a time: one to extract, and the next one, so that it never waits for it.
_AHEAD = 2


@contextmanager
def background_extraction(
    source: str, run_id: str, announcements: int, settings: Settings
) -> Iterator[Callable[[int], None]]:
    """Yield a function that has an archived chunk extracted, in a worker process where that is worth it.

    When the block ends, this process extracts too, from the last chunk backwards, until none is left. The caller
    extracts those that failed.
    """
    if announcements < MIN_ANNOUNCEMENTS or (os.cpu_count() or 1) < 2:
        yield lambda chunk: None
        return
    command = [sys.executable, "-m", "gonggo.crawl.extract_worker"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:  # noqa: S603
        assert child.stdin
        assert child.stdout
        pipe = child.stdin
        with contextlib.suppress(BrokenPipeError):
            pickle.dump((source, run_id, settings, logging.getLogger().level), pipe)
            pipe.flush()
        chunks = _SharedChunks(pipe)
        follower = threading.Thread(target=chunks.follow, args=(child.stdout,), daemon=True)
        follower.start()
        try:
            yield chunks.add
            while (chunk := chunks.take_last()) is not None:
                if not _extract(source, run_id, chunk, settings):
                    break
        except BaseException:
            child.kill()
            raise
        with contextlib.suppress(BrokenPipeError):
            pipe.write(_END)
            pipe.close()
        child.wait()
        follower.join()


class _SharedChunks:
    """The chunks that wait to be extracted: the worker is sent the first ones, the main process takes the last."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._waiting = deque[int]()
        self._sent = 0
        self._lock = threading.Lock()

    def add(self, chunk: int) -> None:
        """Add a chunk, and send it to the worker if that has none before it."""
        with self._lock:
            self._waiting.append(chunk)
            self._send()

    def take_last(self) -> int | None:
        """Return the last chunk that waits, for the main process; None if none is left."""
        with self._lock:
            return self._waiting.pop() if self._waiting else None

    def follow(self, finished: IO[bytes]) -> None:
        """Send the worker another chunk for each line in which it says that one is finished, until it ends."""
        for _ in finished:
            with self._lock:
                self._sent -= 1
                self._send()

    def _send(self) -> None:
        while self._waiting and self._sent < _AHEAD:
            self._sent += 1
            # A worker that is dead finishes nothing; the main process extracts what it was sent.
            with contextlib.suppress(BrokenPipeError):
                self._pipe.write(b"%d\n" % self._waiting.popleft())
                self._pipe.flush()


def _extract(source: str, run_id: str, chunk: int, settings: Settings) -> bool:
    """Extract a chunk and return whether that succeeded; the caller who extracts it again reports the error."""
    try:
        extract_chunk(source, run_id, chunk, settings=settings)
    except Exception as error:
        log.info("the extraction of chunk %d stopped: %s", chunk, error)
        return False
    return True


def main() -> None:
    """Extract the chunks whose numbers come on the standard input, and write a line for each that is finished.

    Where the input ends without its last line, the main process is dead, and this one exits at once: the next run may
    be working on the same files.
    """
    # Ctrl-C is for the main process, which ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    stdin = sys.stdin.buffer
    source, run_id, settings, level = pickle.load(stdin)  # noqa: S301 (written by the process that started this one)
    logging.basicConfig(level=level, format="%(levelname)s %(message)s")
    chunks = Queue[int | None]()
    threading.Thread(target=_read_chunk_numbers, args=(stdin, chunks), daemon=True).start()
    while (chunk := chunks.get()) is not None and _extract(source, run_id, chunk, settings):
        sys.stdout.write(f"{chunk}\n")
        sys.stdout.flush()


def _read_chunk_numbers(stdin: BinaryIO, chunks: Queue[int | None]) -> None:
    for line in stdin:
        if line == _END:
            chunks.put(None)
            return
        chunks.put(int(line))
    os._exit(1)


if __name__ == "__main__":
    main()
