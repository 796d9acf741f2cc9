"""Estimate a year of all regions, 300 sites with 5,000 notices a day, from measured parts and simulated days.

Measured are the cost of fetching, archiving and reading a page (in this run, on a board of 300 announcements), and the
cost of the warehouse and a publication (the last results of growth.py). The real code decides on schedules and pauses,
by the YAML files of the sites; on the pagination, which stops where nothing is new; and on the recrawl of open
announcements every `GONGGO_RECRAWL_DAYS`. Assumed, and set by options, are how many notices are relevant and therefore
recrawled, the number and size of their files, and the response time of a site; a few sites have most of the notices.
Every notice is fetched, as if the prefilter left none out.

usage: year.py [--sites 300] [--notices 5000] [--days 60] [--relevant 0.4] [--files 1.6] [--file-kb 200] [--answer 0.3]
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from croniter import croniter
from measure import save, saved
from parts import measure_parts

from gonggo.crawl.pagination import paginate
from gonggo.model import Listed
from gonggo.settings import load_settings
from gonggo.sources.adapter import ListPage
from gonggo.sources.catalogue import Site, active_sites

ROWS = 15
START = datetime(2026, 1, 1)
OPEN_DAYS = 20


@dataclass
class Board:
    """One simulated site: its list, newest first, and the relevant announcements that are still open."""

    site: Site
    notices_per_day: float
    searches: bool = False
    rows: list[Listed] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)
    # Of each open announcement: when it is next recrawled, and its last day.
    open: list[tuple[datetime, datetime]] = field(default_factory=list)
    requests: Counter[str] = field(default_factory=Counter)
    requests_per_pass: list[int] = field(default_factory=list)
    last: datetime = START
    posted: int = 0

    def passes(self, day: datetime) -> list[datetime]:
        times, following = [], croniter(self.site.schedule, day - timedelta(minutes=1))
        while (at := following.get_next(datetime)) < day + timedelta(days=1):
            times.append(at)
        return times

    def post(self, count: int, day: datetime) -> None:
        first = self.posted
        self.posted += count
        new = [
            Listed(
                self.site.id,
                f"{day:%j}-{first + n}",
                "AI 실증 지원사업 공고",
                "https://x",
                {"posted_on": f"{day:%Y-%m-%d}"},
            )
            for n in range(count)
        ]
        # Rows that are older than a few list pages are never read again.
        self.rows = (new + self.rows)[: max(40 * ROWS, count + ROWS)]

    def collect(self, at: datetime, draw: random.Random, options: argparse.Namespace) -> None:
        """Simulate one pass with the real pagination; new announcements are fetched, and those that are due recrawled."""

        def fetch(number: int) -> ListPage:
            return ListPage(self.rows[(number - 1) * ROWS : number * ROWS], last=number * ROWS >= len(self.rows))

        pagination = paginate(self, fetch, self.known)
        self.known = {item.native_id: item.fingerprint for item in self.rows}
        # A robots.txt is cached for half a day: one request in each pass.
        requests = Counter(robots=1, list=pagination.pages, notice=pagination.new)
        requests["file"] = sum(draw.random() < options.files / 4 for _ in range(4 * pagination.new))
        every = timedelta(days=load_settings({}).recrawl_days)
        due = sum(look <= at <= last for look, last in self.open)
        self.open = [(at + every if look <= at else look, last) for look, last in self.open if last > at]
        self.open += [
            (at + every, at + timedelta(draw.uniform(0, 2 * OPEN_DAYS)))
            for _ in range(pagination.new)
            if draw.random() < options.relevant
        ]
        requests["again"] = due
        self.requests += requests
        self.requests_per_pass.append(requests.total())


def main() -> int:
    """Simulate the days, calculate the figures, print and save them."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    for name, default in (("sites", 300), ("notices", 5000), ("days", 60)):
        parser.add_argument(f"--{name}", type=int, default=default)
    for name, default in (("relevant", 0.4), ("files", 1.6), ("file-kb", 200.0), ("answer", 0.3)):
        parser.add_argument(f"--{name}", type=float, default=default)
    options = parser.parse_args()
    parts, growth = measure_parts(), saved("growth")
    if growth is None:
        sys.exit("growth.py has not been run; its warehouses are among the measured parts")
    boards = simulate(options)
    figures = _figures(boards, parts, growth["rows"][-1], options)
    for name, value in figures.items():
        print(f"{name:<58}{value:>12,.1f}" if isinstance(value, float) else f"{name:<58}{value:>12,}")
    save("year", {"options": vars(options), "parts": parts, "figures": figures})
    return 0


def simulate(options: argparse.Namespace) -> list[Board]:
    """Return the boards after all days. A few sites have most notices: shares fall with rank to the power 0.8."""
    draw, active = random.Random(1), active_sites(load_settings({"GONGGO_SOURCES": "live"}))  # noqa: S311 (sample data)
    shares = [1 / rank**0.8 for rank in range(1, options.sites + 1)]
    each = [options.notices * share / sum(shares) for share in shares]
    boards = [Board(active[n % len(active)], each[n]) for n in range(options.sites)]
    for number in range(options.days):
        day = START + timedelta(days=number)
        for board in boards:
            for at in board.passes(day):
                board.post(_drawn(draw, board.notices_per_day * ((at - board.last) / timedelta(days=1))), day)
                board.last = at
                board.collect(at, draw, options)
    return boards


def _drawn(draw: random.Random, mean: float) -> int:
    """Draw a number of notices around a mean, since days differ."""
    whole = int(mean)
    spread = round(draw.gauss(0, mean**0.5)) if mean > 4 else 0
    return max(0, whole + (draw.random() < mean - whole) + spread)


def _figures(
    boards: list[Board], parts: dict[str, float], growth: dict, options: argparse.Namespace
) -> dict[str, float | int]:
    days = options.days
    all_requests = sum((board.requests for board in boards), Counter())
    requests_per_day = [board.requests.total() / days for board in boards]
    pass_minutes = [
        requests * (board.site.politeness.delay_seconds + options.answer) / 60
        for board in boards
        for requests in board.requests_per_pass
    ]
    notices, recrawls = all_requests["notice"] / days, all_requests["again"] / days
    pages = (all_requests["list"] + all_requests["notice"] + all_requests["again"]) / days
    files = all_requests["file"] / days * options.file_kb * 1000
    notices_per_year = notices * 365
    archive = (notices + recrawls) * parts["archive_bytes"]
    publication = growth["publication"] * notices_per_year / growth["announcements"]
    passes = max(len(board.passes(START)) for board in boards)
    seconds = (notices + recrawls) * (parts["fetch_seconds"] + parts["read_seconds"])
    seconds += all_requests["list"] / days * parts["list_seconds"] + passes * publication
    return {
        "sites": len(boards),
        "notices a day": notices,
        "requests a day, all hosts": sum(requests_per_day),
        "  of list pages": all_requests["list"] / days,
        "  of notices seen before and still open": recrawls,
        "  of files": all_requests["file"] / days,
        "requests a day of a host, median": statistics.median(requests_per_day),
        "requests a day of a host, most": max(requests_per_day),
        "minutes of a pass of a host, median": statistics.median(pass_minutes),
        "minutes of a pass of a host, longest": max(pass_minutes),
        "GB received a day, pages": pages * parts["page_bytes"] / 1e9,
        "GB received a day, files": files / 1e9,
        "GB of disk a year, archived pages": archive * 365 / 1e9,
        "GB of disk a year, archived files": files * 365 / 1e9,
        "GB of disk a year, batches": notices * parts["batch_bytes"] * 365 / 1e9,
        "GB of disk a year, warehouse and snapshot": 2
        * notices_per_year
        * growth["warehouse_bytes"]
        / growth["announcements"]
        / 1e9,
        "processor minutes a day, fetching and reading": (seconds - passes * publication) / 60,
        "minutes of a publication after a year": publication / 60,
        "processor hours a day, all": seconds / 3600,
    }


if __name__ == "__main__":
    sys.exit(main())
