"""Queries of anybody over the published snapshot, each in a process of its own with limits of time and memory."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from gonggo.errors import GonggoError
from gonggo.settings import Settings

WORKER = Path(__file__).with_name("sandbox_worker.py")
LONGEST_SQL = 20_000
# Bytes of the rows of an answer, as JSON, and of a file; rows of a file.
LARGEST_ROWS = 5 * 1024 * 1024
LARGEST_FILE = 50 * 1024 * 1024
MOST_IN_FILE = 100_000
# Bytes that names and types of columns may add.
LARGEST_HEAD = 5 * 1024 * 1024


class SandboxError(GonggoError):
    """A query that was refused, failed or was stopped; the message says why, in DuckDB's words where it is DuckDB's."""


@dataclass(frozen=True)
class Answer:
    """What a query gave, or why it gave nothing.

    Values are as JSON has them: numbers, texts, lists, dictionaries. Dates, times, decimals, NaN and whole numbers
    that a browser would round are texts, bytes are texts in hex. ``types`` are those of DuckDB, ``truncated`` says
    that there are more rows, ``milliseconds`` are of the whole run.
    """

    columns: list[str]
    types: list[str]
    rows: list[list[Any]]
    truncated: bool
    error: str | None
    milliseconds: int


class _Running:
    """A process that can be stopped from another thread, and knows why it was."""

    def __init__(self, child: subprocess.Popen[bytes]) -> None:
        self.child = child
        self.stopped: str | None = None

    def stop(self, why: str) -> None:
        self.stopped = self.stopped or why
        self.child.kill()


class Sandbox:
    """Runs queries, ``at_once`` at the same time and no more, each for ``seconds`` and in ``memory_mb`` at most."""

    def __init__(
        self, settings: Settings, *, seconds: float = 10, memory_mb: int = 1024, rows: int = 1000, at_once: int = 4
    ) -> None:
        self._settings = settings
        self._seconds, self._memory_mb, self._rows, self._at_once = seconds, memory_mb, rows, at_once
        self._places = threading.BoundedSemaphore(at_once)
        self._lock = threading.Lock()
        self._ticketed: dict[str, _Running] = {}

    def run(self, sql: str, ticket: str | None = None) -> Answer:
        """The first rows of one query that reads. ``ticket`` is the name by which it can be cancelled."""
        began = time.monotonic()
        try:
            wanted = {"kind": "rows", "rows": self._rows, "largest": LARGEST_ROWS}
            found, _ = self._ask(sql, wanted, ticket)
        except SandboxError as error:
            return Answer([], [], [], False, str(error), _milliseconds(began))
        columns, types, rows, truncated = (found[name] for name in ("columns", "types", "rows", "truncated"))
        return Answer(columns, types, rows, truncated, None, _milliseconds(began))

    def cancel(self, ticket: str) -> bool:
        """Stop the query of this ticket; False when none runs."""
        with self._lock:
            running = self._ticketed.get(ticket)
            if running:
                running.stop("취소했습니다 | cancelled")
        return running is not None

    def download(self, sql: str, kind: Literal["csv", "parquet"]) -> bytes:
        """All rows of one query that reads, as a file: CSV in UTF-8 with a byte order mark, or Parquet.

        Errors:
            SandboxError: the query failed, or the file would have more rows or bytes than it may.
        """
        with tempfile.TemporaryDirectory(prefix="gonggo-") as folder:
            wanted = {"kind": kind, "rows": MOST_IN_FILE, "largest": LARGEST_FILE, "folder": folder}
            _, content = self._ask(sql, wanted)
        return content

    def _ask(self, sql: str, wanted: dict[str, Any], ticket: str | None = None) -> tuple[dict[str, Any], bytes]:
        """What the worker tells, and the file that it made.

        Errors:
            SandboxError: refused here, or by the worker, or stopped.
        """
        if len(sql) > LONGEST_SQL:
            raise SandboxError(f"질의가 {LONGEST_SQL:,}자를 넘습니다 | longer than {LONGEST_SQL:,} characters")
        if not self._settings.snapshot.is_file():
            raise SandboxError("아직 공개된 자료가 없습니다 | nothing is published yet")
        if not self._places.acquire(blocking=False):
            busy = f"질의 {self._at_once}개가 돌고 있습니다. 잠시 뒤에 다시 하세요"
            raise SandboxError(f"{busy} | {self._at_once} queries are running, try again soon")
        limits = {"seconds": self._seconds, "memory_mb": self._memory_mb, "snapshot": str(self._settings.snapshot)}
        try:
            return self._work(json.dumps({"sql": sql, **wanted, **limits}).encode(), wanted["largest"], ticket)
        finally:
            self._places.release()

    def _work(self, request: bytes, largest: int, ticket: str | None) -> tuple[dict[str, Any], bytes]:
        """Start a worker, hand it the request and take its answer before the deadline."""
        running = self._start(ticket)
        late = f"{self._seconds:g}초 안에 끝나지 않아 멈췄습니다 | stopped after {self._seconds:g} seconds"
        timer = threading.Timer(self._seconds, running.stop, [late])
        timer.daemon = True
        timer.start()
        try:
            answer = _talk(running, request, largest + LARGEST_HEAD)
        finally:
            timer.cancel()
            if ticket is not None:
                with self._lock:
                    del self._ticketed[ticket]
        if running.stopped:
            raise SandboxError(running.stopped)
        return self._understood(answer, running.child.returncode)

    def _start(self, ticket: str | None) -> _Running:
        """A worker that waits for its request: no environment, no terminal, none of our files."""
        with self._lock:
            if ticket in self._ticketed:
                raise SandboxError("이 표로 도는 질의가 있습니다 | a query of this ticket is running")
            child = subprocess.Popen(  # noqa: S603 (our own worker)
                [sys.executable, "-I", "-B", "-X", "utf8", str(WORKER)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                cwd="/",
                env={},
            )
            running = _Running(child)
            if ticket is not None:
                self._ticketed[ticket] = running
        return running

    def _understood(self, answer: bytes, status: int) -> tuple[dict[str, Any], bytes]:
        head, _, content = answer.partition(b"\n")
        try:
            told = json.loads(head)
        except ValueError:
            told = None
        if told is None or told["bytes"] != len(content):
            ended = f"질의를 돌리던 프로세스가 끝났습니다. 메모리({self._memory_mb} MB)가 모자랐을 수 있습니다"
            raise SandboxError(f"{ended} | the process of the query ended with status {status}, perhaps for memory")
        if told["error"]:
            raise SandboxError(told["error"])
        return told, content


def _talk(running: _Running, request: bytes, longest: int) -> bytes:
    """Hand over the request and take the answer, until the process has ended."""
    with running.child as child:
        assert child.stdin and child.stdout
        try:
            # A process that ended before it read all says so by its answer, or by having none.
            with suppress(OSError), child.stdin:
                child.stdin.write(request)
            answer = child.stdout.read(longest + 1)
            if len(answer) > longest:
                running.stop("답이 너무 깁니다 | the answer is too long")
            child.wait()
        finally:
            child.kill()
    return answer


def _milliseconds(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
