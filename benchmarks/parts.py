"""Measure the cost of one announcement, on a board of 300, for the calculation of year.py."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from measure import run
from peer import ROOT
from serving import SITE, board, environment_for

ANNOUNCEMENTS = 300
STEPS = f"""
import json, time
from gonggo import pipeline
from gonggo.settings import load_settings
settings, spent = load_settings(), {{}}
def timed(name, step, *args):
    begin = time.process_time()
    outcome = step(*args, settings=settings)
    spent[name] = spent.get(name, 0.0) + time.process_time() - begin
    return outcome
listing = timed("list", pipeline.list_source, {SITE!r}, "part")
for chunk in listing["chunks"]:
    timed("fetch", pipeline.fetch_chunk, {SITE!r}, "part", chunk)
    timed("read", pipeline.extract_chunk, {SITE!r}, "part", chunk)
pipeline.stage({SITE!r}, "part", settings=settings)
print(json.dumps({{"pages": listing["pages"], **spent}}))
"""


def measure_parts() -> dict[str, float]:
    """Return the cost of one announcement and of one list page.

    Bytes of a page, of its archive record and of its rows in a batch; processor seconds of a list page, of fetching an
    announcement, and of reading it with its facts.
    """
    with tempfile.TemporaryDirectory(dir=ROOT / "var") as folder, board(ANNOUNCEMENTS) as url:
        home = Path(folder)
        result = json.loads(
            run([sys.executable, "-c", STEPS], environment_for(url, home)).output.strip().rpartition("\n")[2]
        )
        fetches = (home / "archive" / SITE / "part" / "fetches.jsonl").read_text("utf-8").splitlines()
        pages = [row["bytes"] for row in map(json.loads, fetches) if row["purpose"] == "detail"]
        chunks = sum(path.stat().st_size for path in home.glob("archive/*/*/chunk-*.warc.gz"))
        batch = sum(path.stat().st_size for path in home.glob("batches/*/*"))
    return {
        "page_bytes": sum(pages) / ANNOUNCEMENTS,
        "archive_bytes": chunks / ANNOUNCEMENTS,
        "batch_bytes": batch / ANNOUNCEMENTS,
        "list_seconds": result["list"] / result["pages"],
        "fetch_seconds": result["fetch"] / ANNOUNCEMENTS,
        "read_seconds": result["read"] / ANNOUNCEMENTS,
    }
