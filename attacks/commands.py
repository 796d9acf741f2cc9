"""Commands of ``gonggo``, many of them, each in a process of its own with a wall clock.

One process imports the program once and is forked for each command, so that a hundred of them take seconds. Two things
differ from a shell: the limits of time are seconds, and commands that collect leave the publication to the end.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
# Most of them wait for a server more than they work.
AT_ONCE = 2 * (os.cpu_count() or 2)
TRACEBACK = 70
QUICK = {
    "connect_seconds": 1.5,
    "read_seconds": 1.5,
    "total_seconds": 2.5,
    "page_bytes": 1 << 20,
    "file_bytes": 2 << 20,
    "attempts": 1,
}


@dataclass(frozen=True)
class Command:
    """One command: its words, its environment beside the usual one, and the seconds that it may take."""

    id: str
    words: list[str]
    env: dict[str, str]
    seconds: float = 15.0
    publish: bool = False


@dataclass(frozen=True)
class Ran:
    """What a command did. ``late`` was killed by the wall clock."""

    id: str
    status: int
    out: str
    err: str
    seconds: float
    late: bool

    @property
    def missed(self) -> list[str]:
        """What no command may do, whatever it was given."""
        if self.late:
            return [f"did not end within {self.seconds:.0f} s"]
        if self.status == TRACEBACK:
            return [f"ended with a traceback: {self.err.strip().splitlines()[-1][:200]}"]
        return [f"ended by signal {-self.status}"] if self.status < 0 else []


def run(commands: Iterable[Command], plugins: Path) -> dict[str, Ran]:
    """Run commands of the program in ``plugins``, a few at the same time; what each did, by its id."""
    asked = json.dumps([asdict(command) for command in commands])
    env = {name: value for name, value in os.environ.items() if not name.startswith("GONGGO_")}
    env |= {"PYTHONPATH": os.pathsep.join([str(plugins), str(ROOT)]), "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "attacks.commands"], input=asked, stdout=subprocess.PIPE, text=True, env=env, check=True
    )
    return {one["id"]: Ran(**one) for one in map(json.loads, done.stdout.splitlines())}


def main() -> None:
    """Read the commands from standard input, run them, print what each did."""
    commands = [Command(**one) for one in json.load(sys.stdin)]
    _prepare()
    with tempfile.TemporaryDirectory(prefix="gonggo-said-") as said:
        running: dict[int, tuple[Command, float]] = {}
        waiting = commands[::-1]
        while waiting or running:
            while waiting and len(running) < AT_ONCE:
                command = waiting.pop()
                running[_fork(command, Path(said))] = (command, time.monotonic())
            for pid, (command, began) in list(running.items()):
                spent = time.monotonic() - began
                late = spent > command.seconds
                if late:
                    _kill(pid)
                ended, status = os.waitpid(pid, 0 if late else os.WNOHANG)
                if ended:
                    # What it started and left behind goes with it.
                    _kill(pid)
                    del running[pid]
                    print(json.dumps(asdict(_told(command, Path(said), status, spent, late))), flush=True)
            time.sleep(0.01)


def _prepare() -> None:
    """Import the rooms that commands use, and give the settings the short limits."""
    import importlib

    import gonggo.settings as room

    usual = room.load_settings

    def quick(environ: dict[str, str] | None = None) -> Any:
        settings = usual(environ)
        known: dict[str, Any] = {name: value for name, value in QUICK.items() if hasattr(settings.limits, name)}
        limits: Any = replace(settings.limits, **known)
        return replace(settings, limits=limits)

    room.load_settings = quick
    for name in (
        *("cli", "pipeline", "crawl.client", "extract.command", "extract.record", "read.files", "sources.html_board"),
        *("sources.rss", "sources.datago", "sources.inbox", "upkeep.doctor", "warehouse.sql_command"),
    ):
        importlib.import_module(f"gonggo.{name}")


def _fork(command: Command, said: Path) -> int:
    pid = os.fork()
    if pid:
        return pid
    status = TRACEBACK
    try:
        os.setsid()
        for number, suffix in ((1, "out"), (2, "err")):
            handle = os.open(said / f"{command.id}.{suffix}".replace("/", "+"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(handle, number)
        os.environ.update(command.env)
        status = _main(command)
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(status)


def _main(command: Command) -> int:
    from gonggo import cli

    if not command.publish:
        setattr(cli, "publish", _not_now)  # noqa: B010 (a name of another module)
    return cli.main(command.words)


def _not_now(_: Any) -> int:
    """The publication of a command that leaves it to the end."""
    return 0


def _kill(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _told(command: Command, said: Path, status: int, spent: float, late: bool) -> Ran:
    out, err = (
        (said / f"{command.id}.{suffix}".replace("/", "+")).read_text("utf-8", "replace") for suffix in ("out", "err")
    )
    return Ran(command.id, os.waitstatus_to_exitcode(status), out, err, round(spent, 2), late)


if __name__ == "__main__":
    main()
