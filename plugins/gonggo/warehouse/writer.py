"""The read-write connection to the warehouse of the settings."""

from __future__ import annotations

from contextlib import AbstractContextManager

import duckdb

from gonggo.settings import Settings
from gonggo.warehouse.connection import connect_writer
from gonggo.warehouse.factory import warehouse_of
from gonggo.warehouse.history import spill_folder
from gonggo.warehouse.memory import LOW_MEMORY, MemoryLimit


def writer(
    settings: Settings, memory: MemoryLimit = LOW_MEMORY, *, several: bool = False
) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    """Open the read-write connection, which spills to disk beyond ``memory``; wait for the process that writes.

    With ``several``, other processes may load at the same time if the warehouse is a lake.

    Raises:
        WarehouseError: A program that does not take the lock has the file open, or the disk is full.
        DamagedError: The file is damaged; it is marked as such, and the next load rebuilds it.
    """
    return connect_writer(warehouse_of(settings), spill_folder(settings), memory, several=several)
