"""Notifiers that post to the webhook of a chat, and signed events to a program."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from airflow.sdk import BaseNotifier, Context


class WebhookNotifier(BaseNotifier):
    """Post a text to the incoming webhook of a chat (Slack, Mattermost and others that take ``{"text": …}``).

    The address is the password of the connection, because whoever knows it may post, and passwords are masked in logs.
    The text is sent unchanged and never rendered as a template.

    Raises:
        AirflowException: By ``notify``, if the chat refuses the text or does not answer.
    """

    def __init__(self, connection: str, text: str) -> None:
        super().__init__()
        self.connection = connection
        self.text = text

    def notify(self, context: Context) -> None:
        from airflow.sdk import Connection

        address = Connection.get(self.connection).password or ""
        _post(self.connection, address, json.dumps({"text": self.text}).encode(), {})


class SignedWebhookNotifier(BaseNotifier):
    """Post one event, signed, to the host of a connection, which is a whole address; its password is the secret.

    Raises:
        AirflowException: By ``notify``, if the receiver refuses the event or does not answer.
    """

    def __init__(self, connection: str, identifier: str, body: dict[str, Any]) -> None:
        super().__init__()
        self.connection, self.identifier, self.body = connection, identifier, body

    def notify(self, context: Context) -> None:
        from airflow.sdk import Connection
        from airflow.sdk.exceptions import AirflowException

        from gonggo.errors import UsageError
        from gonggo.report.webhooks import signed_request

        connection = Connection.get(self.connection)
        try:
            content, headers = signed_request(self.identifier, self.body, connection.password or "", datetime.now(UTC))
        except UsageError as error:
            raise AirflowException(f"{self.connection}: {error}") from None
        _post(self.connection, connection.host or "", content, headers)


def _post(connection: str, address: str, content: bytes, headers: dict[str, str]) -> None:
    from airflow.sdk.exceptions import AirflowException

    from gonggo.errors import CollectError
    from gonggo.report.webhooks import post
    from gonggo.settings import parsing_settings

    try:
        status = post(parsing_settings(), connection, address, content, headers)
    except CollectError as error:
        raise AirflowException(f"{connection}: {error}") from None
    if status >= 300:
        raise AirflowException(f"{connection}: refused with status {status}")
