"""Measure Airflow's share of the wall time: the job by DAGs, compared with the same steps without Airflow.

The Airflow of `make run` (scheduler, DAG processor, API server, tasks in processes of their own) collects the board of
job.py, from the trigger to the published tables. Its share is (by DAGs - in a row) / by DAGs. The peak resident set of
every task is sampled while it runs, including the memory that it shares with its parent process; the largest of each
kind is reported. Other load on the machine can only add to a time, so the shortest of several rounds is compared.

usage: airflow_share.py [--announcements 5000] [--chunk-size N] [--rounds 1]
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import closing, suppress
from pathlib import Path

from measure import Spent, run, save
from peer import ROOT
from rich.console import Console
from serving import SITE, board, environment_for

from gonggo.local_airflow.environment import airflow_environment, free_port
from gonggo.local_airflow.programs import Programs
from gonggo.local_airflow.run_once import FINAL, OneShotRun
from gonggo.settings import Settings, load_settings
from gonggo.sources.catalogue import get_site

IN_A_ROW = f"""
from gonggo import pipeline
from gonggo.settings import load_settings
settings = load_settings()
listing = pipeline.list_source({SITE!r}, "row", settings=settings)
for chunk in listing["chunks"]:
    pipeline.fetch_chunk({SITE!r}, "row", chunk, settings=settings)
    pipeline.extract_chunk({SITE!r}, "row", chunk, settings=settings)
pipeline.stage({SITE!r}, "row", settings=settings)
for step in (pipeline.load, pipeline.link, pipeline.build, pipeline.check, pipeline.publish):
    step(settings)
"""
COLLECT = f"""
from gonggo import pipeline
pipeline.collect({SITE!r})
for step in (pipeline.load, pipeline.link, pipeline.build, pipeline.check, pipeline.publish):
    step()
"""


def main() -> int:
    """Measure the rounds, print the shortest of each kind and save them."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--announcements", type=int, default=5000)
    parser.add_argument("--chunk-size", type=int, help="GONGGO_CHUNK_SIZE; default: the shipped one")
    parser.add_argument("--rounds", type=int, default=1, help="number of rounds; the shortest counts")
    args = parser.parse_args()
    if args.chunk_size:
        os.environ["GONGGO_CHUNK_SIZE"] = str(args.chunk_size)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    rounds = [_round(args.announcements) for _ in range(args.rounds)]
    row, collect, by_dags = (min(sides, key=lambda side: side.seconds) for sides in zip(*rounds, strict=True))
    share = (by_dags.seconds - row.seconds) / by_dags.seconds
    summary = {
        "announcements": args.announcements,
        "share": round(share, 3),
        "tasks": by_dags.tasks,
        "peaks_mb": by_dags.peaks,
    }
    print(f"{args.announcements} announcements, {sum(by_dags.tasks.values())} tasks: {by_dags.tasks}")
    print(f"{'':<44}{'seconds':>9}")
    print(f"{'by DAGs, from the trigger to published':<44}{by_dags.seconds:>9.1f}")
    print(f"{'the same steps in a row, in one process':<44}{row.seconds:>9.1f}")
    print(f"{'gonggo collect, which reads while it fetches':<44}{collect.seconds:>9.1f}")
    print(f"Airflow's share of the wall time: {share:.0%}")
    print("Peak memory of a task, MB: " + ", ".join(f"{name} {mb:.0f}" for name, mb in by_dags.peaks.items()))
    save("airflow", {**summary, "dags": by_dags.seconds, "row": row.cost(), "beside": collect.cost()})
    return 0


def _round(announcements: int) -> tuple[Spent, Spent, MeasuredRun]:
    """Run the job in a row, by ``gonggo collect`` and by the DAGs, each in a home of its own."""
    with tempfile.TemporaryDirectory(dir=ROOT / "var") as folder, board(announcements) as url:
        homes = {name: Path(folder) / name for name in ("row", "collect", "dags")}
        row = run([sys.executable, "-c", IN_A_ROW], environment_for(url, homes["row"]))
        collect = run([sys.executable, "-c", COLLECT], environment_for(url, homes["collect"]))
        by_dags = MeasuredRun(load_settings({**os.environ, **environment_for(url, homes["dags"])}))
        by_dags.measure()
    return row, collect, by_dags


class MeasuredRun(OneShotRun):
    """One run of the board's DAG and of the warehouse's, with the board in place of the demo portal."""

    def __init__(self, settings: Settings) -> None:
        self.settings, self.console = settings, Console(stderr=True, quiet=True)
        self.port = free_port(8080)
        env = airflow_environment(settings, self.port, one_shot=True) | environment_for(
            str(settings.demo_url), settings.home
        )
        self.programs = Programs(settings.home / "airflow" / "logs", env)
        self.base, self.batches_before = f"http://127.0.0.1:{self.port}", set[str]()
        self.seconds, self.peaks, self.tasks = 0.0, dict[str, float](), dict[str, int]()

    def measure(self) -> None:
        # The board is running already: with live settings no portal is started.
        demo, self.settings = (
            self.settings,
            load_settings({"GONGGO_HOME": str(self.settings.home), "GONGGO_SOURCES": "live"}),
        )
        self.start()
        self.settings = demo
        peaks, ended = dict[str, float](), threading.Event()
        watch = threading.Thread(target=_watch, args=(peaks, ended))
        try:
            api = self.connect([get_site(SITE)])
            watch.start()
            begin = time.perf_counter()
            run_id = api.trigger(f"collect_{SITE}")
            while not self.batches() or self.unpublished():
                self.programs.check_alive()
                if api.state(f"collect_{SITE}", run_id) == "failed":
                    sys.exit("the run failed")
                time.sleep(0.3)
            self.seconds = round(time.perf_counter() - begin, 1)
            while any(run["state"] not in FINAL for run in api.runs("warehouse")):
                time.sleep(0.5)
        finally:
            ended.set()
            self.programs.stop()
        self.summarize_tasks(peaks)

    def summarize_tasks(self, peaks: dict[str, float]) -> None:
        """Count the tasks of each kind and keep the largest peak of one, from peaks by task instance."""
        with closing(sqlite3.connect(self.settings.home / "airflow" / "airflow.db")) as db:
            rows = db.execute("SELECT id, task_id FROM task_instance").fetchall()
        self.tasks = dict(Counter(task for _, task in rows))
        for number, task in rows:
            peak = peaks.get(str(number).replace("-", ""), 0.0)
            self.peaks[task] = max(self.peaks.get(task, 0.0), peak)


def _watch(peaks: dict[str, float], ended: threading.Event) -> None:
    """Record the peak resident set, in MB, of every process with the title "airflow worker -- ID"."""
    while not ended.wait(0.1):
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError, IndexError, StopIteration):
                title = (folder / "cmdline").read_bytes().rstrip(b"\0").decode()
                if title.startswith("airflow worker -- "):
                    status = (folder / "status").read_text()
                    peak = next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))
                    name = title.rpartition(" ")[2].replace("-", "")
                    peaks[name] = max(peaks.get(name, 0.0), peak)


if __name__ == "__main__":
    sys.exit(main())
