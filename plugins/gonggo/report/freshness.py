"""Detection of sources that were not collected in time, which leaves no failed run if the scheduler has stopped."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from gonggo.settings import SEOUL, Settings
from gonggo.sources.catalogue import active_sites
from gonggo.warehouse.snapshot import open_snapshot
from gonggo.warehouse.sql_files import first_row

_WEEKS = 2
_LAST_GOOD = "SELECT source, epoch(max(started_at) FILTER (state <> 'failed')) FROM source_run GROUP BY source"


def late_sources(settings: Settings) -> list[dict[str, Any]]:
    """Return the active sources whose last good run is older than twice the longest pause of their schedule.

    A source that was never collected is late if the first run of any source is that old. Demo sources have no schedule.

    Raises:
        WarehouseError: nothing is published yet.
    """
    if settings.mode == "demo":
        return []
    with closing(open_snapshot(settings)) as con:
        last_good = {source: _datetime(at) for source, at in con.execute(_LAST_GOOD).fetchall()}
        first = _datetime((first_row(con, "SELECT epoch(min(started_at)) FROM source_run") or (None,))[0])
    now, late_sites = datetime.now(SEOUL), []
    for site in active_sites(settings):
        pause, last = longest_pause(site.schedule), last_good.get(site.id)
        since = last or first
        if since and now - since > 2 * pause:
            last_collected = last and last.strftime("%Y-%m-%d %H:%M")
            hours = round(pause / timedelta(hours=1), 1)
            late_sites.append(
                {"source": site.id, "name": site.name.ko, "last_collected": last_collected, "pause_hours": hours}
            )
    return late_sites


def longest_pause(schedule: str) -> timedelta:
    """Return the longest time between two runs of a cron expression, usually the night."""
    from croniter import croniter

    start = datetime(2026, 1, 1, tzinfo=SEOUL)
    runs = croniter(schedule, start).all_next(datetime)
    pause = timedelta()
    for before, after in pairwise(runs):
        pause = max(pause, after - before)
        if after - start > timedelta(weeks=_WEEKS):
            break
    return pause


def _datetime(at: float | None) -> datetime | None:
    return None if at is None else datetime.fromtimestamp(at, SEOUL)
