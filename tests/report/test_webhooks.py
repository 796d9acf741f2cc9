"""Requests to webhooks: receivers can verify them, and none reaches the internal network."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from gonggo.errors import CollectError, TerminalError, TransientError, UsageError
from gonggo.report import webhooks
from gonggo.report.webhooks import post, signed_request
from gonggo.settings import Settings, load_settings
from tests.airflow.running import served

SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
BODY = {"type": "announcement.new", "data": {"title": "경남 AI 공고"}}


class Receiver(BaseHTTPRequestHandler):
    """Records what comes; /away redirects, /slow never ends its answer, /huge sends headers without end."""

    def do_POST(self) -> None:
        self.server.received.append((self.path, self.rfile.read(int(self.headers["Content-Length"])), self.headers))
        if self.path == "/slow":
            time.sleep(5)
        if self.path == "/huge":
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            for _ in range(20_000):
                self.wfile.write(b"X-More: " + b"x" * 100 + b"\r\n")
        self.send_response(307 if self.path == "/away" else 200)
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


def allowing(server: Any) -> Settings:
    return replace(load_settings({}), allow_private=(f"127.0.0.1:{server.server_address[1]}",))


def address(server: Any, path: str = "open") -> str:
    return f"http://127.0.0.1:{server.server_address[1]}/{path}"


def test_a_receiver_verifies_an_event_with_a_library_of_others() -> None:
    with served(Receiver) as server:
        content, headers = signed_request("gonggo_1", BODY, SECRET, datetime.now(UTC))
        assert post(allowing(server), "hook", address(server), content, headers) == 200
        ((_, received, sent),) = server.received
    verified = Webhook(SECRET).verify(received, dict(sent.items()))
    assert verified["data"]["title"] == "경남 AI 공고" and verified["type"] == "announcement.new"
    assert sent["content-type"] == "application/json" and sent["webhook-id"] == "gonggo_1"
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(received.replace(b"new", b"old"), dict(sent.items()))
    with pytest.raises(WebhookVerificationError):
        Webhook("whsec_" + "A" * 44).verify(received, dict(sent.items()))


def test_an_event_that_is_sent_again_later_by_others_is_recognised() -> None:
    content, headers = signed_request("gonggo_1", BODY, SECRET, datetime.now(UTC) - timedelta(hours=1))
    with pytest.raises(WebhookVerificationError, match="old"):
        Webhook(SECRET).verify(content, headers)


@pytest.mark.parametrize("secret", ["", "secret", "whsec_", "whsec_c2hvcnQ=", "whsec_%%%", SECRET[6:]])
def test_a_weak_or_malformed_secret_is_refused_without_naming_it(secret: str) -> None:
    with pytest.raises(UsageError) as refusal:
        signed_request("x", BODY, secret, datetime.now(UTC))
    assert len(secret) < 7 or secret.removeprefix("whsec_") not in str(refusal.value)


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1:1/secret", "http://localhost/secret", "http://169.254.169.254/secret", "http://[::1]/secret", "http://2130706433/secret"]
)  # fmt: skip
def test_nothing_is_sent_to_the_internal_network_unless_allowed(target: str) -> None:
    with pytest.raises(TerminalError, match="no public address") as refusal:
        post(load_settings({}), "hook", target, b"{}", {})
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize(
    "target", ["", "ftp://example.or.kr/", "javascript:alert(1)", "example.or.kr", "http://[", "http:///x"]
)
def test_what_is_no_address_is_reported(target: str) -> None:
    with pytest.raises(CollectError, match="hook"):
        post(load_settings({}), "hook", target, b"{}", {})


def test_redirects_are_not_followed_and_answers_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "SECONDS", 1)
    with served(Receiver) as server:
        settings = allowing(server)
        assert post(settings, "hook", address(server, "away"), b"{}", {}) == 307
        with pytest.raises(TransientError, match="hook"):
            post(settings, "hook", address(server, "slow"), b"{}", {})
        with pytest.raises(CollectError, match="hook"):
            post(settings, "hook", address(server, "huge"), b"{}", {})
        assert [path for path, *_ in server.received] == ["/away", "/slow", "/huge"]


def test_a_proxy_of_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with served(Receiver) as server:
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
        assert post(allowing(server), "hook", address(server), json.dumps(BODY).encode(), {}) == 200
