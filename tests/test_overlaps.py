"""Runs that overlap: two of one source, a walk back beside a daily one, loads beside readers. No lock error, no doubled row."""

import random
import subprocess
import sys
import time

import pytest

from tests.kills import undisturbed_tables
from tests.world import VERSIONS, environment, home_settings, start_gonggo, tables

READERS = 50
# A reader as people start them: open, ask, close, again.
READER = """
import sys, time
from contextlib import closing
from gonggo.settings import load_settings
from gonggo.warehouse.snapshot import open_snapshot
settings, until, asked = load_settings(), time.time() + float(sys.argv[1]), 0
while time.time() < until:
    with closing(open_snapshot(settings)) as con:
        batches, = con.execute("SELECT count(*) FROM load_log").fetchone()
        calls, versions = con.execute("SELECT (SELECT count(*) FROM announcement_state), (SELECT count(*) FROM announcement_version)").fetchone()
        assert batches and versions >= calls > 0, (batches, calls, versions)
    asked += 1
    time.sleep(0.2)
print(asked)
"""


@pytest.mark.slow
def test_overlapping_collections_of_one_source_and_fifty_readers(portal, tmp_path):
    wanted = undisturbed_tables(portal, tmp_path / "alone")[0][0]
    portal.portal.faults.revised = False
    home = tmp_path / "home"
    first = start_gonggo(home, portal.url, "collect", "jbba")
    assert first.wait(120) == 0, first.stdout.read()
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", READER, "25"], env=environment(home, portal.url),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        for _ in range(READERS)
    ]  # fmt: skip
    draw, runs = random.Random(3), []
    for words in (["btp", "jbba"], ["btp", "jbba"], ["btp", "--since", "2020-01-01"], ["jbba", "--full"]):
        runs.append(start_gonggo(home, portal.url, "collect", *words))
        time.sleep(draw.uniform(0, 0.6))
    outputs = [run.communicate(timeout=300)[0] for run in runs]
    failed = [text for run, text in zip(runs, outputs, strict=True) if run.returncode]
    assert not failed, "\n\n".join(failed)
    read = [reader.communicate(timeout=120)[0] for reader in readers]
    assert [reader.returncode for reader in readers] == [0] * READERS, [
        text for text in read if not text.strip().isdigit()
    ][:2]
    assert sum(map(int, read)) > READERS
    assert tables(home_settings(home, portal.url), versions=VERSIONS) == wanted
