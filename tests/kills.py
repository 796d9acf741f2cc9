"""Kill the whole pipeline at any moment, from the first list page to the exports."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import requests

from demo.portal import Serving
from gonggo.settings import Settings
from gonggo.warehouse.snapshot import open_snapshot
from tests.world import VERSIONS, home_settings, start_gonggo, tables

SOURCES = ("btp", "jbba")
# Scenarios of the portal for two collections in a row: as it is, and with revised notices.
CHANGES = ({}, {"revised": True})
# Batches of the log without documents, and announcements without exactly one current version, or without a state.
INCOMPLETE = """
SELECT batch_id FROM load_log WHERE documents > 0 AND batch_id NOT IN (SELECT batch_id FROM document)
UNION ALL SELECT a.announcement_key FROM announcement AS a LEFT JOIN announcement_version AS v USING (announcement_key)
GROUP BY ALL HAVING count(*) FILTER (v.is_current) <> 1
UNION ALL SELECT announcement_key FROM announcement ANTI JOIN announcement_state USING (announcement_key)
"""
# A process that is killed sooner has not begun.
MIN_SECONDS = 0.3


@dataclass
class KillReport:
    """Numbers of kills and series, what was going on at each kill, messages of later runs, and differing tables."""

    kills: int = 0
    series: int = 0
    doing: Counter[str] = field(default_factory=Counter)
    recovered: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)


def undisturbed_tables(portal: Serving, home: Path) -> tuple[list[dict[str, list[str]]], float]:
    """Return the tables after each of CHANGES, collected undisturbed, and the seconds of the longest collection."""
    ends, longest = [], 0.0
    for change in CHANGES:
        _set_scenario(portal, change)
        began = time.monotonic()
        _collect(portal, home)
        longest = max(longest, time.monotonic() - began)
        ends.append(tables(home_settings(home, portal.url), versions=VERSIONS))
    return ends, longest


def kill_and_compare(portal: Serving, kills: int, draw: random.Random, folder: Path, most: int = 6) -> KillReport:
    """Collect series of new homes until there were ``kills`` kills, and compare their tables with undisturbed ones.

    Each collection of a series is killed up to ``most`` times before it is run to its end.
    """
    expected, longest = undisturbed_tables(portal, folder / "undisturbed")
    # The faster of two: if the first was slow by chance, most kills would come after the end.
    longest = min(longest, undisturbed_tables(portal, folder / "again")[1])
    report = KillReport()
    while report.kills < kills:
        report.series += 1
        with tempfile.TemporaryDirectory(dir=folder) as name:
            home = Path(name)
            for change, end in zip(CHANGES, expected, strict=True):
                _set_scenario(portal, change)
                for _ in range(draw.randint(1, min(most, max(1, kills - report.kills)))):
                    report.kills += _collect_and_kill(portal, home, draw.uniform(MIN_SECONDS, longest), report)
                _count_messages(report, _collect(portal, home))
                actual = tables(home_settings(home, portal.url), versions=VERSIONS)
                report.differences += [f"{name} in series {report.series}" for name in end if actual[name] != end[name]]
    return report


def _collect_and_kill(portal: Serving, home: Path, seconds: float, report: KillReport) -> bool:
    """Collect for some seconds, then ``kill -9``; return whether the process was still running."""
    child = start_gonggo(home, portal.url, "-v", "collect", *SOURCES)
    try:
        output, killed = child.communicate(timeout=seconds)[0], False
        if child.returncode:
            raise AssertionError(output[-2000:])
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        output, killed = child.communicate()[0], True
        report.doing[_doing(home)] += 1
    _count_messages(report, output)
    _assert_complete(home_settings(home, portal.url))
    return killed


def _assert_complete(settings: Settings) -> None:
    """Assert that the snapshot that readers have is complete."""
    if settings.snapshot.exists():
        with closing(open_snapshot(settings)) as con:
            assert con.execute(INCOMPLETE).fetchall() == []


def _doing(home: Path) -> str:
    """Return what the files of a home say that its last process was doing."""
    runs = [path for path in home.glob("work/*/*") if path.is_dir() and path.parent.name != "progress"]
    if runs and any(runs[-1].glob("fetched-*.jsonl")):
        return "fetch or extract"
    if runs:
        return "list" if any(runs[-1].glob("pages-*.jsonl")) else "begin"
    return "warehouse" if list(home.glob("batches/jbba__*")) else "between sources"


def _count_messages(report: KillReport, output: str) -> None:
    for phrase in (
        "was interrupted; what it had collected is staged",
        "was damaged; it was rebuilt",
        "files are damaged",
    ):
        report.recovered[phrase] += len(re.findall(re.escape(phrase), output))


def _collect(portal: Serving, home: Path) -> str:
    child = start_gonggo(home, portal.url, "-v", "collect", *SOURCES)
    output = child.communicate()[0]
    if child.returncode:
        raise AssertionError(output[-3000:])
    return output


def _set_scenario(portal: Serving, scenario: dict[str, object]) -> None:
    requests.post(f"{portal.url}/_control", json=scenario, timeout=10).raise_for_status()
