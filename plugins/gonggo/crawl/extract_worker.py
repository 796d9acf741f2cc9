"""A worker process that extracts the chunks of a run while the main process fetches the next ones.

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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Queue
from typing import BinaryIO

from gonggo.crawl.replay import extract_chunk
from gonggo.settings import Settings

# With fewer, the second that a process takes to start is not worth it.
MIN_ANNOUNCEMENTS = 200
log = logging.getLogger(__name__)
_END = b"end\n"


@contextmanager
def background_extraction(
    source: str, run_id: str, announcements: int, settings: Settings
) -> Iterator[Callable[[int], None]]:
    """Yield a function that has an archived chunk extracted, in a worker process where that is worth it.

    The caller extracts what is left when the block ends, for whatever reason.
    """
    if announcements < MIN_ANNOUNCEMENTS or (os.cpu_count() or 1) < 2:
        yield lambda chunk: None
        return
    command = [sys.executable, "-m", "gonggo.crawl.extract_worker"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as child:  # noqa: S603
        assert child.stdin
        pipe = child.stdin
        with contextlib.suppress(BrokenPipeError):
            pickle.dump((source, run_id, settings, logging.getLogger().level), pipe)
            pipe.flush()

        def extract(chunk: int) -> None:
            with contextlib.suppress(BrokenPipeError):
                pipe.write(b"%d\n" % chunk)
                pipe.flush()

        try:
            yield extract
        except BaseException:
            child.kill()
            raise
        with contextlib.suppress(BrokenPipeError):
            pipe.write(_END)
            pipe.close()
        child.wait()


def main() -> None:
    """Extract the chunks whose numbers come on the standard input.

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
    try:
        while (chunk := chunks.get()) is not None:
            extract_chunk(source, run_id, chunk, settings=settings)
    except Exception as error:
        # The main process meets the same error when it extracts what is left, and reports it.
        log.info("the worker that extracts stopped: %s", error)


def _read_chunk_numbers(stdin: BinaryIO, chunks: Queue[int | None]) -> None:
    for line in stdin:
        if line == _END:
            chunks.put(None)
            return
        chunks.put(int(line))
    os._exit(1)


if __name__ == "__main__":
    main()
