"""The queue of console queries: a few slots, shared fairly among users.

A session holds one slot at a time; its other queries wait. The sessions of one address together never hold all slots,
because deleting the cookie creates a new session. The next slot goes to the session whose address holds the fewest,
and among those to the one that came first.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from gonggo.errors import GonggoError


class SandboxError(GonggoError):
    """A query that was refused, failed or was stopped; the message says why, in DuckDB's words where it is DuckDB's."""


@dataclass(frozen=True)
class User:
    """The user of a query: a session and its address. A user who is logged in has one session and no address."""

    session: str = ""
    address: str = ""


@dataclass(eq=False)
class QueuedQuery:
    """A query in the queue or in a slot, and why it was stopped."""

    user: User
    has_slot: bool = False
    since: float = field(default_factory=time.monotonic)
    stopped: str | None = None


class QueryQueue:
    """Slots for queries and the queue before them.

    Args:
        slots: How many queries run at the same time.
        queue: How many may wait; at most half of them from one address.
        per_session: How many of one session may wait.
    """

    def __init__(self, slots: int, *, queue: int = 16, per_session: int = 3) -> None:
        self._slots, self._queue, self._per_session = slots, queue, per_session
        self._changed = threading.Condition()
        self._running: list[User] = []
        self._waiting: list[QueuedQuery] = []

    @contextmanager
    def slot(self, query: QueuedQuery, patience: float) -> Iterator[float]:
        """Wait for a slot and hold it. Yield the seconds that were waited.

        Raises:
            SandboxError: too many queries wait already, no slot became free in time, or the query was stopped.
        """
        with self._changed:
            self._refuse_if_full(query.user)
            self._waiting.append(query)
            try:
                in_time = self._changed.wait_for(lambda: query.stopped is not None or self._next() is query, patience)
                if query.stopped is not None or not in_time:
                    raise SandboxError(query.stopped or self._timed_out(query, patience))
                self._running.append(query.user)
                query.has_slot = True
            finally:
                self._waiting.remove(query)
                self._changed.notify_all()
        try:
            yield time.monotonic() - query.since
        finally:
            with self._changed:
                self._running.remove(query.user)
                self._changed.notify_all()

    def stop(self, query: QueuedQuery, reason: str) -> None:
        """Take a waiting query out of the queue."""
        with self._changed:
            query.stopped = query.stopped or reason
            self._changed.notify_all()

    def ahead(self, query: QueuedQuery) -> int | None:
        """Return how many queries come before a waiting one; None if it does not wait any more."""
        with self._changed:
            if query not in self._waiting:
                return None
            return len(self._running) + self._waiting.index(query)

    def _next(self) -> QueuedQuery | None:
        if len(self._running) >= self._slots:
            return None
        busy = [user.session for user in self._running]
        free = [
            query for query in self._waiting if query.user.session not in busy and self._has_room(query.user.address)
        ]
        return min(free, key=lambda query: self._held(query.user.address), default=None)

    def _held(self, address: str) -> int:
        return sum(user.address == address for user in self._running) if address else 0

    def _has_room(self, address: str) -> bool:
        return self._held(address) < max(1, self._slots - 1)

    def _refuse_if_full(self, user: User) -> None:
        """Refuse the query if too many wait: each waiting one occupies a thread of the server."""
        own = sum(query.user.session == user.session for query in self._waiting)
        of_address = sum(query.user.address == user.address != "" for query in self._waiting)
        if own >= self._per_session or of_address >= self._queue // 2 or len(self._waiting) >= self._queue:
            busy = f"기다리는 질의가 너무 많습니다(내 질의 {own}개, 모두 {len(self._waiting)}개). 잠시 뒤에 다시 하세요"
            raise SandboxError(f"{busy} | too many queries are waiting ({len(self._waiting)}), try again soon")

    def _timed_out(self, query: QueuedQuery, patience: float) -> str:
        own = query.user.session in [user.session for user in self._running]
        korean = "앞서 보낸 질의가 아직 실행 중입니다" if own else f"질의 {len(self._running)}개가 실행 중입니다"
        english = "your query before this one still runs" if own else f"{len(self._running)} queries are running"
        return f"{patience:g}초 동안 차례가 오지 않았습니다. {korean} | no turn within {patience:g} seconds: {english}"
