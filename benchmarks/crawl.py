"""A board of 5,000 announcements: the first pass, a pass with nothing new, and Scrapy on the same board.

The board speaks the markup of GNUBoard from memory, in a process of its own; pages of about 36 kB. Politeness is off
on both sides. Gonggo asks one page at a time, as it does with every host, archives each exchange in a WARC file and
remembers each announcement; Scrapy, once with one request at a time and once with its default of sixteen, takes
number, title, date and text out of the same pages and writes them as JSON Lines.

usage: crawl.py [--announcements N]
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from peer import interpreter
from serving import ROWS, SITE, START, asked, board, environment_for

PEER = "scrapy==2.19.0"
SPIDER = Path(__file__).with_name("spider.py")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    options.add_argument("--announcements", type=int, default=5000)
    args = options.parse_args()
    peer = interpreter(PEER)
    with tempfile.TemporaryDirectory() as folder, board(args.announcements) as url:
        home = Path(folder)
        rows = [ours(url, home, args.announcements)]
        asked(url)
        again = nothing_new(url, home)
        requests = asked(url)
        rows += [theirs(peer, url, home, parallel) for parallel in (1, 16)]
    print(f"{args.announcements} announcements, {ROWS} on a list page; Python {platform.python_version()}, one machine")
    print(f"{'':<52}{'seconds':>9}{'pages/s':>9}{'announcements/s':>17}")
    for name, seconds, pages, items in rows:
        print(f"{name:<52}{seconds:>9.1f}{pages / seconds:>9.0f}{items / seconds:>17.0f}")
    print(f"A pass with nothing new: {again:.2f} s, requests {json.dumps(requests)}")
    return 0


def ours(url: str, home: Path, many: int) -> tuple[str, float, int, int]:
    """The first pass: list and fetch. Cleaning and facts come after the archive and are measured by extract.py."""
    from gonggo import pipeline

    settings, begin = settings_for(url, home), time.perf_counter()
    found = pipeline.list_source(SITE, "first", settings=settings)
    items = sum(pipeline.fetch_chunk(SITE, "first", chunk, settings=settings)["fetched"] for chunk in found["chunks"])
    seconds = time.perf_counter() - begin
    if items != many:
        sys.exit(f"{items} of {many} announcements were fetched")
    for chunk in found["chunks"]:
        pipeline.extract_chunk(SITE, "first", chunk, settings=settings)
    pipeline.stage(SITE, "first", settings=settings)
    return "Gonggo (one at a time, archived as WARC)", seconds, found["pages"] + items, items


def nothing_new(url: str, home: Path) -> float:
    from gonggo import pipeline

    begin = time.perf_counter()
    run = pipeline.collect(SITE, settings=settings_for(url, home))
    if (run["new"], run["changed"], run["fetched"]) != (0, 0, 0):
        sys.exit(f"the second pass found something: {run}")
    return time.perf_counter() - begin


def settings_for(url: str, home: Path):
    from gonggo.settings import load_settings

    return load_settings(environment_for(url, home / "gonggo"))


def theirs(peer: Path, url: str, home: Path, parallel: int) -> tuple[str, float, int, int]:
    start = url + START
    out = home / f"scrapy-{parallel}.jsonl"
    command = [str(peer), str(SPIDER), start, str(out), str(parallel)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=1800)
    if done.returncode:
        sys.exit(done.stderr.strip())
    said = json.loads(done.stdout.strip().rpartition("\n")[2])
    name = f"Scrapy {said['version']} ({parallel} at a time, JSON Lines)"
    return name, said["seconds"], said["pages"], said["items"]


if __name__ == "__main__":
    sys.exit(main())
