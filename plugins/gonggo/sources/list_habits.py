"""The usual yield of the list of a source, learned from its own healthy runs, and departures from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from pydantic import BaseModel, ConfigDict

from gonggo.model import Listed

# Nothing is expected before so many days of healthy runs; so many days are remembered.
_LEARNED_DAYS, _REMEMBERED_DAYS = 3, 60
# Shorter lists may halve without a fault, and fields that a smaller share of the rows has may become empty.
_FEWEST_ROWS, _USUAL_SHARE = 4, 0.5
# After so many days with errors a departure becomes the new habit.
_DEPARTED_DAYS = 3
# A pause of a source is unusual if so many new rows were expected, for so many days, and for twice its longest pause.
_EXPECTED_ROWS, _LONG_PAUSE_DAYS, _TIMES_ITS_PAUSE = 10, 14, 2


@dataclass(frozen=True)
class ListFigures:
    """The number of rows of a first page, the share of rows with each field, and the keys of rows in JSON."""

    rows: int
    shares: dict[str, float] = field(default_factory=dict)
    keys: frozenset[str] = frozenset()


class HabitDay(BaseModel):
    """The figures of the healthy runs of one day. ``new`` counts the rows that were new."""

    model_config = ConfigDict(extra="forbid")
    day: date
    rows: int
    shares: dict[str, float]
    new: int


class ListHabits(BaseModel):
    """The habits of the list of one source: its healthy days, all keys seen, and the days with a departure."""

    model_config = ConfigDict(extra="forbid")
    days: list[HabitDay] = []
    keys: list[str] = []
    departed: list[date] = []

    def departure(self, figures: ListFigures, *, by_rows: bool = True) -> str | None:
        """Return how a first page departs from all remembered days, None if it does not.

        The number of its rows does not count without ``by_rows``: a search has as many as there are hits.
        """
        if len(self.days) < _LEARNED_DAYS:
            return None
        fewest = min(day.rows for day in self.days)
        if by_rows and fewest >= _FEWEST_ROWS and figures.rows * 2 <= fewest:
            return f"{figures.rows} rows on the first page; this source had at least {fewest} in its healthy runs"
        for name in self.days[-1].shares if figures.rows >= _FEWEST_ROWS else ():
            usual, share = min(day.shares.get(name, 0.0) for day in self.days), figures.shares.get(name, 0.0)
            if usual >= _USUAL_SHARE and share * 2 <= usual:
                return f"the field {name!r} is filled in {share:.0%} of the rows; it was in at least {usual:.0%}"
        return None

    def is_new_habit(self, today: date) -> bool:
        """Record a departure, and return whether it has lasted long enough to be the new habit."""
        self.departed = sorted({*self.departed, today})
        return len(self.departed) > _DEPARTED_DAYS

    def unknown_keys(self, figures: ListFigures) -> list[str]:
        """Return the keys of rows in JSON that no earlier run had."""
        return sorted(figures.keys - set(self.keys)) if self.keys else []

    def learn(self, figures: ListFigures, new: int, today: date) -> None:
        """Record a healthy run. Runs of one day count as one, with the lowest of their figures."""
        self.departed, self.keys = [], sorted({*self.keys, *figures.keys})
        rows, shares = figures.rows, figures.shares
        if self.days and self.days[-1].day == today:
            same = self.days.pop()
            rows, new = min(rows, same.rows), new + same.new
            shares = {name: min(share, same.shares.get(name, 0.0)) for name, share in shares.items()}
        self.days = [*self.days, HabitDay(day=today, rows=rows, shares=shares, new=new)][-_REMEMBERED_DAYS:]

    def pause_warning(self, today: date) -> str | None:
        """Return a warning if a source that often has new rows has had none for long, else None.

        The first day does not count, because on it every row is new.
        """
        active = [day.day for day in self.days[1:] if day.new]
        if len(active) < _LEARNED_DAYS:
            return None
        pause_days, span = (today - active[-1]).days, (active[-1] - self.days[0].day).days
        a_week = 7 * sum(day.new for day in self.days[1:]) / span
        pause = max((later - before).days for before, later in pairwise(active))
        usual = max(_LONG_PAUSE_DAYS, _TIMES_ITS_PAUSE * pause)
        if pause_days <= usual or a_week * pause_days / 7 < _EXPECTED_ROWS:
            return None
        return f"no new row for {pause_days} days; this source had {a_week:.0f} a week, and no pause above {pause} days"


def figures_of(items: list[Listed], keys: frozenset[str] = frozenset()) -> ListFigures:
    """Return the figures of the rows of a first list page."""
    names = {name for item in items for name in item.fields}
    shares = {name: sum(bool(item.fields.get(name)) for item in items) / len(items) for name in sorted(names)}
    return ListFigures(len(items), shares, keys)
