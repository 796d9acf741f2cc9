"""Serve the board from a process of its own, with the settings for a Gonggo that collects it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from peer import ROOT

SITE = "jbba"
ROWS = 15
START = "/www.jbba.kr/bbs/board.php?bo_table=sub01_09"


@contextmanager
def board(count: int) -> Iterator[str]:
    """Serve a board with ``count`` announcements until the block ends, and yield its address."""
    from gonggo.local_airflow.environment import free_port

    port = free_port(8790)
    url = f"http://127.0.0.1:{port}"
    with server_process("board.py", count, ROWS, port, ready=lambda: request_counts(url)):
        yield url


@contextmanager
def server_process(script: str, *arguments: object, ready: Callable[[], object]) -> Iterator[None]:
    """Run a server of this folder in a process of its own, from its first answer until the block ends."""
    command = [sys.executable, str(Path(__file__).with_name(script)), *map(str, arguments)]
    with subprocess.Popen(command) as server:
        try:
            for _ in range(300):
                try:
                    ready()
                    break
                except OSError:
                    time.sleep(0.1)
            yield
        finally:
            server.terminate()


def request_counts(url: str) -> dict[str, int]:
    """Return kind of page → number of requests to the board since the last call."""
    return _get_json(f"{url}/_requests")


def revise(url: str, count: int) -> None:
    """Change ``count`` of the newest announcements."""
    _get_json(f"{url}/_revise?count={count}")


def environment_for(url: str, home: Path) -> dict[str, str]:
    """Return the environment of a Gonggo that collects only the board, without pauses between requests."""
    return {
        "GONGGO_SOURCES": f"demo,{SITE}",
        "GONGGO_DEMO_URL": url,
        "GONGGO_HOME": str(home),
        "GONGGO_PORTAL_PAUSE": "off",
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
    }


def _get_json(url: str):
    with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310
        return json.load(answer)
