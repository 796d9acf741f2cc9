"""``kill -9`` at random moments: is anything ever lost, doubled or half visible?

Loads and publications under a reader's eyes; whole collections, from the first list page to the exports, compared in
the end with one that nobody disturbed; ``make run``, of which one of Airflow's processes (scheduler, server, task …) is
killed; and collections on disks of all sizes that are too small.

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
from tests.disks import collected, on_a_small_disk
from tests.kills import kill_and_compare
from tests.warehouse.batches import settings_at
from tests.warehouse.kills import EACH, kill_and_look
from tests.world import environment, home_settings, tables

LONGEST_LOAD = 1.8
# What a process of Airflow is by its title; some last as long as their task alone.
PARTS = {
    "scheduler": r"airflow scheduler$",
    "dag-processor": r"airflow dag-processor$",
    "api-server": r"airflow api[-_]server",
    "executor's worker": r"LocalExecutor: [0-9a-f]",
    "task": r"airflow worker -- [0-9a-f]",
}
SHORT = ("executor's worker", "task")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--loads", type=int, default=100)
    parser.add_argument("--whole", type=int, default=200)
    parser.add_argument("--airflow", type=int, default=10)
    parser.add_argument("--disks", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    (ROOT / "var").mkdir(exist_ok=True)
    draw = random.Random(args.seed)  # noqa: S311
    good = True
    with tempfile.TemporaryDirectory(dir=ROOT / "var") as folder:
        home = Path(folder)
        if args.loads:
            good &= loads(home / "loads", args.loads, draw)
        if args.whole:
            good &= whole(home / "whole", args.whole, draw)
        if args.airflow:
            good &= airflow(home, args.airflow, draw)
        if args.disks:
            good &= disks(home / "disks", args.disks)
    return 0 if good else 1


def loads(home: Path, kills: int, draw: random.Random) -> bool:
    staged, seen, told = kill_and_look(settings_at(home), kills, LONGEST_LOAD, draw)
    wanted = (staged, staged * EACH, staged * EACH * 2)
    print(f"loads: {kills} of {staged} were killed before they ended, after 0.2 to {LONGEST_LOAD} s")
    print(f"  seen half, doubled or outside the log: {len(seen)} {seen[:3] or ''}")
    print(f"  batches, announcements, amounts at the end: {told}, wanted {wanted}", flush=True)
    return not seen and told == wanted


def whole(home: Path, kills: int, draw: random.Random) -> bool:
    home.mkdir()
    with serve() as portal:
        done = kill_and_compare(portal, kills, draw, home)
    print(f"whole collections: {done.kills} kills in {done.series} homes")
    print(f"  while they were at: {_counted(done.doing)}")
    print(f"  said by the runs after: {_counted(done.recovered)}")
    print(f"  tables that differ from those of an undisturbed collection: {done.differences or 'none'}", flush=True)
    return not done.differences


def airflow(folder: Path, kills: int, draw: random.Random) -> bool:
    """``make run`` of two sources; the runs go on in the home of the one before until one ends by itself."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        # The portal's address is part of what is compared: the same for every run, kept by none.
        url = f"http://127.0.0.1:{probe.getsockname()[1]}"
    _demand_run(folder / "undisturbed", url)
    wanted = tables(home_settings(folder / "undisturbed", url))
    killed, differences, ended = Counter[str](), list[str](), Counter[str]()
    for number in range(kills):
        home = folder / f"airflow-{number}"
        run = _run(home, url)
        part = draw.choice(sorted(PARTS))
        victim = _victim(run, part, draw)
        if victim:
            os.kill(victim, signal.SIGKILL)
            killed[part] += 1
        run.communicate(timeout=900)
        ended["by itself" if run.returncode == 0 else "told to be run again"] += 1
        if run.returncode:
            _demand_run(home, url)
        found = tables(home_settings(home, url))
        differences += [f"{name} after the kill of the {part}" for name in wanted if found[name] != wanted[name]]
    print(f"make run: killed {_counted(killed)}; the run ended {_counted(ended)}")
    print(f"  tables that differ from those of an undisturbed run: {differences or 'none'}", flush=True)
    return not differences


def disks(folder: Path, count: int) -> bool:
    """Collections on disks of which the smallest has no room for a ledger and the largest nearly enough for all."""
    told, differences, silent = Counter[str](), list[str](), 0
    with serve() as portal:
        wanted, whole = collected(portal, folder / "whole")
        for number in range(count):
            share = 0.002 * (0.97 / 0.002) ** (number / max(1, count - 1))
            said, found = on_a_small_disk(portal, folder / str(number), int(whole * share))
            full = [line for line in said.splitlines() if line.startswith("gonggo:")]
            silent += not full or "Traceback" in said
            told[_where(full[0] if full else "")] += 1
            differences += [f"{name} at {share:.3f}" for name in wanted if found[name] != wanted[name]]
    print(
        f"disks: {count} that were full, from 0.002 to 0.97 of what is needed; told at: {_counted(told)}; not told: {silent}"
    )
    print(f"  tables that differ from those of a disk with room: {differences or 'none'}", flush=True)
    return not differences and not silent


def _where(said: str) -> str:
    for sign, where in (("the disk is full", "collecting or exports"), ("No room to write", "the warehouse")):
        if sign in said:
            return where
    return "the copy for readers" if "could not be copied" in said else "nothing"


def _run(home: Path, url: str) -> subprocess.Popen[str]:
    env = {**environment(home, url), "GONGGO_SOURCES": "demo,btp,jbba"}
    command = [sys.executable, "-m", "gonggo.local_airflow.run_once"]
    return subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def _demand_run(home: Path, url: str) -> None:
    run = _run(home, url)
    said = run.communicate(timeout=900)[0]
    if run.returncode:
        raise RuntimeError(said[-3000:])


def _victim(run: subprocess.Popen[str], part: str, draw: random.Random) -> int | None:
    """A process of a kind below a run, some time after there is one; None when the run ends before."""
    while run.poll() is None:
        if any(re.search(PARTS[part], title) for _, title in _below(run.pid)):
            time.sleep(draw.uniform(0, 1.5 if part in SHORT else 25))
            found = [pid for pid, title in _below(run.pid) if re.search(PARTS[part], title)]
            if found:
                return draw.choice(found)
        time.sleep(0.1)
    return None


def _below(run: int) -> list[tuple[int, str]]:
    """The children of a process and theirs, each with its title."""
    parents, titles = dict[int, int](), dict[int, str]()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            titles[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\x00", b" ").decode().strip()
        except OSError:
            continue
        parents[int(folder.name)] = parent
    below = {run}
    while more := {pid for pid, parent in parents.items() if parent in below} - below:
        below |= more
    return [(pid, titles[pid]) for pid in below - {run}]


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.most_common() if count) or "nothing"


if __name__ == "__main__":
    sys.exit(main())
