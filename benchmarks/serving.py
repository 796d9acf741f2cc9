"""The board in a process of its own, and Gonggo's settings for it."""

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
def board(many: int) -> Iterator[str]:
    """The address of a board with so many announcements, until the block ends."""
    from gonggo.local_airflow.environment import free_port

    port = free_port(8790)
    url = f"http://127.0.0.1:{port}"
    with answering("board.py", many, ROWS, port, ready=lambda: asked(url)):
        yield url


@contextmanager
def answering(script: str, *arguments: object, ready: Callable[[], object]) -> Iterator[None]:
    """A server of this folder in a process of its own, from its first answer until the block ends."""
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


def asked(url: str) -> dict[str, int]:
    """How often the board was asked for what since the last look."""
    return _told(f"{url}/_asked")


def revise(url: str, many: int) -> None:
    """Change so many of the newest announcements."""
    _told(f"{url}/_revise?many={many}")


def environment_for(url: str, home: Path) -> dict[str, str]:
    """The variables of a Gonggo that collects the board alone, without a pause between requests."""
    return {
        "GONGGO_SOURCES": f"demo,{SITE}",
        "GONGGO_DEMO_URL": url,
        "GONGGO_HOME": str(home),
        "GONGGO_PORTAL_PAUSE": "off",
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
    }


def _told(url: str):
    with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310
        return json.load(answer)
