"""The whole pipeline killed at any moment, from the first list page to the exports."""

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
from tests.world import VERSIONS, command, home_settings, tables

SOURCES = ("btp", "jbba")
# What changes on the portal between two collections: a notice extended, one withdrawn.
CHANGES = ({}, {"revised": True})
# Loaded batches without the documents that the log says they brought, and announcements that have not one text of today.
HALF = """
SELECT batch_id FROM load_log WHERE documents > 0 AND batch_id NOT IN (SELECT batch_id FROM document)
UNION ALL SELECT a.announcement_key FROM announcement AS a LEFT JOIN announcement_version AS v USING (announcement_key)
GROUP BY ALL HAVING count(*) FILTER (v.is_current) <> 1
UNION ALL SELECT announcement_key FROM announcement ANTI JOIN announcement_state USING (announcement_key)
"""
# A process that is killed sooner has not begun.
SHORTEST = 0.3


@dataclass
class Killed:
    """How many processes were killed, what they were doing, what later ones said, and in what the end differed."""

    kills: int = 0
    series: int = 0
    doing: Counter[str] = field(default_factory=Counter)
    recovered: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)


def faultless(portal: Serving, home: Path) -> tuple[list[dict[str, list[str]]], float]:
    """The tables after each of the changes, collected without trouble; and the seconds that the longest took."""
    ends, longest = [], 0.0
    for change in CHANGES:
        _set(portal, change)
        began = time.monotonic()
        _to_the_end(portal, home)
        longest = max(longest, time.monotonic() - began)
        ends.append(tables(home_settings(home, portal.url), versions=VERSIONS))
    return ends, longest


def kill_and_compare(portal: Serving, kills: int, draw: random.Random, folder: Path, most: int = 6) -> Killed:
    """Collect homes anew, each killed up to ``most`` times before each of its ends, until there were so many kills."""
    wanted, longest = faultless(portal, folder / "faultless")
    # Of two, since a first one that was slow for reasons of its own would have most moments fall behind the end.
    longest = min(longest, faultless(portal, folder / "again")[1])
    done = Killed()
    while done.kills < kills:
        done.series += 1
        with tempfile.TemporaryDirectory(dir=folder) as name:
            home = Path(name)
            for change, end in zip(CHANGES, wanted, strict=True):
                _set(portal, change)
                for _ in range(draw.randint(1, min(most, max(1, kills - done.kills)))):
                    done.kills += _killed(portal, home, draw.uniform(SHORTEST, longest), done)
                _note(done, _to_the_end(portal, home))
                found = tables(home_settings(home, portal.url), versions=VERSIONS)
                done.differences += [f"{name} in series {done.series}" for name in end if found[name] != end[name]]
    return done


def _killed(portal: Serving, home: Path, seconds: float, done: Killed) -> bool:
    """Collect for so long, then ``kill -9``; returns whether the process was still at work."""
    child = command(home, portal.url, "-v", "collect", *SOURCES)
    try:
        said, cut = child.communicate(timeout=seconds)[0], False
        if child.returncode:
            raise AssertionError(said[-2000:])
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        said, cut = child.communicate()[0], True
        done.doing[_doing(home)] += 1
    _note(done, said)
    _demand_whole(home_settings(home, portal.url))
    return cut


def _demand_whole(settings: Settings) -> None:
    """What readers have is complete at every moment."""
    if settings.snapshot.exists():
        with closing(open_snapshot(settings)) as con:
            assert con.execute(HALF).fetchall() == []


def _doing(home: Path) -> str:
    """What a home shows that its last process was doing."""
    runs = [path for path in home.glob("work/*/*") if path.is_dir() and path.parent.name != "progress"]
    if runs and any(runs[-1].glob("fetched-*.jsonl")):
        return "fetch or extract"
    if runs:
        return "list" if any(runs[-1].glob("pages-*.jsonl")) else "begin"
    return "warehouse" if list(home.glob("batches/jbba__*")) else "between sources"


def _note(done: Killed, said: str) -> None:
    for phrase in (
        "was interrupted; what it had collected is staged",
        "was damaged; it was rebuilt",
        "files are damaged",
    ):
        done.recovered[phrase] += len(re.findall(re.escape(phrase), said))


def _to_the_end(portal: Serving, home: Path) -> str:
    child = command(home, portal.url, "-v", "collect", *SOURCES)
    said = child.communicate()[0]
    if child.returncode:
        raise AssertionError(said[-3000:])
    return said


def _set(portal: Serving, wanted: dict[str, object]) -> None:
    requests.post(f"{portal.url}/_control", json=wanted, timeout=10).raise_for_status()
