"""The warehouse of a single machine: one DuckDB file, which readers get as a copy."""

from __future__ import annotations

import filecmp
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from gonggo.errors import WarehouseError
from gonggo.model import fsync
from gonggo.settings import Settings
from gonggo.warehouse.history import copy_file, history_folder, make_current, snapshots
from gonggo.warehouse.interface import DATABASE
from gonggo.warehouse.lock import file_lock
from gonggo.warehouse.quoting import FILE_OPTIONS, literal
from gonggo.warehouse.recovery import explain_file_error, is_file_error, quarantine_file, write_ahead_log


@dataclass(frozen=True)
class LocalWarehouse:
    """A DuckDB file with one writer at a time; its snapshots are read on the same machine."""

    settings: Settings

    @property
    def has_remote_snapshots(self) -> bool:
        return False

    def lock(self, *, several: bool = False) -> AbstractContextManager[None]:
        """Hold the lock of the file, always exclusively: DuckDB allows one writing process."""
        return file_lock(self.settings.warehouse)

    def attach(self, con: duckdb.DuckDBPyConnection) -> None:
        con.execute(f"ATTACH {literal(self.settings.warehouse)} AS {DATABASE} ({FILE_OPTIONS})")

    def explain(self, error: duckdb.Error) -> WarehouseError | None:
        return explain_file_error(self.settings.warehouse, error) if is_file_error(error) else None

    def export(
        self,
        con: duckdb.DuckDBPyConnection,
        path: Path,
        *,
        create_tables: Callable[[duckdb.DuckDBPyConnection], object],
        make_marts: Callable[[duckdb.DuckDBPyConnection, str], object],
    ) -> None:
        """Copy the file, which holds everything that readers need."""
        _read_all_blocks(con)
        con.execute("CHECKPOINT")
        # Closing a copied file would end DuckDB's lock on it, so DuckDB has to close it first.
        con.execute("USE memory")
        con.execute(f"DETACH {DATABASE}")
        try:
            copy_file(self.settings.warehouse, path)
            fsync(path)
        except OSError as error:
            # An incomplete copy would take the space that the next attempt needs.
            path.unlink(missing_ok=True)
            raise WarehouseError(
                f"{self.settings.warehouse} could not be copied to {path.parent}: {error.strerror}. The previous "
                "snapshot stays; free some space (GONGGO_KEEP_SNAPSHOTS says how many older ones are kept) and publish "
                "again."
            ) from error

    def compact(self) -> dict[str, int]:
        """Do nothing: DuckDB reuses the free blocks of its file."""
        return {}

    def quarantine(self) -> Path | None:
        with self.lock():
            return quarantine_file(self.settings.warehouse)

    def discard(self) -> None:
        with self.lock():
            self.settings.warehouse.unlink(missing_ok=True)
            write_ahead_log(self.settings.warehouse).unlink(missing_ok=True)

    def share_snapshot(self, path: Path) -> None:
        """Do nothing: all readers are on this machine."""

    def fetch_snapshot(self) -> None:
        """Do nothing: only this machine publishes."""

    def roll_back(self) -> tuple[str, int]:
        recent = snapshots(self.settings)
        current = next((n for n, path in enumerate(recent) if _is_same(path, self.settings.snapshot)), len(recent))
        if current == 0:
            raise WarehouseError(
                f"There is no snapshot before this one in {history_folder(self.settings)}; "
                "GONGGO_KEEP_SNAPSHOTS says how many are kept."
            )
        make_current(self.settings, recent[current - 1])
        return recent[current - 1].name, current - 1


def _read_all_blocks(con: duckdb.DuckDBPyConnection) -> None:
    """Read every block of every table, so that a damaged one is found before the file is copied."""
    for schema, name in con.execute(_TABLES).fetchall():
        con.execute(f'SELECT bit_xor(hash(*COLUMNS(*))) FROM "{schema}"."{name}"').fetchall()  # noqa: S608


def _is_same(one: Path, other: Path) -> bool:
    """Return whether two paths are the same snapshot: the same file, or equal bytes if there are no hard links."""
    return other.exists() and (one.samefile(other) or filecmp.cmp(one, other, shallow=False))


_TABLES = "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = current_database()"
