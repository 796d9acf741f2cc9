"""The ways in which Gonggo tells people: e-mail by the connection ``smtp_default``, and chats by their webhooks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def notifier(subject: str, text: str, *, webhook: str | None = None, email: Sequence[str] = ()) -> Any:
    """The notifier that brings a message to the webhook of a connection, or else to addresses.

    Call its ``notify()`` and not the notifier itself: that would render the message as a template, and it holds texts
    of others.
    """
    if webhook:
        from gonggo_webhook import WebhookNotifier

        return WebhookNotifier(webhook, f"{subject}\n\n{text}")
    from airflow.providers.smtp.notifications.smtp import SmtpNotifier
    from markupsafe import escape

    body = f"<pre style='white-space:pre-wrap'>{escape(text)}</pre>"
    return SmtpNotifier(to=list(email), subject=subject, html_content=body)
