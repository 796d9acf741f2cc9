"""Measure how long the DAG files take to parse, which Airflow's DAG processor does again and again.

The import of Airflow and its libraries is reported separately. If more sources are wanted than the catalogue has,
copies of its files are written to a temporary folder.

usage: dag_files.py [--sources 150] [--rounds 5]
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from measure import save
from peer import ROOT

PARSE = """
import json, sys, time
from pathlib import Path
begin, used = time.perf_counter(), time.process_time()
from airflow.sdk import DAG, Asset, CronTriggerTimetable, Param, TriggerRule, get_current_context, task
import pendulum
airflow, airflow_used = time.perf_counter() - begin, time.process_time() - used
sys.path[:0] = [sys.argv[1]]
begin, used = time.perf_counter(), time.process_time()
from gonggo.sources import catalogue
catalogue.SITES = Path(sys.argv[2])
catalogue.load_catalogue.__wrapped__.__defaults__ = (catalogue.SITES,)
count = 0
for path in sorted(Path(sys.argv[1]).glob("*.py")):
    space = {"__name__": path.stem, "__file__": str(path)}
    exec(compile(path.read_bytes(), path, "exec"), space)
    count += sum(isinstance(value, DAG) for value in space.values())
print(json.dumps({"dags": count, "seconds": time.perf_counter() - begin, "processor": time.process_time() - used,
    "airflow": airflow, "airflow_processor": airflow_used}))
"""


def main() -> int:
    """Parse the DAG files in fresh processes, print the medians and save them."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--sources", type=int, default=150)
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=ROOT / "var") as folder:
        home, sites = Path(folder) / "home", Path(folder) / "sites"
        sites.mkdir()
        fill(sites, args.sources)
        env = {**os.environ, "GONGGO_SOURCES": "live", "GONGGO_HOME": str(home), "AIRFLOW_HOME": str(home / "airflow")}
        env |= {"PYTHONPATH": str(ROOT), "AIRFLOW__CORE__LOAD_EXAMPLES": "False"}
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        command = [sys.executable, "-W", "ignore", "-c", PARSE, str(ROOT / "dags"), str(sites)]
        rounds = [_once(command, env) for _ in range(args.rounds + 1)][1:]
    medians = {name: statistics.median(each[name] for each in rounds) for name in rounds[0]}
    print(
        f"{medians['dags']:.0f} DAGs of {args.sources} sources: {medians['seconds']:.2f} s, processor {medians['processor']:.2f} s, ",
        end="",
    )
    print(
        f"and Airflow's own import {medians['airflow']:.2f} s, processor {medians['airflow_processor']:.2f} s; median of {args.rounds}"
    )
    save("dag_files", {"sources": args.sources, **medians})
    return 0


def fill(folder: Path, sources: int) -> None:
    """Write a number of sites that need no key to a folder: those of the catalogue, then copies of them."""
    from gonggo.settings import load_settings
    from gonggo.sources.catalogue import SITES, active_sites

    active = [site.id for site in active_sites(load_settings({"GONGGO_SOURCES": "live"}))]
    for number in range(sources):
        name = active[number % len(active)]
        copy = number // len(active)
        shutil.copy(SITES / f"{name}.yaml", folder / (f"{name}_{copy}.yaml" if copy else f"{name}.yaml"))


def _once(command: list[str], env: dict[str, str]) -> dict[str, float]:
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=env)
    if done.returncode:
        sys.exit(done.stderr[-2000:])
    return json.loads(done.stdout.strip().rpartition("\n")[2])


if __name__ == "__main__":
    sys.exit(main())
