"""A notifier that posts to a chat's incoming webhook (Slack, Mattermost and others that take ``{"text": …}``)."""

from __future__ import annotations

from airflow.sdk import BaseNotifier, Context


class WebhookNotifier(BaseNotifier):
    """Post a text to the address of an Airflow connection.

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
        import requests
        from airflow.sdk import Connection
        from airflow.sdk.exceptions import AirflowException

        address = Connection.get(self.connection).password
        try:
            response = requests.post(address, json={"text": self.text}, timeout=30, allow_redirects=False)
        except requests.RequestException as error:
            # The message of the error contains the address.
            raise AirflowException(f"{self.connection}: no answer ({type(error).__name__})") from None
        if response.status_code >= 300:
            raise AirflowException(f"{self.connection}: refused with status {response.status_code}")
