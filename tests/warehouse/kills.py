"""Loads and publications killed at any moment, and what must hold whenever one looks."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import closing
from typing import Any

from gonggo.settings import Settings
from gonggo.warehouse.snapshot import open_snapshot
from tests.warehouse.batches import batch, day, document

EACH = 40
CHILD = """
from gonggo.pipeline import build, link, load, publish
for step in (load, link, build, publish):
    step()
"""
# Batches of which the snapshot has another number of announcements than the log says, or facts more or less than two.
HALF = f"""
SELECT l.batch_id, count(DISTINCT d.announcement_key) AS announcements, count(a.fact_id) AS amounts
FROM load_log AS l LEFT JOIN document AS d USING (batch_id) LEFT JOIN fact_amount AS a USING (announcement_key)
GROUP BY l.batch_id HAVING announcements <> {EACH} OR amounts <> {EACH * 2}
UNION ALL SELECT 'outside the log', count(*), 0 FROM document WHERE batch_id NOT IN (SELECT batch_id FROM load_log) HAVING count(*) > 0
UNION ALL SELECT 'twice', count(*), 0 FROM (SELECT announcement_key FROM announcement GROUP BY announcement_key HAVING count(*) > 1) HAVING count(*) > 0
"""


def stage(settings: Settings, number: int) -> None:
    """One more batch, of announcements of its own."""
    rows = [document("bizinfo", f"{number}-{n}", f"{number}번 {n}호 제조 AI 실증 공고", day(3)) for n in range(EACH)]
    batch(settings, "bizinfo", f"r{number}", rows)


def run(settings: Settings, seconds: float | None = None) -> bool:
    """Load and publish in a process of its own; ``kill -9`` it after so many seconds. Returns whether it was killed."""
    environ = {**os.environ, "GONGGO_HOME": str(settings.home), "GONGGO_SOURCES": "demo"}
    child = subprocess.Popen([sys.executable, "-c", CHILD], env=environ, stderr=subprocess.PIPE, text=True)
    if seconds is not None:
        time.sleep(seconds)
        child.send_signal(signal.SIGKILL)
    said = child.communicate()[1]
    if child.returncode not in (0, -signal.SIGKILL):
        raise AssertionError(f"the run ended with {child.returncode}: {said[-1000:]}")
    return child.returncode != 0


def half_seen(settings: Settings) -> list[Any]:
    """What a reader sees of the published snapshot that is not whole; nothing before the first publication."""
    if not settings.snapshot.exists():
        return []
    with closing(open_snapshot(settings)) as con:
        return con.execute(HALF).fetchall()


def kill_and_look(settings: Settings, kills: int, longest: float, draw: random.Random) -> tuple[int, list[Any], Any]:
    """Stage a batch, load, kill, look, until so many runs were really cut off; then to the end.

    Returns how many batches that took, what was seen half, and (batches, announcements, amounts) at the end.
    """
    cut, staged, seen = 0, 0, []
    while cut < kills:
        stage(settings, staged)
        staged += 1
        cut += run(settings, draw.uniform(0.2, longest))
        seen += half_seen(settings)
    run(settings)
    seen += half_seen(settings)
    with closing(open_snapshot(settings)) as con:
        told = con.execute(
            "SELECT (SELECT count(*) FROM load_log), (SELECT count(*) FROM announcement), (SELECT count(*) FROM fact_amount)"
        ).fetchone()
    return staged, seen, told
