"""A notifier for the services of Apprise (Telegram, Teams, Google Chat and others): the extra ``apprise``."""

from __future__ import annotations

from typing import Any

from airflow.sdk import BaseNotifier, Context


class AppriseNotifier(BaseNotifier):
    """Send a Markdown text to all addresses of an Apprise connection.

    The notifier of Airflow's provider ignores whether a service took the message, which would then count as sent.

    Raises:
        AirflowException: By ``notify``, if the extra is not installed, no address is valid, or a service refuses.
    """

    def __init__(self, connection: str, subject: str, text: str) -> None:
        super().__init__()
        self.connection, self.subject, self.text = connection, subject, text

    def notify(self, context: Context) -> None:
        from airflow.sdk.exceptions import AirflowException

        try:
            import apprise
            from airflow.providers.apprise.hooks.apprise import AppriseHook
        except ImportError:
            raise AirflowException(f"{self.connection}: alerts by Apprise need the package: gonggo[apprise]") from None
        hook, services = AppriseHook(self.connection), apprise.Apprise()
        try:
            hook.set_config_from_conn(hook.get_connection(self.connection), services)
        except (KeyError, ValueError, TypeError) as error:
            # The message of the error may contain the addresses.
            kind = type(error).__name__
            raise AirflowException(
                f"{self.connection}: its field config is not as docs/alerts.md says ({kind})"
            ) from None
        if not services:
            raise AirflowException(f"{self.connection}: Apprise knows none of its addresses")
        sent: Any = services.notify(self.text, title=self.subject, body_format=apprise.NotifyFormat.MARKDOWN, tag="all")
        if not sent:
            raise AirflowException(f"{self.connection}: a service did not take the message")
