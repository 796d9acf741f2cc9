"""Read-only connections to the published snapshot, without access to files, network or extensions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from gonggo.checkout import first_command
from gonggo.errors import NothingPublishedError, SnapshotError
from gonggo.settings import Settings
from gonggo.warehouse.factory import warehouse_of
from gonggo.warehouse.history import snapshots
from gonggo.warehouse.quoting import literal
from gonggo.warehouse.read_only_sql import RESTRICTED_CONFIG
from gonggo.warehouse.recovery import is_file_error

# Rows of all partitions that are held in memory while files are written by partitions; half a million by default.
ROWS_OF_PARTITIONS = 32_768


def open_snapshot(
    settings: Settings, export: Path | None = None, *, threads: int = 1, memory: str = "512MB"
) -> duckdb.DuckDBPyConnection:
    """Open a read-only connection to the published snapshot.

    Args:
        settings: Where the snapshot is.
        export: The only file, or existing folder, to which COPY may write.
        threads: Number of threads of the connection, shared by its cursors.
        memory: Memory limit of the connection, such as ``512MB``.

    Raises:
        NothingPublishedError: Nothing has been published yet.
        SnapshotError: The published file is damaged.
    """
    warehouse_of(settings).fetch_snapshot()
    if not settings.snapshot.is_file():
        raise NothingPublishedError(
            f"Nothing is published yet ({settings.snapshot} does not exist). Run `{first_command()}`, or "
            "`gonggo publish` if something is collected already."
        )
    try:
        con = _read_only(settings, {**RESTRICTED_CONFIG, "memory_limit": memory})
    except duckdb.Error as error:
        if not is_file_error(error):
            raise
        raise SnapshotError(str(settings.snapshot), error) from error
    try:
        # The progress of long queries would be drawn among the rows on the standard output.
        con.execute("SET enable_progress_bar = false")
    except duckdb.InvalidInputException:
        # Readers of one process share one DuckDB instance, which the first of them has configured and locked.
        return con
    con.execute("SET GLOBAL TimeZone = 'Asia/Seoul'")
    con.execute(f"SET GLOBAL threads = {threads}")
    if export is not None:
        kind = "allowed_directories" if export.is_dir() else "allowed_paths"
        con.execute(f"SET {kind} = [{literal(export)}]")
        con.execute(f"SET partitioned_write_flush_threshold = {ROWS_OF_PARTITIONS}")
    con.execute("SET enable_external_access = false")
    con.execute("SET lock_configuration = true")
    return con


def _read_only(settings: Settings, config: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    """Open the snapshot by its name in the history, because DuckDB takes two files of the same path for one."""
    try:
        names = [path for path in snapshots(settings) if path.samefile(settings.snapshot)]
        return duckdb.connect(str(names[0] if names else settings.snapshot), read_only=True, config=config)
    except (OSError, duckdb.IOException):
        # A publication has just removed it from the history.
        return duckdb.connect(str(settings.snapshot), read_only=True, config=config)
