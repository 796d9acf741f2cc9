"""Run the benchmarks of the whole pipeline one after another and print one table of results and goals.

usage: all.py [--only job,airflow,…] [--without growth,…] [--table]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from measure import environment, saved
from peer import ROOT

# Name: the script and its arguments. For workers, make prepares the servers in an environment of their own.
BENCHMARKS: dict[str, list[str]] = {
    "job": ["job.py"],
    "page_text": ["page_text.py"],
    "load": ["load.py"],
    "airflow": ["airflow_share.py"],
    "dag_files": ["dag_files.py"],
    "growth": ["growth.py"],
    "workers": ["make", "bench-workers"],
    "year": ["year.py"],
}
Row = tuple[str, str, str]


def main() -> int:
    """Run the chosen benchmarks and print the table; return how many failed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--only", default="", help="names, separated by commas")
    parser.add_argument(
        "--without", default="", help="names to leave out; growth generates a million announcements the first time"
    )
    parser.add_argument("--table", action="store_true", help="measure nothing, print the table of the saved results")
    args = parser.parse_args()
    chosen = [n for n in (args.only.split(",") if args.only else BENCHMARKS) if n not in args.without.split(",")]
    failed = []
    for name in [] if args.table else chosen:
        script, *more = BENCHMARKS[name]
        program = (
            ["make", "--no-print-directory"] if script == "make" else [sys.executable, Path(__file__).with_name(script)]
        )
        print(f"\n── {name} ──", flush=True)
        if subprocess.run([*program, *more], check=False, cwd=ROOT).returncode:
            failed.append(name)
    print(f"\n{', '.join(f'{name} {value}' for name, value in environment().items())}\n")
    print(f"{'':<68}{'measured':>12}  goal")
    for what, value, goal in table():
        print(f"{what:<68}{value:>12}  {goal}")
    if failed:
        print(f"failed: {', '.join(failed)}")
    return len(failed)


def table() -> list[Row]:
    """Return (what is measured, value, goal) for every saved result, in the order of the benchmarks."""
    row_makers: dict[str, Callable[[Any], list[Row]]] = {
        "job": _job,
        "page_text": _page_text,
        "load": _load,
        "airflow": _airflow,
        "dag_files": lambda result: [
            (f"parsing the DAG files of {result['sources']} sources", f"{result['seconds']:.2f} s", "<= 1 s")
        ],
        "growth": _growth,
        "workers": _workers,
        "year": lambda result: [
            (f"a year: {name.strip()}", f"{value:,.1f}", "") for name, value in result["figures"].items()
        ],
    }
    return [row for name, make_rows in row_makers.items() if (result := saved(name)) for row in make_rows(result)]


def _job(result: dict[str, Any]) -> list[Row]:
    goals = {"nothing new": "<= 0.03", "1 %": "<= 0.03", "html.parser": ">= 4"}
    rows = []
    for name, value in result["ratios"].items():
        goal = next((goal for part, goal in goals.items() if part in name and "processor" not in name), "")
        rows.append((name, f"{value:.3g}", goal))
    return rows


def _page_text(result: dict[str, Any]) -> list[Row]:
    return [
        (
            f"{row['pages']}, {row['name']}: ms, recall, precision",
            f"{row['ms']:.2f} {row['recall']:.2f} {row['precision']:.2f}",
            "",
        )
        for row in result["rows"]
    ]


def _load(result: dict[str, Any]) -> list[Row]:
    return [(name, f"{value:.3g}", "") for name, value in result["ratios"].items()]


def _airflow(result: dict[str, Any]) -> list[Row]:
    most = max(result["peaks_mb"], key=result["peaks_mb"].get)
    return [
        ("Airflow's share of the job by DAGs", f"{result['share']:.0%}", "<= 25 %"),
        (f"peak memory of a task of the job ({most})", f"{result['peaks_mb'][most]:.0f} MB", "<= 500 MB"),
    ]


def _workers(result: dict[str, Any]) -> list[Row]:
    one, *more = [row for row in result["rows"] if row["workers"]]
    return [
        (f"speed of {row['workers']} workers, one worker = 1", f"{one['seconds'] / row['seconds']:.2f}", "")
        for row in more
    ]


def _growth(result: dict[str, Any]) -> list[Row]:
    small, large = result["rows"][0], result["rows"][-1]
    of = f"{large['announcements']:,} announcements"
    most = max(large["peaks_mb"], key=large["peaks_mb"].get)
    return [
        (
            f"a day's load onto {of}, divided by that onto {small['announcements']:,}",
            f"{large['load'] / small['load']:.2f}",
            "",
        ),
        (f"a publication of {of}", f"{large['publication']:.0f} s", ""),
        (f"search() in {of}, median", f"{large['search']['median_ms']:.0f} ms", ""),
        (
            f"bytes of the warehouse for each announcement, {of}",
            f"{large['warehouse_bytes'] / large['announcements']:,.0f}",
            "",
        ),
        (f"peak memory of a step of {of} ({most})", f"{large['peaks_mb'][most]:,.0f} MB", "<= 500 MB"),
    ]


if __name__ == "__main__":
    sys.exit(main())
