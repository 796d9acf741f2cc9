"""The DAG that renders the morning report and sends alerts: morning, afternoon, and after every publication."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import DAG, AssetOrTimeSchedule, CronTriggerTimetable, get_current_context, task
from pendulum import datetime

import gonggo_callbacks
import gonggo_metrics
from gonggo.settings import SEOUL, one_shot
from gonggo.step_results import AlertMessage, MorningPaths
from gonggo_assets import PUBLISHED

DOC = """
### notify

`morning` renders the morning report (page and Markdown) from the published snapshot → `due` evaluates the rules of
`alerts.yaml` and collects what has not been sent yet → `send` sends one message for each rule, by e-mail (connection
`smtp_default`), to the webhook of a chat (a connection whose password is the address), through Apprise, or event by
event to a signed webhook.

**When it fails**

- `due`: the log names file and line of the invalid rule.
- `send`: the connection is missing or the server refused. Fix that and clear the task: what was sent is recorded and is
  not sent twice, and the rest is sent then.
"""
DEFAULT_ARGS: dict[str, Any] = {
    "owner": "gonggo",
    "retries": 3,
    "retry_delay": timedelta(minutes=5),
    "execution_timeout": timedelta(minutes=30),
}


@task(inlets=[PUBLISHED])
def morning() -> MorningPaths:
    """Render the morning report; return the paths of its files. Skip all before the first publication."""
    from airflow.sdk.exceptions import AirflowSkipException

    from gonggo import pipeline
    from gonggo.errors import NothingPublishedError

    try:
        paths = pipeline.morning()
    except NothingPublishedError as error:
        raise AirflowSkipException(str(error)) from error
    gonggo_metrics.report_published_data()
    return paths


@task(inlets=[PUBLISHED])
def due() -> list[AlertMessage]:
    """Return the messages to send, one for each rule with something new."""
    from gonggo import pipeline

    return pipeline.due_alerts()


@task(map_index_template="{{ rule }}")
def send(message: AlertMessage) -> None:
    """Send one message, or its events one by one, and record what was sent."""
    from gonggo import pipeline
    from gonggo_notifiers import notifier
    from gonggo_webhook import SignedWebhookNotifier

    context: Any
    context, to = get_current_context(), message["to"]
    context["rule"] = message["rule"]
    if to["signed_webhook"]:
        for payload in message["payloads"]:
            SignedWebhookNotifier(to["signed_webhook"], payload["id"], payload["body"]).notify(context)
            pipeline.mark_sent({"rule": message["rule"], "events": payload["events"]})
        return
    subject, text = message["subject"], message["text"]
    notifier(subject, text, webhook=to["webhook"], apprise=to["apprise"], email=to["email"]).notify(context)
    pipeline.mark_sent(message)


with DAG(
    "notify",
    description="아침 보고와 알림 | morning report and alerts",
    doc_md=DOC,
    # By time too: which calls are open or close soon depends on the day.
    schedule=None
    if one_shot()
    else AssetOrTimeSchedule(timetable=CronTriggerTimetable("0 8,15 * * *", timezone="Asia/Seoul"), assets=[PUBLISHED]),
    start_date=datetime(2026, 1, 1, tz=SEOUL.key),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    on_failure_callback=gonggo_callbacks.notify_failed,
    tags=["gonggo", "notify"],
) as dag:
    messages = due()
    morning() >> messages
    send.expand(message=messages)
