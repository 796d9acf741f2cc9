"""Reading beside fetching: a second process reads the chunks of a run while the first fetches the next ones.

Only for a run of this process that nobody else looks after; the tasks of Airflow run beside each other by themselves.
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

# So many announcements are worth the second that a process takes to start.
MIN_ANNOUNCEMENTS = 200
log = logging.getLogger(__name__)
_END = b"end\n"


@contextmanager
def background_extraction(
    source: str, run_id: str, announcements: int, settings: Settings
) -> Iterator[Callable[[int], None]]:
    """Give a function that has an archived chunk read, by a process of its own where that is worth it.

    What it has not read when the block ends, whatever the reason, is left to the caller.
    """
    if announcements < MIN_ANNOUNCEMENTS or (os.cpu_count() or 1) < 2:
        yield lambda chunk: None
        return
    command = [sys.executable, "-m", "gonggo.crawl.extract_worker"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as child:  # noqa: S603
        assert child.stdin
        say = child.stdin
        with contextlib.suppress(BrokenPipeError):
            pickle.dump((source, run_id, settings, logging.getLogger().level), say)
            say.flush()

        def read(chunk: int) -> None:
            with contextlib.suppress(BrokenPipeError):
                say.write(b"%d\n" % chunk)
                say.flush()

        try:
            yield read
        except BaseException:
            child.kill()
            raise
        with contextlib.suppress(BrokenPipeError):
            say.write(_END)
            say.close()
        child.wait()


def main() -> None:
    """Read the chunks that are named on the standard input. When that ends before it says so, whoever names them is
    dead, and this process ends at once: the next run may be looking at the same files."""
    # An interruption from the terminal is for the first process, which ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    told = sys.stdin.buffer
    source, run_id, settings, level = pickle.load(told)  # noqa: S301 (written by the process that started this one)
    logging.basicConfig(level=level, format="%(levelname)s %(message)s")
    chunks = Queue[int | None]()
    threading.Thread(target=_listen, args=(told, chunks), daemon=True).start()
    try:
        while (chunk := chunks.get()) is not None:
            extract_chunk(source, run_id, chunk, settings=settings)
    except Exception as error:
        # The first process meets the same when it reads what is left, and tells it.
        log.info("reading beside stopped: %s", error)


def _listen(told: BinaryIO, chunks: Queue[int | None]) -> None:
    for line in told:
        if line == _END:
            chunks.put(None)
            return
        chunks.put(int(line))
    os._exit(1)


if __name__ == "__main__":
    main()
