"""Loads what the collecting DAGs staged: load → link → build → check → publish → export, one at a time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import DAG, Asset, task
from pendulum import datetime

import gonggo_callbacks
import gonggo_metrics
from gonggo.settings import SEOUL, parsing_settings

DOC = """
### warehouse

Runs when a collecting DAG has staged a batch. `load` brings every batch that is not loaded yet into the tables, each in
one transaction; on many machines several loaders go at once, each with its part of the sources → `link` joins
announcements of one call and names of one organisation → `build` makes the marts → `check` looks for rows that break a
rule → `publish` replaces the file that readers open → `export` writes workbooks, calendars, feeds and Parquet of it.

**When it fails**

- at `check`: the log names the check and shows its rows; the last good publication stays in place. Mend the cause, then
  clear the task.
- elsewhere: clear the failed task. Every step can be repeated; a batch is never loaded twice.

The tasks share the pool `gonggo_writer`: one slot where the warehouse is a file, since DuckDB takes one writing
process; as many as loaders (`GONGGO_LOADERS`) where it is a lake.
"""
STEP: dict[str, Any] = {
    "pool": "gonggo_writer",
    "retries": 2,
    "retry_delay": timedelta(seconds=30),
    "execution_timeout": timedelta(hours=1),
}


def told(name: str, outcome: dict[str, Any]) -> dict[str, str]:
    """What came of a step, for metrics and for the person who looks at the task."""
    gonggo_metrics.warehouse_stepped(name, outcome)
    return {key: str(value) for key, value in outcome.items()}


@task(**STEP)
def load(part: int) -> dict[str, str]:
    """Load the batches of a part of the sources; on one machine there is one part."""
    from gonggo import pipeline

    return told("load", pipeline.load(part=part))


def step(name: str) -> Any:
    """A task that calls the step of that name."""

    @task(task_id=name, **STEP)
    def run() -> dict[str, str]:
        from gonggo import pipeline

        return told(name, getattr(pipeline, name)())

    return run()


with DAG(
    "warehouse",
    description="적재·연결·점검·공개·내보내기 | load, link, check, publish, export",
    doc_md=DOC,
    schedule=[Asset("gonggo://batches")],
    start_date=datetime(2026, 1, 1, tz=SEOUL.key),
    catchup=False,
    max_active_runs=1,
    deadline=gonggo_callbacks.late_after(timedelta(hours=3)),
    on_failure_callback=gonggo_callbacks.failed,
    tags=["gonggo", "warehouse"],
) as dag:
    loaded = load.expand(part=list(range(parsing_settings().loaders)))
    loaded >> step("link") >> step("build") >> step("check") >> step("publish") >> step("export")
