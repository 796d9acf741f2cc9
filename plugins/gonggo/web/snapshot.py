"""Access of the pages to the published snapshot, by the queries in ``sql/web``."""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from gonggo.errors import GonggoError, SnapshotError
from gonggo.settings import SEOUL, SQL, Settings
from gonggo.warehouse.factory import warehouse_of
from gonggo.warehouse.recovery import is_file_error
from gonggo.warehouse.snapshot import open_snapshot
from gonggo.warehouse.sql_files import rows, run_sql

log = logging.getLogger(__name__)
Row = dict[str, Any]
MAX_CACHED = 200
# Seconds between two checks of the object store for a snapshot that another machine published.
POLL_SECONDS = 60
# Threads of one query; several readers share them.
THREADS = min(4, os.cpu_count() or 1)
# The fact tables whose rows of a version are listed in ``site.fact_rows``.
FACTS = (
    *("fact_region", "fact_sector", "fact_programme", "fact_amount", "fact_application"),
    *("fact_quantity", "fact_organisation", "fact_metric", "fact_age", "fact_size", "fact_phone", "fact_email"),
)


class Snapshot:
    """One connection for all pages, reopened when a new snapshot is published; each query has its own cursor."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._warehouse = warehouse_of(settings)
        self._lock = threading.Lock()
        self._con: duckdb.DuckDBPyConnection | None = None
        self._inode = 0
        self._cached: dict[tuple[Any, ...], list[Row]] = {}
        self._follower: threading.Thread | None = None

    def rows(self, name: str, *, folder: str = "web", **values: Any) -> list[Row]:
        """Return the rows of ``sql/<folder>/<name>.sql``.

        Raises:
            WarehouseError: nothing is published yet.
        """
        return self._run(_query(name, folder), values)

    def cached_rows(self, name: str, **values: Any) -> list[Row]:
        """Return the rows of ``sql/web/<name>.sql``, cached for the same values, publication and day.

        Raises:
            WarehouseError: nothing is published yet.
        """
        if not self.settings.snapshot.exists():
            # Another machine may have published one; otherwise this says that there is none.
            self._cursor().close()
        key = (
            name,
            self.version(),
            datetime.now(SEOUL).date(),
            tuple(sorted(values.items(), key=lambda pair: pair[0])),
        )
        with self._lock:
            if key in self._cached:
                return self._cached[key]
        result = self.rows(name, **values)
        with self._lock:
            self._cached[key] = result
            while len(self._cached) > MAX_CACHED:
                self._cached.pop(next(iter(self._cached)))
        return result

    def report(self, path: Path) -> list[Row]:
        """Return the rows of a named report."""
        cursor = self._cursor()
        try:
            return rows(cursor, path.read_text("utf-8"))
        finally:
            cursor.close()

    def row(self, name: str, **values: Any) -> Row | None:
        result = self.rows(name, **values)
        return result[0] if result else None

    def fact_values(self, table: str, fact_id: str) -> Row:
        """Return the values of a fact by column, from the table that it names; of a silenced one, as read."""
        if table == "announcement_version":
            key = {"version_key": fact_id.partition(":")[0]}
            return self._run("SELECT kind, relevant FROM announcement_version WHERE version_key = $version_key", key)[0]
        stated = self._run(f'FROM "{table}" WHERE fact_id = $fact_id', {"fact_id": fact_id})
        if stated:
            return stated[0]
        silenced = self._run("SELECT was FROM fact_correction WHERE fact_id = $fact_id", {"fact_id": fact_id})
        was: Row = json.loads(silenced[0]["was"])
        return was

    def call(self, key: str, version_key: str | None = None) -> tuple[Row, Row] | None:
        """Return an announcement in its current or another version, and its state with the rows of its facts."""
        state = self.row("lookup", announcement_key=key)
        version = self.row("call", **state, version_key=version_key) if state else None
        if state is None or version is None or (version_key and version["version_key"] is None):
            return None
        return version, {**state, "announcement_key": key, **self._fact_rows(version["version_key"])}

    def _fact_rows(self, version_key: str | None) -> Row:
        """Return the first and last row id of a version in each fact table, so that facts are read without a scan."""
        rows_by_table = {row["fact_table"]: row for row in self.rows("fact_rows", version_key=version_key)}
        return {
            "version_key": version_key,
            **{
                f"{table}_{end}": rows_by_table[table][f"{end}_row"] if table in rows_by_table else -1
                for table in FACTS
                for end in ("first", "last")
            },
        }

    def version(self) -> str:
        """Return an identifier that changes with every publication."""
        stat = self.settings.snapshot.stat()
        return f"{stat.st_ino}-{stat.st_mtime_ns}"

    def published_at(self) -> float:
        """Return when the snapshot was published, in seconds since 1970."""
        return self.settings.snapshot.stat().st_mtime

    def _run(self, sql: str, values: Row) -> list[Row]:
        cursor = self._cursor()
        try:
            run_sql(cursor, sql, values)
            names = [column[0] for column in cursor.description or []]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        except duckdb.Error as error:
            if not is_file_error(error):
                raise
            # A connection that has read a damaged block cannot be used any more; the file may be replaced.
            with self._lock:
                self._con = None
            raise SnapshotError(str(self.settings.snapshot), error) from error
        finally:
            cursor.close()

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        with self._lock:
            if self._warehouse.has_remote_snapshots and self._follower is None:
                self._follower = threading.Thread(target=self._follow, name="snapshot", daemon=True)
                self._follower.start()
            inode = self.settings.snapshot.stat().st_ino if self.settings.snapshot.exists() else 0
            if self._con is None or inode != self._inode:
                # The old connection is closed after the last query that still uses it.
                self._con, self._inode = open_snapshot(self.settings, threads=THREADS), inode
            return self._con.cursor()

    def _follow(self) -> None:
        """Download snapshots that other machines publish, while the pages read the local one."""
        while True:
            time.sleep(POLL_SECONDS)
            try:
                self._warehouse.fetch_snapshot()
            except GonggoError as error:
                log.warning("%s", error)


@cache
def _query(name: str, folder: str) -> str:
    return (SQL / folder / f"{name}.sql").read_text("utf-8")
