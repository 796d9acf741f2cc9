"""Alerts: rules of ``alerts.yaml``, and messages about new and closing calls; each rule reports each event once."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from sqlalchemy import Column, MetaData, Table, Text, select

from gonggo.boundary import error_boundary
from gonggo.cluster.state import StateDatabase, copy_rows, open_state, upsert
from gonggo.datafile import load_model
from gonggo.errors import CollectError, UnreadableError
from gonggo.report.codes import RegionName, Sector, Size
from gonggo.report.morning import morning_markdown, templates
from gonggo.report.named import export_rows
from gonggo.report.translations import Translator
from gonggo.settings import SEOUL, Settings
from gonggo.small_state import rename_database
from gonggo.step_results import AlertMessage, AlertRecipients, EventPayload, SentEvents
from gonggo.warehouse.snapshot import open_snapshot

log = logging.getLogger(__name__)
Call = dict[str, Any]
Row = dict[str, Any]
# Changes are reported for this long: whoever writes a rule today does not want those of last year.
CHANGES_REPORTED_FOR = timedelta(days=7)
# Events that a signed webhook gets in one run; the others follow with the next.
MOST_PAYLOADS = 200
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


@dataclass(frozen=True)
class Event:
    """Something to report of a call. ``id`` distinguishes the events of a call, so that each is reported once."""

    id: str
    kind: Literal["new", "closing", "changed"]
    change: Row = field(default_factory=dict)


class Recipients(BaseModel):
    """Where a rule's messages go: addresses, or the id of the Airflow connection of a service."""

    model_config = ConfigDict(extra="forbid")
    email: list[str] = []
    webhook: str | None = None
    apprise: str | None = None
    signed_webhook: str | None = None

    @model_validator(mode="after")
    def _one(self) -> Recipients:
        if sum(map(bool, (self.email, self.webhook, self.apprise, self.signed_webhook))) != 1:
            raise ValueError("give either email or webhook, apprise or signed_webhook")
        return self


_Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class Rule(BaseModel):
    """The conditions of one recipient, by codes or their labels. An empty condition matches everything."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1)
    regions: list[RegionName] = []
    sectors: list[Sector] = []
    company_sizes: list[Size] = []
    words: list[_Words] = []
    # Single calls, by the address of their announcement or of their page on the site, or by key.
    calls: list[_Words] = []
    dismissed: list[_Words] = []
    new: bool | None = None
    changes: bool | None = None
    days_before: list[Annotated[int, Field(ge=0, le=365)]] = []
    morning: bool = False
    to: Recipients

    @property
    def reports_new(self) -> bool:
        """Return whether new calls are reported; of single calls only if the rule says so."""
        return self.new if self.new is not None else not self.calls

    @property
    def reports_changes(self) -> bool:
        """Return whether changes are reported; by default only those of single calls."""
        return self.changes if self.changes is not None else bool(self.calls)

    @model_validator(mode="after")
    def _effect(self) -> Rule:
        if not (self.reports_new or self.reports_changes or self.days_before or self.morning):
            raise ValueError(
                "this rule never sends anything: leave out new: false, or add days_before, changes or morning"
            )
        if self.to.signed_webhook and self.morning:
            raise ValueError("a signed webhook gets events, not the morning report; write another rule for that")
        return self


class Rules(BaseModel):
    """``alerts.yaml``: the rules, each with a unique name, and the calls that none of them reports any more."""

    model_config = ConfigDict(extra="forbid")
    rules: list[Rule] = []
    dismissed: list[_Words] = []

    @model_validator(mode="after")
    def _names(self) -> Rules:
        names = [rule.name for rule in self.rules]
        if len(set(names)) < len(names):
            raise ValueError("two rules have the same name")
        return self


def rules(settings: Settings) -> list[Rule]:
    """Return the rules of the file; none if it does not exist. Calls dismissed for all rules are added to each.

    Raises:
        DataFileError: the file is wrong; names file and line.
    """
    if not settings.alerts.exists():
        return []
    loaded = load_model(settings.alerts, Rules)
    return [rule.model_copy(update={"dismissed": [*rule.dismissed, *loaded.dismissed]}) for rule in loaded.rules]


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
    calls = candidate_calls(settings, alert_rules)
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


def candidate_calls(settings: Settings, alert_rules: list[Rule]) -> list[Call]:
    """Return the calls that rules may report, each with the words of the rules that it contains.

    Raises:
        WarehouseError: nothing is published yet.
    """
    with closing(open_snapshot(settings)) as con:
        calls = export_rows(con, "alerts")
        keys_by_words = {
            words: {row["announcement_key"] for row in export_rows(con, "alert_words", {"words": words})}
            for words in {words for rule in alert_rules for words in rule.words}
        }
    for call in calls:
        call["words"] = {words for words, keys in keys_by_words.items() if not keys.isdisjoint(call["members"])}
    return calls


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
    matching = [(call, event) for call in calls if matches(rule, call) for event in _events(rule, call)]
    unsent = [
        (call, event)
        for call, event in matching
        if not any((rule.name, announcement, event.id) in sent for announcement in call["members"])
    ]
    if unsent:
        text = _text(rule, unsent)
        events = [[announcement, event.id] for call, event in unsent for announcement in call["members"]]
        payloads = [_payload(rule, call, event) for call, event in unsent[:MOST_PAYLOADS]]
        message = _message(rule, f"[공고] {rule.name}: {len(unsent)}건", text, events)
        yield {**message, "payloads": payloads if rule.to.signed_webhook else []}
    today = datetime.now(SEOUL).date().isoformat()
    if rule.morning and (rule.name, "morning", today) not in sent:
        yield _message(rule, f"[공고] {today} 아침 보고", morning_markdown(settings), [["morning", today]])


def _message(rule: Rule, subject: str, text: str, events: list[list[str]]) -> AlertMessage:
    to: AlertRecipients = {
        "email": rule.to.email,
        "webhook": rule.to.webhook,
        "apprise": rule.to.apprise,
        "signed_webhook": rule.to.signed_webhook,
    }
    return {"rule": rule.name, "to": to, "subject": subject, "text": text, "events": events, "payloads": []}


def _payload(rule: Rule, call: Call, event: Event) -> EventPayload:
    """Return one event for a signed webhook; its id is the same if it has to be sent again."""
    names = ("announcement_key", "title", "agency", "url", "status", "closes_kind", "days_left", "award_ceiling")
    data: dict[str, Any] = {name: call[name] for name in names}
    data |= {"regions": call["sidos"] or [], "sectors": call["sectors"] or []}
    data |= {name: str(call[name]) if call[name] else None for name in ("closes_on", "closes_time")}
    change = (
        {"kind": event.change["kind"], "old": event.change["old"], "new": event.change["new"]} if event.change else None
    )
    identity = "\n".join((rule.name, call["announcement_key"], event.id))
    return {
        "id": f"gonggo_{hashlib.sha256(identity.encode()).hexdigest()[:32]}",
        "body": {"type": f"announcement.{event.kind}", "data": {"rule": rule.name, **data, "change": change}},
        "events": [[announcement, event.id] for announcement in call["members"]],
    }


def matches(rule: Rule, call: Call) -> bool:
    """Return whether a call meets all conditions of a rule."""
    return not _names(rule.dismissed, call) and all(met for _, met in conditions(rule, call))


def conditions(rule: Rule, call: Call) -> list[tuple[str, bool]]:
    """Return the conditions that a rule has, and whether a call meets them.

    A call for the whole country or every company size meets any condition on them.
    """
    regions, sizes = call["sidos"] or [], call["sizes"] or []
    asked = [
        ("regions", rule.regions, not regions or "전국" in regions or bool(set(rule.regions) & set(regions))),
        ("sectors", rule.sectors, bool(set(rule.sectors) & set(call["sectors"] or []))),
        ("company_sizes", rule.company_sizes, not sizes or bool(set(rule.company_sizes) & set(sizes))),
        ("words", rule.words, bool(set(rule.words) & call["words"])),
        ("calls", rule.calls, _names(rule.calls, call)),
    ]
    return [(name, met) for name, wanted, met in asked if wanted]


def _names(references: list[str], call: Call) -> bool:
    """Return whether a reference names a call: the address of an announcement or of its page, or its key."""
    names = {*call["members"], *(call["urls"] or [])}
    return any(
        reference in names or reference.partition("?")[0].rpartition("/calls/")[2] in call["members"]
        for reference in references
    )


def _events(rule: Rule, call: Call) -> Iterator[Event]:
    """Yield the events of a call: that it is new, that it closes soon (again, if it was extended), and its changes."""
    applies = call["status"] in ("open", "upcoming")
    if rule.reports_new and applies:
        yield Event("new", "new")
    left = call["days_left"]
    reached = [days for days in rule.days_before if left is not None and left <= days]
    if reached and applies:
        yield Event(f"closing {call['closes_on']} -{min(reached)}", "closing")
    if rule.reports_changes:
        since = datetime.now(SEOUL).date() - CHANGES_REPORTED_FOR
        yield from {
            event.id: event for event in map(change_event, call["changes"]) if event.change["on"] >= since
        }.values()


def change_event(change: Row) -> Event:
    """Return a change as an event; the same change on several sites is one."""
    when = "" if change["new"] else f" {change['on']}"
    return Event(f"{change['kind']} {change['old']} → {change['new']}{when}"[:500], "changed", change)


def _text(rule: Rule, unsent: list[tuple[Call, Event]]) -> str:
    groups: dict[str, list[tuple[Call, Event]]] = {"changed": [], "closing": [], "new": []}
    for call, event in unsent:
        groups[event.kind].append((call, event))
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
