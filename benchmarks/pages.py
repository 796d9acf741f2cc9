"""Measure the pages of the site with a million announcements: milliseconds of the server, and kilobytes.

Reads the warehouse that `warehouse.py` generates in var/bench. Every request has other parameters where a page has
any, so that no answer comes from a cache.

usage: pages.py [--size 1000000] [--rounds 9]
"""

from __future__ import annotations

import argparse
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from itertools import count

import requests
import uvicorn

from gonggo.pipeline import build, link, publish
from gonggo.web.site import create_site
from warehouse import warehouse_of

WORDS = "제조 실증 데이터 로봇 물류 의료 교육 반도체 창업 에너지 항만 농업 안전 관광 문화".split()


def main() -> int:
    """Serve the site, request each page several times and print the times."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=9)
    args = parser.parse_args()
    settings = warehouse_of(args.size)
    if not settings.snapshot.exists():
        for step in (link, build, publish):
            step(settings=settings)
    server = uvicorn.Server(uvicorn.Config(create_site(settings), port=0, log_level="error", access_log=False))
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.05)
    url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    print(f"{args.size:,} announcements, {args.rounds} requests a page")
    print(f"{'':<34}{'median ms':>10}{'slowest':>9}{'kB':>8}")
    with requests.Session() as reader:
        for name, path in _paths(reader, url).items():
            taken, size = [], 0
            for _ in range(args.rounds):
                begin = time.perf_counter()
                answer = reader.get(f"{url}/{path()}", timeout=120)
                taken.append(1000 * (time.perf_counter() - begin))
                answer.raise_for_status()
                size = max(size, len(answer.content))
            print(f"{name:<34}{statistics.median(taken):>10.0f}{max(taken):>9.0f}{size / 1000:>8.0f}", flush=True)
    return 0


def _paths(reader: requests.Session, url: str) -> dict[str, Callable[[], str]]:
    """Return page name → a function that returns another path at each call."""

    def values_of(path: str, key: str, **query: str) -> Iterator[str]:
        for page in count(1):
            rows = reader.get(f"{url}/api/v1/{path}", params={**query, "page": page * 7}, timeout=120).json()["rows"]
            yield from (row[key] for row in rows[::5] if row[key])

    calls, programmes = values_of("calls", "announcement_key"), values_of("programmes", "programme_key")
    organisations = values_of("organisations", "organisation_key")
    first = next(organisations)
    regions = [row["region"] for row in reader.get(f"{url}/api/v1/regions", timeout=120).json()]
    number, words = count(), count()
    return {
        "현황 (front)": lambda: f"?map={('open', 'money', 'year')[next(number) % 3]}",
        "공고, open": lambda: f"calls?status=open&page={1 + next(number)}",
        "공고, open in a region": lambda: f"calls?status=open&region={regions[next(number) % len(regions)]}",
        "공고, a region, all years": lambda: (
            f"calls?region={regions[next(number) % len(regions)]}&page={1 + next(number)}"
        ),
        "공고, a word, open": lambda: f"calls?status=open&words={WORDS[next(words) % 15]} {next(words)}",
        "공고, a word, all years": lambda: f"calls?words={WORDS[next(words) % 15]} {next(words)}",
        "공고 한 건 (call)": lambda: f"calls/{next(calls)}",
        "사업 (programmes)": lambda: f"programmes?page={1 + next(number)}",
        "사업 하나 (programme)": lambda: f"programmes/{next(programmes)}",
        "기관 (organisations)": lambda: f"organisations?page={1 + next(number) % 2}",
        "기관 하나 (organisation)": lambda: f"organisations/{first}",
        "지역 (regions)": lambda: "regions",
        "지역 하나 (region)": lambda: f"regions/{regions[next(number) % len(regions)]}",
        "SQL (console)": lambda: "console",
        "수집 상태 (sources)": lambda: "sources",
        "API, call": lambda: f"api/v1/calls/{next(calls)}",
    }


if __name__ == "__main__":
    sys.exit(main())
