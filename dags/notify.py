"""Every morning and afternoon: the report, and what people asked to be told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import DAG, get_current_context, task
from pendulum import datetime

import gonggo_callbacks
import gonggo_metrics
from gonggo.settings import SEOUL, one_shot

DOC = """
### notify

`morning` renders the morning report (page and Markdown) from the published snapshot → `due` asks the rules of
`alerts.yaml` what has not been told yet → `send` sends one message a rule, by e-mail (connection `smtp_default`) or to
a chat's webhook (a connection whose password is the address).

**When it fails**

- `due`: the log names file and line of the rule that is wrong.
- `send`: the connection is missing or the server refused. Mend it and clear the task: what was sent is marked as told
  and is not sent twice, what was not sent is sent then.
"""
RETRY: dict[str, Any] = {
    "retries": 3,
    "retry_delay": timedelta(minutes=5),
    "execution_timeout": timedelta(minutes=30),
}


@task(**RETRY)
def morning() -> dict[str, Any]:
    from gonggo import pipeline

    paths = pipeline.morning()
    gonggo_metrics.published()
    return paths


@task(**RETRY)
def due() -> list[dict[str, Any]]:
    from gonggo import pipeline

    return pipeline.due_alerts()


@task(**RETRY, map_index_template="{{ rule }}")
def send(message: dict[str, Any]) -> None:
    from gonggo import pipeline
    from gonggo_notifiers import notifier

    context, to = get_current_context(), message["to"]
    context["rule"] = message["rule"]  # type: ignore[typeddict-unknown-key]
    notifier(message["subject"], message["text"], webhook=to["webhook"], email=to["email"]).notify(context)
    pipeline.mark_sent(message)


with DAG(
    "notify",
    description="아침 보고와 알림 | morning report and alerts",
    doc_md=DOC,
    schedule=None if one_shot() else "0 8,15 * * *",
    start_date=datetime(2026, 1, 1, tz=SEOUL.key),
    catchup=False,
    max_active_runs=1,
    on_failure_callback=gonggo_callbacks.failed,
    tags=["gonggo", "notify"],
) as dag:
    messages = due()
    morning() >> messages
    send.expand(message=messages)
