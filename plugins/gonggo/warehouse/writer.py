"""The one read-write connection to the warehouse."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import duckdb

from gonggo.settings import Settings
from gonggo.warehouse import lake
from gonggo.warehouse.lock import writer_lock
from gonggo.warehouse.memory import LOW_MEMORY, MemoryLimit, set_memory
from gonggo.warehouse.quoting import literal
from gonggo.warehouse.recovery import explain, is_file_error

CONFIG: dict[str, Any] = {"autoinstall_known_extensions": False}
# Rows of a row group. A load of at least as many is compressed straight into the file; fewer are rewritten with the
# last, unfilled group. DuckDB's own 122,880 would make that group as large as a hundred ordinary loads.
ROW_GROUP = 16_384


@contextmanager
def writer(
    settings: Settings, memory: MemoryLimit = LOW_MEMORY, *, several: bool = False
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the one read-write connection, which spills to disk beyond ``memory``; wait for the writer before.

    With ``several`` other processes may load at the same time, where the warehouse is a lake.

    Raises:
        WarehouseError: a program that does not take the lock has the file open, or the disk is full.
        DamagedError: the file is damaged; it is marked as such, and the next load makes it again.
    """
    with writer_lock(settings, several=several):
        aside = settings.warehouse.with_name("spilled")
        con = duckdb.connect(config={**CONFIG, "temp_directory": str(aside)})
        try:
            set_memory(con, memory)
            # The progress of long queries would be drawn among the rows on the standard output.
            con.execute("SET enable_progress_bar = false")
            if settings.postgres_url:
                lake.attach(con, settings)
            else:
                con.execute(f"ATTACH {literal(settings.warehouse)} AS gonggo (ROW_GROUP_SIZE {ROW_GROUP})")
            con.execute("USE gonggo")
            con.execute("SET TimeZone = 'Asia/Seoul'")
            yield con
        except duckdb.Error as error:
            if settings.postgres_url or not is_file_error(error):
                raise
            raise explain(settings, error) from error
        finally:
            con.close()
