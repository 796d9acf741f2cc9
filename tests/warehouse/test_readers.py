"""People who read while others publish."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from gonggo.warehouse.link import link
from gonggo.warehouse.load import load_batches
from gonggo.warehouse.publish import publish
from tests.warehouse.batches import settings_at
from tests.warehouse.kills import BATCH_SIZE, stage

ROOT = Path(__file__).parents[2]
READERS, BATCHES = 3, 5
# Opens the snapshot again and again until told to stop, and says how often it found which number of announcements.
READER = """
import collections, json, sys, threading
from contextlib import closing
from pathlib import Path
from tests.warehouse.batches import settings_at
from tests.warehouse.kills import incomplete_rows
from gonggo.report.named import report_rows
from gonggo.warehouse.snapshot import open_snapshot
settings = settings_at(Path(sys.argv[1]))
stop = threading.Event()
threading.Thread(target=lambda: (sys.stdin.readline(), stop.set()), daemon=True).start()
counts = collections.Counter()
while not stop.is_set():
    with closing(open_snapshot(settings)) as con:
        counts[con.execute("SELECT count(*) FROM announcement").fetchone()[0]] += 1
    assert incomplete_rows(settings) == []
    assert report_rows(settings, "collected_by_source")
print(json.dumps(sorted(counts)))
"""


@pytest.mark.slow
def test_readers_under_load_never_meet_an_error_or_half_a_load(tmp_path: Path) -> None:
    settings = settings_at(tmp_path)
    stage(settings, 0)
    for step in (load_batches, link, publish):
        step(settings)
    environ = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", READER, str(tmp_path)],
            env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for _ in range(READERS)
    ]  # fmt: skip
    for number in range(1, BATCHES + 1):
        stage(settings, number)
        for step in (load_batches, link, publish):
            step(settings)
    outputs = [reader.communicate("stop\n", timeout=60) for reader in readers]
    assert [reader.returncode for reader in readers] == [0] * READERS, outputs
    whole = {BATCH_SIZE * (number + 1) for number in range(BATCHES + 1)}
    for out, _ in outputs:
        seen = {int(count) for count in out.strip("[]\n").split(",")}
        assert seen <= whole and len(seen) > 1
