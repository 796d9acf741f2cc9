"""What the alert rules would have sent in the last 30 days, and why a rule would have sent nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from gonggo.report.alerts import Call, Rule, candidate_calls, conditions, matches, rules
from gonggo.report.translations import Translator
from gonggo.settings import SEOUL, Settings

DAYS = 30
# Lines for each rule; the others are counted.
MOST_LINES = 20


def trial(settings: Settings) -> Iterator[str]:
    """Yield what each rule would have sent, by day, or that it has no effect, with the conditions that leave nothing.

    Raises:
        DataFileError: the file of rules is wrong; names file and line.
        WarehouseError: nothing is published yet.
    """
    alert_rules = rules(settings)
    if not alert_rules:
        yield f"{settings.alerts} has no rules."
        return
    calls, today = candidate_calls(settings, alert_rules), datetime.now(SEOUL).date()
    for rule in alert_rules:
        events = sorted(
            (event for call in calls if matches(rule, call) for event in _events(rule, call, today)),
            key=lambda event: event[0],
        )
        mornings = f", and {DAYS} morning reports" if rule.morning else ""
        yield f"{rule.name}: {len(events)} in the last {DAYS} days{mornings}"
        yield from (f"  {day} {what}: {title}" for day, what, title in events[-MOST_LINES:])
        if len(events) > MOST_LINES:
            yield f"  and {len(events) - MOST_LINES} earlier ones"
        if not events and not rule.morning:
            yield from _without_effect(rule, calls)


def _events(rule: Rule, call: Call, today: date) -> Iterator[tuple[date, str, str]]:
    """Yield the events of a call in the last days as they would have been reported: day, kind and title."""
    t, begin = Translator("ko"), today - timedelta(days=DAYS - 1)
    first_seen, closes = call["first_seen_on"], call["closes_on"]
    events = list[tuple[date, str]]()
    if rule.reports_new and (closes is None or closes >= first_seen) and call["status"] != "no_call":
        events.append((first_seen, t.code("change", "new")))
    if closes is not None:
        events += [
            (max(closes - timedelta(days=days), first_seen), f"마감 {days}일 전")
            for days in rule.days_before
            if closes >= first_seen
        ]
    if rule.reports_changes:
        events += [(change["on"], t.code("change", change["kind"])) for change in call["changes"]]
    # Reminders that come together, because a call was found late, are one message.
    yield from ((day, what, call["title"]) for day, what in dict.fromkeys(events) if begin <= day <= today)


def _without_effect(rule: Rule, calls: list[Call]) -> Iterator[str]:
    """Yield why a rule would have reported nothing: how many calls meet each of its conditions by itself."""
    met: Counter[str] = Counter()
    names: dict[str, Any] = {}
    for call in calls:
        for name, holds in conditions(rule, call):
            names[name] = getattr(rule, name)
            met[name] += holds
    yield "  This rule has no effect: nothing of these days meets it."
    for name, wanted in names.items():
        yield f"  {name} {', '.join(wanted)}: met by {met[name]} of {len(calls)} calls"
