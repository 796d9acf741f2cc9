"""Who wants to hear of which calls: rules of a file, messages of what is new or closing, each call told once a rule."""

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
from gonggo.report.morning import morning_markdown, templates
from gonggo.settings import SEOUL, SQL, Settings
from gonggo.small_state import rename_database
from gonggo.warehouse.snapshot import open_snapshot
from gonggo.warehouse.sql_files import rows

log = logging.getLogger(__name__)
Call = dict[str, Any]
_TABLES = MetaData()
# The database of the alerts that were sent, in the home, and the name that it had in version 0.1.
SENT_FILE, FORMER_SENT_FILE = "alerts_sent.sqlite", "told.sqlite"
# Which events of which announcements the message of a rule has reported.
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
    """What one recipient wants to hear of. A condition that is left empty does not narrow it."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1)
    regions: list[str] = []
    sectors: list[str] = []
    company_sizes: list[str] = []
    words: list[str] = []
    new: bool = True
    days_before: list[int] = []
    morning: bool = False
    to: Recipients


class Rules(BaseModel):
    """``alerts.yaml``: the rules, each with a name of its own."""

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


def due(settings: Settings, failed: list[str] | None = None) -> list[dict[str, Any]]:
    """Return the messages to send now, one for each rule.

    Each is ``{"rule", "to", "subject", "text", "told": [[announcement key, event]]}``; ``told`` marks it
    as sent. Nothing where no rules are written. A rule that fails holds up no other; ``failed`` gets what is wrong.

    Raises:
        DataFileError: the file of rules is wrong; names file and line.
        WarehouseError: nothing is published yet.
    """
    wanted = rules(settings)
    if not wanted:
        return []
    with closing(open_snapshot(settings)) as con:
        calls = rows(con, (SQL / "exports" / "alerts.sql").read_text("utf-8"))
    known = _known(settings)
    made = list[dict[str, Any]]()
    for rule in wanted:
        try:
            with error_boundary(f"the rule of alerts {rule.name!r}"):
                made += list(_messages(rule, calls, known, settings))
        except (CollectError, UnreadableError) as error:
            # The others are told; the doctor says which one is not.
            log.error("%s", error)
            if failed is not None:
                failed.append(str(error))
    return made


def told(settings: Settings, message: dict[str, Any]) -> None:
    """Record a message as sent."""
    at = datetime.now(SEOUL).isoformat()
    marks = [
        {"rule": message["rule"], "announcement": announcement, "event": event, "at": at}
        for announcement, event in message["told"]
    ]
    if marks:
        with _marks(settings).begin() as db:
            db.execute(upsert(db, _ALERT_SENT).on_conflict_do_nothing(), marks)


def _messages(
    rule: Rule, calls: list[Call], known: set[tuple[str, str, str]], settings: Settings
) -> Iterator[dict[str, Any]]:
    wanted = [(call, event) for call in calls if _fits(rule, call) for event in _events(rule, call)]
    fresh = [
        (call, event)
        for call, event in wanted
        if not any((rule.name, announcement, event) in known for announcement in call["members"])
    ]
    if fresh:
        text = _text(rule, fresh)
        marks = [[announcement, event] for call, event in fresh for announcement in call["members"]]
        yield _message(rule, f"[공고] {rule.name}: {len(fresh)}건", text, marks)
    today = datetime.now(SEOUL).date().isoformat()
    if rule.morning and (rule.name, "morning", today) not in known:
        yield _message(rule, f"[공고] {today} 아침 보고", morning_markdown(settings), [["morning", today]])


def _message(rule: Rule, subject: str, text: str, told: list[list[str]]) -> dict[str, Any]:
    return {"rule": rule.name, "to": rule.to.model_dump(), "subject": subject, "text": text, "told": told}


def _fits(rule: Rule, call: Call) -> bool:
    """Return whether a call meets a rule. A call for the whole country or every company size meets any of them."""
    places, sizes = call["sidos"] or [], call["sizes"] or []
    return (
        (not rule.regions or not places or "전국" in places or bool(set(rule.regions) & set(places)))
        and (not rule.sectors or bool(set(rule.sectors) & set(call["sectors"] or [])))
        and (not rule.company_sizes or not sizes or bool(set(rule.company_sizes) & set(sizes)))
        and (not rule.words or any(word.replace(" ", "").lower() in call["searched"] for word in rule.words))
    )


def _events(rule: Rule, call: Call) -> Iterator[str]:
    """Yield the events of a call: that it is new, and that it closes soon (again, if it was extended)."""
    if rule.new:
        yield "new"
    near = [days for days in rule.days_before if call["days_left"] is not None and call["days_left"] <= days]
    if near:
        yield f"closing {call['closes_on']} -{min(near)}"


def _text(rule: Rule, fresh: list[tuple[Call, str]]) -> str:
    groups: dict[Literal["new", "closing"], list[Call]] = {"closing": [], "new": []}
    for call, event in fresh:
        groups["new" if event == "new" else "closing"].append(call)
    return templates().get_template("alert.md").render(rule=rule, groups=groups)


def _marks(settings: Settings) -> StateDatabase:
    """Open the database of what was reported."""
    path = settings.home / SENT_FILE
    rename_database(settings.home / FORMER_SENT_FILE, path)
    database = open_state(path, "gonggo_alerts", _TABLES, settings.postgres_url)
    database.repair()
    return database


def take_over(settings: Settings) -> int:
    """Copy to Postgres what this machine reported while it worked alone; return how many marks."""
    with _marks(replace(settings, postgres_url=None)).begin() as file, _marks(settings).begin() as shared:
        return copy_rows(_ALERT_SENT, file, shared)


def _known(settings: Settings) -> set[tuple[str, str, str]]:
    with _marks(settings).begin() as db:
        return {
            tuple(row)
            for row in db.execute(select(_ALERT_SENT.c.rule, _ALERT_SENT.c.announcement, _ALERT_SENT.c.event))
        }
