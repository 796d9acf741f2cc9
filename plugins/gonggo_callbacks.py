"""Callbacks that notify ``GONGGO_ALERT_RECIPIENTS`` of failed and overdue DAG runs.

The DAG processor runs the callback of a failed run, once for each run and not for each attempt. The triggerer runs that
of an overdue run, so that it works even when every worker hangs.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import Any

# Airflow exports these names, but its stub file does not list them.
from airflow.sdk import AsyncCallback, Context, DeadlineAlert, DeadlineReference  # type: ignore[attr-defined]

from gonggo.settings import one_shot

log = logging.getLogger(__name__)


def overdue_after(allowed: timedelta) -> DeadlineAlert | None:
    """Return a deadline for the runs of a DAG, counted from when a run is queued.

    None in one-shot mode (``GONGGO_ONE_SHOT``), where no triggerer runs; besides, ``airflow dags test`` of Airflow
    3.3.2 fails on a DAG with a deadline.
    """
    if one_shot():
        return None
    minutes = round(allowed.total_seconds() / 60)
    callback = AsyncCallback(notify_overdue, kwargs={"minutes": minutes})
    return DeadlineAlert(DeadlineReference.DAGRUN_QUEUED_AT, allowed, callback, name="late")


async def notify_overdue(minutes: int, context: dict[str, Any]) -> None:
    """Notify the recipients of an overdue run, but not of one that has failed, for which Airflow keeps the deadline."""
    run = context["dag_run"]
    if run["state"] not in ("queued", "running"):
        log.info("%s %s has ended: %s", run["dag_id"], run["dag_run_id"], run["state"])
        return
    text = (
        f"{minutes}분이 지나도 끝나지 않았습니다. | Not ended after {minutes} minutes.\n"
        f"실행 | run: {run['dag_run_id']} ({run['state']})"
    )
    await asyncio.to_thread(send_to_recipients, f"[공고] {run['dag_id']}: 늦음 | late", text)


def notify_failed(context: Context) -> None:
    """Notify the recipients of a failed run, with a link to its log."""
    ti = context.get("ti")
    lines = [f"실행이 실패했습니다. | The run failed: {context['reason']}", f"실행 | run: {context['run_id']}"]
    if ti is not None:
        lines += [f"작업 | task: {ti.task_id}", f"기록 | log: {ti.log_url}"]
    send_to_recipients(f"[공고] {context['dag'].dag_id}: 실패 | failed", "\n".join(lines))


def send_to_recipients(subject: str, text: str) -> None:
    """Send a message to every recipient; log it if none are configured.

    Raises:
        AirflowException: The message could not be sent to some recipients; all others have got it.
    """
    from airflow.sdk.exceptions import AirflowException

    from gonggo.settings import parsing_settings
    from gonggo_notifiers import notifier

    recipients = parsing_settings().alert_recipients
    if not recipients:
        log.warning("%s\n%s\nNot sent to anyone: GONGGO_ALERT_RECIPIENTS is not set.", subject, text)
    unreachable = []
    for kind, to in recipients:
        channel = {"webhook": to} if kind == "webhook" else {"email": [to]}
        try:
            notifier(subject, text, **channel).notify({})
        except Exception as error:
            log.error("%s:%s could not be notified: %s", kind, to, error)
            unreachable.append(f"{kind}:{to}")
    if unreachable:
        raise AirflowException(f"could not be notified: {', '.join(unreachable)}")
