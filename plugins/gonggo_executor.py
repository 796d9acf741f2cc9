"""Airflow's LocalExecutor for ``make run`` and ``make up``: its tasks find the library loaded.

Each task is a process of its own, forked from one of the executor. To load the library and its word lists takes longer
than most tasks of a small site do.
"""

from __future__ import annotations

import logging

from airflow.executors.local_executor import LocalExecutor

log = logging.getLogger(__name__)


class PreloadedLocalExecutor(LocalExecutor):
    """A LocalExecutor that loads what every task needs before it forks the processes of the tasks.

    On macOS, where tasks are not forked, each loads it itself.
    """

    def start(self) -> None:
        """Load the library, and start the processes."""
        if self.is_mp_using_fork:
            preload()
        super().start()


def preload() -> None:
    """Load the library with its word lists and models.

    Where files of these are invalid, the tasks that need them report it; the others go on.
    """
    try:
        import duckdb  # noqa: F401

        from gonggo import pipeline  # noqa: F401
        from gonggo.crawl import documents  # noqa: F401
        from gonggo.extract import record

        record.preload()
    except Exception as error:
        log.warning("the library is not loaded before the tasks: %s", error)
