"""Measure the daily load of a warehouse of a million announcements, and its reports while a load runs.

A small and a large warehouse are generated once, in var/bench; the first time takes about ten minutes and 20 GB.

usage: warehouse.py [--small 10000] [--large 1000000] [--days 7] [--rounds 9]
"""

from __future__ import annotations

import argparse
import itertools
import shutil
import statistics
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from announcements import DAYS, FIRST_DAY, announcement, write_batch, write_batches
from peer import ROOT

from gonggo.pipeline import build, check, link, load, publish
from gonggo.report.named import list_reports, report_rows
from gonggo.settings import Settings, load_settings

NEW, CHANGED = 900, 100
LOADER = """
import sys
from gonggo.settings import load_settings
from warehouse import daily
daily(load_settings({"GONGGO_HOME": sys.argv[1]}), int(sys.argv[2]), 10_000)
"""


def main() -> int:
    """Measure loads, the steps of a publication and reports, and print the times."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--small", type=int, default=10_000)
    parser.add_argument("--large", type=int, default=1_000_000)
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--rounds", type=int, default=9)
    args = parser.parse_args()
    small, large = warehouse_of(args.small), warehouse_of(args.large)
    print(f"A day's load: {NEW} new announcements and {CHANGED} changed ones, median of {args.days} days")
    onto_small, onto_large = (
        statistics.median(daily(home, size, args.days)) for home, size in ((small, args.small), (large, args.large))
    )
    print(f"  onto {args.small:>9,}: {onto_small:6.2f} s")
    print(f"  onto {args.large:>9,}: {onto_large:6.2f} s, {onto_large / onto_small:.2f} times as long", flush=True)
    print(f"\nSteps of a publication of {args.large:,} announcements")
    for step in (link, build, check, publish):
        begin = time.perf_counter()
        step(settings=large)
        print(f"  {step.__name__:<8}{time.perf_counter() - begin:7.1f} s", flush=True)
    print(f"\nNamed reports on {args.large:,} announcements while loads run, median of {args.rounds}")
    _reports(large, args.large, args.rounds)
    return 0


def daily(settings: Settings, size: int, days: int) -> list[float]:
    """Load a day's batch on each of ``days`` days and return the seconds; no two batches share new announcements.

    What is new was posted on the last three days, what changed on the last sixty.
    """
    taken = []
    for _ in range(days):
        day = time.time_ns() // 1000
        new = [announcement(10**9 + day + n, days=range(DAYS - 3, DAYS)) for n in range(NEW)]
        recent = (
            each for n in itertools.count() if _is_recent(each := announcement((day + n) % size, change=1 + day % 50))
        )
        changed = list(itertools.islice(recent, CHANGED))
        folder = write_batch(settings, f"day{day}", new + changed)
        begin = time.perf_counter()
        load(settings=settings)
        taken.append(time.perf_counter() - begin)
        shutil.rmtree(folder)
    return taken


def _is_recent(document: dict[str, Any]) -> bool:
    return document["listed"]["posted_on"] >= str(FIRST_DAY + timedelta(days=DAYS - 60))


def warehouse_of(size: int) -> Settings:
    """Return the settings of a warehouse of ``size`` announcements; generate it if there is none."""
    settings = load_settings({"GONGGO_HOME": str(ROOT / "var" / "bench" / f"warehouse-{size}")})
    done = settings.home / "complete"
    if not done.exists():
        shutil.rmtree(settings.home, ignore_errors=True)
        print(f"Generating the warehouse of {size:,} announcements", flush=True)
        for first in range(0, size, 100_000):
            write_batches(settings, min(100_000, size - first), first=first)
            load(settings=settings)
            shutil.rmtree(settings.batches)
        done.touch()
    return settings


def _reports(settings: Settings, size: int, rounds: int) -> None:
    command = [sys.executable, "-c", LOADER, str(settings.home), str(size)]
    loading = subprocess.Popen(command, cwd=Path(__file__).parent)
    try:
        names = [report.name for report in list_reports()]
        taken: dict[str, list[float]] = {name: [] for name in names}
        for _, name in itertools.product(range(rounds), names):
            begin = time.perf_counter()
            report_rows(settings, name)
            taken[name].append(1000 * (time.perf_counter() - begin))
        if loading.poll() is not None:
            sys.exit("the loads ended before the reports were measured")
    finally:
        loading.kill()
        loading.wait()
    for name, times in sorted(taken.items(), key=lambda item: -statistics.median(item[1])):
        print(f"  {name:<32}{statistics.median(times):6.0f} ms, longest {max(times):6.0f}")


if __name__ == "__main__":
    sys.exit(main())
