"""Kill Gonggo at random moments and check that nothing is lost, doubled or half visible.

Killed by ``kill -9`` are loads and publications while a reader looks; whole collections, from the first list page to the
exports, whose final tables are compared with those of an undisturbed one; and one of the processes of Airflow (scheduler,
server, task …) in ``make run``. Collections also run on disks that are too small by more or less.

usage: kills.py [--loads 100] [--whole 200] [--airflow 10] [--disks 30] [--seed N]
"""

from __future__ import annotations

import argparse
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from peer import ROOT

from demo.portal import serve
from tests.disks import collect, collect_on_small_disk
from tests.kills import kill_and_compare
from tests.warehouse.batches import settings_at
from tests.warehouse.kills import BATCH_SIZE, kill_and_check
from tests.world import environment, home_settings, tables

MAX_LOAD_SECONDS = 1.8
# Patterns for the titles of Airflow's processes. Those of SHORT_LIVED end with their task.
PROCESSES = {
    "scheduler": r"airflow scheduler$",
    "dag-processor": r"airflow dag-processor$",
    "api-server": r"airflow api[-_]server",
    "executor's worker": r"LocalExecutor: [0-9a-f]",
    "task": r"airflow worker -- [0-9a-f]",
}
SHORT_LIVED = ("executor's worker", "task")


def main() -> int:
    """Kill and fill as often as the options say; return 1 if anything was lost, doubled or half visible."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--loads", type=int, default=100)
    parser.add_argument("--whole", type=int, default=200)
    parser.add_argument("--airflow", type=int, default=10)
    parser.add_argument("--disks", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    (ROOT / "var").mkdir(exist_ok=True)
    draw = random.Random(args.seed)  # noqa: S311
    passed = True
    with tempfile.TemporaryDirectory(dir=ROOT / "var") as folder:
        home = Path(folder)
        if args.loads:
            passed &= kill_loads(home / "loads", args.loads, draw)
        if args.whole:
            passed &= kill_collections(home / "whole", args.whole, draw)
        if args.airflow:
            passed &= kill_airflow(home, args.airflow, draw)
        if args.disks:
            passed &= fill_disks(home / "disks", args.disks)
    return 0 if passed else 1


def kill_loads(home: Path, kills: int, draw: random.Random) -> bool:
    """Kill loads and publications; return whether every state that a reader saw was complete."""
    staged, incomplete, counts = kill_and_check(settings_at(home), kills, MAX_LOAD_SECONDS, draw)
    expected = (staged, staged * BATCH_SIZE, staged * BATCH_SIZE * 2)
    print(f"loads: {kills} of {staged} were killed before they ended, after 0.2 to {MAX_LOAD_SECONDS} s")
    print(f"  seen half, doubled or outside the log: {len(incomplete)} {incomplete[:3] or ''}")
    print(f"  batches, announcements, amounts at the end: {counts}, expected {expected}", flush=True)
    return not incomplete and counts == expected


def kill_collections(home: Path, kills: int, draw: random.Random) -> bool:
    """Kill whole collections; return whether they end with the tables of an undisturbed one."""
    home.mkdir()
    with serve() as portal:
        report = kill_and_compare(portal, kills, draw, home)
    print(f"whole collections: {report.kills} kills in {report.series} homes")
    print(f"  while they were at: {_format_counts(report.doing)}")
    print(f"  messages of the runs that followed: {_format_counts(report.recovered)}")
    print(f"  tables that differ from those of an undisturbed collection: {report.differences or 'none'}", flush=True)
    return not report.differences


def kill_airflow(folder: Path, kills: int, draw: random.Random) -> bool:
    """Kill processes of ``make run`` with two sources, and run it again where it fails; return whether tables differ."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        # The tables contain the portal's address, so that every run needs the same port, which none keeps open.
        url = f"http://127.0.0.1:{probe.getsockname()[1]}"
    _run_to_end(folder / "undisturbed", url)
    expected = tables(home_settings(folder / "undisturbed", url))
    killed, differences, ended = Counter[str](), list[str](), Counter[str]()
    for number in range(kills):
        home = folder / f"airflow-{number}"
        run = _run(home, url)
        part = draw.choice(sorted(PROCESSES))
        victim = _victim(run, part, draw)
        if victim:
            os.kill(victim, signal.SIGKILL)
            killed[part] += 1
        run.communicate(timeout=900)
        ended["by itself" if run.returncode == 0 else "with a message to run it again"] += 1
        if run.returncode:
            _run_to_end(home, url)
        actual = tables(home_settings(home, url))
        differences += [f"{name} after the kill of the {part}" for name in expected if actual[name] != expected[name]]
    print(f"make run: killed {_format_counts(killed)}; the run ended {_format_counts(ended)}")
    print(f"  tables that differ from those of an undisturbed run: {differences or 'none'}", flush=True)
    return not differences


def fill_disks(folder: Path, count: int) -> bool:
    """Collect on disks that are too small; return whether each failed with a message and recovered with more space.

    The smallest has no space for a ledger, the largest nearly enough for everything.
    """
    failed_at, differences, silent = Counter[str](), list[str](), 0
    with serve() as portal:
        expected, size = collect(portal, folder / "whole")
        for number in range(count):
            share = 0.002 * (0.97 / 0.002) ** (number / max(1, count - 1))
            output, actual = collect_on_small_disk(portal, folder / str(number), int(size * share))
            full = [line for line in output.splitlines() if line.startswith("gonggo:")]
            silent += not full or "Traceback" in output
            failed_at[_where(full[0] if full else "")] += 1
            differences += [f"{name} at {share:.3f}" for name in expected if actual[name] != expected[name]]
    print(
        f"disks: {count} that were full, from 0.002 to 0.97 of what is needed; failed at: {_format_counts(failed_at)}; without a message: {silent}"
    )
    print(f"  tables that differ from those of a large disk: {differences or 'none'}", flush=True)
    return not differences and not silent


def _where(message: str) -> str:
    for sign, where in (("the disk is full", "collecting or exports"), ("No room to write", "the warehouse")):
        if sign in message:
            return where
    return "the copy for readers" if "could not be copied" in message else "nothing"


def _run(home: Path, url: str) -> subprocess.Popen[str]:
    env = {**environment(home, url), "GONGGO_SOURCES": "demo,btp,jbba"}
    command = [sys.executable, "-m", "gonggo.local_airflow.run_once"]
    return subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def _run_to_end(home: Path, url: str) -> None:
    run = _run(home, url)
    output = run.communicate(timeout=900)[0]
    if run.returncode:
        raise RuntimeError(output[-3000:])


def _victim(run: subprocess.Popen[str], part: str, draw: random.Random) -> int | None:
    """Wait for a process of a kind below a run, and some time more; return its id, or None if the run ends first."""
    while run.poll() is None:
        if any(re.search(PROCESSES[part], title) for _, title in _descendants(run.pid)):
            time.sleep(draw.uniform(0, 1.5 if part in SHORT_LIVED else 25))
            candidates = [pid for pid, title in _descendants(run.pid) if re.search(PROCESSES[part], title)]
            if candidates:
                return draw.choice(candidates)
        time.sleep(0.1)
    return None


def _descendants(run: int) -> list[tuple[int, str]]:
    """Return the descendants of a process, each with its title."""
    parents, titles = dict[int, int](), dict[int, str]()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            titles[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\x00", b" ").decode().strip()
        except OSError:
            continue
        parents[int(folder.name)] = parent
    descendants = {run}
    while more := {pid for pid, parent in parents.items() if parent in descendants} - descendants:
        descendants |= more
    return [(pid, titles[pid]) for pid in descendants - {run}]


def _format_counts(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.most_common() if count) or "nothing"


if __name__ == "__main__":
    sys.exit(main())
