"""Limits of DuckDB's memory and threads, and retries with a higher limit.

A load works batch by batch. Statements over the whole warehouse start with ``LOW_MEMORY``, which is enough for 100,000
announcements, and are retried with ``HIGH_MEMORY`` when an aggregation that cannot spill to disk needs more.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

import duckdb

log = logging.getLogger(__name__)
Result = TypeVar("Result")
# DuckDB's memory_limit and number of threads.
MemoryLimit = tuple[str, int]
LOAD_MEMORY: MemoryLimit = ("640MB", 2)
LOW_MEMORY: MemoryLimit = ("300MB", 1)
HIGH_MEMORY: MemoryLimit = ("2GB", 2)


def set_memory(con: duckdb.DuckDBPyConnection, limit: MemoryLimit) -> None:
    """Set the memory limit and the number of threads of a connection."""
    con.execute(f"SET memory_limit = '{limit[0]}'")
    con.execute(f"SET threads = {limit[1]}")


def retry_with_more_memory(con: duckdb.DuckDBPyConnection, step: Callable[[], Result]) -> Result:
    """Run a step; if it runs out of memory, run it once more with ``HIGH_MEMORY``.

    The step must have no effect when it fails, for example because it is one transaction.
    """

    def retry() -> Result:
        set_memory(con, HIGH_MEMORY)
        return step()

    return retry_on_out_of_memory(step, retry)


def retry_on_out_of_memory(step: Callable[[], Result], retry: Callable[[], Result]) -> Result:
    """Return the result of ``step``, or of ``retry`` if ``step`` ran out of memory."""
    try:
        return step()
    except duckdb.OutOfMemoryException as error:
        log.info("out of memory; retrying with %s: %s", HIGH_MEMORY[0], str(error).partition("\n")[0])
        return retry()
