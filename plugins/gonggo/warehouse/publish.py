"""The snapshot that readers open: checked, copied aside, then put in place in one step."""

from __future__ import annotations

import filecmp
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from gonggo.errors import WarehouseError
from gonggo.model import fsync, move_into_place, temporary_path
from gonggo.settings import SEOUL, Settings
from gonggo.warehouse.checks import ensure_checked
from gonggo.warehouse.copying import copy_out
from gonggo.warehouse.lock import writer_lock
from gonggo.warehouse.replica import roll_back, second_name, upload_snapshot
from gonggo.warehouse.snapshot import history
from gonggo.warehouse.writer import writer


def publish(settings: Settings) -> dict[str, Any]:
    """Run the checks and replace the snapshot atomically. Readers keep the file that they have open.

    Returns ``{"snapshot": path, "bytes": size, "kept": snapshots in history}``.

    Raises:
        WarehouseError: a blocking rule is broken; the last good snapshot stays.
    """
    settings.snapshot.parent.mkdir(parents=True, exist_ok=True)
    scratch = temporary_path(settings.snapshot)
    with writer_lock(settings):
        with writer(settings) as con:
            ensure_checked(con)
            if settings.postgres_url:
                copy_out(con, scratch)
            else:
                _read_through(con)
                con.execute("CHECKPOINT")
        if not settings.postgres_url:
            # The file itself, once this process has let go of it.
            _copy(settings, scratch)
        size = scratch.stat().st_size
        named, kept = _remember(settings, scratch)
        move_into_place(scratch, settings.snapshot)
        if settings.object_store:
            upload_snapshot(settings, named)
    return {"snapshot": str(settings.snapshot), "bytes": size, "kept": kept}


def _read_through(con: duckdb.DuckDBPyConnection) -> None:
    """Read every block of every table, so that a damaged one is found before the file is copied."""
    for schema, name in con.execute(_TABLES).fetchall():
        con.execute(f'SELECT bit_xor(hash(*COLUMNS(*))) FROM "{schema}"."{name}"').fetchone()  # noqa: S608


_TABLES = "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = current_database()"


def back(settings: Settings) -> dict[str, Any]:
    """Publish the snapshot before the current one again; a second call goes one further back.

    Readers keep the file they have open. The next publication goes forward again. Returns ``{"snapshot": path,
    "of": when it was first published, "left": how many are still older}``.

    Raises:
        WarehouseError: no older snapshot is kept.
    """
    if settings.object_store:
        name, left = roll_back(settings)
        return {"snapshot": str(settings.snapshot), "of": Path(name).stem.partition("-")[2], "left": left}
    kept = sorted(history(settings).glob("gonggo-*.duckdb"))
    there = [place for place, path in enumerate(kept) if _same_file(path, settings.snapshot)]
    place = (there[0] if there else len(kept)) - 1
    if place < 0:
        raise WarehouseError(
            f"There is no snapshot before this one in {history(settings)}; "
            "GONGGO_KEEP_SNAPSHOTS says how many are kept."
        )
    scratch = temporary_path(settings.snapshot)
    scratch.unlink(missing_ok=True)
    second_name(kept[place], scratch)
    move_into_place(scratch, settings.snapshot)
    return {"snapshot": str(settings.snapshot), "of": kept[place].stem.partition("-")[2], "left": place}


def _copy(settings: Settings, scratch: Path) -> None:
    try:
        shutil.copyfile(settings.warehouse, scratch)
        fsync(scratch)
    except OSError as error:
        # Half a copy would take the room that the next attempt needs.
        scratch.unlink(missing_ok=True)
        raise WarehouseError(
            f"{settings.warehouse} could not be copied to {settings.snapshot.parent}: {error.strerror}. The snapshot "
            "before stays; make room (GONGGO_KEEP_SNAPSHOTS says how many older ones are kept) and publish again."
        ) from error


def _same_file(one: Path, other: Path) -> bool:
    """Return whether two names are one snapshot: one file, or without hard links the same bytes."""
    return other.exists() and (one.samefile(other) or filecmp.cmp(one, other, shallow=False))


def _remember(settings: Settings, fresh: Path) -> tuple[Path, int]:
    """Link the new snapshot into the history and drop the oldest. Return its name there and how many are kept."""
    folder = history(settings)
    folder.mkdir(exist_ok=True)
    stamp = datetime.now(SEOUL).strftime("%Y%m%dT%H%M%S.%f")
    named = folder / f"gonggo-{stamp}.duckdb"
    second_name(fresh, named)
    old = sorted(folder.glob("gonggo-*.duckdb"))[: -settings.keep_snapshots]
    for path in old:
        path.unlink()
    return named, len(list(folder.glob("gonggo-*.duckdb")))
