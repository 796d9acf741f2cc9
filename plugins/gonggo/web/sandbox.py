"""Users' queries over the published snapshot, each in a separate process with limits of time and memory."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from gonggo.report.cells import clean
from gonggo.settings import Settings
from gonggo.web.query_queue import QueryQueue, QueuedQuery, SandboxError, User

WORKER = Path(__file__).with_name("sandbox_worker.py")
LONGEST_SQL = 20_000
# Bytes of the rows of an answer, as JSON, and of a file; rows of a file.
LARGEST_ROWS = 5 * 1024 * 1024
LARGEST_FILE = 50 * 1024 * 1024
MAX_ROWS_IN_FILE = 100_000
# Bytes that names and types of columns may add.
LARGEST_HEAD = 5 * 1024 * 1024
CANCELLED = "취소했습니다 | cancelled"
# The user of a query without a session.
ANONYMOUS = User()


@dataclass(frozen=True)
class Answer:
    """The result of a query, or the error it ended with.

    Values are as JSON has them: numbers, texts, lists, dictionaries. Dates, times, decimals, NaN and whole numbers
    that a browser would round are texts, bytes are texts in hex. ``types`` are those of DuckDB, ``truncated`` says
    that there are more rows, ``milliseconds`` is the whole time, ``waited`` the part of it spent in the queue.
    """

    columns: list[str]
    types: list[str]
    rows: list[list[Any]]
    truncated: bool
    error: str | None
    milliseconds: int
    waited: int = 0


class _Query(QueuedQuery):
    """A query that waits or runs. Another thread may stop it and say why."""

    child: subprocess.Popen[bytes] | None = None

    def stop(self, reason: str) -> None:
        self.stopped = self.stopped or reason
        if self.child:
            self.child.kill()


class Sandbox:
    """Runs queries in separate processes.

    At most ``slots`` run at the same time, each for ``seconds`` and with ``memory_mb`` at most. A session runs one at
    a time; its others wait, ``patience`` seconds at most.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        seconds: float = 10,
        memory_mb: int = 1024,
        rows: int = 1000,
        slots: int = 4,
        patience: float = 30,
    ) -> None:
        self._settings = settings
        self._seconds, self._memory_mb, self._rows, self._patience = seconds, memory_mb, rows, patience
        self._queue = QueryQueue(slots)
        self._lock = threading.Lock()
        self._ticketed: dict[tuple[str, str], _Query] = {}

    def run(self, sql: str, ticket: str | None = None, user: User = ANONYMOUS) -> Answer:
        """Return the first rows of one reading query. The user can cancel it by its ``ticket``."""
        started = time.monotonic()
        query = _Query(user)
        try:
            with self._registered(query, ticket):
                request_options = {"kind": "rows", "rows": self._rows, "largest": LARGEST_ROWS}
                result, _, waited = self._run_request(sql, request_options, query)
        except SandboxError as error:
            return Answer([], [], [], False, str(error), _milliseconds(started))
        columns, types, rows, truncated = (result[name] for name in ("columns", "types", "rows", "truncated"))
        return Answer(columns, types, rows, truncated, None, _milliseconds(started), round(waited * 1000))

    def cancel(self, ticket: str, user: User = ANONYMOUS) -> bool:
        """Stop the query of this ticket, whether it runs or waits. Return whether there was one."""
        with self._lock:
            query = self._ticketed.get((user.session, ticket))
        if query:
            query.stop(CANCELLED)
            self._queue.stop(query, CANCELLED)
        return query is not None

    def status(self, ticket: str, user: User = ANONYMOUS) -> tuple[str, int]:
        """Return the state of a query: ``waiting`` and how many come before it, ``running``, or ``none``."""
        with self._lock:
            query = self._ticketed.get((user.session, ticket))
        ahead = self._queue.ahead(query) if query else None
        return ("waiting", ahead) if ahead is not None else ("running" if query and query.has_slot else "none", 0)

    def download(self, sql: str, kind: Literal["csv", "parquet"], user: User = ANONYMOUS) -> bytes:
        """Return all rows of one reading query as a file: CSV in UTF-8 with a byte order mark, or Parquet.

        Raises:
            SandboxError: the query failed, or the file would have more rows or bytes than it may.
        """
        with tempfile.TemporaryDirectory(prefix="gonggo-") as folder:
            request_options = {"kind": kind, "rows": MAX_ROWS_IN_FILE, "largest": LARGEST_FILE, "folder": folder}
            _, content, _ = self._run_request(sql, request_options, _Query(user))
        return content

    @contextmanager
    def _registered(self, query: _Query, ticket: str | None) -> Iterator[None]:
        """Keep a query under its ticket while it waits and runs.

        Raises:
            SandboxError: the user has another query of this ticket.
        """
        if ticket is None:
            yield
            return
        key = (query.user.session, ticket)
        with self._lock:
            if key in self._ticketed:
                raise SandboxError("이 표로 도는 질의가 있습니다 | a query with this ticket is already running")
            self._ticketed[key] = query
        try:
            yield
        finally:
            with self._lock:
                del self._ticketed[key]

    def _run_request(
        self, sql: str, request_options: dict[str, Any], query: _Query
    ) -> tuple[dict[str, Any], bytes, float]:
        """Return the worker's answer, the bytes of its file, and the seconds that the query waited in the queue.

        Raises:
            SandboxError: the query was refused here or by the worker, or it was stopped.
        """
        if len(sql) > LONGEST_SQL:
            raise SandboxError(f"질의가 {LONGEST_SQL:,}자를 넘습니다 | longer than {LONGEST_SQL:,} characters")
        if not self._settings.snapshot.is_file():
            raise SandboxError("아직 공개된 자료가 없습니다 | nothing is published yet")
        limits = {"seconds": self._seconds, "memory_mb": self._memory_mb, "snapshot": str(self._settings.snapshot)}
        request = json.dumps({"sql": clean(sql), **request_options, **limits}).encode()
        with self._queue.slot(query, self._patience) as waited:
            return *self._run_worker(request, request_options["largest"], query), waited

    def _run_worker(self, request: bytes, largest: int, query: _Query) -> tuple[dict[str, Any], bytes]:
        """Run the request in a worker and return its answer; stop it at the deadline."""
        query.child = child = _worker()
        timeout_message = f"{self._seconds:g}초 안에 끝나지 않아 멈췄습니다 | stopped after {self._seconds:g} seconds"
        timer = threading.Timer(self._seconds, query.stop, [timeout_message])
        timer.daemon = True
        timer.start()
        try:
            if query.stopped:
                # Stopped after it got its slot and before its worker started.
                child.kill()
            answer = _exchange(query, child, request, largest + LARGEST_HEAD)
        finally:
            timer.cancel()
        if query.stopped:
            raise SandboxError(query.stopped)
        return self._parse_answer(answer, child.returncode)

    def _parse_answer(self, answer: bytes, status: int) -> tuple[dict[str, Any], bytes]:
        head, _, content = answer.partition(b"\n")
        try:
            result = json.loads(head)
        except ValueError:
            result = None
        if result is None or result["bytes"] != len(content):
            message = f"질의를 돌리던 프로세스가 끝났습니다. 메모리({self._memory_mb} MB)가 모자랐을 수 있습니다"
            raise SandboxError(f"{message} | the process of the query ended with status {status}, perhaps for memory")
        if result["error"]:
            raise SandboxError(result["error"])
        return result, content


def _worker() -> subprocess.Popen[bytes]:
    """Start a worker that waits for its request, without environment, terminal or open files of this process."""
    return subprocess.Popen(  # noqa: S603 (our own worker)
        [sys.executable, "-I", "-B", "-X", "utf8", str(WORKER)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        cwd="/",
        env={},
    )


def _exchange(query: _Query, child: subprocess.Popen[bytes], request: bytes, longest: int) -> bytes:
    """Send the request and return the answer when the process has ended."""
    with child:
        assert child.stdin and child.stdout
        try:
            # A process that ended before it read all says so by its answer, or by having none.
            with suppress(OSError), child.stdin:
                child.stdin.write(request)
            answer = child.stdout.read(longest + 1)
            if len(answer) > longest:
                query.stop("답이 너무 깁니다 | the answer is too long")
            child.wait()
        finally:
            child.kill()
    return answer


def _milliseconds(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
