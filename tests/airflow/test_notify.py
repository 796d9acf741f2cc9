"""The DAG watch in a real Airflow, against a real mail server and a real webhook of this machine."""

from __future__ import annotations

from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from gonggo.settings import load_settings
from gonggo.warehouse.link import link
from gonggo.warehouse.load import load_batches
from gonggo.warehouse.publish import publish
from tests.airflow.running import Chat, Mail, airflow_of, post_office, run_dags, served, webhook
from tests.warehouse.batches import batch, day, document

pytestmark = pytest.mark.slow

RULES = """
rules:
- name: 메일
  regions: [경남]
  to: {email: [people@example.or.kr]}
- name: 채팅
  words: ["{{ 7 * 7 }}"]
  to: {webhook: chat}
- name: 닫힌 채팅
  to: {webhook: refusing}
"""


def run_watch(home: Path, mail: Any, chat: Any) -> tuple[str, str]:
    """One run of the DAG. Returns the states of its tasks, and all that was said."""
    hooks = {"AIRFLOW_CONN_CHAT": webhook(chat), "AIRFLOW_CONN_REFUSING": webhook(chat, "shut")}
    env = airflow_of(home, AIRFLOW_CONN_SMTP_DEFAULT=post_office(mail), **hooks)
    states, said = run_dags(env, "notify:dag")
    return states[0], said


def test_each_rule_is_told_once_and_one_that_fails_holds_up_none(tmp_path: Path) -> None:
    settings = load_settings({"GONGGO_HOME": str(tmp_path), "GONGGO_SOURCES": "demo"})
    batch(settings, "gntp", "r1", [document("gntp", "1", "경남 제조 AI {{ 7 * 7 }} 공고", day(2))])
    load_batches(settings)
    link(settings)
    publish(settings)
    settings.alerts.write_text(RULES, "utf-8")
    with served(Mail) as mail, served(Chat) as chat:
        states, said = run_watch(tmp_path, mail, chat)
        assert states.count("send:success") == 2, said[-12000:]
        assert "morning:success" in states
        assert (settings.reports / "morning.md").exists()
        (letter,) = mail.received
        (text,) = chat.received
        read = message_from_bytes(letter, policy=policy.default)
        assert read["To"] == "people@example.or.kr" and read["Subject"] == "[공고] 메일: 1건"
        assert "경남 제조 AI" in read.get_body().get_content()
        assert "7 \\* 7" in text and "49" not in text  # a title is never run as a template
        assert "secret-" not in said  # nor is the address of a chat shown
        states, said = run_watch(tmp_path, mail, chat)
        assert len(mail.received) == len(chat.received) == 1, said[-12000:]
