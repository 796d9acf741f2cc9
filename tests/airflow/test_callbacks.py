"""Those who run Gonggo are told of runs that fail and of runs that do not end, by real Airflow and a real webhook."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import gonggo_callbacks
from gonggo.errors import SettingsError
from gonggo.local_airflow.airflow_api import AirflowApi
from gonggo.local_airflow.database import prepare_database
from gonggo.local_airflow.environment import airflow_environment, free_port, password
from gonggo.local_airflow.programs import Programs, wait_for
from gonggo.settings import load_settings
from tests.airflow.running import Chat, Mail, post_office, served, webhook

DAGS = """
import time
from datetime import timedelta

import gonggo_callbacks
from airflow.sdk import DAG, task

with DAG("slow", schedule=None, deadline=gonggo_callbacks.overdue_after(timedelta(seconds=1))):

    @task
    def sleep():
        time.sleep(120)

    sleep()

with DAG("broken", schedule=None, on_failure_callback=gonggo_callbacks.notify_failed):

    @task(retries=1, retry_delay=timedelta(seconds=0))
    def refuse():
        raise ValueError("no")

    refuse()
"""


def test_recipients_of_failures_are_validated() -> None:
    settings = load_settings({"GONGGO_ALERT_RECIPIENTS": "webhook:chat, mail:ops@example.org"})
    assert settings.alert_recipients == (("webhook", "chat"), ("mail", "ops@example.org"))
    assert load_settings({}).alert_recipients == ()
    for wrong in ("chat", "webhook:", "mail:ops", "sms:1", "webhook:ops@example.org"):
        with pytest.raises(SettingsError, match="GONGGO_ALERT_RECIPIENTS"):
            load_settings({"GONGGO_ALERT_RECIPIENTS": wrong})


def test_where_nobody_is_named_the_log_has_it(monkeypatch: Any, caplog: Any) -> None:
    monkeypatch.delenv("GONGGO_ALERT_RECIPIENTS", raising=False)
    run = {"dag_id": "collect_btp", "dag_run_id": "r1", "state": "running"}
    with caplog.at_level(logging.INFO):
        asyncio.run(gonggo_callbacks.notify_overdue(180, {"dag_run": run}))
        assert "collect_btp: 늦음" in caplog.text and "180 minutes" in caplog.text
        caplog.clear()
        # Airflow keeps the deadline of a run that failed before it.
        asyncio.run(gonggo_callbacks.notify_overdue(180, {"dag_run": {**run, "state": "failed"}}))
        assert "늦음" not in caplog.text


@pytest.mark.slow
def test_a_late_run_and_a_failed_one_are_reported_once(tmp_path: Path) -> None:
    settings = replace(load_settings({"GONGGO_SOURCES": "demo"}), home=tmp_path)
    dags = tmp_path / "dags"
    dags.mkdir()
    (dags / "told.py").write_text(DAGS, "utf-8")
    port = free_port(0)
    with served(Chat) as chat, served(Mail) as mail:
        env = {
            **airflow_environment(settings, port, one_shot=True),
            "GONGGO_ONE_SHOT": "0",
            "AIRFLOW__CORE__DAGS_FOLDER": str(dags),
            "AIRFLOW_CONN_CHAT": webhook(chat),
            "GONGGO_ALLOW_PRIVATE": f"127.0.0.1:{chat.server_address[1]}",
            "AIRFLOW_CONN_REFUSING": webhook(chat, "shut"),
            "AIRFLOW_CONN_SMTP_DEFAULT": post_office(mail),
            "GONGGO_ALERT_RECIPIENTS": "webhook:refusing,mail:ops@example.org,webhook:chat",
        }
        programs = Programs(tmp_path / "airflow" / "logs", env)
        try:
            prepare_database(programs)
            for part in ("scheduler", "dag-processor", "api-server", "triggerer"):
                programs.start(part, sys.executable, "-m", "airflow", part)
            wait_for(f"http://127.0.0.1:{port}/api/v2/version", 120, programs)
            api, deadline = AirflowApi(f"http://127.0.0.1:{port}", password(settings)), time.monotonic() + 120
            while not {"slow", "broken"} <= api.dags() and time.monotonic() < deadline:
                time.sleep(0.3)
            runs = {name: api.trigger(name) for name in ("slow", "broken")}
            while len(chat.received) < 2 and time.monotonic() < deadline:
                programs.check_alive()
                time.sleep(0.2)
            time.sleep(2)
        finally:
            programs.stop()
    messages = sorted(chat.received)
    assert len(mail.received) == 2 and all(b"To: ops@example.org" in letter for letter in mail.received)
    assert [text.splitlines()[0] for text in messages] == [
        "[공고] broken: 실패 | failed",
        "[공고] slow: 늦음 | late",
    ], messages
    assert runs["broken"] in messages[0] and "task: refuse" in messages[0] and "/dags/broken/" in messages[0]
    assert runs["slow"] in messages[1] and "(running)" in messages[1]
    for path in (tmp_path / "airflow" / "logs").rglob("*.log"):
        assert b"secret-" not in path.read_bytes(), path
