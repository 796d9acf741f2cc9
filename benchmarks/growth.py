"""Measure what grows with the number of announcements: load, publication, reports, search, disk and memory.

The warehouses are those of warehouse.py, generated and published once in var/bench; a million announcements take ten
minutes and 20 GB to generate, and some minutes to publish. Every step runs in a process of its own, as its task does,
after loads of 1,000 announcements each: what is measured is a day, not a making from nothing.

usage: growth.py [--sizes 10000,100000,1000000] [--days 5] [--rounds 5]
"""

from __future__ import annotations

import argparse
import itertools
import json
import statistics
import sys
import time
from contextlib import closing

import duckdb
from measure import run, save, saved

from gonggo.report.named import list_reports, report_rows
from gonggo.settings import Settings, load_settings
from gonggo.warehouse.snapshot import open_snapshot

STEPS = ("link", "build", "check", "publish", "export")
STEP = """
import json, sys, time
from gonggo import pipeline
begin = time.perf_counter()
getattr(pipeline, sys.argv[1])()
print(json.dumps(time.perf_counter() - begin))
"""
GENERATE = """
import sys
sys.path.insert(0, "benchmarks")
from warehouse import warehouse_of
print(warehouse_of(int(sys.argv[1])).home)
"""
LOAD = """
import json, sys
sys.path.insert(0, "benchmarks")
from warehouse import daily
from gonggo.settings import load_settings
print(json.dumps(daily(load_settings(), int(sys.argv[1]), int(sys.argv[2]))))
"""
# A common word, a rare one, two together, words with a number, and a word that no announcement has.
SEARCHES = ("예지보전", "원주시 수요예측", "건강 전주", "에너지 인력양성 사업 700호", "없는말")


def main() -> int:
    """Measure each size, print its row and save it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--days", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    for size in map(int, args.sizes.split(",")):
        row = measure_size(size, args.days, args.rounds)
        _print_row(row)
        # Each size is saved as soon as it is measured, because a million takes long.
        others = [other for other in (saved("growth") or {}).get("rows", []) if other["announcements"] != size]
        save("growth", {"rows": sorted([*others, row], key=lambda each: each["announcements"])})
    return 0


def measure_size(size: int, days: int, rounds: int) -> dict:
    """Return everything that is measured on one warehouse."""
    # Not in this process, whose memory would count as that of every process that it starts.
    home = run([sys.executable, "-c", GENERATE, str(size)]).output.strip().rpartition("\n")[2]
    settings = load_settings({"GONGGO_HOME": home})
    env = {"GONGGO_HOME": home, "GONGGO_KEEP_SNAPSHOTS": "2"}
    if not (settings.exports / "months.json").exists():
        for step in STEPS:
            run([sys.executable, "-c", STEP, step], env)
    loads = run([sys.executable, "-c", LOAD, str(size), str(days)], env)
    row: dict = {"announcements": size, "load": statistics.median(json.loads(loads.output))}
    peaks, processor = {"load": loads.peak}, {}
    for step in STEPS:
        try:
            spent = run([sys.executable, "-c", STEP, step], env)
        except SystemExit as error:
            # The measurements that follow do not depend on this step.
            print(f"{step} of {size:,} failed: {str(error).strip().splitlines()[-1]}", flush=True)
            continue
        print(f"  {step} of {size:,}: {spent.seconds:.1f} s", flush=True)
        row[step], peaks[step] = json.loads(spent.output.strip().rpartition("\n")[2]), spent.peak
        processor[step] = round(spent.processor, 2)
    row["publication"] = sum(row[step] for step in ("link", "build", "check", "publish"))
    row |= {"peaks_mb": {name: round(mb) for name, mb in peaks.items()}, "processor": processor}
    row |= {"report": _reports(settings, rounds), "search": _searches(settings, rounds)}
    return row | {
        "warehouse_bytes": settings.warehouse.stat().st_size,
        "snapshot_bytes": settings.snapshot.stat().st_size,
    }


def _reports(settings: Settings, rounds: int) -> dict[str, float]:
    """Return the milliseconds of the median and the slowest report, each by the median of its rounds."""
    medians = []
    for report in list_reports():
        taken = []
        for _ in range(rounds):
            begin = time.perf_counter()
            report_rows(settings, report.name)
            taken.append(1000 * (time.perf_counter() - begin))
        medians.append(statistics.median(taken))
    return {"median_ms": statistics.median(medians), "slowest_ms": max(medians)}


def _searches(settings: Settings, rounds: int) -> dict[str, float]:
    """Return the milliseconds of ``FROM search(words) LIMIT 20``: the median and the slowest."""
    taken = []
    with closing(open_snapshot(settings)) as con:
        for _, words in itertools.product(range(rounds), SEARCHES):
            begin = time.perf_counter()
            try:
                con.execute("FROM search($1) LIMIT 20", [words]).fetchall()
                taken.append(1000 * (time.perf_counter() - begin))
            except duckdb.Error as error:
                print(f"  search({words!r}) failed: {str(error).splitlines()[0]}", flush=True)
    return {"median_ms": statistics.median(taken), "slowest_ms": max(taken)}


def _print_row(row: dict) -> None:
    steps = ", ".join(f"{step} {row[step]:.1f} ({row['processor'][step]:.1f})" for step in STEPS if step in row)
    print(
        f"{row['announcements']:,} announcements: a day's load {row['load']:.2f} s; {steps} s (of the processor, with the start of Python)"
    )
    print(f"  reports: median {row['report']['median_ms']:.0f} ms, slowest {row['report']['slowest_ms']:.0f} ms; search() median "
          f"{row['search']['median_ms']:.0f} ms, slowest {row['search']['slowest_ms']:.0f} ms; "
          f"warehouse {row['warehouse_bytes'] / 1e6:,.0f} MB; peak MB {row['peaks_mb']}", flush=True)  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
