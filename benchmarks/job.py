"""Measure the whole job, from the list pages of a board to tables that can be queried.

Gonggo archives every page (WARC), extracts facts with their evidence, links, checks and publishes; the exports that
follow are timed separately. The peer is what people commonly write instead, for text only: Scrapy at its default of
sixteen requests at a time, BeautifulSoup as its documentation shows it, and dlt merging into DuckDB. Neither side
pauses between requests. A second job finds nothing new; in a third, one per cent of the announcements have changed.

usage: job.py [--announcements 5000] [--parsers html.parser,lxml]
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from measure import Spent, run, save
from peer import ROOT, interpreter
from serving import START, board, environment_for, request_counts, revise

PEER_PACKAGES = ("scrapy==2.19.0", "beautifulsoup4==4.15.0", "dlt[duckdb]==1.31.0", "lxml==6.1.3", "duckdb==1.5.5")
STEPS = """
import json, time
from gonggo import pipeline
from gonggo.settings import load_settings
settings, begin, steps = load_settings(), time.perf_counter(), {}
def timed(name, step, *args, **more):
    begun = time.perf_counter()
    outcome = step(*args, **more)
    steps[name] = round(time.perf_counter() - begun, 3)
    return outcome
run = timed("collect", pipeline.collect, "jbba", settings=settings)
for step in (pipeline.load, pipeline.link, pipeline.build, pipeline.check, pipeline.publish):
    timed(step.__name__, step, settings)
print(json.dumps({"state": run["state"], "extracted": run["extracted"], "steps": steps}))
"""
EXPORT = "from gonggo import pipeline; pipeline.export()"
SPIDER = Path(__file__).with_name("job_peer.py")


def main() -> int:
    """Measure Gonggo and its peers, print the rows and save them."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--announcements", type=int, default=5000)
    parser.add_argument("--parsers", default="html.parser,lxml", help="of BeautifulSoup; empty leaves the peer out")
    args = parser.parse_args()
    count, rows = args.announcements, list[dict]()
    python = interpreter(*PEER_PACKAGES)
    print(f"{'':<52}{'seconds':>9}{'processor':>11}{'a second':>10}{'peak MB':>9}  requests", flush=True)
    with tempfile.TemporaryDirectory(dir=ROOT / "var") as folder, board(count) as url:
        home = Path(folder) / "gonggo"
        request_counts(url)
        rows.append(_row("Gonggo: archive, facts, tables", run_gonggo(url, home, count), count, request_counts(url)))
        rows.append(_row("Gonggo again, nothing new", run_gonggo(url, home, 0), count, request_counts(url)))
        changed = count // 100
        revise(url, changed)
        rows.append(_row("Gonggo again, 1 % changed", run_gonggo(url, home, changed), count, request_counts(url)))
        export = run([sys.executable, "-c", EXPORT], environment_for(url, home))
        for kind in filter(None, args.parsers.split(",")):
            place = Path(folder) / kind
            place.mkdir()
            spent = run([python, SPIDER, url + START, place, kind])
            if json.loads(spent.output.strip().rpartition("\n")[2])["announcements"] != count:
                sys.exit(f"the peer did not load all: {spent.output}")
            rows.append(_row(f"Scrapy, BeautifulSoup ({kind}), dlt: text", spent, count, request_counts(url)))
    print(f"Exports (workbook, CSV, Parquet, calendars, feeds) after a publication: {export.seconds:.1f} s", flush=True)
    ratios = _ratios(rows)
    for name, value in ratios.items():
        print(f"{name}: {value:.3g}")
    save(
        "job", {"announcements": count, "peer": PEER_PACKAGES, "rows": rows, "export": export.cost(), "ratios": ratios}
    )
    return 0


def run_gonggo(url: str, home: Path, expected: int) -> Spent:
    """Run one job to the publication; exit if the number of new or changed announcements is not the expected one."""
    spent = run([sys.executable, "-c", STEPS], environment_for(url, home))
    outcome = json.loads(spent.output.splitlines()[-1])
    if outcome["state"] != "ok" or outcome["extracted"] != expected:
        sys.exit(f"expected {expected} announcements: {outcome}")
    return spent


def _row(name: str, spent: Spent, count: int, requests: dict[str, int]) -> dict:
    rate, counts = count / spent.seconds, json.dumps(requests)
    print(
        f"{name:<52}{spent.seconds:>9.1f}{spent.processor:>11.1f}{rate:>10.0f}{spent.peak:>9.0f}  {counts}", flush=True
    )
    result = json.loads(spent.output.strip().rpartition("\n")[2])
    return {"name": name, **spent.cost(), "requests": requests, "result": result}


def _ratios(rows: list[dict]) -> dict[str, float]:
    """Return the figures of the goals: later jobs and peers, divided by the first job, in wall and processor time."""
    first, nothing, little, *peers = rows
    others = {"a pass with nothing new, of the first": nothing, "a pass with 1 % changed, of the first": little}
    others |= {f"{peer['name']}, times Gonggo's": peer for peer in peers}
    ratios = {}
    for name, row in others.items():
        ratios[name] = row["seconds"] / first["seconds"]
        ratios[f"{name}, processor"] = row["processor"] / first["processor"]
    return ratios


if __name__ == "__main__":
    sys.exit(main())
