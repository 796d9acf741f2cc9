"""A year of the country: 300 sites with 5,000 notices a day, from measured parts. Days are simulated one by one, and a year is so many of them.

Measured: what a page costs to fetch, archive and read (a board of GNUBoard's markup, 300 announcements, in this run),
what an announcement takes in the warehouse and a publication takes (growth.py's last results). Real logic: the sites'
schedules and politeness as their YAML files say, the walk over the list pages, which stops where nothing is new, and
the looks at open announcements every `GONGGO_RECRAWL_DAYS`. Assumed, and options: how the notices fall on the sites
(a few large ones, many small), how many are relevant and so looked at again, files a notice and their size, the answer
time of a site. Every notice is fetched, as if the net at the list let nothing through.

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
from parts import measured

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
    a_day: float
    searches: bool = False
    rows: list[Listed] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)
    # Day of the next look, last day: of each open announcement.
    open: list[tuple[datetime, datetime]] = field(default_factory=list)
    requests: Counter[str] = field(default_factory=Counter)
    a_pass: list[int] = field(default_factory=list)
    last: datetime = START
    posted: int = 0

    def passes(self, day: datetime) -> list[datetime]:
        times, following = [], croniter(self.site.schedule, day - timedelta(minutes=1))
        while (at := following.get_next(datetime)) < day + timedelta(days=1):
            times.append(at)
        return times

    def post(self, many: int, day: datetime) -> None:
        first = self.posted
        self.posted += many
        made = [
            Listed(
                self.site.id,
                f"{day:%j}-{first + n}",
                "AI 실증 지원사업 공고",
                "https://x",
                {"posted_on": f"{day:%Y-%m-%d}"},
            )
            for n in range(many)
        ]
        # What is older than a few list pages is never looked at again here.
        self.rows = (made + self.rows)[: max(40 * ROWS, many + ROWS)]

    def collect(self, at: datetime, draw: random.Random, options: argparse.Namespace) -> None:
        """One pass by the real walk; what it found is fetched, and what is due is looked at again."""

        def fetch(number: int) -> ListPage:
            return ListPage(self.rows[(number - 1) * ROWS : number * ROWS], last=number * ROWS >= len(self.rows))

        found = paginate(self, fetch, self.known)
        self.known = {item.native_id: item.fingerprint for item in self.rows}
        # The robots.txt is kept half a day; its request is one a pass.
        asked = Counter(robots=1, list=found.pages, notice=found.new)
        asked["file"] = sum(draw.random() < options.files / 4 for _ in range(4 * found.new))
        every = timedelta(days=load_settings({}).recrawl_days)
        due = sum(look <= at <= last for look, last in self.open)
        self.open = [(at + every if look <= at else look, last) for look, last in self.open if last > at]
        self.open += [
            (at + every, at + timedelta(draw.uniform(0, 2 * OPEN_DAYS)))
            for _ in range(found.new)
            if draw.random() < options.relevant
        ]
        asked["again"] = due
        self.requests += asked
        self.a_pass.append(asked.total())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    for name, default in (("sites", 300), ("notices", 5000), ("days", 60)):
        parser.add_argument(f"--{name}", type=int, default=default)
    for name, default in (("relevant", 0.4), ("files", 1.6), ("file-kb", 200.0), ("answer", 0.3)):
        parser.add_argument(f"--{name}", type=float, default=default)
    options = parser.parse_args()
    parts, growth = measured(), saved("growth")
    if growth is None:
        sys.exit("growth.py has not been run; its warehouses are among the measured parts")
    boards = simulate(options)
    told = _figures(boards, parts, growth["rows"][-1], options)
    for name, value in told.items():
        print(f"{name:<58}{value:>12,.1f}" if isinstance(value, float) else f"{name:<58}{value:>12,}")
    save("year", {"options": vars(options), "parts": parts, "figures": told})
    return 0


def simulate(options: argparse.Namespace) -> list[Board]:
    """The boards after all days. A few sites have most notices: shares fall with the rank's power 0.8."""
    draw, active = random.Random(1), active_sites(load_settings({"GONGGO_SOURCES": "live"}), {})  # noqa: S311 (sample data)
    shares = [1 / rank**0.8 for rank in range(1, options.sites + 1)]
    each = [options.notices * share / sum(shares) for share in shares]
    boards = [Board(active[n % len(active)], each[n]) for n in range(options.sites)]
    for number in range(options.days):
        day = START + timedelta(days=number)
        for board in boards:
            for at in board.passes(day):
                board.post(_drawn(draw, board.a_day * ((at - board.last) / timedelta(days=1))), day)
                board.last = at
                board.collect(at, draw, options)
    return boards


def _drawn(draw: random.Random, mean: float) -> int:
    """A number of notices around a mean, as days differ."""
    whole = int(mean)
    spread = round(draw.gauss(0, mean**0.5)) if mean > 4 else 0
    return max(0, whole + (draw.random() < mean - whole) + spread)


def _figures(
    boards: list[Board], parts: dict[str, float], growth: dict, options: argparse.Namespace
) -> dict[str, float | int]:
    days = options.days
    all_requests = sum((board.requests for board in boards), Counter())
    a_day = [board.requests.total() / days for board in boards]
    lasts = [
        asked * (board.site.politeness.delay_seconds + options.answer) / 60
        for board in boards
        for asked in board.a_pass
    ]
    notices, looks = all_requests["notice"] / days, all_requests["again"] / days
    pages = (all_requests["list"] + all_requests["notice"] + all_requests["again"]) / days
    files = all_requests["file"] / days * options.file_kb * 1000
    a_year = notices * 365
    archive = (notices + looks) * parts["archive_bytes"]
    publication = growth["publication"] * a_year / growth["announcements"]
    passes = max(len(board.passes(START)) for board in boards)
    seconds = (notices + looks) * (parts["fetch_seconds"] + parts["read_seconds"])
    seconds += all_requests["list"] / days * parts["list_seconds"] + passes * publication
    return {
        "sites": len(boards),
        "notices a day": notices,
        "requests a day, all hosts": sum(a_day),
        "  of list pages": all_requests["list"] / days,
        "  of notices seen before and still open": looks,
        "  of files": all_requests["file"] / days,
        "requests a day of a host, median": statistics.median(a_day),
        "requests a day of a host, most": max(a_day),
        "minutes of a pass of a host, median": statistics.median(lasts),
        "minutes of a pass of a host, longest": max(lasts),
        "GB that come a day, pages": pages * parts["page_bytes"] / 1e9,
        "GB that come a day, files": files / 1e9,
        "GB of disk a year, archived pages": archive * 365 / 1e9,
        "GB of disk a year, archived files": files * 365 / 1e9,
        "GB of disk a year, batches": notices * parts["batch_bytes"] * 365 / 1e9,
        "GB of disk a year, warehouse and snapshot": 2
        * a_year
        * growth["warehouse_bytes"]
        / growth["announcements"]
        / 1e9,
        "processor minutes a day, fetching and reading": (seconds - passes * publication) / 60,
        "minutes of a publication after a year": publication / 60,
        "processor hours a day, all": seconds / 3600,
    }


if __name__ == "__main__":
    sys.exit(main())
