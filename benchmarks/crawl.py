"""Measure the crawl of a board: a first pass, a pass with nothing new, and Scrapy on the same board.

The board is served from memory by a process of its own, in the markup of GNUBoard, with pages of about 36 kB. Neither
side pauses between requests. Gonggo fetches one page at a time, as it does from every host, archives each exchange in
a WARC file and records each announcement. Scrapy, once with one request at a time and once with its default of
sixteen, extracts number, title, date and text from the same pages and writes them as JSON Lines.

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
from serving import ROWS, SITE, START, board, environment_for, request_counts

SCRAPY = "scrapy==2.19.0"
SPIDER = Path(__file__).with_name("spider.py")


def main() -> int:
    """Crawl the board with both and print the times."""
    options = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    options.add_argument("--announcements", type=int, default=5000)
    args = options.parse_args()
    python = interpreter(SCRAPY)
    with tempfile.TemporaryDirectory() as folder, board(args.announcements) as url:
        home = Path(folder)
        rows = [crawl_with_gonggo(url, home, args.announcements)]
        request_counts(url)
        again = crawl_again(url, home)
        requests = request_counts(url)
        rows += [crawl_with_scrapy(python, url, home, parallel) for parallel in (1, 16)]
    print(f"{args.announcements} announcements, {ROWS} on a list page; Python {platform.python_version()}, one machine")
    print(f"{'':<52}{'seconds':>9}{'pages/s':>9}{'announcements/s':>17}")
    for name, seconds, pages, items in rows:
        print(f"{name:<52}{seconds:>9.1f}{pages / seconds:>9.0f}{items / seconds:>17.0f}")
    print(f"A pass with nothing new: {again:.2f} s, requests {json.dumps(requests)}")
    return 0


def crawl_with_gonggo(url: str, home: Path, count: int) -> tuple[str, float, int, int]:
    """Return name, seconds, pages and announcements of a first pass.

    Only listing and fetching are timed; extract.py measures the reading, which follows.
    """
    from gonggo import pipeline

    settings, begin = settings_for(url, home), time.perf_counter()
    listing = pipeline.list_source(SITE, "first", settings=settings)
    items = sum(pipeline.fetch_chunk(SITE, "first", chunk, settings=settings)["fetched"] for chunk in listing["chunks"])
    seconds = time.perf_counter() - begin
    if items != count:
        sys.exit(f"{items} of {count} announcements were fetched")
    for chunk in listing["chunks"]:
        pipeline.extract_chunk(SITE, "first", chunk, settings=settings)
    pipeline.stage(SITE, "first", settings=settings)
    return "Gonggo (one at a time, archived as WARC)", seconds, listing["pages"] + items, items


def crawl_again(url: str, home: Path) -> float:
    """Return the seconds of a pass in which nothing is new."""
    from gonggo import pipeline

    begin = time.perf_counter()
    run = pipeline.collect(SITE, settings=settings_for(url, home))
    if (run["new"], run["changed"], run["fetched"]) != (0, 0, 0):
        sys.exit(f"the second pass found something: {run}")
    return time.perf_counter() - begin


def settings_for(url: str, home: Path):
    """Return the settings of the Gonggo that crawls the board."""
    from gonggo.settings import load_settings

    return load_settings(environment_for(url, home / "gonggo"))


def crawl_with_scrapy(python: Path, url: str, home: Path, parallel: int) -> tuple[str, float, int, int]:
    """Return name, seconds, pages and announcements of a crawl by Scrapy."""
    start = url + START
    out = home / f"scrapy-{parallel}.jsonl"
    command = [str(python), str(SPIDER), start, str(out), str(parallel)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=1800)
    if done.returncode:
        sys.exit(done.stderr.strip())
    result = json.loads(done.stdout.strip().rpartition("\n")[2])
    name = f"Scrapy {result['version']} ({parallel} at a time, JSON Lines)"
    return name, result["seconds"], result["pages"], result["items"]


if __name__ == "__main__":
    sys.exit(main())
