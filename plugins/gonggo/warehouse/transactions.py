"""Transactions of the writer: all or nothing, and tried again where loaders of the same lake met."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import duckdb

from gonggo.warehouse import lake

log = logging.getLogger(__name__)
Result = TypeVar("Result")
# Seconds before a transaction that met another one is tried again.
CONFLICT_PAUSES = (0.1, 0.2, 0.5, 1, 2, 4, 8, 16)


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Commit what is done inside, or roll all of it back where it raises."""
    con.execute("BEGIN TRANSACTION")
    try:
        yield
    except BaseException:
        con.execute("ROLLBACK")
        raise
    con.execute("COMMIT")


def retry_on_conflict(step: Callable[[], Result]) -> Result:
    """Return the result of a step that is one transaction; run it again where another loader was in its way."""
    for pause in CONFLICT_PAUSES:
        try:
            return step()
        except duckdb.Error as error:
            if not lake.is_conflict(error):
                raise
            log.info("met another loader; once more: %s", error)
            time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311
    return step()
