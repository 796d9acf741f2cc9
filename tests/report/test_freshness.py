"""Sources that nothing is heard of: no failed run tells of a clock that stands still."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from gonggo.report.freshness import late_sources, longest_pause
from gonggo.report.html import render_html
from gonggo.report.morning import morning_markdown
from gonggo.settings import SEOUL, Settings, load_settings
from gonggo.warehouse.link import link
from gonggo.warehouse.load import load_batches
from gonggo.warehouse.publish import publish
from tests.warehouse.batches import batch


@pytest.mark.parametrize(
    ("schedule", "hours"),
    [("10 7,14 * * *", 17), ("*/30 7-20 * * *", 10.5), ("0 8 * * 1-5", 72), ("0 6 * * *", 24)],
)
def test_the_longest_pause_of_a_schedule(schedule: str, hours: float) -> None:
    assert longest_pause(schedule) == timedelta(hours=hours)


def ran(settings: Settings, source: str, hours_ago: float, state: str = "ok") -> None:
    at = (datetime.now(SEOUL) - timedelta(hours=hours_ago)).isoformat()
    batch(settings, source, f"{state}{hours_ago}", [], state, started_at=at)


def test_who_was_not_collected_for_twice_the_usual_pause_is_late(tmp_path: Path) -> None:
    settings = load_settings({"GONGGO_HOME": str(tmp_path), "GONGGO_SOURCES": "live,btp,sjtp,jbba,gntp"})
    ran(settings, "btp", 33)
    ran(settings, "sjtp", 200, "partial")
    ran(settings, "sjtp", 1, "failed")
    ran(settings, "gntp", 20, "partial")
    load_batches(settings)
    link(settings)
    publish(settings)
    late = late_sources(settings)
    # Runs that fail bring nothing; jbba was never collected, though others were.
    assert [row["source"] for row in late] == ["jbba", "sjtp"]
    assert late[0]["last_collected"] is None and late[1]["last_collected"]
    text, page = morning_markdown(settings), render_html(settings).read_text("utf-8")
    assert "늦은 수집처 2곳" in text and "마지막 수집 없음" in text
    assert "늦은 수집처" in page and "(없음)" in page


def test_a_fresh_home_is_not_late_and_the_demo_has_no_clock(tmp_path: Path) -> None:
    settings = load_settings({"GONGGO_HOME": str(tmp_path), "GONGGO_SOURCES": "live,btp,jbba"})
    ran(settings, "btp", 1)
    load_batches(settings)
    link(settings)
    publish(settings)
    assert late_sources(settings) == []
    assert "늦" not in morning_markdown(settings)
    ran(settings, "btp", 500)
    load_batches(settings)
    publish(settings)
    assert [row["source"] for row in late_sources(settings)] == ["jbba"]
    assert late_sources(load_settings({"GONGGO_HOME": str(tmp_path), "GONGGO_SOURCES": "demo"})) == []
