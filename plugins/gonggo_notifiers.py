"""Notifiers for messages to people: e-mail through the connection ``smtp_default``, webhooks of chats, Apprise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def notifier(
    subject: str, text: str, *, webhook: str | None = None, apprise: str | None = None, email: Sequence[str] = ()
) -> Any:
    """Return a notifier for a message.

    Call its ``notify()``, not the notifier itself, which would render the message as a template although it contains
    text from collected pages.

    Args:
        subject: Of the message.
        text: Plain text.
        webhook: The id of a connection whose password is the address of a webhook.
        apprise: The id of a connection of Apprise.
        email: Addresses, used if there is neither.
    """
    if webhook:
        from gonggo_webhook import WebhookNotifier

        return WebhookNotifier(webhook, f"{subject}\n\n{text}")
    if apprise:
        from gonggo_apprise import AppriseNotifier

        return AppriseNotifier(apprise, subject, text)
    from airflow.providers.smtp.notifications.smtp import SmtpNotifier
    from markupsafe import escape

    html = f"<pre style='white-space:pre-wrap'>{escape(text)}</pre>"
    return SmtpNotifier(to=list(email), subject=subject, html_content=html)
