"""The read-write connection to a warehouse."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from gonggo.settings import SQL
from gonggo.warehouse.interface import DATABASE, Warehouse
from gonggo.warehouse.memory import LOW_MEMORY, MemoryLimit, set_memory
from gonggo.warehouse.sql_files import run_sql_file

CONFIG: dict[str, Any] = {"autoinstall_known_extensions": False}


@contextmanager
def connect_writer(
    warehouse: Warehouse, spill_folder: Path, memory: MemoryLimit = LOW_MEMORY, *, several: bool = False
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a read-write connection under the lock of the writer.

    Args:
        warehouse: The storage to attach.
        spill_folder: Where queries put what exceeds ``memory``.
        memory: The limits of the connection.
        several: Whether other loaders may write at the same time, where the storage supports that.

    Raises:
        GonggoError: The lock was not free in time.
        WarehouseError: The storage cannot be used; the message says what to do.
    """
    with warehouse.lock(several=several):
        spill_folder.parent.mkdir(parents=True, exist_ok=True)
        con = duckdb.connect(config={**CONFIG, "temp_directory": str(spill_folder)})
        try:
            set_memory(con, memory)
            # The progress of long queries would be drawn among the rows on the standard output.
            con.execute("SET enable_progress_bar = false")
            warehouse.attach(con)
            con.execute(f"USE {DATABASE}")
            con.execute("SET TimeZone = 'Asia/Seoul'")
            run_sql_file(con, SQL / "writer.sql")
            yield con
        except duckdb.Error as error:
            explanation = warehouse.explain(error)
            if explanation is None:
                raise
            raise explanation from error
        finally:
            con.close()
