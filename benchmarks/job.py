"""The whole job: a board's announcements from the list pages to tables that can be asked, and the same again.

Gonggo keeps every page (WARC), extracts facts with their evidence, links, checks and publishes: the steps of `gonggo
collect` up to the publication, when the tables can be asked; what is exported after it is told by itself. The peer is
what people write instead: Scrapy at its default of sixteen requests at a time, BeautifulSoup over the page as its
documentation shows, dlt merging into DuckDB; text only. Politeness is off on both sides. The second job has nothing
new, the third one per cent of the announcements changed.

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
from serving import START, asked, board, environment_for, revise

PEER = ("scrapy==2.19.0", "beautifulsoup4==4.15.0", "dlt[duckdb]==1.31.0", "lxml==6.1.3", "duckdb==1.5.5")
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
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--announcements", type=int, default=5000)
    parser.add_argument("--parsers", default="html.parser,lxml", help="of BeautifulSoup; empty leaves the peer out")
    args = parser.parse_args()
    many, rows = args.announcements, list[dict]()
    python = interpreter(*PEER)
    print(f"{'':<52}{'seconds':>9}{'processor':>11}{'a second':>10}{'peak MB':>9}  requests", flush=True)
    with tempfile.TemporaryDirectory(dir=ROOT / "var") as folder, board(many) as url:
        home = Path(folder) / "gonggo"
        asked(url)
        rows.append(_told("Gonggo: archive, facts, tables", ours(url, home, many), many, asked(url)))
        rows.append(_told("Gonggo again, nothing new", ours(url, home, 0), many, asked(url)))
        changed = many // 100
        revise(url, changed)
        rows.append(_told("Gonggo again, 1 % changed", ours(url, home, changed), many, asked(url)))
        export = run([sys.executable, "-c", EXPORT], environment_for(url, home))
        for kind in filter(None, args.parsers.split(",")):
            place = Path(folder) / kind
            place.mkdir()
            spent = run([python, SPIDER, url + START, place, kind])
            if json.loads(spent.said.strip().rpartition("\n")[2])["announcements"] != many:
                sys.exit(f"the peer did not load all: {spent.said}")
            rows.append(_told(f"Scrapy, BeautifulSoup ({kind}), dlt: text", spent, many, asked(url)))
    print(f"Exports (workbook, CSV, Parquet, calendars, feeds) after a publication: {export.seconds:.1f} s", flush=True)
    ratios = _ratios(rows)
    for name, value in ratios.items():
        print(f"{name}: {value:.3g}")
    save("job", {"announcements": many, "peer": PEER, "rows": rows, "export": export.cost(), "ratios": ratios})
    return 0


def ours(url: str, home: Path, fetched: int) -> Spent:
    """One pass to the publication; ends this program if it did not find this number of new or changed announcements."""
    spent = run([sys.executable, "-c", STEPS], environment_for(url, home))
    told = json.loads(spent.said.splitlines()[-1])
    if told["state"] != "ok" or told["extracted"] != fetched:
        sys.exit(f"expected {fetched} announcements: {told}")
    return spent


def _told(name: str, spent: Spent, many: int, requests: dict[str, int]) -> dict:
    rate, asks = many / spent.seconds, json.dumps(requests)
    print(f"{name:<52}{spent.seconds:>9.1f}{spent.processor:>11.1f}{rate:>10.0f}{spent.peak:>9.0f}  {asks}", flush=True)
    said = json.loads(spent.said.strip().rpartition("\n")[2])
    return {"name": name, **spent.cost(), "requests": requests, "said": said}


def _ratios(rows: list[dict]) -> dict[str, float]:
    """What the goals are stated in: later passes and peers, in seconds and processor seconds of the first pass."""
    first, nothing, little, *peers = rows
    beside = {"a pass with nothing new, of the first": nothing, "a pass with 1 % changed, of the first": little}
    beside |= {f"{peer['name']}, times Gonggo's": peer for peer in peers}
    told = {}
    for name, row in beside.items():
        told[name] = row["seconds"] / first["seconds"]
        told[f"{name}, processor"] = row["processor"] / first["processor"]
    return told


if __name__ == "__main__":
    sys.exit(main())
