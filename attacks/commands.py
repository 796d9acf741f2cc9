"""Commands of ``gonggo``, many of them, each in a process of its own with a wall clock.

One process imports the program once and is forked for each command, so that a hundred of them take seconds. Two things
differ from a shell: the limits of time are seconds, and commands that collect leave the publication to the end.
"""

from __future__ import annotations

import itertools
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections import deque
from collections.abc import Iterable, Mapping
from concurrent.futures import Future
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


class Commands:
    """Runs commands of the program in ``plugins``; the process that is forked for them starts with the first."""

    def __init__(self, plugins: Path) -> None:
        self._plugins = plugins
        self._lock = threading.Lock()
        self._child: subprocess.Popen[str] | None = None
        self._waiting: dict[str, Future[Ran]] = {}
        self._numbers = itertools.count()

    def run(self, commands: Iterable[Command]) -> dict[str, Ran]:
        """Run some commands, a few at the same time; what each did, by its id. Several threads may ask."""
        futures = {command.id: self._submit(command) for command in commands}
        return {name: replace(future.result(), id=name) for name, future in futures.items()}

    def close(self) -> None:
        """End the process."""
        if self._child is not None and self._child.stdin is not None:
            self._child.stdin.close()
            self._child.wait()

    def _submit(self, command: Command) -> Future[Ran]:
        future: Future[Ran] = Future()
        with self._lock:
            child = self._child = self._child or self._start()
            name = f"{next(self._numbers)}"
            self._waiting[name] = future
            assert child.stdin
            child.stdin.write(json.dumps(asdict(replace(command, id=name))) + "\n")
            child.stdin.flush()
        return future

    def _start(self) -> subprocess.Popen[str]:
        env = {name: value for name, value in os.environ.items() if not name.startswith("GONGGO_")}
        env |= {"PYTHONPATH": os.pathsep.join([str(self._plugins), str(ROOT)]), "PYTHONUTF8": "1"}
        command = [sys.executable, "-m", "attacks.commands"]
        child = subprocess.Popen(  # noqa: S603 (ourselves)
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env
        )
        threading.Thread(target=self._listen, args=(child,), daemon=True).start()
        return child

    def _listen(self, child: subprocess.Popen[str]) -> None:
        assert child.stdout
        for line in child.stdout:
            ran = Ran(**json.loads(line))
            with self._lock:
                future = self._waiting.pop(ran.id)
            future.set_result(ran)
        with self._lock:
            for future in self._waiting.values():
                future.set_exception(RuntimeError("the process that runs the commands has ended"))


def main() -> None:
    """Read commands from standard input, one a line, run them, print what each did, until the input ends."""
    _prepare()
    waiting, running = deque[Command](), dict[int, tuple[Command, float]]()
    lines = _Lines(sys.stdin.fileno())
    with tempfile.TemporaryDirectory(prefix="gonggo-said-") as outputs:
        while not (lines.ended and not waiting and not running):
            waiting.extend(Command(**json.loads(line)) for line in lines.new(0.01))
            while waiting and len(running) < AT_ONCE:
                command = waiting.popleft()
                running[_fork(command, Path(outputs))] = (command, time.monotonic())
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
                    print(json.dumps(asdict(_outcome_of(command, Path(outputs), status, spent, late))), flush=True)


class _Lines:
    """The lines of a pipe as they come."""

    def __init__(self, handle: int) -> None:
        self._handle, self._rest, self.ended = handle, b"", False

    def new(self, seconds: float) -> list[bytes]:
        """Those that came within some seconds."""
        if self.ended:
            time.sleep(seconds)
            return []
        if select.select([self._handle], [], [], seconds)[0]:
            piece = os.read(self._handle, 1 << 20)
            self.ended = not piece
            *lines, self._rest = (self._rest + piece).split(b"\n")
            return lines
        return []


def _prepare() -> None:
    """Import the rooms that commands use, and give the settings the short limits."""
    import importlib

    import gonggo.settings as room

    usual = room.load_settings

    def quick(environ: Mapping[str, str] | None = None) -> room.Settings:
        settings = usual(environ)
        known: dict[str, Any] = {name: value for name, value in QUICK.items() if hasattr(settings.limits, name)}
        limits: Any = replace(settings.limits, **known)
        return replace(settings, limits=limits)

    room.load_settings = quick
    for name in (
        *("cli", "pipeline", "crawl.client", "extract.command", "extract.record", "read.files", "sources.html_board"),
        *("sources.rss", "sources.datago", "sources.inbox", "maintenance.doctor", "report.sql_command"),
    ):
        importlib.import_module(f"gonggo.{name}")


def _fork(command: Command, outputs: Path) -> int:
    pid = os.fork()
    if pid:
        return pid
    status = TRACEBACK
    try:
        os.setsid()
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for number, suffix in ((1, "out"), (2, "err")):
            handle = os.open(outputs / f"{command.id}.{suffix}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
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


def _outcome_of(command: Command, outputs: Path, status: int, spent: float, late: bool) -> Ran:
    out, err = ((outputs / f"{command.id}.{suffix}").read_text("utf-8", "replace") for suffix in ("out", "err"))
    return Ran(command.id, os.waitstatus_to_exitcode(status), out, err, round(spent, 2), late)


if __name__ == "__main__":
    main()
