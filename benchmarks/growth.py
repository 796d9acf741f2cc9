"""What grows with the number of announcements: a day's load, each step of a publication, reports, search, disk, memory.

The warehouses are those of warehouse.py, made once in var/bench and kept; a million takes ten minutes and 20 GB to make
and some minutes to publish. Every step runs in a process of its own, as its task does.

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
from gonggo.settings import Settings
from gonggo.warehouse.snapshot import open_snapshot
from warehouse import warehouse_of

STEPS = ("link", "build", "check", "publish", "export")
STEP = """
import json, sys, time
from gonggo import pipeline
begin = time.perf_counter()
getattr(pipeline, sys.argv[1])()
print(json.dumps(time.perf_counter() - begin))
"""
LOAD = """
import json, sys
sys.path.insert(0, "benchmarks")
from warehouse import daily
from gonggo.settings import load_settings
print(json.dumps(daily(load_settings(), int(sys.argv[1]), int(sys.argv[2]))))
"""
# A word that is in many announcements, one in few, two together, a number, and one that is in none.
SEARCHES = ("예지보전", "원주시 수요예측", "건강 전주", "에너지 인력양성 사업 700호", "없는말")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--days", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    for size in map(int, args.sizes.split(",")):
        row = of(size, args.days, args.rounds)
        _tell(row)
        # A size is kept as soon as it is measured: a million takes long.
        others = [other for other in (saved("growth") or {}).get("rows", []) if other["announcements"] != size]
        save("growth", {"rows": sorted([*others, row], key=lambda each: each["announcements"])})
    return 0


def of(size: int, days: int, rounds: int) -> dict:
    """Everything that is measured of one warehouse."""
    settings = warehouse_of(size)
    env = {"GONGGO_HOME": str(settings.home), "GONGGO_KEEP_SNAPSHOTS": "2"}
    loads = run([sys.executable, "-c", LOAD, str(size), str(days)], env)
    told: dict = {"announcements": size, "load": statistics.median(json.loads(loads.said))}
    peaks = {"load": loads.peak}
    for step in STEPS:
        try:
            spent = run([sys.executable, "-c", STEP, step], env)
        except SystemExit as error:
            # What comes after the publication is measured all the same.
            print(f"{step} of {size:,} failed: {str(error).strip().splitlines()[-1]}", flush=True)
            continue
        print(f"  {step} of {size:,}: {spent.seconds:.1f} s", flush=True)
        told[step], peaks[step] = json.loads(spent.said.strip().rpartition("\n")[2]), spent.peak
    told["publication"] = sum(told[step] for step in ("link", "build", "check", "publish"))
    told |= {"peaks_mb": {name: round(mb) for name, mb in peaks.items()}}
    told |= {"report": _reports(settings, rounds), "search": _searches(settings, rounds)}
    return told | {
        "warehouse_bytes": settings.warehouse.stat().st_size,
        "snapshot_bytes": settings.snapshot.stat().st_size,
    }


def _reports(settings: Settings, rounds: int) -> dict[str, float]:
    """Milliseconds of a named report: the median one, and the slowest, each the median of its rounds."""
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
    """Milliseconds of ``FROM search(words)``, the first twenty: the median of all, and the slowest."""
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


def _tell(row: dict) -> None:
    steps = ", ".join(f"{step} {row[step]:.1f}" for step in STEPS if step in row)
    print(f"{row['announcements']:,} announcements: a day's load {row['load']:.2f} s; {steps} s")
    print(f"  reports: median {row['report']['median_ms']:.0f} ms, slowest {row['report']['slowest_ms']:.0f} ms; search() median "
          f"{row['search']['median_ms']:.0f} ms, slowest {row['search']['slowest_ms']:.0f} ms; "
          f"warehouse {row['warehouse_bytes'] / 1e6:,.0f} MB; peak MB {row['peaks_mb']}", flush=True)  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
