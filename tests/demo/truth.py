"""What the tables must say of the demo portal, worked out from the data beside its announcements."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import get_args

from demo.content import Entry
from demo.truth import FundingRole, Money, Programme

FUNDING = get_args(FundingRole)
Funding = dict[tuple[str, str, str], int]


def funding(entries: list[Entry], today: date) -> Funding:
    """Return the money by region, year and source of funding; every programme of the portal is called once."""
    sums: Counter[tuple[str, str, str]] = Counter()
    for entry in entries:
        year = str((today + timedelta(entry.posted)).year)
        for role, krw in _of_call(entry.truth.programmes).items():
            sums[entry.region, year, role] += krw
    return dict(sums)


def _of_call(programmes: list[Programme]) -> Counter[str]:
    """Return the money of one call by source of funding: of an umbrella what it states, else the sum of its tracks."""
    funded = [p for p in programmes if p.status != "proposed" and p.outcome != "cancelled"]
    own = {p.programme: _counted(p.money) for p in funded}
    sums: Counter[str] = Counter()
    for programme in funded:
        above = own.get(programme.parent or "", Counter())
        sums.update({role: krw for role, krw in own[programme.programme].items() if role not in above})
    return sums


def _counted(money: list[Money]) -> Counter[str]:
    """Return what a programme's money comes to: for each source of funding the level that is nearest to the whole."""
    by_level: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for level, amount in _levels(money):
        by_level[amount.role][level].append(amount.krw)
    return Counter({role: sum(levels[min(levels)]) for role, levels in by_level.items() if role in FUNDING})


def _levels(money: list[Money], level: int = 0) -> Iterator[tuple[int, Money]]:
    for amount in money:
        yield level, amount
        yield from _levels(amount.parts, level + 1)


def counts(entry: Entry) -> set[tuple[str, str, int, str, str | None]]:
    """Return how many the programmes of an entry support, train or build: ``(what, state, value, unit, per)``."""
    return {
        (count.what, count.state, count.value, count.unit, count.per)
        for programme in entry.truth.programmes
        for count in programme.counts
        if count.what != "took_part"
    }
