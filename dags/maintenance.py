"""The nightly DAG: clean up, back up, measure disk usage, and compare the marts with a complete rebuild."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import DAG, TriggerRule, task
from pendulum import datetime

import gonggo_callbacks
from gonggo.settings import SEOUL, one_shot
from gonggo.step_results import BackupResult, CleanUpResult, DiskUsageResult, VerifyResult

DOC = """
### maintenance

`cleanup` removes temporary files of dead processes, old logs, and archived pages older than `GONGGO_KEEP_ARCHIVE_DAYS`
→ `backup` copies new files to `GONGGO_BACKUP` (skipped if that is not set) → `disk_usage` measures the home and fails
when it approaches `GONGGO_DISK_BUDGET` or its disk is nearly full. Beside these, `verify` rebuilds the marts completely
and compares them with the result of the updates of the day.

**When it fails**

- `backup`: the log names the file or the disk. The previous backup is intact; clear the task once the cause is fixed.
- `verify`: the log names the marts that differed and by how many rows. They are replaced already, the next publication
  brings that to readers, and the check `mart_differs` reports it; report it as a bug.
- `disk_usage`: the log says which folders are the largest and what to set. Nothing is deleted automatically.
"""
DEFAULT_ARGS: dict[str, Any] = {
    "owner": "gonggo",
    "retries": 1,
    "retry_delay": timedelta(minutes=10),
    "execution_timeout": timedelta(hours=3),
}


@task
def cleanup() -> CleanUpResult:
    """Remove what is no longer needed; return how much."""
    from gonggo import pipeline

    return pipeline.clean_up()


@task
def backup() -> BackupResult:
    """Copy new files to the backup; skip if there is none."""
    from airflow.sdk.exceptions import AirflowSkipException

    from gonggo import pipeline

    copied = pipeline.backup()
    if copied is None:
        raise AirflowSkipException(
            "GONGGO_BACKUP is not set, or the data are in GONGGO_OBJECT_STORE; nothing is copied"
        )
    return copied


@task(pool="gonggo_writer")
def verify() -> VerifyResult:
    """Compare the marts with a complete rebuild; fail if any differs."""
    from airflow.sdk.exceptions import AirflowFailException

    from gonggo import pipeline

    result = pipeline.verify()
    if result["differences"]:
        raise AirflowFailException(f"Marts differed from a complete rebuild: {result['differences']}")
    return result


@task(trigger_rule=TriggerRule.ALL_DONE, retries=0)
def disk_usage() -> DiskUsageResult:
    """Measure the home; fail if there are warnings."""
    from airflow.sdk.exceptions import AirflowFailException

    from gonggo import pipeline

    usage = pipeline.disk_usage()
    if usage["warnings"]:
        raise AirflowFailException("; ".join(usage["warnings"]))
    return usage


with DAG(
    "maintenance",
    description="정리·백업·용량·대조 | clean up, back up, measure, compare",
    doc_md=DOC,
    schedule=None if one_shot() else "30 4 * * *",
    start_date=datetime(2026, 1, 1, tz=SEOUL.key),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    on_failure_callback=gonggo_callbacks.notify_failed,
    tags=["gonggo", "maintenance"],
) as dag:
    cleanup() >> backup() >> disk_usage()
    verify()
