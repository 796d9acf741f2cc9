"""Alerts: rules of ``alerts.yaml``, and messages about new and closing calls; each rule reports each event once."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import Column, MetaData, Table, Text, select

from gonggo.boundary import error_boundary
from gonggo.cluster.state import StateDatabase, copy_rows, open_state, upsert
from gonggo.datafile import load_model
from gonggo.errors import CollectError, UnreadableError
from gonggo.report.codes import RegionName, Sector, Size
from gonggo.report.morning import morning_markdown, templates
from gonggo.report.translations import Translator
from gonggo.settings import SEOUL, SQL, Settings
from gonggo.small_state import rename_database
from gonggo.step_results import AlertMessage, AlertRecipients, SentEvents
from gonggo.warehouse.snapshot import open_snapshot
from gonggo.warehouse.sql_files import rows

log = logging.getLogger(__name__)
Call = dict[str, Any]
_TABLES = MetaData()
# The database of sent alerts in the home, and its name in version 0.1.
SENT_FILE, FORMER_SENT_FILE = "alerts_sent.sqlite", "told.sqlite"
# The events of announcements that the messages of each rule have reported.
_ALERT_SENT = Table(
    "alert_sent",
    _TABLES,
    *(Column(name, Text, primary_key=True) for name in ("rule", "announcement", "event")),
    Column("at", Text),
    info={"former_name": "told"},
)


class Recipients(BaseModel):
    """Where a rule's messages go: addresses, or the id of an Airflow connection that holds a webhook's address."""

    model_config = ConfigDict(extra="forbid")
    email: list[str] = []
    webhook: str | None = None

    @model_validator(mode="after")
    def _one(self) -> Recipients:
        if bool(self.email) == bool(self.webhook):
            raise ValueError("give either email or webhook")
        return self


class Rule(BaseModel):
    """The conditions of one recipient, by codes or their labels. An empty condition matches everything."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1)
    regions: list[RegionName] = []
    sectors: list[Sector] = []
    company_sizes: list[Size] = []
    words: list[str] = []
    new: bool = True
    days_before: list[int] = []
    morning: bool = False
    to: Recipients


class Rules(BaseModel):
    """``alerts.yaml``: the rules, each with a unique name."""

    model_config = ConfigDict(extra="forbid")
    rules: list[Rule] = []

    @model_validator(mode="after")
    def _names(self) -> Rules:
        names = [rule.name for rule in self.rules]
        if len(set(names)) < len(names):
            raise ValueError("two rules have the same name")
        return self


def rules(settings: Settings) -> list[Rule]:
    """Return the rules of the file; none if it does not exist.

    Raises:
        DataFileError: the file is wrong; names file and line.
    """
    return load_model(settings.alerts, Rules).rules if settings.alerts.exists() else []


def due_messages(settings: Settings, failed: list[str] | None = None) -> list[AlertMessage]:
    """Return the messages to send now, one for each rule.

    ``mark_sent`` records one as sent. A rule that fails does not affect the others; its error is appended to
    ``failed``.

    Raises:
        DataFileError: the file of rules is wrong; names file and line.
        WarehouseError: nothing is published yet.
    """
    alert_rules = rules(settings)
    if not alert_rules:
        return []
    with closing(open_snapshot(settings)) as con:
        calls = rows(con, (SQL / "exports" / "alerts.sql").read_text("utf-8"))
    sent = _sent_events(settings)
    messages = list[AlertMessage]()
    for rule in alert_rules:
        try:
            with error_boundary(f"the rule of alerts {rule.name!r}"):
                messages += list(_messages(rule, calls, sent, settings))
        except (CollectError, UnreadableError) as error:
            # The other rules continue; `gonggo doctor` reports this one.
            log.error("%s", error)
            if failed is not None:
                failed.append(str(error))
    return messages


def mark_sent(settings: Settings, message: SentEvents) -> None:
    """Record the events of a message as sent."""
    at = datetime.now(SEOUL).isoformat()
    events = [
        {"rule": message["rule"], "announcement": announcement, "event": event, "at": at}
        for announcement, event in message["events"]
    ]
    if events:
        with _sent_database(settings).begin() as db:
            db.execute(upsert(db, _ALERT_SENT).on_conflict_do_nothing(), events)


def _messages(
    rule: Rule, calls: list[Call], sent: set[tuple[str, str, str]], settings: Settings
) -> Iterator[AlertMessage]:
    matching = [(call, event) for call in calls if _matches(rule, call) for event in _events(rule, call)]
    unsent = [
        (call, event)
        for call, event in matching
        if not any((rule.name, announcement, event) in sent for announcement in call["members"])
    ]
    if unsent:
        text = _text(rule, unsent)
        events = [[announcement, event] for call, event in unsent for announcement in call["members"]]
        yield _message(rule, f"[공고] {rule.name}: {len(unsent)}건", text, events)
    today = datetime.now(SEOUL).date().isoformat()
    if rule.morning and (rule.name, "morning", today) not in sent:
        yield _message(rule, f"[공고] {today} 아침 보고", morning_markdown(settings), [["morning", today]])


def _message(rule: Rule, subject: str, text: str, events: list[list[str]]) -> AlertMessage:
    to: AlertRecipients = {"email": rule.to.email, "webhook": rule.to.webhook}
    return {"rule": rule.name, "to": to, "subject": subject, "text": text, "events": events}


def _matches(rule: Rule, call: Call) -> bool:
    """Return whether a call matches a rule. A call for the whole country or every company size matches any of them."""
    regions, sizes = call["sidos"] or [], call["sizes"] or []
    return (
        (not rule.regions or not regions or "전국" in regions or bool(set(rule.regions) & set(regions)))
        and (not rule.sectors or bool(set(rule.sectors) & set(call["sectors"] or [])))
        and (not rule.company_sizes or not sizes or bool(set(rule.company_sizes) & set(sizes)))
        and (not rule.words or any(word.replace(" ", "").lower() in call["searched"] for word in rule.words))
    )


def _events(rule: Rule, call: Call) -> Iterator[str]:
    """Yield the events of a call: that it is new, and that it closes soon (again, if it was extended)."""
    if rule.new:
        yield "new"
    reached = [days for days in rule.days_before if call["days_left"] is not None and call["days_left"] <= days]
    if reached:
        yield f"closing {call['closes_on']} -{min(reached)}"


def _text(rule: Rule, unsent: list[tuple[Call, str]]) -> str:
    groups: dict[Literal["new", "closing"], list[Call]] = {"closing": [], "new": []}
    for call, event in unsent:
        groups["new" if event == "new" else "closing"].append(call)
    return templates().get_template("alert.md").render(rule=rule, groups=groups, t=Translator("ko"))


def _sent_database(settings: Settings) -> StateDatabase:
    """Open the database of sent alerts."""
    path = settings.home / SENT_FILE
    rename_database(settings.home / FORMER_SENT_FILE, path)
    database = open_state(path, "gonggo_alerts", _TABLES, settings.postgres_url)
    database.repair()
    return database


def copy_sent_to_cluster(settings: Settings) -> int:
    """Copy the sent alerts of this machine to Postgres; return the number of new events."""
    with (
        _sent_database(replace(settings, postgres_url=None)).begin() as file,
        _sent_database(settings).begin() as shared,
    ):
        return copy_rows(_ALERT_SENT, file, shared)


def _sent_events(settings: Settings) -> set[tuple[str, str, str]]:
    with _sent_database(settings).begin() as db:
        return {
            tuple(row)
            for row in db.execute(select(_ALERT_SENT.c.rule, _ALERT_SENT.c.announcement, _ALERT_SENT.c.event))
        }
