"""Every night: remove what is left over, copy what cannot be made anew, measure the disk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import DAG, TriggerRule, task
from pendulum import datetime

import gonggo_callbacks
from gonggo.settings import SEOUL, one_shot

DOC = """
### maintenance

`cleanup` removes temporaries of processes that died, old logs, and archived pages that are older than
`GONGGO_KEEP_ARCHIVE_DAYS` → `backup` copies what is new to `GONGGO_BACKUP` (skipped where that is not set) →
`disk_usage` measures the home and turns red when it nears `GONGGO_DISK_BUDGET` or its disk fills up.

**When it fails**

- `backup`: the log names the file or the disk. The backup before stays whole; clear the task once it is mended.
- `disk_usage`: its log says which folders are the largest and what to set. Nothing is deleted by itself.
"""
STEP: dict[str, Any] = {"retries": 1, "retry_delay": timedelta(minutes=10), "execution_timeout": timedelta(hours=3)}


@task(**STEP)
def cleanup() -> dict[str, Any]:
    from gonggo import pipeline

    return pipeline.clean_up()


@task(**STEP)
def backup() -> dict[str, Any]:
    from airflow.sdk.exceptions import AirflowSkipException

    from gonggo import pipeline

    made = pipeline.backup()
    if made is None:
        raise AirflowSkipException(
            "GONGGO_BACKUP is not set, or the data are in GONGGO_OBJECT_STORE; nothing is copied"
        )
    return made


@task(trigger_rule=TriggerRule.ALL_DONE)
def disk_usage() -> dict[str, Any]:
    from airflow.sdk.exceptions import AirflowFailException

    from gonggo import pipeline

    told = pipeline.disk_usage()
    if told["warnings"]:
        raise AirflowFailException("; ".join(told["warnings"]))
    return told


with DAG(
    "maintenance",
    description="정리·백업·용량 | clean up, back up, measure",
    doc_md=DOC,
    schedule=None if one_shot() else "30 4 * * *",
    start_date=datetime(2026, 1, 1, tz=SEOUL.key),
    catchup=False,
    max_active_runs=1,
    on_failure_callback=gonggo_callbacks.failed,
    tags=["gonggo", "maintenance"],
) as dag:
    cleanup() >> backup() >> disk_usage()
