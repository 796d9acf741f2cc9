"""Those who run Gonggo are told of runs that failed and of runs that do not end. ``GONGGO_ALERT_RECIPIENTS`` says who.

A failed run is told by the DAG processor, once a run and not once an attempt; a late one by the triggerer, which has
work to spare when every worker hangs.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import Any

from airflow.sdk import AsyncCallback, DeadlineAlert, DeadlineReference

from gonggo.settings import one_shot

log = logging.getLogger(__name__)


def late_after(allowed: timedelta) -> DeadlineAlert | None:
    """The deadline of a DAG: the operators are told when a run has not ended so long after it was queued.

    None where somebody waits for a single run (``GONGGO_ONE_SHOT``): no triggerer is there then, and the test runs of
    Airflow 3.3.2 (``airflow dags test``) end in an error when a DAG has a deadline.
    """
    if one_shot():
        return None
    minutes = round(allowed.total_seconds() / 60)
    callback = AsyncCallback(late, kwargs={"minutes": minutes})
    return DeadlineAlert(DeadlineReference.DAGRUN_QUEUED_AT, allowed, callback, name="late")


async def late(minutes: int, context: dict[str, Any]) -> None:
    """Tell that a run is late. Airflow keeps the deadline of a run that failed in time; of that one all is told."""
    run = context["dag_run"]
    if run["state"] not in ("queued", "running"):
        log.info("%s %s has ended: %s", run["dag_id"], run["dag_run_id"], run["state"])
        return
    text = (
        f"{minutes}분이 지나도 끝나지 않았습니다. | Not ended after {minutes} minutes.\n"
        f"실행 | run: {run['dag_run_id']} ({run['state']})"
    )
    await asyncio.to_thread(tell, f"[공고] {run['dag_id']}: 늦음 | late", text)


def failed(context: dict[str, Any]) -> None:
    """Tell that a run has failed, and where to read why."""
    ti = context.get("ti")
    lines = [f"실행이 실패했습니다. | The run failed: {context['reason']}", f"실행 | run: {context['run_id']}"]
    if ti is not None:
        lines += [f"작업 | task: {ti.task_id}", f"기록 | log: {ti.log_url}"]
    tell(f"[공고] {context['dag'].dag_id}: 실패 | failed", "\n".join(lines))


def tell(subject: str, text: str) -> None:
    """Tell every operator; one who cannot be reached holds up none. Where nobody is named, the log has it.

    Raises:
        AirflowException: somebody was not reached.
    """
    from airflow.sdk.exceptions import AirflowException

    from gonggo.settings import parsing_settings
    from gonggo_notifiers import notifier

    operators = parsing_settings().alert_recipients
    if not operators:
        log.warning("%s\n%s\nNobody is told: GONGGO_ALERT_RECIPIENTS names nobody.", subject, text)
    missed = []
    for kind, to in operators:
        channel = {"webhook": to} if kind == "webhook" else {"email": [to]}
        try:
            notifier(subject, text, **channel).notify({})
        except Exception as error:
            log.error("%s:%s was not told: %s", kind, to, error)
            missed.append(f"{kind}:{to}")
    if missed:
        raise AirflowException(f"not told: {', '.join(missed)}")
