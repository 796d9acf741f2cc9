"""Whose turn it is: a few places for the queries of many, so that nobody's take all of them.

A session holds one place at a time; what else it asks waits in a queue of its own. Sessions that come from one address
never hold all places together, for whoever throws his cookie away has a new session. The next place goes to the session
whose address holds the fewest, the first come among those.
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
class Asker:
    """Who asks: a session, and the address it comes from; none for a user who is logged in, who has one session."""

    session: str = ""
    address: str = ""


@dataclass(eq=False)
class Waiting:
    """One who stands in the queue, or has his turn; and why he has to leave."""

    asker: Asker
    has_turn: bool = False
    since: float = field(default_factory=time.monotonic)
    stopped: str | None = None


class Turns:
    """Places for ``at_once``; ``queue`` may wait, half of them of one address, ``of_session`` of one session."""

    def __init__(self, at_once: int, *, queue: int = 16, of_session: int = 3) -> None:
        self._at_once, self._queue, self._of_session = at_once, queue, of_session
        self._changed = threading.Condition()
        self._running: list[Asker] = []
        self._waiting: list[Waiting] = []

    @contextmanager
    def turn(self, me: Waiting, patience: float) -> Iterator[float]:
        """Wait for a place and hold it; gives the seconds that were waited.

        Errors:
            SandboxError: too many wait already, no place became free in time, or the wait was stopped.
        """
        with self._changed:
            self._demand_room(me.asker)
            self._waiting.append(me)
            try:
                came = self._changed.wait_for(lambda: me.stopped is not None or self._next() is me, patience)
                if me.stopped is not None or not came:
                    raise SandboxError(me.stopped or self._in_vain(me, patience))
                self._running.append(me.asker)
                me.has_turn = True
            finally:
                self._waiting.remove(me)
                self._changed.notify_all()
        try:
            yield time.monotonic() - me.since
        finally:
            with self._changed:
                self._running.remove(me.asker)
                self._changed.notify_all()

    def stop(self, me: Waiting, why: str) -> None:
        """Take one who waits out of the queue."""
        with self._changed:
            me.stopped = me.stopped or why
            self._changed.notify_all()

    def before(self, me: Waiting) -> int | None:
        """How many have their turn before one who waits; None where he does not wait any more."""
        with self._changed:
            if me not in self._waiting:
                return None
            return len(self._running) + self._waiting.index(me)

    def _next(self) -> Waiting | None:
        if len(self._running) >= self._at_once:
            return None
        held = [asker.session for asker in self._running]
        free = [one for one in self._waiting if one.asker.session not in held and self._may(one.asker.address)]
        return min(free, key=lambda one: self._held(one.asker.address), default=None)

    def _held(self, address: str) -> int:
        return sum(asker.address == address for asker in self._running) if address else 0

    def _may(self, address: str) -> bool:
        return self._held(address) < max(1, self._at_once - 1)

    def _demand_room(self, asker: Asker) -> None:
        """Refuse one more where too many wait: each waits in a thread of the server."""
        own = sum(one.asker.session == asker.session for one in self._waiting)
        near = sum(one.asker.address == asker.address != "" for one in self._waiting)
        if own >= self._of_session or near >= self._queue // 2 or len(self._waiting) >= self._queue:
            busy = f"기다리는 질의가 너무 많습니다(내 질의 {own}개, 모두 {len(self._waiting)}개). 잠시 뒤에 다시 하세요"
            raise SandboxError(f"{busy} | too many queries are waiting ({len(self._waiting)}), try again soon")

    def _in_vain(self, me: Waiting, patience: float) -> str:
        mine = me.asker.session in [asker.session for asker in self._running]
        korean = "앞서 보낸 내 질의가 아직 돌고 있습니다" if mine else f"질의 {len(self._running)}개가 돌고 있습니다"
        english = "your query before this one still runs" if mine else f"{len(self._running)} queries are running"
        return f"{patience:g}초 동안 차례가 오지 않았습니다. {korean} | no turn within {patience:g} seconds: {english}"
