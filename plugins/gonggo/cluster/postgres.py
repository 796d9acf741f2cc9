"""The Postgres that the machines of a cluster share: connections, rate limits of hosts, and the lock of the writer."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

from gonggo.errors import GonggoError

_holds_writer_lock: ContextVar[bool] = ContextVar("holds_writer_lock", default=False)
log = logging.getLogger(__name__)
# Keys of advisory locks.
CREATION, _HOST, _WRITER = 7001, 7002, 7003
# Times are those of the server, since the clocks of the machines may differ.
_CREATE_HOSTS = """
CREATE SCHEMA IF NOT EXISTS gonggo;
CREATE TABLE IF NOT EXISTS gonggo.host_turn (host TEXT PRIMARY KEY, asked_at TIMESTAMPTZ NOT NULL);
"""
_SECONDS_SINCE_REQUEST = "SELECT extract(epoch FROM clock_timestamp() - asked_at) FROM gonggo.host_turn WHERE host = %s"
_RECORD_REQUEST = """
INSERT INTO gonggo.host_turn VALUES (%s, clock_timestamp())
ON CONFLICT (host) DO UPDATE SET asked_at = excluded.asked_at
"""


class PostgresError(GonggoError):
    """Postgres cannot be reached, or refuses."""


def require_driver() -> None:
    """Raise ``PostgresError`` if the driver for Postgres is not installed."""
    try:
        import psycopg2  # noqa: F401
    except ImportError as error:
        raise PostgresError('GONGGO_POSTGRES_URL needs more packages: pip install "gonggo[cluster]".') from error


def connect(url: str) -> Any:
    """Open a connection.

    Raises:
        PostgresError: The server does not answer or refuses the login.
    """
    require_driver()
    import psycopg2

    try:
        return psycopg2.connect(url, connect_timeout=20, application_name="gonggo")
    except psycopg2.OperationalError as error:
        reason = " ".join(str(error).split())
        raise PostgresError(
            f"Postgres (GONGGO_POSTGRES_URL) cannot be reached: {reason}. Is it up, and is the password right?"
        ) from error


def wait_for_host(url: str, host: str, delay_seconds: float) -> None:
    """Wait until a host may be requested again: across all machines at most once every ``delay_seconds``."""
    _create_hosts(url)
    with closing(connect(url)) as con, con, con.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", (_HOST, host))
        cursor.execute(_SECONDS_SINCE_REQUEST, (host,))
        row = cursor.fetchone()
        # If the clock of the server was set back, the crawl must not wait for hours.
        pause = min(delay_seconds, delay_seconds - float(row[0])) if row else 0.0
        if pause > 0:
            time.sleep(pause)
        cursor.execute(_RECORD_REQUEST, (host,))


@cache
def _create_hosts(url: str) -> None:
    """Create the table of hosts, once for each process."""
    with creation_lock(url) as cursor:
        cursor.execute(_CREATE_HOSTS)


@contextmanager
def creation_lock(url: str) -> Iterator[Any]:
    """Yield a cursor for creating what does not exist yet; only one process at a time holds it."""
    with closing(connect(url)) as con, con, con.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", (CREATION,))
        yield cursor


@contextmanager
def writer_lock(url: str, *, several: bool, timeout_seconds: float) -> Iterator[None]:
    """Hold the lock of the writer: exclusively, or shared with other loaders (``several``).

    Raises:
        PostgresError: The lock was not free within ``timeout_seconds``.
    """
    if _holds_writer_lock.get():
        # A step that runs within another one must not wait for its own process.
        yield
        return
    import psycopg2

    mode = "_shared" if several else ""
    with closing(connect(url)) as con, con.cursor() as cursor:
        con.autocommit = True
        cursor.execute(f"SELECT pg_try_advisory_lock{mode}(%s)", (_WRITER,))
        if cursor.fetchone() == (False,):
            log.warning("the warehouse is in use by another writer; waiting for it to end")
            cursor.execute("SET lock_timeout = %s", (f"{int(timeout_seconds * 1000)}ms",))
            try:
                cursor.execute(f"SELECT pg_advisory_lock{mode}(%s)", (_WRITER,))
            except psycopg2.errors.LockNotAvailable as error:
                raise PostgresError(
                    f"The warehouse has been in use by another writer for {timeout_seconds:.0f} s; look for a "
                    "warehouse task that hangs (pg_locks names its address), end it, and try again."
                ) from error
        token = _holds_writer_lock.set(True)
        try:
            # The lock ends with the connection, even if this process is killed.
            yield
        finally:
            _holds_writer_lock.reset(token)
