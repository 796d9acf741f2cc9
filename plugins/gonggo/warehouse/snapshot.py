"""Read-only connections to the published snapshot, closed to files, network and extensions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from gonggo.errors import SnapshotError, WarehouseError
from gonggo.settings import Settings
from gonggo.warehouse.quoting import literal
from gonggo.warehouse.read_only_sql import RESTRICTED_CONFIG
from gonggo.warehouse.recovery import is_file_error
from gonggo.warehouse.replica import download_snapshot


def open_snapshot(
    settings: Settings, export: Path | None = None, *, threads: int = 1, memory: str = "512MB"
) -> duckdb.DuckDBPyConnection:
    """Open a read-only connection to the published snapshot.

    Args:
        settings: Where the snapshot is.
        export: The one file, or the existing folder, into which a COPY may write.
        threads: Of the connection, shared by its cursors.
        memory: The limit of the connection, such as ``512MB``.

    Raises:
        WarehouseError: nothing has been published yet.
        SnapshotError: the published file is damaged.
    """
    if settings.object_store:
        download_snapshot(settings)
    if not settings.snapshot.is_file():
        raise WarehouseError(
            f"Nothing is published yet ({settings.snapshot} does not exist). Run `make run`, or `gonggo publish`."
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
        # Two readers of one process share what DuckDB holds of a file; the first of them has set it up and locked it.
        return con
    con.execute("SET GLOBAL TimeZone = 'Asia/Seoul'")
    con.execute(f"SET GLOBAL threads = {threads}")
    if export is not None:
        kind = "allowed_directories" if export.is_dir() else "allowed_paths"
        con.execute(f"SET {kind} = [{literal(export)}]")
    con.execute("SET enable_external_access = false")
    con.execute("SET lock_configuration = true")
    return con


def _read_only(settings: Settings, config: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    """Open the snapshot by the name that it alone has: DuckDB takes a file that it has open for any of that name."""
    try:
        names = [path for path in history(settings).glob("gonggo-*.duckdb") if path.samefile(settings.snapshot)]
        return duckdb.connect(str(names[0] if names else settings.snapshot), read_only=True, config=config)
    except (OSError, duckdb.IOException):
        # A publication dropped it from the history just now; its own name is still there.
        return duckdb.connect(str(settings.snapshot), read_only=True, config=config)


def history(settings: Settings) -> Path:
    """Return the folder of the last published snapshots, each under a name of its own."""
    return settings.snapshot.parent / "history"
