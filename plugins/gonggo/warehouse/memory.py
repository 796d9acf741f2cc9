"""How much memory and how many threads DuckDB may use, and what is run again with more.

A load goes batch by batch. What reads the whole warehouse begins with ``LOW_MEMORY``, which does for 100,000
announcements, and gets ``HIGH_MEMORY`` where groups that do not spill to disk need it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

import duckdb

log = logging.getLogger(__name__)
Result = TypeVar("Result")
MemoryLimit = tuple[str, int]
LOAD_MEMORY: MemoryLimit = ("640MB", 2)
LOW_MEMORY: MemoryLimit = ("300MB", 1)
HIGH_MEMORY: MemoryLimit = ("2GB", 2)


def set_memory(con: duckdb.DuckDBPyConnection, limit: MemoryLimit) -> None:
    """Set the memory and the threads of a connection."""
    con.execute(f"SET memory_limit = '{limit[0]}'")
    con.execute(f"SET threads = {limit[1]}")


def retry_with_more_memory(con: duckdb.DuckDBPyConnection, step: Callable[[], Result]) -> Result:
    """Return the result of a step; where memory was too little for it, run it once more with ``HIGH_MEMORY``.

    The step must leave nothing behind when it fails.
    """

    def again() -> Result:
        set_memory(con, HIGH_MEMORY)
        return step()

    return retry_on_out_of_memory(step, again)


def retry_on_out_of_memory(step: Callable[[], Result], again: Callable[[], Result]) -> Result:
    """Return the result of ``step``, or of ``again`` where ``step`` ran out of memory."""
    try:
        return step()
    except duckdb.OutOfMemoryException as error:
        log.info("once more, with %s of memory: %s", HIGH_MEMORY[0], str(error).partition("\n")[0])
        return again()
