"""The DAG watch in a real Airflow, against a real mail server and a real webhook of this machine."""

from __future__ import annotations

import json
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

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
- name: 메신저
  to: {apprise: messenger}
- name: 닫힌 메신저
  to: {apprise: refusing_messenger}
- name: 시스템
  to: {signed_webhook: hook}
"""
SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


class Hook(BaseHTTPRequestHandler):
    """Takes what is posted to /secret-open, and refuses all else."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/secret-open":
            self.server.received.append((body, dict(self.headers.items())))
        self.send_response(200 if self.path == "/secret-open" else 403)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


def port_of(server: Any) -> int:
    return server.server_address[1]


def messenger(server: Any, path: str) -> str:
    """Return a connection of Apprise, which posts JSON to an address."""
    config = {"path": f"json://127.0.0.1:{port_of(server)}/secret-{path}", "tag": "all"}
    return json.dumps({"conn_type": "apprise", "extra": {"config": config}})


def signed(server: Any) -> str:
    address = f"http://127.0.0.1:{port_of(server)}/secret-open"
    return json.dumps({"conn_type": "http", "host": address, "password": SECRET})


def run_watch(home: Path, mail: Any, chat: Any, apprise: Any, hook: Any) -> tuple[str, str]:
    """One run of the DAG. Returns the states of its tasks, and the log."""
    hooks = {"AIRFLOW_CONN_CHAT": webhook(chat), "AIRFLOW_CONN_REFUSING": webhook(chat, "shut")}
    hooks |= {
        "AIRFLOW_CONN_MESSENGER": messenger(apprise, "open"),
        "AIRFLOW_CONN_REFUSING_MESSENGER": messenger(apprise, "shut"),
        "AIRFLOW_CONN_HOOK": signed(hook),
        "GONGGO_ALLOW_PRIVATE": ",".join(f"127.0.0.1:{port_of(server)}" for server in (chat, hook)),
    }
    env = airflow_of(home, AIRFLOW_CONN_SMTP_DEFAULT=post_office(mail), **hooks)
    states, log = run_dags(env, "notify:dag")
    return states[0], log


def test_each_rule_is_reported_once_and_one_that_fails_holds_up_none(tmp_path: Path) -> None:
    settings = load_settings({"GONGGO_HOME": str(tmp_path), "GONGGO_SOURCES": "demo"})
    batch(settings, "gntp", "r1", [document("gntp", "1", "경남 제조 AI {{ 7 * 7 }} 공고", day(2))])
    load_batches(settings)
    link(settings)
    publish(settings)
    settings.alerts.write_text(RULES, "utf-8")
    with served(Mail) as mail, served(Chat) as chat, served(Hook) as apprise, served(Hook) as hook:
        states, log = run_watch(tmp_path, mail, chat, apprise, hook)
        assert states.count("send:success") == 4 and states.count("send:failed") == 2, log[-12000:]
        assert "morning:success" in states
        assert (settings.reports / "morning.md").exists()
        (letter,) = mail.received
        (text,) = chat.received
        read = message_from_bytes(letter, policy=policy.default)
        assert read["To"] == "people@example.or.kr" and read["Subject"] == "[공고] 메일: 1건"
        assert "경남 제조 AI" in read.get_body().get_content()
        assert "7 \\* 7" in text and "49" not in text  # a title is never run as a template
        ((posted, _),) = apprise.received
        assert "경남 제조 AI" in json.loads(posted)["message"] and json.loads(posted)["title"] == "[공고] 메신저: 1건"
        ((event, headers),) = hook.received
        assert Webhook(SECRET).verify(event, headers)["data"]["rule"] == "시스템"
        # Nor is the address of a chat or a messenger shown, nor the secret of a signed webhook.
        assert "secret-" not in log and SECRET[6:] not in log
        states, log = run_watch(tmp_path, mail, chat, apprise, hook)
        received = [len(server.received) for server in (mail, chat, apprise, hook)]
        assert received == [1, 1, 1, 1], log[-12000:]


def test_before_the_first_publication_there_is_nothing_to_tell_and_nothing_fails(tmp_path: Path) -> None:
    states, log = run_dags(airflow_of(tmp_path), "notify:dag")
    assert set(states[0].split(",")) == {"morning:skipped", "due:skipped", "send:skipped"}, log[-3000:]
    assert "Nothing is published yet" in log
