"""The interface to the warehouse: the tables that writers change, and the snapshots of them that readers open."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

import duckdb

from gonggo.errors import WarehouseError

# The database name of the tables in a connection of the writer.
DATABASE = "gonggo"


class Warehouse(Protocol):
    """The storage of the warehouse. ``gonggo.warehouse.factory`` chooses the implementation."""

    @property
    def has_remote_snapshots(self) -> bool:
        """Return whether other machines publish snapshots too, so that readers must look for new ones."""

    def lock(self, *, several: bool = False) -> AbstractContextManager[None]:
        """Hold the lock of the writer, waiting for the process that has it. A process may nest it.

        With ``several``, loaders share the lock where the storage supports concurrent loaders.

        Raises:
            GonggoError: The lock was not free in time.
        """

    def attach(self, con: duckdb.DuckDBPyConnection) -> None:
        """Attach the tables to a connection as ``DATABASE``; create them empty if there are none.

        Raises:
            WarehouseError: They cannot be opened.
        """

    def explain(self, error: duckdb.Error) -> WarehouseError | None:
        """Return an error that says what to do if DuckDB's error is about the storage itself, else None."""

    def export(
        self,
        con: duckdb.DuckDBPyConnection,
        path: Path,
        *,
        create_tables: Callable[[duckdb.DuckDBPyConnection], object],
        make_marts: Callable[[duckdb.DuckDBPyConnection, str], object],
    ) -> None:
        """Write tables, marts and macros to a DuckDB file. The connection cannot be used for the tables afterwards.

        Args:
            con: The connection of the writer, with up-to-date marts.
            path: The file, which is replaced if it exists.
            create_tables: Creates the tables in the database in use.
            make_marts: Makes the marts in the database in use, and copies what it can from the named one.

        Raises:
            WarehouseError: The file could not be written.
        """

    def compact(self) -> dict[str, int]:
        """Remove or merge files that no query needs any more; return how many by the kind of work."""

    def quarantine(self) -> Path | None:
        """Rename a storage that was found damaged, so that the next load creates a new one; return its new path."""

    def discard(self) -> None:
        """Remove the tables, so that the next load rebuilds them from all batches."""

    def share_snapshot(self, path: Path) -> None:
        """Make a published snapshot, a file of the history, available to the readers on other machines."""

    def fetch_snapshot(self) -> None:
        """Replace the snapshot on this machine if another machine has published a newer one.

        Raises:
            WarehouseError: The newer one cannot be fetched.
        """

    def roll_back(self) -> tuple[str, int]:
        """Publish the snapshot before the current one again.

        Returns:
            The file name of that snapshot, and how many older ones are kept.

        Raises:
            WarehouseError: No older snapshot is kept.
        """
