"""Transactions of the writer, and retries when concurrent loaders of a lake conflict."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import duckdb

log = logging.getLogger(__name__)
Result = TypeVar("Result")
# Seconds before a transaction that conflicted with another one is retried.
CONFLICT_PAUSES = (0.1, 0.2, 0.5, 1, 2, 4, 8, 16)


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Run the body in a transaction; roll it back if the body raises."""
    con.execute("BEGIN TRANSACTION")
    try:
        yield
    except BaseException:
        con.execute("ROLLBACK")
        raise
    con.execute("COMMIT")


def is_conflict(error: duckdb.Error) -> bool:
    """Return whether a transaction conflicted with another one and may be retried."""
    return isinstance(error, duckdb.TransactionException) and "conflict" in str(error).lower()


def retry_on_conflict(step: Callable[[], Result]) -> Result:
    """Run a step that is one transaction; retry it when it conflicts with that of another loader."""
    for pause in CONFLICT_PAUSES:
        try:
            return step()
        except duckdb.Error as error:
            if not is_conflict(error):
                raise
            log.info("conflict with another loader; retrying: %s", error)
            time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311
    return step()
