"""Kill loads and publications at any moment, and check what a reader sees."""

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

BATCH_SIZE = 40
CHILD = """
from gonggo.pipeline import build, link, load, publish
for step in (load, link, build, publish):
    step()
"""
# Batches of the log without all their announcements or two amounts for each; rows outside the log; rows that are double.
INCOMPLETE = f"""
SELECT l.batch_id, count(DISTINCT d.announcement_key) AS announcements, count(a.fact_id) AS amounts
FROM load_log AS l LEFT JOIN document AS d USING (batch_id) LEFT JOIN fact_amount AS a USING (announcement_key)
GROUP BY l.batch_id HAVING announcements <> {BATCH_SIZE} OR amounts <> {BATCH_SIZE * 2}
UNION ALL SELECT 'outside the log', count(*), 0 FROM document WHERE batch_id NOT IN (SELECT batch_id FROM load_log) HAVING count(*) > 0
UNION ALL SELECT 'twice', count(*), 0 FROM (SELECT announcement_key FROM announcement GROUP BY announcement_key HAVING count(*) > 1) HAVING count(*) > 0
"""


def stage(settings: Settings, number: int) -> None:
    """Stage a batch of announcements that no other batch has."""
    rows = [
        document("bizinfo", f"{number}-{n}", f"{number}번 {n}호 제조 AI 실증 공고", day(3)) for n in range(BATCH_SIZE)
    ]
    batch(settings, "bizinfo", f"r{number}", rows)


def run(settings: Settings, seconds: float | None = None) -> bool:
    """Load and publish in a process, which is killed by ``kill -9`` after some seconds; return whether it was."""
    environ = {**os.environ, "GONGGO_HOME": str(settings.home), "GONGGO_SOURCES": "demo"}
    child = subprocess.Popen([sys.executable, "-c", CHILD], env=environ, stderr=subprocess.PIPE, text=True)
    if seconds is not None:
        time.sleep(seconds)
        child.send_signal(signal.SIGKILL)
    errors = child.communicate()[1]
    if child.returncode not in (0, -signal.SIGKILL):
        raise AssertionError(f"the run ended with {child.returncode}: {errors[-1000:]}")
    return child.returncode != 0


def incomplete_rows(settings: Settings) -> list[Any]:
    """Return the incomplete rows of the published snapshot; none before the first publication."""
    if not settings.snapshot.exists():
        return []
    with closing(open_snapshot(settings)) as con:
        return con.execute(INCOMPLETE).fetchall()


def kill_and_check(settings: Settings, kills: int, longest: float, draw: random.Random) -> tuple[int, list[Any], Any]:
    """Stage a batch, load, kill and check until there were ``kills`` kills; then load to the end.

    Returns:
        The number of batches, the incomplete rows seen, and (batches, announcements, amounts) at the end.
    """
    killed, staged, incomplete = 0, 0, []
    while killed < kills:
        stage(settings, staged)
        staged += 1
        killed += run(settings, draw.uniform(0.2, longest))
        incomplete += incomplete_rows(settings)
    run(settings)
    incomplete += incomplete_rows(settings)
    with closing(open_snapshot(settings)) as con:
        counts = con.execute(
            "SELECT (SELECT count(*) FROM load_log), (SELECT count(*) FROM announcement), (SELECT count(*) FROM fact_amount)"
        ).fetchone()
    return staged, incomplete, counts
