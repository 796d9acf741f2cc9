"""What all machines must agree on, in Postgres: ledgers, the turns of hosts, and who may write to the warehouse."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

from gonggo.errors import GonggoError

_writing: ContextVar[bool] = ContextVar("writing", default=False)
log = logging.getLogger(__name__)
# Keys of advisory locks: what is locked, then by what.
MAKING, _HOST, _WRITER = 7001, 7002, 7003
# The clock is the server's: those of the machines may differ.
_HOSTS = """
CREATE SCHEMA IF NOT EXISTS gonggo;
CREATE TABLE IF NOT EXISTS gonggo.host_turn (host TEXT PRIMARY KEY, asked_at TIMESTAMPTZ NOT NULL);
"""
_SINCE = "SELECT extract(epoch FROM clock_timestamp() - asked_at) FROM gonggo.host_turn WHERE host = %s"
_ASKED = """
INSERT INTO gonggo.host_turn VALUES (%s, clock_timestamp())
ON CONFLICT (host) DO UPDATE SET asked_at = excluded.asked_at
"""


class PostgresError(GonggoError):
    """Postgres cannot be reached, or refuses."""


def require_driver() -> None:
    """Raise ``PostgresError`` where the package that talks to Postgres is not installed."""
    try:
        import psycopg2  # noqa: F401
    except ImportError as error:
        raise PostgresError('GONGGO_POSTGRES_URL needs more packages: pip install "gonggo[cluster]".') from error


def connect(url: str) -> Any:
    """A connection.

    Raises:
        PostgresError: no answer, or no entry; names the setting.
    """
    require_driver()
    import psycopg2

    try:
        return psycopg2.connect(url, connect_timeout=20, application_name="gonggo")
    except psycopg2.OperationalError as error:
        said = " ".join(str(error).split())
        raise PostgresError(
            f"Postgres (GONGGO_POSTGRES_URL) cannot be reached: {said}. Is it up, and is the password right?"
        ) from error


def wait_for_host(url: str, host: str, delay_seconds: float) -> None:
    """Wait for the turn of one host over all machines: one request at a time, ``delay_seconds`` apart."""
    _make_hosts(url)
    with closing(connect(url)) as con, con, con.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", (_HOST, host))
        cursor.execute(_SINCE, (host,))
        since = cursor.fetchone()
        # A server's clock that was set back must not stop the crawl for hours.
        pause = min(delay_seconds, delay_seconds - float(since[0])) if since else 0.0
        if pause > 0:
            time.sleep(pause)
        cursor.execute(_ASKED, (host,))


@cache
def _make_hosts(url: str) -> None:
    """Make the table of turns, once for each process and not for each request."""
    with creation_lock(url) as cursor:
        cursor.execute(_HOSTS)


@contextmanager
def creation_lock(url: str) -> Iterator[Any]:
    """A cursor for what is made where it is not there yet, by one process at a time."""
    with closing(connect(url)) as con, con, con.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", (MAKING,))
        yield cursor


@contextmanager
def writer_lock(url: str, *, several: bool, patience_seconds: float) -> Iterator[None]:
    """Hold the right to write to the warehouse: alone, or beside others that load (``several``).

    Raises:
        PostgresError: others held it for longer than ``patience_seconds``.
    """
    if _writing.get():
        # This process has its turn; a step within a step must not wait for itself.
        yield
        return
    import psycopg2

    kind = "_shared" if several else ""
    with closing(connect(url)) as con, con.cursor() as cursor:
        con.autocommit = True
        cursor.execute(f"SELECT pg_try_advisory_lock{kind}(%s)", (_WRITER,))
        if cursor.fetchone() == (False,):
            log.warning("the warehouse is in use by another writer; waiting for it to end")
            cursor.execute("SET lock_timeout = %s", (f"{int(patience_seconds * 1000)}ms",))
            try:
                cursor.execute(f"SELECT pg_advisory_lock{kind}(%s)", (_WRITER,))
            except psycopg2.errors.LockNotAvailable as error:
                raise PostgresError(
                    f"The warehouse has been in use by another writer for {patience_seconds:.0f} s; look for a "
                    "warehouse task that hangs (pg_locks names its address), end it, and try again."
                ) from error
        held = _writing.set(True)
        try:
            # The lock ends with the connection, also when this process is killed.
            yield
        finally:
            _writing.reset(held)
