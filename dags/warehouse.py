"""The DAG that loads staged batches and publishes them: load → link → build → check → publish → export."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from airflow.sdk import DAG, task
from pendulum import datetime

import gonggo_callbacks
import gonggo_metrics
from gonggo.settings import SEOUL, parsing_settings
from gonggo_assets import BATCHES, PUBLISHED

DOC = """
### warehouse

Runs when a collecting DAG has staged a batch. `load` loads every batch that is not in the tables yet, in transactions;
in a cluster several loaders run at once, each with its part of the sources → `link` joins the announcements of one call
and the names of one organisation → `build` builds the marts → `check` looks for rows that violate a rule → `publish`
replaces the file that readers open, and updates the asset `gonggo://published` → `export` writes workbooks, calendars,
feeds and Parquet files → `distribute`, if `GONGGO_DISTRIBUTION` is set, brings the copy for the web up to date.

**When it fails**

- at `check`: the log names the check and shows some of its rows; the last good publication stays in place. Fix the
  cause, then clear the task.
- elsewhere: clear the failed task. Every step can be repeated; a batch is never loaded twice.

The tasks share the pool `gonggo_writer`: it has one slot if the warehouse is a file, because DuckDB allows one writing
process, and as many as there are loaders (`GONGGO_LOADERS`) if it is a lake.
"""
DEFAULT_ARGS: dict[str, Any] = {
    "owner": "gonggo",
    "pool": "gonggo_writer",
    "retries": 2,
    "retry_delay": timedelta(seconds=30),
    "execution_timeout": timedelta(hours=1),
}


def as_texts(result: Mapping[str, object]) -> dict[str, str]:
    """Return the result of a step as texts, which Airflow shows as the XCom of the task."""
    return {key: str(value) for key, value in result.items()}


@task(multiple_outputs=False, inlets=[BATCHES])
def load(part: int) -> dict[str, str]:
    """Load the batches of a part of the sources; a single machine has only one part."""
    from gonggo import pipeline

    result = pipeline.load(part=part)
    gonggo_metrics.report_load(result)
    return as_texts(result)


@task(multiple_outputs=False)
def check() -> dict[str, str]:
    """Look for rows that violate a check."""
    from gonggo import pipeline

    result = pipeline.check()
    gonggo_metrics.report_check(result)
    return as_texts(result)


@task(multiple_outputs=False, outlets=[PUBLISHED])
def publish(*, outlet_events: Any = None) -> dict[str, str]:
    """Replace the published snapshot and update the asset that DAGs can follow."""
    from gonggo import pipeline

    result = pipeline.publish()
    outlet_events[PUBLISHED].extra = {
        "path": result["snapshot"],
        "bytes": result["bytes"],
        "rows": result["announcements"],
        "batches": result["batches"],
        "warnings": result["warnings"],
    }
    gonggo_metrics.report_publish(result)
    return as_texts(result)


@task(multiple_outputs=False)
def distribute() -> dict[str, str]:
    """Bring the distribution for the web up to date."""
    from gonggo.distribution import distribute as distribution
    from gonggo.settings import working_settings

    return as_texts(distribution.distribute(working_settings()))


def step(name: str) -> Any:
    """Return a task that runs the step of this name."""

    @task(task_id=name, multiple_outputs=False)
    def run() -> dict[str, str]:
        from gonggo import pipeline

        return as_texts(getattr(pipeline, name)())

    return run()


with DAG(
    "warehouse",
    description="적재·연결·점검·공개·내보내기 | load, link, check, publish, export",
    doc_md=DOC,
    schedule=[BATCHES],
    start_date=datetime(2026, 1, 1, tz=SEOUL.key),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    deadline=gonggo_callbacks.overdue_after(timedelta(hours=3)),
    on_failure_callback=gonggo_callbacks.notify_failed,
    tags=["gonggo", "warehouse"],
) as dag:
    loaded = load.expand(part=list(range(parsing_settings().loaders)))
    exported = step("export")
    loaded >> step("link") >> step("build") >> check() >> publish() >> exported
    if parsing_settings().distribution:
        exported >> distribute()
